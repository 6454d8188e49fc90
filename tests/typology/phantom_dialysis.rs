//! T17: a centre whose patients have more sessions than they sat through, and not chairs taken for years.

use super::scene::{Scene, persons, with_role};
use medring::model::{CareClass, Role};

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("phantom_dialysis").check_ring("phantom_dialysis", 13..=15);
    assert_eq!(with_role(&ring, Role::Institution), 1);
}

#[test]
fn patients_of_the_centre_who_keep_to_the_schedule_do_not_hide_the_others() {
    let ring = Scene::of("phantom_dialysis").reported().remove(0);
    let centre = ring.members.iter().find(|one| one.role == Role::Institution).unwrap().party;
    let mixed = Scene::of("phantom_dialysis").with(|rows| {
        for row in rows.settlements.iter_mut().filter(|row| row.fact.class == CareClass::Chronic) {
            row.fact.place = centre;
        }
    });
    let found = mixed.reported();
    let found = found.iter().find(|one| one.typology == "phantom_dialysis").expect("they are found among the others");
    assert!(persons(found).intersection(&persons(&ring)).count() * 10 >= persons(&ring).len() * 8);
    assert!(persons(found).len() <= persons(&ring).len() + 2);
}

#[test]
fn golden() {
    Scene::of("phantom_dialysis").check_golden();
}
