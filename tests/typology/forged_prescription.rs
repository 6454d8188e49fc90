//! T09: scripts of a hospital that never saw the patients, and not its tumour ward's.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("forged_prescription").check_ring("forged_prescription", 13..=14);
    assert_eq!((with_role(&ring, Role::Patient), with_role(&ring, Role::Pharmacy)), (14, 1));
}

#[test]
fn golden() {
    Scene::of("forged_prescription").check_golden();
}
