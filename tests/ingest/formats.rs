//! The same table as CSV, TSV, JSON Lines, Parquet, gzip and Zstandard gives the same rows.

use super::{Folder, HEADER};
use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use medring::model::{Row, RowRef, Settlement};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// Rows of the smallest table, different in every column, with an empty field now and then.
fn rows(count: usize) -> Vec<Vec<String>> {
    let types = ["11", "2101", "41", "1401", "28"];
    (0..count)
        .map(|number| {
            let day = 1 + number % 27;
            let fee = 100 * number + 7 * (number % 13);
            vec![
                format!("S{number:05}"),
                format!("{}", 10_000_000 + number % 97),
                format!("3401{:02}", 1 + number % 20),
                format!("H340104{:05}", number % 31),
                if number % 5 == 0 { String::new() } else { "340104".to_owned() },
                format!("2024-03-{day:02}"),
                format!("2024-03-{:02}", day + 2),
                format!("2024-03-{:02} {:02}:30:00", day + 2, number % 24),
                types[number % 5].to_owned(),
                format!("{}.{:02}", fee / 100, fee % 100),
                format!("{}.5", fee / 200),
                "0".to_owned(),
                if number % 3 == 0 { String::new() } else { format!("M{number}") },
            ]
        })
        .collect()
}

fn csv(rows: &[Vec<String>]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

fn json(rows: &[Vec<String>]) -> String {
    let names: Vec<&str> = HEADER.split(',').collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let members: Vec<String> = names
            .iter()
            .zip(row)
            .filter(|(_, value)| number % 2 == 0 || !value.is_empty())
            .map(|(name, value)| match (*name, value.is_empty()) {
                (_, true) => format!("\"{name}\": null"),
                ("medfee_sumamt" | "psn_no", false) => format!("\"{}\":{value}", name.to_uppercase()),
                _ => format!("\"{name}\": \"{}\"", value.replace('S', "\\u0053")),
            })
            .collect();
        text.push_str(&format!("{{{}, \"more\": {{\"a\": [1, \"}}\"]}}}}\n", members.join(",")));
    }
    text
}

fn parquet(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("columns are of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("a batch can be written");
    writer.close().expect("a footer can be written");
    bytes
}

fn texts(rows: &[Vec<String>], properties: WriterProperties) -> Vec<u8> {
    let names: Vec<&str> = HEADER.split(',').collect();
    let column = |at: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| (!row[at].is_empty()).then(|| row[at].clone())).collect::<StringArray>())
    };
    parquet(names.iter().enumerate().map(|(at, name)| (*name, column(at))).collect(), properties)
}

