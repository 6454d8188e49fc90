//! `entity`: what is known of a party, against a plain recount of the tables.

use super::{done, made, medring, text};
use std::collections::BTreeSet;

/// Rows of a table of the world: cells by column.
fn rows(table: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let file = made().world.join(format!("{table}.csv"));
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_person_is_told_as_the_tables_say() {
    let workspace = text(&made().workspace);
    let ring = &done(&["ring", "ls", "--workspace", &workspace]).lines()[0];
    let people = ring["members"].as_array().unwrap().iter().filter(|member| member["kind"] == "person");
    let settlements = rows("setl_d");
    let of = |id: &str| settlements.iter().filter(|row| row["psn_no"] == id).collect::<Vec<_>>();
    // Somebody whose settlements were never taken back: then each row of the table is a fact.
    let plain = |id: &str| of(id).iter().all(|row| row["refd_setl_flag"] != "1" && row["init_setl_id"].is_empty());
    let id = people.map(|member| member["id"].as_str().unwrap()).find(|id| plain(id)).unwrap();
    let told = &done(&["entity", &format!("person:{id}"), "--workspace", &workspace, "--facts", "3"]).lines()[0];
    let distinct: BTreeSet<&str> = of(id).iter().map(|row| row["setl_id"].as_str()).collect();
    assert_eq!(told["tables"]["setl_d"]["facts"].as_u64(), Some(distinct.len() as u64), "{told}");
    assert_eq!((&told["kind"], &told["id"]), (&"person".into(), &id.into()));
    let shown = told["newest"].as_array().unwrap();
    assert_eq!(shown.len() as u64, told["facts"]["facts"].as_u64().unwrap().min(3), "{told}");
    assert!(told["rings_now"].as_array().unwrap().iter().any(|now| now["ring_id"] == ring["ring_id"]), "{told}");
    assert_eq!(told["rings_earlier"].as_array().map(Vec::len), Some(0));
    let places: BTreeSet<&str> = of(id).iter().map(|row| row["fixmedins_code"].as_str()).collect();
    let relations = told["relations"].as_array().unwrap().iter();
    let linked = relations.filter(|one| ["institution", "pharmacy"].contains(&one["kind"].as_str().unwrap()));
    let linked: u64 = linked.map(|one| one["parties"].as_u64().unwrap()).sum();
    assert!(linked >= places.len() as u64, "{places:?} in {told}");

    let table = |more: &[&str]| {
        let words = ["entity", &format!("person:{id}"), "--workspace", &workspace, "-o", "table", "--lang", "en"];
        done(&[&words[..], more].concat()).out
    };
    assert!(!table(&[]).contains(id) && table(&["--reveal"]).contains(id), "the table masks persons");
    let csv = done(&["entity", &format!("person:{id}"), "--workspace", &workspace, "-o", "csv"]).out;
    assert!(csv.starts_with("section,what,number,") && csv.contains("ring now"), "{csv}");
    let zh = done(&["entity", &format!("person:{id}"), "--workspace", &workspace, "-o", "table"]).out;
    assert!(zh.contains("现属团伙") && zh.contains("参保人"), "{zh}");
}

#[test]
fn a_place_has_a_card_and_nobody_is_one() {
    let workspace = text(&made().workspace);
    let place = &rows("fixmedins_b")[0];
    let id = format!("institution:{}", place["fixmedins_code"]);
    let told = &done(&["entity", &id, "--workspace", &workspace]).lines()[0];
    assert_eq!(told["place"]["area"].to_string(), place["fix_blng_admdvs"], "{told}");
    let nobody = medring(&["entity", "person:nobody", "--workspace", &workspace, "--lang", "en"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (Some(1), ""));
    assert!(nobody.err.contains("person:nobody") && nobody.err.contains("Remedy"), "{}", nobody.err);
    assert_eq!(medring(&["entity", "nobody", "--workspace", &workspace]).code, Some(2));
    assert!(done(&["entity", "--help"]).out.contains("medring entity institution:"));
}
