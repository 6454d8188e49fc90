//! T22: a clerk of the agency who settles the same people's paper bills in the evening.

use super::crew;
use super::paper::{Desk, far, hand_in};
use crate::synth::benefit::ordinary;
use crate::synth::scene::{Scene, Who};

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let many = 2 + scene.draw.below(3);
    let houses = far(scene, county, many);
    if houses.is_empty() {
        return;
    }
    let n = crew::size(scene, 5, 60);
    let pool = scene.people(county, 12);
    let members = scene.recruit(&pool, n, crew::adult);
    let Some(first) = members.first() else { return };
    let clerk = ordinary::clerk(scene.world, *first, scene.draw.key());
    let active = crew::span(scene, 150.0, 560.0);
    scene.on_paper = true;
    scene.label(Who::Staff(clerk), "insider");
    let (yuan, late) = (scene.draw.wide(8_000.0, 50_000.0), scene.draw.real(0.4, 0.95));
    scene.note("after_hours", late);
    let desk = Desk { houses, yuan, active, serial: false, clerk, late };
    let handed_in = hand_in(scene, &members, &desk);
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&handed_in, &[], share);
}
