//! Which two people meet more often than chance lets them?
//!
//! Reads meetings, exchanged by pair. State per pair that ever met: 40 bytes for its first meeting; 99.7 % of them never meet
//! again. A changed meeting redoes its pair. Emits the pairs that are [`TIE_WEIGHT_MIN`] beyond what the number of possible
//! pairs explains.

use super::Epoch;
use super::keyed::Fold;
use crate::model::{Day, Occasion, OccasionKind, Party, Tie, hash_words};
use hashbrown::HashMap;
use hashbrown::hash_map::Entry as Slot;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// −ln p in hundredths beyond the number of pairs that could have met.
const TIE_WEIGHT_MIN: i64 = 500;

/// Two people in one group. `a < b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Meeting {
    pub(crate) a: Party,
    pub(crate) b: Party,
    pub(crate) kind: OccasionKind,
    pub(crate) day: Day,
    pub(crate) place: Party,
    pub(crate) size: u32,
    /// −ln p of meeting there by chance.
    pub(crate) surprise: u32,
    /// ln of the people one could have met there.
    pub(crate) pool: u32,
}

/// A meeting as kept for its pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    place: Party,
    day: i32,
    size: u16,
    surprise: u16,
    pool: u16,
    kind: OccasionKind,
}

enum Pair {
    Once(Kept),
    Often(Box<[Kept]>),
}

/// The fold.
#[derive(Default)]
pub(crate) struct Pairs {
    pairs: HashMap<u64, Pair>,
    pending: Vec<(Meeting, i32)>,
}

impl Fold for Pairs {
    type In = Meeting;
    type Out = Tie;
    const NAME: &'static str = "Pairs";

    fn route(meeting: &Meeting) -> u64 {
        key(meeting)
    }

    fn absorb(&mut self, meeting: Meeting, difference: i32) {
        self.pending.push((meeting, difference));
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Tie, i32)) {
        let mut pending = std::mem::take(&mut self.pending);
        // Removals first: a meeting whose weight changed is removed and added in one epoch.
        pending.sort_unstable_by_key(|(meeting, difference)| (meeting.a, meeting.b, *difference));
        for changes in pending.chunk_by(|(left, _), (right, _)| (left.a, left.b) == (right.a, right.b)) {
            self.settle_pair(changes, emit);
        }
    }
}

impl Pairs {
    fn settle_pair(&mut self, changes: &[(Meeting, i32)], emit: &mut dyn FnMut(Tie, i32)) {
        let first = &changes[0].0;
        let slot = self.pairs.entry(key(first));
        if let (Slot::Vacant(vacant), [(meeting, 1)]) = (&slot, changes) {
            let _ = vacant;
            slot.insert(Pair::Once(keep(meeting)));
            return;
        }
        let mut kept: SmallVec<[Kept; 4]> = match &slot {
            Slot::Occupied(held) => match held.get() {
                Pair::Once(one) => SmallVec::from_slice(&[*one]),
                Pair::Often(many) => SmallVec::from_slice(many),
            },
            Slot::Vacant(_) => SmallVec::new(),
        };
        let before = tie(first, &kept);
        for (meeting, difference) in changes {
            let one = keep(meeting);
            if *difference > 0 {
                kept.push(one);
            } else if let Some(at) = kept.iter().position(|held| *held == one) {
                kept.swap_remove(at);
            } else {
                debug_assert!(false, "a meeting was taken back that was not there");
            }
        }
        kept.sort_unstable();
        let after = tie(first, &kept);
        match kept.as_slice() {
            [] => {
                if let Slot::Occupied(held) = slot {
                    held.remove();
                }
            }
            [one] => {
                slot.insert(Pair::Once(*one));
            }
            many => {
                slot.insert(Pair::Often(many.into()));
            }
        }
        if before != after {
            before.into_iter().for_each(|tie| emit(tie, -1));
            after.into_iter().for_each(|tie| emit(tie, 1));
        }
    }
}

/// The tie of a pair with these meetings, when it is beyond chance. Several meetings of one day at one place count once.
fn tie(pair: &Meeting, kept: &[Kept]) -> Option<Tie> {
    if kept.len() < 2 {
        return None;
    }
    let mut sum = 0;
    let mut pool = 0;
    let mut last = None;
    for one in kept {
        if last != Some((one.place, one.day)) {
            sum += i64::from(one.surprise);
        }
        last = Some((one.place, one.day));
        pool = pool.max(i64::from(one.pool));
    }
    let weight = sum - 2 * pool;
    if weight < TIE_WEIGHT_MIN {
        return None;
    }
    let occasion = |one: &Kept| Occasion {
        day: Day(one.day),
        place: one.place,
        kind: one.kind,
        size: u32::from(one.size),
        surprise: u32::from(one.surprise),
    };
    let mut occasions: SmallVec<[Occasion; 2]> = kept.iter().map(occasion).collect();
    occasions.sort_unstable();
    Some(Tie { a: pair.a, b: pair.b, weight: u32::try_from(weight).unwrap_or(u32::MAX), occasions })
}

fn keep(meeting: &Meeting) -> Kept {
    Kept {
        place: meeting.place,
        day: meeting.day.0,
        size: u16::try_from(meeting.size).unwrap_or(u16::MAX),
        surprise: u16::try_from(meeting.surprise).unwrap_or(u16::MAX),
        pool: u16::try_from(meeting.pool).unwrap_or(u16::MAX),
        kind: meeting.kind,
    }
}

fn key(meeting: &Meeting) -> u64 {
    hash_words(&[meeting.a.0, meeting.b.0])
}
