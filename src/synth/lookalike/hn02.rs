//! HN02: old people who live far away, for good or every winter, and use all care there.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one group of retirees of one county in one far county.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(false);
    let far = scene.world.regions.elsewhere(home, 60.0, 2_000.0);
    if far.is_empty() {
        return;
    }
    let there = scene.draw.pick(&far);
    let towns = scene.world.regions.counties[there].towns.clone();
    let town = towns.start + scene.draw.below(towns.len());
    let n = common::size(scene, 8, 60);
    let pool = scene.people(home, 8);
    let members = scene.recruit(&pool, n, common::older(58));
    let window = scene.world.window;
    for person in &members {
        let winter_only = scene.draw.chance(0.5);
        let reason = if winter_only { "08" } else { "02" };
        let filed = window.first - scene.draw.day(0, 300);
        scene.file(*person, there, reason, (filed, filed + 1_095));
        for _ in 0..3 + scene.draw.count(9.0) {
            let day = window.visit(&mut scene.draw, false);
            let month = crate::model::Day(day).date().1;
            if winter_only && (4..=10).contains(&month) {
                continue;
            }
            let service = scene.draw.pick(&[Service::Pharmacy, Service::Pharmacy, Service::Clinic, Service::Hospital]);
            let place = scene.world.choices[town][service as usize].draw(&mut scene.draw);
            let care = if service == Service::Pharmacy { Care::Drugstore } else { Care::Outpatient };
            let claim = scene.visit(*person, place, care, day);
            scene.add(claim);
        }
        if scene.draw.chance(0.4) {
            let day = window.visit(&mut scene.draw, false);
            let place = scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
            let claim = common::real_stay(scene, *person, place, day);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
}
