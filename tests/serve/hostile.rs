//! Nobody behind a mask is named by search, order, address, file name, refusal or log; and text that somebody wrote into the data to be
//! run by a browser or a spreadsheet stays text wherever it comes out.

use super::office::{ACCOUNTS, Guarded, guarded, guarded_at};
use super::{session, world};
use axum::http::StatusCode;
use medring::engine::AppendOptions;
use medring::model::PartyKind;
use medring::serve::ServeOptions;
use medring::store::{Office, Workspace};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

/// What a browser would run as markup and a spreadsheet as a formula, were it not kept as text.
const HOSTILE: &str = "=<img src=x onerror=alert(1)>\"'&";

/// Columns that hold words or identifiers: whoever fills in a form can write into them.
const WRITTEN: [&str; 21] = [
    "psn_no",
    "holder_id",
    "certno",
    "ident_value",
    "dr_code",
    "dr_name",
    "bilg_dr_codg",
    "atddr_no",
    "fixmedins_code",
    "prac_fixmedins_code",
    "fixmedins_name",
    "setl_id",
    "mdtrt_id",
    "emp_no",
    "emp_name",
    "admdvs_name",
    "psn_name",
    "agnter_name",
    "agnter_certno",
    "med_list_name",
    "diag_name",
];

/// Puts the hostile text in front of everything written.
fn poison(folder: &Path) {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "csv")) {
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let heads = reader.headers().unwrap().clone();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&heads).unwrap();
        for row in reader.records().map(Result::unwrap) {
            let cell = |(head, cell): (&str, &str)| {
                let written = WRITTEN.contains(&head) && !cell.is_empty();
                if written { format!("{HOSTILE}{cell}") } else { cell.to_owned() }
            };
            writer.write_record(heads.iter().zip(row.iter()).map(cell)).unwrap();
        }
        fs::write(&path, writer.into_inner().unwrap()).unwrap();
    }
}

/// A served workspace whose every name and identifier is hostile, with a case that is.
fn poisoned() -> &'static Guarded {
    static POISONED: OnceLock<Guarded> = OnceLock::new();
    POISONED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (tables, workspace) = (folder.join("world"), folder.join("ws"));
        world(&tables);
        poison(&tables);
        Workspace::create(&workspace).unwrap();
        let mut session = session(&workspace);
        session.append(std::slice::from_ref(&tables), &AppendOptions::default()).unwrap();
        drop(session);
        let poisoned = guarded_at(workspace, ServeOptions { sign_ins_per_minute: 1_000, ..ServeOptions::default() });
        let rings = poisoned.told("lin", "/v1/rings")["rings"].clone();
        let made = poisoned.done("lin", "/v1/cases", json!({"title": HOSTILE, "rings": [rings[0]["id"]]}));
        let case = made["case"]["id"].as_str().unwrap().to_owned();
        poisoned.done("lin", &format!("/v1/cases/{case}/notes"), json!({"text": HOSTILE}));
        poisoned.done("lin", &format!("/v1/cases/{case}/tasks"), json!({"text": HOSTILE, "assignee": "lin"}));
        poisoned
    })
}

