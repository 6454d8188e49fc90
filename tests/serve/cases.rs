//! Does a case go its way, only when what it needs is there, and only when somebody else agrees?

use super::office::{guarded, guarded_with};
use axum::http::StatusCode;
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
