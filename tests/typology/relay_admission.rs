//! T16: people passed around three hospitals of one owner, and not a referral alliance.

use super::scene::{Scene, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("relay_admission").check_ring("relay_admission", 8..=8);
    assert_eq!(
        (
            with_role(&ring, Role::Patient) + with_role(&ring, Role::ProfessionalPatient),
            with_role(&ring, Role::Institution)
        ),
        (8, 3)
    );
}

#[test]
fn golden() {
    Scene::of("relay_admission").check_golden();
}
