//! What do these tables say of ordinary people? Drawn after their lives, from what happened in them.

use super::{Assessed, Benefits, Cared, Paid, Paper, Right, Script, Spell};
use crate::synth::calendar::{office_second, weekday};
use crate::synth::claim::{Care, Claim, Form, NONE};
use crate::synth::draw::{Draw, days, fen, mix, small};
use crate::synth::world::World;
use crate::synth::world::choice::Service;
use crate::synth::world::people::{DIABETES, HEART, Insured, MONTHLY, PRESSURE, QUARTERLY, STROKE};
use crate::synth::world::places::PlaceKind;
use std::collections::{BTreeMap, BTreeSet};

/// Clerks of an agency.
pub(crate) const CLERKS: u64 = 4;

/// A clerk of the agency of a city.
pub(crate) fn clerk(world: &World, person: u32, number: u64) -> u64 {
    let home = world.regions.towns[world.person(person).town as usize].county;
    (mix(31, u64::from(world.regions.city(home).code)) << 8) | (number % CLERKS)
}

/// People who die in the window, before their lives are drawn: a few of them in the register only.
pub(crate) fn deaths(world: &World, benefits: &mut Benefits) -> BTreeSet<u32> {
    let mut draw = Draw::new(world.seed, 41);
    let mut alive = BTreeSet::new();
    for person in 0..small(world.people.persons.len()) {
        let age = world.age(person, world.window.first);
        if age >= 60 && draw.chance(0.0004 * f64::from(age - 55)) && !benefits.deaths.contains_key(&person) {
            benefits.deaths.insert(person, world.window.first + draw.day(20, world.window.days() - 20));
            if draw.chance(0.02) {
                alive.insert(person);
            }
        }
    }
    alive
}

/// Doctors who leave in the window, and those of rings who have: most stop on the day that the register names, some sign for weeks
/// more, because a register is behind or the next one takes over their desk.
pub(crate) fn leavers(world: &mut World, gone: &BTreeMap<u32, i32>) {
    let mut draw = Draw::new(world.seed, 43);
    let window = world.window;
    for doctor in &mut world.doctors {
        if draw.chance(0.03) {
            let day = window.first + draw.day(20, window.days() - 20);
            doctor.left = Some(day);
            doctor.sees_until = day + if draw.chance(0.8) { 0 } else { days(draw.wide(3.0, 60.0)) };
        }
    }
    for (doctor, day) in gone {
        let doctor = &mut world.doctors[*doctor as usize];
        (doctor.left, doctor.sees_until) = (Some(*day), *day);
    }
    for doctor in &mut world.doctors {
        doctor.begin = doctor.begin.min(doctor.left.map_or(i32::MAX, |day| day - 30));
    }
}

/// Everything else, after their lives; some bills of far hospitals become paper.
pub(crate) fn fill(world: &World, claims: &mut [Claim], benefits: &mut Benefits) {
    let mut draw = Draw::new(world.seed, 42);
    paper(world, &mut draw, claims, benefits);
    scripts(world, &mut draw, claims, benefits);
    rights(world, &mut draw, benefits);
    allowances(world, &mut draw, claims, benefits);
    spells(world, &mut draw, benefits);
    care(world, &mut draw, claims, benefits);
}

/// One in twelve stays in another city is handed in on paper, weeks later.
fn paper(world: &World, draw: &mut Draw, claims: &mut [Claim], benefits: &mut Benefits) {
    for claim in claims.iter_mut().filter(|claim| claim.care == Care::Inpatient && claim.form == Form::Normal) {
        let home = world.regions.towns[world.person(claim.person).town as usize].county;
        let away = world.regions.counties[world.place(claim.place).county].city != world.regions.counties[home].city;
        if !away || benefits.papers.contains_key(&claim.visit) || !draw.chance(0.08) {
            continue;
        }
        let late = i64::from(claim.end + draw.day(15, 80)) * 86_400 + office_second(draw);
        if late < i64::from(world.window.last) * 86_400 {
            claim.settled = late;
            let clerk = clerk(world, claim.person, draw.key());
            benefits.papers.insert(claim.visit, Paper { clerk, invoice: 10_000_000 + draw.key() % 80_000_000 });
        }
    }
}

