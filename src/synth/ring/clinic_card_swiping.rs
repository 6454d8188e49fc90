//! T04: a clinic, or two of one owner, where the cards of staff, relatives and recruited elders are swiped by the calendar.

use super::crew;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// People who come together, and when.
struct Van {
    seats: Vec<u32>,
    every: i32,
    next: i32,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let clinics = clinics(scene, county);
    if clinics.is_empty() {
        return;
    }
    let from = if scene.draw.chance(0.6) { scene.home_county(false) } else { county };
    let n = crew::size(scene, 10, 160);
    let towns = 1 + scene.draw.below(6);
    let pool = scene.people(from, towns);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 40);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 150.0, 720.0);
    let beat = scene.draw.pick(&[7, 7, 12, 12, 14, 24, 10]);
    let own_beats = scene.draw.chance(0.3);
    let slip = scene.draw.real(0.0, 0.16);
    let price = scene.draw.wide(120.0, 680.0);
    let narrow = scene.draw.real(0.02, 0.25);
    let minutes = scene.draw.int(1, 9);
    let cash = scene.draw.pick(&[0.0, 0.0, 0.1, 1.0]);
    let hands = 1 + scene.draw.below(3);
    let doctors: Vec<Vec<u32>> = clinics.iter().map(|clinic| scene.doctors(*clinic, hands)).collect();
    let codes = scene.draw.some(&["M51.202", "M47.201", "M17.900", "K29.500", "G47.000", "I67.801"], 2);
    scene.note("days_between_visits", beat);
    scene.note("visits_that_slip", slip);
    let mut vans = vans(scene, &members, active, if own_beats { None } else { Some(beat) });
    let mut events = Vec::new();
    for van in &mut vans {
        while van.next < active.1 {
            let late = if scene.draw.chance(slip) { scene.draw.day(-4, 5) } else { 0 };
            let day = scene.jitter(van.next + late);
            let house = if clinics.len() > 1 && scene.draw.chance(0.35) { 1 } else { 0 };
            let mut second = scene.draw.int(7 * 3_600, 18 * 3_600);
            for person in &van.seats {
                if scene.draw.chance(0.07) {
                    continue;
                }
                let mut claim = scene.visit(*person, clinics[house], Care::Outpatient, day);
                if claim.place != clinics[house] {
                    continue;
                }
                second += scene.draw.int(20, minutes * 60);
                claim.settled = i64::from(day) * 86_400 + second.min(85_000);
                claim.till = 0;
                claim.diagnosis = disease_of(scene.draw.pick(&codes));
                if !doctors[house].is_empty() {
                    claim.doctor = scene.draw.pick(&doctors[house]);
                }
                let total = fen((price * (1.0 + narrow * scene.draw.normal())).max(40.0));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                if cash < 1.0 {
                    let usual = claim.cash() as f64;
                    money::pay_but(&mut claim, total, crate::synth::draw::whole(usual * cash));
                }
                crew.sign(&mut scene.draw, &mut claim);
                if scene.add(claim) {
                    events.push(*person);
                    if claim.doctor != crate::synth::claim::NONE {
                        scene.label(Who::Doctor(claim.doctor), "doctor");
                    }
                }
            }
            van.next += van.every;
        }
    }
    crew::label_patients(scene, &events);
    for clinic in &clinics {
        scene.label(Who::Place(*clinic), "institution");
    }
    let share = scene.care_mixed_in() * 0.15;
    scene.genuine(&members, &[], share);
}

/// A private clinic, often with a second one, of the same owner where there is one.
fn clinics(scene: &mut Scene<'_>, county: usize) -> Vec<u32> {
    let counties = scene.world.regions.city(county).counties.clone();
    let small = |kind| matches!(kind, PlaceKind::Tcm | PlaceKind::Clinic);
    let near = scene.world.places_of(county, small);
    if near.is_empty() {
        return Vec::new();
    }
    let first = scene.draw.pick(&near);
    let mut clinics = vec![first];
    let owner = scene.world.place(first).owner;
    let all: Vec<u32> =
        counties.flat_map(|at| scene.world.places_of(at, small)).filter(|place| *place != first).collect();
    let sisters: Vec<u32> =
        all.iter().copied().filter(|place| owner != 0 && scene.world.place(*place).owner == owner).collect();
    if !sisters.is_empty() {
        clinics.push(scene.draw.pick(&sisters));
    } else if scene.draw.chance(0.5) && !all.is_empty() {
        clinics.push(scene.draw.pick(&all));
    }
    clinics
}

fn vans(scene: &mut Scene<'_>, members: &[u32], active: (i32, i32), beat: Option<i32>) -> Vec<Van> {
    let mut vans = Vec::new();
    let mut left = members;
    while !left.is_empty() {
        let seats = (2 + scene.draw.below(6)).min(left.len());
        let every = beat.unwrap_or_else(|| scene.draw.pick(&[7, 12, 14, 24]));
        let next = active.0 + scene.draw.day(0, every);
        vans.push(Van { seats: left[..seats].to_vec(), every, next });
        left = &left[seats..];
    }
    vans
}
