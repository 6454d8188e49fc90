//! HN29: retired workmates who go to a sanatorium together each year, by their firm's coach, at its price.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::people::Insured;
use crate::synth::world::places::PlaceKind;

/// Plants the retired of one firm.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(false);
    let far = scene.world.regions.elsewhere(home, 20.0, 400.0);
    let there = if far.is_empty() { home } else { scene.draw.pick(&far) };
    let suited = |kind| matches!(kind, PlaceKind::Private | PlaceKind::County | PlaceKind::Tcm);
    let places = scene.world.places_of(there, suited);
    let place = scene.draw.pick(&places);
    let doctors = scene.doctors(place, 2);
    let n = common::size(scene, 10, 50);
    let pool = scene.people(home, 30);
    let members = scene.recruit(&pool, n, |world, person| world.person(person).insured == Insured::Retired);
    let window = scene.world.window;
    let (office, agent) = (scene.outside_phone(), scene.draw.key() | 1);
    let (nights, price) = (scene.draw.day(9, 14), scene.draw.real(2_600.0, 5_200.0));
    let season = scene.draw.day(90, 280);
    for year in 0..window.days() / 365 {
        for (number, coach) in members.chunks(scene.draw.below(15) + 12).enumerate() {
            let week = i32::try_from(number).unwrap_or(0) * 14;
            let day = workday(window.first + year * 365 + season + week + scene.draw.day(-10, 10));
            for person in coach {
                if scene.draw.chance(0.15) {
                    continue;
                }
                let code = scene.draw.pick(&["M47.201", "M51.202", "I10.x00", "I25.103", "G47.000"]);
                let mut claim = scene.stay(*person, place, day, nights, code);
                claim.doctor = scene.draw.pick(&doctors);
                claim.contact = office;
                let total = fen(price * scene.draw.real(0.9, 1.1));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                if scene.add(claim) && there != home {
                    let filing = scene.file(*person, there, "06", (day - 3, day + 60));
                    (filing.agent, filing.phone) = (agent, office);
                }
            }
        }
    }
    scene.label(Who::Phone(office), "patient");
    common::people(scene, &members);
    common::place(scene, place);
}
