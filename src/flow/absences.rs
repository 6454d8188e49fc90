//! At which places do patients settle elsewhere while they lie in bed, more often than an errand with their card explains?
//!
//! ```text
//! entries (who was away) ──────────────────┐
//! shares of places (how many lay there) ───┴─► absences ─► ties of the absent to their place
//! ```
//!
//! One absence is an errand. How many stays have one is seen at the city's other hospitals, never less than at one stay in seventy
//! ([`USUAL_MILLI`]): where families collect a patient's medicine with his card, beds are no emptier for it. Where many more have, the
//! beds are empty, and the absent hang together although nothing else ties them. State: the absent stays of each place (16
//! bytes each) and how many stays there were. A changed stay redoes its city: linear in its places, and in the absent stays of those
//! that have far more than the others.

use super::Epoch;
use super::contexts::assemble;
use super::entries::Entry;
use super::keyed::Fold;
use super::people::differences;
use super::stage::{Stage, Turn};
use super::surprise::{coarse, ratio_ln, tail};
use crate::model::{Day, Occasion, OccasionKind, Party, Tie, hash_words};
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stays in a thousand during which an honest patient's card is used elsewhere, at least.
const USUAL_MILLI: u64 = 15;
/// That weighs like so many stays seen.
const BEFORE: u64 = 100;
/// −ln p in hundredths from which a place's absences are no errands: by chance one place in a million.
const SURPRISE_MIN: i64 = 1_400;
/// People who were away, at least.
const PEOPLE_MIN: usize = 4;

/// What comes to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum AbsenceIn {
    /// Somebody was away.
    Absent(Entry),
    /// So many more stays of two nights and more, in this city, at this place.
    Stays(u32, Party, i32),
}

impl AbsenceIn {
    fn city(&self) -> u32 {
        match self {
            // `away` in [`super::entries`] puts the city there.
            AbsenceIn::Absent(entry) => entry.detail,
            AbsenceIn::Stays(city, ..) => *city,
        }
    }
}

#[derive(Default)]
struct Place {
    channel: Party,
    stays: i32,
    absent: BTreeMap<(i32, Party), i32>,
    ties: Vec<Tie>,
}

/// The fold.
pub(crate) struct Absences {
    cities: HashMap<u32, BTreeMap<Party, Place>>,
    touched: HashSet<u32>,
    stage: Stage,
}

impl Absences {
    pub(crate) fn new(stage: Stage) -> Absences {
        Absences { cities: HashMap::new(), touched: HashSet::new(), stage }
    }
}

impl Fold for Absences {
    type In = AbsenceIn;
    type Out = Tie;
    const NAME: &'static str = "Absences";

    fn route(change: &AbsenceIn) -> u64 {
        hash_words(&[u64::from(change.city())])
    }

    fn absorb(&mut self, change: AbsenceIn, difference: i32) {
        let places = self.cities.entry(change.city()).or_default();
        self.touched.insert(change.city());
        match change {
            AbsenceIn::Absent(entry) => {
                let place = places.entry(entry.place).or_default();
                place.channel = entry.channel;
                let count = place.absent.entry((entry.group, entry.person)).or_default();
                *count += difference;
                if *count == 0 {
                    place.absent.remove(&(entry.group, entry.person));
                }
            }
            AbsenceIn::Stays(_, place, stays) => places.entry(place).or_default().stays += stays * difference,
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Tie, i32)) {
        if self.stage.now() != Turn::Open {
            return;
        }
        let mut touched: Vec<u32> = self.touched.drain().collect();
        touched.sort_unstable();
        for city in touched {
            let Some(places) = self.cities.get_mut(&city) else { continue };
            let all = Counts::sum(places.values().map(Place::counts));
            for (id, place) in places.iter_mut() {
                let ties = ties(*id, place, usual_milli(all.without(place.counts())));
                differences(&place.ties, &ties, &mut *emit);
                place.ties = ties;
            }
            places.retain(|_, place| !place.absent.is_empty() || place.stays != 0);
            if places.is_empty() {
                self.cities.remove(&city);
            }
        }
    }
}

/// Stays, and those of them that somebody was away from.
#[derive(Clone, Copy)]
struct Counts {
    stays: u64,
    absent: u64,
}

impl Counts {
    fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
        counts.fold(Counts { stays: 0, absent: 0 }, |sum, one| Counts {
            stays: sum.stays + one.stays,
            absent: sum.absent + one.absent,
        })
    }

    fn without(self, part: Counts) -> Counts {
        Counts { stays: self.stays - part.stays, absent: self.absent - part.absent }
    }
}

impl Place {
    fn counts(&self) -> Counts {
        Counts {
            stays: u64::from(self.stays.max(0).unsigned_abs()),
            absent: u64::try_from(self.absent.len()).unwrap_or(u64::MAX),
        }
    }
}

/// Stays in a thousand with an errand, given those of the city's other places.
fn usual_milli(others: Counts) -> u64 {
    let seen = (others.absent * 1_000 + USUAL_MILLI * BEFORE) / (others.stays + BEFORE);
    seen.max(USUAL_MILLI)
}

/// The ties of a place to those who were away, when there are more than errands explain.
fn ties(id: Party, place: &Place, usual_milli: u64) -> Vec<Tie> {
    let absent = u32::try_from(place.absent.len()).unwrap_or(u32::MAX);
    let usual = u64::from(coarse(place.stays.unsigned_abs())) * usual_milli * 1_000;
    let surprise = tail(absent, usual);
    if surprise < SURPRISE_MIN {
        return Vec::new();
    }
    let mut people: Vec<Party> = place.absent.keys().map(|(_, person)| *person).collect();
    people.sort_unstable();
    people.dedup();
    if people.len() < PEOPLE_MIN {
        return Vec::new();
    }
    let lift = u32::try_from(ratio_ln(u64::from(absent) * 1_000_000, usual.max(20_000)).max(1)).unwrap_or(1);
    let each = u32::try_from(surprise / i64::from(absent.max(1))).unwrap_or(0);
    let occasions = place.absent.keys().map(|(day, person)| {
        let day = Day(*day);
        let kind = OccasionKind::Absence;
        (Occasion { day, place: id, kind, size: absent, surprise: each }, lift, vec![*person])
    });
    assemble(place.channel, occasions)
}
