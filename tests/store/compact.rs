//! Do few files say what many said? Rows, their order, epochs, references, names and sources; beside readers, and after rows left.

use super::breaks::files;
use super::dice;
use super::{begin, replayed, take, workspace};
use medring::model::{Amount, Batch, Day, Factor, Finding, Ring, RowRef, Sentence};
use medring::store::{Extent, Outcomes, RingChanges, Segments, StoreError, Workspace, restore};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// Everything that can be asked about rows.
fn all_of(store: &Workspace) -> impl PartialEq + std::fmt::Debug + use<> {
    let epochs = replayed(store, 0, 1_000);
    let rows: BTreeSet<RowRef> = epochs.iter().flat_map(|(_, batch)| dice::origins(batch)).collect();
    let none = BTreeSet::new();
    let facts = store.facts(&rows).expect("facts");
    let later = replayed(store, 2, 7);
    (store.sources_of(&rows).expect("sources"), store.names(&rows, &none).expect("names"), facts.rows(), epochs, later)
}

fn parquet(folder: &Path) -> usize {
    files(folder).iter().filter(|path| path.extension() == Some("parquet".as_ref())).count()
}

/// Waits until only committed files are there. A child that another test starts can hold what its parent had open, the mark of a
/// reader too, for as long as it has not become another program.
fn tidied(store: &mut Workspace) {
    let (root, started) = (store.path().to_owned(), Instant::now());
    while parquet(&root) != store.segments(0).expect("segments").len() {
        assert!(started.elapsed() < Duration::from_secs(10), "replaced files stay although nobody reads");
        store.remove_replaced().expect("removes");
        std::thread::yield_now();
    }
}

