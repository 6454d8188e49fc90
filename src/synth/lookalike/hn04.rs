//! HN04: an alliance of hospitals that refers up for what is severe and down for recovery, different people each time.

use super::common;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;
use crate::synth::world::places::PlaceKind;

/// Plants one alliance.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let low = scene.world.places_of(county, |kind| matches!(kind, PlaceKind::County | PlaceKind::Township));
    let town = scene.world.regions.counties[county].towns.start;
    let below = scene.draw.pick(&low);
    let above = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let n = common::size(scene, 20, 150);
    let pool = scene.people(county, 12);
    let members = scene.recruit(&pool, n, common::older(30));
    let window = scene.world.window;
    for person in &members {
        let day = window.visit(&mut scene.draw, false);
        let code = scene.draw.pick(&["I63.900", "I25.103", "S72.000", "I50.900", "J44.100", "K80.201", "C34.900"]);
        let mut first = common::stay_for(scene, *person, below, day, code);
        first.end = first.end.min(first.begin + scene.draw.day(1, 4));
        first.settled = i64::from(first.end) * 86_400 + 36_000 + scene.draw.int(0, 20_000);
        let up = first.end + scene.draw.day(0, 1);
        let mut second = common::stay_for(scene, *person, above, up, code);
        second.referred = if scene.draw.chance(0.85) { first.visit } else { 0 };
        let down = second.end + scene.draw.day(0, 1);
        let mut third = common::stay_for(scene, *person, below, down, code);
        third.referred = if scene.draw.chance(0.85) { second.visit } else { 0 };
        scene.add(first);
        if scene.add(second) && scene.draw.chance(0.7) {
            scene.add(third);
        }
    }
    common::people(scene, &members);
    common::place(scene, below);
    common::place(scene, above);
}
