//! Are rings, their versions and their histories told as they were at every epoch?

use super::lineage::finding;
use super::{begin, workspace};
use medring::model::{Finding, Party, PartyKind, Ring};
use medring::store::lineage::{EventKind, assign};
use medring::store::{Outcomes, RingChanges, StoreError, Workspace};
use proptest::prelude::*;

/// Commits findings as the rings of the next epoch; returns the rings.
fn commit(store: &mut Workspace, findings: Vec<Finding>) -> Vec<Ring> {
    let lineage = assign(&store.known_rings().expect("known"), &findings);
    let mut rings: Vec<Ring> = findings
        .into_iter()
        .zip(lineage.ids)
        .map(|(finding, id)| Ring { id, rank: 0, expected_by_chance_milli: 20, finding })
        .collect();
    rings.sort_by_key(|ring| (-ring.finding.score, ring.id.clone()));
    for (rank, ring) in (1..).zip(&mut rings) {
        ring.rank = rank;
    }
    let before = store.rings(None).expect("rings");
    let changes = RingChanges::between(&before, &rings, lineage.events);
    assert_eq!(changes.ended, lineage.ended);
    let pending = begin(store, None);
    store.commit(pending, &Outcomes { rings: changes, ..Outcomes::default() }).expect("commits");
    rings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn rings_as_of_an_epoch_are_what_they_were_then(
        world in proptest::collection::vec(
            proptest::collection::vec((proptest::collection::btree_set(0_u32..24, 1..9), 0_i32..3), 0..6), 1..5)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        let mut then = vec![Vec::new()];
        for rings in world {
            let scored = |(persons, score)| Finding { score, ..finding("card_pool", persons, &["A"]) };
            then.push(commit(&mut store, rings.into_iter().map(scored).collect()));
        }
        drop(store);
        let store = Workspace::open_reader(folder.path()).expect("opens");
        for (epoch, rings) in (0..).zip(&then) {
            prop_assert_eq!(&store.rings(Some(epoch)).expect("rings"), rings);
            for ring in rings {
                let found = store.ring(&ring.id, Some(epoch)).expect("ring");
                prop_assert_eq!(found.as_ref(), Some(ring));
                let party = ring.finding.members[0].party;
                prop_assert!(store.rings_of(party, Some(epoch)).expect("rings of").contains(&ring.id));
            }
        }
        prop_assert_eq!(&store.rings(None).expect("rings"), then.last().expect("some"));
        let beyond = store.rings(Some(then.len() as u64));
        let refused = matches!(beyond, Err(StoreError::Refused { .. }));
        prop_assert!(refused);
        prop_assert_eq!(store.verify().expect("verifies"), []);
    }
}

#[test]
fn a_history_tells_events_and_versions() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let id = commit(&mut store, vec![finding("card_pool", 0..5, &["A"])])[0].id.clone();
    commit(&mut store, vec![finding("card_pool", 0..5, &["A"])]);
    commit(&mut store, vec![finding("card_pool", 0..8, &["A"])]);
    commit(&mut store, Vec::new());
    let history = store.history(&id).expect("history");
    let events: Vec<_> = history.events.iter().map(|(epoch, event)| (*epoch, event.kind)).collect();
    assert_eq!(events, [(1, EventKind::Born), (3, EventKind::Grown), (4, EventKind::Dissolved)]);
    assert_eq!(store.events(3).expect("events"), history.events[2..]);
    let versions: Vec<_> = history.versions.iter().map(|version| (version.from, version.to, version.members)).collect();
    assert_eq!(versions, [(1, Some(3), 6), (3, Some(4), 9)]);
    let person = Party::of(PartyKind::Person, "P6");
    assert_eq!(store.rings_of(person, Some(3)).expect("rings of"), std::slice::from_ref(&id));
    assert_eq!(store.rings_of(person, None).expect("rings of"), [] as [String; 0]);
    assert_eq!(store.history("R-unknown").expect("history"), medring::store::History::default());
}

#[test]
fn rings_published_after_their_epoch_replace_those_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = commit(&mut store, vec![finding("card_pool", 0..5, &["A"])]);
    let mut better = first.clone();
    better[0].finding.score = 900;
    store.publish(&RingChanges::between(&first, &better, Vec::new())).expect("publishes");
    assert_eq!(store.rings(None).expect("rings"), better);
    assert_eq!(store.history(&first[0].id).expect("history").versions.len(), 1);
}

#[test]
fn a_damaged_finding_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let id = commit(&mut store, vec![finding("card_pool", 0..5, &["A"])])[0].id.clone();
    let database = rusqlite::Connection::open(folder.path().join("medring.db")).expect("opens");
    database.execute_batch("UPDATE ring_version SET finding = zeroblob(40)").expect("damages");
    assert!(matches!(store.rings(None), Err(StoreError::Damaged { .. })));
    let problems = store.verify().expect("verifies");
    assert!(problems.len() == 1 && problems[0].what.contains(&id));
}
