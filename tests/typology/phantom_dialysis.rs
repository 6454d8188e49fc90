//! T17: a centre whose patients have more sessions than they sat through, and not chairs taken for years.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("phantom_dialysis").check_ring("phantom_dialysis", 13..=15);
    assert_eq!(with_role(&ring, Role::Institution), 1);
}

#[test]
fn golden() {
    Scene::of("phantom_dialysis").check_golden();
}
