//! Does what was committed come back equal, with its names and sources, and only once?

use super::dice::{self, origins};
use super::{begin, replayed, source, take, workspace};
use medring::model::{Names, RowRef, Table};
use medring::store::{Begin, Outcomes, StoreError, Tally, Workspace};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_batches_come_back_equal(batches in dice::some_batches(), rows_per_batch in 1_usize..50) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut written = Vec::new();
        {
            let mut store = workspace(folder.path());
            for (epoch, (seed, most)) in (1..).zip(&batches) {
                let numbered = take(&mut store, *seed, *most);
                if numbered.rows() > 0 {
                    written.push((epoch, numbered));
                }
            }
        }
        let store = Workspace::open(folder.path()).expect("opens again");
        prop_assert_eq!(store.epoch(), batches.len() as u64);
        prop_assert_eq!(&replayed(&store, 0, rows_per_batch), &written);
        prop_assert_eq!(replayed(&store, 1, rows_per_batch), written.split_off(written.len().min(
            usize::from(written.first().is_some_and(|(epoch, _)| *epoch == 1)))));
        prop_assert!(store.verify().expect("verifies").is_empty());
    }

    #[test]
    fn names_and_sources_are_found_by_reference(batches in dice::some_batches()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        let mut names = Names::default();
        let mut rows_read = BTreeMap::new();
        for (epoch, (seed, most)) in (1_u64..).zip(&batches) {
            let read = dice::batch(*seed, 2, 7, *most);
            let mut pending = begin(&mut store, None);
            let numbered = pending.append(read.clone(), &source()).expect("appends");
            store.commit(pending, &Outcomes::default()).expect("commits");
            for (before, after) in origins(&read).into_iter().zip(origins(&numbered)) {
                names.rows.insert(after, read.names.rows[&before].clone());
                rows_read.insert(after, (epoch, before.row()));
            }
            names.parties.extend(read.names.parties);
        }
        let unknown = RowRef::new(Table::SetlD, 0, 1 << 30);
        let rows: BTreeSet<RowRef> = names.rows.keys().copied().chain([unknown]).collect();
        let parties = names.parties.keys().copied().collect();
        prop_assert_eq!(&store.names(&rows, &parties).expect("names"), &names);
        let sources = store.sources_of(&rows).expect("sources");
        let found: BTreeMap<_, _> = sources.iter().map(|(row, at)| (*row, (at.epoch, at.row))).collect();
        prop_assert_eq!(found, rows_read);
        prop_assert!(sources.values().all(|at| at.dataset == "trial" && at.file == "file-2.csv"));
        prop_assert_eq!(store.source_of(unknown).expect("looks"), None);
    }
}

#[test]
fn references_are_serial_numbers_and_shared_by_rows_of_one_input_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = take(&mut store, 3, 30);
    let second = take(&mut store, 4, 30);
    let serials: Vec<u64> = first.visits.iter().chain(&second.visits).map(|row| row.origin.row()).collect();
    assert_eq!(serials, (1..=serials.len() as u64).collect::<Vec<_>>());
    let visits: BTreeSet<RowRef> = second.visits.iter().map(|row| row.origin).collect();
    let telephones = second.identifiers.iter().map(|row| row.origin).filter(|origin| origin.table() == Table::MdtrtD);
    assert_eq!(telephones.collect::<BTreeSet<_>>(), visits);
}

#[test]
fn a_batch_sent_twice_is_in_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let mut pending = begin(&mut store, Some("day-1"));
    pending.append(dice::batch(1, 1, 1, 20), &source()).expect("appends");
    let tally = Tally { table: Table::SetlD, outcome: medring::model::Outcome::Accepted, reason: None, rows: 9 };
    let settings = vec![("offset".to_owned(), "17".to_owned())];
    let outcomes = Outcomes { tallies: vec![tally], settings, ..Outcomes::default() };
    assert_eq!(store.commit(pending, &outcomes).expect("commits"), 1);
    assert!(matches!(store.begin(Some("day-1")), Ok(Begin::AlreadyCommitted(1))));
    assert!(matches!(store.begin(Some("day-2")), Ok(Begin::New(_))));
    assert_eq!(store.tallies(None).expect("tallies"), [tally]);
    assert_eq!(store.tallies(Some(2)).expect("tallies"), []);
    assert_eq!(store.setting("offset").expect("setting").as_deref(), Some("17"));
    store.set_setting("offset", "18").expect("kept");
    drop(store);
    let mut store = Workspace::open(folder.path()).expect("opens");
    assert!(matches!(store.begin(Some("day-1")), Ok(Begin::AlreadyCommitted(1))));
    assert_eq!(store.setting("offset").expect("setting").as_deref(), Some("18"));
    assert_eq!(store.epochs().expect("epochs")[0].batch_id.as_deref(), Some("day-1"));
}

#[test]
fn only_one_writes_and_others_read() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(Workspace::open(folder.path()), Err(StoreError::NotAWorkspace { .. })));
    let mut store = workspace(folder.path());
    assert!(matches!(Workspace::create(folder.path()), Err(StoreError::NotAWorkspace { .. })));
    assert!(matches!(Workspace::open(folder.path()), Err(StoreError::Busy { .. })));
    let mut reader = Workspace::open_reader(folder.path()).expect("opens for reading");
    let numbered = take(&mut store, 5, 20);
    assert_eq!((reader.epoch(), reader.latest().expect("latest")), (0, 1));
    assert_eq!(replayed(&reader, 0, 1_000), [(1, numbered)]);
    assert!(matches!(reader.begin(None), Err(StoreError::Refused { .. })));
    let unnamed = dice::batch(1, 9, 1, 20);
    let mut pending = begin(&mut store, None);
    assert!(matches!(pending.append(unnamed, &source()), Err(StoreError::Refused { .. })));
    assert!(matches!(pending.append(dice::batch(1, 1, 1, 20), &source()), Err(StoreError::Refused { .. })));
    assert!(matches!(store.begin(None), Err(StoreError::Refused { .. })));
    assert!(matches!(store.commit(pending, &Outcomes::default()), Err(StoreError::Refused { .. })));
    take(&mut store, 6, 20);
}
