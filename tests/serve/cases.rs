//! Does a case go its way, only when what it needs is there, and only when somebody else agrees?

use super::ask;
use super::office::{guarded, guarded_with};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::serve::ServeOptions;
use medring::store::{Frozen, Office, sha256};
use serde_json::{Value, json};
use std::io::Read;
use std::process::Command;

#[test]
fn from_a_ring_to_a_verdict() {
    let guarded = guarded();
    let ring = guarded.told("lin", "/v1/rings")["rings"][1]["id"].as_str().unwrap().to_owned();
    let made = guarded.done("lin", "/v1/cases", json!({"title": "  一案  ", "rings": [ring]}));
    let id = made["case"]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("C-2") && made["case"]["title"] == "一案" && made["case"]["stage"] == "lead", "{made}");
    assert_eq!(made["case"]["clock"], "green");
    let to = |stage: &str| json!({"to": stage, "why": "go on"});
    let at = |rest: &str| format!("/v1/cases/{id}{rest}");

    // Evidence: each row that the ring cites, frozen with its hash.
    let facts = guarded.told("lin", &format!("/v1/rings/{ring}/facts?limit=1"))["total"].as_u64();
    assert_eq!(made["evidence_all"].as_u64(), facts);
    let row = &made["evidence"][0];
    assert_eq!(row["sha256"].as_str(), Some(sha256(row["said"].as_str().unwrap().as_bytes()).as_str()));
    assert!(row["intact"] == true && row["by"] == "lin" && row["said"].as_str().unwrap().contains("file_row"));
    let claims = made["rings"][0]["claims"].as_array().unwrap();
    assert!(
        !claims.is_empty() && claims.iter().all(|claim| claim["proven"] == true && claim["rows"].as_u64() > Some(0))
    );
    guarded.refused("lin", &at("/rings"), json!({"ring": ring}), "MR-WEB-020");

    // The way: no stage is left out, two officers before the administrative case.
    guarded.refused("lin", &at("/steps"), to("investigation"), "MR-WEB-020");
    guarded.done("lin", &at("/steps"), to("check"));
    guarded.refused("lin", &at("/steps"), to("administrative"), "MR-WEB-020");
    guarded.refused("lin", &at("/staff"), json!({"owner": "lin", "second": "lin"}), "MR-WEB-004");
    guarded.refused("lin", &at("/staff"), json!({"owner": "lin", "second": "stranger"}), "MR-WEB-004");
    guarded.refused("luo", &at("/notes"), json!({"text": "not of the team"}), "MR-WEB-019");
    guarded.done("lin", &at("/staff"), json!({"owner": "lin", "second": "luo", "members": ["team"]}));
    for stage in ["administrative", "investigation", "handover"] {
        guarded.done("lin", &at("/steps"), to(stage));
    }

    // Approval: by somebody else than the one who asks, and once.
    let asked = guarded.done("lin", &at("/steps"), to("receipt"));
    let number = asked["case"]["asked"]["number"].as_i64().unwrap();
    assert_eq!((&asked["case"]["stage"], &asked["case"]["asked"]["by"]), (&json!("handover"), &json!("lin")));
    guarded.refused("lin", &at(&format!("/steps/{number}")), json!({"approve": true}), "MR-WEB-020");
    guarded.refused("luo", &at("/steps"), to("investigation"), "MR-WEB-020");
    guarded.refused("luo", &at(&format!("/steps/{number}")), json!({"approve": false}), "MR-WEB-004");
    let moved = guarded.done("luo", &at(&format!("/steps/{number}")), json!({"approve": true}));
    assert_eq!((&moved["case"]["stage"], &moved["case"]["asked"]), (&json!("receipt"), &Value::Null));
    guarded.refused("luo", &at(&format!("/steps/{number}")), json!({"approve": true}), "MR-WEB-020");

    // Verdict: with a reason that goes with it, and agreed to.
    guarded.done("lin", &at("/steps"), to("criminal"));
    guarded.refused("lin", &at("/steps"), to("closed"), "MR-WEB-020");
    let wrong = json!({"to": "closed", "verdict": "confirmed", "reason": "family"});
    guarded.refused("lin", &at("/steps"), wrong, "MR-WEB-020");
    let right = json!({"to": "closed", "verdict": "confirmed", "reason": "organised_fraud"});
    let asked = guarded.done("lin", &at("/steps"), right);
    assert_eq!(asked["case"]["verdict"], Value::Null);
    let number = asked["case"]["asked"]["number"].as_i64().unwrap();
    let closed = guarded.done("ren", &at(&format!("/steps/{number}")), json!({"approve": true}));
    assert_eq!(
        (&closed["case"]["verdict"], &closed["case"]["reason"]),
        (&json!("confirmed"), &json!("organised_fraud"))
    );
    let lines = guarded.ask("ren", "GET", "/v1/verdicts.jsonl", None);
    assert_eq!(lines.status, StatusCode::OK);
    let line = lines.text.lines().find(|line| line.contains(&id)).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&line["ring_id"], &line["verdict"], &line["schema_version"]),
        (&json!(ring), &json!("confirmed"), &json!(1))
    );
    assert!(line["factors"].as_array().is_some_and(|factors| !factors.is_empty()));

    // Tasks and notes.
    guarded.refused("lin", &at("/tasks"), json!({"text": "x", "assignee": "ren"}), "MR-WEB-004");
    guarded.refused("lin", &at("/tasks"), json!({"text": "x", "assignee": "luo", "due": "soon"}), "MR-WEB-004");
    guarded.done("lin", &at("/tasks"), json!({"text": "ask the hospital", "assignee": "luo", "due": "2026-12-31"}));
    let done = guarded.done("luo", &at("/tasks/1"), json!({"done": true}));
    assert_eq!((&done["tasks"][0]["done_by"], &done["tasks"][0]["due"]), (&json!("luo"), &json!("2026-12-31")));
    let noted = guarded.done("team", &at("/notes"), json!({"text": "seen"}));
    assert_eq!((&noted["notes"][0]["text"], &noted["notes"][0]["by"]), (&json!("seen"), &json!("team")));
}

