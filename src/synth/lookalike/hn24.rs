//! HN24: a hospital that closes or is merged, and whose patients all turn up at its successor.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;
use std::collections::BTreeSet;

/// Plants one merger.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let suited = |kind| matches!(kind, PlaceKind::Private | PlaceKind::Township | PlaceKind::Tcm);
    let places = scene.world.places_of(county, suited);
    let used: BTreeSet<u32> = scene.planted.claims.iter().map(|claim| claim.place).collect();
    let places: Vec<u32> = places.into_iter().filter(|place| !used.contains(place)).collect();
    let pair = scene.draw.some(&places, 2);
    let [old, new] = pair.as_slice() else { return };
    let (old, new) = (*old, *new);
    let window = scene.world.window;
    let merger = scene.draw.day(window.first + 150, window.last - 150);
    let n = common::size(scene, 25, 120);
    let pool = scene.people(county, 5);
    let members = scene.recruit(&pool, n, common::older(40));
    scene.planted.contracts.push((old, None, Some(merger)));
    if scene.draw.chance(0.5) {
        scene.planted.contracts.push((new, Some(merger - scene.draw.day(1, 30)), None));
    }
    for person in &members {
        for _ in 0..2 + scene.draw.count(3.0) {
            let day = window.visit(&mut scene.draw, false);
            let place = if day <= merger { old } else { new };
            let stays = scene.world.place(place).admits() && scene.draw.chance(0.3);
            let mut claim = if stays {
                common::real_stay(scene, *person, place, day)
            } else {
                scene.visit(*person, place, Care::Outpatient, day)
            };
            if claim.place != place {
                claim.place = place;
                claim.doctor = scene.world.doctor(&mut scene.draw, *person, place, 0);
            }
            scene.add(claim);
        }
    }
    scene.note("merger", crate::model::Day(merger).to_string());
    common::people(scene, &members);
    common::place(scene, old);
    common::place(scene, new);
}
