//! When are people admitted, for how long, what does it cost, and where do they go afterwards?

use super::outpatient::{disease, open, visit, where_to};
use super::{Busy, blank, money};
use crate::synth::catalogue::DISEASES;
use crate::synth::claim::{Care, Claim};
use crate::synth::draw::{Draw, days, fen};
use crate::synth::world::World;
use crate::synth::world::choice::Service;
use crate::synth::world::people::Person;

/// Admissions in the window of somebody of average need and age.
const ADMISSIONS: f64 = 0.096;

/// All ordinary stays of a person, with readmissions, referrals and follow-up visits.
pub(crate) fn stays(world: &World, draw: &mut Draw, person: u32, busy: &Busy, claims: &mut Vec<Claim>) {
    let who = world.person(person);
    let age = world.age(person, world.window.first + 365);
    let by_age = if age > 70 {
        3.2
    } else if age > 55 {
        1.7
    } else if age < 6 {
        1.0
    } else {
        0.55
    };
    let years = f64::from(world.window.days()) / 730.0;
    for _ in 0..draw.count(ADMISSIONS * by_age * who.need * years) {
        let day = world.window.visit(draw, false);
        let illness = disease(draw, age, day, |disease| disease.ward * 2.0);
        let place = hospital(world, draw, who, day, illness);
        let mut last = stay(world, draw, person, place, day, illness);
        let mut chain = 0;
        while keep(world, busy, claims, last) {
            if draw.chance(0.55) && last.end + 40 < world.window.last {
                let after = last.end + draw.day(5, 35);
                claims.push(visit(world, draw, person, last.place, Care::Outpatient, after));
            }
            chain += 1;
            match next(world, draw, who, &last, illness) {
                Some(claim) if chain < 5 => last = claim,
                _ => break,
            }
        }
    }
}

/// Adds a stay unless it ends after the window or the bed elsewhere is still warm.
fn keep(world: &World, busy: &Busy, claims: &mut Vec<Claim>, claim: Claim) -> bool {
    let first = busy.partition_point(|taken| taken.0 < claim.person);
    let mine = busy[first..].iter().take_while(|taken| taken.0 == claim.person);
    let clashes = mine.into_iter().any(|taken| claim.begin <= taken.2 + 1 && taken.1 <= claim.end + 1)
        || claims.iter().rev().take(60).any(|other| {
            other.person == claim.person && other.care.is_stay() && claim.begin < other.end && other.begin < claim.end
        });
    let fits = claim.end < world.window.last && !clashes;
    if fits {
        claims.push(claim);
    }
    fits
}

/// What follows a stay: referral up or down, or readmission for the same illness.
fn next(world: &World, draw: &mut Draw, who: &Person, last: &Claim, illness: usize) -> Option<Claim> {
    let severe = DISEASES[illness].yuan > 6_000.0;
    match draw.weighted(&[0.865, if severe { 0.05 } else { 0.015 }, 0.07, 0.015]) {
        1 => {
            let service = if world.place(last.place).level() > 1.2 { Service::Ward } else { Service::Tertiary };
            let place = world.choices[who.lives as usize][service as usize].draw(draw);
            let day = last.end + draw.day(0, 1);
            let mut claim = stay(world, draw, last.person, place, day, illness);
            claim.referred = if draw.chance(0.75) { last.visit } else { 0 };
            (place != last.place).then_some(claim)
        }
        2 => {
            let day = last.end + days(draw.wide(9.0, 90.0));
            Some(stay(world, draw, last.person, last.place, day, illness))
        }
        3 => {
            let day = last.end + draw.day(0, 6);
            let place = hospital(world, draw, who, day, illness);
            Some(stay(world, draw, last.person, place, day, illness))
        }
        _ => None,
    }
}

fn hospital(world: &World, draw: &mut Draw, who: &Person, day: i32, illness: usize) -> u32 {
    let serious = DISEASES[illness].yuan > 9_000.0 && draw.chance(0.35);
    let service = if serious { Service::Tertiary } else { Service::Ward };
    let usual = world.place(who.hospital).admits() && draw.chance(0.4);
    if usual && !serious { who.hospital } else { where_to(world, draw, who, day, service) }
}

/// One admission with nights, doctor and bill.
pub(crate) fn stay(world: &World, draw: &mut Draw, person: u32, place: u32, day: i32, illness: usize) -> Claim {
    let place = open(world, draw, person, place, day);
    let disease = &DISEASES[illness];
    let care = match disease.code.as_bytes()[0] {
        b'O' => Care::Birth,
        b'S' | b'T' if draw.chance(0.7) => Care::Injury,
        _ if disease.nights < 3.0 || (disease.ward_group == 1 && draw.chance(0.1)) => Care::DayCase,
        _ => Care::Inpatient,
    };
    let nights = match care {
        Care::DayCase => draw.day(0, 1),
        _ if draw.chance(0.024) => draw.day(0, 1),
        _ => days(draw.spread(disease.nights, 0.42)).clamp(1, 120),
    };
    let mut claim = blank(world, draw, person, place, care, day);
    claim.end = day + nights;
    claim.settled = i64::from(claim.end) * 86_400 + crate::synth::calendar::office_second(draw);
    if draw.chance(0.03) {
        claim.settled += draw.int(1, 20) * 86_400;
    }
    claim.diagnosis = u16::try_from(illness).unwrap_or(u16::MAX);
    claim.doctor = world.doctor(draw, person, place, disease.ward_group);
    if draw.chance(0.5) {
        claim.drug = super::outpatient::drug(draw, world.person(person));
    }
    let length = 0.35 + 0.65 * f64::from(nights) / disease.nights;
    let total = draw.spread(disease.yuan * world.place(place).level() * length, 0.45);
    money::pay(world, draw, &mut claim, fen(total.clamp(300.0, 300_000.0)));
    claim
}
