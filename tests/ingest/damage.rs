//! Files that no table can come of: a clear message, and nothing half-written.

use super::formats::settlements_as_parquet;
use super::{Folder, HEADER, ROW, names, quarantined};
use medring::ingest::{IngestError, ReadOptions, Source};
use medring::model::{Reason, Table};
use std::io::Write;
use std::ops::ControlFlow;

/// Bytes without meaning, from a seed.
fn random(length: usize, mut seed: u64) -> Vec<u8> {
    (0..length)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed.to_be_bytes()[0]
        })
        .collect()
}

fn message(folder: &Folder) -> String {
    match folder.open() {
        Ok(_) => "opened".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_file_cut_in_a_row_loses_that_row_only() {
    let text = format!("{HEADER}\n{ROW}\n{ROW}\n{}", &ROW[..60]);
    let (batch, tally) = Folder::with("setl_d.csv", &text).read();
    assert_eq!((batch.settlements.len(), quarantined(&tally, Table::SetlD, Reason::E17)), (2, 1));
    let quoted = format!("{HEADER}\n{ROW}\n\"S2\",\"340");
    let (batch, tally) = Folder::with("setl_d.csv", quoted).read();
    assert_eq!((batch.settlements.len(), quarantined(&tally, Table::SetlD, Reason::E17)), (1, 1));
}

#[test]
fn random_bytes_are_named_as_such() {
    for seed in 1..6 {
        for name in ["setl_d.csv", "setl_d.jsonl"] {
            let text = message(&Folder::with(name, random(100_000, seed)));
            assert!(text.contains(name) && text.contains("expected UTF-8 or GB18030"), "{seed} {text}");
        }
        for name in ["setl_d.parquet", "setl_d.csv.gz", "setl_d.csv.zst"] {
            let text = message(&Folder::with(name, random(100_000, seed)));
            assert!(text.contains(name) && text.contains("damaged or cut short"), "{seed} {text}");
        }
    }
}

#[test]
fn random_bytes_among_rows_are_set_aside() {
    for seed in 1..6 {
        let mut bytes = format!("{HEADER}\n{ROW}\n").into_bytes();
        bytes.extend(random(50_000, seed));
        bytes.extend(format!("\n{ROW}\n{ROW}\n").bytes());
        let (batch, tally) = Folder::with("setl_d.csv", bytes).read();
        let table = &tally.tables[&Table::SetlD];
        assert_eq!(table.read, table.passed + table.quarantined_rows());
        assert!(batch.settlements.len() >= 2 && table.quarantined_rows() > 0, "{seed} {table:?}");
    }
}

#[test]
fn nothing_to_read_is_an_error() {
    let folder = Folder::new();
    assert!(message(&folder).contains("the folder is empty"));
    folder.add("notes.txt", "hello");
    assert!(message(&folder).contains("notes.txt"));
    folder.add("setl_d.csv", "");
    assert!(message(&folder).contains("the file is empty"));
    assert!(matches!(Source::open(&[]), Err(IngestError::NoTables { .. })));
    assert!(matches!(Source::open(&[folder.path().join("absent.csv")]), Err(IngestError::Read { .. })));
    assert!(matches!(Source::open(&[folder.path().join("notes.txt")]), Err(IngestError::NoTables { .. })));
}

#[test]
fn a_missing_column_is_named_with_its_remedy() {
    for name in ["psn_no", "setl_id", "begndate", "medfee_sumamt"] {
        let text = message(&Folder::with("setl_d.csv", format!("{}\n{ROW}\n", HEADER.replace(name, "other"))));
        for word in ["setl_d.csv", name, "other", "dataset.toml", "[columns.setl_d]"] {
            assert!(text.contains(word), "{name}: {text}");
        }
    }
}

#[test]
fn other_files_are_recognised() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(HEADER.bytes().flat_map(|byte| [byte, 0])).collect();
    assert!(message(&Folder::with("setl_d.csv", utf16)).contains("UTF-16"));
    assert!(message(&Folder::with("setl_d.csv", b"PK\x03\x04rest")).contains("spreadsheet"));
    assert!(message(&Folder::with("setl_d.csv", settlements_as_parquet(3, 3))).contains("Parquet"));
    assert!(message(&Folder::with("setl_d.jsonl", "[\n{\"setl_id\": 1}\n]")).contains("one object a line"));
}

#[test]
fn text_in_another_encoding_is_no_table_of_wrong_letters() {
    let rows: String = (0..40).map(|at| format!("{at},陳美玲,臺北市信義區松仁路一百號\n")).collect();
    let (big5, ..) = encoding_rs::BIG5.encode(&rows);
    let bytes: Vec<u8> = "psn_no,psn_name,addr\n".bytes().chain(big5.iter().copied()).collect();
    let text = message(&Folder::with("psn_info_b.csv", bytes));
    for word in ["psn_info_b.csv", "Big5", "UTF-8", "iconv", "dataset.toml"] {
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn damaged_compression_is_an_error_and_leaves_no_rejects() {
    let bad = format!("{HEADER}\n{}", format!("{}\n", ROW.replace("2101", "77")).repeat(50_000));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bad.as_bytes()).expect("gzip");
    let mut bytes = encoder.finish().expect("gzip");
    bytes.truncate(bytes.len() - 20);
    let folder = Folder::with("setl_d.csv.gz", bytes);
    let rejects = folder.path().join("rejects");
    for threads in [1, 3] {
        let options = ReadOptions { reject_dir: Some(rejects.clone()), threads, ..ReadOptions::default() };
        let read = folder.open().expect("the beginning is fine").read(&options, &mut |_| ControlFlow::Continue(()));
        assert!(matches!(read, Err(IngestError::Damaged { .. })));
        assert!(names(&rejects).is_empty());
    }
    let mut parquet = settlements_as_parquet(5_000, 700);
    let middle = parquet.len() / 2;
    parquet[middle..middle + 4_000].fill(0xff);
    let folder = Folder::with("setl_d.parquet", parquet);
    let read =
        folder.open().expect("the footer is fine").read(&ReadOptions::default(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(read, Err(IngestError::Damaged { .. })));
}

#[test]
fn an_endless_line_costs_one_row_and_no_memory() {
    for (name, open) in [("setl_d.csv", ""), ("setl_d.csv", "\""), ("setl_d.jsonl", "")] {
        let folder = Folder::new();
        let mut file = std::fs::File::create(folder.path().join(name)).expect("a file");
        let row = if name.ends_with("csv") { ROW.to_owned() } else { object() };
        let head = if name.ends_with("csv") { format!("{HEADER}\n") } else { String::new() };
        write!(file, "{head}{row}\n{open}").expect("written");
        let block = vec![b'x'; 1 << 20];
        (0..40).for_each(|_| file.write_all(&block).expect("written"));
        write!(file, "\n{row}\n").expect("written");
        drop(file);
        let (batch, tally) = folder.read();
        assert_eq!((batch.settlements.len(), quarantined(&tally, Table::SetlD, Reason::E17)), (2, 1), "{name} {open}");
        assert_eq!(batch.settlements[1].origin.row(), 3);
    }
}

fn object() -> String {
    let members: Vec<String> =
        HEADER.split(',').zip(ROW.split(',')).map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn an_unwritable_reject_folder_is_an_error() {
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    let reject_dir = Some(folder.path().join("setl_d.csv"));
    let read = folder
        .open()
        .expect("tables")
        .read(&ReadOptions { reject_dir, ..ReadOptions::default() }, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(read, Err(IngestError::Write { .. })));
}
