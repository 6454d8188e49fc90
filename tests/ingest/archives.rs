//! A ZIP archive is read as the folder that it was made of; one that is damaged or lies is refused in words.

use super::{Folder, HEADER, ROW, read, row_with};
use encoding_rs::GB18030;
use medring::engine::batch_id;
use medring::ingest::{IngestError, ReadOptions, Source};
use medring::model::Batch;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn packed(files: &[(&str, &[u8])], how: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(how)).expect("begins");
        writer.write_all(bytes).expect("writes");
    }
    writer.finish().expect("ends").into_inner()
}

fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
    packed(files, CompressionMethod::Deflated)
}

/// Settlements as tables by tabulators, in GB18030, with a column of Chinese names.
fn text(rows: std::ops::Range<usize>) -> Vec<u8> {
    let mut text = format!("{HEADER},psn_name\n");
    for row in rows {
        text.push_str(&format!("{},张三\n", row_with("setl_id", &format!("S{row}"))));
    }
    GB18030.encode(&text.replace(',', "\t")).0.into_owned()
}

fn visits() -> Vec<u8> {
    b"mdtrt_id,psn_no,fixmedins_code,med_type,begntime\nM1,34010000000000000000000001,H34010400001,2101,2024-03-01 08:00:00\n".to_vec()
}

const MANIFEST: &[u8] = b"dataset = \"town\"\n[dictionary.med_type]\n\"77\" = \"INPT\"\n";

fn error(folder: &Folder) -> IngestError {
    match folder.open() {
        Err(error) => error,
        Ok(source) => {
            source.read(&ReadOptions::default(), &mut |_| ControlFlow::Continue(())).expect_err("it must be refused")
        }
    }
}

/// What stands in the rows, wherever their files are.
fn facts(batch: &Batch) -> (BTreeSet<String>, usize) {
    (batch.settlements.iter().map(|row| format!("{} {:?}", row.key, row.fact)).collect(), batch.visits.len())
}

#[test]
fn an_archive_is_read_as_the_folder_it_was_made_of() {
    let (first, second, visits) = (text(0..3_000), text(3_000..5_000), visits());
    let plain = Folder::new();
    plain.add("setl_d/1.txt", &first).add("setl_d/2.txt", &second).add("mdtrt_d.csv", &visits);
    plain.add("dataset.toml", MANIFEST);
    let (batch, tally) = plain.read();
    let expected = facts(&batch);
    assert_eq!((expected.0.len(), expected.1, tally.quarantined()), (5_000, 1, 0));
    let id = batch_id(&plain.open().expect("opens")).expect("has an id");

    let wrapped: Vec<(&str, &[u8])> = vec![
        ("结算数据/setl_d/1.txt", &first),
        ("结算数据/setl_d/2.txt", &second),
        ("结算数据/mdtrt_d.csv", &visits),
        ("结算数据/dataset.toml", MANIFEST),
        ("__MACOSX/._setl_d.csv", b"nothing"),
    ];
    for how in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        let bytes = packed(&wrapped, how);
        for bytes in [renamed(&bytes), bytes] {
            let folder = Folder::with("anything.ZIP", &bytes);
            let source = folder.open().expect("opens");
            assert_eq!(batch_id(&source).expect("has an id"), id, "the same rows are the same batch");
            let (batch, tally) = read(&source, &ReadOptions { threads: 2, keep_names: true, ..ReadOptions::default() });
            assert_eq!((facts(&batch), tally.quarantined()), (expected.clone(), 0));
            let row = batch.settlements[4_000].origin;
            let names = source.lookup(&BTreeSet::from([row])).expect("looks up");
            assert_eq!(names.rows[&row], batch.names.rows[&row]);
            let shown = source.files()[0].path.display().to_string();
            assert!(shown.contains("anything.ZIP/结算数据/"), "{shown}");
            assert!(source.ignored().is_empty(), "{:?}", source.ignored());
            assert_eq!(source.manifest_of(Path::new(&shown)).and_then(|it| it.dataset.as_deref()), Some("town"));
        }
    }
}

/// The archive with its names in GB18030, as archivers on Chinese systems write them. The lengths of names change, so it is
/// written anew.
fn renamed(bytes: &[u8]) -> Vec<u8> {
    let (utf8, gb) = ("结算数据".as_bytes(), GB18030.encode("结算数据").0);
    // Twelve bytes become eight and a folder of three letters: the places in the archive stay.
    let other = [&gb, b"/abc".as_slice()].concat();
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = (0..bytes.len() - utf8.len()).filter(|at| bytes[*at..].starts_with(utf8)).collect();
    assert!(places.len() >= 8);
    for at in places {
        bytes[at..at + utf8.len()].copy_from_slice(&other);
    }
    // Without the flag that says UTF-8 (bit 11), in local headers and in the directory.
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let heads: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(mark)).collect();
        heads.into_iter().for_each(|at| bytes[at + flags + 1] &= !8);
    }
    bytes
}

