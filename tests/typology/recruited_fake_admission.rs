//! T02: recruited villagers, and not chemotherapy, influenza or the old people's home.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("recruited_fake_admission").check_ring("recruited_fake_admission", 17..=19);
    assert_eq!((with_role(&ring, Role::Recruiter), with_role(&ring, Role::Institution)), (1, 1));
}

#[test]
fn golden() {
    Scene::of("recruited_fake_admission").check_golden();
}
