//! HN11: old people who have gone to the same small hospital for years, for anything, for little money.

use super::common;
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one faithful clientele.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let small = |kind| matches!(kind, PlaceKind::Township | PlaceKind::Private | PlaceKind::Tcm);
    let places = scene.world.places_of(county, small);
    let place = scene.draw.pick(&places);
    let n = common::size(scene, 15, 90);
    let pool = scene.people(county, 2);
    let members = scene.recruit(&pool, n, common::older(62));
    let window = scene.world.window;
    for person in &members {
        for _ in 0..3 + scene.draw.count(9.0) {
            let day = window.visit(&mut scene.draw, true);
            let mut claim = scene.visit(*person, place, Care::Outpatient, day);
            let total = fen(scene.draw.spread(95.0, 0.6));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
        }
        for _ in 0..scene.draw.count(1.1) {
            let day = window.visit(&mut scene.draw, false);
            let claim = common::real_stay(scene, *person, place, day);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
