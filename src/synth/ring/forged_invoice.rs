//! T13: bills of famous hospitals far away, made by one hand and handed in by people of one county.

use super::crew;
use super::paper::{Desk, far, hand_in};
use crate::synth::scene::Scene;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let many = 1 + scene.draw.below(3);
    let houses = far(scene, county, many);
    if houses.is_empty() {
        return;
    }
    let n = crew::size(scene, 6, 80);
    let pool = scene.people(county, 12);
    let members = scene.recruit(&pool, n, crew::adult);
    let active = crew::span(scene, 120.0, 500.0);
    scene.on_paper = true;
    let (yuan, serial) = (scene.draw.wide(15_000.0, 80_000.0), scene.draw.chance(0.8));
    scene.note("serial_numbers", serial);
    let desk = Desk { houses, yuan, active, serial, clerk: 0, late: 0.0 };
    let handed_in = hand_in(scene, &members, &desk);
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&handed_in, &[], share);
}
