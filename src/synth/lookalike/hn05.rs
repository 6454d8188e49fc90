//! HN05: a day ward where operations and infusions take no night at all.

use super::common;
use crate::synth::calendar::weekday;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one day ward.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let place = {
        let large = scene.world.places_of(county, |kind| matches!(kind, PlaceKind::Tertiary | PlaceKind::County));
        scene.draw.pick(&large)
    };
    let n = common::size(scene, 30, 250);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(25));
    let operating = [scene.draw.day(0, 4), scene.draw.day(0, 4)];
    let codes = ["H25.900", "Z51.102", "K40.900", "D25.900", "K80.201", "N20.100"];
    let kinds = 1 + scene.draw.below(4);
    let codes = scene.draw.some(&codes, kinds);
    for person in &members {
        let mut day = scene.world.window.visit(&mut scene.draw, false);
        while !operating.contains(&weekday(day)) {
            day += 1;
        }
        let code = scene.draw.pick(&codes);
        let rounds = if code == "Z51.102" { scene.draw.day(2, 6) } else { 1 };
        for round in 0..rounds {
            let claim = common::day_case(scene, *person, place, day + 21 * round, code);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
