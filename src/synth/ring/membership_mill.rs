//! T03: who buys a stay like a subscription? A stable cohort, a fixed price, once or twice a year, and a move together.

use super::crew::{self, EASY};
use crate::model::Day;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};

/// How often a hospital is drawn until one is free.
const HOUSE_TRIES: usize = 20;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let rural = scene.draw.chance(0.6);
    let county = scene.home_county(rural);
    let n = crew::size(scene, 10, 900);
    let towns = 1 + scene.draw.below(5);
    let pool = scene.people(county, towns);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 42);
    let crew = crew::crew(scene, &members);
    scene.decide_on_paper(0.4);
    let window = scene.world.window;
    let places = [house(scene, county), house(scene, county)];
    let moves = scene.draw.chance(0.4) && places[0] != places[1];
    let moved = if moves { scene.draw.day(window.first + 200, window.last - 120) } else { i32::MAX };
    let fee = fen(scene.draw.pick(&[300.0, 300.0, 350.0, 380.0, 400.0, 450.0, 500.0]));
    let exact = scene.draw.real(0.6, 1.0);
    let a_year = scene.draw.day(1, 2);
    let kinds = 3 + scene.draw.below(6);
    let codes = scene.draw.some(&EASY, kinds);
    let nights = scene.draw.day(5, 8);
    let yuan = scene.draw.wide(3_000.0, 7_500.0);
    let rush = scene.draw.chance(0.5);
    scene.note("package_fee_fen", fee);
    scene.note("moves_to_second_hospital", moves);
    scene.note("year_end_rush", rush);
    scene.label(Who::Place(places[0]), "institution");
    let staff = 2 + scene.draw.below(3);
    let mut doctors = vec![scene.doctors(places[0], staff)];
    if moves {
        scene.label(Who::Place(places[1]), "institution");
        doctors.push(scene.doctors(places[1], staff));
    }
    let mut events = Vec::new();
    for person in &members {
        let usual = scene.draw.day(0, 360);
        for half in 0..a_year * 2 {
            let year = window.first + 365 * (half / a_year) + (half % a_year) * 182;
            if scene.draw.chance(0.12 + 0.5 * scene.parameters.rotate) {
                continue;
            }
            let mut day = year + (usual + scene.draw.day(-25, 25)).rem_euclid(if a_year == 1 { 360 } else { 180 });
            if rush && half % a_year == 0 && scene.draw.chance(0.4) {
                let new_year = Day::of(Day(day).date().0, 12, 1).map_or(day, |december| december.0);
                day = new_year + scene.draw.day(0, 50);
            }
            let second = usize::from(day > moved);
            let admitted = scene.jitter(workday(day));
            let stays = nights + scene.draw.day(-1, 3);
            let code = scene.draw.pick(&codes);
            let mut claim = scene.stay(*person, places[second], admitted, stays, code);
            if let Some(doctors) = doctors.get(second).filter(|doctors| !doctors.is_empty()) {
                claim.doctor = scene.draw.pick(doctors);
            }
            let total = fen(yuan * scene.draw.real(0.75, 1.3));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            if scene.draw.chance(exact) {
                money::pay_but(&mut claim, total, fee);
            }
            crew.sign(&mut scene.draw, &mut claim);
            if scene.add(claim) {
                events.push(*person);
            }
        }
    }
    for doctor in doctors.concat() {
        scene.label(Who::Doctor(doctor), "doctor");
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.5;
    scene.genuine(&members, &[], share);
}

/// A hospital that sells packages. What it sells is one mill, whoever brings the people: another mill's is not taken, if there is a choice.
fn house(scene: &mut Scene<'_>, county: usize) -> u32 {
    for _ in 0..HOUSE_TRIES {
        let place = crew::complicit(scene, county);
        if !scene.is_anothers(Who::Place(place)) {
            return place;
        }
    }
    crew::complicit(scene, county)
}
