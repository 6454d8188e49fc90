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

/// Regions number diseases their own way: a campaign is known by its tiny bills as well.
#[test]
fn approvals_that_cost_next_to_nothing_are_a_campaign() {
    let cheap = Scene::of("fake_chronic_entitlement").with(|rows| {
        rows.settlements.iter_mut().for_each(|row| row.fact.total_fen /= 12);
    });
    let left: Vec<String> = cheap.reported().into_iter().map(|finding| finding.typology).collect();
    assert_eq!(left, Vec::<String>::new());
}
