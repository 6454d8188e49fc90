//! HN15: a village doctor or a home that refills everybody's long prescriptions on one day each month.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one monthly refill.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let n = common::size(scene, 8, 45);
    let village = scene.village(county, n * 4);
    let members = scene.recruit(&village, n, common::older(55));
    let suited = |kind| matches!(kind, PlaceKind::Township | PlaceKind::Clinic);
    let places = scene.world.places_of(county, suited);
    let place = scene.draw.pick(&places);
    let doctor = scene.doctors(place, 1);
    let card = scene.draw.pick(&[1, 3, 3]);
    let window = scene.world.window;
    let every = scene.draw.pick(&[28, 30, 30, 90]);
    let mut day = window.first + scene.draw.day(0, 28);
    while day < window.last {
        let mut second = scene.draw.int(29_000, 50_000);
        for person in &members {
            if scene.draw.chance(0.1) {
                continue;
            }
            let mut claim = scene.visit(*person, place, Care::Chronic, day);
            // Not open yet, or no longer: whoever goes elsewhere goes alone.
            if claim.place != place {
                continue;
            }
            second += scene.draw.int(25, 180);
            claim.settled = i64::from(day) * 86_400 + second;
            claim.till = 0;
            claim.card = card;
            if let Some(doctor) = doctor.first() {
                claim.doctor = *doctor;
            }
            scene.add(claim);
        }
        day += every + scene.draw.day(-1, 1);
    }
    common::people(scene, &members);
    common::place(scene, place);
}
