//! What stands now? Findings and ties with their changes added up, deletions before insertions.

use super::Answer;
use crate::flow::Found;
use crate::model::{Party, Ring, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// The findings and ties of the last epoch settled.
#[derive(Default)]
pub struct Standing {
    found: BTreeMap<Found, i32>,
    ties: BTreeMap<Tie, i32>,
}

impl Standing {
    /// Adds what changed with an epoch. Answers the findings that went and those that came.
    pub fn apply(&mut self, answer: &mut Answer) -> (Vec<Found>, Vec<Found>) {
        let mut changed: BTreeMap<Found, i32> = BTreeMap::new();
        for (found, difference) in answer.found.drain(..) {
            *changed.entry(found).or_default() += difference;
        }
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for (found, difference) in changed.into_iter().filter(|(_, difference)| *difference != 0) {
            (if difference < 0 { &mut gone } else { &mut come }).push(found.clone());
            add(&mut self.found, found, difference);
        }
        for (tie, difference) in answer.ties.drain(..) {
            add(&mut self.ties, tie, difference);
        }
        (gone, come)
    }

    /// The findings, in content order.
    pub fn found(&self) -> impl Iterator<Item = &Found> {
        self.found.keys()
    }

    /// All ties, sorted.
    pub fn ties(&self) -> impl Iterator<Item = &Tie> {
        self.ties.keys()
    }
}

fn add<X: Ord>(held: &mut BTreeMap<X, i32>, one: X, difference: i32) {
    use std::collections::btree_map::Entry;
    match held.entry(one) {
        Entry::Occupied(mut count) => {
            *count.get_mut() += difference;
            if *count.get() == 0 {
                count.remove();
            }
        }
        Entry::Vacant(place) => {
            place.insert(difference);
        }
    }
}

/// All parties of the rings and of what they cite.
#[must_use]
pub fn members(rings: &[Ring]) -> BTreeSet<Party> {
    rings.iter().flat_map(|ring| ring.finding.members.iter().map(|member| member.party)).collect()
}
