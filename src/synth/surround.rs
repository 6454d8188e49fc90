//! Which identifiers, filings and traced boxes surround ordinary care? The haystack for the shared telephones of rings.

use super::Parameters;
use super::claim::{Care, Claim, Form, NONE, Traced};
use super::draw::{Draw, mix, small};
use super::scene::{Filing, Link, Move, Pack, Planted, Who};
use super::world::World;
use rayon::prelude::*;

/// Links in random order, filings and boxes in order of time, those of rings and look-alikes among them.
pub(crate) fn surround(
    world: &World,
    parameters: &Parameters,
    claims: &[Claim],
    planted: &mut Planted,
) -> (Vec<Link>, Vec<Filing>, Vec<Pack>) {
    let mut links = std::mem::take(&mut planted.links);
    let mut filings = std::mem::take(&mut planted.filings);
    let mut packs = std::mem::take(&mut planted.packs);
    if parameters.wants("x_ident") {
        links.extend((0..small(world.people.persons.len())).flat_map(|person| own(world, person)));
        links.par_sort_by_key(|link| (mix(hash(link.identifier), hash(link.holder)), link.begin));
    }
    if parameters.wants("out_appy_d") {
        filings.extend((0..small(world.people.persons.len())).filter_map(|person| resident(world, person)));
        filings.par_extend(claims.par_iter().filter_map(|claim| temporary(world, claim)));
        filings.par_sort_by_key(|filing| (filing.filed, filing.key));
    }
    if parameters.wants("drug_trac_d") {
        packs.par_extend(claims.par_iter().flat_map_iter(|claim| sold(world, claim)));
        packs.par_sort_by_key(|pack| (pack.at, pack.code, pack.what));
    }
    (links, filings, packs)
}

fn hash(who: Who) -> u64 {
    match who {
        Who::Person(number) => mix(1, u64::from(number)),
        Who::Place(number) => mix(2, u64::from(number)),
        Who::Doctor(number) => mix(3, u64::from(number)),
        Who::Phone(number) => mix(4, u64::from(number)),
        Who::Agent(key) | Who::Account(key) | Who::Address(key) | Who::Device(key) => mix(5, key),
        Who::Employer(key) | Who::Staff(key) => mix(6, key),
    }
}

/// What a person has left behind: an account, a device shared in the family, the village office's telephone.
fn own(world: &World, person: u32) -> Vec<Link> {
    let mut draw = Draw::new(world.seed, 1 << 40 | u64::from(person));
    let who = world.person(person);
    let holder = Who::Person(person);
    let begin = world.window.first - draw.day(0, 900);
    let mut links = Vec::new();
    let of_family = u64::from(who.household) << 3;
    if draw.chance(0.07) {
        let key = if draw.chance(0.8) { u64::from(person) << 3 | 1 } else { of_family | 2 };
        links.push(Link { identifier: Who::Account(key), holder, role: "payee", begin });
    }
    if draw.chance(0.05) {
        links.push(Link { identifier: Who::Device(of_family | 3), holder, role: "self", begin });
    }
    let old = world.age(person, world.window.first) > 62;
    if old && draw.chance(0.12) {
        let office = super::care::office(world, who.household);
        links.push(Link { identifier: Who::Phone(office), holder, role: "contact", begin });
    } else if draw.chance(0.06) {
        let head = world.people.household(who.household).start;
        let identifier = Who::Phone(world.person(head).phone);
        links.push(Link { identifier, holder, role: "contact", begin });
    }
    links
}

/// The filing of somebody who lives in another city.
fn resident(world: &World, person: u32) -> Option<Filing> {
    let mut draw = Draw::new(world.seed, 2 << 40 | u64::from(person));
    let who = world.person(person);
    let county = world.regions.towns[who.lives as usize].county;
    let home = world.regions.towns[who.town as usize].county;
    let away = world.regions.counties[county].city != world.regions.counties[home].city;
    if !away || !draw.chance(0.7) {
        return None;
    }
    let old = world.age(person, world.window.first) > 57;
    let reason = if !old {
        "07"
    } else if draw.chance(0.5) {
        "02"
    } else {
        "08"
    };
    let day = world.window.first - 300 + draw.day(0, 700);
    let mut filing = paper(world, &mut draw, person, county, reason, day);
    filing.end = day + 1_095;
    if who.employer != NONE && draw.chance(0.3) {
        filing.agent = mix(77, u64::from(who.employer)) | 1;
        filing.phone = small(world.people.persons.len()) + 5_000_000 + who.employer;
    }
    Some(filing)
}

