//! What became of the rows of one batch? The reader's counts, and by how much the ledger's counts moved.
//!
//! A batch can change what became of earlier rows (an original arrives after its reversal), so a count can be negative;
//! those of one table always add up to the rows that the batch brought.

use super::references::REFERENCES;
use crate::flow;
use crate::ingest;
use crate::model::{Outcome, Reason, Table};
use crate::store::Tally;
use std::collections::BTreeMap;

/// One count of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// The table.
    pub table: Table,
    /// What became of the rows.
    pub outcome: Outcome,
    /// Why they were set aside.
    pub reason: Option<Reason>,
    /// How many more than before the batch.
    pub rows: i64,
}

impl Count {
    /// The count as the workspace keeps it: a negative one in two's complement, so that sums over epochs come out right.
    #[must_use]
    pub fn stored(&self) -> Tally {
        Tally { table: self.table, outcome: self.outcome, reason: self.reason, rows: self.rows.cast_unsigned() }
    }
}

type Counts = BTreeMap<(Table, Outcome, Option<Reason>), i64>;

/// The counts of a batch, from what the reader did and what the ledger knew before and after.
#[must_use]
pub(super) fn counts(read: &ingest::Tally, before: &flow::Tally, after: &flow::Tally) -> Vec<Count> {
    let mut counts = Counts::new();
    for (table, tally) in &read.tables {
        for (reason, rows) in &tally.quarantined {
            add(&mut counts, *table, Outcome::Quarantined, Some(*reason), signed(*rows));
        }
        // References, and tables that are only counted, do not pass through the dataflow.
        if tally.counted_only || REFERENCES.contains(table) {
            add(&mut counts, *table, Outcome::Accepted, None, signed(tally.passed));
        }
    }
    for (tally, sign) in [(before, -1), (after, 1)] {
        for ((table, outcome), rows) in &tally.counts {
            add(&mut counts, *table, *outcome, None, sign * rows);
        }
        for (origin, reason) in &tally.set_aside {
            add(&mut counts, origin.table(), Outcome::Quarantined, Some(*reason), sign);
            add(&mut counts, origin.table(), Outcome::Quarantined, None, -sign);
        }
    }
    let moved = counts.into_iter().filter(|(_, rows)| *rows != 0);
    moved.map(|((table, outcome, reason), rows)| Count { table, outcome, reason, rows }).collect()
}

fn add(counts: &mut Counts, table: Table, outcome: Outcome, reason: Option<Reason>, rows: i64) {
    *counts.entry((table, outcome, reason)).or_default() += rows;
}

fn signed(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A table of which too many rows were set aside.
pub(super) struct TooMany {
    /// The table.
    pub(super) table: &'static str,
    /// Rows set aside, per cent.
    pub(super) percent: f64,
    /// Why, the commonest first: «E06 812, E09 3».
    pub(super) reasons: String,
}

/// The first table of which more than `most` per cent of the rows read were set aside. Rows that wait, for their region (E05) or for the
/// original that they reverse (E08), are not counted: they are kept, and a batch must not be refused because what they wait for comes
/// after it.
#[must_use]
pub(super) fn too_many_set_aside(read: &ingest::Tally, counts: &[Count], most: f64) -> Option<TooMany> {
    read.tables.iter().find_map(|(table, tally)| {
        let aside = counts.iter().filter(|count| count.table == *table && count.outcome == Outcome::Quarantined);
        let waiting = signed(tally.quarantined.get(&Reason::E05).copied().unwrap_or(0));
        let mut reasons: BTreeMap<Reason, i64> = BTreeMap::from([(Reason::E05, waiting)]);
        for count in aside.filter(|count| !matches!(count.reason, Some(Reason::E05 | Reason::E08))) {
            *reasons.entry(count.reason.unwrap_or(Reason::E17)).or_default() += count.rows;
        }
        #[expect(clippy::cast_precision_loss, reason = "a percentage shown to people")]
        let percent = reasons.values().sum::<i64>() as f64 * 100.0 / tally.read.max(1) as f64;
        let mut ranked: Vec<(Reason, i64)> = reasons.into_iter().filter(|(_, rows)| *rows > 0).collect();
        ranked.sort_by_key(|(_, rows)| -rows);
        let reasons: Vec<String> = ranked.iter().map(|(reason, rows)| format!("{} {rows}", reason.code())).collect();
        (percent > most).then(|| TooMany { table: table.name(), percent, reasons: reasons.join(", ") })
    })
}
