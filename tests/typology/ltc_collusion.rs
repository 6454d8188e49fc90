//! T15: caregivers who visit people in hospital, and not those who got a new telephone.

use super::scene::{Scene, with_role};
use medring::model::{Party, Role, Stamp};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("ltc_collusion").check_ring("ltc_collusion", 12..=12);
    assert_eq!(
        (with_role(&ring, Role::Caregiver), with_role(&ring, Role::Assessor), with_role(&ring, Role::Institution)),
        (2, 1, 1)
    );
}

#[test]
fn golden() {
    Scene::of("ltc_collusion").check_golden();
}

#[test]
fn a_caregiver_in_two_homes_at_once_day_after_day_is_a_ring() {
    let ring = Scene::of("ltc_collusion").reported().remove(0);
    let stations: BTreeSet<Party> =
        ring.members.iter().filter(|one| one.role == Role::Institution).map(|one| one.party).collect();
    let honest =
        Scene::of("ltc_collusion").with(|rows| rows.care_visits.retain(|row| !stations.contains(&row.fact.place)));
    assert!(honest.reported().is_empty());
    let written = honest.with(|rows| {
        let mut visits: BTreeMap<Party, usize> = BTreeMap::new();
        rows.care_visits.iter().for_each(|row| *visits.entry(row.fact.carer).or_default() += 1);
        let (carer, _) = visits.into_iter().max_by_key(|(carer, count)| (*count, *carer)).unwrap();
        let people: BTreeSet<Party> =
            rows.care_visits.iter().filter(|row| row.fact.carer == carer).map(|row| row.fact.person).collect();
        for row in rows.care_visits.iter_mut().filter(|row| row.fact.carer == carer) {
            // Each at home, five kilometres from the next, and all of them between nine and ten.
            let home = u32::try_from(people.iter().position(|person| *person == row.fact.person).unwrap()).unwrap();
            (row.fact.longitude, row.fact.latitude) = (11_700_000 + home * 5_000, 3_100_000);
            let begin = Stamp(Stamp::midnight(row.fact.begin.day()).0 + 9 * 3_600 + i64::from(home) * 120);
            (row.fact.begin, row.fact.end) = (begin, Stamp(begin.0 + 3_600));
        }
    });
    let found =
        written.found().into_iter().find(|one| one.typology == "ltc_collusion").expect("nobody is in two homes");
    assert!(found.factors.iter().any(|factor| factor.code == "two_homes_at_once"));
}
