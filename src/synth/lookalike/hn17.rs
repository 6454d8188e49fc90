//! HN17: a pharmacy at a station, where people from everywhere buy a little.

use super::common;
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one such pharmacy.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let shops = scene.world.places_of(county, |kind| kind == PlaceKind::Pharmacy);
    let shop = scene.draw.pick(&shops);
    let everybody = u32::try_from(scene.world.people.persons.len()).unwrap_or(u32::MAX);
    for _ in 0..scene.draw.int(80, 400) {
        let person = u32::try_from(scene.draw.int(0, i64::from(everybody) - 1)).unwrap_or(0);
        let day = scene.world.window.any(&mut scene.draw);
        let mut claim = scene.visit(person, shop, Care::Drugstore, day);
        let total = fen(scene.draw.spread(38.0, 0.6));
        money::pay(scene.world, &mut scene.draw, &mut claim, total);
        scene.add(claim);
    }
    common::place(scene, shop);
}
