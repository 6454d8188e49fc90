//! T15: caregivers who visit people in hospital, and not those who got a new telephone.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("ltc_collusion").check_ring("ltc_collusion", 12..=12);
    assert_eq!(
        (with_role(&ring, Role::Caregiver), with_role(&ring, Role::Assessor), with_role(&ring, Role::Institution)),
        (2, 1, 1)
    );
}

#[test]
fn golden() {
    Scene::of("ltc_collusion").check_golden();
}
