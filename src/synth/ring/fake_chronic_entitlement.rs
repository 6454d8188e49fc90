//! T10: a chronic disease approved in batches for people who do not have it, then the same sum every month.

use super::crew;
use crate::synth::benefit::Right;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::{Care, NONE};
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let place = crew::complicit(scene, county);
    let Some(doctor) = scene.doctors(place, 1).first().copied() else { return };
    let clinics = scene.world.places_of(county, |kind| matches!(kind, PlaceKind::Township | PlaceKind::Clinic));
    let wanted = 2 + scene.draw.below(4);
    let sites = scene.draw.some(&clinics, wanted);
    let n = crew::size(scene, 7, 150);
    let pool = scene.people(county, 12);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 40);
    let crew = crew::crew(scene, &members);
    let (disease, code) = scene.draw.pick(&[("M05800", "I63.900"), ("M04600", "I25.103"), ("M05300", "B18.100")]);
    let window = scene.world.window;
    let batches: Vec<i32> = (0..1 + scene.draw.below(6)).map(|_| window.first + scene.draw.day(20, 480)).collect();
    let yuan = scene.draw.wide(300.0, 1_600.0);
    let spread = scene.draw.real(0.03, 0.2);
    scene.note("batches", batches.len());
    scene.note("yuan", yuan);
    scene.label(Who::Place(place), "institution");
    scene.label(Who::Doctor(doctor), "doctor");
    let mut events = Vec::new();
    for person in &members {
        let begin = scene.draw.pick(&batches);
        let phone = if scene.draw.chance(0.5) { crew.phone() } else { NONE };
        let key = scene.draw.key();
        scene.planted.benefits.rights.push(Right { key, person: *person, disease, place, doctor, phone, begin });
        events.push(*person);
        let mut day = begin + scene.draw.day(3, 25);
        while day < window.last {
            let site = if sites.is_empty() { place } else { scene.draw.pick(&sites) };
            let mut claim = scene.visit(*person, site, Care::Chronic, day);
            claim.diagnosis = disease_of(code);
            let total = fen(scene.draw.spread(yuan, spread));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            crew.sign(&mut scene.draw, &mut claim);
            if scene.draw.chance(0.88) {
                scene.add(claim);
            }
            day += 28 + scene.draw.day(0, 6);
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.2;
    scene.genuine(&members, &[], share);
}
