//! T08: accounts from all over emptied at two counters, and not a station's pharmacy, nor people who live here.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("pharmacy_cash_out").check_ring("pharmacy_cash_out", 22..=24);
    assert_eq!(with_role(&ring, Role::Pharmacy), 2);
}

#[test]
fn golden() {
    Scene::of("pharmacy_cash_out").check_golden();
}
