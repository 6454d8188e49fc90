//! Which visits does everybody in this bench get? One seeded generator for all contenders.
//!
//! VISITS / 4 persons, VISITS / 2,000 institutions with Zipf popularity in up to 20 regions, two years, 12 % of the visits
//! outside the home region; three local visits in four go to the person's usual institution, seven of ten of those to the
//! usual doctor. 200 rings of 8–40 people of one region, nobody in two; each member takes part in 6–12 trips, each trip takes 4–10 of them
//! to one of the ring's 2–5 institutions elsewhere. 24 bytes a visit.

use medring::model::{
    Batch, CareClass, Day, Party, PartyKind, Row, RowRef, Settlement, Stamp, Table, hash_text, hash_words,
};
use std::collections::BTreeSet;

/// Days of the bulk load.
pub(crate) const DAYS: u64 = 730;
/// The first day.
pub(crate) const FIRST_DAY: i32 = 19_000;
const RINGS: u64 = 200;
const SEED: u64 = 42;

/// Numbers that look random: splitmix64.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    fn narrow(&mut self, bound: u64) -> u32 {
        narrow(self.below(bound))
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }
}

/// One admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) person: u32,
    pub(crate) place: u32,
    pub(crate) doctor: u32,
    /// From the first day on.
    pub(crate) day: u32,
    pub(crate) nights: u32,
    pub(crate) fen: u32,
}

/// The visits and the truth about them.
pub(crate) struct World {
    pub(crate) visits: Vec<Visit>,
    /// The people of each planted ring.
    pub(crate) rings: Vec<BTreeSet<u32>>,
    home: Vec<u8>,
    usual: Vec<u32>,
    doctors: Vec<u32>,
    /// Sums of Zipf weights: of all places, and of those of one region.
    everywhere: Vec<u64>,
    nearby: Vec<u64>,
    regions: u32,
}

impl World {
    pub(crate) fn new(size: u64) -> World {
        let (persons, places) = ((size / 4).max(100), (size / 2_000).max(10));
        let regions = (places / 5).clamp(2, 20);
        let each = places / regions;
        let nearby = zipf(each);
        let share = |rank: u64| 1_000_000_000 / (rank + 1);
        let daily = |place: u64| size * 88 / 100 / regions / DAYS * share(place / regions) / nearby[nearby.len() - 1];
        let doctors = (0..each * regions).map(|place| narrow(daily(place) / 2).max(1)).collect();
        let mut dice = Dice(SEED);
        let home: Vec<u8> = (0..persons).map(|_| u8::try_from(dice.below(regions)).unwrap_or(0)).collect();
        let usual = home.iter().map(|home| u32::from(*home) + narrow(regions) * draw(&nearby, &mut dice)).collect();
        let mut world = World {
            visits: Vec::with_capacity(usize::try_from(size).unwrap_or(0)),
            rings: Vec::new(),
            home,
            usual,
            doctors,
            everywhere: zipf(each * regions),
            nearby,
            regions: narrow(regions),
        };
        for _ in 0..RINGS.min(size / 5_000) {
            world.plant(&mut dice);
        }
        while (world.visits.len() as u64) < size {
            let day = dice.narrow(DAYS);
            let visit = world.ordinary(day, &mut dice);
            world.visits.push(visit);
        }
        world.visits.sort_by_key(|visit| visit.day);
        world
    }

    /// Anybody's visit.
    pub(crate) fn ordinary(&self, day: u32, dice: &mut Dice) -> Visit {
        let person = dice.narrow(self.home.len() as u64);
        let home = u32::from(self.home[person as usize]);
        let usual = self.usual[person as usize];
        let outside = dice.below(100) < 12;
        let place = if outside {
            loop {
                let place = draw(&self.everywhere, dice);
                if place % self.regions != home {
                    break place;
                }
            }
        } else if dice.below(4) < 3 {
            usual
        } else {
            home + self.regions * draw(&self.nearby, dice)
        };
        let doctors = self.doctors[place as usize];
        let own = place == usual && dice.below(10) < 7;
        let doctor = if own { person % doctors } else { dice.narrow(u64::from(doctors)) };
        Visit { person, place, doctor, day, nights: dice.narrow(15), fen: 50_000 + dice.narrow(2_000_000) }
    }

