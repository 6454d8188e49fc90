//! HN12: courses of rehabilitation or acupuncture: ten to twenty visits, then no more.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one clinic's courses.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let mut places = scene.world.places_of(county, |kind| kind == PlaceKind::Tcm);
    if places.is_empty() {
        places = scene.world.places_of(county, |kind| kind == PlaceKind::Township);
    }
    let place = scene.draw.pick(&places);
    let n = common::size(scene, 10, 60);
    let pool = scene.people(county, 4);
    let members = scene.recruit(&pool, n, common::older(35));
    let price = scene.draw.real(90.0, 260.0);
    let every = scene.draw.day(2, 3);
    for person in &members {
        let mut day = scene.world.window.visit(&mut scene.draw, false);
        let code = scene.draw.pick(&["M51.202", "M47.201", "M17.900", "I63.900"]);
        for _ in 0..scene.draw.day(10, 20) {
            let mut claim = scene.visit(*person, place, Care::Outpatient, workday(day));
            claim.diagnosis = disease_of(code);
            let total = fen(price * scene.draw.real(0.8, 1.2));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
            day += every + scene.draw.day(0, 1);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
