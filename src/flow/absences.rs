//! At which places do patients settle elsewhere while they lie in bed, more often than an errand with their card explains?
//!
//! ```text
//! entries (who was away) ──────────────────┐
//! shares of places (how many lay there) ───┴─► absences ─► ties of the absent to their place
//! ```
//!
//! One absence is an errand; at an honest hospital one stay in seventy has one ([`USUAL_MILLI`]). Where many more have, the
//! beds are empty, and the absent hang together although nothing else ties them. State: the absent stays of each place (16
//! bytes each) and how many stays there were. A changed stay redoes its place: linear in its absent stays.

use super::Epoch;
use super::contexts::assemble;
use super::entries::Entry;
use super::keyed::Fold;
use super::people::differences;
use super::stage::{Stage, Turn};
use super::surprise::{coarse, ratio_ln, tail};
use crate::model::{Day, Occasion, OccasionKind, Party, Tie};
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stays in a thousand during which an honest patient's card is used elsewhere.
const USUAL_MILLI: u64 = 15;
/// −ln p in hundredths from which a place's absences are no errands: by chance one place in a million.
const SURPRISE_MIN: i64 = 1_400;
/// People who were away, at least.
const PEOPLE_MIN: usize = 4;

/// What comes to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum AbsenceIn {
    /// Somebody was away.
    Absent(Entry),
    /// So many more stays of two nights and more.
    Stays(Party, i32),
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
    places: HashMap<Party, Place>,
    touched: HashSet<Party>,
    stage: Stage,
}

impl Absences {
    pub(crate) fn new(stage: Stage) -> Absences {
        Absences { places: HashMap::new(), touched: HashSet::new(), stage }
    }
}

impl Fold for Absences {
    type In = AbsenceIn;
    type Out = Tie;
    const NAME: &'static str = "Absences";

    fn route(change: &AbsenceIn) -> u64 {
        match change {
            AbsenceIn::Absent(entry) => entry.place.0 >> 4,
            AbsenceIn::Stays(place, _) => place.0 >> 4,
        }
    }

    fn absorb(&mut self, change: AbsenceIn, difference: i32) {
        match change {
            AbsenceIn::Absent(entry) => {
                let place = self.places.entry(entry.place).or_default();
                place.channel = entry.channel;
                let count = place.absent.entry((entry.group, entry.person)).or_default();
                *count += difference;
                if *count == 0 {
                    place.absent.remove(&(entry.group, entry.person));
                }
                self.touched.insert(entry.place);
            }
            AbsenceIn::Stays(place, stays) => {
                self.places.entry(place).or_default().stays += stays * difference;
                self.touched.insert(place);
            }
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Tie, i32)) {
        if self.stage.now() != Turn::Open {
            return;
        }
        let mut touched: Vec<Party> = self.touched.drain().collect();
        touched.sort_unstable();
        for id in touched {
            let Some(place) = self.places.get_mut(&id) else { continue };
            let ties = ties(id, place);
            differences(&place.ties, &ties, &mut *emit);
            place.ties = ties;
            if place.absent.is_empty() && place.stays == 0 {
                self.places.remove(&id);
            }
        }
    }
}

/// The ties of a place to those who were away, when there are more than errands explain.
fn ties(id: Party, place: &Place) -> Vec<Tie> {
    let absent = u32::try_from(place.absent.len()).unwrap_or(u32::MAX);
    let usual = u64::from(coarse(place.stays.unsigned_abs())) * USUAL_MILLI * 1_000;
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
