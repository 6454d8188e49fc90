//! Does this program open workspaces of every disk format that was ever released, with everything in them?
//!
//! `tests/store/format-1` is a workspace of format 1: two epochs of drawn rows and the ring states below. It is never written
//! again; a new format gets a folder of its own beside it, made with `MEDRING_NEW_FIXTURE=1`. That of format 2 is compacted.

use super::dice;
use super::{begin, replayed, source, take};
use medring::store::{DISK_FORMAT, Outcomes, Workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn fixture(format: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/store/format-{format}"))
}

/// What every fixture holds: the batches of two seeds, the first named, and a setting.
fn fill(folder: &Path) {
    Workspace::create(folder).expect("creates");
    let mut store = Workspace::open(folder).expect("opens");
    let mut pending = begin(&mut store, Some("first"));
    pending.append(dice::batch(11, 1, 1, 3), &source()).expect("appends");
    let settings = vec![("offset".to_owned(), "17".to_owned())];
    store.commit(pending, &Outcomes { settings, ..Outcomes::default() }).expect("commits");
    take(&mut store, 12, 3);
    store.compact().expect("compacts");
    drop(store);
    for held in ["medring.lock", "medring.reading"] {
        fs::remove_file(folder.join(held)).expect("removes");
    }
}

#[test]
fn every_released_format_opens_with_all_that_is_in_it() {
    if std::env::var_os("MEDRING_NEW_FIXTURE").is_some() && !fixture(DISK_FORMAT).exists() {
        fill(&fixture(DISK_FORMAT));
    }
    for format in 1..=DISK_FORMAT {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("ws");
        super::breaks::copy(&fixture(format), &root);
        let now = folder.path().join("now");
        fill(&now);
        let expected = Workspace::open_reader(&now).expect("opens");
        let reader = Workspace::open_reader(&root).expect("opens before a writer brings it to the newest format");
        assert_eq!(replayed(&reader, 0, 1_000).len(), 2, "format {format}");
        let mut store = Workspace::open(&root).unwrap_or_else(|error| panic!("format {format}: {error}"));
        assert_eq!(store.verify().expect("verifies"), [], "format {format}");
        let rows = replayed(&store, 0, 1_000);
        assert_eq!((rows.len(), &rows), (2, &replayed(&expected, 0, 1_000)), "format {format}");
        assert_eq!(store.epochs().expect("epochs")[0].batch_id.as_deref(), Some("first"));
        assert_eq!(store.setting("offset").expect("setting").as_deref(), Some("17"));
        let origins: BTreeSet<_> = rows.iter().flat_map(|(_, batch)| dice::origins(batch)).collect();
        let none = BTreeSet::new();
        assert_eq!(store.names(&origins, &none).expect("names"), expected.names(&origins, &none).expect("names"));
        take(&mut store, 13, 3);
        assert_eq!(store.epoch(), 3, "format {format} is written on");
        let rows = replayed(&store, 0, 1_000);
        store.compact().expect("compacts");
        assert_eq!((&replayed(&store, 0, 1_000), &replayed(&reader, 0, 1_000)), (&rows, &rows), "format {format}");
    }
}
