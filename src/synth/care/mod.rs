//! What care do ordinary people use? Their visits, purchases, refills and stays over the window.

pub(crate) mod money;
pub(crate) mod outpatient;
pub(crate) mod regular;
pub(crate) mod reversal;
pub(crate) mod stay;

use super::claim::{Care, Claim, Form, NONE, Traced};
use super::draw::Draw;
use super::world::World;
use std::ops::Range;

/// Days in bed that are already taken, by person and sorted.
pub(crate) type Busy = Vec<(u32, i32, i32)>;

/// All care of the people of some households, in no particular order. `beds`: days in bed that were planted, and those of
/// them on which the person really lay there.
pub(crate) fn life(world: &World, draw: &mut Draw, households: Range<u32>, beds: (&Busy, &Busy)) -> Vec<Claim> {
    let (busy, lying) = beds;
    let mut claims = Vec::new();
    for household in households {
        let members = world.people.household(household);
        for person in members.clone() {
            let first = claims.len();
            regular::refills(world, draw, person, &mut claims);
            regular::dialysis(world, draw, person, &mut claims);
            regular::chemotherapy(world, draw, person, &mut claims);
            outpatient::visits(world, draw, person, &mut claims);
            stay::stays(world, draw, person, busy, &mut claims);
            present_once(draw, person, lying, first, &mut claims);
            company(world, draw, person, members.clone(), first, &mut claims);
        }
    }
    claims
}

/// Who lies in a ward is not at the pharmacy, unless a relative goes there with the card.
fn present_once(draw: &mut Draw, person: u32, lying: &Busy, first: usize, claims: &mut Vec<Claim>) {
    let from = lying.partition_point(|bed| bed.0 < person);
    let mut beds: Vec<(i32, i32)> =
        lying[from..].iter().take_while(|bed| bed.0 == person).map(|bed| (bed.1, bed.2)).collect();
    let own = claims[first..].iter().filter(|claim| claim.care.is_stay());
    beds.extend(own.map(|claim| (claim.begin, claim.end)));
    if beds.is_empty() {
        return;
    }
    let mut at = first;
    while at < claims.len() {
        let day = claims[at].begin;
        let inside = !claims[at].care.is_stay() && beds.iter().any(|bed| bed.0 < day && day < bed.1);
        if inside && !draw.chance(0.1) {
            claims.swap_remove(at);
        } else {
            at += 1;
        }
    }
}

/// Sometimes another member of the household comes along and is served a few minutes later.
fn company(world: &World, draw: &mut Draw, person: u32, members: Range<u32>, first: usize, claims: &mut Vec<Claim>) {
    if members.len() < 2 {
        return;
    }
    for at in first..claims.len() {
        if claims[at].care.is_stay() || !draw.chance(0.035) {
            continue;
        }
        let companion = draw.pick(&members.clone().collect::<Vec<u32>>());
        if companion != person {
            let mut claim =
                outpatient::visit(world, draw, companion, claims[at].place, claims[at].care, claims[at].begin);
            claim.settled = claims[at].settled + draw.int(40, 900);
            claim.till = claims[at].till;
            claims.push(claim);
        }
    }
}

/// A claim of a person at a place on a day, without money or disease yet.
pub(crate) fn blank(world: &World, draw: &mut Draw, person: u32, place: u32, care: Care, day: i32) -> Claim {
    let second = match care {
        Care::Drugstore => super::calendar::shop_second(draw),
        Care::Emergency => draw.int(0, 86_399),
        _ => super::calendar::office_second(draw),
    };
    let tills = world.place(place).tills;
    Claim {
        settled: i64::from(day) * 86_400 + second,
        key: draw.key(),
        visit: draw.key(),
        original: 0,
        referred: 0,
        basket: 0,
        total: 0,
        fund: 0,
        account: 0,
        person,
        place,
        doctor: NONE,
        contact: contact(world, draw, person, place),
        begin: day,
        end: day,
        diagnosis: u16::MAX,
        drug: u16::MAX,
        till: u8::try_from(draw.below(usize::from(tills))).unwrap_or(0),
        card: card(draw, world.age(person, day)),
        care,
        form: Form::Normal,
        traced: Traced::AsUsual,
    }
}

/// The telephone that a person leaves: mostly the own one, sometimes that of a relative, often none; old people that of
/// the village office or of a neighbour who came along; and some desks enter their own switchboard.
pub(crate) fn contact(world: &World, draw: &mut Draw, person: u32, place: u32) -> u32 {
    let who = world.person(person);
    let old = who.birth < world.window.first - 60 * 365;
    let lazy = crate::synth::draw::mix(world.place(place).name, 5).is_multiple_of(6);
    let weights = [
        0.45,
        0.11,
        if old { 0.06 } else { 0.004 },
        if old { 0.015 } else { 0.003 },
        if lazy { 0.09 } else { 0.0 },
        0.4,
    ];
    match draw.weighted(&weights) {
        0 => who.phone,
        1 => world.person(world.people.household(who.household).start).phone,
        2 => office(world, who.household),
        3 => {
            let street = (who.household / 30 * 30 + crate::synth::draw::small(draw.below(3)))
                .min(crate::synth::draw::small(world.people.households.len() - 2));
            world.person(world.people.household(street).start).phone
        }
        4 => crate::synth::write::entities::switchboard(world, place),
        _ => NONE,
    }
}

/// The index of the telephone of a village office.
pub(crate) fn office(world: &World, household: u32) -> u32 {
    crate::synth::draw::small(world.people.persons.len()) + 3_000_000 + household / 60
}

fn card(draw: &mut Draw, age: i32) -> u8 {
    let weights = if age > 60 { [0.3, 0.12, 0.58] } else { [0.66, 0.08, 0.26] };
    u8::try_from(draw.weighted(&weights)).unwrap_or(0) + 1
}
