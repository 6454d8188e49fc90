//! T06: six cards in one hand, and not a family's errands or the village doctor's refill.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("card_pool").check_ring("card_pool", 6..=6);
    assert_eq!(with_role(&ring, Role::Organiser), 1);
    assert!(with_role(&ring, Role::Pharmacy) >= 3);
}

#[test]
fn golden() {
    Scene::of("card_pool").check_golden();
}