#[test]
fn in_an_archive_of_a_table_any_text_is_a_part() {
    let bytes = deflated(&[("202403.txt", &text(0..3)), ("more/202404.txt", &text(3..5)), ("readme.pdf", b"%PDF")]);
    for name in ["setl_d.zip", "setl_d/march.zip", "SETL_D_2024.zip"] {
        let folder = Folder::with(name, &bytes);
        assert_eq!(folder.read().0.settlements.len(), 5, "{name}");
        let ignored: Vec<String> =
            folder.open().expect("opens").ignored().iter().map(|path| path.display().to_string()).collect();
        assert!(ignored.len() == 1 && ignored[0].ends_with("readme.pdf"), "{ignored:?}");
    }
    let folder = Folder::with("march.zip", &bytes);
    let told = folder.open().map(|_| ()).expect_err("nothing names a table").to_string();
    assert!(told.contains("no table found") && told.contains("202403.txt"), "{told}");
    // The archive itself may be given, too.
    let folder = Folder::with("setl_d.zip", &bytes);
    let source = Source::open(&[folder.path().join("setl_d.zip")]).expect("opens");
    assert_eq!(read(&source, &ReadOptions::default()).0.settlements.len(), 5);
}

#[test]
fn a_cut_or_altered_archive_is_damaged_and_no_shorter_table() {
    let rows = text(0..2_000);
    let bytes = deflated(&[("setl_d.txt", &rows), ("mdtrt_d.csv", &visits())]);
    for length in [bytes.len() - 1, bytes.len() / 2, 100, 1, 0] {
        let error = error(&Folder::with("x.zip", &bytes[..length]));
        assert!(matches!(error, IngestError::Damaged { .. }), "{length}: {error}");
        assert!(error.to_string().contains("x.zip"), "{error}");
    }
    let mut altered = bytes.clone();
    altered[bytes.len() / 3] ^= 0x20;
    assert!(matches!(error(&Folder::with("x.zip", &altered)), IngestError::Damaged { .. }));
    // Stored rows that were altered still are rows: only the checksum tells.
    let mut altered = packed(&[("setl_d.txt", &rows)], CompressionMethod::Stored);
    let at = altered.windows(5).position(|five| five == b"S1999").expect("the last row is there");
    altered[at + 4] = b'8';
    let error = error(&Folder::with("x.zip", &altered)).to_string();
    assert!(error.contains("checksum") && error.contains("setl_d.txt"), "{error}");
}

#[test]
fn the_directory_must_not_lie() {
    let rows = text(0..50);
    let bytes = deflated(&[("setl_d.txt", &rows)]);
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("there is one");
    for (size, says) in [(10_u32, "more than"), (1_000_000, "less than")] {
        let mut lying = bytes.clone();
        lying[directory + 24..directory + 28].copy_from_slice(&size.to_le_bytes());
        let error = error(&Folder::with("x.zip", &lying));
        assert!(matches!(error, IngestError::Damaged { .. }) && error.to_string().contains(says), "{error}");
    }
    let mut locked = bytes.clone();
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    let error = error(&Folder::with("x.zip", &locked)).to_string();
    assert!(error.contains("encrypted"), "{error}");
}

#[test]
fn a_bomb_is_not_set_off() {
    let bomb = deflated(&[("setl_d.txt", &vec![b'0'; 80 << 20])]);
    assert!(bomb.len() < 200 << 10);
    let error = error(&Folder::with("x.zip", &bomb)).to_string();
    assert!(error.contains("83886080 bytes") && error.contains("setl_d.txt"), "{error}");

    // Many names for the same bytes.
    let one = deflated(&[("setl_d/000.txt", &text(0..3_000))]);
    let directory = one.windows(4).position(|four| four == b"PK\x01\x02").expect("there is one");
    let end = one.windows(4).position(|four| four == b"PK\x05\x06").expect("there is one");
    let (entry, mut tail) = (&one[directory..end], one[end..].to_vec());
    let mut many = one[..directory].to_vec();
    for number in 0..300_u32 {
        let mut entry = entry.to_vec();
        let name = entry.windows(3).position(|three| three == b"000").expect("the name");
        entry[name..name + 3].copy_from_slice(format!("{number:03}").as_bytes());
        many.extend(entry);
    }
    let size = u32::try_from(300 * entry.len()).expect("small");
    for at in [8, 10] {
        tail[at..at + 2].copy_from_slice(&300_u16.to_le_bytes());
    }
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    many.extend(tail);
    let told = Folder::with("x.zip", &many).open().map(|_| ()).expect_err("refused").to_string();
    assert!(told.contains("overlap"), "{told}");
}

#[test]
fn what_cannot_be_streamed_is_named() {
    let folder = Folder::with("x.zip", deflated(&[("setl_d.parquet", b"PAR1")]));
    let told = error(&folder).to_string();
    assert!(told.contains("setl_d.parquet") && told.contains("unpack"), "{told}");
    let folder = Folder::with("setl_d.csv", deflated(&[("setl_d.txt", ROW.as_bytes())]));
    assert!(error(&folder).to_string().contains("rename"), "{}", error(&folder));
}
