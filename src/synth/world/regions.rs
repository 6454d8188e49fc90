//! What is the map? Provinces, cities (pools), counties and towns with codes and coordinates.

use crate::synth::draw::{Draw, small};
use std::ops::Range;

/// A prefecture-level city, which is also the insurance pool.
pub(crate) struct City {
    /// Code ending in 00.
    pub code: u32,
    /// Two digits.
    pub province: u32,
    /// Hash of the name.
    pub name: u64,
    /// Its counties.
    pub counties: Range<usize>,
    /// Home of the data set, as opposed to a far city that some people go to.
    pub main: bool,
}

/// A county or district.
pub(crate) struct County {
    /// Six digits.
    pub code: u32,
    /// Its city.
    pub city: usize,
    /// Hash of the name.
    pub name: u64,
    /// District rather than rural county.
    pub urban: bool,
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// People to settle.
    pub people: usize,
    /// Its towns.
    pub towns: Range<usize>,
    /// Its places.
    pub places: Range<u32>,
}

/// A town or street, which appears in addresses only.
pub(crate) struct Town {
    /// Its county.
    pub county: usize,
    /// Hash of the name.
    pub name: u64,
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// People to settle.
    pub people: usize,
}

/// The map.
pub(crate) struct Regions {
    /// Cities.
    pub cities: Vec<City>,
    /// Counties by city.
    pub counties: Vec<County>,
    /// Towns by county.
    pub towns: Vec<Town>,
}

impl Regions {
    /// The city of a county.
    pub(crate) fn city(&self, county: usize) -> &City {
        &self.cities[self.counties[county].city]
    }

    /// Kilometres between two counties.
    pub(crate) fn between(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.counties[a], &self.counties[b]);
        libm::hypot(a.x - b.x, a.y - b.y)
    }

    /// Counties of other cities at a distance.
    pub(crate) fn elsewhere(&self, county: usize, low: f64, high: f64) -> Vec<usize> {
        let away = |at: &usize| self.counties[*at].city != self.counties[county].city;
        (0..self.counties.len()).filter(away).filter(|at| (low..=high).contains(&self.between(county, *at))).collect()
    }
}

const PROVINCES: [u32; 9] = [34, 41, 42, 43, 33, 32, 36, 31, 50];

/// Draws the map for a number of people.
pub(crate) fn build(draw: &mut Draw, persons: usize) -> Regions {
    let main = ((persons + 120_000) / 250_000).max(1);
    let far = 4 + main / 2;
    let mut provinces = PROVINCES.to_vec();
    draw.shuffle(&mut provinces[..7]);
    let centres: Vec<(f64, f64)> =
        (0..9).map(|at| if at == 0 { (0.0, 0.0) } else { around(draw, (0.0, 0.0), 180.0, 650.0) }).collect();
    let mut regions = Regions { cities: Vec::new(), counties: Vec::new(), towns: Vec::new() };
    let weights: Vec<f64> = (0..main).map(|_| draw.real(0.6, 1.5)).collect();
    let sum: f64 = weights.iter().sum();
    for at in 0..main + far {
        let home = at < main;
        let province = if home { (at / 9).min(8) } else { [0, 0, 1, 7, 2, 3, 1, 4][(at - main) % 8] };
        let near = draw.real(25.0, 60.0 + 40.0 * libm::sqrt(main as f64));
        let position = around(draw, centres[province], if home && at == 0 { 1.0 } else { near }, near + 70.0);
        let share = if home { 0.88 * weights[at] / sum } else { 0.12 / far as f64 };
        let people = persons as f64 * share;
        add_city(draw, &mut regions, provinces[province], position, people, home);
    }
    regions
}

fn add_city(draw: &mut Draw, regions: &mut Regions, province: u32, position: (f64, f64), people: f64, main: bool) {
    let taken = regions.cities.iter().filter(|city| city.province == province).count();
    let code = province * 10_000 + small(taken + 1) * 100;
    let size = crate::synth::draw::whole(people / 15_000.0);
    let counties = usize::try_from(if main { size.clamp(4, 9) } else { draw.int(2, 3) }).unwrap_or(3);
    let weights: Vec<f64> = (0..counties).map(|at| draw.real(0.5, 1.6) * if at == 0 { 1.5 } else { 1.0 }).collect();
    let sum: f64 = weights.iter().sum();
    let first = regions.counties.len();
    let city = regions.cities.len();
    for (at, weight) in weights.iter().enumerate() {
        let urban = at == 0 || (at == 1 && counties > 5);
        let centre = if urban { around(draw, position, 0.0, 8.0) } else { around(draw, position, 14.0, 48.0) };
        let share = crate::synth::draw::whole(people * weight / sum).max(60).unsigned_abs();
        let share = usize::try_from(share).unwrap_or(60);
        let serial = if urban { small(at) + 2 } else { small(at) + 21 };
        let towns = add_towns(draw, regions, centre, share, urban);
        regions.counties.push(County {
            code: code + serial,
            city,
            name: draw.key(),
            urban,
            x: centre.0,
            y: centre.1,
            people: share,
            towns,
            places: 0..0,
        });
    }
    let counties = first..regions.counties.len();
    regions.cities.push(City { code, province, name: draw.key(), counties, main });
}

fn add_towns(draw: &mut Draw, regions: &mut Regions, centre: (f64, f64), people: usize, urban: bool) -> Range<usize> {
    let first = regions.towns.len();
    let count = (people / 1_800).clamp(3, 22);
    let weights: Vec<f64> = (0..count).map(|at| draw.real(0.5, 1.5) + if at == 0 { 1.5 } else { 0.0 }).collect();
    let sum: f64 = weights.iter().sum();
    for (at, weight) in weights.iter().enumerate() {
        let reach = if urban { 5.0 } else { 22.0 };
        let (x, y) = if at == 0 { centre } else { around(draw, centre, 1.0, reach) };
        let share = crate::synth::draw::whole(people as f64 * weight / sum).max(10).unsigned_abs();
        let people = usize::try_from(share).unwrap_or(10);
        regions.towns.push(Town { county: regions.counties.len(), name: draw.key(), x, y, people });
    }
    first..regions.towns.len()
}

fn around(draw: &mut Draw, centre: (f64, f64), low: f64, high: f64) -> (f64, f64) {
    let angle = draw.real(0.0, std::f64::consts::TAU);
    let radius = draw.real(low, high);
    (centre.0 + radius * libm::cos(angle), centre.1 + radius * libm::sin(angle))
}
