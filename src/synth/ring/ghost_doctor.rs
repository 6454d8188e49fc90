//! T19: whose seal signs for people after its owner has left, or at two places at once? Records are copied from one another; the
//! patients are told to come, or never do.

use super::crew;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::claim::{Care, Claim};
use crate::synth::draw::{days, fen};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let houses = houses(scene, county);
    houses.iter().for_each(|house| scene.label(Who::Place(*house), "institution"));
    let ghost = scene.doctors(houses[0], 1)[0];
    scene.label(Who::Doctor(ghost), "doctor");
    let n = crew::size(scene, 7, 120);
    let towns = 1 + scene.draw.below(4);
    let pool = scene.people(county, towns);
    let members = scene.recruit(&pool, n, crew::adult);
    let crew = crew::crew(scene, &members);
    scene.decide_on_paper(0.5);
    let active = crew::span(scene, 150.0, 700.0);
    let left = houses.len() == 1 || scene.draw.chance(0.6);
    if left {
        let before = days(scene.draw.wide(2.0, 500.0));
        scene.planted.gone.insert(ghost, active.0 - before);
    }
    // Whoever has left may sign anywhere; one who has not gives himself away by being in two places.
    let at_once = houses.len() > 1 && (!left || scene.draw.chance(0.3));
    let admits = !at_once && houses.iter().all(|house| scene.world.place(*house).admits()) && scene.draw.chance(0.6);
    let cloned = scene.draw.chance(0.6);
    let sessions = scene.draw.int(12, 70);
    let seats = 3 + scene.draw.below(12);
    let gap = scene.draw.wide(90.0, 500.0);
    let yuan = if admits { scene.draw.wide(1_500.0, 6_000.0) } else { scene.draw.wide(80.0, 700.0) };
    let codes = scene.draw.some(&crew::EASY, 3);
    scene.note("left_before", left);
    scene.note("at_two_places_at_once", at_once);
    scene.note("admitted", admits);
    scene.note("cloned", cloned);
    let mut events = Vec::new();
    for session in 0..sessions {
        let turn = usize::try_from(session).unwrap_or(0);
        let day = workday(scene.draw.day(active.0, active.1));
        let basket = if cloned { scene.draw.key() } else { 0 };
        let mut second = f64::from(scene.draw.day(8, 15)) * 3_600.0;
        for (seat, person) in crew::batch(scene, &members, seats, turn).into_iter().enumerate() {
            let house = houses[if at_once { seat } else { turn } % houses.len()];
            let mut claim = if admits {
                let (nights, code) = (scene.draw.day(3, 9), scene.draw.pick(&codes));
                scene.stay(person, house, day, nights, code)
            } else {
                second += gap * scene.draw.spread(1.0, 0.3);
                let settled = i64::from(day) * 86_400 + crate::synth::draw::whole(second.min(86_000.0));
                Claim { settled, ..scene.visit(person, house, Care::Outpatient, day) }
            };
            if claim.place != house {
                continue;
            }
            (claim.doctor, claim.basket) = (ghost, basket);
            let total = fen(yuan * scene.draw.real(0.85, 1.15));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            crew.sign(&mut scene.draw, &mut claim);
            scene.planted.sealed.insert(claim.visit);
            if scene.add(claim) {
                events.push(person);
            }
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&members, &[], share);
}

/// One to three places of the city that see patients; two mostly.
fn houses(scene: &mut Scene<'_>, county: usize) -> Vec<u32> {
    let small = |kind| matches!(kind, PlaceKind::Private | PlaceKind::Township | PlaceKind::Clinic);
    let all: Vec<u32> =
        scene.world.regions.city(county).counties.clone().flat_map(|at| scene.world.places_of(at, small)).collect();
    let wanted = 1 + scene.draw.weighted(&[0.25, 0.55, 0.2]);
    scene.draw.some(&all, wanted)
}
