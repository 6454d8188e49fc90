//! Guilty twins: who looks like an honest group, and is none? A nursing home that sells its residents' admissions, a charity's bus to an
//! eye hospital that never operated. (The dialysis centre that bills phantom sessions is [`super::phantom_dialysis`].)

use super::crew;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::claim::{Care, Traced};
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// T02: residents share an address, a doctor and a refill day, as in every home; and every few weeks some of them lie in a hospital as
/// well, while their refills go on.
pub(super) fn nursing_home(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let home = scene.nursing_home(county);
    let mut hospital = crew::complicit(scene, county);
    // A hospital that pays other recruiters as well is one ring with theirs.
    for _ in 0..10 {
        if scene.is_anothers(Who::Place(hospital)) {
            hospital = crew::complicit(scene, county);
        }
    }
    scene.label(Who::Place(hospital), "institution");
    let n = crew::size(scene, 12, 60);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) >= 70);
    let window = scene.world.window;
    let address = Who::Address(scene.draw.key());
    members.iter().for_each(|person| scene.link(address, Who::Person(*person), "self", window.first - 200));
    scene.on_paper = true;
    let refill = window.first + scene.draw.day(0, 27);
    for person in &members {
        for month in 0..window.days() / 30 {
            let day = refill + month * 30 + scene.draw.day(-1, 1);
            if scene.draw.chance(0.88) {
                let mut claim = scene.visit(*person, home, Care::Chronic, day);
                claim.settled = i64::from(day) * 86_400 + 32_000 + scene.draw.int(0, 6_000);
                scene.add(claim);
            }
        }
    }
    let active = crew::span(scene, 250.0, 720.0);
    let (pause, seats) = (scene.draw.day(20, 50), 4 + scene.draw.below(8));
    let doctors = scene.doctors(hospital, 2);
    doctors.iter().for_each(|doctor| scene.label(Who::Doctor(*doctor), "doctor"));
    let (yuan, free) = (scene.draw.wide(2_000.0, 6_000.0), scene.draw.chance(0.7));
    scene.note("days_between_admissions", pause);
    scene.note("nothing_to_pay", free);
    let (mut day, mut events) = (active.0, Vec::new());
    for turn in 0.. {
        if day > active.1 {
            break;
        }
        let nights = scene.draw.day(5, 11);
        for person in crew::batch(scene, &members, seats, turn) {
            let code = scene.draw.pick(&["I67.801", "J20.900", "E11.900", "M47.201"]);
            let late = i32::from(scene.draw.chance(0.2));
            let mut claim = scene.stay(person, hospital, workday(day) + late, nights, code);
            claim.doctor = scene.draw.pick(&doctors);
            let total = fen(yuan * scene.draw.real(0.88, 1.12));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            if free {
                money::pay_but(&mut claim, total, 0);
            }
            if scene.add(claim) {
                events.push(person);
            }
        }
        day += pause + scene.draw.day(-4, 4);
    }
    crew::label_patients(scene, &events);
}

/// T01: old people are driven to a far eye hospital, free of charge, as a charity does it; again and again, though nobody has more than
/// two eyes, and while they shop at home.
pub(super) fn charity_bus(scene: &mut Scene<'_>) {
    let home = scene.home_county(true);
    let far = scene.world.regions.elsewhere(home, 20.0, 400.0);
    let there = if far.is_empty() { home } else { scene.draw.pick(&far) };
    let suited = |kind| matches!(kind, PlaceKind::Private | PlaceKind::County);
    let places = scene.world.places_of(there, suited);
    let place = scene.draw.pick(&places);
    scene.label(Who::Place(place), "institution");
    let doctors = scene.doctors(place, 2);
    doctors.iter().for_each(|doctor| scene.label(Who::Doctor(*doctor), "doctor"));
    let n = crew::size(scene, 10, 60);
    let towns = 1 + scene.draw.below(3);
    let pool = scene.people(home, towns);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) >= 60);
    let crew = crew::crew(scene, &members);
    scene.on_paper = true;
    let active = crew::span(scene, 200.0, 650.0);
    let seats = 6 + scene.draw.below(20);
    let rounds = 3 + scene.draw.below(4);
    let price = scene.draw.real(3_800.0, 6_800.0);
    let without_lens = scene.draw.real(0.0, 0.95);
    scene.note("operations_each", rounds);
    scene.note("without_lens", without_lens);
    let mut events = Vec::new();
    for (number, van) in members.chunks(seats).enumerate() {
        let step = (active.1 - active.0) / i32::try_from(rounds).unwrap_or(3);
        for round in 0..rounds {
            let day = active.0 + step * i32::try_from(round).unwrap_or(0) + i32::try_from(number * 3).unwrap_or(0);
            let day = workday(day + scene.draw.day(0, 6));
            for person in van.iter().copied() {
                if scene.draw.chance(0.1) {
                    continue;
                }
                let nights = scene.draw.day(1, 2);
                let mut claim = scene.stay(person, place, day, nights, "H25.900");
                claim.doctor = scene.draw.pick(&doctors);
                if scene.draw.chance(without_lens) {
                    claim.traced = Traced::Undelivered;
                }
                money::pay_but(&mut claim, fen(price * scene.draw.real(0.95, 1.06)), 0);
                crew.sign(&mut scene.draw, &mut claim);
                if scene.add(claim) {
                    events.push(person);
                }
            }
        }
    }
    crew::label_patients(scene, &events);
}
