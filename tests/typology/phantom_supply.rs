//! T18: boxes that nobody delivered, billed on nineteen cards; and not a pharmacy that reports badly, nor a branch.

use super::scene::{Scene, persons, with_role};
use medring::flow::{Baselines, ChannelBaseline};
use medring::model::{OccasionKind, Party, PartyKind, Role, TraceKind};
use std::sync::Arc;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    // That the station does report deliveries stands in rows of others: a run leaves it behind as a baseline.
    let channel = Party::context(PartyKind::Circumstance, &[OccasionKind::UnsuppliedSale as u64]);
    let usual = ChannelBaseline { weekdays: [300; 7], days: 640, groups: 0 };
    let known = Baselines { channels: [(channel, usual)].into(), ..Baselines::default() };
    let ring = Scene::of("phantom_supply").check_ring_beside("phantom_supply", 17..=20, Some(Arc::new(known)));
    assert_eq!(with_role(&ring, Role::Institution), 1);
}

#[test]
fn few_boxes_sold_over_and_over_need_no_report_of_deliveries() {
    let ring = Scene::of("phantom_supply").reported().remove(0);
    let (cards, station) =
        (persons(&ring), ring.members.iter().find(|one| one.role == Role::Institution).unwrap().party);
    let scene = Scene::of("phantom_supply").with(|rows| {
        rows.traces.retain(|row| row.fact.place != station || row.fact.kind == TraceKind::Sold);
        for row in rows.traces.iter_mut().filter(|row| row.fact.place == station && cards.contains(&row.fact.person)) {
            row.fact.code %= 7;
        }
    });
    let found = scene.found().into_iter().find(|one| one.typology == "phantom_supply").expect("boxes cannot come back");
    assert!(persons(&found).is_subset(&cards) && persons(&found).len() * 10 >= cards.len() * 8);
    assert!(found.factors.iter().any(|factor| factor.code == "one_box_for_all"), "what a clerk may do is said");
}

#[test]
fn golden() {
    Scene::of("phantom_supply").check_golden();
}