/// Prescriptions that patients of hospitals take to the pharmacy next door, and some over the internet.
fn scripts(world: &World, draw: &mut Draw, claims: &[Claim], benefits: &mut Benefits) {
    let prescribes = |claim: &&Claim| {
        let kind = world.place(claim.place).kind;
        claim.care == Care::Outpatient
            && claim.form == Form::Normal
            && matches!(kind, PlaceKind::Tertiary | PlaceKind::County)
    };
    for claim in claims.iter().filter(prescribes) {
        if !draw.chance(0.12) {
            continue;
        }
        let who = world.person(claim.person);
        let online = draw.chance(0.08);
        let issued = claim.settled - if online { draw.int(0, 20_000) } else { draw.int(60, 3_000) };
        let drug = crate::synth::care::outpatient::drug(draw, who);
        benefits.scripts.push(Script {
            key: draw.key(),
            visit: if draw.chance(0.9) { claim.visit } else { 0 },
            person: claim.person,
            place: claim.place,
            counter: who.pharmacy,
            doctor: claim.doctor,
            stranger: 0,
            issued,
            dispensed: issued + draw.int(600, 40_000),
            drug,
            days: draw.pick(&[7, 14, 28]),
            online,
        });
    }
}

/// Who is registered for outpatient chronic care was approved for it, often on the day of a campaign.
fn rights(world: &World, draw: &mut Draw, benefits: &mut Benefits) {
    let known: BTreeSet<u32> = benefits.rights.iter().map(|right| right.person).collect();
    let campaigns: Vec<i32> = (0..3).map(|_| world.window.any(draw)).collect();
    for person in 0..small(world.people.persons.len()) {
        let who = world.person(person);
        if !(who.has(MONTHLY) || who.has(QUARTERLY)) || known.contains(&person) {
            continue;
        }
        let disease = match () {
            () if who.has(STROKE) => "M05800",
            () if who.has(HEART) => "M04600",
            () if who.has(DIABETES) => "M01600",
            () if who.has(PRESSURE) => "M03900",
            () => "M05300",
        };
        let begin = if draw.chance(0.3) { draw.pick(&campaigns) } else { world.window.first + draw.day(-700, 500) };
        let doctor = world.doctor(draw, person, who.hospital, 0);
        let phone = if draw.chance(0.6) { who.phone } else { NONE };
        benefits.rights.push(Right { key: draw.key(), person, disease, place: who.hospital, doctor, phone, begin });
    }
}

/// Births of women who work.
fn allowances(world: &World, draw: &mut Draw, claims: &[Claim], benefits: &mut Benefits) {
    let known: BTreeSet<u32> = benefits.paid.iter().map(|paid| paid.person).collect();
    for claim in claims.iter().filter(|claim| claim.care == Care::Birth && claim.form == Form::Normal) {
        let who = world.person(claim.person);
        let paid = claim.begin + draw.day(25, 120);
        if who.employer != NONE && !known.contains(&claim.person) && world.window.holds(paid) {
            let employer = world.people.employers[who.employer as usize].name;
            let base = base(employer, draw);
            let days = draw.pick(&[98, 128, 158]);
            let birth = claim.begin;
            benefits.paid.push(Paid { person: claim.person, employer, birth, base, days, paid, account: 0, agent: 0 });
        }
    }
}

/// What an employer pays, and a person of it.
fn base(employer: u64, draw: &mut Draw) -> i64 {
    let usual = 3_600.0 + (mix(employer, 5) % 5_000) as f64;
    fen(draw.spread(usual, 0.2))
}

