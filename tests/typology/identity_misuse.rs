//! T12: a clinic that goes on treating the dead, and not a wrong date in the register.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("identity_misuse").check_ring("identity_misuse", 12..=17);
    assert_eq!((with_role(&ring, Role::Institution), with_role(&ring, Role::Doctor)), (1, 1));
}

#[test]
fn golden() {
    Scene::of("identity_misuse").check_golden();
}
