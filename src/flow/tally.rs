//! What became of the rows, so far? Counts per table and outcome, and the rows set aside, on one worker.

use super::ledger::Fate;
use crate::model::{Outcome, Reason, RowRef, Table};
use std::collections::BTreeMap;

/// Outcomes per table and the rows set aside. Adding and taking back leaves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows by table and outcome.
    pub counts: BTreeMap<(Table, Outcome), i64>,
    /// The rows set aside by the dataflow (E07, E08, E09, E16), with the reason.
    pub set_aside: BTreeMap<RowRef, Reason>,
}

impl Tally {
    /// Adds (`difference` 1) or takes back (−1) the fate of a row.
    pub(crate) fn update(&mut self, fate: Fate, difference: i32) {
        *self.counts.entry((fate.origin.table(), fate.outcome)).or_default() += i64::from(difference);
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
        self.set_aside.extend(other.set_aside.iter().map(|(origin, reason)| (*origin, *reason)));
    }
}
