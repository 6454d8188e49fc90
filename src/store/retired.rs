//! Which rows have left by age?
//!
//! A row that left is not replayed. It can be looked up by its reference for as long as compaction has not dropped it, which
//! it does only where no ring version and no case cites it (`compact.rs`). Runs of references that follow one another are one
//! row of the table, so that leaving day by day costs a few rows.

use super::error::StoreError;
use super::pending::{reference, serial};
use super::workspace::Workspace;
use crate::model::{RowRef, Table};
use rusqlite::{Transaction, params};

/// Runs of references, sorted: first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<(RowRef, RowRef)>);

impl Runs {
    /// The runs of sorted references.
    fn of(rows: &[RowRef]) -> Runs {
        let mut runs: Vec<(RowRef, RowRef)> = Vec::new();
        for &row in rows {
            match runs.last_mut() {
                Some((_, last)) if last.0 + 1 == row.0 => *last = row,
                _ => runs.push((row, row)),
            }
        }
        Runs(runs)
    }

    /// Whether a reference lies in one of the runs.
    pub(super) fn hold(&self, row: RowRef) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < row);
        self.0.get(at).is_some_and(|(first, _)| *first <= row)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Workspace {
    /// The rows that have left.
    pub(super) fn gone(&self) -> Result<Runs, StoreError> {
        if !self.is_second()? {
            return Ok(Runs::default());
        }
        let mut rows =
            self.database.prepare_cached("SELECT origin_table, first, last FROM gone ORDER BY origin_table, first")?;
        let runs = rows.query_map([], |row| {
            let (table, first, last): (u8, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let table = Table::ALL.get(usize::from(table)).copied();
            Ok(table.map(|table| (reference(table, first.cast_unsigned()), reference(table, last.cast_unsigned()))))
        })?;
        Ok(Runs(runs.filter_map(Result::transpose).collect::<Result<_, _>>()?))
    }

    /// How many rows have left so far.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn rows_gone(&self) -> Result<u64, StoreError> {
        if !self.is_second()? {
            return Ok(0);
        }
        let sum = "SELECT coalesce(sum(last - first + 1), 0) FROM gone";
        Ok(self.database.query_row(sum, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }
}

/// Writes down that rows have left with an epoch.
pub(super) fn record(transaction: &Transaction<'_>, epoch: i64, rows: &[RowRef]) -> rusqlite::Result<()> {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut insert = transaction.prepare_cached("INSERT INTO gone VALUES (?1, ?2, ?3, ?4)")?;
    for (first, last) in Runs::of(&sorted).0 {
        let numbers = (serial(first).cast_signed(), serial(last).cast_signed());
        insert.execute(params![first.table() as u8, numbers.0, numbers.1, epoch])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_hold_what_they_were_made_of() {
        let row = |serial| reference(Table::SetlD, serial);
        let runs = Runs::of(&[1, 2, 3, 7, 9, 10].map(row));
        assert_eq!(runs.0, [(row(1), row(3)), (row(7), row(7)), (row(9), row(10))]);
        let held: Vec<u64> = (0..12).filter(|serial| runs.hold(row(*serial))).collect();
        assert_eq!(held, [1, 2, 3, 7, 9, 10]);
        assert!(!runs.hold(reference(Table::MdtrtD, 2)) && !Runs::default().hold(row(1)));
    }
}
