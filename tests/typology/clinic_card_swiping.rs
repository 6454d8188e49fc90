//! T04: elders brought to two clinics of one owner by the calendar, and not courses of acupuncture.

use super::scene::{Scene, by_the_carload, persons, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("clinic_card_swiping").check_ring("clinic_card_swiping", 28..=30);
    assert_eq!(with_role(&ring, Role::Institution), 2);
}

#[test]
fn who_is_driven_there_by_the_carload_keeps_no_calendar_and_is_found() {
    let brought = persons(&Scene::of("clinic_card_swiping").reported().remove(0));
    let ring = Scene::of("clinic_card_swiping")
        .with(|rows| by_the_carload(rows, &brought))
        .reported()
        .into_iter()
        .find(|one| one.factors.iter().any(|reason| reason.code == "in_line"))
        .expect("the ring");
    assert_eq!(ring.typology, "clinic_card_swiping");
    assert!(persons(&ring).intersection(&brought).count() * 10 >= brought.len() * 8);
}

#[test]
fn golden() {
    Scene::of("clinic_card_swiping").check_golden();
}
