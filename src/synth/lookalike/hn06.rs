//! HN06: a bus that takes a village, a firm or a school to its yearly check-up.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one group that is checked once a year.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let n = common::size(scene, 15, 120);
    let village = scene.village(county, n * 2);
    let members = scene.recruit(&village, n, |_, _| true);
    let suited = |kind| matches!(kind, PlaceKind::Township | PlaceKind::County | PlaceKind::Private);
    let places = scene.world.places_of(county, suited);
    let place = scene.draw.pick(&places);
    let window = scene.world.window;
    let season = scene.draw.day(60, 330);
    for year in 0..window.days() / 365 {
        let day = workday(window.first + 365 * year + season + scene.draw.day(-8, 8));
        let price = scene.draw.real(90.0, 320.0);
        for person in &members {
            if scene.draw.chance(0.15) {
                continue;
            }
            let mut claim = scene.visit(*person, place, Care::CheckUp, day);
            claim.settled = i64::from(day) * 86_400 + scene.draw.int(27_000, 42_000);
            claim.diagnosis = crate::synth::catalogue::disease_of("Z00.000");
            money::pay_but(&mut claim, fen(price), fen(price));
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
