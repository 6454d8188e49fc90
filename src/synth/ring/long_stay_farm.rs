//! T05: whose ward is emptied on paper? Guests of a psychiatric or rehabilitation hospital are discharged together when a period is
//! nearly full and are back together days later, here or at the sister house.

use super::crew;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let houses = houses(scene, county);
    let n = crew::size(scene, 8, 140);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| (30..88).contains(&world.age(person, world.window.first)));
    let crew = crew::crew(scene, &members);
    scene.decide_on_paper(0.3);
    let active = crew::span(scene, 200.0, 725.0);
    let mut doctors = Vec::new();
    for house in &houses {
        scene.label(Who::Place(*house), "institution");
        let staff = 1 + scene.draw.below(3);
        let chosen = scene.doctors(*house, staff);
        chosen.iter().for_each(|doctor| scene.label(Who::Doctor(*doctor), "doctor"));
        doctors.push(chosen);
    }
    let limit = scene.draw.pick(&[30, 30, 45, 60, 90]);
    // A night outside between two bookings is what a bed-day contract does to any ward.
    let out = scene.draw.pick(&[(1, 3), (1, 4), (2, 3), (2, 5)]);
    let ward = 3 + scene.draw.below(9);
    let daily = scene.draw.wide(110.0, 230.0);
    let even = scene.draw.wide(0.01, 0.15);
    let cash = scene.draw.pick(&[0.0, 0.02, 0.1]);
    let cloned = scene.draw.chance(0.6);
    let attending = scene.draw.real(0.75, 1.0);
    scene.note("period_days", limit);
    scene.note("days_outside_at_most", out.1);
    scene.note("ward", ward);
    scene.note("houses", houses.len());
    scene.note("cloned", cloned);
    let mut events = Vec::new();
    for group in members.chunks(ward) {
        let mut day = active.0 + scene.draw.day(0, limit);
        let mut house = scene.draw.below(houses.len());
        while day < active.1 {
            let nights = limit - scene.draw.day(1, 4);
            let basket = if cloned { scene.draw.key() } else { 0 };
            for person in group {
                if !scene.draw.chance(attending) {
                    continue;
                }
                let code = scene.draw.pick(&["F20.900", "F20.900", "G47.000", "F32.900"]);
                let admitted = day + i32::from(scene.draw.chance(0.08));
                let mut claim = scene.stay(*person, houses[house], admitted, nights, code);
                if !doctors[house].is_empty() && scene.draw.chance(0.85) {
                    claim.doctor = scene.draw.pick(&doctors[house]);
                }
                claim.basket = basket;
                let total = fen(daily * f64::from(nights) * scene.draw.real(1.0 - even, 1.0 + even));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                money::pay_but(&mut claim, total, fen(cash * f64::from(nights)));
                crew.sign(&mut scene.draw, &mut claim);
                if scene.add(claim) {
                    events.push(*person);
                }
            }
            day += nights + scene.draw.day(out.0, out.1);
            house = (house + 1) % houses.len();
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&members, &[], share);
}

/// One to three houses for long stays, in the city if the county has none.
fn houses(scene: &mut Scene<'_>, county: usize) -> Vec<u32> {
    let counties = scene.world.regions.city(county).counties.clone();
    let long = |kind| matches!(kind, PlaceKind::Psychiatric | PlaceKind::Nursing);
    let mut all: Vec<u32> = counties.clone().flat_map(|at| scene.world.places_of(at, long)).collect();
    if all.is_empty() {
        all = counties.flat_map(|at| scene.world.places_of(at, |kind| kind == PlaceKind::Private)).collect();
    }
    let wanted = 1 + scene.draw.below(3);
    scene.draw.some(&all, wanted)
}
