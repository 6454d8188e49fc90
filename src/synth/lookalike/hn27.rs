//! HN27: plasters of the dog days, and of the winter solstice: everybody comes on the days that the calendar names, three or four times.

use super::common;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// The first of the dog days, counted from New Year, and the days from one plaster to the next.
const DOG_DAYS: i32 = 191;
const NEXT: i32 = 10;

/// Plants one clinic's campaign.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let suited = |kind| matches!(kind, PlaceKind::Tcm | PlaceKind::Clinic | PlaceKind::Township);
    let places = scene.world.places_of(county, suited);
    let place = scene.draw.pick(&places);
    let n = common::size(scene, 20, 150);
    let pool = scene.people(county, 3);
    let members = scene.recruit(&pool, n, |_, _| true);
    let window = scene.world.window;
    let (price, plasters) = (scene.draw.real(60.0, 180.0), scene.draw.day(3, 4));
    let code = scene.draw.pick(&["J44.100", "J20.900", "L50.900", "M17.900"]);
    for year in 0..window.days() / 365 {
        for person in &members {
            if scene.draw.chance(0.25) {
                continue;
            }
            for plaster in 0..plasters {
                let late = scene.draw.pick(&[0, 0, 0, 1, 2]);
                let day = window.first + year * 365 + DOG_DAYS + plaster * NEXT + late;
                let mut claim = scene.visit(*person, place, Care::Outpatient, day);
                claim.diagnosis = disease_of(code);
                money::pay(scene.world, &mut scene.draw, &mut claim, fen(price));
                scene.add(claim);
            }
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
