//! What became of every row: what the reader set aside, and what the ledgers decided of the rest.

use crate::model::{Outcome, Reason, Table};
use crate::{flow, ingest};
use std::collections::BTreeMap;

/// Rows of a table by outcome, and those set aside or warned about by reason.
pub(super) type Outcomes = BTreeMap<Table, (BTreeMap<Outcome, u64>, BTreeMap<Reason, u64>)>;

/// The outcomes of all rows, from both who decide.
pub(super) fn outcomes(read: &ingest::Tally, decided: &flow::Tally) -> Outcomes {
    let mut tables: Outcomes = BTreeMap::new();
    for (table, read) in &read.tables {
        let (outcomes, reasons) = tables.entry(*table).or_default();
        *outcomes.entry(Outcome::Quarantined).or_default() += read.quarantined_rows();
        read.quarantined.iter().for_each(|(reason, rows)| *reasons.entry(*reason).or_default() += rows);
        // References, and tables that are only counted, do not pass through the dataflow.
        if read.counted_only || matches!(table, Table::AdmdvsB | Table::FixmedinsB | Table::DrB) {
            *outcomes.entry(Outcome::Accepted).or_default() += read.passed;
        }
    }
    for ((table, outcome), rows) in &decided.counts {
        let (outcomes, _) = tables.entry(*table).or_default();
        let sum = outcomes.entry(*outcome).or_default();
        *sum = sum.saturating_add_signed(*rows);
    }
    for (origin, reason) in &decided.set_aside {
        *tables.entry(origin.table()).or_default().1.entry(*reason).or_default() += 1;
    }
    tables
}
