//! T06: six cards in one hand, and not a family's errands or the village doctor's refill.

use super::scene::{Scene, fetched_for_all, persons, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("card_pool").check_ring("card_pool", 6..=6);
    assert_eq!(with_role(&ring, Role::Organiser), 1);
    assert!(with_role(&ring, Role::Pharmacy) >= 3);
}

#[test]
fn a_month_s_medicine_fetched_for_all_on_one_errand_is_no_pool() {
    let cards = persons(&Scene::of("card_pool").reported().remove(0));
    let fetched = Scene::of("card_pool").with(|rows| fetched_for_all(rows, &cards)).reported();
    assert!(fetched.iter().all(|one| persons(one).is_disjoint(&cards)));
}

#[test]
fn golden() {
    Scene::of("card_pool").check_golden();
}