/// A ring that cites these rows.
fn citing(rows: &[RowRef]) -> RingChanges {
    let factor = Factor { code: "x".to_owned(), score: 1, text: Sentence::default(), facts: rows.to_vec() };
    let finding = Finding {
        typology: "card_pool".to_owned(),
        typologies: Vec::new(),
        score: 900,
        first_day: Day(0),
        last_day: Day(1),
        members: Vec::new(),
        amount: Amount::default(),
        factors: vec![factor],
        counter_evidence: Vec::new(),
    };
    let ring = Ring { id: "R-1".to_owned(), rank: 1, expected_by_chance_milli: 0, finding };
    RingChanges { changed: vec![ring], ..RingChanges::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn few_files_say_what_many_said(seed in any::<u64>(), steps in any::<bool>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        for batch in 0..20 {
            take(&mut store, seed.wrapping_add(batch), 6);
        }
        let (expected, before) = (all_of(&store), store.segments(0).expect("segments").len());
        if steps {
            while let Some(prepared) = store.prepare_compaction(Extent::Step { look: true }).expect("prepares") {
                store.commit_compaction(prepared).expect("commits");
            }
        } else {
            let done = store.compact().expect("compacts");
            prop_assert!(done.bytes_after < done.bytes_before / 2, "{:?}", done);
            prop_assert_eq!(store.segments(0).expect("segments").len(), 17);
        }
        let after = store.segments(0).expect("segments").len();
        prop_assert!(after < before / 2, "{} of {}", after, before);
        tidied(&mut store);
        prop_assert_eq!(all_of(&store), expected);
        prop_assert_eq!(store.verify().expect("verifies"), []);
        // Further batches, a further compaction, another process, a copy.
        let next = take(&mut store, seed.wrapping_add(99), 6);
        let known: BTreeSet<RowRef> = replayed(&store, 0, 1_000).iter().take(20).flat_map(|(_, batch)| dice::origins(batch)).collect();
        prop_assert!(dice::origins(&next).iter().all(|row| !known.contains(row)), "a reference was given twice");
        let expected = all_of(&store);
        store.compact().expect("compacts");
        drop(store);
        let store = Workspace::open(folder.path()).expect("opens");
        prop_assert_eq!(all_of(&store), expected);
        let copies = tempfile::tempdir().expect("a folder");
        let (tar, copy) = (copies.path().join("a.tar"), copies.path().join("copy"));
        store.backup(&tar, Segments::Copy).expect("backs up");
        restore(&tar, &copy).expect("restores");
        let copy = Workspace::open(&copy).expect("opens");
        prop_assert_eq!(all_of(&copy), all_of(&store));
    }

    #[test]
    fn what_left_is_not_replayed_and_is_dropped_unless_something_cites_it(seed in any::<u64>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        let batches: Vec<Batch> = (0..4).map(|batch| take(&mut store, seed.wrapping_add(batch), 12)).collect();
        let all: BTreeSet<RowRef> = batches.iter().flat_map(dice::origins).collect();
        // The whole last batch leaves too, so that the highest references are among those dropped.
        let last: BTreeSet<RowRef> = dice::origins(&batches[3]).into_iter().collect();
        let leave: Vec<RowRef> = all.iter().copied().filter(|row| row.row() % 3 != 0 || last.contains(row)).collect();
        let cited: Vec<RowRef> = leave.iter().copied().filter(|row| row.row() % 5 == 1).collect();
        let mut pending = begin(&mut store, None);
        pending.retire(leave.iter().copied());
        store.commit(pending, &Outcomes { rings: citing(&cited), ..Outcomes::default() }).expect("commits");
        let stay: BTreeSet<RowRef> = all.difference(&leave.iter().copied().collect()).copied().collect();
        let left = |store: &Workspace| -> BTreeSet<RowRef> {
            replayed(store, 0, 1_000).iter().flat_map(|(_, batch)| dice::origins(batch)).collect()
        };
        prop_assert_eq!(&left(&store), &stay);
        let found = |store: &Workspace| store.sources_of(&all).expect("sources").into_keys().collect::<BTreeSet<_>>();
        prop_assert_eq!(&found(&store), &all, "what left can be looked up");
        let (epochs, rows) = (replayed(&store, 0, 1_000), store.rows_gone().expect("counts"));
        prop_assert_eq!(rows, leave.len() as u64);
        let done = store.compact().expect("compacts");
        prop_assert!(done.dropped > 0);
        prop_assert_eq!(replayed(&store, 0, 1_000), epochs);
        let needed: BTreeSet<RowRef> = stay.iter().chain(&cited).copied().collect();
        prop_assert_eq!(&found(&store), &needed);
        let none = BTreeSet::new();
        prop_assert_eq!(store.names(&all, &none).expect("names").rows.into_keys().collect::<BTreeSet<_>>(), needed);
        prop_assert_eq!(store.verify().expect("verifies"), []);
        prop_assert_eq!(store.compact().expect("compacts").replaced, 0, "nothing is left to do");
        let next = take(&mut store, seed.wrapping_add(99), 12);
        prop_assert!(dice::origins(&next).iter().all(|row| !all.contains(row)), "a reference was given twice");
    }
}

#[test]
fn a_reader_finishes_on_the_files_it_began_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    for seed in 0..6 {
        take(&mut store, seed, 20);
    }
    let expected = replayed(&store, 0, 1_000);
    let many = parquet(folder.path());
    let reader = Workspace::open_reader(folder.path()).expect("opens");
    let mut epochs: Vec<(u64, Batch)> = Vec::new();
    let each = &mut |epoch, batch: Batch| {
        if epochs.is_empty() {
            store.compact().expect("compacts beside a reader");
            assert!(parquet(folder.path()) > many, "nothing is removed under a reader");
            assert_eq!(store.verify().expect("verifies"), []);
        }
        if epochs.last().is_none_or(|(last, _)| *last != epoch) {
            epochs.push((epoch, Batch::default()));
        }
        dice::join(&mut epochs.last_mut().expect("just pushed").1, batch);
        ControlFlow::Continue(())
    };
    reader.replay(0, 1_000, each).expect("replays");
    assert_eq!(epochs, expected);
    tidied(&mut store);
    assert_eq!(replayed(&reader, 0, 1_000), expected);
}

#[test]
fn files_that_were_replaced_meanwhile_are_refused_and_leave_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    for seed in 0..3 {
        take(&mut store, seed, 20);
    }
    let expected = replayed(&store, 0, 1_000);
    let one = store.prepare_compaction(Extent::Whole).expect("prepares").expect("something is due");
    let pending = begin(&mut store, None);
    let other = Workspace::open_reader(folder.path()).expect("opens").prepare_compaction(Extent::Whole);
    let other = other.expect("prepares").expect("something is due");
    assert!(matches!(store.commit_compaction(other), Err(StoreError::Refused { .. })), "a batch is pending");
    drop(pending);
    store.compact().expect("compacts");
    assert!(matches!(store.commit_compaction(one), Err(StoreError::Refused { .. })));
    assert!(files(folder.path()).iter().all(|path| path.extension() != Some("part".as_ref())));
    assert_eq!(replayed(&store, 0, 1_000), expected);
    take(&mut store, 9, 20);
}
