//! Do the simple detectors find what their rule describes, and nothing in plain care?

use medring::evaluation::baseline::{
    Presence, Rows, admitted_together, all, co_visits, dense_blocks, label_propagation, shared_identifiers,
    volume_per_institution,
};
use medring::model::{Batch, CareClass, Day, Identifier, Party, PartyKind, Row, RowRef, Settlement, Stamp};
use std::collections::BTreeSet;

fn person(number: usize) -> Party {
    Party::of(PartyKind::Person, &format!("P{number}"))
}

fn place(name: &str) -> Party {
    Party::of(PartyKind::Institution, name)
}

fn stay(person_number: usize, place_name: &str, begin: i32, nights: i32) -> Presence {
    Presence {
        person: person(person_number),
        place: place(place_name),
        begin: Day(begin),
        end: Day(begin + nights),
        class: CareClass::Inpatient,
    }
}

/// 400 people with one or two stays each, spread over ten hospitals and 300 days.
fn plain_care() -> Vec<Presence> {
    (0..700)
        .map(|n: usize| {
            let number = |value: usize| i32::try_from(value).expect("small");
            stay(1000 + n % 400, &format!("H{}", n * 7 % 10), number(n * 131 % 300), number(n % 9))
        })
        .collect()
}

/// Ten people, together at one place six times.
fn batches() -> Vec<Presence> {
    (0..6).flat_map(|batch| (0..10).map(move |n| stay(n, "X", 20 * batch, 2))).collect()
}

fn ten_and_place() -> BTreeSet<Party> {
    (0..10).map(person).chain([place("X")]).collect()
}

#[test]
fn eight_together_five_times_is_taken_at_its_word() {
    let mut rows = plain_care();
    rows.extend(batches());
    assert_eq!(admitted_together(&rows, 8, 5), [ten_and_place()]);
    assert!(admitted_together(&rows, 8, 7).is_empty());
    assert!(admitted_together(&rows, 11, 5).is_empty());
    assert!(admitted_together(&plain_care(), 8, 5).is_empty());
}

#[test]
fn volume_points_at_the_far_out_institution_only() {
    let mut rows = plain_care();
    assert!(volume_per_institution(&rows).is_empty());
    rows.extend((0..400).map(|n| stay(3000 + n, "X", i32::try_from(n % 300).expect("small"), 3)));
    let sets = volume_per_institution(&rows);
    assert_eq!(sets.len(), 1);
    assert!(sets[0].contains(&place("X")) && sets[0].len() == 401);
}

#[test]
fn the_densest_block_is_found_whatever_the_order_of_rows() {
    let mut rows = plain_care();
    rows.extend(batches());
    let blocks = dense_blocks(&rows, 1);
    assert_eq!(blocks, [ten_and_place()]);
    rows.reverse();
    assert_eq!(dense_blocks(&rows, 1), blocks);
}

#[test]
fn a_hub_is_no_block() {
    let mut rows = plain_care();
    rows.extend((0..500).map(|n| stay(n, "Hub", 7, 1)));
    rows.extend(batches());
    assert_eq!(dense_blocks(&rows, 1)[0].intersection(&ten_and_place()).count(), 11);
    assert!(dense_blocks(&rows, 1)[0].len() < 30);
}

#[test]
fn co_visits_need_two_days_and_hold_the_group_together() {
    let mut rows = plain_care();
    rows.extend(batches());
    let visits = co_visits(&rows);
    let inside: BTreeSet<Party> = (0..10).map(person).collect();
    assert_eq!(visits.ties.iter().filter(|tie| inside.contains(&tie.a) && inside.contains(&tie.b)).count(), 45);
    assert!(
        label_propagation(&visits.ties).iter().any(|found| found.iter().copied().collect::<BTreeSet<_>>() == inside)
    );
    assert!(co_visits(&(0..100).map(|n| stay(n, "Hub", 7, 1)).collect::<Vec<_>>()).groups_cut == 1);
}

#[test]
fn shared_identifiers_join_their_holders_but_switchboards_do_not() {
    let row = |number: usize, phone: &str| Identifier {
        identifier: Party::of(PartyKind::Phone, phone),
        holder: person(number),
        ..Identifier::default()
    };
    let mut rows: Vec<Identifier> = (0..8).map(|n| row(n, "one")).chain((7..12).map(|n| row(n, "two"))).collect();
    rows.extend((0..300).map(|n| row(n, "switchboard")));
    rows.extend((20..24).map(|n| row(n, "small")));
    let sets = shared_identifiers(&rows);
    assert_eq!((sets.len(), sets[0].len()), (1, 12 + 2));
}

#[test]
fn all_detectors_stay_silent_on_plain_care_or_give_large_enough_sets() {
    for (name, sets) in all(&plain_care(), &[], label_propagation) {
        assert!(sets.iter().all(|set| set.len() >= 6), "{name}");
    }
    assert!(all(&[], &[], label_propagation).iter().all(|(_, sets)| sets.is_empty()));
}

#[test]
fn rows_count_in_their_newest_version_and_without_reversals() {
    let row = |key: u64, version: i64, fact: Settlement, live: bool| Row {
        key,
        version: Stamp(version),
        content: key * 10 + u64::try_from(version).expect("positive"),
        origin: RowRef::default(),
        live,
        fact,
    };
    let at =
        |id: u64, number: usize| Settlement { id, person: person(number), place: place("H"), ..Settlement::default() };
    let settlements = vec![
        row(1, 2, at(1, 12), true),
        row(1, 1, at(1, 11), true),
        row(2, 1, at(2, 2), true),
        row(3, 1, Settlement { refund: true, original: 2, ..at(3, 2) }, true),
        row(4, 1, at(4, 4), true),
        row(4, 2, at(4, 4), false),
    ];
    let mut rows = Rows::default();
    rows.take(&Batch { settlements, ..Batch::default() });
    let (live, _) = rows.live();
    assert_eq!(live.iter().map(|row| row.person).collect::<Vec<_>>(), [person(12)]);
}
