//! HN08: a nursing home whose residents share an address, a doctor and a refill day, and really take their drugs.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::{Scene, Who};

/// Plants one home.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let home = scene.nursing_home(county);
    let n = common::size(scene, 12, 60);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(70));
    let address = Who::Address(scene.draw.key());
    let doctors = scene.doctors(home, 2);
    let window = scene.world.window;
    let refill = scene.draw.day(0, 27);
    for person in &members {
        scene.link(address, Who::Person(*person), "self", window.first - 200);
        if scene.draw.chance(0.5) {
            let office = crate::synth::write::entities::switchboard(scene.world, home);
            scene.link(Who::Phone(office), Who::Person(*person), "contact", window.first - 200);
        }
        let moved_in = if scene.draw.chance(0.3) { scene.draw.day(0, 400) } else { 0 };
        let mut day = window.first + refill + moved_in;
        while day < window.last {
            if scene.draw.chance(0.88) {
                let mut claim = scene.visit(*person, home, Care::Chronic, day);
                claim.settled = i64::from(day) * 86_400 + 32_000 + scene.draw.int(0, 6_000);
                if claim.place == home && !doctors.is_empty() {
                    claim.doctor = scene.draw.pick(&doctors);
                }
                scene.add(claim);
            }
            day += 30 + scene.draw.day(-1, 1);
        }
        for _ in 0..scene.draw.count(0.7) {
            let day = window.visit(&mut scene.draw, true);
            let place = scene.world.person(*person).hospital;
            let claim = common::real_stay(scene, *person, place, day);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, home);
}
