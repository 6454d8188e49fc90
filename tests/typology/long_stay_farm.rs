//! T05: three wards emptied on paper at two sister hospitals, and not wards that are truly ill for life.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("long_stay_farm").check_ring("long_stay_farm", 12..=12);
    assert_eq!(with_role(&ring, Role::Institution), 2);
}

#[test]
fn golden() {
    Scene::of("long_stay_farm").check_golden();
}
