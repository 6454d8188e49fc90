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

#[test]
fn that_nobody_was_referred_says_nothing_where_no_transfer_is_kept() {
    let said = |scene: &Scene| {
        let relay = scene.found().into_iter().find(|one| one.typology == "relay_admission").expect("the ring is found");
        relay.factors.iter().any(|factor| factor.code == "no_transfer_on_record")
    };
    let kept = Scene::of("relay_admission");
    assert!(said(&kept), "the alliance beside it is on record");
    let blank = Scene::of("relay_admission").with(|rows| {
        for row in &mut rows.visits {
            (row.fact.referred_from, row.fact.discharge) = (0, 1);
        }
    });
    assert!(!said(&blank), "the column is there and empty in every row");
}
