//! Which institutions and pharmacies are there? Kinds, beds, owners, popularity, when they opened.

use super::regions::Regions;
use crate::synth::calendar::Window;
use crate::synth::draw::{Draw, days, small};

/// What kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PlaceKind {
    /// City hospital of the third grade.
    Tertiary,
    /// County hospital.
    County,
    /// Private general hospital.
    Private,
    /// Township or community health centre.
    Township,
    /// Village clinic, private clinic.
    Clinic,
    /// Clinic or hospital of traditional medicine.
    Tcm,
    /// Nursing home with a medical licence.
    Nursing,
    /// Psychiatric hospital.
    Psychiatric,
    /// Dialysis centre.
    Dialysis,
    /// Retail pharmacy.
    Pharmacy,
}

/// An institution or pharmacy.
pub(crate) struct Place {
    /// What kind.
    pub kind: PlaceKind,
    /// Its county.
    pub county: usize,
    /// Five digits of its code.
    pub serial: u32,
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// How many people like it.
    pub popularity: f64,
    /// Approved beds.
    pub beds: i64,
    /// Number of the actual controller; 0 for the state.
    pub owner: u64,
    /// Hash of the name.
    pub name: u64,
    /// First day of the contract.
    pub opened: i32,
    /// Last day of the contract, if it ended.
    pub closed: Option<i32>,
    /// First doctor and number of doctors.
    pub doctors: (u32, u32),
    /// Windows or tills.
    pub tills: u8,
    /// Sends trace codes of what it sells.
    pub traces: bool,
    /// Sends fee lines of outpatient visits and purchases.
    pub lines: bool,
}

impl Place {
    /// Whether the place is a retail pharmacy.
    pub(crate) fn is_pharmacy(&self) -> bool {
        self.kind == PlaceKind::Pharmacy
    }

    /// Whether it admits patients of every kind.
    pub(crate) fn admits(&self) -> bool {
        matches!(self.kind, PlaceKind::Tertiary | PlaceKind::County | PlaceKind::Private | PlaceKind::Township)
    }

    /// How dear it is beside a county hospital.
    pub(crate) fn level(&self) -> f64 {
        match self.kind {
            PlaceKind::Tertiary => 1.75,
            PlaceKind::County => 1.0,
            PlaceKind::Private => 0.8,
            PlaceKind::Township => 0.45,
            PlaceKind::Nursing | PlaceKind::Tcm => 0.6,
            _ => 0.9,
        }
    }
}

/// Founds the places of every county and tells the counties about them.
pub(crate) fn build(draw: &mut Draw, regions: &mut Regions, window: Window) -> Vec<Place> {
    let mut places = Vec::new();
    for county in 0..regions.counties.len() {
        let first = small(places.len());
        found_county(draw, regions, county, window, &mut places);
        regions.counties[county].places = first..small(places.len());
    }
    share_owners(draw, regions, &mut places);
    places
}

