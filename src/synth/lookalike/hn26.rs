//! HN26: miners with dust lungs, sent to a cure in turns by the firm that pays for it: two weeks, once or twice a year, with workmates.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants the men of one mine.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(true);
    let n = common::size(scene, 12, 90);
    let pool = scene.people(county, 30);
    let members =
        scene.recruit(&pool, n, |world, person| world.person(person).male && common::older(42)(world, person));
    let suited = |kind| matches!(kind, PlaceKind::County | PlaceKind::Private | PlaceKind::Tcm);
    let places = scene.world.places_of(county, suited);
    let place = scene.draw.pick(&places);
    let doctors = scene.doctors(place, 2);
    let seats = usize::try_from(scene.draw.int(5, 14)).unwrap_or(8);
    let window = scene.world.window;
    let (price, a_year) = (scene.draw.real(4_500.0, 8_000.0), scene.draw.day(1, 2));
    for (number, turn) in members.chunks(seats).enumerate() {
        let first = window.first + 10 + i32::try_from(number).unwrap_or(0) * 16;
        for round in 0..window.days() * a_year / 365 {
            let day = workday(first + round * 365 / a_year + scene.draw.day(-3, 3));
            for person in turn {
                if scene.draw.chance(0.12) {
                    continue;
                }
                let nights = scene.draw.day(13, 15);
                let mut claim = scene.stay(*person, place, day, nights, "J60.x00");
                claim.doctor = scene.draw.pick(&doctors);
                let total = fen(price * scene.draw.real(0.92, 1.08));
                money::pay_but(&mut claim, total, 0);
                scene.add(claim);
            }
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