/// All addresses that show something of the first rings, their parties and the case.
fn addresses(guarded: &Guarded) -> Vec<String> {
    let mut all: Vec<String> =
        ["/v1/status", "/v1/data", "/v1/rings?limit=500", "/v1/cases", "/v1/reports"].map(str::to_owned).to_vec();
    let rings = guarded.told("lin", "/v1/rings?limit=3");
    for ring in rings["rings"].as_array().unwrap() {
        let id = ring["id"].as_str().unwrap();
        let parts = [
            "",
            "/graph",
            "/facts?limit=1000",
            "/timeline",
            "/members.csv",
            "/facts.csv",
            "/members.xlsx",
            "/facts.xlsx",
        ];
        all.extend(parts.map(|part| format!("/v1/rings/{id}{part}")));
        let told = guarded.told("lin", &format!("/v1/rings/{id}"));
        let members = told["members"].as_array().unwrap().iter().map(|member| &member["party"]);
        let by_kind: BTreeMap<&str, &str> =
            members.map(|party| (party["kind"].as_str().unwrap(), party["token"].as_str().unwrap())).collect();
        for token in by_kind.values() {
            all.push(format!("/v1/entities/{token}"));
            all.push(format!("/v1/entities/{token}/neighbours?limit=200"));
        }
        if let (Some(from), Some(to)) = (by_kind.get("person"), by_kind.get("institution")) {
            all.push(format!("/v1/paths?from={from}&to={to}&k=3"));
        }
    }
    for report in guarded.told("lin", "/v1/reports")["reports"].as_array().unwrap().iter().take(1) {
        let period = report["period"].as_str().unwrap();
        all.extend(["", ".html", ".xlsx", ".json"].map(|form| format!("/v1/reports/{period}{form}")));
    }
    for case in guarded.told("lin", "/v1/cases")["cases"].as_array().unwrap().iter().take(3) {
        all.push(format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    }
    all
}

/// The text of an answer; of a workbook, that of all its parts.
fn text(answer: &super::Answer) -> String {
    if !answer.bytes.starts_with(b"PK") {
        return answer.text.clone();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&answer.bytes)).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

#[test]
fn what_is_handed_over_runs_nowhere() {
    let poisoned = poisoned();
    let id = poisoned.told("lin", "/v1/cases")["cases"][0]["id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/v1/cases/{id}{rest}");
    poisoned.done("lin", &at("/staff"), json!({"owner": "lin", "second": "luo"}));
    for stage in ["check", "administrative", "investigation", "handover"] {
        poisoned.done("lin", &at("/steps"), json!({"to": stage}));
    }
    let asked = poisoned.done("lin", &at("/steps"), json!({"to": "receipt", "why": HOSTILE}));
    let number = asked["case"]["asked"]["number"].as_i64().unwrap();
    poisoned.done("luo", &at(&format!("/steps/{number}")), json!({"approve": true}));
    let sealed = poisoned.ask("lin", "POST", &at("/bundle"), Some(json!({"reveal": "everything in full"})));
    assert_eq!(sealed.status, StatusCode::OK, "{}", sealed.text);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&sealed.bytes)).unwrap();
    let mut seen = 0;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let said = String::from_utf8_lossy(&bytes).into_owned();
        seen += usize::from(said.contains("src=x"));
        if [".html", ".svg", ".graphml"].iter().any(|ending| name.ends_with(ending)) {
            assert!(!said.contains("<img"), "{name}: markup from the data");
        }
        if name.ends_with(".csv") {
            let mut reader = csv::Reader::from_reader(said.trim_start_matches('\u{feff}').as_bytes());
            let runs = |cell: &str| cell.starts_with(['=', '+', '@', '\t', '\r']);
            for row in reader.records().map(Result::unwrap) {
                assert!(!row.iter().any(runs), "{name}: {row:?}");
            }
        }
    }
    assert!(seen > 3, "nothing hostile is handed over");
}

#[test]
fn what_was_written_to_be_run_stays_text() {
    let poisoned = poisoned();
    assert!(poisoned.told("lin", "/v1/rings")["total"].as_u64() >= Some(3), "nothing hostile is shown");
    let mut seen = 0;
    for address in addresses(poisoned) {
        let answer = poisoned.ask("lin", "GET", &address, None);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        let header =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        let named = header("content-disposition");
        assert!(!named.contains("img") && !named.contains('&'), "{address}: {named}");
        let (kind, said) = (header("content-type"), text(&answer));
        seen += usize::from(said.contains("src=x"));
        match kind.split(';').next().unwrap() {
            "application/json" => {
                let _: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{address}: {error}"));
            }
            "text/html" => assert!(!said.contains("<img src=x"), "{address}: markup from the data"),
            "text/csv" => {
                let mut reader = csv::Reader::from_reader(said.trim_start_matches('\u{feff}').as_bytes());
                let runs =
                    |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                for row in reader.records().map(Result::unwrap) {
                    assert!(!row.iter().any(runs), "{address}: {row:?}");
                }
            }
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => {
                assert!(!said.contains("<f>") && !said.contains("<f ") && !said.contains("<img"), "{address}");
            }
            other => panic!("{address}: {other}"),
        }
    }
    assert!(seen > 10, "the hostile text comes out at {seen} addresses only: nothing is tested");
}