/// Dates, decimals, integers and floats as such.
fn typed(rows: &[Vec<String>], floats: bool) -> Vec<u8> {
    let names: Vec<&str> = HEADER.split(',').collect();
    let day = |text: &str| 19_783 + text[8..10].parse::<i32>().expect("a day") - 1;
    let fen = |text: &str| {
        let (whole, part) = text.split_once('.').expect("a decimal");
        whole.parse::<i128>().expect("yuan") * 100 + format!("{part:0<2}").parse::<i128>().expect("fen")
    };
    let whole = |at: usize| rows.iter().map(move |row| row[at].parse::<i64>().ok());
    let column = |at: usize| -> ArrayRef {
        match at {
            5 | 6 => Arc::new(rows.iter().map(|row| Some(day(&row[at]))).collect::<Date32Array>()),
            7 => Arc::new(
                rows.iter()
                    .map(|row| {
                        let hour: i64 = row[7][11..13].parse().expect("an hour");
                        Some((i64::from(day(&row[7])) * 86_400 + hour * 3_600 + 1_800) * 1_000)
                    })
                    .collect::<TimestampMillisecondArray>(),
            ),
            9 | 10 if floats => Arc::new(rows.iter().map(|row| row[at].parse::<f64>().ok()).collect::<Float64Array>()),
            9 | 10 => Arc::new(
                rows.iter()
                    .map(|row| Some(fen(&row[at]) * 10_000))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(18, 6)
                    .expect("a decimal type"),
            ),
            1 | 2 | 8 | 11 if floats => {
                Arc::new(rows.iter().map(|row| row[at].parse::<f64>().ok()).collect::<Float64Array>())
            }
            1 | 2 | 4 | 8 | 11 => Arc::new(whole(at).collect::<Int64Array>()),
            _ => {
                Arc::new(rows.iter().map(|row| (!row[at].is_empty()).then(|| row[at].clone())).collect::<StringArray>())
            }
        }
    };
    parquet(names.iter().enumerate().map(|(at, name)| (*name, column(at))).collect(), WriterProperties::default())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

fn settlements(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Row<Settlement>> {
    let (batch, tally) = Folder::with(name, bytes).read();
    assert_eq!(tally.quarantined(), 0, "{name} {tally:?}");
    batch.settlements
}

#[test]
fn all_formats_give_the_same_rows() {
    let rows = rows(700);
    let text = csv(&rows);
    let expected = settlements("setl_d.csv", &text);
    assert_eq!(expected.len(), 700);
    let small = WriterProperties::builder().set_max_row_group_row_count(Some(64)).build();
    let plain = WriterProperties::builder().set_dictionary_enabled(false).build();
    let zstd_pages =
        WriterProperties::builder().set_compression(parquet::basic::Compression::ZSTD(Default::default())).build();
    let two_members = [gz(&text.as_bytes()[..5_000]), gz(&text.as_bytes()[5_000..])].concat();
    for (name, bytes) in [
        ("setl_d.tsv", text.replace(',', "\t").into_bytes()),
        ("setl_d.csv.gz", gz(text.as_bytes())),
        ("setl_d.csv.gz", two_members),
        ("setl_d.tsv.zst", zstd::encode_all(text.replace(',', "\t").as_bytes(), 3).expect("zstd")),
        ("setl_d.jsonl", json(&rows).into_bytes()),
        ("setl_d.ndjson.gz", gz(json(&rows).as_bytes())),
        ("setl_d.parquet", texts(&rows, WriterProperties::default())),
        ("setl_d.parquet", texts(&rows, small)),
        ("setl_d.parquet", texts(&rows, plain)),
        ("setl_d.parquet", texts(&rows, zstd_pages)),
        ("setl_d.parquet", typed(&rows, false)),
        ("setl_d.parquet", typed(&rows, true)),
    ] {
        assert_eq!(settlements(name, bytes), expected, "{name}");
    }
}

#[test]
fn part_files_are_one_table() {
    let rows = rows(90);
    let (whole, folder) = (settlements("setl_d.csv", csv(&rows)), Folder::new());
    folder.add("setl_d/part-0.csv", csv(&rows[..30]));
    folder.add("setl_d/part-1.csv", "");
    folder.add("setl_d/year=2024/part-2.parquet", texts(&rows[30..60], WriterProperties::default()));
    folder.add("setl_d_2024-03.jsonl", json(&rows[60..]));
    folder.add("setl_d/_SUCCESS", "").add("notes.md", "hello");
    let (batch, _) = folder.read();
    let bare = |rows: &[Row<Settlement>]| {
        let mut rows: Vec<_> = rows.iter().map(|row| Row { origin: RowRef::default(), ..*row }).collect();
        rows.sort();
        rows
    };
    assert_eq!(bare(&batch.settlements), bare(&whole));
    let source = folder.open().expect("tables");
    let paths: Vec<_> = source.files().iter().map(|file| file.path.clone()).collect();
    assert!(paths.is_sorted());
    assert_eq!((paths.len(), source.ignored().len()), (3, 2));
    let parts = medring::ingest::Source::open(&[folder.path().join("setl_d")]).expect("a part folder is an input");
    assert_eq!(super::read(&parts, &Default::default()).0.settlements.len(), 60);
}

#[test]
fn long_numbers_in_json_stay_whole_and_cut_ones_are_told() {
    let row = |person: &str| {
        json(&rows(1)).replace(&format!("\"PSN_NO\":{}", rows(1)[0][1]), &format!("\"PSN_NO\":{person}"))
    };
    let long = settlements("setl_d.jsonl", row("340100000000000000000000000001"));
    assert_eq!(
        long[0].fact.person,
        medring::model::Party::of(medring::model::PartyKind::Person, "340100000000000000000000000001")
    );
    let names: Vec<&str> = HEADER.split(',').collect();
    let rows = rows(2);
    let column = |at: usize| -> ArrayRef {
        if at == 1 {
            Arc::new(Float64Array::from(vec![Some(12_345.0), Some(3.401e25)]))
        } else {
            Arc::new(rows.iter().map(|row| (!row[at].is_empty()).then(|| row[at].clone())).collect::<StringArray>())
        }
    };
    let bytes =
        parquet(names.iter().enumerate().map(|(at, name)| (*name, column(at))).collect(), WriterProperties::default());
    let (batch, tally) = Folder::with("setl_d.parquet", bytes).read();
    assert_eq!(batch.settlements.len(), 1);
    assert_eq!(super::quarantined(&tally, medring::model::Table::SetlD, medring::model::Reason::E17), 1);
}

/// A Parquet file with texts, for other tests.
pub(crate) fn settlements_as_parquet(count: usize, group: usize) -> Vec<u8> {
    texts(&rows(count), WriterProperties::builder().set_max_row_group_row_count(Some(group)).build())
}

/// Settlements, each as its line of CSV, as Parquet.
pub(crate) fn settlements_as_parquet_with(lines: &[String]) -> Vec<u8> {
    let rows: Vec<Vec<String>> = lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    texts(&rows, WriterProperties::builder().build())
}

/// The same as CSV.
pub(crate) fn settlements_as_csv(count: usize) -> String {
    csv(&rows(count))
}

#[test]
fn quoted_line_ends_do_not_cut_records_between_chunks() {
    let bare = csv(&rows(20_000));
    let note = "\"\"quoted\"\", line\n".repeat(20);
    let mut text = format!("{HEADER},note\n");
    for line in bare.lines().skip(1) {
        text.push_str(&format!("{line},\"{note}\"\r\n"));
    }
    assert!(text.len() > 4 << 20, "several chunks");
    let bare_of = |name: &str, text: &str| {
        settlements(name, text).into_iter().map(|row| (row.origin, row.content)).collect::<Vec<_>>()
    };
    assert_eq!(bare_of("setl_d.csv", &text), bare_of("setl_d.csv", &bare));
}
