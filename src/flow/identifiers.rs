//! Which phones, accounts, agents and devices stand behind people who also did something together?
//!
//! ```text
//! entries (who holds it) ──────────────────────────────────────────────┐
//! entries (where its holders were admitted) ───────────────────────────┼─► identifiers ─► ties
//! ties of meetings and channels ─► marks (who is tied at all) ─────────┘
//! ```
//!
//! An identifier alone says little: a village office stands behind hundreds, a family behind five. It ties its holders when
//! a good part of them was admitted to one place, or is tied by what they did ([`CONCENTRATED`]). Otherwise offices that share
//! a few people would join whole counties into one piece.
//!
//! State: the holders of each identifier, 24 bytes an entry; the identifiers of tied people. A changed entry redoes its
//! identifier: linear in its holders, at most [`HOLDERS_MAX`].

use super::Epoch;
use super::baselines::Baselines;
use super::channels::Limits;
use super::contexts::assemble;
use super::entries::Entry;
use super::keyed::Fold;
use super::people::{People, differences};
use super::stage::{Stage, Turn};
use crate::model::{Day, IdentifierRole, Occasion, OccasionKind, Party, Tie};
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Identifiers with more holders are switchboards, offices and placeholders.
const HOLDERS_MAX: usize = 3_000;
/// Own identifiers with fewer holders are families.
const HOLDERS_MIN: usize = 5;
/// Somebody who files or stands as contact for this many people is worth a look.
const PROTEGES_MIN: usize = 4;
/// One in so many holders must have been admitted to one place, or be tied otherwise.
const CONCENTRATED: usize = 4;
/// And at least so many.
const TOGETHER_MIN: usize = 3;

/// The group of an identifier that holds everybody.
pub(crate) const HOLDERS: i32 = 0;
/// The group of those who are tied by what they did.
const MARKED: i32 = i32::MIN;

/// The group of an identifier's holders who were admitted to a place.
pub(crate) fn admitted_to(place: Party) -> i32 {
    i32::try_from(place.0 >> 4 & 0x3fff_ffff).unwrap_or(0) << 1 | 1
}

/// Who is tied, and whose identifiers changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum MarkIn {
    /// A tie ends at the person.
    Tied(Party),
    /// The person's identifiers are no longer what they were.
    Holds(Party),
}

/// Puts a mark on the identifiers of everybody who is tied by what they did. Looks into the rows that `people` holds.
pub(crate) struct Marks {
    people: Rc<RefCell<People>>,
    tied: HashMap<Party, i32>,
    marked: HashMap<Party, Vec<Entry>>,
    touched: BTreeSet<Party>,
}

impl Marks {
    pub(crate) fn new(people: Rc<RefCell<People>>) -> Marks {
        Marks { people, tied: HashMap::new(), marked: HashMap::new(), touched: BTreeSet::new() }
    }
}

impl Fold for Marks {
    type In = MarkIn;
    type Out = Entry;
    const NAME: &'static str = "Marks";

    fn route(change: &MarkIn) -> u64 {
        let (MarkIn::Tied(person) | MarkIn::Holds(person)) = change;
        person.0 >> 4
    }

    fn absorb(&mut self, change: MarkIn, difference: i32) {
        match change {
            MarkIn::Tied(person) => {
                *self.tied.entry(person).or_default() += difference;
                self.touched.insert(person);
            }
            MarkIn::Holds(person) => {
                if self.tied.contains_key(&person) {
                    self.touched.insert(person);
                }
            }
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Entry, i32)) {
        let people = self.people.borrow();
        for person in std::mem::take(&mut self.touched) {
            let tied = self.tied.get(&person).copied().unwrap_or(0);
            debug_assert!(tied >= 0, "a tie was taken back that was not there");
            let mut after: Vec<Entry> = if tied > 0 { people.identifiers(person) } else { Vec::new() };
            after.iter_mut().for_each(|entry| (entry.group, entry.detail) = (MARKED, 0));
            after.sort_unstable();
            after.dedup();
            let before = self.marked.remove(&person).unwrap_or_default();
            differences(&before, &after, &mut *emit);
            if tied == 0 {
                self.tied.remove(&person);
            }
            if !after.is_empty() {
                self.marked.insert(person, after);
            }
        }
    }
}

/// One identifier.
#[derive(Default)]
pub(crate) struct Held {
    /// Group, person, role; sorted.
    holders: Vec<(i32, Party, u32)>,
    ties: Vec<Tie>,
    stopped: bool,
}

impl Held {
    /// Everybody who holds it.
    fn members(&self) -> Vec<Party> {
        let all = self.holders.iter().filter(|(group, ..)| *group == HOLDERS);
        let mut members: Vec<Party> = all.map(|(_, person, _)| *person).collect();
        members.dedup();
        members
    }
}

/// The identifiers of a worker.
pub(crate) type AllHeld = HashMap<Party, Held>;

/// How many hold each identifier that some of these people hold, where there are enough of them for a tie.
pub(crate) fn holders(held: &AllHeld, of: &BTreeSet<Party>) -> BTreeMap<Party, u32> {
    let several = held.iter().filter(|(_, one)| one.holders.len() >= PROTEGES_MIN);
    let known = several.filter(|(_, one)| one.holders.iter().any(|(_, person, _)| of.contains(person)));
    known.map(|(id, one)| (*id, u32::try_from(one.members().len()).unwrap_or(u32::MAX))).collect()
}