#[test]
fn documents_and_canvases_stay_with_their_case_as_they_came() {
    let guarded = guarded();
    let ring = guarded.told("lin", "/v1/rings")["rings"][2]["id"].as_str().unwrap().to_owned();
    let made = guarded.done("lin", "/v1/cases", json!({"title": "papers", "rings": [ring]}));
    let id = made["case"]["id"].as_str().unwrap().to_owned();
    let send = |who: &str, name: &str, bytes: &[u8]| {
        let mut asked = Request::post(format!("/v1/cases/{id}/documents?name={name}")).header("x-medring", "page");
        asked = asked.header("cookie", &guarded.cookies[who]).header("content-type", "application/octet-stream");
        ask(&guarded.server, asked.body(Body::from(bytes.to_vec())).unwrap())
    };
    let pdf = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n";
    let name = "%E8%AF%A2%E9%97%AE%20%3D1.pdf"; // 询问 =1.pdf
    let added = send("lin", name, pdf);
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let row = added.json()["documents"][0].clone();
    assert_eq!(
        (&row["name"], &row["media"], &row["by"]),
        (&json!("询问 =1.pdf"), &json!("application/pdf"), &json!("lin"))
    );
    assert_eq!((row["sha256"].as_str(), row["bytes"].as_u64()), (Some(sha256(pdf).as_str()), Some(pdf.len() as u64)));
    let read = |who: &str, number: i64| guarded.ask(who, "GET", &format!("/v1/cases/{id}/documents/{number}"), None);
    let got = read("ren", 1);
    assert!(got.status == StatusCode::OK && got.bytes == pdf);
    // A browser keeps it; it never shows it.
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    let named = got.headers["content-disposition"].to_str().unwrap();
    assert!(named.starts_with("attachment;") && named.ends_with("UTF-8''%E8%AF%A2%E9%97%AE%20%3D1.pdf"), "{named}");
    assert_eq!((read("luo", 1).status, read("far", 1).status, read("lin", 9).status), {
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    });

    let refused = |name: &str, bytes: &[u8], status: u16| {
        let answer = send("lin", name, bytes);
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text);
    };
    refused("a.html", b"<html></html>", 400);
    refused("a.pdf", b"<html></html>", 400);
    refused("a.svg", b"<svg/>", 400);
    refused("..%2Fa.pdf", pdf, 400);
    refused("a%0d%0aset-cookie:x.pdf", pdf, 400);
    refused("a.xlsx", b"PK\x03\x04", 400);
    refused("big.txt", &vec![b'x'; (16 << 20) + 1], 413);
    assert_eq!(
        send("ren", name, pdf).status,
        StatusCode::FORBIDDEN,
        "a reviewer reads, and works on no case of others"
    );
    let book = medring::report::workbook(&[medring::report::Sheet::new("one", &["a"])]).unwrap();
    assert_eq!(send("lin", "b.xlsx", &book).json()["documents"][1]["name"], "b.xlsx");

    // A canvas: where it begins, what was done, what there is to say; only of what whoever keeps it sees.
    let at = format!("/v1/cases/{id}/canvases");
    let asked = json!({"title": "谁带谁来", "note": "两部手机", "ring": ring, "steps": "e:abc*h:def"});
    let kept = guarded.done("lin", &at, asked);
    let one = &kept["canvases"][0];
    assert_eq!((&one["title"], &one["steps"], &one["ring"]), (&json!("谁带谁来"), &json!("e:abc*h:def"), &json!(ring)));
    assert_eq!(one["epoch"].as_u64(), Some(1));
    for odd in [
        json!({"title": "x", "ring": ring, "steps": "two words"}),
        json!({"title": "x", "ring": ring, "steps": "x".repeat(50_000)}),
        json!({"title": "x"}),
        json!({"title": "x", "ring": ring, "party": "y"}),
        json!({"title": " ", "ring": ring}),
    ] {
        guarded.refused("lin", &at, odd, "MR-WEB-004");
    }
    guarded.refused("lin", &at, json!({"title": "x", "ring": "R-000000000000"}), "MR-WEB-002");

    // The log: that it was attached and read, by hash; neither its name nor what is in it.
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    let of = |action: &str| log.iter().filter(|one| one.action == action && one.object == id).collect::<Vec<_>>();
    assert!(of("read_document").iter().any(|one| one.actor == "ren" && one.detail.contains(&sha256(pdf))));
    assert!(of("work_case").iter().any(|one| one.detail.contains(&sha256(pdf))));
    assert!(!log.iter().any(|one| one.detail.contains("询问")));

    // What was changed by hand is not given out.
    let database = rusqlite::Connection::open(guarded.workspace.join("office.db")).unwrap();
    let forge = "UPDATE case_document SET bytes = ?2 WHERE case_id = ?1 AND number = 2";
    database.execute(forge, rusqlite::params![id, b"other".to_vec()]).unwrap();
    assert_eq!(read("lin", 2).status, StatusCode::CONFLICT);
}

