//! What do the registers of people, places, doctors and regions say?

use super::ids;
use super::rows::Rows;
use crate::synth::benefit::Benefits;
use crate::synth::claim::NONE;
use crate::synth::draw::{mix, slot};
use crate::synth::names;
use crate::synth::world::people::Insured;
use crate::synth::world::places::PlaceKind;
use crate::synth::world::{CITY_S_OWN, World};
use std::fmt::Write;

/// Columns of `psn_info_b`.
pub(super) const PERSON: [&str; 16] = [
    "psn_no",
    "psn_cert_type",
    "certno",
    "psn_name",
    "gend",
    "brdy",
    "naty",
    "tel",
    "addr",
    "insu_admdvs",
    "insutype",
    "psn_type",
    "sp_psn_type",
    "emp_no",
    "emp_name",
    "die_date",
];

/// Writes the row of a person; the order of rows says nothing about neighbours.
pub(super) fn person(world: &World, benefits: &Benefits, at: usize, rows: &mut Rows) {
    let count = world.people.persons.len();
    let number = crate::synth::draw::small(permuted(world.seed, at, count));
    let who = world.person(number);
    let county = &world.regions.counties[world.regions.towns[who.town as usize].county];
    rows.with(|cell| ids::person(cell, world, number));
    rows.text("01");
    let serial = mix(u64::from(number), 51) % 500 * 2 + u64::from(who.male);
    rows.with(|cell| ids::certificate(cell, county.code, who.birth, serial));
    rows.with(|cell| name(cell, world, number));
    rows.text(if who.male { "1" } else { "2" });
    rows.day(who.birth);
    rows.text("01");
    rows.with(|cell| ids::telephone(cell, world, who.phone));
    rows.with(|cell| address(cell, world, number));
    rows.number(world.insured_at(number));
    let (insurance, kind) = super::facts::insurance(who.insured);
    rows.text(insurance);
    rows.text(kind);
    let poor = who.insured == Insured::Resident && mix(u64::from(number), 52).is_multiple_of(28);
    rows.text(if poor { "低保对象" } else { "" });
    match benefits.employers.get(&number) {
        Some(name) => rows.with(|cell| ids::employer(cell, *name)),
        None => rows.with(|cell| employer(cell, world, who.employer)),
    }
    rows.with(|cell| {
        if who.employer != NONE {
            let (hill, water) = names::place(world.people.employers[who.employer as usize].name);
            let _ = write!(cell, "{hill}{water}有限公司");
        }
    });
    match benefits.deaths.get(&number) {
        Some(day) => rows.day(*day),
        None => rows.nothing(),
    }
    rows.end();
}

/// A permutation of `0..count`: multiplication by a number without a common divisor.
fn permuted(seed: u64, at: usize, count: usize) -> usize {
    let count = count as u64;
    let mut factor = (mix(seed, 61) % count.max(1)) | 1;
    while divisor(factor, count) != 1 {
        factor += 2;
    }
    slot((at as u64 * factor + mix(seed, 62)) % count.max(1), usize::MAX)
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

fn name(cell: &mut String, world: &World, number: u32) {
    let household = world.person(number).household;
    let spouse = world.people.household(household).start + 1 == number;
    let kin = world.people.is_kin(household);
    let family = match (spouse, kin) {
        (true, _) => mix(world.seed, u64::from(number)),
        (false, true) => mix(world.seed ^ 3, u64::from(world.people.village(household))),
        (false, false) => mix(world.seed, u64::from(household)),
    };
    let (first, second) = names::given(mix(world.seed ^ 9, u64::from(number)));
    let _ = write!(cell, "{}{first}{second}", names::surname(family));
}

fn address(cell: &mut String, world: &World, number: u32) {
    let who = world.person(number);
    let town = &world.regions.towns[who.town as usize];
    ids::region_name(cell, world, town.county);
    let (hill, water) = names::place(town.name);
    let (village_hill, village_water) = names::place(mix(u64::from(world.people.village(who.household)), world.seed));
    let urban = world.regions.counties[town.county].urban;
    let (of_town, of_village) = if urban { ("街道", "社区") } else { ("镇", "村") };
    let house = who.household % 60 + 1;
    let group = who.household / 20 % 3 + 1;
    let _ = write!(cell, "{hill}{water}{of_town}{village_hill}{village_water}{of_village}{group}组{house}号");
}

/// `emp_no`.
pub(super) fn employer(cell: &mut String, world: &World, employer: u32) {
    if employer != NONE {
        ids::employer(cell, world.people.employers[employer as usize].name);
    }
}

/// Columns of `fixmedins_b`.
pub(super) const PLACE: [&str; 16] = [
    "fixmedins_code",
    "fixmedins_name",
    "uscc",
    "fixmedins_type",
    "medins_type",
    "medins_natu",
    "hosp_lv",
    "fix_blng_admdvs",
    "begntime",
    "endtime",
    "bed_cnt",
    "lon",
    "lat",
    "actl_ctrler",
    "hd_flag",
    "tel",
];

/// Writes the row of a place.
pub(super) fn place(world: &World, at: usize, rows: &mut Rows) {
    let number = crate::synth::draw::small(at);
    let place = &world.places[at];
    rows.with(|cell| ids::place(cell, world, number));
    rows.with(|cell| place_name(cell, world, number));
    rows.with(|cell| {
        cell.push_str("52");
        ids::digits(cell, mix(place.name, u64::from(place.serial)) % 10_000_000_000_000_000, 16);
    });
    rows.text(if place.is_pharmacy() { "2" } else { "1" });
    rows.text(kind_word(place.kind));
    rows.text(if place.owner == 0 { "公立" } else { "民营" });
    rows.text(super::facts::level(place.kind));
    rows.number(u64::from(world.regions.counties[place.county].code));
    rows.day(place.opened);
    match place.closed {
        Some(closed) => rows.day(closed),
        None => rows.nothing(),
    }
    rows.number(place.beds.unsigned_abs());
    rows.with(|cell| coordinate(cell, 115.0 + place.x / 95.0));
    rows.with(|cell| coordinate(cell, 31.5 + place.y / 111.0));
    rows.with(|cell| {
        if place.owner != 0 {
            let (first, second) = names::given(place.owner);
            let _ = write!(cell, "{}{first}{second}#", names::surname(place.owner));
            ids::digits(cell, place.owner % 1_000_000, 6);
        }
    });
    rows.text(if place.kind == PlaceKind::Dialysis { "1" } else { "0" });
    rows.with(|cell| ids::telephone(cell, world, switchboard(world, number)));
    rows.end();
}

/// The index of a place's own telephone.
pub(crate) fn switchboard(world: &World, place: u32) -> u32 {
    crate::synth::draw::small(world.people.persons.len()) + 1_000_000 + place
}

fn coordinate(cell: &mut String, degrees: f64) {
    let _ = write!(cell, "{degrees:.5}");
}

fn place_name(cell: &mut String, world: &World, number: u32) {
    let place = world.place(number);
    ids::county_name(cell, world, place.county);
    let (hill, water) = names::place(place.name);
    let _ = write!(cell, "{hill}{water}{}", kind_word(place.kind));
}

fn kind_word(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Tertiary | PlaceKind::County | PlaceKind::Private => "综合医院",
        PlaceKind::Township => "卫生院",
        PlaceKind::Clinic => "诊所",
        PlaceKind::Tcm => "中医馆",
        PlaceKind::Nursing => "护理院",
        PlaceKind::Psychiatric => "精神病医院",
        PlaceKind::Dialysis => "血液透析中心",
        PlaceKind::Pharmacy => "药店",
    }
}