/// The fold.
pub(crate) struct Identifiers {
    held: Rc<RefCell<AllHeld>>,
    touched: HashSet<Party>,
    stage: Stage,
    baselines: Option<Arc<Baselines>>,
    limits: Rc<RefCell<Limits>>,
}

impl Identifiers {
    /// `held` is who holds what, for whoever asks.
    pub(crate) fn new(
        held: Rc<RefCell<AllHeld>>,
        limits: Rc<RefCell<Limits>>,
        stage: Stage,
        baselines: Option<Arc<Baselines>>,
    ) -> Identifiers {
        Identifiers { held, touched: HashSet::new(), stage, baselines, limits }
    }
}

impl Fold for Identifiers {
    type In = Entry;
    type Out = Tie;
    const NAME: &'static str = "Identifiers";

    fn route(entry: &Entry) -> u64 {
        entry.channel.0 >> 4
    }

    fn absorb(&mut self, entry: Entry, difference: i32) {
        self.touched.insert(entry.channel);
        let mut held = self.held.borrow_mut();
        let holders = &mut held.entry(entry.channel).or_default().holders;
        let one = (entry.group, entry.person, entry.detail);
        match (holders.binary_search(&one), difference > 0) {
            (Ok(at) | Err(at), true) => holders.insert(at, one),
            (Ok(at), false) => {
                holders.remove(at);
            }
            (Err(_), false) => debug_assert!(false, "a holder was taken back that was not there"),
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Tie, i32)) {
        if self.stage.now() != Turn::Open {
            return;
        }
        let mut touched: Vec<Party> = self.touched.drain().collect();
        touched.sort_unstable();
        let (mut limits, mut all) = (self.limits.borrow_mut(), self.held.borrow_mut());
        for id in touched {
            let Some(held) = all.get_mut(&id) else { continue };
            let before = self.baselines.as_ref().and_then(|baselines| baselines.holders.get(&id));
            let (ties, stopped) = ties(id, held, before.copied().unwrap_or(0));
            limits.identifiers_stopped += i64::from(stopped) - i64::from(held.stopped);
            differences(&held.ties, &ties, &mut *emit);
            (held.ties, held.stopped) = (ties, stopped);
            if held.holders.is_empty() {
                all.remove(&id);
            }
        }
    }
}

/// The ties of an identifier to its holders, sorted, and whether it is a hub that ties nobody. `known`: how many held it in an earlier
/// run.
fn ties(id: Party, held: &Held, known: u32) -> (Vec<Tie>, bool) {
    let members = held.members();
    let count = members.len().max(usize::try_from(known).unwrap_or(usize::MAX));
    if count > HOLDERS_MAX {
        return (Vec::new(), true);
    }
    let holders = &held.holders;
    let acts = holders.iter().any(|(group, _, role)| *group == HOLDERS && *role != IdentifierRole::Own as u32);
    let together = holders
        .chunk_by(|(left, ..), (right, ..)| left == right)
        .filter(|group| group[0].0 != HOLDERS)
        .map(<[_]>::len)
        .max()
        .unwrap_or(0);
    let enough = together >= TOGETHER_MIN && together * CONCENTRATED >= count;
    if count < (if acts { PROTEGES_MIN } else { HOLDERS_MIN }) || !enough {
        return (Vec::new(), false);
    }
    let surprise: u32 = if acts { 600 } else { 400 };
    let shared = Occasion {
        day: Day(i32::MIN),
        place: Party::NONE,
        kind: OccasionKind::SharedIdentifier,
        size: u32::try_from(count).unwrap_or(u32::MAX),
        surprise,
    };
    (assemble(id, std::iter::once((shared, surprise, members))), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartyKind;

    fn person(number: u32) -> Party {
        Party::of(PartyKind::Person, &number.to_string())
    }

    fn held(holders: u32, together: u32) -> Held {
        let mut held: Vec<(i32, Party, u32)> =
            (0..holders).map(|number| (HOLDERS, person(number), IdentifierRole::Contact as u32)).collect();
        held.extend((0..together).map(|number| (admitted_to(person(9_999)), person(number), 0)));
        held.sort_unstable();
        Held { holders: held, ..Held::default() }
    }

    #[test]
    fn an_office_ties_nobody_and_an_agent_whose_people_lie_in_one_hospital_does() {
        let phone = Party::of(PartyKind::Phone, "1");
        assert!(ties(phone, &held(300, 20), 0).0.is_empty());
        assert_eq!(ties(phone, &held(30, 20), 0).0.len(), 30);
        assert!(ties(phone, &held(30, 20), 300).0.is_empty(), "of an office that was seen whole");
        assert!(ties(phone, &held(3, 3), 0).0.is_empty());
        assert_eq!(ties(phone, &held(3, 3), 9).0.len(), 3, "of nine, six of whom are not of the ring's facts");
        assert!(ties(phone, &held(3_001, 3_001), 0).1);
    }
}
