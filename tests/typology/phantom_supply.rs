//! T18: boxes that nobody delivered, billed on nineteen cards; and not a pharmacy that reports badly, nor a branch.

use super::scene::{Scene, with_role};
use medring::flow::{Baselines, ChannelBaseline};
use medring::model::{OccasionKind, Party, PartyKind, Role};
use std::sync::Arc;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    // That the station does report deliveries stands in rows of others: a run leaves it behind as a baseline.
    let channel = Party::context(PartyKind::Circumstance, &[OccasionKind::UnsuppliedSale as u64]);
    let usual = ChannelBaseline { weekdays: [300; 7], days: 640 };
    let known = Baselines { channels: [(channel, usual)].into(), ..Baselines::default() };
    let ring = Scene::of("phantom_supply").check_ring_beside("phantom_supply", 17..=20, Some(Arc::new(known)));
    assert_eq!(with_role(&ring, Role::Institution), 1);
}

#[test]
fn golden() {
    Scene::of("phantom_supply").check_golden();
}
