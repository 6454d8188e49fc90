//! Does a hand-over go its way on the page: looked at, agreed to, sealed, received; and does a document leave a case only in sight?

use super::ask;
use super::office::{Guarded, guarded_with};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::report::bundle::{Flaw, verify};
use medring::serve::ServeOptions;
use medring::store::{Office, sha256};
use serde_json::{Value, json};

/// Sends a file as somebody.
fn send(guarded: &Guarded, who: &str, path: &str, bytes: &[u8]) -> super::Answer {
    let asked = Request::post(path).header("x-medring", "page").header("cookie", &guarded.cookies[who]);
    let asked = asked.header("content-type", "application/octet-stream");
    ask(&guarded.server, asked.body(Body::from(bytes.to_vec())).unwrap())
}

/// A case of lin and luo that stands before the hand-over.
fn before_handover(guarded: &Guarded) -> String {
    let ring = guarded.told("lin", "/v1/rings")["rings"][0]["id"].as_str().unwrap().to_owned();
    let made = guarded.done("lin", "/v1/cases", json!({"title": "一案", "rings": [ring]}));
    let id = made["case"]["id"].as_str().unwrap().to_owned();
    guarded.done("lin", &format!("/v1/cases/{id}/staff"), json!({"owner": "lin", "second": "luo"}));
    for stage in ["check", "administrative", "investigation", "handover"] {
        guarded.done("lin", &format!("/v1/cases/{id}/steps"), json!({"to": stage}));
    }
    id
}

/// The second officer, or whoever is named, agrees to what lin asks for.
fn agreed(guarded: &Guarded, id: &str, to: &str, by: &str) -> Value {
    let asked = guarded.done("lin", &format!("/v1/cases/{id}/steps"), json!({"to": to}));
    let number = asked["case"]["asked"]["number"].as_i64().unwrap();
    guarded.done(by, &format!("/v1/cases/{id}/steps/{number}"), json!({"approve": true}))
}

