//! T01: the bus to the distant hospital, and not the charity's bus to the eye clinic.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("cross_region_day_trip").check_ring("cross_region_day_trip", 13..=14);
    assert_eq!((with_role(&ring, Role::Organiser), with_role(&ring, Role::Institution)), (1, 1));
    assert_eq!(with_role(&ring, Role::Doctor), 2);
}

#[test]
fn golden() {
    Scene::of("cross_region_day_trip").check_golden();
}
