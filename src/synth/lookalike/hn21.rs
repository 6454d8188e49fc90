//! HN21: workers who come home for the Spring Festival and catch up on care with their families.

use super::common;
use crate::synth::calendar::spring_festival;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;

/// Plants one town's returnees in one year.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let n = common::size(scene, 20, 140);
    let pool = scene.people(county, 2);
    let members = scene.recruit(&pool, n, common::working);
    let years = scene.world.window.days() / 365;
    let year = 365 * scene.draw.day(0, (years - 1).max(0));
    let festival = spring_festival(scene.world.window.first + year + 40);
    for person in &members {
        let who = scene.world.person(*person);
        let places = [who.clinic, who.hospital, who.hospital];
        for _ in 0..1 + scene.draw.count(0.8) {
            let day = festival + scene.draw.day(-14, 16);
            let place = scene.draw.pick(&places);
            if scene.world.place(place).admits() && scene.draw.chance(0.25) {
                let claim = common::real_stay(scene, *person, place, day);
                scene.add(claim);
            } else {
                let claim = scene.visit(*person, place, Care::Outpatient, day);
                scene.add(claim);
            }
        }
    }
    common::people(scene, &members);
}
