//! Unclassified: people who go round clinics in changing company are never dropped, and a rehabilitation course is not one.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_group_is_found_and_its_look_alike_is_not() {
    // Most of them are about on each day, which `card_pool` claims too, though no medicine is fetched: the better score names it.
    let ring = Scene::of("unclassified").check_ring("card_pool", 23..=24);
    assert!(with_role(&ring, Role::Institution) >= 10);
}

#[test]
fn golden() {
    Scene::of("unclassified").check_golden();
}
