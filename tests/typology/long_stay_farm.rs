//! T05: three wards emptied on paper at two sister hospitals, and not wards that are truly ill for life.

use super::scene::{Scene, persons, with_role};
use medring::model::{
    Batch, CareClass, Day, Party, PartyKind, Role, Row, RowRef, Settlement, Stamp, Table, hash_words, icd_category,
};

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("long_stay_farm").check_ring("long_stay_farm", 12..=12);
    assert_eq!(with_role(&ring, Role::Institution), 2);
}

#[test]
fn golden() {
    Scene::of("long_stay_farm").check_golden();
}

/// Ten people who lie for four weeks at a time, each from a day of his own, on the ward that comes next.
fn lying(rows: &mut Batch, ward: fn(person: usize, stay: usize) -> usize) {
    let wards = ["H1", "H2"].map(|name| Party::of(PartyKind::Institution, name));
    rows.settlements.clear();
    for (person, stay) in (0..10_usize).flat_map(|person| (0..7_usize).map(move |stay| (person, stay))) {
        let number = u64::try_from(person * 100 + stay).unwrap();
        let begin = Day(19_500 + i32::try_from(person * 11 + stay * 29).unwrap());
        let fact = Settlement {
            person: Party::of(PartyKind::Person, &format!("ward {person}")),
            place: wards[ward(person, stay)],
            id: number + 1,
            visit: number + 1,
            home: 340_123,
            area: 340_123,
            begin,
            end: Day(begin.0 + 27),
            settled: Stamp(i64::from(begin.0 + 27) * 86_400 + 36_000),
            diagnosis: icd_category("F20.900"),
            total_fen: 365_000 + i64::try_from(number).unwrap(),
            fund_fen: 330_000,
            class: CareClass::Inpatient,
            ..Settlement::default()
        };
        let key = hash_words(&[number, 78]);
        let origin = RowRef::new(Table::SetlD, 0, number + 1);
        rows.settlements.push(Row { key, version: Stamp(1), content: key, origin, live: true, fact });
    }
}

#[test]
fn patients_swapped_one_by_one_between_two_wards_are_a_farm_and_those_who_come_back_to_theirs_are_not() {
    let swapped = Scene::of("long_stay_farm").with(|rows| lying(rows, |person, stay| (person + stay) % 2)).reported();
    assert_eq!(swapped.iter().map(|one| one.typology.as_str()).collect::<Vec<_>>(), ["long_stay_farm"]);
    assert_eq!(persons(&swapped[0]).len(), 10);
    let at_home = Scene::of("long_stay_farm").with(|rows| lying(rows, |person, _| person % 2)).reported();
    assert!(at_home.is_empty(), "one ward for years");
    let one_way = |_: usize, stay: usize| usize::from(stay > 3);
    assert!(Scene::of("long_stay_farm").with(|rows| lying(rows, one_way)).reported().is_empty(), "a ward that closed");
}
