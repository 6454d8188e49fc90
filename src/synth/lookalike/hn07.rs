//! HN07: an outbreak that fills several wards with people of all ages within days.

use super::common;
use crate::synth::claim::Care;
use crate::synth::draw::days;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one outbreak.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = common::size(scene, 20, 160);
    let code = scene.draw.pick(&["J10.100", "A09.900", "J18.900", "B08.401", "K52.905"]);
    let pool = if scene.draw.chance(0.5) { scene.village(county, n * 5) } else { scene.people(county, 3) };
    let child = code == "B08.401";
    let members = scene.recruit(&pool, n, |world, person| !child || world.age(person, world.window.first) < 8);
    let peak = scene.world.window.visit(&mut scene.draw, true);
    let width = scene.draw.real(1.0, 6.0);
    scene.note("disease", code);
    for person in &members {
        let day = peak + days(width * scene.draw.normal());
        let town = scene.world.person(*person).lives as usize;
        let place = scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
        if scene.draw.chance(0.6) {
            let claim = common::stay_for(scene, *person, place, day, code);
            scene.add(claim);
        } else {
            let claim = scene.visit(*person, place, Care::Emergency, day);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
}
