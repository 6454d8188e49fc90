//! Where do the people of a town go? For each kind of service the places within reach, by popularity and distance.

use super::places::{Place, PlaceKind};
use super::regions::Regions;
use crate::synth::draw::{Draw, small};
use rayon::prelude::*;

/// A kind of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// First contact: clinics, townships, outpatient halls.
    Clinic = 0,
    /// Hospital outpatient care.
    Hospital = 1,
    /// Admission.
    Ward = 2,
    /// Retail pharmacy.
    Pharmacy = 3,
    /// Great hospitals for what is serious.
    Tertiary = 4,
    /// Traditional medicine.
    Tcm = 5,
    /// Dialysis.
    Dialysis = 6,
}

/// Places with cumulative weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    places: Vec<(u32, f64)>,
}

impl Choice {
    /// One of the places by weight.
    pub(crate) fn draw(&self, draw: &mut Draw) -> u32 {
        let sum = self.places.last().map_or(0.0, |last| last.1);
        let at = draw.unit() * sum;
        let index = self.places.partition_point(|(_, cumulative)| *cumulative < at);
        self.places.get(index.min(self.places.len().saturating_sub(1))).map_or(0, |place| place.0)
    }
}

/// The choices of one town, by service.
pub(crate) type Choices = [Choice; 7];

/// The choices of every town.
pub(crate) fn choices(regions: &Regions, places: &[Place]) -> Vec<Choices> {
    let of_town = |town: usize| {
        std::array::from_fn(|service| {
            let mut weights: Vec<(u32, f64)> = Vec::new();
            let mut sum = 0.0;
            for (at, place) in places.iter().enumerate() {
                let (attraction, reach) = pull(service, place);
                let far = libm::hypot(regions.towns[town].x - place.x, regions.towns[town].y - place.y);
                if attraction > 0.0 && far < reach * 9.0 {
                    let strange =
                        if regions.counties[place.county].city == regions.counties[regions.towns[town].county].city {
                            1.0
                        } else {
                            0.35
                        };
                    sum += strange * attraction * place.popularity * libm::exp(-far / reach);
                    weights.push((small(at), sum));
                }
            }
            if weights.is_empty() { nearest(regions, places, town, service) } else { Choice { places: weights } }
        })
    };
    (0..regions.towns.len()).into_par_iter().map(of_town).collect()
}

fn nearest(regions: &Regions, places: &[Place], town: usize, service: usize) -> Choice {
    let town = &regions.towns[town];
    let suited = places.iter().enumerate().filter(|(_, place)| pull(service, place).0 > 0.0);
    let distance = |place: &Place| libm::hypot(town.x - place.x, town.y - place.y);
    let best = suited.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    Choice { places: best.map(|(at, _)| (small(at), 1.0)).into_iter().collect() }
}

/// How strongly a place attracts for a service, and over how many kilometres.
fn pull(service: usize, place: &Place) -> (f64, f64) {
    use PlaceKind as K;
    match (service, place.kind) {
        (0, K::Clinic) => (1.6, 3.0),
        (0, K::Township) => (2.0, 5.0),
        (0, K::Tcm) => (0.8, 9.0),
        (0 | 1, K::Private) => (0.5, 10.0),
        (1, K::County) => (6.0, 16.0),
        (1, K::Tertiary) => (7.0, 38.0),
        (1, K::Tcm) => (0.7, 9.0),
        (1, K::Township) => (0.6, 5.0),
        (2, K::Tertiary) => (7.0, 34.0),
        (2, K::County) => (9.0, 15.0),
        (2, K::Private) => (1.6, 11.0),
        (2, K::Township) => (1.1, 6.0),
        (3, K::Pharmacy) => (1.0, 3.5),
        (4, K::Tertiary) => (1.0, 75.0),
        (5, K::Tcm) => (1.0, 10.0),
        (6, K::Dialysis) => (2.0, 18.0),
        (6, K::County | K::Tertiary) => (1.0, 14.0),
        _ => (0.0, 1.0),
    }
}
