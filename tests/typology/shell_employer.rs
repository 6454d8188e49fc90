//! T14: two firms that insure women who are expecting, and not a nursery school.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("shell_employer").check_ring("shell_employer", 16..=16);
    assert_eq!((with_role(&ring, Role::Employer), with_role(&ring, Role::Patient)), (2, 16));
}

#[test]
fn golden() {
    Scene::of("shell_employer").check_golden();
}
