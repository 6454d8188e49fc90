//! HN22: the clinic of a firm, a university or a hospital's own staff: colleagues who come often, for little money.

use super::common;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::claim::{Care, NONE};
use crate::synth::draw::{fen, small};
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;
use std::collections::BTreeMap;

/// Plants one firm with its clinic.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let mut staff: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for town in scene.world.regions.counties[county].towns.clone() {
        for person in scene.world.people.of_town[town].clone() {
            let employer = scene.world.person(person).employer;
            if employer != NONE {
                staff.entry(employer).or_default().push(person);
            }
        }
    }
    let firms: Vec<u32> = staff.iter().filter(|(_, people)| people.len() >= 12).map(|(firm, _)| *firm).collect();
    let places = scene.world.places_of(county, |kind| matches!(kind, PlaceKind::Clinic | PlaceKind::Township));
    if firms.is_empty() || places.is_empty() {
        return;
    }
    let firm = scene.draw.pick(&firms);
    let n = common::size(scene, 12, 70);
    let members = scene.recruit(&staff[&firm].clone(), n, |_, _| true);
    let place = scene.draw.pick(&places);
    let window = scene.world.window;
    let (often, price) = (scene.draw.real(3.0, 14.0), scene.draw.real(18.0, 90.0));
    let weekly = scene.draw.pick(&[0, 0, 7]);
    for person in &members {
        let visits = small(scene.draw.count(often));
        let start = window.visit(&mut scene.draw, false);
        for visit in 0..visits {
            // Some go on one day of the week, when their doctor is in.
            let regular = start + i32::try_from(visit).unwrap_or(0) * weekly * scene.draw.day(1, 4);
            let any = window.visit(&mut scene.draw, true);
            let day = workday(if weekly > 0 { regular } else { any });
            if !window.holds(day) {
                continue;
            }
            let mut claim = scene.visit(*person, place, Care::Outpatient, day);
            let total = fen(scene.draw.spread(price, 0.4));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            scene.add(claim);
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
