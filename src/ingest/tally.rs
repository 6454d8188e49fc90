//! What became of the rows that were read, as far as reading can tell? Read = passed + set aside, per table.

use super::gather::Piece;
use super::table;
use super::tear::{FileEnd, Tear};
use crate::model::{Reason, Table};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The first row set aside for some reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FirstReject {
    /// The file.
    pub file: String,
    /// The row, counted as everywhere.
    pub row: u64,
    /// The column to blame; empty when it is the whole row.
    pub column: String,
}

/// Counts of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTally {
    /// Files read.
    pub files: u64,
    /// Rows read, good or bad.
    pub read: u64,
    /// Rows handed on. What becomes of them (accepted, corrected, stale, duplicate, retracted) is decided in the dataflow.
    pub passed: u64,
    /// Rows set aside, by reason.
    pub quarantined: BTreeMap<Reason, u64>,
    /// Where to look for the first of them, by reason.
    #[serde(default)]
    pub firsts: BTreeMap<Reason, FirstReject>,
    /// Warnings about rows that were handed on, by reason.
    pub warnings: BTreeMap<Reason, u64>,
    /// Rows set aside because of their shape (all of them E17).
    #[serde(default)]
    pub torn: BTreeMap<Tear, u64>,
    /// Files with bytes that are no letters: the first row that has some, and how many rows have.
    #[serde(default)]
    pub illegible: BTreeMap<String, (u64, u64)>,
    /// Files that do not end with a line end.
    #[serde(default)]
    pub ends: BTreeSet<FileEnd>,
    /// Columns that the table does not know.
    pub unknown_columns: BTreeSet<String>,
    /// Columns that stand more than once in a file's header.
    #[serde(default)]
    pub repeated_columns: BTreeSet<String>,
    /// Columns of the table that no file has.
    pub missing_columns: BTreeSet<String>,
    /// Columns of the table that a file has and that no row has a value in.
    #[serde(default)]
    pub blank_columns: BTreeSet<String>,
    /// Whether the table is only counted and not understood.
    pub counted_only: bool,
    /// How many rows `dataset.toml` announces, when that differs from what was read.
    pub announced: Option<u64>,
}

impl TableTally {
    /// Rows set aside for any reason.
    #[must_use]
    pub fn quarantined_rows(&self) -> u64 {
        self.quarantined.values().sum()
    }
}

/// Counts of all tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Counts by table.
    pub tables: BTreeMap<Table, TableTally>,
    /// Identifier links that were derived from national columns.
    pub derived_identifiers: u64,
    /// Whether everything was read (`false` when the caller stopped early).
    pub complete: bool,
}

impl Tally {
    /// Rows read of all tables.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.tables.values().map(|table| table.read).sum()
    }

    /// The ends of files in the middle of a row: what follows is not there.
    pub fn cut_off(&self) -> impl Iterator<Item = &FileEnd> {
        self.tables.values().flat_map(|table| &table.ends).filter(|end| !end.whole)
    }

    /// Rows set aside of all tables.
    #[must_use]
    pub fn quarantined(&self) -> u64 {
        self.tables.values().map(TableTally::quarantined_rows).sum()
    }

    /// Adds the counts of another share of the same input.
    pub fn add(&mut self, other: &Tally) {
        for (table, theirs) in &other.tables {
            let ours = self
                .tables
                .entry(*table)
                .or_insert_with(|| TableTally { blank_columns: theirs.blank_columns.clone(), ..TableTally::default() });
            ours.files = ours.files.max(theirs.files);
            ours.read += theirs.read;
            ours.passed += theirs.passed;
            ours.counted_only |= theirs.counted_only;
            ours.announced = ours.announced.or(theirs.announced).filter(|announced| *announced != ours.read);
            ours.unknown_columns.extend(theirs.unknown_columns.iter().cloned());
            ours.repeated_columns.extend(theirs.repeated_columns.iter().cloned());
            ours.missing_columns.extend(theirs.missing_columns.iter().cloned());
            ours.blank_columns = &ours.blank_columns & &theirs.blank_columns;
            ours.ends.extend(theirs.ends.iter().cloned());
            for (file, (first, rows)) in &theirs.illegible {
                let ours = ours.illegible.entry(file.clone()).or_insert((*first, 0));
                *ours = (ours.0.min(*first), ours.1 + rows);
            }
            for (reason, first) in &theirs.firsts {
                let ours = ours.firsts.entry(*reason).or_insert_with(|| first.clone());
                *ours = ours.clone().min(first.clone());
            }
            for (tear, count) in &theirs.torn {
                *ours.torn.entry(*tear).or_default() += count;
            }
            for (reason, count) in &theirs.quarantined {
                *ours.quarantined.entry(*reason).or_default() += count;
            }
            for (reason, count) in &theirs.warnings {
                *ours.warnings.entry(*reason).or_default() += count;
            }
        }
        self.derived_identifiers += other.derived_identifiers;
        self.complete &= other.complete;
    }

    /// Adds what came out of a chunk.
    pub(super) fn count(&mut self, table: Table, piece: &Piece) {
        let tally = self.tables.entry(table).or_default();
        tally.read += piece.records;
        tally.passed += piece.passed;
        if !tally.blank_columns.is_empty() {
            let filled = table::columns(table).iter().enumerate().filter(|(at, _)| piece.filled >> at & 1 == 1);
            for name in filled.filter_map(|(_, column)| column.name()) {
                tally.blank_columns.remove(name);
            }
        }
        for reason in Reason::ALL {
            for (counts, totals) in
                [(&piece.quarantined, &mut tally.quarantined), (&piece.warnings, &mut tally.warnings)]
            {
                if counts[reason as usize] > 0 {
                    *totals.entry(reason).or_default() += counts[reason as usize];
                }
            }
        }
        for (tear, count) in &piece.torn {
            *tally.torn.entry(*tear).or_default() += count;
        }
        if table != Table::XIdent {
            self.derived_identifiers += piece.batch.identifiers.len() as u64;
        }
    }
}
