//! HN10: patients of one tumour ward who come back every two to four weeks, as the protocol says.

use super::common;
use crate::synth::care::regular;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one ward's cohort.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let town = scene.world.regions.counties[county].towns.start;
    let place = scene.world.choices[town][Service::Tertiary as usize].draw(&mut scene.draw);
    let n = common::size(scene, 8, 50);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(38));
    let cycle = scene.draw.pick(&[14, 21, 21, 28]);
    let day_ward = scene.draw.chance(0.4);
    let mut claims = Vec::new();
    for person in &members {
        let start = scene.world.window.any(&mut scene.draw);
        let rounds = scene.draw.day(4, 12);
        let world = scene.world;
        regular::cycles_of(world, &mut scene.draw, (*person, place), (start, cycle, rounds), day_ward, &mut claims);
    }
    for claim in claims {
        scene.add(claim);
    }
    common::people(scene, &members);
    common::place(scene, place);
}
