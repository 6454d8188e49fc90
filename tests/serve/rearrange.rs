//! Do two cases become one, and one two, only when somebody else agrees, and without anything being lost?

use super::ask;
use super::office::{Guarded, guarded_with};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::serve::ServeOptions;
use medring::store::Office;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Rings of the workspace.
fn rings(guarded: &Guarded) -> Vec<String> {
    let all = guarded.told("lin", "/v1/rings");
    all["rings"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// A case of lin with these rings and this second officer.
fn opened(guarded: &Guarded, title: &str, rings: &[String], second: &str) -> String {
    let made = guarded.done("lin", "/v1/cases", json!({"title": title, "rings": rings}));
    let id = made["case"]["id"].as_str().unwrap().to_owned();
    guarded.done("lin", &format!("/v1/cases/{id}/staff"), json!({"owner": "lin", "second": second}));
    id
}

/// What the frozen rows of a case are: which ring, what hash, when and by whom.
fn rows(guarded: &Guarded, id: &str) -> BTreeSet<(String, String, i64, String)> {
    let case = Office::open(&guarded.workspace).unwrap().case(id).unwrap().unwrap();
    let rows: BTreeSet<_> = case
        .evidence
        .iter()
        .map(|one| (one.content.ring.clone(), one.content.sha256.clone(), one.at, one.by.clone()))
        .collect();
    assert_eq!(rows.len(), case.evidence.len(), "a row is there twice");
    rows
}

fn names(case: &Value, list: &str, key: &str) -> BTreeSet<String> {
    case[list].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

/// Somebody agrees to what waits, or not.
fn decided(guarded: &Guarded, who: &str, id: &str, approve: bool) -> super::Answer {
    let number = guarded.told("lin", &format!("/v1/cases/{id}"))["case"]["asked"]["number"].as_i64().unwrap();
    let body = json!({"approve": approve, "why": "looked at"});
    guarded.ask(who, "POST", &format!("/v1/cases/{id}/steps/{number}"), Some(body))
}

fn note(guarded: &Guarded, id: &str, text: &str) {
    guarded.done("lin", &format!("/v1/cases/{id}/notes"), json!({"text": text}));
}

fn attach(guarded: &Guarded, id: &str, name: &str) {
    let asked = Request::post(format!("/v1/cases/{id}/documents?name={name}")).header("x-medring", "page");
    let asked = asked.header("cookie", &guarded.cookies["lin"]).header("content-type", "application/octet-stream");
    assert_eq!(ask(&guarded.server, asked.body(Body::from("text")).unwrap()).status, StatusCode::CREATED);
}

#[test]
fn two_cases_become_one_with_everything_in_them() {
    let guarded = guarded_with("merged", ServeOptions::default());
    let all = rings(&guarded);
    let (into, from) = (opened(&guarded, "one", &all[..2], "luo"), opened(&guarded, "two", &all[1..3], "team"));
    let case = |id: &str| guarded.told("lin", &format!("/v1/cases/{id}"));
    note(&guarded, &from, "from the other case");
    guarded.done("lin", &format!("/v1/cases/{from}/tasks"), json!({"text": "ask", "assignee": "team"}));
    attach(&guarded, &into, "a.txt");
    attach(&guarded, &from, "b.txt");
    attach(&guarded, &from, "out.txt");
    guarded.done("lin", &format!("/v1/cases/{from}/documents/2"), json!({"removed": true, "why": "of neither"}));
    guarded.done("lin", &format!("/v1/cases/{from}/canvases"), json!({"title": "drawn", "ring": all[2]}));
    let (before, other) = (rows(&guarded, &into), rows(&guarded, &from));
    let at = format!("/v1/cases/{into}/merge");
    let asked = |id: &str| json!({"case": id, "why": "one gang"});

    // One stage, both of one's own, a reason, and one question at a time.
    guarded.refused("luo", &at, asked(&from), "MR-WEB-019");
    guarded.refused("lin", &at, json!({"case": from, "why": " "}), "MR-WEB-004");
    guarded.done("lin", &format!("/v1/cases/{from}/steps"), json!({"to": "check"}));
    guarded.refused("lin", &at, asked(&from), "MR-WEB-020");
    guarded.done("lin", &format!("/v1/cases/{into}/steps"), json!({"to": "check"}));
    let waits = guarded.done("lin", &at, asked(&from));
    assert_eq!((&waits["case"]["asked"]["change"], waits["rings"].as_array().unwrap().len()), (&json!("takes_in"), 2));
    guarded.refused("lin", &at, asked(&from), "MR-WEB-020");
    guarded.refused("lin", &format!("/v1/cases/{into}/steps"), json!({"to": "administrative"}), "MR-WEB-020");

    // Whoever asked cannot agree; who does answers for both: luo is of one of them only.
    assert_eq!(decided(&guarded, "lin", &into, true).json()["code"], "MR-WEB-020");
    assert_eq!(decided(&guarded, "luo", &into, true).json()["code"], "MR-WEB-019");
    assert_eq!(decided(&guarded, "luo", &into, false).status, StatusCode::OK);
    assert_eq!(case(&from)["case"]["merged_into"], Value::Null);
    guarded.done("lin", &at, asked(&from));
    assert_eq!(decided(&guarded, "ren", &into, true).status, StatusCode::OK);

    let (now, gone) = (case(&into), case(&from));
    assert_eq!(names(&now, "rings", "ring"), all[..3].iter().cloned().collect());
    let expected: BTreeSet<_> = before.into_iter().chain(other.iter().filter(|row| row.0 == all[2]).cloned()).collect();
    assert_eq!(rows(&guarded, &into), expected, "each row once, with when and by whom it was frozen");
    assert_eq!(names(&now, "documents", "name"), ["a.txt", "b.txt"].map(str::to_owned).into());
    assert_eq!((names(&now, "notes", "text").len(), names(&now, "tasks", "text").len()), (1, 1));
    assert_eq!(now["canvases"][0]["title"], "drawn");
    assert_eq!((&now["case"]["stage"], &now["case"]["members"]), (&json!("check"), &json!(["team"])));
    // The earlier clock goes on: the other case came to the stage before this one.
    assert_eq!(now["case"]["stage_since"], gone["case"]["stage_since"]);

    // The other one is as it was, and only read.
    assert_eq!((&gone["case"]["merged_into"], rows(&guarded, &from)), (&json!(into), other));
    assert!(gone["may"].as_array().unwrap().is_empty() && gone["case"]["clock"] == "none", "{gone}");
    for (rest, body) in
        [("notes", json!({"text": "x"})), ("rings", json!({"ring": all[0]})), ("steps", json!({"to": "closed"}))]
    {
        guarded.refused("lin", &format!("/v1/cases/{from}/{rest}"), body, "MR-WEB-020");
    }
    // In the history of both, and in the log.
    let step = |case: &Value| {
        let last = case["steps"].as_array().unwrap().last().unwrap().clone();
        (last["change"]["kind"].clone(), last["change"]["case"].clone(), last["by"].clone(), last["decided_by"].clone())
    };
    let by = (json!("lin"), json!("ren"));
    assert_eq!(step(&now), (json!("takes_in"), json!(from), by.0.clone(), by.1.clone()));
    assert_eq!(step(&gone), (json!("gone_into"), json!(into), by.0, by.1));
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    assert!(log.iter().any(|one| one.action == "rearrange_case" && one.object == into && one.outcome == "done"));
    assert!(log.iter().any(|one| one.action == "decide_case" && one.object == into && one.actor == "ren"));
    // The report counts what stands there: one case.
    let report = guarded.told("ren", "/v1/reports");
    let week = report["reports"][0]["period"].as_str().unwrap();
    let stages = guarded.told("ren", &format!("/v1/reports/{week}"))["stages"].clone();
    assert_eq!(stages.as_array().unwrap().iter().map(|one| one["cases"].as_u64().unwrap()).sum::<u64>(), 1);
}

#[test]
fn one_case_becomes_two_and_one_again() {
    let guarded = guarded_with("split", ServeOptions::default());
    let all = rings(&guarded);
    let id = opened(&guarded, "two gangs", &all[..3], "luo");
    let at = |rest: &str| format!("/v1/cases/{id}{rest}");
    attach(&guarded, &id, "a.txt");
    attach(&guarded, &id, "b.txt");
    for (title, ring) in [("goes", &all[0]), ("stays", &all[1])] {
        guarded.done("lin", &at("/canvases"), json!({"title": title, "ring": ring}));
    }
    guarded.done("lin", &at("/steps"), json!({"to": "check"}));
    let (before, frozen) = (guarded.told("lin", &at("")), rows(&guarded, &id));
    let asked = |rings: &[&String], documents: &[i64]| json!({"title": "the other", "rings": rings, "documents": documents, "why": "two gangs"});
    for odd in [asked(&[], &[]), asked(&[&all[0], &all[0]], &[]), asked(&[&all[3]], &[]), asked(&[&all[0]], &[9])] {
        guarded.refused("lin", &at("/split"), odd, "MR-WEB-004");
    }
    guarded.refused("lin", &at("/split"), asked(&[&all[0], &all[1], &all[2]], &[]), "MR-WEB-004");
    guarded.done("lin", &at("/split"), asked(&[&all[0]], &[2]));
    assert_eq!(decided(&guarded, "lin", &id, true).json()["code"], "MR-WEB-020");
    assert_eq!(decided(&guarded, "luo", &id, true).status, StatusCode::OK);

    let now = guarded.told("lin", &at(""));
    let new = now["steps"].as_array().unwrap().last().unwrap()["change"]["case"].as_str().unwrap().to_owned();
    let made = guarded.told("luo", &format!("/v1/cases/{new}"));
    assert_eq!(
        (names(&made, "rings", "ring"), names(&now, "rings", "ring")),
        ([all[0].clone()].into(), all[1..3].iter().cloned().collect())
    );
    let (left, stayed): (BTreeSet<_>, BTreeSet<_>) = frozen.iter().cloned().partition(|row| row.0 == all[0]);
    assert_eq!(
        (rows(&guarded, &new), rows(&guarded, &id)),
        (left, stayed),
        "each row once, with when and by whom it was frozen"
    );
    assert_eq!(
        (names(&made, "documents", "name"), names(&made, "canvases", "title")),
        (["b.txt".to_owned()].into(), ["goes".to_owned()].into())
    );
    for key in ["stage", "stage_since", "owner", "second"] {
        assert_eq!(made["case"][key], before["case"][key], "{key}");
    }
    assert_eq!((&made["case"]["title"], &made["steps"][0]["change"]["case"]), (&json!("the other"), &json!(id)));
    // What left is attached again only by a merge.
    guarded.refused("lin", &at("/rings"), json!({"ring": all[0]}), "MR-WEB-020");

    // And one again: the rows that left are those that come back.
    guarded.done("lin", &at("/merge"), json!({"case": new, "why": "one after all"}));
    assert_eq!(decided(&guarded, "luo", &id, true).status, StatusCode::OK);
    let back = guarded.told("lin", &at(""));
    assert_eq!((names(&back, "rings", "ring"), rows(&guarded, &id)), (all[..3].iter().cloned().collect(), frozen));
    assert_eq!(back["evidence_sha256"], before["evidence_sha256"], "in the same order");
    assert_eq!(back["case"]["stage_since"], before["case"]["stage_since"]);

    // What is handed over or decided stays as it was.
    let to = |stage: &str| json!({"to": stage});
    for stage in ["administrative", "investigation", "handover", "receipt"] {
        guarded.done("lin", &at("/steps"), to(stage));
    }
    assert_eq!(decided(&guarded, "luo", &id, true).status, StatusCode::OK);
    guarded.refused("lin", &at("/split"), asked(&[&all[0]], &[]), "MR-WEB-020");
}
