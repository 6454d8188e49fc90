//! Is a line of `rings.jsonl` the contract, byte for byte?

use super::world::World;
use medring::model::References;
use medring::report::ring_line;
use std::path::Path;

#[test]
fn lines_equal_the_golden_file() {
    let world = World::five();
    let lines: String =
        world.rings.iter().map(|ring| ring_line(ring, &world.names, &world.references) + "\n").collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/rings.jsonl");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&golden, &lines).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&golden).expect("the golden file exists");
    for (number, (line, expected)) in lines.lines().zip(expected.lines()).enumerate() {
        assert!(line == expected, "line {} differs; read the diff, then UPDATE_EXPECT=1\n{line}", number + 1);
    }
    assert_eq!(lines.len(), expected.len());
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let world = World::five();
    let line = ring_line(&world.rings[0], &world.names, &world.references);
    let keys = [
        "\"schema_version\":1,",
        "\"ring_id\":",
        "\"rank\":1,",
        "\"typology\":",
        "\"typologies\":[{\"name\":",
        "\"score\":",
        "\"expected_by_chance\":0.020,",
        "\"first_day\":\"2024-03-01\"",
        "\"last_day\":",
        "\"members\":[{\"kind\":\"phone\",\"id\":",
        "\"amount\":{\"total_fen\":",
        "\"net_of_reversals\":true",
        "\"factors\":[{\"code\":\"batch_surprise\",\"score\":6.40,\"zh\":",
        "\"facts\":[\"setl_d:",
        "\"counter_evidence\":[{\"code\":\"HN01\",\"score\":-0.60,",
    ];
    let mut from = 0;
    for key in keys {
        let at = line[from..].find(key).unwrap_or_else(|| panic!("{key} after byte {from} of {line}"));
        from += at + key.len();
    }
}

#[test]
fn every_line_is_json_whatever_the_identifiers_hold() {
    let world = World::five();
    for ring in &world.rings {
        let line = ring_line(ring, &world.names, &world.references);
        let value: serde_json::Value = serde_json::from_str(&line).expect("valid JSON");
        assert_eq!(value["members"].as_array().map(Vec::len), Some(ring.finding.members.len()));
        assert!(!line.contains('\n'));
    }
}

#[test]
fn pharmacies_are_told_from_institutions_by_the_references_only() {
    let world = World::five();
    let line = ring_line(&world.rings[1], &world.names, &world.references);
    assert!(line.contains(r#"{"kind":"pharmacy","id":"P3401000000""#));
    let line = ring_line(&world.rings[1], &world.names, &References::default());
    assert!(line.contains(r#"{"kind":"institution","id":"P3401000000""#));
}

#[test]
fn the_order_of_lists_in_a_finding_does_not_show() {
    let world = World::five();
    let mut ring = world.rings[0].clone();
    ring.finding.members.reverse();
    ring.finding.factors.reverse();
    ring.finding.counter_evidence.reverse();
    ring.finding.factors.iter_mut().for_each(|factor| factor.facts.reverse());
    let line = |ring| ring_line(ring, &world.names, &world.references);
    assert_eq!(line(&ring), line(&world.rings[0]));
}
