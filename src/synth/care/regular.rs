//! What comes round by the calendar? Monthly refills, dialysis three times a week, cycles of chemotherapy.

use super::outpatient::{drug, open, visit};
use super::{blank, money};
use crate::synth::calendar::{Window, office_second, weekday};
use crate::synth::catalogue::{DRUGS, disease_of};
use crate::synth::claim::{Care, Claim, Traced};
use crate::synth::draw::{Draw, fen};
use crate::synth::world::World;
use crate::synth::world::choice::Service;
use crate::synth::world::people::{DIALYSIS, MONTHLY, QUARTERLY, TUMOUR};

/// Outpatient chronic care: a box or two of the same drugs, each month or each quarter, at one place.
pub(crate) fn refills(world: &World, draw: &mut Draw, person: u32, claims: &mut Vec<Claim>) {
    let who = world.person(person);
    let gap = match () {
        () if who.has(MONTHLY) => draw.day(27, 33),
        () if who.has(QUARTERLY) => draw.day(80, 92),
        () => return,
    };
    let place = if draw.chance(0.35) {
        who.pharmacy
    } else if draw.chance(0.6) {
        who.clinic
    } else {
        who.hospital
    };
    let taken = drug(draw, who);
    let boxes = draw.int(2, 5) as f64 * f64::from(gap) / 30.0;
    let mut day = world.window.first + draw.day(0, gap);
    while day <= world.window.last {
        if draw.chance(0.9) {
            let place = open(world, draw, person, place, day);
            let mut claim = visit(world, draw, person, place, Care::Chronic, day);
            claim.drug = taken;
            let total = DRUGS[usize::from(taken)].yuan * boxes * draw.real(0.9, 1.1) + draw.real(0.0, 60.0);
            money::pay(world, draw, &mut claim, fen(total));
            claims.push(claim);
        }
        day += gap + draw.day(-4, 6);
    }
}

/// Dialysis on Monday, Wednesday, Friday or Tuesday, Thursday, Saturday, at one centre.
pub(crate) fn dialysis(world: &World, draw: &mut Draw, person: u32, claims: &mut Vec<Claim>) {
    if world.person(person).has(DIALYSIS) {
        let lives = world.person(person).lives as usize;
        let place = world.choices[lives][Service::Dialysis as usize].draw(draw);
        sessions(world, draw, (person, place), world.window, claims);
    }
}

/// The sessions of one dialysis patient.
pub(crate) fn sessions(world: &World, draw: &mut Draw, who: (u32, u32), window: Window, claims: &mut Vec<Claim>) {
    let odd = draw.chance(0.5);
    let price = draw.real(400.0, 450.0);
    let hour = office_second(draw);
    let doctor = world.doctor(draw, who.0, who.1, 0);
    let skip = draw.real(0.01, 0.06);
    for day in window.first..=window.last {
        let on = if odd { [0, 2, 4] } else { [1, 3, 5] };
        if !on.contains(&weekday(day)) || draw.chance(skip) {
            continue;
        }
        let mut claim = blank(world, draw, who.0, who.1, Care::Special, day);
        claim.settled = i64::from(day) * 86_400 + (hour + draw.int(-1_800, 1_800)).clamp(0, 86_399);
        claim.diagnosis = disease_of("N18.600");
        claim.doctor = doctor;
        claim.traced = Traced::No;
        let total = fen(price * draw.real(0.98, 1.04));
        money::pay(world, draw, &mut claim, total);
        claims.push(claim);
    }
}

/// Chemotherapy: admissions or day cases every two to four weeks for some cycles.
pub(crate) fn chemotherapy(world: &World, draw: &mut Draw, person: u32, claims: &mut Vec<Claim>) {
    let who = world.person(person);
    if !who.has(TUMOUR) {
        return;
    }
    let place = world.choices[who.lives as usize][Service::Tertiary as usize].draw(draw);
    let start = world.window.any(draw);
    let cycle = draw.pick(&[14, 21, 21, 28]);
    let (cycles, day_ward) = (draw.day(3, 8), draw.chance(0.4));
    cycles_of(world, draw, (person, place), (start, cycle, cycles), day_ward, claims);
}

/// The cycles of one patient.
pub(crate) fn cycles_of(
    world: &World,
    draw: &mut Draw,
    who: (u32, u32),
    rhythm: (i32, i32, i32),
    day_ward: bool,
    claims: &mut Vec<Claim>,
) {
    let doctor = world.doctor(draw, who.0, who.1, 5);
    let price = draw.spread(if day_ward { 4_200.0 } else { 8_500.0 }, 0.4);
    for round in 0..rhythm.2 {
        let day = rhythm.0 + round * rhythm.1 + draw.day(-1, 2);
        let nights = if day_ward { 0 } else { draw.day(2, 5) };
        if day < world.window.first || day + nights > world.window.last {
            continue;
        }
        let care = if day_ward { Care::DayCase } else { Care::Inpatient };
        let mut claim = blank(world, draw, who.0, who.1, care, day);
        claim.end = day + nights;
        claim.settled += i64::from(nights) * 86_400;
        claim.diagnosis = disease_of("Z51.102");
        claim.doctor = doctor;
        claim.traced = Traced::No;
        let total = fen(price * draw.real(0.85, 1.2));
        money::pay(world, draw, &mut claim, total);
        claims.push(claim);
    }
}
