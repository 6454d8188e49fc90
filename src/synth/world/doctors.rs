//! Who practises where?

use super::places::{Place, PlaceKind};
use super::regions::Regions;
use crate::synth::calendar::Window;
use crate::synth::draw::{Draw, days, small};

/// A practitioner.
pub(crate) struct Doctor {
    /// Where first registered.
    pub place: u32,
    /// Six digits of the code.
    pub serial: u32,
    /// County whose digits the code carries.
    pub county: usize,
    /// Second place of practice, if any.
    pub second: Option<u32>,
    /// First day of the licence here.
    pub begin: i32,
    /// Hash of the name.
    pub name: u64,
    /// Last day of the licence, if it ends.
    pub left: Option<i32>,
    /// Last day on which he sees patients.
    pub sees_until: i32,
}

/// Gives every place its doctors, numbered by place.
pub(crate) fn build(draw: &mut Draw, places: &mut [Place], regions: &Regions, window: Window) -> Vec<Doctor> {
    let mut doctors = Vec::new();
    for at in 0..places.len() {
        let (low, high) = match places[at].kind {
            PlaceKind::Tertiary => (50, 120),
            PlaceKind::County => (24, 60),
            PlaceKind::Private => (4, 14),
            PlaceKind::Township => (3, 7),
            PlaceKind::Clinic => (1, 3),
            PlaceKind::Tcm => (2, 8),
            PlaceKind::Nursing | PlaceKind::Dialysis => (2, 5),
            PlaceKind::Psychiatric => (6, 14),
            PlaceKind::Pharmacy => (0, 0),
        };
        let count = small(usize::try_from(draw.int(low, high)).unwrap_or(0));
        let first = small(doctors.len());
        places[at].doctors = (first, count);
        let county = places[at].county;
        let range = regions.counties[county].places.clone();
        for _ in 0..count {
            let second = draw.chance(0.03).then(|| range.start + small(draw.below(range.len())));
            doctors.push(Doctor {
                place: small(at),
                serial: small(doctors.len()).wrapping_mul(386_117) % 999_983,
                county,
                second: second.filter(|second| !places[*second as usize].is_pharmacy()),
                begin: window.first - days(draw.wide(30.0, 8_000.0)) + if draw.chance(0.05) { 300 } else { 0 },
                name: draw.key(),
                left: None,
                sees_until: i32::MAX,
            });
        }
    }
    doctors
}
