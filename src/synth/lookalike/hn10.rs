//! HN10: patients of one tumour ward who come back every two to four weeks, as the protocol says; or haemophiliacs who all come on the
//! day of the month on which their specialist is in, for a dear drug and a night in bed now and then.

use super::common;
use crate::synth::calendar::weekday;
use crate::synth::care::{money, regular};
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one cohort.
pub(super) fn plant(scene: &mut Scene<'_>) {
    if scene.draw.chance(0.7) { ward(scene) } else { specialist(scene) }
}

/// The patients of a tumour ward.
fn ward(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let n = common::size(scene, 8, 50);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(38));
    let cycle = scene.draw.pick(&[14, 21, 21, 28]);
    let day_ward = scene.draw.chance(0.4);
    let mut claims = Vec::new();
    for person in &members {
        let start = scene.world.window.any(&mut scene.draw);
        let rounds = scene.draw.day(4, 12);
        let world = scene.world;
        regular::cycles_of(world, &mut scene.draw, (*person, place), (start, cycle, rounds), day_ward, &mut claims);
    }
    for claim in claims {
        scene.add(claim);
    }
    common::people(scene, &members);
    common::place(scene, place);
}

/// The patients of a specialist for a rare disease.
fn specialist(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let doctor = scene.doctors(place, 1);
    let n = common::size(scene, 7, 26);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| world.person(person).male);
    let window = scene.world.window;
    let (day_of_week, every) = (scene.draw.day(0, 4), scene.draw.pick(&[14, 28, 28]));
    let doses: Vec<f64> = members.iter().map(|_| scene.draw.wide(1_800.0, 9_000.0)).collect();
    let mut day = window.first + 5 - weekday(window.first + 5) + day_of_week;
    while day < window.last {
        for (person, dose) in members.iter().zip(&doses) {
            if scene.draw.chance(0.12) {
                continue;
            }
            let bed = scene.draw.chance(0.06);
            let mut claim = if bed {
                let nights = scene.draw.day(1, 3);
                scene.stay(*person, place, day, nights, "D66.x00")
            } else {
                scene.visit(*person, place, Care::Special, day)
            };
            claim.diagnosis = disease_of("D66.x00");
            claim.doctor = doctor.first().copied().unwrap_or(claim.doctor);
            let total = fen(dose * scene.draw.real(0.97, 1.05));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
        }
        day += every;
    }
    common::people(scene, &members);
    common::place(scene, place);
}
