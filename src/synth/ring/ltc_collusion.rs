//! T15: care visits that did not take place: to people in hospital, on borrowed telephones, at any hour.

use super::crew;
use crate::synth::benefit::{Assessed, Cared};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;
use std::collections::BTreeSet;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let stations = scene.world.places_of(county, |kind| kind == PlaceKind::Nursing);
    let Some(station) = stations.first().copied() else { return };
    let n = crew::size(scene, 8, 60);
    let pool = scene.people(county, 8);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 66);
    if members.is_empty() {
        return;
    }
    let window = scene.world.window;
    let assessor = scene.draw.key();
    let fake = scene.draw.real(0.3, 0.9);
    let borrowed = scene.draw.real(0.05, 0.45);
    scene.note("fake_share", fake);
    scene.note("on_borrowed_devices", borrowed);
    scene.label(Who::Place(station), "institution");
    scene.label(Who::Staff(assessor), "assessor");
    let devices: Vec<u64> = (0..members.len().div_ceil(6)).map(|_| scene.draw.key()).collect();
    for (group, device) in members.chunks(6).zip(&devices) {
        let carer = scene.draw.key();
        scene.label(Who::Staff(carer), "caregiver");
        for person in group {
            let mut away: BTreeSet<i32> = BTreeSet::new();
            if scene.draw.chance(0.45) {
                let (day, nights) = (window.first + scene.draw.day(180, 480), scene.draw.day(6, 18));
                let usual = scene.world.person(*person).hospital;
                let stay = scene.stay(*person, usual, day, nights, "J44.100");
                if scene.add(stay) {
                    away.extend(day..=day + nights);
                }
            }
            let cheats = scene.draw.chance(0.85);
            let begin = window.first + scene.draw.day(0, 200);
            let end = (begin + scene.draw.day(200, 500)).min(window.last);
            let other = if scene.draw.chance(0.9) { assessor } else { scene.draw.key() };
            let (key, level) = (scene.draw.key(), scene.draw.pick(&[5, 6, 6]));
            let day = begin - scene.draw.day(5, 40);
            let assessed = Assessed { key, person: *person, place: station, assessor: other, day, level };
            scene.planted.benefits.assessed.push(assessed);
            let hour = scene.draw.int(8, 16);
            for day in (begin..end).step_by(2) {
                let bad = cheats && scene.draw.chance(fake);
                if away.contains(&day) && !bad || scene.draw.chance(0.05) {
                    continue;
                }
                let second =
                    if bad { scene.draw.int(7 * 3_600, 18 * 3_600) } else { hour * 3_600 + scene.draw.int(0, 900) };
                let device = if bad && scene.draw.chance(borrowed) { scene.draw.pick(&devices) } else { *device };
                let at = i64::from(day) * 86_400 + second;
                let key = scene.draw.key();
                let visit = Cared { key, person: *person, place: station, carer, device, begin: at, end: at + 3_600 };
                scene.planted.benefits.cared.push(visit);
            }
            scene.label(Who::Person(*person), "patient");
        }
    }
}