/// Raw identifiers of the parties of all rings that must stay behind masks, from the workspace itself.
fn hidden(guarded: &Guarded) -> BTreeMap<String, String> {
    let workspace = Workspace::open_reader(&guarded.workspace).unwrap();
    let rings = workspace.rings(None).unwrap();
    let members: BTreeSet<_> = rings.iter().flat_map(|ring| &ring.finding.members).map(|member| member.party).collect();
    let open = [PartyKind::Institution, PartyKind::Pharmacy, PartyKind::Employer];
    let personal: BTreeSet<_> =
        members.into_iter().filter(|party| !party.kind().is_context() && !open.contains(&party.kind())).collect();
    let names = workspace.names(&BTreeSet::new(), &personal).unwrap();
    let masks = |raw: &String| raw.chars().take((raw.chars().count() / 3).min(3)).collect::<String>();
    names.parties.values().filter(|raw| raw.len() >= 6).map(|raw| (raw.clone(), masks(raw))).collect()
}

#[test]
fn no_answer_names_anybody_behind_a_mask() {
    let guarded = guarded();
    let hidden = hidden(guarded);
    assert!(hidden.len() > 30, "{} are behind masks", hidden.len());
    // Digits and letters in a row: identifiers are looked up, not searched for one by one.
    let named = |said: &str| {
        let pieces = said.split(|letter: char| !letter.is_alphanumeric()).filter(|piece| piece.len() >= 6);
        pieces.filter(|piece| hidden.contains_key(*piece)).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let one = hidden.keys().next().unwrap();
    assert_eq!(named(&format!("x \"{one}\"")).len(), 1, "the search finds what is there");
    for address in addresses(guarded) {
        let answer = guarded.ask("lin", "GET", &address, None);
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(named(&text(&answer)).is_empty(), "{address} names {:?}", named(&text(&answer)));
        let headers = format!("{:?}", answer.headers);
        assert!(named(&headers).is_empty(), "{address}: {headers}");
    }
}

#[test]
fn a_part_of_an_identifier_finds_nobody_and_an_order_tells_none() {
    let guarded = guarded();
    let hidden = hidden(guarded);
    let found =
        |text: &str| guarded.done("ren", "/v1/search", json!({"text": text}))["parties"].as_array().unwrap().len();
    let listed = |text: &str| guarded.told("lin", &format!("/v1/rings?q={text}"))["total"].as_u64().unwrap();
    let raw: Vec<&String> =
        hidden.keys().filter(|raw| raw.len() > 20 && raw.bytes().all(|byte| byte.is_ascii_digit())).collect();
    let whole = raw[raw.len() / 2];
    assert_eq!(found(whole), 1);
    let all = listed("");
    for part in [&whole[..whole.len() - 1], &whole[1..], &whole[..8], &whole[..3], "*", "%", "_", ".*", "' OR 1=1 --"] {
        assert_eq!(found(part), 0, "{part}");
    }
    // A list that is filtered by words does not know identifiers: neither whole nor in parts, nor behind a mask.
    for part in [whole.as_str(), &whole[..8], &whole[4..]] {
        assert_eq!(listed(part), 0, "{part} of {all}");
    }
    // Where parties are listed, their order is not that of what is masked.
    let workspace = Workspace::open_reader(&guarded.workspace).unwrap();
    let mut looked = 0;
    for ring in workspace.rings(None).unwrap() {
        let members: Vec<_> = ring.finding.members.iter().filter(|one| one.party.kind() == PartyKind::Person).collect();
        let names = workspace.names(&BTreeSet::new(), &members.iter().map(|one| one.party).collect()).unwrap();
        let shown: Vec<&String> = members.iter().filter_map(|one| names.parties.get(&one.party)).collect();
        if shown.len() >= 8 {
            let rising = shown.windows(2).filter(|pair| pair[0] < pair[1]).count();
            assert!(rising > 0 && rising < shown.len() - 1, "{}: in the order of identifiers", ring.id);
            looked += 1;
        }
    }
    assert!(looked > 0);
}

#[test]
fn a_refusal_repeats_nothing_that_was_typed_and_the_log_keeps_none_of_it() {
    let guarded = guarded();
    let whole = hidden(guarded).into_keys().find(|raw| raw.len() > 20).unwrap();
    let ring = guarded.told("lin", "/v1/rings")["rings"][0]["id"].as_str().unwrap().to_owned();
    let case =
        guarded.done("lin", "/v1/cases", json!({"title": "a refusal"}))["case"]["id"].as_str().unwrap().to_owned();
    let gets = [
        format!("/v1/{whole}"),
        format!("/v1/rings/{whole}"),
        format!("/v1/rings/{whole}/facts.csv"),
        format!("/v1/rings?sort={whole}"),
        format!("/v1/rings?limit={whole}"),
        format!("/v1/rings?event={whole}"),
        format!("/v1/rings/{ring}?as_of={whole}"),
        format!("/v1/rings/{ring}/facts?factor={whole}&limit={whole}"),
        format!("/v1/entities/{whole}"),
        format!("/v1/entities/{whole}/neighbours?kind={whole}"),
        format!("/v1/paths?from={whole}&to={whole}&order={whole}"),
        format!("/v1/paths?from={whole}&to={whole}&k={whole}"),
        format!("/v1/reports/{whole}"),
        format!("/v1/cases/{whole}"),
    ];
    let posts = [
        ("/v1/search".to_owned(), json!({"text": [whole]})),
        ("/v1/search".to_owned(), json!({whole.as_str(): 1})),
        ("/v1/reveal".to_owned(), json!({"parties": [whole], "reason": "four letters", "minutes": 5})),
        ("/v1/reveal".to_owned(), json!({"parties": [], "reason": "four letters", "minutes": whole})),
        ("/v1/cases".to_owned(), json!({"title": "x", "rings": [whole]})),
        ("/v1/cases".to_owned(), json!({"title": "x", "rings": whole})),
        (format!("/v1/cases/{case}/rings"), json!({"ring": whole})),
        (format!("/v1/cases/{case}/tasks"), json!({"text": "x", "assignee": whole})),
        (format!("/v1/cases/{case}/tasks/{whole}"), json!({"done": true})),
        (format!("/v1/cases/{case}/staff"), json!({"owner": whole})),
        (format!("/v1/cases/{case}/steps"), json!({"to": whole})),
        (format!("/v1/cases/{case}/steps/1"), json!({"approve": whole})),
        ("/v1/login".to_owned(), json!({"name": whole, "password": whole})),
        ("/v1/login".to_owned(), json!({"name": whole})),
    ];
    let before = Office::open(&guarded.workspace).unwrap().audit_count().unwrap();
    // Questions that are answered, with more in them than anybody asked for.
    for path in [format!("/v1/rings/{ring}/facts?factor={whole}"), format!("/v1/rings/{ring}?who={whole}&as_of=1")] {
        let answer = guarded.ask("lin", "GET", &path, None);
        assert!(answer.status == StatusCode::OK && !answer.text.contains(&whole), "{path}");
    }
    let asked = gets.into_iter().map(|path| ("GET", path, None));
    for (method, path, body) in asked.chain(posts.into_iter().map(|(path, body)| ("POST", path, Some(body)))) {
        for name in ACCOUNTS.map(|account| account.0).into_iter().chain(["nobody"]) {
            let answer = guarded.ask(name, method, &path, body.clone());
            assert!(answer.status.is_client_error(), "{name} {path}: {} {}", answer.status, answer.text);
            assert!(!answer.text.contains(&whole), "{name} {path}: {}", answer.text);
            assert!(!format!("{:?}", answer.headers).contains(&whole), "{name} {path}");
        }
    }
    let log = Office::open(&guarded.workspace).unwrap().audit(before, usize::MAX).unwrap();
    assert!(log.len() > 50 && !log.iter().any(|entry| format!("{entry:?}").contains(&whole)), "the log keeps it");
}
