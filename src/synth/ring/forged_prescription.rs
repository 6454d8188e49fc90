//! T09: prescriptions of a hospital that never saw the patients, dispensed at one counter.

use super::crew;
use crate::synth::benefit::{Script, ordinary};
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::{Care, NONE};
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let counter = ordinary::counter(scene.world, &mut scene.draw, county);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let n = crew::size(scene, 6, 140);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, crew::adult);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 120.0, 700.0);
    let forged = scene.draw.pick(&[0.0, 0.4, 1.0]);
    let hands = 1 + scene.draw.below(3);
    let (real, strangers) = (scene.doctors(place, hands), [scene.draw.key(), scene.draw.key()]);
    let yuan = scene.draw.wide(1_200.0, 12_000.0);
    let (step, lasts) = (scene.draw.pick(&[10, 14, 21, 28]), scene.draw.pick(&[28, 56, 90]));
    let drug = scene.draw.pick(&[3, 5, 7, 9]);
    scene.note("doctors_not_registered", forged);
    scene.note("yuan", yuan);
    scene.label(Who::Place(counter), "pharmacy");
    let mut events = Vec::new();
    let behind = scene.draw.real(0.2, 0.8);
    for person in &members {
        if crew.phone() != NONE && scene.draw.chance(behind) {
            scene.link(Who::Phone(crew.phone()), Who::Person(*person), "contact", active.0);
        }
        let mut day = active.0 + scene.draw.day(0, 60);
        while day < active.1 {
            let mut claim = scene.visit(*person, counter, Care::Drugstore, day);
            claim.diagnosis = disease_of("Z51.102");
            claim.drug = drug;
            let total = fen(yuan * scene.draw.real(0.85, 1.15));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            if scene.draw.chance(0.75) && scene.add(claim) {
                events.push(*person);
                let fake = real.is_empty() || scene.draw.chance(forged);
                let doctor = if fake { NONE } else { scene.draw.pick(&real) };
                let stranger = scene.draw.pick(&strangers);
                let issued = claim.settled - scene.draw.int(60, 5_000);
                let script = Script {
                    key: scene.draw.key(),
                    visit: 0,
                    person: *person,
                    place,
                    counter,
                    doctor,
                    stranger,
                    issued,
                    dispensed: claim.settled,
                    drug,
                    days: lasts,
                    online: false,
                };
                scene.planted.benefits.scripts.push(script);
            }
            day += step + scene.draw.day(0, 4);
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.2;
    scene.genuine(&members, &[], share);
}
