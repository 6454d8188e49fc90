//! T10: a stroke approved for people who never had one, and not a campaign against high blood pressure.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("fake_chronic_entitlement").check_ring("fake_chronic_entitlement", 17..=18);
    assert_eq!((with_role(&ring, Role::Doctor) >= 1, with_role(&ring, Role::Institution) >= 1), (true, true));
}

#[test]
fn golden() {
    Scene::of("fake_chronic_entitlement").check_golden();
}
