//! T08: accounts of holders from all over, emptied one after the other at counters where the holders never were.

use super::crew;
use crate::synth::claim::Care;
use crate::synth::draw::{Draw, fen, small};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::World;
use crate::synth::world::people::Insured;
use crate::synth::world::places::PlaceKind;

/// How accounts are emptied.
struct Manner {
    counters: Vec<u32>,
    drug: u16,
    /// Price of one piece, yuan.
    piece: f64,
    /// Share of the bills that take whatever the account holds.
    whole_balance: f64,
    /// First hour of the sessions.
    hour: (i64, i64),
    /// Seconds between bills, and by how much they differ.
    gap: (f64, f64),
    /// Share of electronic vouchers.
    electronic: f64,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = crew::size(scene, 9, 190);
    let members = holders(scene, county, n);
    crew::crew(scene, &members);
    let active = crew::span(scene, 60.0, 600.0);
    let turn = crew::turning_day(scene, active);
    let (before, after) = (manner(scene, county), manner(scene, county));
    let sessions = scene.draw.int(6, 40);
    let seats = 3 + scene.draw.below(members.len().min(24));
    scene.note("sessions", sessions);
    for session in 0..sessions {
        let day = scene.draw.day(active.0, active.1);
        let how = if day > turn { &after } else { &before };
        let turn = usize::try_from(session).unwrap_or(0);
        let chosen = crew::batch(scene, &members, seats, turn);
        empty(scene, how, day, &chosen);
    }
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&members, &[], share);
}

/// People with accounts, most of them insured in other cities.
fn holders(scene: &mut Scene<'_>, county: usize, n: usize) -> Vec<u32> {
    let far = scene.world.regions.elsewhere(county, 0.0, 5_000.0);
    let cities = 1 + scene.draw.below(far.len().max(1));
    let mut pool = Vec::new();
    for from in scene.draw.some(&far, cities.max(3)) {
        pool.extend(scene.people(from, 30));
    }
    let near = scene.draw.real(0.0, 0.35);
    scene.note("holders_nearby", near);
    let local = scene.people(county, 4);
    let has_account = |world: &World, person: u32| {
        let insured = world.person(person).insured;
        matches!(insured, Insured::Employee | Insured::Retired) && crew::adult(world, person)
    };
    let nearby = usize::try_from(crate::synth::draw::whole(n as f64 * near)).unwrap_or(0);
    let mut members = scene.recruit(&pool, n - nearby.min(n), has_account);
    members.extend(scene.recruit(&local, nearby, has_account));
    members
}

fn manner(scene: &mut Scene<'_>, county: usize) -> Manner {
    let shops = scene.world.places_of(county, |kind| kind == PlaceKind::Pharmacy);
    let wanted = 1 + scene.draw.weighted(&[0.45, 0.35, 0.2]);
    let mut counters = scene.draw.some(&shops, wanted);
    if scene.draw.chance(0.3) {
        let other = scene.home_county(false);
        let shops = scene.world.places_of(other, |kind| kind == PlaceKind::Pharmacy);
        counters.push(scene.draw.pick(&shops));
    }
    counters.sort_unstable();
    counters.dedup();
    for counter in &counters {
        scene.label(Who::Place(*counter), "pharmacy");
    }
    let first = scene.draw.pick(&[0, 5, 6, 9, 13, 21, 22]);
    Manner {
        counters,
        drug: scene.draw.pick(&[2, 3, 5, 9, 12]),
        piece: scene.draw.wide(160.0, 950.0),
        whole_balance: scene.draw.pick(&[0.0, 0.0, 0.2, 0.5, 1.0]),
        hour: (first, first + scene.draw.int(0, 2)),
        gap: (scene.draw.wide(25.0, 420.0), scene.draw.real(0.02, 0.5)),
        electronic: scene.draw.real(0.85, 1.0),
    }
}

fn empty(scene: &mut Scene<'_>, how: &Manner, day: i32, chosen: &[u32]) {
    let counter = scene.draw.pick(&how.counters);
    let mut second = (scene.draw.int(how.hour.0, how.hour.1) * 3_600 + scene.draw.int(0, 3_000)) as f64;
    for person in chosen {
        second += how.gap.0 * scene.draw.spread(1.0, how.gap.1);
        swipe(scene, how, (*person, counter, day), second);
        if how.counters.len() > 1 && scene.draw.chance(0.15) {
            let other = scene.draw.pick(&how.counters);
            let later = second + scene.draw.real(200.0, 9_000.0);
            swipe(scene, how, (*person, other, day), later);
        }
    }
}

fn swipe(scene: &mut Scene<'_>, how: &Manner, (person, counter, day): (u32, u32, i32), second: f64) {
    let mut claim = scene.visit(person, counter, Care::Drugstore, day);
    if claim.place != counter {
        return;
    }
    let second = crate::synth::draw::whole(second).clamp(0, 86_300);
    claim.settled = i64::from(day) * 86_400 + second;
    claim.card = if scene.draw.chance(how.electronic) { 1 } else { 2 };
    claim.drug = how.drug;
    let pieces = f64::from(small(1 + scene.draw.weighted(&[0.6, 0.25, 0.15])));
    let balance = scene.draw.chance(how.whole_balance);
    let total = if balance { fen(scene.draw.wide(180.0, 2_600.0)) } else { fen(how.piece * pieces) };
    claim.total = total;
    claim.fund = 0;
    claim.account = total - spare(&mut scene.draw, total);
    if scene.add(claim) {
        scene.label(Who::Person(person), "patient");
    }
}

/// A few yuan that some accounts lack.
fn spare(draw: &mut Draw, total: i64) -> i64 {
    if draw.chance(0.06) { draw.int(10, total / 60) } else { 0 }
}
