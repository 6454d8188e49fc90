//! Who is handed on from hospital to hospital, and where is that more than referral?

use super::exact::at_once;
use medring::model::{
    Batch, CareClass, Day, OccasionKind, Party, PartyKind, Row, RowRef, Settlement, Stamp, Table, hash_words,
    icd_category,
};
use std::collections::BTreeSet;

const BACK_PAIN: &str = "M51.200";
const STROKE: &str = "I63.900";

/// People admitted to some hospitals one after the other, each on days of his own.
fn passed(batch: &mut Batch, people: std::ops::Range<i32>, places: &[&str], diagnosis: &str) {
    for person in people {
        let mut begin = Day(19_400 + 7 * person);
        for place in places {
            let number = u64::try_from(batch.settlements.len()).unwrap();
            let end = Day(begin.0 + 6);
            let fact = Settlement {
                person: Party::of(PartyKind::Person, &format!("P{person}")),
                place: Party::of(PartyKind::Institution, place),
                id: number + 1,
                visit: number + 1,
                diagnosis: icd_category(diagnosis),
                home: 340_102,
                area: 340_100,
                begin,
                end,
                settled: Stamp(i64::from(end.0) * 86_400),
                total_fen: 300_000 + i64::try_from(number).unwrap() * 117,
                class: CareClass::Inpatient,
                ..Settlement::default()
            };
            let key = hash_words(&[number, 78]);
            let origin = RowRef::new(Table::SetlD, 0, number + 1);
            batch.settlements.push(Row { key, version: Stamp(1), content: key, origin, live: true, fact });
            begin = Day(end.0 + 1);
        }
    }
}

/// The people tied because they were handed on.
fn tied(batch: Batch) -> BTreeSet<Party> {
    let standing = at_once(batch);
    let handed_on = |tie: &&medring::model::Tie| {
        tie.occasions.iter().any(|one| matches!(one.kind, OccasionKind::Relay | OccasionKind::Circuit))
    };
    let people = standing.ties.keys().filter(handed_on).flat_map(|tie| [tie.a, tie.b]);
    people.filter(|party| party.kind() == PartyKind::Person).collect()
}

#[test]
fn whoever_is_handed_on_twice_is_tied_to_others_of_the_same_way() {
    let mut batch = Batch::default();
    passed(&mut batch, 0..3, &["H1", "H2", "H1"], BACK_PAIN);
    assert_eq!(tied(batch).len(), 3);
}

#[test]
fn people_handed_on_once_are_tied_where_they_go_both_ways_for_anything() {
    let mut batch = Batch::default();
    passed(&mut batch, 0..15, &["H1", "H2"], BACK_PAIN);
    passed(&mut batch, 15..30, &["H2", "H1"], BACK_PAIN);
    assert_eq!(tied(batch).len(), 30);
}

#[test]
fn people_handed_on_once_are_tied_where_they_go_in_a_circle_of_three() {
    let mut batch = Batch::default();
    passed(&mut batch, 0..10, &["H1", "H2"], BACK_PAIN);
    passed(&mut batch, 10..20, &["H2", "H3"], BACK_PAIN);
    passed(&mut batch, 20..30, &["H3", "H1"], BACK_PAIN);
    passed(&mut batch, 30..34, &["H4", "H5"], BACK_PAIN);
    passed(&mut batch, 34..38, &["H5", "H4"], BACK_PAIN);
    assert_eq!(tied(batch).len(), 30);
}

#[test]
fn referral_to_the_higher_care_ties_nobody() {
    let mut batch = Batch::default();
    passed(&mut batch, 0..200, &["H1", "H2"], BACK_PAIN);
    passed(&mut batch, 200..210, &["H2", "H1"], BACK_PAIN);
    assert!(tied(batch).is_empty());
}

#[test]
fn some_strokes_that_went_either_way_prove_nothing() {
    let mut batch = Batch::default();
    passed(&mut batch, 0..6, &["H1", "H2"], STROKE);
    passed(&mut batch, 6..12, &["H2", "H1"], STROKE);
    assert!(tied(batch).is_empty());
}
