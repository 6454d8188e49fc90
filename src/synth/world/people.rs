//! Who lives in the world? Households with shared address, surname and telephone; work, insurance, illness and habits.

use super::choice::{Choices, Service};
use super::places::Place;
use super::regions::Regions;
use crate::synth::calendar::Window;
use crate::synth::claim::NONE;
use crate::synth::draw::{Draw, mix, small};
use std::ops::Range;

/// High blood pressure.
pub(crate) const PRESSURE: u16 = 1;
/// Diabetes.
pub(crate) const DIABETES: u16 = 2;
/// Disease of the heart's vessels.
pub(crate) const HEART: u16 = 4;
/// Had a stroke.
pub(crate) const STROKE: u16 = 8;
/// Chronic lungs.
pub(crate) const LUNGS: u16 = 16;
/// Parkinson's disease.
pub(crate) const PARKINSON: u16 = 32;
/// On dialysis.
pub(crate) const DIALYSIS: u16 = 64;
/// In treatment for a tumour.
pub(crate) const TUMOUR: u16 = 128;
/// Chronic psychosis.
pub(crate) const PSYCHOSIS: u16 = 256;
/// Registered for outpatient chronic care, refills every month.
pub(crate) const MONTHLY: u16 = 512;
/// Registered, with prescriptions for a quarter.
pub(crate) const QUARTERLY: u16 = 1024;

/// How somebody is insured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insured {
    /// 310, 11
    Employee,
    /// 310, 12
    Retired,
    /// 390, 15
    Resident,
    /// 390, 14
    Pupil,
}

/// An insured person.
pub(crate) struct Person {
    /// Day of birth.
    pub birth: i32,
    /// Town of registration.
    pub town: u32,
    /// Town where the person lives.
    pub lives: u32,
    /// Household.
    pub household: u32,
    /// Employer, or [`NONE`].
    pub employer: u32,
    /// Person whose telephone is given.
    pub phone: u32,
    /// Usual first contact.
    pub clinic: u32,
    /// Usual hospital.
    pub hospital: u32,
    /// Usual pharmacy.
    pub pharmacy: u32,
    /// How much care, 1 on average, 0 for those who never come.
    pub need: f64,
    /// Illnesses and registrations.
    pub ailments: u16,
    /// Man.
    pub male: bool,
    /// Insurance.
    pub insured: Insured,
    /// Lives elsewhere in winter only.
    pub winter_only: bool,
}

impl Person {
    /// Whether the person has an illness or registration.
    pub(crate) fn has(&self, ailment: u16) -> bool {
        self.ailments & ailment != 0
    }
}

/// An employer.
pub(crate) struct Employer {
    /// Hash of code and name.
    pub name: u64,
}

/// Everybody.
pub(crate) struct People {
    /// People, by town and household.
    pub persons: Vec<Person>,
    /// First person of every household, and one past the last.
    pub households: Vec<u32>,
    /// People of each town.
    pub of_town: Vec<Range<u32>>,
    /// Employers, by county.
    pub employers: Vec<Employer>,
}

impl People {
    /// The village of a household.
    pub(crate) fn village(&self, household: u32) -> u32 {
        household / VILLAGE
    }

    /// Whether a household is of the family after which its village is named; in most villages there is none.
    pub(crate) fn is_kin(&self, household: u32) -> bool {
        mix(u64::from(self.village(household)), 71).is_multiple_of(KINDRED_OF)
            && mix(u64::from(household), 72) % 100 < 80
    }

    /// The people of a household.
    pub(crate) fn household(&self, household: u32) -> Range<u32> {
        self.households[household as usize]..self.households[household as usize + 1]
    }
}

/// Households of a village, and how many villages have one of one surname.
const VILLAGE: u32 = 60;
const KINDRED_OF: u64 = 25;

/// Settles the towns.
pub(crate) fn build(
    draw: &mut Draw,
    regions: &Regions,
    choices: &[Choices],
    places: &[Place],
    window: Window,
) -> People {
    let mut people = People { persons: Vec::new(), households: vec![0], of_town: Vec::new(), employers: Vec::new() };
    for county in &regions.counties {
        let first = small(people.employers.len());
        let firms = (county.people / 160).max(4);
        people.employers.extend((0..firms).map(|_| Employer { name: draw.key() }));
        for town in county.towns.clone() {
            let start = small(people.persons.len());
            while people.persons.len() < start as usize + regions.towns[town].people {
                add_household(draw, &mut people, town, county.urban, (first, firms), window);
            }
            people.of_town.push(start..small(people.persons.len()));
        }
    }
    for at in 0..people.persons.len() {
        settle(draw, regions, choices, places, window, &mut people.persons[at]);
    }
    people
}