#[test]
fn a_workbook_of_what_is_seen_is_made_here_and_logged() {
    let guarded = guarded();
    let sheets = json!([
        {"name": "parties", "heads": ["token", "leads"], "rows": [["=1+1", 2], ["x", null], ["y", 0.5]]},
        {"name": "ties", "heads": ["from"], "rows": [[true]]},
    ]);
    let asked = json!({"sheets": sheets});
    let answer = guarded.ask("lin", "POST", "/v1/seen.xlsx", Some(asked));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    sheet_holds(&answer.bytes, 4);
    for odd in [
        json!([]),
        json!([{"name": "parties", "heads": ["a"], "rows": [[1, 2]]}]),
        json!([{"name": "../x", "heads": ["a"], "rows": []}]),
        json!([{"name": "a", "heads": ["a"], "rows": []}, {"name": "a", "heads": ["a"], "rows": []}]),
    ] {
        guarded.refused("lin", "/v1/seen.xlsx", json!({"sheets": odd}), "MR-WEB-004");
    }
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    assert!(log.iter().any(|one| one.action == "export" && one.detail.contains("\"seen\":true")));
}

#[test]
fn evidence_that_was_changed_by_hand_stops_the_case() {
    let guarded = guarded_with("forged", ServeOptions::default());
    let ring = guarded.told("lin", "/v1/rings")["rings"][0]["id"].as_str().unwrap().to_owned();
    let made = guarded.done("lin", "/v1/cases", json!({"title": "forged", "rings": [ring]}));
    let id = made["case"]["id"].as_str().unwrap().to_owned();
    guarded.done("lin", &format!("/v1/cases/{id}/staff"), json!({"owner": "lin", "second": "luo"}));
    for stage in ["check", "administrative", "investigation"] {
        guarded.done("lin", &format!("/v1/cases/{id}/steps"), json!({"to": stage}));
    }
    let forge = |change: &dyn Fn(&mut Frozen)| {
        let database = rusqlite::Connection::open(guarded.workspace.join("office.db")).unwrap();
        let all: Vec<(i64, String)> = database
            .prepare("SELECT number, content FROM case_item WHERE case_id = ?1 AND kind = 'evidence'")
            .unwrap()
            .query_map([&id], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (number, content) in all {
            let mut frozen: Frozen = serde_json::from_str(&content).unwrap();
            change(&mut frozen);
            let content = serde_json::to_string(&frozen).unwrap();
            let update = "UPDATE case_item SET content = ?3 WHERE case_id = ?1 AND kind = 'evidence' AND number = ?2";
            database.execute(update, rusqlite::params![id, number, content]).unwrap();
        }
    };
    forge(&|frozen| frozen.said = frozen.said.replace("\"fund_fen\":", "\"fund_fen\":1"));
    let case = guarded.told("lin", &format!("/v1/cases/{id}"));
    assert!(case["evidence"].as_array().unwrap().iter().any(|row| row["intact"] == false));
    let missing = &case["next"][0];
    assert!(missing["stage"] == "handover" && !missing["missing"].as_array().unwrap().is_empty(), "{missing}");
    guarded.refused("lin", &format!("/v1/cases/{id}/steps"), json!({"to": "handover"}), "MR-WEB-020");
    forge(&|frozen| frozen.said = frozen.said.replace("\"fund_fen\":1", "\"fund_fen\":"));
    guarded.done("lin", &format!("/v1/cases/{id}/steps"), json!({"to": "handover"}));
}

#[test]
fn exports_hold_what_is_shown_masked_and_no_cell_runs() {
    let guarded = guarded();
    let ring = guarded.told("lin", "/v1/rings")["rings"][0]["id"].as_str().unwrap().to_owned();
    for (name, list) in [("members", "members"), ("facts", "facts")] {
        let answer = guarded.ask("lin", "GET", &format!("/v1/rings/{ring}/{name}.csv"), None);
        assert_eq!(answer.status, StatusCode::OK);
        let text = answer.text.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let shown = if list == "members" {
            guarded.told("lin", &format!("/v1/rings/{ring}"))["members"].as_array().unwrap().len()
        } else {
            guarded.told("lin", &format!("/v1/rings/{ring}/facts"))["total"].as_u64().unwrap().try_into().unwrap()
        };
        assert_eq!(rows.len(), shown);
        let runs = |cell: &str| cell.starts_with(['=', '+', '@', '\t']);
        assert!(!rows.iter().any(|row| row.iter().any(runs)));
        let book = guarded.ask("lin", "GET", &format!("/v1/rings/{ring}/{name}.xlsx"), None);
        assert!(
            book.status == StatusCode::OK && book.headers["content-disposition"].to_str().unwrap().contains("xlsx")
        );
        sheet_holds(&book.bytes, rows.len() + 1);
    }
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    assert!(log.iter().any(|one| one.action == "export" && one.object == ring));
}

/// Whether a workbook's first sheet has so many rows and no formula; read by openpyxl as well, where python has it.
pub(super) fn sheet_holds(book: &[u8], rows: usize) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert_eq!(sheet.matches("<row ").count(), rows);
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "));
    let file = tempfile::Builder::new().suffix(".xlsx").tempfile().unwrap();
    std::fs::write(file.path(), book).unwrap();
    let read = "import sys, openpyxl; print(openpyxl.load_workbook(sys.argv[1]).worksheets[0].max_row)";
    let python = |words: &[&str]| Command::new("python3").args(words).output();
    if python(&["-c", "import openpyxl"]).is_ok_and(|ended| ended.status.success()) {
        let ended = python(&["-c", read, file.path().to_str().unwrap()]).unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).trim().to_owned();
        assert_eq!(said, rows.to_string(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}
