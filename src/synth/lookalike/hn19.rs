//! HN19: a charity that drives old people to a far eye hospital, free of charge, once for each eye.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one campaign.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(true);
    let far = scene.world.regions.elsewhere(home, 20.0, 400.0);
    let there = if far.is_empty() { home } else { scene.draw.pick(&far) };
    let suited = |kind| matches!(kind, PlaceKind::Private | PlaceKind::Tertiary | PlaceKind::County);
    let places = scene.world.places_of(there, suited);
    let place = scene.draw.pick(&places);
    let doctors = scene.doctors(place, 2);
    let n = common::size(scene, 10, 70);
    let towns = 1 + scene.draw.below(3);
    let pool = scene.people(home, towns);
    let members = scene.recruit(&pool, n, common::older(60));
    let seats = usize::try_from(scene.draw.int(6, 25)).unwrap_or(10);
    let window = scene.world.window;
    let mut day = workday(scene.draw.day(window.first + 10, window.last - 300));
    let price = scene.draw.real(3_800.0, 6_800.0);
    for van in members.chunks(seats) {
        for eye in 0..2 {
            for person in van {
                if eye == 1 && scene.draw.chance(0.4) {
                    continue;
                }
                let admitted = day + eye * scene.draw.pick(&[7, 14, 28]);
                let nights = scene.draw.day(1, 2);
                let mut claim = scene.stay(*person, place, workday(admitted), nights, "H25.900");
                claim.doctor = scene.draw.pick(&doctors);
                let total = fen(price * scene.draw.real(0.95, 1.06));
                money::pay_but(&mut claim, total, 0);
                scene.add(claim);
            }
        }
        day = workday(day + scene.draw.day(5, 30));
    }
    common::people(scene, &members);
    common::place(scene, place);
}
