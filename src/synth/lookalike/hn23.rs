//! HN23: a village of one surname. The village office fills in everybody's papers, and all go to the same township hospital, each
//! for what he has.

use super::common;
use crate::synth::care::office;
use crate::synth::claim::Care;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one village.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let kin: Vec<u32> = scene
        .people(county, 30)
        .into_iter()
        .filter(|person| scene.world.people.is_kin(scene.world.person(*person).household))
        .collect();
    let Some(first) = kin.first() else { return };
    let household = scene.world.person(*first).household;
    let village = scene.world.people.village(household);
    let n = common::size(scene, 20, 160);
    let pool: Vec<u32> = kin
        .iter()
        .copied()
        .filter(|person| scene.world.people.village(scene.world.person(*person).household) == village)
        .collect();
    let members = scene.recruit(&pool, n, |_, _| true);
    let places = scene.world.places_of(county, |kind| kind == PlaceKind::Township);
    let place = scene.draw.pick(&places);
    let window = scene.world.window;
    let (hall, phone) = (Who::Address(scene.draw.key()), office(scene.world, household));
    for person in &members {
        if scene.draw.chance(0.6) {
            scene.link(hall, Who::Person(*person), "self", window.first - 100);
        }
        for _ in 0..scene.draw.count(1.5) {
            let day = window.visit(&mut scene.draw, true);
            let mut claim = scene.visit(*person, place, Care::Outpatient, day);
            claim.contact = phone;
            scene.add(claim);
        }
        if scene.draw.chance(0.2) {
            let day = window.visit(&mut scene.draw, true);
            let mut claim = common::real_stay(scene, *person, place, day);
            claim.contact = phone;
            scene.add(claim);
        }
    }
    common::people(scene, &members);
}
