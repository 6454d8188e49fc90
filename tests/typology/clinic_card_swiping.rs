//! T04: elders brought to two clinics of one owner by the calendar, and not courses of acupuncture.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("clinic_card_swiping").check_ring("clinic_card_swiping", 28..=30);
    assert_eq!(with_role(&ring, Role::Institution), 2);
}

#[test]
fn golden() {
    Scene::of("clinic_card_swiping").check_golden();
}
