//! Are the files of a run whole, equal for equal findings, and readable column by column?

use super::world::World;
use arrow::array::{Array, StringArray};
use medring::report;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::{self, File};
use std::path::Path;

fn column(path: &Path, name: &str) -> Vec<String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("written")).expect("Parquet");
    let mut values = Vec::new();
    for batch in reader.build().expect("readable") {
        let batch = batch.expect("readable");
        let column = batch.column_by_name(name).unwrap_or_else(|| panic!("column {name}")).clone();
        let texts = column.as_any().downcast_ref::<StringArray>().expect("text").clone();
        values.extend(
            (0..texts.len()).map(|at| if texts.is_null(at) { String::new() } else { texts.value(at).to_owned() }),
        );
    }
    values
}

#[test]
fn all_six_files_are_written_and_nothing_else_is_left() {
    let out = tempfile::tempdir().expect("a folder");
    report::write(&World::five().edition(), out.path()).expect("written");
    let mut names: Vec<String> = fs::read_dir(out.path())
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["evidence.parquet", "members.parquet", "report.html", "rings.jsonl", "run.json", "ties.parquet"]
    );
}

#[test]
fn equal_findings_give_equal_bytes() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut world = World::five();
    report::write(&world.edition(), one.path()).expect("written");
    world.ties.reverse();
    world.activity.reverse();
    report::write(&world.edition(), two.path()).expect("written");
    for name in ["rings.jsonl", "members.parquet", "ties.parquet", "evidence.parquet", "report.html"] {
        assert!(
            fs::read(one.path().join(name)).expect("read") == fs::read(two.path().join(name)).expect("read"),
            "{name}"
        );
    }
}

#[test]
fn a_failed_run_leaves_nothing_to_trust() {
    let out = tempfile::tempdir().expect("a folder");
    report::write(&World::five().edition(), out.path()).expect("written");
    fs::remove_file(out.path().join("run.json")).expect("removed");
    fs::create_dir_all(out.path().join("run.json/in the way")).expect("made");
    let error = report::write(&World::five().edition(), out.path()).expect_err("run.json cannot be replaced");
    assert!(error.to_string().contains("run.json"), "{error}");
    assert!(!out.path().join("rings.jsonl").exists());
    let parts = fs::read_dir(out.path())
        .expect("readable")
        .filter(|entry| entry.as_ref().expect("readable").file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(parts.count(), 0);
}

#[test]
fn members_and_ties_carry_the_identifiers_of_the_contract() {
    let out = tempfile::tempdir().expect("a folder");
    let world = World::five();
    report::write(&world.edition(), out.path()).expect("written");
    let members: usize = world.rings.iter().map(|ring| ring.finding.members.len()).sum();
    let ids = column(&out.path().join("members.parquet"), "id");
    assert_eq!(ids.len(), members);
    assert!(ids.contains(&"ECQR-77120".to_owned()));
    let kinds = column(&out.path().join("ties.parquet"), "b_kind");
    assert!(kinds.contains(&"flow".to_owned()), "ties to contexts are kept");
    assert_eq!(kinds.len(), world.ties.len(), "every tie of this world is inside one ring");
}

#[test]
fn evidence_names_every_cited_row_once_per_factor() {
    let out = tempfile::tempdir().expect("a folder");
    let world = World::five();
    report::write(&world.edition(), out.path()).expect("written");
    let path = out.path().join("evidence.parquet");
    let cited: usize = world.rings.iter().flat_map(|ring| &ring.finding.factors).map(|factor| factor.facts.len()).sum();
    assert_eq!(column(&path, "row_id").len(), cited, "all settlements of this world are cited");
    let rows = column(&path, "row_id");
    assert!(rows.contains(&"Sa00000".to_owned()) && rows.contains(&"tel|</script><b>|1".to_owned()));
    assert!(column(&path, "table").contains(&"drug_trac_d".to_owned()));
}
