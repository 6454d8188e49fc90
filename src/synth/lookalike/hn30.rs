//! HN30: people who take a medicine under somebody's eyes, nearly every day for months: methadone, tuberculosis.

use super::common;
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants the patients of one clinic.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let places = scene.world.places_of(county, |kind| matches!(kind, PlaceKind::Clinic | PlaceKind::Township));
    let place = scene.draw.pick(&places);
    let doctor = scene.doctors(place, 1);
    let n = common::size(scene, 8, 40);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| (20..65).contains(&world.age(person, world.window.first)));
    let window = scene.world.window;
    let (every, price) = (scene.draw.day(1, 2), scene.draw.real(6.0, 35.0));
    let opens = scene.draw.int(28_000, 34_000);
    for person in &members {
        let mut day = window.any(&mut scene.draw);
        let until = day + scene.draw.day(120, 500);
        while day < until.min(window.last) {
            if scene.draw.chance(0.9) {
                let mut claim = scene.visit(*person, place, Care::Outpatient, day);
                claim.settled = i64::from(day) * 86_400 + opens + scene.draw.int(0, 7_200);
                claim.doctor = doctor.first().copied().unwrap_or(claim.doctor);
                money::pay(scene.world, &mut scene.draw, &mut claim, fen(price));
                scene.add(claim);
            }
            day += every;
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
