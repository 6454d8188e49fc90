//! HN25: an accident with many injured who are admitted within the hour.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one accident.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = common::size(scene, 8, 45);
    let towns = 1 + scene.draw.below(4);
    let pool = scene.people(county, towns);
    let members = scene.recruit(&pool, n, |_, _| true);
    let town = scene.world.regions.counties[county].towns.start;
    let day = scene.world.window.any(&mut scene.draw);
    let near = scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
    for person in &members {
        let code = scene.draw.pick(&["S06.000", "S52.500", "S72.000", "T14.900", "S61.901"]);
        let place = if scene.draw.chance(0.7) {
            near
        } else {
            scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw)
        };
        let mut claim = common::stay_for(scene, *person, place, day, code);
        claim.care = Care::Injury;
        scene.add(claim);
    }
    common::people(scene, &members);
}
