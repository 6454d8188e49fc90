//! T20: an internet doctor who prescribes faster than patients can speak, for a few counters.

use super::crew;
use crate::synth::benefit::{Script, ordinary};
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let hands = 1 + scene.draw.below(2);
    let doctors = scene.doctors(place, hands);
    if doctors.is_empty() {
        return;
    }
    let counters: Vec<u32> = (0..2 + scene.draw.below(3))
        .map(|_| {
            let near = scene.home_county(false);
            ordinary::counter(scene.world, &mut scene.draw, near)
        })
        .collect();
    let n = crew::size(scene, 14, 240);
    let mut pool = Vec::new();
    for _ in 0..6 {
        let from = scene.home_county(false);
        pool.extend(scene.people(from, 6));
    }
    pool.sort_unstable();
    pool.dedup();
    let members = scene.recruit(&pool, n, crew::adult);
    let active = crew::span(scene, 100.0, 520.0);
    let sessions = (members.len() / 4).max(6);
    let yuan = scene.draw.wide(120.0, 700.0);
    let (quick, drug) = (scene.draw.int(25, 75), scene.draw.pick(&[0, 1, 10, 11, 13]));
    scene.note("seconds_between", quick);
    scene.note("counters", counters.len());
    scene.label(Who::Place(place), "institution");
    for counter in &counters {
        scene.label(Who::Place(*counter), "pharmacy");
    }
    for _ in 0..sessions {
        let day = scene.draw.day(active.0, active.1);
        let doctor = scene.draw.pick(&doctors);
        let mut second = scene.draw.int(7, 22) * 3_600;
        let many = 4 + scene.draw.below(12);
        for person in scene.draw.some(&members, many) {
            second += scene.draw.int(12, quick);
            let issued = i64::from(day) * 86_400 + second.min(86_000);
            let counter = scene.draw.pick(&counters);
            let mut claim = scene.visit(person, counter, Care::Drugstore, day);
            claim.settled = issued + scene.draw.int(20, 390);
            claim.card = 1;
            claim.drug = drug;
            let total = fen(scene.draw.spread(yuan, 0.2));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            if !scene.add(claim) {
                continue;
            }
            let script = Script {
                key: scene.draw.key(),
                visit: 0,
                person,
                place,
                counter,
                doctor,
                stranger: 0,
                issued,
                dispensed: claim.settled,
                drug,
                days: 30,
                online: true,
            };
            scene.planted.benefits.scripts.push(script);
            scene.label(Who::Person(person), "patient");
            scene.label(Who::Doctor(doctor), "doctor");
        }
    }
}
