//! Unclassified: people who go round clinics in changing company, and not a rehabilitation course.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_group_is_found_and_its_look_alike_is_not() {
    let ring = Scene::of("unclassified").check_ring("unclassified", 23..=24);
    assert!(with_role(&ring, Role::Institution) >= 10);
}

#[test]
fn golden() {
    Scene::of("unclassified").check_golden();
}