#[test]
fn a_hand_over_is_looked_at_agreed_to_sealed_and_received() {
    let guarded = guarded_with("handover", ServeOptions::default());
    let id = before_handover(&guarded);
    let at = |rest: &str| format!("/v1/cases/{id}{rest}");
    let paper = b"%PDF-1.7 a report";
    assert_eq!(send(&guarded, "lin", &at("/documents?name=a.pdf"), paper).status, StatusCode::CREATED);

    // A look: files with hashes, who is named, masked, and what is missing; nothing is sealed.
    let dry = guarded.told("luo", &at("/bundle"));
    let paths: Vec<&str> = dry["files"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    for path in ["letter.html", "slip.html", "members.csv", "evidence.jsonl", "documents/0001.pdf"] {
        assert!(paths.contains(&path), "{path} is not among {paths:?}");
    }
    assert!(dry["missing"]["en"].as_str().unwrap().contains("second officer"), "{dry}");
    let people = dry["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == "person").unwrap();
    let named = dry["named"].as_array().unwrap();
    assert_eq!(named.iter().filter(|one| one["kind"] == "person").count() as u64, people["count"].as_u64().unwrap());
    let masked = |one: &&Value| one["kind"] != "person" || one["id"].as_str().unwrap().contains('…');
    assert!(named.iter().all(|one| masked(&one)), "{dry}");
    guarded.refused("lin", &at("/bundle"), json!({}), "MR-WEB-020");
    assert!(guarded.told("lin", &at(""))["sealed"].as_array().unwrap().is_empty());

    // Somebody else's agreement is not the second officer's.
    agreed(&guarded, &id, "receipt", "ren");
    guarded.refused("lin", &at("/bundle"), json!({}), "MR-WEB-020");
    for stage in ["declined", "investigation", "handover"] {
        guarded.done("lin", &at("/steps"), json!({"to": stage}));
    }
    let moved = agreed(&guarded, &id, "receipt", "luo");
    assert_eq!((&moved["case"]["clock"], &moved["handover"]["missing"]), (&json!("green"), &Value::Null));
    let receipt = b"%PDF-1.7 received";
    let early = send(&guarded, "lin", &at("/receipts?name=back.pdf"), receipt);
    assert_eq!(early.status, StatusCode::CONFLICT, "nothing was sealed yet");

    // Sealed: the archive verifies under the key that the look named, and the case knows its hash.
    let sealed = guarded.ask("lin", "POST", &at("/bundle"), Some(json!({})));
    assert_eq!((sealed.status, &sealed.headers["content-type"]), (StatusCode::OK, &"application/zip".parse().unwrap()));
    assert!(sealed.headers["content-disposition"].to_str().unwrap().contains(&format!("{id}.zip")));
    let key = dry["public_key"].as_str().unwrap();
    let whole = verify(&sealed.bytes, Some(key));
    assert_eq!((whole.case.as_str(), whole.files, whole.flaws), (id.as_str(), paths.len(), Vec::<Flaw>::new()));
    let case = guarded.told("lin", &at(""));
    let row = &case["sealed"][0];
    assert_eq!((row["sha256"].as_str(), &row["by"]), (Some(sha256(&sealed.bytes).as_str()), &json!("lin")));
    assert_eq!((&row["revealed"], row["bytes"].as_u64()), (&json!(false), Some(sealed.bytes.len() as u64)));

    // In full only with a reason, which the log keeps as a reveal.
    guarded.refused("lin", &at("/bundle"), json!({"reveal": " "}), "MR-WEB-004");
    let full = guarded.ask("lin", "POST", &at("/bundle"), Some(json!({"reveal": "for the police"})));
    assert!(full.status == StatusCode::OK && full.bytes != sealed.bytes);
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    let of = |action: &str| log.iter().filter(|one| one.action == action && one.object == id).collect::<Vec<_>>();
    assert!(of("reveal").iter().any(|one| one.actor == "lin" && one.detail.contains("for the police")));
    let sum = sha256(&full.bytes);
    assert!(of("build_bundle").iter().any(|one| one.outcome == "done" && one.detail.contains(&sum)));
    assert!(of("build_bundle").iter().any(|one| one.actor == "luo" && one.detail.contains("\"dry_run\":true")));
    assert!(of("build_bundle").iter().any(|one| one.outcome == "refused"));

    // The receipt is a document of the case, says what it is for, and stops the clock.
    assert_eq!(send(&guarded, "lin", &at("/receipts?name=back.pdf&sealed=9"), receipt).status, StatusCode::CONFLICT);
    assert_eq!(send(&guarded, "lin", &at("/receipts?name=back.html"), receipt).status, StatusCode::BAD_REQUEST);
    let received = send(&guarded, "lin", &at("/receipts?name=back.pdf&sealed=1"), receipt);
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text);
    let case = received.json();
    assert_eq!((&case["case"]["clock"], &case["receipts"][0]["sealed"]), (&json!("met"), &json!(1)));
    let number = case["receipts"][0]["document"].as_i64().unwrap();
    assert!(guarded.ask("luo", "GET", &at(&format!("/documents/{number}")), None).bytes == receipt);
    guarded.refused("lin", &at(&format!("/documents/{number}")), json!({"removed": true, "why": "x"}), "MR-WEB-020");
    // What came after the agreement is not handed over.
    let again = guarded.ask("lin", "POST", &at("/bundle"), Some(json!({})));
    assert!(again.bytes == sealed.bytes, "the same case gives the same bytes");
    // The next stage has a clock of its own.
    assert_eq!(guarded.done("lin", &at("/steps"), json!({"to": "declined"}))["case"]["clock"], "green");
}

#[test]
fn a_document_leaves_a_case_only_in_sight() {
    let guarded = guarded_with("removal", ServeOptions::default());
    let id = before_handover(&guarded);
    let at = |rest: &str| format!("/v1/cases/{id}{rest}");
    for name in ["a.txt", "b.txt"] {
        assert_eq!(send(&guarded, "luo", &at(&format!("/documents?name={name}")), b"text").status, StatusCode::CREATED);
    }
    let out = |why: &str| json!({"removed": true, "why": why});
    guarded.refused("luo", &at("/documents/1"), out("whoever attached it"), "MR-WEB-017");
    guarded.refused("lin", &at("/documents/1"), out("  "), "MR-WEB-004");
    guarded.refused("lin", &at("/documents/9"), out("there is none"), "MR-WEB-001");
    guarded.refused("lin", &at("/documents/1"), json!({"removed": false, "why": "it is there"}), "MR-WEB-020");
    let case = guarded.done("lin", &at("/documents/1"), out("names a bystander"));
    let row = &case["documents"][0];
    assert_eq!((&row["removed"], &row["name"], &row["by"]), (&json!(true), &json!("a.txt"), &json!("luo")));
    let change = &row["changes"][0];
    assert_eq!((&change["by"], &change["why"]), (&json!("lin"), &json!("names a bystander")));
    // It is neither given out nor handed over, and it can be put back.
    assert_eq!(guarded.ask("lin", "GET", &at("/documents/1"), None).status, StatusCode::CONFLICT);
    let papers = |dry: &Value| {
        dry["files"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["path"].as_str().unwrap().starts_with("documents/"))
            .count()
    };
    assert_eq!(papers(&guarded.told("lin", &at("/bundle"))), 1);
    let back = guarded.done("lin", &at("/documents/1"), json!({"removed": false, "why": "a mistake"}));
    assert_eq!(back["documents"][0]["changes"].as_array().unwrap().len(), 2);
    assert_eq!(guarded.ask("lin", "GET", &at("/documents/1"), None).bytes, b"text");
    assert_eq!(papers(&guarded.told("lin", &at("/bundle"))), 2);
    // What was agreed to be handed over stays, until the case goes back.
    agreed(&guarded, &id, "receipt", "luo");
    guarded.refused("lin", &at("/documents/1"), out("too late"), "MR-WEB-020");
    for stage in ["declined", "investigation"] {
        guarded.done("lin", &at("/steps"), json!({"to": stage}));
    }
    guarded.done("lin", &at("/documents/1"), out("names a bystander"));
    // The log says which, by hash, and not why: a reason may name somebody.
    let log = Office::open(&guarded.workspace).unwrap().audit(0, usize::MAX).unwrap();
    let of = |outcome: &str| log.iter().filter(|one| one.action == "remove_document" && one.outcome == outcome).count();
    assert_eq!((of("done"), of("refused")), (3, 5));
    let told = log.iter().any(|one| one.action == "remove_document" && one.detail.contains(&sha256(b"text")));
    assert!(told && !log.iter().any(|one| one.detail.contains("bystander")));
}
