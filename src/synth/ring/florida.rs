//! Florida 1993: which patients go by bus from clinic to clinic? A dense block of providers and patients.
//!
//! Sparrow, *License to Steal*: 122 providers and 181 patients, each tied to at least 47 on the other side. In worlds
//! below 400,000 people the block is scaled down with its density kept.

use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::{days, fen, whole};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one block.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let scale = (scene.world.people.persons.len() as f64 / 400_000.0).clamp(0.12, 1.0);
    let wanted = |full: f64| usize::try_from(whole(full * scale)).unwrap_or(8).max(8);
    let county = scene.home_county(false);
    let counties = scene.world.regions.city(county).counties.clone();
    let mut clinics: Vec<u32> = counties
        .clone()
        .flat_map(|at| {
            scene.world.places_of(at, |kind| {
                matches!(kind, PlaceKind::Clinic | PlaceKind::Tcm | PlaceKind::Private | PlaceKind::Township)
            })
        })
        .collect();
    scene.draw.shuffle(&mut clinics);
    clinics.truncate(wanted(122.0));
    let pool: Vec<u32> = counties.flat_map(|at| scene.people(at, 2)).collect();
    let patients = scene.recruit(&pool, wanted(181.0), super::crew::adult);
    scene.note("motif", "florida_1993");
    scene.note("providers", clinics.len());
    scene.note("patients", patients.len());
    let share_of_clinics = scene.draw.real(0.42, 0.6);
    let bus = usize::try_from(scene.draw.int(6, 14)).unwrap_or(8).min(patients.len());
    let stops = 4;
    let trips = days(share_of_clinics * (clinics.len() * patients.len()) as f64 * 1.5 / (bus * stops) as f64).max(6);
    let window = scene.world.window;
    let mut turn = 0;
    for trip in 0..trips {
        let spare = window.days() - 8;
        let day = workday(window.first + 2 + spare * trip / trips + scene.draw.day(0, 2));
        let riders: Vec<u32> = (0..bus).map(|seat| patients[(turn + seat) % patients.len()]).collect();
        turn += bus.saturating_sub(usize::from(scene.draw.chance(0.5)));
        let route = scene.draw.some(&clinics, stops);
        for (hour, clinic) in route.into_iter().enumerate() {
            for (seat, rider) in riders.iter().enumerate() {
                if !scene.draw.chance(0.9) {
                    continue;
                }
                let mut claim = scene.visit(*rider, clinic, Care::Outpatient, day);
                let minutes = i64::try_from(seat).unwrap_or(0) * 5 + scene.draw.int(0, 9);
                claim.settled =
                    i64::from(day) * 86_400 + (8 + 2 * i64::try_from(hour).unwrap_or(0)) * 3_600 + minutes * 60;
                let total = fen(scene.draw.spread(320.0, 0.5));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                if claim.place == clinic && scene.add(claim) {
                    scene.label(Who::Person(*rider), "patient");
                    scene.label(Who::Place(clinic), "institution");
                }
            }
        }
    }
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&patients, &[], share);
}