/// From when on everybody is insured.
fn spells(world: &World, draw: &mut Draw, benefits: &mut Benefits) {
    let known: BTreeSet<u32> = benefits.spells.iter().map(|spell| spell.person).collect();
    for person in 0..small(world.people.persons.len()) {
        let who = world.person(person);
        let works = who.insured == Insured::Employee && who.employer != NONE;
        if known.contains(&person) {
            continue;
        }
        let recent = draw.chance(0.08);
        let begin = world.window.first + if recent { draw.day(0, 600) } else { draw.day(-1_500, -30) };
        let employer = if works { world.people.employers[who.employer as usize].name } else { 0 };
        let base = if works { base(employer, draw) } else { 0 };
        let end = draw.chance(0.04).then(|| begin + draw.day(60, 900)).filter(|end| world.window.holds(*end));
        if works && recent {
            let before = begin - draw.day(200, 1_500);
            benefits.spells.push(Spell { person, employer: 0, base: 0, begin: before, end: Some(begin - 1) });
        }
        benefits.spells.push(Spell { person, employer, base, begin, end });
    }
}

/// Nursing homes that also send caregivers to the old of their county.
fn care(world: &World, draw: &mut Draw, claims: &[Claim], benefits: &mut Benefits) {
    let known: BTreeSet<u32> = benefits.cared.iter().map(|visit| visit.person).collect();
    let mut away: BTreeSet<(u32, i32)> = BTreeSet::new();
    for claim in claims.iter().filter(|claim| claim.care.is_stay()) {
        away.extend((claim.begin..=claim.end).map(|day| (claim.person, day)));
    }
    for county in 0..world.regions.counties.len() {
        let stations = world.places_of(county, |kind| kind == PlaceKind::Nursing);
        let towns = world.regions.counties[county].towns.clone();
        for station in stations.into_iter().take(2) {
            let town = towns.start + draw.below(towns.len().max(1));
            let old = |person: &u32| world.age(*person, world.window.first) > 70 && !known.contains(person);
            let pool: Vec<u32> = world.people.of_town[town].clone().filter(old).collect();
            let wanted = 8 + draw.below(30);
            let people = draw.some(&pool, wanted);
            round(world, draw, (station, &people), &away, benefits);
        }
    }
}

/// One station's ordinary visits: each person on fixed days at a fixed hour, nobody in hospital, one device each.
fn round(
    world: &World,
    draw: &mut Draw,
    (station, people): (u32, &[u32]),
    away: &BTreeSet<(u32, i32)>,
    benefits: &mut Benefits,
) {
    let assessors: Vec<u64> = (0..5).map(|_| draw.key()).collect();
    for group in people.chunks(5) {
        let carer = draw.key();
        let (device, changed) = (draw.key(), world.window.any(draw));
        for (seat, person) in group.iter().enumerate() {
            let begin = world.window.first + draw.day(0, 300);
            let end = begin + draw.day(150, 400);
            let assessor = draw.pick(&assessors);
            let level = 2 + draw.key() % 5;
            let day = begin - draw.day(5, 40);
            benefits.assessed.push(Assessed { key: draw.key(), person: *person, place: station, assessor, day, level });
            let odd = draw.day(0, 1);
            for day in begin..end.min(world.window.last) {
                if weekday(day) % 2 == odd && !away.contains(&(*person, day)) && draw.chance(0.95) {
                    let second = 28_800 + 5_400 * i64::try_from(seat).unwrap_or(0) + draw.int(0, 900);
                    let begin = i64::from(day) * 86_400 + second;
                    let device = if day < changed { device } else { mix(device, 1) };
                    let end = begin + 3_600 + draw.int(-200, 200);
                    benefits.cared.push(Cared {
                        key: draw.key(),
                        person: *person,
                        place: station,
                        carer,
                        device,
                        begin,
                        end,
                    });
                }
            }
        }
    }
}

/// The pharmacy in some town that people like.
pub(crate) fn counter(world: &World, draw: &mut Draw, county: usize) -> u32 {
    let towns = world.regions.counties[county].towns.clone();
    let town = towns.start + draw.below(towns.len().max(1));
    world.choices[town][Service::Pharmacy as usize].draw(draw)
}
