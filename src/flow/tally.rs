//! What became of the rows, so far? Counts per table and outcome, and the rows set aside, on one worker.

use super::ledger::Fate;
use crate::model::{Day, Outcome, Reason, RowRef, Table};
use std::collections::BTreeMap;

/// The settlements that stand, reversals taken off, and their days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// How many; one reversed in part is one, one reversed in whole is none.
    pub settlements: u64,
    /// The first day of any of them.
    pub first: Option<Day>,
    /// The last day of any of them.
    pub last: Option<Day>,
}

impl Live {
    /// Adds what another worker knows.
    pub fn merge(&mut self, other: Live) {
        self.settlements += other.settlements;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.into_iter().chain(other.last).max();
    }
}

/// Outcomes per table and the rows set aside. Adding and taking back leaves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows by table and outcome.
    pub counts: BTreeMap<(Table, Outcome), i64>,
    /// The rows set aside by the dataflow (E05, E07, E08, E09, E16), with the reason.
    pub set_aside: BTreeMap<RowRef, Reason>,
    /// What reversals set aside as E08 and E09 would have taken back: reported, not netted.
    pub orphan_fen: i64,
}

impl Tally {
    /// Adds (`difference` 1) or takes back (−1) the fate of a row.
    pub(crate) fn update(&mut self, fate: Fate, difference: i32) {
        *self.counts.entry((fate.origin.table(), fate.outcome)).or_default() += i64::from(difference);
        self.orphan_fen += i64::from(difference) * fate.orphan_fen;
        match (fate.reason, difference > 0) {
            (Some(reason), true) => {
                self.set_aside.insert(fate.origin, reason);
            }
            (Some(reason), false) if self.set_aside.get(&fate.origin) == Some(&reason) => {
                self.set_aside.remove(&fate.origin);
            }
            _ => {}
        }
    }

    /// Adds another worker's counts.
    pub fn merge(&mut self, other: &Tally) {
        for (key, count) in &other.counts {
            *self.counts.entry(*key).or_default() += count;
        }
        self.orphan_fen += other.orphan_fen;
        self.set_aside.extend(other.set_aside.iter().map(|(origin, reason)| (*origin, *reason)));
    }
}
