//! When do people see a doctor or buy at a pharmacy?

use super::{blank, money};
use crate::synth::calendar;
use crate::synth::catalogue::{DISEASES, DRUGS};
use crate::synth::claim::{Care, Claim};
use crate::synth::draw::{Draw, fen};
use crate::synth::world::World;
use crate::synth::world::choice::Service;
use crate::synth::world::people::{DIABETES, HEART, PARKINSON, PRESSURE, Person, STROKE};

/// Purchases in the window of somebody of average need.
const PURCHASES: f64 = 1.22;
/// Outpatient visits in the window of somebody of average need.
const VISITS: f64 = 0.90;

/// All ordinary visits and purchases of a person.
pub(crate) fn visits(world: &World, draw: &mut Draw, person: u32, claims: &mut Vec<Claim>) {
    let who = world.person(person);
    let years = f64::from(world.window.days()) / 730.0;
    let ill = 1.0 + 0.35 * f64::from(who.ailments.count_ones().min(3));
    for _ in 0..draw.count(PURCHASES * who.need * ill * years) {
        let day = world.window.any(draw);
        let place = where_to(world, draw, who, day, Service::Pharmacy);
        let claim = visit(world, draw, person, place, Care::Drugstore, day);
        if draw.chance(0.03) {
            claims.push(elsewhere(world, draw, person, day));
        }
        claims.push(claim);
    }
    for _ in 0..draw.count(VISITS * who.need * ill * years) {
        let day = world.window.visit(draw, true);
        let service = if draw.chance(0.52) { Service::Clinic } else { Service::Hospital };
        let place = where_to(world, draw, who, day, service);
        let care = match draw.weighted(&[0.915, 0.045, 0.04]) {
            0 => Care::Outpatient,
            1 => Care::Emergency,
            _ => Care::CheckUp,
        };
        claims.push(visit(world, draw, person, place, care, day));
    }
}

/// A visit on the same day at another hospital.
fn elsewhere(world: &World, draw: &mut Draw, person: u32, day: i32) -> Claim {
    let who = world.person(person);
    let place = where_to(world, draw, who, day, Service::Hospital);
    visit(world, draw, person, place, Care::Outpatient, day)
}

/// The usual place, or another one within reach; at home outside the winter for those who leave in winter only.
pub(crate) fn where_to(world: &World, draw: &mut Draw, who: &Person, day: i32, service: Service) -> u32 {
    let month = crate::model::Day(day).date().1;
    let at_home = who.winter_only && (4..=10).contains(&month);
    if at_home || draw.chance(0.03) {
        return world.choices[who.town as usize][service as usize].draw(draw);
    }
    if draw.chance(0.68) {
        match service {
            Service::Pharmacy => return who.pharmacy,
            Service::Clinic => return who.clinic,
            Service::Hospital => return who.hospital,
            _ => (),
        }
    }
    world.choices[who.lives as usize][service as usize].draw(draw)
}

/// One visit or purchase with disease, doctor and money.
pub(crate) fn visit(world: &World, draw: &mut Draw, person: u32, place: u32, care: Care, day: i32) -> Claim {
    let place = open(world, draw, person, place, day);
    let mut claim = blank(world, draw, person, place, care, day);
    let who = world.person(person);
    if world.place(place).is_pharmacy() {
        claim.care = if care == Care::Chronic { Care::Chronic } else { Care::Drugstore };
        claim.drug = drug(draw, who);
        let boxes = 1.0 + draw.count(1.1) as f64;
        let price = DRUGS[usize::from(claim.drug)].yuan;
        let total = price * boxes * draw.real(0.85, 1.15) + draw.spread(70.0, 1.0);
        money::pay(world, draw, &mut claim, fen(total));
        return claim;
    }
    let disease = disease(draw, world.age(person, day), day, |disease| disease.clinic);
    claim.diagnosis = u16::try_from(disease).unwrap_or(u16::MAX);
    claim.doctor = world.doctor(draw, person, place, DISEASES[disease].ward_group);
    if draw.chance(0.6) {
        claim.drug = drug(draw, who);
    }
    let level = world.place(place).level();
    let total = match care {
        Care::CheckUp => draw.spread(260.0, 0.4),
        Care::Emergency => draw.spread(420.0, 0.8),
        _ => draw.spread(300.0 * libm::sqrt(level), 1.02),
    };
    money::pay(world, draw, &mut claim, fen(total.clamp(6.0, 30_000.0)));
    claim
}

/// A place that has a contract on the day: the same, or another of its kind nearby.
pub(crate) fn open(world: &World, draw: &mut Draw, person: u32, place: u32, day: i32) -> u32 {
    let there = world.place(place);
    if there.opened <= day && there.closed.is_none_or(|closed| day <= closed) {
        return place;
    }
    let service = if there.is_pharmacy() { Service::Pharmacy } else { Service::Hospital };
    for _ in 0..8 {
        let other = world.choices[world.person(person).lives as usize][service as usize].draw(draw);
        if world.place(other).opened <= day {
            return other;
        }
    }
    place
}

/// A disease by age and season.
pub(crate) fn disease(
    draw: &mut Draw,
    age: i32,
    day: i32,
    often: impl Fn(&crate::synth::catalogue::Disease) -> f64,
) -> usize {
    let cold = matches!(crate::model::Day(day).date().1, 11 | 12 | 1 | 2 | 3);
    loop {
        let at = draw.below(DISEASES.len());
        let disease = &DISEASES[at];
        let season = if disease.winter && !cold { 0.45 } else { 1.0 };
        let fits = disease.ages.0 <= age && age <= disease.ages.1;
        if fits && draw.chance(often(disease) * season / 14.0) {
            return at;
        }
    }
}

/// A drug that somebody with these illnesses takes.
pub(crate) fn drug(draw: &mut Draw, who: &Person) -> u16 {
    let wanted: &[u16] = match () {
        () if who.has(PARKINSON) && draw.chance(0.7) => &[8, 9],
        () if who.has(DIABETES) && draw.chance(0.6) => &[4, 5, 6, 7],
        () if who.has(HEART | STROKE) && draw.chance(0.6) => &[1, 2, 3, 10, 11, 13],
        () if who.has(PRESSURE) && draw.chance(0.6) => &[0, 0, 14, 15, 1],
        () => &[16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 12, 11, 10, 0, 1],
    };
    draw.pick(wanted)
}

/// A second of the day at the place's window.
pub(crate) fn second(world: &World, draw: &mut Draw, place: u32) -> i64 {
    if world.place(place).is_pharmacy() { calendar::shop_second(draw) } else { calendar::office_second(draw) }
}
