//! T22: a clerk who settles at night for one account, and not one who stays late.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("insider_collusion").check_ring("insider_collusion", 15..=18);
    assert_eq!((with_role(&ring, Role::Insider), with_role(&ring, Role::Institution)), (1, 0));
}

#[test]
fn golden() {
    Scene::of("insider_collusion").check_golden();
}
