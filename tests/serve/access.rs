//! Who may not, cannot: each address for each role, region and membership; sessions, keys, lock-out, reveals, and the log.

use super::office::{ACCOUNTS, Guarded, PASSWORD, guarded, guarded_with, login};
use super::{ask, served};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::serve::{ServeOptions, document};
use medring::store::{AuditEntry, Office, SessionLimits};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn member(guarded: &Guarded, ring: &str, kind: &str) -> String {
    let ring = guarded.told("lin", &format!("/v1/rings/{ring}"));
    let members = ring["members"].as_array().unwrap();
    let found = members.iter().find(|one| one["party"]["kind"] == kind).unwrap();
    found["party"]["token"].as_str().unwrap().to_owned()
}

fn ring(guarded: &Guarded, at: usize) -> String {
    guarded.told("lin", "/v1/rings")["rings"][at]["id"].as_str().unwrap().to_owned()
}

/// Accounts by a letter: what each address of the table answers them. `+` done, `-` forbidden, `0` as if it were not there,
/// `c` allowed and stopped by the state of things, `.` allowed and wrongly asked.
#[test]
#[expect(clippy::too_many_lines, reason = "one table: each address with what it answers each account")]
fn each_address_for_each_role_region_and_membership() {
    let guarded = guarded();
    let id = ring(guarded, 0);
    let party = member(guarded, &id, "person");
    let place = member(guarded, &id, "institution");
    let case = guarded.done("lin", "/v1/cases", json!({"title": "table", "rings": [id]}));
    let case = case["case"]["id"].as_str().unwrap().to_owned();
    let staff = json!({"owner": "lin", "second": "luo", "members": ["team"]});
    guarded.done("lin", &format!("/v1/cases/{case}/staff"), staff.clone());
    // A case of lin alone, in another stage.
    let other = guarded.done("lin", "/v1/cases", json!({"title": "other", "rings": []}));
    let other = other["case"]["id"].as_str().unwrap().to_owned();
    guarded.done("lin", &format!("/v1/cases/{other}/steps"), json!({"to": "check"}));
    let (wrong, nothing) = (json!({"wrong": 1}), None);
    let reveal = json!({"parties": [party], "reason": "table of tests", "minutes": 1});
    // Columns in the order of ACCOUNTS: lin (owner), luo (second), far, ren, yuan, team (member), report, root, audit; nobody.
    let table: Vec<(&str, String, Option<Value>, &str)> = vec![
        ("GET", "/healthz".into(), nothing.clone(), "++++++++++"),
        ("GET", "/readyz".into(), nothing.clone(), "++++++++++"),
        ("GET", "/openapi.json".into(), nothing.clone(), "++++++++++"),
        ("GET", "/v1/session".into(), nothing.clone(), "++++++++++"),
        ("POST", "/v1/password".into(), Some(wrong.clone()), ".........x"),
        ("GET", "/metrics".into(), nothing.clone(), "-------+-x"),
        ("GET", "/v1/status".into(), nothing.clone(), "+++++++++x"),
        ("GET", "/v1/words".into(), nothing.clone(), "+++++++++x"),
        ("GET", "/v1/data".into(), nothing.clone(), "+++++-++-x"),
        ("POST", "/v1/batches?table=nonsense".into(), nothing.clone(), "-------.-x"),
        ("GET", "/v1/rings".into(), nothing.clone(), "+++++++--x"),
        ("GET", format!("/v1/rings/{id}"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/graph"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/facts"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/timeline"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/members.csv"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/facts.csv"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/members.xlsx"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/rings/{id}/facts.xlsx"), nothing.clone(), "++0+0+---x"),
        ("GET", "/v1/reports".into(), nothing.clone(), "+++++-+--x"),
        ("GET", "/v1/reports/2026-W47".into(), nothing.clone(), "+++++-+--x"),
        ("GET", format!("/v1/entities/{party}"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/entities/{place}"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/entities/{party}/neighbours"), nothing.clone(), "++0+0+---x"),
        ("GET", format!("/v1/paths?from={party}&to={place}"), nothing.clone(), "++0+0+---x"),
        ("POST", "/v1/search".into(), Some(json!({"text": "R-"})), "++++++---x"),
        ("POST", "/v1/reveal".into(), Some(reveal), "++0+0+---x"),
        ("GET", "/v1/audit".into(), nothing.clone(), "--------+x"),
        ("GET", "/v1/audit/verify".into(), nothing.clone(), "--------+x"),
        ("GET", "/v1/audit.jsonl".into(), nothing.clone(), "--------+x"),
        ("GET", "/v1/accounts".into(), nothing.clone(), "-------+-x"),
        ("POST", "/v1/accounts".into(), Some(wrong.clone()), "-------.-x"),
        ("POST", "/v1/accounts/lin".into(), Some(wrong.clone()), "-------.-x"),
        ("GET", "/v1/cases".into(), nothing.clone(), "++++++---x"),
        ("POST", "/v1/cases".into(), Some(wrong.clone()), ".....----x"),
        ("GET", "/v1/verdicts.jsonl".into(), nothing.clone(), "---++----x"),
        ("GET", format!("/v1/cases/{case}"), nothing.clone(), "++0+0+000x"),
        ("POST", format!("/v1/cases/{case}/rings"), Some(json!({"ring": id})), "cc0-0c000x"),
        ("POST", format!("/v1/cases/{case}/notes"), Some(json!({"text": "seen"})), "++0-0+000x"),
        ("POST", format!("/v1/cases/{case}/tasks"), Some(json!({"text": "ask", "assignee": "luo"})), "++0-0+000x"),
        ("POST", format!("/v1/cases/{case}/tasks/1"), Some(json!({"done": true})), "++0-0+000x"),
        ("POST", format!("/v1/cases/{case}/documents?name=note.txt"), Some(json!("seen")), "++0-0+000x"),
        ("GET", format!("/v1/cases/{case}/documents/1"), nothing.clone(), "++0+0+000x"),
        // Only the owner takes a document out: what is missing in the question is asked of nobody else.
        ("POST", format!("/v1/cases/{case}/documents/1"), Some(wrong.clone()), ".-0-0-000x"),
        (
            "POST",
            format!("/v1/cases/{case}/documents/1"),
            Some(json!({"removed": true, "why": "of another case"})),
            "+-0-0-000x",
        ),
        ("POST", format!("/v1/cases/{case}/canvases"), Some(json!({"title": "so", "ring": id})), "++0-0+000x"),
        ("POST", "/v1/seen.xlsx".into(), Some(json!({"sheets": []})), "......---x"),
        ("POST", format!("/v1/cases/{case}/staff"), Some(staff), "+-0+0-000x"),
        ("POST", format!("/v1/cases/{case}/steps"), Some(json!({"to": "moon"})), "cc0-0c000x"),
        ("POST", format!("/v1/cases/{case}/steps/99"), Some(json!({"approve": true})), "cc0c0c000x"),
        // Both cases must be of whoever asks: nobody but lin sees the other one.
        ("POST", format!("/v1/cases/{case}/merge"), Some(json!({"case": case, "why": "one gang"})), "..0-0.000x"),
        ("POST", format!("/v1/cases/{case}/merge"), Some(json!({"case": other, "why": "one gang"})), "c00-00000x"),
        (
            "POST",
            format!("/v1/cases/{case}/split"),
            Some(json!({"title": "x", "rings": [id], "why": "two"})),
            "..0-0.000x",
        ),
        ("GET", format!("/v1/cases/{case}/bundle"), nothing.clone(), "++0-0+000x"),
        ("POST", format!("/v1/cases/{case}/bundle"), Some(json!({})), "cc0-0c000x"),
        ("POST", format!("/v1/cases/{case}/receipts?name=note.txt"), Some(json!("seen")), "cc0-0c000x"),
    ];
    let mut wrongs = Vec::new();
    for (method, path, body, expected) in &table {
        let names = ACCOUNTS.iter().map(|account| account.0).chain(["nobody"]);
        for (name, expected) in names.zip(expected.chars()) {
            let answer = guarded.ask(name, method, path, body.clone());
            let found = match answer.status.as_u16() {
                200..=299 => '+',
                400 | 422 => '.',
                401 => 'x',
                403 => '-',
                404 => '0',
                409 => 'c',
                _ => '?',
            };
            if found != expected {
                wrongs.push(format!("{name} {method} {path}: {expected} expected, {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    // The table is whole: every address of the description is in it, but those that sign in and out.
    let described: Value = serde_json::from_str(&document()).unwrap();
    let mut missing = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let shape = |path: &str| path.split('?').next().unwrap().split('/').count();
        for method in methods.as_object().unwrap().keys().filter(|_| !path.starts_with("/v1/log")) {
            let fits = |row: &(&str, String, Option<Value>, &str)| {
                let own = row.1.split('?').next().unwrap();
                let parts = own.split('/').zip(path.split('/'));
                row.0.eq_ignore_ascii_case(method)
                    && shape(own) == shape(path)
                    && parts.into_iter().all(|(own, pattern)| pattern.starts_with('{') || own == pattern)
            };
            if !table.iter().any(fits) {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in the table: {missing:?}");
}

#[test]
fn lists_hold_only_what_an_account_sees() {
    let guarded = guarded();
    let all = guarded.told("lin", "/v1/rings?limit=500");
    assert!(all["total"].as_u64() >= Some(3));
    for name in ["far", "yuan"] {
        let none = guarded.told(name, "/v1/rings?limit=500");
        assert_eq!((none["total"].as_u64(), none["all"].as_u64()), (Some(0), Some(0)), "{name}");
        assert!(none["regions"].as_array().unwrap().is_empty() && none["typologies"].as_array().unwrap().is_empty());
    }
    let hit = guarded.ask("far", "POST", "/v1/search", Some(json!({"text": all["rings"][0]["id"]}))).json();
    assert!(hit["rings"].as_array().unwrap().is_empty());
    // A region sees exactly the rings that lie in it, and the whole country is the sum.
    let mut office = Office::open(&guarded.workspace).unwrap();
    let mut seen = BTreeSet::new();
    for digit in 1..=9 {
        let name = format!("region-{digit}");
        office
            .add_account(&name, medring::store::AccountRole::Investigator, &[digit.to_string()], PASSWORD, 0)
            .unwrap();
        let cookie = login(&guarded.server, &name, PASSWORD).headers["set-cookie"].to_str().unwrap().to_owned();
        let asked = Request::get("/v1/rings?limit=500").header("cookie", cookie.split(';').next().unwrap());
        let own = ask(&guarded.server, asked.body(Body::empty()).unwrap()).json();
        seen.extend(own["rings"].as_array().unwrap().iter().map(|ring| ring["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len() as u64, all["total"].as_u64().unwrap());
}

#[test]
fn without_accounts_everything_is_read_and_nothing_needs_a_name() {
    let session = super::told(&served().server, "/v1/session");
    assert_eq!(
        (&session["sign_in"], &session["role"], &session["account"]),
        (&json!(false), &json!("open"), &Value::Null)
    );
    let body = json!({"parties": ["x"], "reason": "because", "minutes": 5}).to_string();
    let asked = Request::post("/v1/reveal").header("content-type", "application/json").body(Body::from(body)).unwrap();
    let answer = ask(&served().server, asked);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("MR-WEB-018")));
    let answer = super::look(&served().server, "/v1/cases");
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("MR-WEB-018")));
}

#[test]
fn a_write_needs_our_own_page_and_a_cookie_needs_to_be_whole() {
    let guarded = guarded();
    let cookie = &guarded.cookies["lin"];
    let post = |headers: &[(&str, &str)]| {
        let mut asked = Request::post("/v1/search").header("content-type", "application/json");
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        ask(&guarded.server, asked.body(Body::from(r#"{"text":"R-"}"#)).unwrap()).status
    };
    assert_eq!(post(&[("cookie", cookie), ("x-medring", "page")]), StatusCode::OK);
    assert_eq!(post(&[("cookie", cookie)]), StatusCode::FORBIDDEN);
    let foreign =
        [("cookie", cookie.as_str()), ("x-medring", "page"), ("host", "localhost"), ("origin", "http://evil.example")];
    assert_eq!(post(&foreign), StatusCode::FORBIDDEN);
    assert_eq!(post(&[("cookie", &cookie[..cookie.len() - 1]), ("x-medring", "page")]), StatusCode::UNAUTHORIZED);
    assert_eq!(post(&[("cookie", "medring="), ("x-medring", "page")]), StatusCode::UNAUTHORIZED);
    let bare = Request::post("/v1/login").header("content-type", "application/json");
    let body = json!({"name": "lin", "password": PASSWORD}).to_string();
    assert_eq!(ask(&guarded.server, bare.body(Body::from(body)).unwrap()).status, StatusCode::FORBIDDEN);
}

#[test]
fn sessions_end_and_names_are_locked_whether_they_exist_or_not() {
    let guarded = guarded_with("locked", ServeOptions { sign_ins_per_minute: 40, ..ServeOptions::default() });
    let server = &guarded.server;
    for name in ["lin", "nobody-of-this-name"] {
        for _ in 0..5 {
            let answer = login(server, name, "not the password");
            assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("MR-WEB-014")));
        }
        let answer = login(server, name, PASSWORD);
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::TOO_MANY_REQUESTS, Some("MR-WEB-015"))
        );
        assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 800);
    }
    let mut office = Office::open(&guarded.workspace).unwrap();
    office.set_password("lin", "another password", 0).unwrap();
    assert_eq!(
        guarded.ask("lin", "GET", "/v1/status", None).status,
        StatusCode::UNAUTHORIZED,
        "its sessions have ended"
    );
    assert_eq!(login(server, "lin", PASSWORD).status, StatusCode::UNAUTHORIZED);
    assert_eq!(login(server, "lin", "another password").status, StatusCode::OK);
    office.disable("luo", true, 0).unwrap();
    assert_eq!(guarded.ask("luo", "GET", "/v1/status", None).status, StatusCode::UNAUTHORIZED);
    assert_eq!(login(server, "luo", PASSWORD).status, StatusCode::UNAUTHORIZED);
    let out = guarded.ask("ren", "POST", "/v1/logout", None);
    assert!(out.status == StatusCode::NO_CONTENT && out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(guarded.ask("ren", "GET", "/v1/status", None).status, StatusCode::UNAUTHORIZED);
    let limited =
        (0..90).map(|_| login(server, "x", "y y y y y y").status).any(|one| one == StatusCode::TOO_MANY_REQUESTS);
    assert!(limited);
    // What was typed as a name stands in no entry.
    let log = office.audit(0, usize::MAX).unwrap();
    assert!(log.iter().any(|one| one.action == "sign_in" && one.outcome == "refused" && one.actor == "lin"));
    assert!(!log.iter().any(|one| format!("{one:?}").contains("nobody-of-this-name")));
}

#[test]
fn a_session_is_over_when_it_idled_too_long_or_is_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ws");
    medring::store::Workspace::create(&path).unwrap();
    let mut office = Office::open(&path).unwrap();
    office.add_account("lin", medring::store::AccountRole::Auditor, &[], PASSWORD, 0).unwrap();
    let limits = SessionLimits { idle_s: 100, whole_s: 250 };
    let token = office.begin_session("lin", limits, 1_000).unwrap();
    let mut here = |now| office.session(&token, limits, now).unwrap().is_some();
    assert_eq!([here(1_000), here(1_099), here(1_198), here(1_249), here(1_250)], [true, true, true, true, false]);
    let token = office.begin_session("lin", limits, 2_000).unwrap();
    assert!(office.session(&token, limits, 2_100).unwrap().is_none());
    assert!(office.session(&token, limits, 2_001).unwrap().is_none(), "a session that is over comes back");
    let kept = std::fs::read(path.join("office.db")).unwrap();
    assert!(!kept.windows(token.len()).any(|piece| piece == token.as_bytes()));
    assert!(!kept.windows(PASSWORD.len()).any(|piece| piece == PASSWORD.as_bytes()));
}

#[test]
fn a_machine_pushes_with_its_key_and_does_nothing_else() {
    let guarded = guarded();
    let mut office = Office::open(&guarded.workspace).unwrap();
    let key = office.add_key("hospital-feed", 0).unwrap();
    let with = |method: &str, path: &str, key: &str| {
        let asked = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
        ask(&guarded.server, asked.body(Body::empty()).unwrap()).status
    };
    assert_eq!(with("POST", "/v1/batches?table=nonsense", &key), StatusCode::BAD_REQUEST);
    assert_eq!(with("GET", "/metrics", &key), StatusCode::OK);
    assert_eq!(with("GET", "/v1/rings", &key), StatusCode::FORBIDDEN);
    assert_eq!(with("POST", "/v1/batches?table=nonsense", "mk_wrong"), StatusCode::UNAUTHORIZED);
    office.revoke_key("hospital-feed").unwrap();
    assert_eq!(with("POST", "/v1/batches?table=nonsense", &key), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_reveal_needs_a_reason_names_the_party_and_stands_in_the_log_without_it() {
    let guarded = guarded();
    let id = ring(guarded, 1);
    let token = member(guarded, &id, "person");
    let asked = |reason: &str, minutes: u32| json!({"parties": [token], "reason": reason, "minutes": minutes});
    guarded.refused("lin", "/v1/reveal", asked(" ", 5), "MR-WEB-004");
    guarded.refused("lin", "/v1/reveal", asked("check the file", 0), "MR-WEB-004");
    guarded.refused("lin", "/v1/reveal", asked("check the file", 61), "MR-WEB-004");
    guarded.refused("far", "/v1/reveal", asked("check the file", 5), "MR-WEB-003");
    guarded.refused("report", "/v1/reveal", asked("check the file", 5), "MR-WEB-017");
    let shown = guarded.done("lin", "/v1/reveal", asked("check the file", 5));
    assert_eq!(
        (shown["account"].as_str(), shown["until"].as_i64()),
        (Some("lin"), shown["at"].as_i64().map(|at| at + 300))
    );
    let raw = shown["parties"][0]["id"].as_str().unwrap();
    assert!(raw.len() > 4 && !raw.contains('…') && shown["parties"][0]["token"] == token.as_str());
    let log = guarded.ask("audit", "GET", "/v1/audit.jsonl", None).text;
    let entry = log.lines().rev().find(|line| line.contains("\"reveal\"") && line.contains("\"done\"")).unwrap();
    assert!(entry.contains(&token) && entry.contains("check the file") && entry.contains("lin"), "{entry}");
    assert!(!log.contains(raw), "the log names somebody");
}

#[test]
fn reads_searches_and_refusals_stand_in_the_log_and_typed_words_do_not() {
    let guarded = guarded();
    let id = ring(guarded, 0);
    let token = member(guarded, &id, "person");
    let raw = guarded.done("luo", "/v1/reveal", json!({"parties": [token], "reason": "for a search", "minutes": 1}));
    let raw = raw["parties"][0]["id"].as_str().unwrap().to_owned();
    let found = guarded.done("luo", "/v1/search", json!({"text": raw}));
    assert_eq!(found["parties"][0]["token"], token.as_str());
    guarded.told("luo", &format!("/v1/rings/{id}/facts?limit=1"));
    guarded.ask("luo", "GET", &format!("/v1/entities/{raw}"), None);
    guarded.ask("audit", "GET", &format!("/v1/rings?q={raw}"), None);
    let entries: Vec<AuditEntry> = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    let has = |actor: &str, action: &str, part: &str, outcome: &str| {
        let fits = |one: &AuditEntry| {
            (one.actor.as_str(), one.action.as_str(), one.outcome.as_str()) == (actor, action, outcome)
                && (one.object.contains(part) || one.detail.contains(part))
        };
        assert!(entries.iter().any(fits), "{actor} {action} {part} {outcome}");
    };
    has("luo", "search", &token, "done");
    has("luo", "read_ring", &id, "done");
    has("luo", "read_entity", "404", "refused");
    has("audit", "list_rings", "403", "refused");
    assert!(!entries.iter().any(|one| format!("{one:?}").contains(&raw)), "the log names somebody");
    assert_eq!(guarded.told("audit", "/v1/audit/verify")["whole"], true);
}

#[test]
fn administrators_make_and_lock_accounts_and_the_log_never_holds_a_password() {
    let guarded = guarded_with("accounts", ServeOptions { sign_ins_per_minute: 1_000, ..ServeOptions::default() });
    let made = json!({"name": "new", "role": "reviewer", "regions": ["34"], "password": "a secret of ours"});
    let all = guarded.done("root", "/v1/accounts", made.clone());
    let of = |all: &Value, name: &str| {
        all["accounts"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap_or(Value::Null)
    };
    assert_eq!((&of(&all, "new")["role"], &of(&all, "new")["regions"]), (&json!("reviewer"), &json!(["34"])));
    let refused = |path: &str, body: Value| {
        let answer = guarded.ask("root", "POST", path, Some(body));
        assert_eq!(answer.status.as_u16(), 400, "{path}: {}", answer.text);
        answer.text
    };
    let twice = refused("/v1/accounts", made);
    assert!(twice.contains("账号已存在"), "{twice}");
    refused("/v1/accounts", json!({"name": "x", "role": "emperor", "password": "a secret of ours"}));
    refused("/v1/accounts", json!({"name": "x", "role": "auditor", "password": "short"}));
    refused(
        "/v1/accounts",
        json!({"name": "x", "role": "auditor", "regions": ["elsewhere"], "password": "a secret of ours"}),
    );
    refused("/v1/accounts/root", json!({"disabled": true}));
    refused("/v1/accounts/nobody", json!({"disabled": true}));
    // Whoever is locked is out at once, and in again with the next password.
    assert_eq!(guarded.ask("lin", "GET", "/v1/rings", None).status, StatusCode::OK);
    guarded.done("root", "/v1/accounts/lin", json!({"disabled": true}));
    assert_eq!(guarded.ask("lin", "GET", "/v1/rings", None).status, StatusCode::UNAUTHORIZED);
    assert_eq!(login(&guarded.server, "lin", PASSWORD).status, StatusCode::UNAUTHORIZED);
    let all = guarded.done("root", "/v1/accounts/lin", json!({"disabled": false}));
    assert_eq!(of(&all, "lin")["disabled"], false);
    assert_eq!(login(&guarded.server, "lin", PASSWORD).status, StatusCode::OK);
    // The log: by whom, to whom, and found again by an auditor.
    let log = guarded.ask("audit", "GET", "/v1/audit.jsonl", None).text;
    assert!(!log.contains("secret"), "the log holds a password");
    let found = guarded.told("audit", "/v1/audit?actor=root&action=manage_accounts&outcome=done&q=new");
    let entries = found["entries"].as_array().unwrap();
    assert!(entries.len() == 1 && entries[0]["object"] == "new", "{found}");
    let first = guarded.told("audit", "/v1/audit?limit=2");
    let older = first["older"].as_i64().unwrap();
    assert_eq!(first["entries"][1]["seq"].as_i64(), Some(older));
    let second = guarded.told("audit", &format!("/v1/audit?limit=2&before={older}"));
    assert_eq!(second["entries"][0]["seq"].as_i64(), Some(older - 1));
}

/// An administrator who turned: what giving somebody a password must not be good for.
#[test]
fn nobody_becomes_somebody_else_by_giving_them_a_password() {
    let guarded = guarded_with("given", ServeOptions { sign_ins_per_minute: 1_000, ..ServeOptions::default() });
    let mut office = Office::open(&guarded.workspace).unwrap();
    office.add_account("wei", medring::store::AccountRole::Administrator, &[], PASSWORD, 0).unwrap();
    let as_one = |cookie: &str, method: &str, path: &str, body: Value| {
        let asked = Request::builder().method(method).uri(path).header("cookie", cookie).header("x-medring", "page");
        let asked = asked.header("content-type", "application/json");
        ask(&guarded.server, asked.body(Body::from(body.to_string())).unwrap())
    };
    let cookie =
        |answer: &super::Answer| answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let entered = |name: &str, password: &str| {
        let answer = login(&guarded.server, name, password);
        (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    let wei = cookie(&login(&guarded.server, "wei", PASSWORD));
    let (given, chosen) = ("given by root", "chosen by ren");

    // A reviewer's password, an account of a new reviewer, a second administrator: none opens anything for who gave it.
    guarded.done("root", "/v1/accounts/ren", json!({"password": given}));
    for role in ["reviewer", "investigator", "case_team", "administrator"] {
        guarded.done("root", "/v1/accounts", json!({"name": role, "role": role, "password": given}));
        assert_eq!(entered(role, given), (403, "MR-WEB-023".to_owned()), "{role}");
        guarded.refused("root", &format!("/v1/accounts/{role}"), json!({"agree": true}), "MR-WEB-004");
    }
    assert_eq!(entered("ren", given), (403, "MR-WEB-023".to_owned()));
    guarded.refused("root", "/v1/accounts/root", json!({"password": given}), "MR-WEB-004");
    guarded.refused("ren", "/v1/accounts/ren", json!({"agree": true}), "MR-WEB-013");
    // A refused password leaves everything as it was.
    guarded.refused("root", "/v1/accounts/luo", json!({"password": "short"}), "MR-WEB-004");
    assert_eq!(entered("luo", PASSWORD).0, 200);

    // A second administrator agrees: what was given is good for one thing, choosing another.
    let agreed = as_one(&wei, "POST", "/v1/accounts/ren", json!({"agree": true}));
    assert_eq!(agreed.status, StatusCode::OK, "{}", agreed.text);
    let again = as_one(&wei, "POST", "/v1/accounts/ren", json!({"agree": true}));
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let ren = cookie(&login(&guarded.server, "ren", given));
    let session = as_one(&ren, "GET", "/v1/session", Value::Null).json();
    assert_eq!((&session["account"], &session["choose_password"]), (&json!("ren"), &json!(true)));
    for (method, path) in [("GET", "/v1/rings"), ("GET", "/v1/cases"), ("POST", "/v1/reveal"), ("POST", "/v1/search")] {
        let answer = as_one(&ren, method, path, json!({}));
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (403, Some("MR-WEB-024")), "{path}");
    }
    let change =
        |cookie: &str, old: &str, new: &str| as_one(cookie, "POST", "/v1/password", json!({"old": old, "new": new}));
    assert_eq!(change(&ren, "something else", chosen).status, StatusCode::UNAUTHORIZED);
    assert_eq!(change(&ren, given, given).status, StatusCode::BAD_REQUEST);
    assert_eq!(change(&ren, given, "short").status, StatusCode::BAD_REQUEST);
    let own = change(&ren, given, chosen);
    assert_eq!((own.status, &own.json()["choose_password"]), (StatusCode::OK, &json!(false)), "{}", own.text);
    assert_eq!(
        as_one(&ren, "GET", "/v1/rings", Value::Null).status,
        StatusCode::UNAUTHORIZED,
        "the old session has ended"
    );
    assert_eq!(as_one(&cookie(&own), "GET", "/v1/rings", Value::Null).status, StatusCode::OK);
    assert_eq!((entered("ren", given).0, entered("ren", chosen).0), (401, 200));

    // Roles that reveal and decide nothing need no second; the password is good once all the same.
    guarded.done("root", "/v1/accounts", json!({"name": "reader", "role": "report_reader", "password": given}));
    let reader = cookie(&login(&guarded.server, "reader", given));
    assert_eq!(as_one(&reader, "GET", "/v1/rings", Value::Null).json()["code"], "MR-WEB-024");
    // Guessing the old password locks the name as signing in does.
    let codes: Vec<u16> = (0..6).map(|_| change(&reader, "a wrong guess", chosen).status.as_u16()).collect();
    assert_eq!(codes, [401, 401, 401, 401, 401, 429]);
    let log = guarded.ask("audit", "GET", "/v1/audit.jsonl", None).text;
    assert!(log.contains("choose_password") && log.contains("\\\"agreed\\\":true"), "who agreed is not in the log");
    assert!(![given, chosen, "wrong guess"].iter().any(|secret| log.contains(secret)), "the log holds a password");
}

#[test]
fn policies_of_the_workspace_take_the_place_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ws");
    medring::store::Workspace::create(&path).unwrap();
    std::fs::write(path.join("policies.cedar"), "permit (principal, action == Action::\"look\", resource);").unwrap();
    let server = medring::serve::Server::start(super::session(&path), ServeOptions::default()).unwrap();
    assert_eq!(super::look(&server, "/v1/words").status, StatusCode::OK);
    assert_eq!(super::look(&server, "/v1/rings").status, StatusCode::FORBIDDEN);
    server.stop();
    std::fs::write(path.join("policies.cedar"), "permit (somebody);").unwrap();
    let error =
        medring::serve::Server::start(super::session(&path), ServeOptions::default()).err().unwrap().to_string();
    assert!(error.contains("policies.cedar") && error.contains("Remedy"), "{error}");
}
