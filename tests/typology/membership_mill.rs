//! T03: members at one price, and not loyal elders.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("membership_mill").check_ring("membership_mill", 28..=30);
    assert_eq!((with_role(&ring, Role::Organiser), with_role(&ring, Role::Institution)), (1, 1));
}

#[test]
fn golden() {
    Scene::of("membership_mill").check_golden();
}
