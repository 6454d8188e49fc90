//! HN03: workers of one home county at one building site or factory far away, filed for by the employer.

use super::common;
use crate::synth::claim::Care;
use crate::synth::draw::small;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;

/// Plants one site.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(true);
    let far = scene.world.regions.elsewhere(home, 30.0, 2_000.0);
    if far.is_empty() {
        return;
    }
    let there = scene.draw.pick(&far);
    let towns = scene.world.regions.counties[there].towns.clone();
    let town = towns.start + scene.draw.below(towns.len());
    let n = common::size(scene, 12, 120);
    let pool = scene.people(home, 4);
    let members = scene.recruit(&pool, n, common::working);
    let window = scene.world.window;
    let start = scene.draw.day(window.first, window.last - 300);
    let clerk = scene.draw.key() | 1;
    let phone = scene.outside_phone();
    let dormitory = Who::Address(scene.draw.key());
    let filed_by_firm = scene.draw.chance(0.7);
    let near = scene.world.choices[town][Service::Hospital as usize].draw(&mut scene.draw);
    for person in &members {
        scene.link(dormitory, Who::Person(*person), "self", start);
        let filing = scene.file(*person, there, "07", (start, start + 730));
        if filed_by_firm {
            (filing.agent, filing.phone) = (clerk, phone);
        }
        for _ in 0..scene.draw.count(2.2) {
            let day = scene.draw.day(start, window.last - 3);
            let place = if scene.draw.chance(0.6) {
                near
            } else {
                scene.world.choices[town][Service::Clinic as usize].draw(&mut scene.draw)
            };
            let claim = scene.visit(*person, place, Care::Outpatient, day);
            scene.add(claim);
        }
        if scene.draw.chance(0.16) {
            let day = scene.draw.day(start, window.last - 20);
            let code = scene.draw.pick(&["S52.500", "S61.901", "T14.900", "S06.000", "M51.202", "J18.900", "K35.801"]);
            let place = scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
            let claim = common::stay_for(scene, *person, place, day, code);
            scene.add(claim);
        }
    }
    scene.note("workers", small(members.len()));
    common::people(scene, &members);
}
