//! HN13: a couple, a family or a daughter with her parents' cards, at one till one after the other.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;

/// Plants one family's errands.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let people = scene.people(county, 6);
    let mut members: Vec<u32> = Vec::new();
    for _ in 0..200 {
        let person = scene.draw.pick(&people);
        let household = scene.world.people.household(scene.world.person(person).household);
        if (2..=5).contains(&household.len()) {
            members = household.collect();
            break;
        }
    }
    if members.is_empty() {
        return;
    }
    scene.planted.taken.extend(&members);
    let who = scene.world.person(members[0]);
    let stops = [who.pharmacy, who.clinic, who.hospital];
    let stop = scene.draw.pick(&stops);
    let every = scene.draw.day(14, 45);
    let mut day = scene.world.window.first + scene.draw.day(0, every);
    while day < scene.world.window.last {
        let place = if scene.draw.chance(0.8) { stop } else { scene.draw.pick(&stops) };
        let mut second = scene.draw.int(30_000, 64_000);
        for person in &members {
            if scene.draw.chance(0.25) {
                continue;
            }
            let care = if scene.draw.chance(0.5) { Care::Chronic } else { Care::Outpatient };
            let mut claim = scene.visit(*person, place, care, day);
            second += scene.draw.int(30, 240);
            claim.settled = i64::from(day) * 86_400 + second;
            claim.till = 0;
            claim.contact = scene.world.person(members[0]).phone;
            scene.add(claim);
        }
        day += every + scene.draw.day(-3, 5);
    }
    common::people(scene, &members);
}