/// The filing for one stay in another city.
fn temporary(world: &World, claim: &Claim) -> Option<Filing> {
    let home = world.regions.towns[world.person(claim.person).town as usize].county;
    let county = world.place(claim.place).county;
    let away = world.regions.counties[county].city != world.regions.counties[home].city;
    let stay = claim.care == Care::Inpatient && claim.form == Form::Normal;
    if !(away && stay) || mix(claim.visit, 91) % 100 >= 42 {
        return None;
    }
    let mut draw = Draw::new(world.seed, mix(claim.visit, 92));
    let day = claim.begin - draw.day(0, 6);
    Some(paper(world, &mut draw, claim.person, county, "06", day))
}

fn paper(world: &World, draw: &mut Draw, person: u32, county: usize, reason: &'static str, day: i32) -> Filing {
    let who = world.person(person);
    let second = super::calendar::office_second(draw);
    let mut filing = Filing {
        key: draw.key(),
        person,
        county: small(county),
        reason,
        agent: 0,
        phone: NONE,
        account: 0,
        clerk: draw.key() % 40,
        begin: day,
        end: day + 180,
        filed: i64::from(super::calendar::workday(day)) * 86_400 + second,
    };
    match draw.weighted(&[0.6, 0.27, 0.13]) {
        1 => {
            filing.agent = mix(78, u64::from(who.household)) | 1;
            filing.phone = world.person(world.people.household(who.household).start).phone;
        }
        2 => {
            filing.agent = mix(79, u64::from(who.household / 300)) | 1;
            filing.phone = super::care::office(world, who.household);
        }
        _ => (),
    }
    filing
}

/// The boxes sold in a visit, as far as the place sends their codes; those of reversed visits come back.
fn sold(world: &World, claim: &Claim) -> Vec<Pack> {
    let sends = match claim.traced {
        Traced::Yes | Traced::Undelivered => true,
        Traced::No => false,
        Traced::AsUsual => world.place(claim.place).traces,
    };
    let what = match claim.form {
        Form::Normal | Form::Settled => Move::Sold,
        Form::Refund | Form::SameId => Move::Returned,
        _ => return Vec::new(),
    };
    if !sends || claim.drug == u16::MAX {
        return Vec::new();
    }
    let missing = misses(world, claim.place);
    let mut packs = Vec::new();
    for number in 0..boxes(claim.visit) {
        let code = code(claim.visit, number);
        let pack = Pack {
            code,
            at: claim.settled,
            place: claim.place,
            person: claim.person,
            visit: claim.visit,
            settlement: claim.key,
            drug: claim.drug,
            what,
            split: false,
        };
        packs.push(pack);
        if claim.form != Form::Normal {
            continue;
        }
        if claim.traced != Traced::Undelivered && mix(code, 4) % 100 >= missing {
            let days = i64::try_from(mix(code, 5) % 75).unwrap_or(20) + 2;
            let at = claim.settled - days * 86_400;
            packs.push(Pack { at, person: NONE, visit: 0, settlement: 0, what: Move::Bought, ..pack });
        }
        if mix(code, 6).is_multiple_of(260) {
            packs.push(Pack { at: claim.settled + 9, ..pack });
        }
        if mix(code, 7).is_multiple_of(140) {
            let later = i64::try_from(mix(code, 8) % 12).unwrap_or(3) + 1;
            packs[0].split = true;
            packs.push(Pack { at: claim.settled + later * 86_400, split: true, ..pack });
        }
    }
    packs
}

/// Percent of the deliveries to a place that its reports miss: most places miss few, some many, some report none.
pub(crate) fn misses(world: &World, place: u32) -> u64 {
    match mix(world.seed, u64::from(place) << 8 | 17) % 100 {
        0..70 => 4,
        70..90 => 12,
        90..96 => 45,
        _ => 100,
    }
}

/// How many traced boxes a visit sells.
pub(crate) fn boxes(visit: u64) -> u64 {
    1 + mix(visit, 2) % 3
}

/// The code of a box sold in a visit.
pub(crate) fn code(visit: u64, number: u64) -> u64 {
    mix(visit, 100 + number)
}
