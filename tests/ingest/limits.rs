//! A value that is too long costs its row and no more, in every format; rows of a batch are bounded by whoever reads.

use super::formats::settlements_as_parquet_with;
use super::{Folder, HEADER, ROW, names, quarantined, row_with};
use medring::ingest::{ReadOptions, Tear};
use medring::model::{Reason, Table};

/// Bytes of a value at most.
const VALUE: usize = 32 << 10;

fn object(row: &str) -> String {
    let members: Vec<String> =
        HEADER.split(',').zip(row.split(',')).map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn a_value_that_is_too_long_costs_its_row() {
    // Required, read as missing when it makes no sense, and only a name.
    for column in ["setl_id", "setl_time", "med_type", "mdtrt_id", "refd_setl_flag"] {
        let long = row_with(column, &"7".repeat(VALUE + 1));
        let whole = row_with("setl_id", &"7".repeat(VALUE));
        let csv = format!("{HEADER}\n{ROW}\n{long}\n{whole}\n");
        let quoted =
            format!("{HEADER}\n{ROW}\n{}\n{whole}\n", row_with(column, &format!("\"{}\"", "7".repeat(VALUE + 1))));
        let tsv = csv.replace(',', "\t");
        let json = format!("{}\n{}\n{}\n", object(ROW), object(&long), object(&whole));
        let parquet = settlements_as_parquet_with(&[ROW.to_owned(), long.clone(), whole.clone()]);
        let files: [(&str, &[u8]); 5] = [
            ("setl_d.csv", csv.as_bytes()),
            ("setl_d.csv", quoted.as_bytes()),
            ("setl_d.tsv", tsv.as_bytes()),
            ("setl_d.jsonl", json.as_bytes()),
            ("setl_d.parquet", &parquet),
        ];
        for (name, bytes) in files {
            let folder = Folder::with(name, bytes);
            let rejects = folder.path().join("rejects");
            let options = ReadOptions { reject_dir: Some(rejects.clone()), ..ReadOptions::default() };
            let (batch, tally) = folder.read_with(&options);
            let said = (batch.settlements.len(), quarantined(&tally, Table::SetlD, Reason::E17));
            assert_eq!(said, (2, 1), "{column} in {name}: {tally:?}");
            assert_eq!(tally.tables[&Table::SetlD].torn.get(&Tear::LongValue), Some(&1), "{column} in {name}");
            assert_eq!(names(&rejects), ["setl_d.csv"], "{column} in {name}");
            let text = std::fs::read_to_string(rejects.join("setl_d.csv")).expect("reads");
            assert!(
                text.contains("E17") && text.contains("a lost line end") && text.contains(column),
                "{}",
                &text[..400]
            );
        }
    }
}

#[test]
fn a_long_value_of_a_column_that_nobody_reads_costs_nothing() {
    let text = format!("{HEADER},note\n{ROW},{}\n", "x".repeat(2 * VALUE));
    let (batch, tally) = Folder::with("setl_d.csv", text).read();
    assert_eq!((batch.settlements.len(), tally.tables[&Table::SetlD].quarantined_rows()), (1, 0));
}
