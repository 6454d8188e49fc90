//! HN09: people who lie on dialysis beside one another three times a week for years.

use super::common;
use crate::synth::calendar::Window;
use crate::synth::care::regular;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one shift of one centre.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Dialysis as usize].draw(&mut scene.draw);
    let n = common::size(scene, 4, 12);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(32));
    let window = scene.world.window;
    let mut claims = Vec::new();
    for person in &members {
        let late = if scene.draw.chance(0.4) { scene.draw.day(0, window.days() - 60) } else { 0 };
        let span = Window { first: window.first + late, last: window.last };
        regular::sessions(scene.world, &mut scene.draw, (*person, place), span, &mut claims);
    }
    for claim in claims {
        scene.add(claim);
    }
    common::people(scene, &members);
    common::place(scene, place);
}