fn found_county(draw: &mut Draw, regions: &Regions, county: usize, window: Window, places: &mut Vec<Place>) {
    let home = &regions.counties[county];
    let people = home.people;
    let seat = regions.city(county).counties.start == county;
    let towns = home.towns.len();
    let many = |per: usize, low: usize, high: usize| (people / per).clamp(low, high);
    let wanted = [
        (PlaceKind::Tertiary, if seat { many(45_000, 1, 4) } else { 0 }),
        (PlaceKind::County, many(60_000, 1, 2)),
        (PlaceKind::Private, many(6_500, 2, 8)),
        (PlaceKind::Township, towns),
        (PlaceKind::Clinic, many(1_900, 3, 60)),
        (PlaceKind::Tcm, many(12_000, 1, 5)),
        (PlaceKind::Nursing, many(20_000, usize::from(people > 4_000), 3)),
        (PlaceKind::Psychiatric, usize::from(seat)),
        (PlaceKind::Dialysis, usize::from(seat || people > 12_000)),
        (PlaceKind::Pharmacy, many(1_900, 5, 90)),
    ];
    let mut serial = small(draw.below(400)) + 100;
    for (kind, count) in wanted {
        for rank in 0..count {
            serial += 1 + small(draw.below(97));
            let at_town = match kind {
                PlaceKind::Township => home.towns.start + rank,
                PlaceKind::Clinic | PlaceKind::Pharmacy => home.towns.start + draw.below(towns),
                _ => home.towns.start + draw.below(towns.min(2)),
            };
            let town = &regions.towns[at_town];
            let private = draw.chance(private_share(kind));
            let new = draw.chance(0.05);
            places.push(Place {
                kind,
                county,
                serial: serial % 99_999,
                x: town.x + draw.real(-2.0, 2.0),
                y: town.y + draw.real(-2.0, 2.0),
                popularity: draw.spread(1.0, 0.35) / libm::pow(rank as f64 + 1.0, 0.75),
                beds: beds(draw, kind),
                owner: if private { draw.key() } else { 0 },
                name: draw.key(),
                opened: window.first - days(draw.wide(60.0, 6_000.0)) + if new { draw.day(60, 500) } else { 0 },
                closed: None,
                doctors: (0, 0),
                tills: u8::try_from(draw.int(1, tills(kind))).unwrap_or(1),
                traces: draw.chance(if kind == PlaceKind::Pharmacy { 0.4 } else { 0.2 }),
                lines: draw.chance(if kind == PlaceKind::Pharmacy { 0.35 } else { 0.5 }),
            });
        }
    }
}

fn private_share(kind: PlaceKind) -> f64 {
    match kind {
        PlaceKind::Private | PlaceKind::Pharmacy => 1.0,
        PlaceKind::Tcm | PlaceKind::Nursing | PlaceKind::Dialysis => 0.7,
        PlaceKind::Clinic => 0.5,
        PlaceKind::Psychiatric => 0.4,
        _ => 0.0,
    }
}

fn beds(draw: &mut Draw, kind: PlaceKind) -> i64 {
    match kind {
        PlaceKind::Tertiary => draw.int(60, 240) * 10,
        PlaceKind::County => draw.int(30, 90) * 10,
        PlaceKind::Private => draw.int(3, 16) * 10,
        PlaceKind::Township => draw.int(10, 60),
        PlaceKind::Tcm => draw.int(0, 60),
        PlaceKind::Nursing => draw.int(40, 180),
        PlaceKind::Psychiatric => draw.int(100, 400),
        _ => 0,
    }
}

fn tills(kind: PlaceKind) -> i64 {
    match kind {
        PlaceKind::Tertiary => 16,
        PlaceKind::County => 8,
        PlaceKind::Private | PlaceKind::Pharmacy => 3,
        _ => 2,
    }
}

/// Chains: pharmacies under one brand, and groups of private hospitals under one controller, honest or not.
fn share_owners(draw: &mut Draw, regions: &Regions, places: &mut [Place]) {
    for city in &regions.cities {
        let range = regions.counties[city.counties.start].places.start as usize
            ..regions.counties[city.counties.end - 1].places.end as usize;
        let chains: Vec<(u64, u64)> = (0..5).map(|_| (draw.key(), draw.key())).collect();
        for place in &mut places[range.clone()] {
            if place.is_pharmacy() && draw.chance(0.55) {
                (place.owner, place.name) = chains[draw.below(5).min(draw.below(5))];
            }
        }
        let mut hospitals: Vec<usize> = range.filter(|at| places[*at].kind == PlaceKind::Private).collect();
        draw.shuffle(&mut hospitals);
        let mut rest = hospitals.as_slice();
        while rest.len() >= 2 {
            let size = (1 + draw.weighted(&[0.35, 0.3, 0.2, 0.1, 0.05])).min(rest.len());
            let owner = draw.key();
            for at in &rest[..size] {
                places[*at].owner = owner;
            }
            rest = &rest[size..];
        }
    }
}
