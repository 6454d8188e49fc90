//! T13: bills with neighbouring numbers paid to one account, and not a village agent's.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("forged_invoice").check_ring("forged_invoice", 14..=14);
    assert_eq!((with_role(&ring, Role::Patient), with_role(&ring, Role::Organiser)), (14, 1));
}

#[test]
fn golden() {
    Scene::of("forged_invoice").check_golden();
}
