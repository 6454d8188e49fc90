//! HN18: a village approved for high blood pressure or diabetes on the day of a campaign, with small bills after.

use super::common;
use crate::synth::benefit::Right;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one campaign.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let township = scene.world.places_of(county, |kind| kind == PlaceKind::Township);
    let Some(place) = township.first().copied() else { return };
    let Some(doctor) = scene.doctors(place, 1).first().copied() else { return };
    let n = common::size(scene, 15, 120);
    let pool = scene.village(county, 40 * n);
    let members = scene.recruit(&pool, n, common::older(48));
    let window = scene.world.window;
    let begin = window.first + scene.draw.day(60, 420);
    let (disease, code) = scene.draw.pick(&[("M03900", "I10.x00"), ("M01600", "E11.900")]);
    for person in &members {
        let (key, phone) = (scene.draw.key(), scene.world.person(*person).phone);
        scene.planted.benefits.rights.push(Right { key, person: *person, disease, place, doctor, phone, begin });
        let clinic = scene.world.person(*person).clinic;
        let (mut day, step) = (window.first + scene.draw.day(0, 50), scene.draw.day(25, 70));
        while day < window.last {
            let care = if day < begin { Care::Outpatient } else { Care::Chronic };
            let mut claim = scene.visit(*person, clinic, care, day);
            claim.diagnosis = disease_of(code);
            let total = fen(scene.draw.spread(55.0, 0.6));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
            day += step + scene.draw.day(0, 20);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
