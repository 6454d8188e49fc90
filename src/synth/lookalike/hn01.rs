//! HN01: a county whose people go elsewhere for care, one by one, for all sorts of illness.

use super::common;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one county's flow to the hospitals of a neighbouring city.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(true);
    let near = scene.world.regions.elsewhere(home, 10.0, 160.0);
    let far = scene.world.regions.elsewhere(home, 10.0, 600.0);
    let there = if !near.is_empty() {
        scene.draw.pick(&near)
    } else if !far.is_empty() {
        scene.draw.pick(&far)
    } else {
        home
    };
    let big = |kind| matches!(kind, PlaceKind::Tertiary | PlaceKind::County | PlaceKind::Private);
    let places = scene.world.places_of(there, big);
    let n = common::size(scene, 60, 400);
    let pool = scene.people(home, 30);
    let members = scene.recruit(&pool, n, |_, _| true);
    for person in &members {
        for _ in 0..1 + scene.draw.count(0.6) {
            let day = scene.world.window.visit(&mut scene.draw, true);
            let place = places[scene.draw.below(places.len()).min(scene.draw.below(places.len()))];
            let claim = common::real_stay(scene, *person, place, day);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
}
