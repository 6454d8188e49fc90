//! Whom do hospitals see again and again, or one after the other, each at a time of his own?

use super::exact::at_once;
use medring::model::{
    Batch, CareClass, Day, OccasionKind, Party, PartyKind, Row, RowRef, Settlement, Stamp, Table, hash_words,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

/// Stays of people of one home area at one hospital, each on a day of its own.
fn stays(batch: &mut Batch, place: &str, home: u32, people: std::ops::Range<u64>, each: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(people.start + each);
    for person in people {
        for stay in 0..each {
            let number = u64::try_from(batch.settlements.len()).unwrap();
            let begin = Day(19_400 + random.random_range(0..500));
            let fact = Settlement {
                person: Party::of(PartyKind::Person, &format!("P{person}")),
                place: Party::of(PartyKind::Institution, place),
                id: number + 1,
                visit: number + 1,
                home,
                area: 340_100,
                begin,
                end: Day(begin.0 + 6),
                settled: Stamp(i64::from(begin.0 + 6) * 86_400),
                total_fen: 300_000 + i64::try_from(number * 117 + stay).unwrap(),
                class: CareClass::Inpatient,
                ..Settlement::default()
            };
            let key = hash_words(&[number, 77]);
            let origin = RowRef::new(Table::SetlD, 0, number + 1);
            batch.settlements.push(Row { key, version: Stamp(1), content: key, origin, live: true, fact });
        }
    }
}

/// The people tied because they come back more than usual.
fn tied(batch: Batch) -> BTreeSet<Party> {
    tied_by(batch, OccasionKind::OftenBack)
}

fn tied_by(batch: Batch, kind: OccasionKind) -> BTreeSet<Party> {
    let standing = at_once(batch);
    let often = |tie: &&medring::model::Tie| tie.occasions.iter().any(|one| one.kind == kind);
    let people = standing.ties.keys().filter(often).flat_map(|tie| [tie.a, tie.b]);
    people.filter(|party| party.kind() == PartyKind::Person).collect()
}

#[test]
fn people_of_one_home_who_all_come_back_are_tied_and_their_fellow_patients_are_not() {
    let mut batch = Batch::default();
    stays(&mut batch, "H1", 340_102, 0..30, 4);
    stays(&mut batch, "H1", 340_103, 100..200, 1);
    stays(&mut batch, "H1", 340_103, 200..220, 2);
    let tied = tied(batch);
    assert_eq!(tied.len(), 30);
    assert!(tied.contains(&Party::of(PartyKind::Person, "P3")));
}

#[test]
fn a_ward_whose_patients_come_back_as_usual_ties_nobody() {
    let mut batch = Batch::default();
    stays(&mut batch, "H1", 340_102, 0..80, 1);
    stays(&mut batch, "H1", 340_102, 100..120, 2);
    stays(&mut batch, "H1", 340_102, 200..208, 3);
    assert!(tied(batch).is_empty());
}

#[test]
fn who_stays_true_to_the_hospital_at_home_as_all_neighbours_do_is_not_tied() {
    let mut batch = Batch::default();
    for (at, place) in ["H1", "H2", "H3"].into_iter().enumerate() {
        let from = u64::try_from(at).unwrap() * 1_000;
        stays(&mut batch, place, 340_102, from..from + 30, 4);
        // Strangers come once, to each of them.
        stays(&mut batch, place, 340_103, from + 100..from + 200, 1);
    }
    assert!(tied(batch).is_empty());
}

#[test]
fn where_everybody_comes_back_it_is_the_illness() {
    let mut batch = Batch::default();
    for (at, home) in (340_102..340_112).enumerate() {
        let from = u64::try_from(at).unwrap() * 100;
        stays(&mut batch, "H1", home, from..from + 12, 4);
    }
    assert!(tied(batch).is_empty());
}

/// Stays of different bills at one hospital, of which the person pays these sums.
fn paid(fen: impl Iterator<Item = i64>) -> Batch {
    let mut batch = Batch::default();
    for (person, cash_fen) in (0..).zip(fen) {
        stays(&mut batch, "H1", 340_102, person..person + 1, 1);
        if let Some(row) = batch.settlements.last_mut() {
            row.fact.cash_fen = cash_fen;
        }
    }
    batch
}

#[test]
fn a_price_list_ties_whom_no_price_alone_would() {
    // Nobody else pays what another paid.
    let others = (0..60).map(|at| 61_300 + at * 1_117);
    let list = (0..40).map(|at| 30_000 + at % 8 * 2_450);
    assert_eq!(tied_by(paid(others.clone().chain(list)), OccasionKind::Package).len(), 40);
    let pairs = (0..40).map(|at| 30_000 + at % 20 * 2_450);
    assert!(tied_by(paid(others.chain(pairs)), OccasionKind::Package).is_empty());
}

#[test]
fn people_of_one_home_at_the_same_two_hospitals_are_tied() {
    let mut batch = Batch::default();
    for place in ["H1", "H2"] {
        stays(&mut batch, place, 340_102, 0..60, 1);
    }
    stays(&mut batch, "H1", 340_102, 100..140, 1);
    stays(&mut batch, "H2", 340_102, 200..240, 1);
    stays(&mut batch, "H3", 340_102, 300..500, 1);
    stays(&mut batch, "H1", 340_102, 300..304, 1);
    assert_eq!(tied_by(batch, OccasionKind::SamePlaces).len(), 60);
}

#[test]
fn a_county_hospital_that_sends_on_to_the_city_ties_nobody() {
    let mut batch = Batch::default();
    for place in ["county", "city"] {
        stays(&mut batch, place, 340_102, 0..60, 1);
    }
    stays(&mut batch, "county", 340_102, 100..300, 1);
    stays(&mut batch, "city", 340_102, 400..700, 1);
    assert!(tied_by(batch, OccasionKind::SamePlaces).is_empty());
}

/// Eleven people, the same at each of some hospitals, among those whom hospitals of one area share anyhow.
fn round(hospitals: u64) -> Batch {
    let mut batch = Batch::default();
    for hospital in 0..30 {
        let others = 1_000 + hospital * 100;
        stays(
            &mut batch,
            &format!("H{hospital}"),
            340_102,
            others..others + if hospital < hospitals { 3 } else { 20 },
            1,
        );
        if hospital < hospitals {
            stays(&mut batch, &format!("H{hospital}"), 340_102, 0..11, 1);
        }
    }
    batch
}

#[test]
fn a_third_hospital_tells_what_two_alone_do_not() {
    assert!(tied_by(round(2), OccasionKind::SamePlaces).is_empty());
    assert_eq!(tied_by(round(3), OccasionKind::SamePlaces).len(), 11);
}
