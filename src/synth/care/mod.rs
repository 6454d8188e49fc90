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

/// All care of the people of some households, in no particular order.
pub(crate) fn life(world: &World, draw: &mut Draw, households: Range<u32>, busy: &Busy) -> Vec<Claim> {
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
            company(world, draw, person, members.clone(), first, &mut claims);
        }
    }
    claims
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
        contact: contact(world, draw, person),
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

/// The telephone that a person leaves: mostly the own one, sometimes that of a relative, often none.
pub(crate) fn contact(world: &World, draw: &mut Draw, person: u32) -> u32 {
    match draw.weighted(&[0.45, 0.12, 0.43]) {
        0 => world.person(person).phone,
        1 => {
            let members = world.people.household(world.person(person).household);
            world.person(members.start).phone
        }
        _ => NONE,
    }
}

fn card(draw: &mut Draw, age: i32) -> u8 {
    let weights = if age > 60 { [0.3, 0.12, 0.58] } else { [0.66, 0.08, 0.26] };
    u8::try_from(draw.weighted(&weights)).unwrap_or(0) + 1
}