fn add_household(draw: &mut Draw, people: &mut People, town: usize, urban: bool, firms: (u32, usize), window: Window) {
    let first = small(people.persons.len());
    let size = 1 + draw.weighted(&[0.17, 0.29, 0.24, 0.16, 0.1, 0.04]);
    let head = draw.weighted(&[0.05, 0.16, 0.2, 0.21, 0.18, 0.13, 0.07]);
    let head_age = 20.0 + 10.0 * head as f64 + draw.real(0.0, 10.0);
    let male_head = draw.chance(0.6);
    for at in 0..size {
        let age = match at {
            0 => head_age,
            1 if head_age > 24.0 || size == 2 => head_age + draw.real(-5.0, 4.0),
            _ if head_age > 48.0 && draw.chance(0.55) => head_age - draw.real(22.0, 33.0),
            _ if head_age < 58.0 && draw.chance(0.3) => head_age + draw.real(21.0, 32.0),
            _ => (head_age - draw.real(21.0, 40.0)).max(draw.real(0.1, 12.0)),
        }
        .clamp(0.1, 97.0);
        let male = if at == 1 {
            !male_head
        } else if at == 0 {
            male_head
        } else {
            draw.chance(0.51)
        };
        let working = (20.0..60.0).contains(&age) && draw.chance(if urban { 0.58 } else { 0.2 });
        let insured = if working {
            Insured::Employee
        } else if age >= 57.0 && draw.chance(if urban { 0.5 } else { 0.12 }) {
            Insured::Retired
        } else if age < 18.0 {
            Insured::Pupil
        } else {
            Insured::Resident
        };
        let employer = if working { firms.0 + small(draw.below(firms.1).min(draw.below(firms.1))) } else { NONE };
        let own = (14.0..72.0).contains(&age) || draw.chance(0.35);
        let birth = window.first - crate::synth::draw::days(age * 365.25);
        people.persons.push(Person {
            birth,
            town: small(town),
            lives: small(town),
            household: small(people.households.len() - 1),
            employer,
            phone: if own { small(people.persons.len()) } else { first },
            clinic: 0,
            hospital: 0,
            pharmacy: 0,
            need: need(draw, age),
            ailments: ailments(draw, age),
            male,
            insured,
            winter_only: false,
        });
    }
    people.households.push(small(people.persons.len()));
}

fn need(draw: &mut Draw, age: f64) -> f64 {
    let never = if age > 60.0 {
        0.14
    } else if age < 7.0 {
        0.2
    } else {
        0.42
    };
    let by_age = if age > 60.0 {
        1.7
    } else if age < 7.0 {
        1.3
    } else if age < 40.0 {
        0.75
    } else {
        1.15
    };
    if draw.chance(never) { 0.0 } else { by_age * draw.spread(1.05, 0.75) }
}

fn ailments(draw: &mut Draw, age: f64) -> u16 {
    let old = ((age - 30.0) / 45.0).clamp(0.0, 1.0);
    let mut ailments = 0;
    for (ailment, share) in [
        (PRESSURE, 0.42 * old),
        (DIABETES, 0.19 * old),
        (HEART, 0.15 * old * old),
        (STROKE, 0.06 * old * old),
        (LUNGS, 0.08 * old * old),
        (PARKINSON, 0.012 * old * old),
        (DIALYSIS, 0.00026 * old),
        (TUMOUR, 0.006 * old),
        (PSYCHOSIS, if age > 16.0 { 0.004 } else { 0.0 }),
    ] {
        if draw.chance(share) {
            ailments |= ailment;
        }
    }
    if ailments & (PRESSURE | DIABETES | HEART | STROKE | LUNGS | PARKINSON) != 0 {
        match draw.weighted(&[0.945, 0.02, 0.035]) {
            1 => ailments |= MONTHLY,
            2 => ailments |= QUARTERLY,
            _ => (),
        }
    }
    ailments
}

/// Decides where a person lives and where he or she usually goes.
fn settle(
    draw: &mut Draw,
    regions: &Regions,
    choices: &[Choices],
    places: &[Place],
    window: Window,
    person: &mut Person,
) {
    let age = f64::from(window.first + 365 - person.birth) / 365.25;
    let home = regions.towns[person.town as usize].county;
    let moves = if (18.0..56.0).contains(&age) {
        0.06
    } else if age > 58.0 {
        0.02
    } else {
        0.01
    };
    if draw.chance(if regions.counties[home].urban { 0.4 * moves } else { moves }) {
        let seat = regions.city(home).counties.start;
        let to = if draw.chance(0.5) { seat } else { draw.below(regions.counties.len()) };
        let towns = regions.counties[to].towns.clone();
        person.lives = small(towns.start + draw.below(towns.len()));
        person.winter_only = age > 58.0 && draw.chance(0.4);
    }
    let near = &choices[person.lives as usize];
    person.clinic = near[Service::Clinic as usize].draw(draw);
    person.hospital = near[Service::Hospital as usize].draw(draw);
    person.pharmacy = near[Service::Pharmacy as usize].draw(draw);
    if places[person.hospital as usize].opened > window.first {
        person.hospital = near[Service::Ward as usize].draw(draw);
    }
}

/// The telephone number with this index: eleven digits that say nothing about the index.
pub(crate) fn phone(seed: u64, index: u32) -> u64 {
    const PRIME: u64 = 4_999_999_937;
    let factor = mix(seed, 77) % (PRIME - 2) + 1;
    let spread = (u64::from(index) + 1) % PRIME * factor % PRIME;
    let head = [13_u64, 15, 17, 18, 19][usize::try_from(spread / 1_000_000_000).unwrap_or(0).min(4)];
    head * 1_000_000_000 + spread % 1_000_000_000
}
