//! What do the numbers of people, settlements and places look like as text? Identifiers carry no information.

use crate::model::Day;
use crate::synth::claim::{Claim, Form, NONE};
use crate::synth::draw::mix;
use crate::synth::scene::Who;
use crate::synth::world::World;
use crate::synth::world::people::phone;
use std::fmt::Write;

/// The digits of 0 to 99, two each.
const PAIRS: &str = "00010203040506070809101112131415161718192021222324252627282930313233343536373839\
                     40414243444546474849505152535455565758596061626364656667686970717273747576777879\
                     8081828384858687888990919293949596979899";

/// A number as at least `width` decimal digits, at most 20.
pub(crate) fn digits(text: &mut String, number: u64, width: usize) {
    let mut reversed = [0_usize; 10];
    let (mut left, mut pairs) = (number, 0);
    while left > 0 || pairs * 2 < width {
        reversed[pairs] = usize::try_from(left % 100).unwrap_or(0) * 2;
        left /= 100;
        pairs += 1;
    }
    let odd = pairs > 0 && pairs * 2 > width && reversed[pairs - 1] < 20;
    for (at, pair) in reversed[..pairs].iter().rev().enumerate() {
        text.push_str(&PAIRS[pair + usize::from(odd && at == 0)..pair + 2]);
    }
}

/// A key as an id of 28 digits; `salt` tells kinds of ids apart.
pub(crate) fn id(text: &mut String, seed: u64, key: u64, salt: u64) {
    let hash = mix(mix(seed, salt), key);
    digits(text, hash % 1_000_000_000_000_000_000, 18);
    digits(text, mix(hash, key) % 10_000_000_000, 10);
}

/// `psn_no`.
pub(crate) fn person(text: &mut String, world: &World, person: u32) {
    id(text, world.seed, u64::from(person) + 1, 11);
}

/// `fixmedins_code`.
pub(crate) fn place(text: &mut String, world: &World, place: u32) {
    let at = world.place(place);
    text.push(if at.is_pharmacy() { 'P' } else { 'H' });
    digits(text, u64::from(world.regions.counties[at.county].code), 6);
    digits(text, u64::from(at.serial), 5);
}

/// `dr_code`.
pub(crate) fn doctor(text: &mut String, world: &World, doctor: u32) {
    if doctor != NONE {
        let who = &world.doctors[doctor as usize];
        text.push('D');
        digits(text, u64::from(world.regions.counties[who.county].code), 6);
        digits(text, u64::from(who.serial), 6);
    }
}

/// `emp_no` of the employer with a name; nothing for 0.
pub(crate) fn employer(text: &mut String, name: u64) {
    if name != 0 {
        text.push_str("91");
        digits(text, mix(name, 71) % 10_000_000_000_000_000, 16);
    }
}

/// A telephone number.
pub(crate) fn telephone(text: &mut String, world: &World, index: u32) {
    if index != NONE {
        digits(text, phone(world.seed, index), 11);
    }
}

/// `opter_id` of a window.
pub(crate) fn till(text: &mut String, world: &World, claim: &Claim) {
    let hash = mix(mix(world.seed, 21), u64::from(claim.place) << 8 | u64::from(claim.till));
    digits(text, hash % 10_000_000_000, 10);
}

/// `setl_id`.
pub(crate) fn settlement(text: &mut String, world: &World, key: u64) {
    id(text, world.seed, key, 12);
}

/// `mdtrt_id`.
pub(crate) fn visit(text: &mut String, world: &World, key: u64) {
    id(text, world.seed, key, 13);
}

/// `rid`: one for all versions of a row.
pub(crate) fn row(text: &mut String, world: &World, claim: &Claim) {
    id(text, world.seed, claim.key, if claim.form == Form::SameId { 15 } else { 14 });
}

/// `drug_trac_codg`: 20 digits that begin with the product.
pub(crate) fn trace(text: &mut String, drug: u16, code: u64) {
    text.push_str("81");
    digits(text, mix(5, u64::from(drug)) % 100_000, 5);
    digits(text, mix(code, 6) % 10_000_000_000_000, 13);
}

/// An 18-digit identity number with its check digit.
pub(crate) fn certificate(text: &mut String, county: u32, birth: i32, serial: u64) {
    let (year, month, day) = Day(birth).date();
    let start = text.len();
    digits(text, u64::from(county), 6);
    digits(text, u64::from(year.unsigned_abs()), 4);
    digits(text, u64::from(month), 2);
    digits(text, u64::from(day), 2);
    digits(text, serial % 1_000, 3);
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = text.as_bytes()[start..].iter();
    let sum: u32 = bytes.zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    text.push(char::from(b"10X98765432"[(sum % 11) as usize]));
}

/// The identifier of anybody or anything, as it stands in the tables.
pub(crate) fn who(text: &mut String, world: &World, who: Who) {
    match who {
        Who::Person(number) => person(text, world, number),
        Who::Place(number) => place(text, world, number),
        Who::Doctor(number) => doctor(text, world, number),
        Who::Phone(index) => telephone(text, world, index),
        Who::Agent(key) => {
            let county = world.regions.counties[crate::synth::draw::slot(key, world.regions.counties.len())].code;
            let birth = i32::try_from(mix(key, 3) % 14_000).unwrap_or(0) - 3_000;
            certificate(text, county, birth, mix(key, 4));
        }
        Who::Account(key) => {
            text.push_str("6228");
            digits(text, mix(key, 8) % 1_000_000_000_000_000, 15);
        }
        Who::Address(key) => address(text, world, key),
        Who::Device(key) => {
            let _ = write!(text, "{:016x}", mix(key, 9));
        }
        Who::Employer(name) => employer(text, name),
        Who::Staff(key) => {
            text.push('N');
            digits(text, mix(key, 10) % 1_000_000_000_000, 12);
        }
    }
}

fn address(text: &mut String, world: &World, key: u64) {
    let town = &world.regions.towns[crate::synth::draw::slot(key, world.regions.towns.len())];
    region_name(text, world, town.county);
    let (hill, water) = crate::synth::names::place(mix(key, 5));
    let _ = write!(text, "{hill}{water}路{}号", mix(key, 6) % 900 + 1);
}

/// Province, city and county.
pub(crate) fn region_name(text: &mut String, world: &World, county: usize) {
    let city = world.regions.city(county);
    text.push_str(crate::synth::names::province(city.province));
    let (hill, water) = crate::synth::names::place(city.name);
    let _ = write!(text, "{hill}{water}市");
    county_name(text, world, county);
}

/// The county's own name.
pub(crate) fn county_name(text: &mut String, world: &World, county: usize) {
    let county = &world.regions.counties[county];
    let (hill, water) = crate::synth::names::place(county.name);
    let _ = write!(text, "{hill}{water}{}", if county.urban { "区" } else { "县" });
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for number in [0, 1, 9, 10, 99, 100, 101, 999, 1_000, 12_345, 1_234_567_890_123, u64::MAX] {
            for width in 1..=20 {
                let mut text = String::new();
                digits(&mut text, number, width);
                assert_eq!(text, format!("{number:0width$}"));
            }
        }
    }
}
