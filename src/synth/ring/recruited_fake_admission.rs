//! T02: who is talked into lying in a bed nearby, or into being written down as if? Villages, vans, one hospital.

use super::crew::{self, Crew, EASY};
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::{fen, whole};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// How this ring works.
struct Manner {
    place: u32,
    doctors: Vec<u32>,
    codes: Vec<&'static str>,
    nights: (i32, i32),
    yuan: f64,
    /// Days between discharge and the next admission of the same person.
    again: (i32, i32),
    cash: f64,
    baskets: Vec<u64>,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let rural = scene.draw.chance(0.75);
    let county = scene.home_county(rural);
    let nursing = scene.draw.chance(0.15);
    let n = crew::size(scene, 6, 300);
    let villages = 1 + scene.draw.below(6);
    let pool: Vec<u32> = (0..villages).flat_map(|_| scene.village(county, 90 + 3 * n)).collect();
    let members = scene.recruit(&pool, n, crew::adult);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 120.0, 720.0);
    let turn = crew::turning_day(scene, active);
    let (before, after) = (manner(scene, county, nursing), manner(scene, county, false));
    let a_year = scene.draw.real(1.0, 6.0);
    let group = scene.draw.pick(&[1, 2, 4, 7, 12]);
    scene.note("nursing_home", nursing);
    scene.note("stays_a_year", a_year);
    scene.note("people_a_day", group);
    if nursing {
        let home = Who::Address(scene.draw.key());
        for person in &members {
            scene.link(home, Who::Person(*person), "self", active.0);
        }
    }
    let mut events = Vec::new();
    let mut order = members.clone();
    scene.draw.shuffle(&mut order);
    for passengers in order.chunks(usize::try_from(group).unwrap_or(1)) {
        let rounds = scene.draw.count(a_year * f64::from(active.1 - active.0) / 365.0).clamp(1, 14);
        let mut day = active.0 + scene.draw.day(0, 60);
        for _ in 0..rounds {
            let manner = if day > turn { &after } else { &before };
            let nights = van(scene, &crew, manner, passengers, workday(day), &mut events);
            let pause = scene.draw.day(manner.again.0, manner.again.1);
            let spare = (active.1 - active.0) / i32::try_from(rounds).unwrap_or(1) - nights;
            day += nights + pause.max(if scene.draw.chance(0.5) { spare } else { 0 });
            if day > active.1 {
                break;
            }
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in();
    scene.genuine(&members, &[before.place], share);
}

fn manner(scene: &mut Scene<'_>, county: usize, nursing: bool) -> Manner {
    let homes = scene.world.places_of(county, |kind| kind == PlaceKind::Nursing);
    let place = if nursing && !homes.is_empty() { scene.draw.pick(&homes) } else { crew::complicit(scene, county) };
    scene.label(Who::Place(place), "institution");
    let n = usize::try_from(scene.draw.int(1, 4)).unwrap_or(1);
    let doctors = scene.doctors(place, n);
    for doctor in &doctors {
        scene.label(Who::Doctor(*doctor), "doctor");
    }
    let kinds = 2 + scene.draw.below(4);
    let low = scene.draw.day(4, 8);
    let pause = scene.draw.day(8, 60);
    let kept = scene.draw.below(5);
    Manner {
        place,
        doctors,
        codes: scene.draw.some(&EASY, kinds),
        nights: (low, low + scene.draw.day(1, 4)),
        yuan: scene.draw.wide(2_400.0, 8_000.0),
        again: (pause, pause + 6),
        cash: scene.draw.pick(&[0.0, 0.0, 0.1, 1.0]),
        baskets: (0..kept).map(|_| scene.draw.key()).collect(),
    }
}

fn van(scene: &mut Scene<'_>, crew: &Crew, how: &Manner, passengers: &[u32], day: i32, events: &mut Vec<u32>) -> i32 {
    let nights = scene.draw.day(how.nights.0, how.nights.1);
    let spread = scene.draw.real(0.03, 0.2);
    for person in passengers {
        if scene.draw.chance(scene.parameters.rotate.max(0.07)) {
            continue;
        }
        let late = i32::from(scene.draw.chance(0.2));
        let admitted = scene.jitter(day + late);
        let code = scene.draw.pick(&how.codes);
        let stays = nights + i32::from(scene.draw.chance(0.15));
        let mut claim = scene.stay(*person, how.place, admitted, stays, code);
        if !how.doctors.is_empty() && scene.draw.chance(0.85) {
            claim.doctor = scene.draw.pick(&how.doctors);
        }
        let mut total = fen(how.yuan * (1.0 + spread * scene.draw.normal()).clamp(0.5, 1.6));
        if !how.baskets.is_empty() && scene.draw.chance(0.5) {
            let basket = scene.draw.below(how.baskets.len());
            claim.basket = how.baskets[basket];
            total = fen(how.yuan * (1.0 + 0.03 * basket as f64));
        }
        money::pay(scene.world, &mut scene.draw, &mut claim, total);
        let usual = claim.cash() as f64;
        money::pay_but(&mut claim, total, whole(usual * how.cash));
        crew.sign(&mut scene.draw, &mut claim);
        if scene.add(claim) {
            events.push(*person);
        }
    }
    nights
}
