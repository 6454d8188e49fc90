//! T20: prescriptions within a minute for two counters, and not a busy internet hospital.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("online_rx_mill").check_ring("online_rx_mill", 22..=26);
    assert_eq!((with_role(&ring, Role::Doctor), with_role(&ring, Role::Pharmacy)), (1, 2));
}

#[test]
fn golden() {
    Scene::of("online_rx_mill").check_golden();
}
