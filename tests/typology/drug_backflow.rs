//! T07: boxes sold again far away, and not transfers, split packs or returns.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("drug_backflow").check_ring("drug_backflow", 9..=9);
    assert_eq!((with_role(&ring, Role::Organiser), with_role(&ring, Role::Pharmacy)), (1, 1));
}

#[test]
fn golden() {
    Scene::of("drug_backflow").check_golden();
}
