//! Are label and ring files read as they come, and do errors say where and what to do?

use medring::evaluation::{Labels, Reported};

#[test]
fn columns_may_be_in_any_case_and_order_and_some_may_be_absent() {
    let text = "\u{feff}Party_ID,RING_ID\n P1 ,A\nP2,A\n";
    let labels = Labels::read("labels.csv", text.as_bytes()).expect("readable");
    assert_eq!((labels.rings.len(), labels.rings[0].persons.len()), (1, 2));
    assert_eq!(labels.rings[0].typology, "unclassified");
    assert!(labels.rings[0].parties.values().all(|role| role == "patient"));
}

#[test]
fn look_alikes_are_told_by_their_typology() {
    let text = "ring_id,typology,party_id\nx,hn03,P1\ny,card_pool,P2\nz,HNx,P3\n";
    let labels = Labels::read("labels.csv", text.as_bytes()).expect("readable");
    assert_eq!((labels.look_alikes.len(), labels.rings.len()), (1, 2));
}

#[test]
fn label_errors_name_file_row_column_and_remedy() {
    let error = |text: &str| Labels::read("labels.csv", text.as_bytes()).expect_err("wrong").to_string();
    let message = error("ring_id,typology\nA,card_pool\n");
    assert!(message.contains("labels.csv, row 0, column party_id") && message.contains("add the column"), "{message}");
    let message = error("ring_id,party_kind,party_id\nA,person,1\nA,robot,2\n");
    assert!(message.contains("row 2, column party_kind") && message.contains("use person"), "{message}");
    assert!(error("ring_id,party_id\nA,1\n,2\n").contains("row 2, column ring_id"));
    assert!(error("ring_id,party_id\nA\n").contains("row 1"));
}

#[test]
fn ring_errors_name_the_line() {
    let error = Reported::read("rings.jsonl", "\n{\"schema_version\":1}".as_bytes()).expect_err("keys are missing");
    assert!(error.to_string().contains("rings.jsonl, row 2"), "{error}");
}