    fn plant(&mut self, dice: &mut Dice) {
        let persons = self.home.len() as u64;
        let organiser = loop {
            let person = dice.narrow(persons);
            if self.rings.iter().all(|ring| !ring.contains(&person)) {
                break person;
            }
        };
        let home = self.home[organiser as usize];
        let (size, mut members) = (dice.between(8, 40), BTreeSet::from([organiser]));
        while (members.len() as u64) < size {
            let person = dice.narrow(persons);
            if self.home[person as usize] == home && self.rings.iter().all(|ring| !ring.contains(&person)) {
                members.insert(person);
            }
        }
        let mut places = Vec::new();
        for _ in 0..dice.between(2, 5) {
            let place = dice.narrow(self.doctors.len() as u64);
            let away = if place % self.regions == u32::from(home) { (place + 1) % self.regions } else { place };
            places.push(away);
        }
        let mut due: Vec<(u64, u32)> = members.iter().map(|person| (dice.between(6, 12), *person)).collect();
        while due.len() >= 4 {
            let (place, day) = (places[dice.narrow(places.len() as u64) as usize], dice.narrow(DAYS));
            let (doctor, nights) = (dice.narrow(u64::from(self.doctors[place as usize])), 3 + dice.narrow(3));
            let group = dice.between(4, 10).min(due.len() as u64);
            for at in 0..group {
                let other = dice.between(at, due.len() as u64 - 1);
                due.swap(narrow(at) as usize, narrow(other) as usize);
            }
            for (left, person) in due.iter_mut().take(narrow(group) as usize) {
                *left -= 1;
                let fen = 400_000 + dice.narrow(200_000);
                self.visits.push(Visit { person: *person, place, doctor, day, nights, fen });
            }
            due.retain(|(left, _)| *left > 0);
        }
        self.rings.push(members);
    }

    pub(crate) fn outside(&self, visit: &Visit) -> bool {
        visit.place % self.regions != u32::from(self.home[visit.person as usize])
    }

    /// The code of the person's home region and that of the institution's: cities of one province.
    pub(crate) fn areas(&self, visit: &Visit) -> (u32, u32) {
        let code = |region: u32| 340_101 + 100 * region;
        (code(u32::from(self.home[visit.person as usize])), code(visit.place % self.regions))
    }

    /// `count` new visits of day `day` or, one in ten, up to 60 days late.
    pub(crate) fn more(&self, count: usize, day: u32, dice: &mut Dice) -> Vec<Visit> {
        let mut visits = Vec::with_capacity(count);
        for at in 0..count {
            let late = if at % 10 == 9 { 1 + dice.narrow(60) } else { 0 };
            visits.push(self.ordinary(day - late, dice));
        }
        visits
    }

    /// The day on which the row with this number would come in.
    pub(crate) fn day_of(&self, row: u64) -> u32 {
        narrow(row * DAYS / (self.visits.len() as u64))
    }
}

/// The parties of a world, hashed once.
pub(crate) struct Parties {
    persons: Vec<Party>,
    places: Vec<Party>,
    doctors: Vec<Vec<Party>>,
}

impl Parties {
    pub(crate) fn of(world: &World) -> Parties {
        let doctor =
            |place: usize, number: u32| Party::of(PartyKind::Doctor, &doctor_name(narrow(place as u64), number));
        let persons = (0..world.home.len()).map(|person| Party::of(PartyKind::Person, &format!("P{person}")));
        let places = (0..world.doctors.len()).map(|place| Party::of(PartyKind::Institution, &format!("H{place}")));
        let doctors = world.doctors.iter().enumerate().map(|(at, count)| (0..*count).map(|n| doctor(at, n)).collect());
        Parties { persons: persons.collect(), places: places.collect(), doctors: doctors.collect() }
    }

    pub(crate) fn person(&self, person: u32) -> Party {
        self.persons[person as usize]
    }

    /// The row that says it; rows are counted from 1.
    pub(crate) fn row(&self, world: &World, visit: &Visit, row: u64) -> Row<Settlement> {
        let begin = Day(FIRST_DAY + visit.day.cast_signed());
        let end = Day(begin.0 + visit.nights.cast_signed());
        let id = hash_text(&format!("S{row}"));
        let (home, area) = world.areas(visit);
        let total_fen = i64::from(visit.fen);
        let fact = Settlement {
            person: self.person(visit.person),
            place: self.places[visit.place as usize],
            id,
            visit: id,
            doctor: self.doctors[visit.place as usize][visit.doctor as usize],
            settled: Stamp(Stamp::midnight(end).0 + 36_000),
            total_fen,
            fund_fen: total_fen / 2,
            cash_fen: i64::MIN,
            account_fen: i64::MIN,
            begin,
            end,
            home,
            area,
            class: CareClass::Inpatient,
            ..Settlement::default()
        };
        let (key, content) = (hash_words(&[id, 0]), hash_words(&[row]));
        let (version, origin) = (Stamp(i64::MIN), RowRef::new(Table::SetlD, 0, row));
        Row { key, version, content, origin, live: true, fact }
    }

    /// A batch of numbered visits.
    pub(crate) fn batch<'a>(&self, world: &World, rows: impl Iterator<Item = (u64, &'a Visit)>) -> Batch {
        Batch { settlements: rows.map(|(row, visit)| self.row(world, visit, row)).collect(), ..Batch::default() }
    }
}

/// A doctor's code.
pub(crate) fn doctor_name(place: u32, number: u32) -> String {
    format!("D{place}-{number}")
}

fn zipf(count: u64) -> Vec<u64> {
    let weights = (1..=count).map(|rank| 1_000_000_000 / rank);
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

fn draw(sums: &[u64], dice: &mut Dice) -> u32 {
    let at = dice.below(sums[sums.len() - 1]);
    narrow(sums.partition_point(|upto| *upto <= at) as u64)
}

pub(crate) fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
