//! HN28: those who come on the one day of the week on which their doctor is in: for shots against an allergy, every week at first, then
//! every month, for years; or every second Saturday to a herbal doctor of some name.

use super::common;
use crate::synth::calendar::weekday;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one doctor's consulting day.
pub(super) fn plant(scene: &mut Scene<'_>) {
    if scene.draw.chance(0.5) { shots(scene) } else { herbs(scene) }
}

/// An allergy clinic.
fn shots(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let suited = |kind| matches!(kind, PlaceKind::County | PlaceKind::Tertiary | PlaceKind::Township);
    let places = scene.world.places_of(county, suited);
    let place = scene.draw.pick(&places);
    let doctors = scene.doctors(place, 2);
    let n = common::size(scene, 8, 50);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| (5..45).contains(&world.age(person, world.window.first)));
    let window = scene.world.window;
    let (day_of_week, price) = (scene.draw.day(0, 5), scene.draw.real(120.0, 420.0));
    let weeks = scene.draw.day(14, 20);
    for person in &members {
        let begun = window.first - scene.draw.day(0, 300) + scene.draw.day(0, 500);
        let mut day = begun - weekday(begun) + day_of_week;
        for shot in 0..60 {
            if day > window.last {
                break;
            }
            if window.holds(day) && scene.draw.chance(0.93) {
                let mut claim = scene.visit(*person, place, Care::Outpatient, day);
                claim.diagnosis = disease_of("J30.400");
                claim.doctor = scene.draw.pick(&doctors);
                let total = fen(price * scene.draw.pick(&[1.0, 1.0, 1.1]));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                scene.add(claim);
            }
            day += if shot < weeks { 7 } else { scene.draw.pick(&[28, 28, 35, 42]) };
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}

/// A herbal doctor.
fn herbs(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let mut places = scene.world.places_of(county, |kind| kind == PlaceKind::Tcm);
    if places.is_empty() {
        places = scene.world.places_of(county, |kind| kind == PlaceKind::Clinic);
    }
    let place = scene.draw.pick(&places);
    let doctor = scene.doctors(place, 1);
    let n = common::size(scene, 10, 60);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(25));
    let window = scene.world.window;
    let saturday = window.first + 12 - weekday(window.first + 12);
    let price = scene.draw.real(180.0, 520.0);
    for person in &members {
        let begun = scene.draw.day(0, 40);
        let code = scene.draw.pick(&["K29.500", "G47.000", "N76.000", "M47.201", "L20.900"]);
        let own = price * scene.draw.real(0.7, 1.4);
        for visit in begun..begun + scene.draw.day(6, 40) {
            let day = saturday + visit * 14;
            if !window.holds(day) || scene.draw.chance(0.15) {
                continue;
            }
            let mut claim = scene.visit(*person, place, Care::Outpatient, day);
            claim.diagnosis = disease_of(code);
            claim.doctor = doctor.first().copied().unwrap_or(claim.doctor);
            let total = fen(own * scene.draw.real(0.85, 1.15));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