/// Columns of `dr_b`.
pub(super) const DOCTOR: [&str; 8] =
    ["dr_code", "dr_name", "dr_type", "prac_fixmedins_code", "profttl", "begndate", "enddate", "lic_stas"];

/// Writes one row for each place where a doctor practises.
pub(super) fn doctor(world: &World, at: usize, rows: &mut Rows) {
    let number = crate::synth::draw::small(at);
    let who = &world.doctors[at];
    for place in std::iter::once(who.place).chain(who.second) {
        rows.with(|cell| ids::doctor(cell, world, number));
        rows.with(|cell| {
            let (first, second) = names::given(who.name);
            let _ = write!(cell, "{}{first}{second}", names::surname(mix(who.name, 1)));
        });
        rows.text("1");
        rows.with(|cell| ids::place(cell, world, place));
        rows.text(["231", "232", "233", "234"][slot(who.name, 4)]);
        rows.day(who.begin);
        match who.left {
            Some(day) => rows.day(day),
            None => rows.nothing(),
        }
        rows.text(if who.left.is_none() { "1" } else { "0" });
        rows.end();
    }
}

/// Columns of `admdvs_b`.
pub(super) const REGION: [&str; 6] = ["admdvs", "admdvs_name", "prnt_admdvs", "admdvs_lv", "lon", "lat"];

/// Writes the whole table of regions.
pub(super) fn regions(world: &World, rows: &mut Rows) {
    let mut provinces: Vec<u32> = world.regions.cities.iter().map(|city| city.province).collect();
    provinces.sort_unstable();
    provinces.dedup();
    for province in provinces {
        region(rows, (province * 10_000, 0, 1), |cell| cell.push_str(names::province(province)));
        rows.nothing();
        rows.nothing();
        rows.end();
    }
    for city in &world.regions.cities {
        region(rows, (city.code, city.province * 10_000, 2), |cell| {
            let (hill, water) = names::place(city.name);
            let _ = write!(cell, "{hill}{water}市");
        });
        rows.nothing();
        rows.nothing();
        rows.end();
        region(rows, (city.code + CITY_S_OWN, city.code, 3), |cell| {
            let (hill, water) = names::place(city.name);
            let _ = write!(cell, "{hill}{water}市本级");
        });
        rows.nothing();
        rows.nothing();
        rows.end();
        for at in city.counties.clone() {
            let county = &world.regions.counties[at];
            region(rows, (county.code, city.code, 3), |cell| ids::county_name(cell, world, at));
            rows.with(|cell| coordinate(cell, 115.0 + county.x / 95.0));
            rows.with(|cell| coordinate(cell, 31.5 + county.y / 111.0));
            rows.end();
        }
    }
}

fn region(rows: &mut Rows, codes: (u32, u32, u64), name: impl FnOnce(&mut String)) {
    rows.number(u64::from(codes.0));
    rows.with(name);
    if codes.1 == 0 {
        rows.nothing()
    } else {
        rows.number(u64::from(codes.1))
    }
    rows.number(codes.2);
}
