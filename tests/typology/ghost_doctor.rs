//! T19: a seal that signs after its owner has left, and not a register that lags behind.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("ghost_doctor").check_ring("ghost_doctor", 14..=14);
    assert_eq!(with_role(&ring, Role::Institution), 2);
}

#[test]
fn golden() {
    Scene::of("ghost_doctor").check_golden();
}
