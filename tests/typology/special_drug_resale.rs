//! T11: clotting factor fetched at several hospitals at once, and not by patients who keep to one.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("special_drug_resale").check_ring("special_drug_resale", 6..=8);
    assert_eq!((with_role(&ring, Role::Organiser), with_role(&ring, Role::Institution)), (2, 0));
}

#[test]
fn golden() {
    Scene::of("special_drug_resale").check_golden();
}
