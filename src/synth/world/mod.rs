//! Who lives where, and which institutions are there? The world before anything happens in it.

pub(crate) mod choice;
pub(crate) mod doctors;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod regions;

use super::Parameters;
use super::calendar::Window;
use super::draw::{Draw, mix, slot, small};
use choice::{Choices, choices};
use doctors::Doctor;
use people::{People, Person};
use places::{Place, PlaceKind};
use regions::Regions;

/// Added to the code of a city: those who are insured with the city itself.
pub(crate) const CITY_S_OWN: u32 = 99;
/// Employees who are, in percent; the others are insured with their county.
const WITH_THE_CITY_PERCENT: u64 = 40;

/// The world: places, people and what is near to whom.
pub(crate) struct World {
    /// The seed.
    pub seed: u64,
    /// First and last day.
    pub window: Window,
    /// Provinces, cities, counties, towns.
    pub regions: Regions,
    /// Institutions and pharmacies, by county.
    pub places: Vec<Place>,
    /// Doctors, by place.
    pub doctors: Vec<Doctor>,
    /// People, households, employers.
    pub people: People,
    /// For each town: where its people go.
    pub choices: Vec<Choices>,
}

impl World {
    /// Builds the world of these parameters.
    pub(crate) fn build(parameters: &Parameters) -> World {
        let seed = parameters.seed;
        let window = Window::starting(parameters.year, parameters.days);
        let mut draw = Draw::new(seed, 1);
        let mut regions = regions::build(&mut draw, parameters.persons);
        let mut places = places::build(&mut draw, &mut regions, window);
        let doctors = doctors::build(&mut draw, &mut places, &regions, window);
        let choices = choices(&regions, &places);
        let people = people::build(&mut draw, &regions, &choices, &places, window);
        World { seed, window, regions, places, doctors, people, choices }
    }

    /// A person.
    pub(crate) fn person(&self, person: u32) -> &Person {
        &self.people.persons[person as usize]
    }

    /// A place.
    pub(crate) fn place(&self, place: u32) -> &Place {
        &self.places[place as usize]
    }

    /// Age in years on a day.
    pub(crate) fn age(&self, person: u32, day: i32) -> i32 {
        ((day - self.person(person).birth) / 365).max(0)
    }

    /// The doctor whom a person usually sees at a place for a ward group; [`super::claim::NONE`] at pharmacies.
    pub(crate) fn doctor(&self, draw: &mut Draw, person: u32, place: u32, ward_group: usize) -> u32 {
        let (first, count) = self.place(place).doctors;
        if count == 0 {
            return super::claim::NONE;
        }
        let teams = (count as usize / 4).clamp(1, 8);
        let team = ward_group % teams;
        let members = (count as usize - team).div_ceil(teams);
        let usual = draw.chance(0.5);
        let hash = if usual { mix(u64::from(person), u64::from(place)) } else { draw.key() };
        let at = slot(hash >> 8, members).min(slot(hash >> 32, members));
        first + small(team + at * teams).min(count - 1)
    }

    /// Who sees the patients of a doctor who has left: the next at his place, who is still there on the day.
    pub(crate) fn successor(&self, doctor: u32, day: i32) -> u32 {
        let (first, count) = self.place(self.doctors[doctor as usize].place).doctors;
        let next = |step: u32| first + (doctor - first + step) % count;
        (0..count).map(next).find(|at| self.doctors[*at as usize].sees_until >= day).unwrap_or(doctor)
    }

    /// `insu_admdvs`: the county, but for employees who are insured with the city itself (市本级).
    pub(crate) fn insured_at(&self, person: u32) -> u64 {
        let who = self.person(person);
        let home = &self.regions.counties[self.regions.towns[who.town as usize].county];
        let employed = matches!(who.insured, people::Insured::Employee | people::Insured::Retired);
        let with_the_city = employed && mix(u64::from(person), 61) % 100 < WITH_THE_CITY_PERCENT;
        u64::from(if with_the_city { self.regions.cities[home.city].code + CITY_S_OWN } else { home.code })
    }

    /// Places of a kind in a county.
    pub(crate) fn places_of(&self, county: usize, wanted: impl Fn(PlaceKind) -> bool) -> Vec<u32> {
        let range = self.regions.counties[county].places.clone();
        range.filter(|at| wanted(self.place(*at).kind)).collect()
    }
}
