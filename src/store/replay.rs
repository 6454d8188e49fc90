//! How does everything committed come back, epoch by epoch?
//!
//! Each list has its files in order of epoch; a file holds the rows of one epoch, or after compaction those of several, with
//! the epoch as a column. Epochs are merged: all lists give their rows of one epoch before any gives those of the next. One
//! file per list is open at a time.

use super::checked::sums_of_bytes;
use super::error::StoreError;
use super::list::{EPOCH, LISTS, List, ROW_COLUMNS};
use super::retired::Runs;
use super::schema;
use super::segment::{Columns, GROUP_ROWS, Segment};
use super::workspace::Workspace;
use crate::model::{Batch, RowRef, Table};
use arrow::array::{Array, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::record_batch::RecordBatch;
use rusqlite::params;
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Rows of a list that are held at a time: half a group, because every list holds some.
const ROWS_HELD: usize = GROUP_ROWS / 2;

impl Workspace {
    /// The committed segments with rows of epochs after `after`, in the order of commit.
    ///
    /// # Errors
    /// The database does not answer or holds nonsense.
    pub fn segments(&self, after: u64) -> Result<Vec<Segment>, StoreError> {
        self.segments_where("epoch > ?1 ORDER BY epoch, id", after.cast_signed())
    }

    pub(super) fn segments_where(&self, condition: &str, value: i64) -> Result<Vec<Segment>, StoreError> {
        let first = if self.is_second()? { "first_epoch" } else { "0" };
        let query = format!("SELECT epoch, list, path, rows, bytes, sums, {first}, id FROM segment WHERE {condition}");
        let mut rows = self.database.prepare_cached(&query)?;
        let segments = rows.query_map(params![value], |row| {
            let list: u8 = row.get(1)?;
            let sums: Vec<u8> = row.get(5)?;
            let table = Table::ALL.get(usize::from(list)).copied();
            let number = |column| row.get::<_, i64>(column).map_or(0, i64::cast_unsigned);
            let (epoch, first_epoch) = (number(0), number(6));
            Ok(table.map(|table| Segment {
                id: number(7).cast_signed(),
                epoch,
                first_epoch: if first_epoch == 0 { epoch } else { first_epoch },
                table,
                path: self.root.join(row.get::<_, String>(2).unwrap_or_default()),
                rows: number(3),
                bytes: number(4),
                sums: sums_of_bytes(&sums),
            }))
        })?;
        let known = |found: Option<Segment>| {
            found.ok_or_else(|| StoreError::damaged(&schema::path(&self.root), "a segment of an unknown table"))
        };
        segments.map(|segment| known(segment?)).collect()
    }

    /// Gives the rows of all epochs after `after` to `each`, epoch by epoch, at most `rows_per_batch` at a time and of one
    /// list at a time (references first), with the references they had when they were appended. Rows that have left by age
    /// are left out.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn replay(
        &self,
        after: u64,
        rows_per_batch: usize,
        each: &mut dyn FnMut(u64, Batch) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.replay_tables(after, &Table::ALL, rows_per_batch, each)
    }

    /// [`Workspace::replay`] for the lists that bear these tables' names.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn replay_tables(
        &self,
        after: u64,
        tables: &[Table],
        rows_per_batch: usize,
        each: &mut dyn FnMut(u64, Batch) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let _reading = self.reading()?;
        // One look at the database: rows that leave in a later epoch are still those of this one.
        let snapshot = self.database.unchecked_transaction()?;
        let (segments, gone) = (self.segments(after)?, self.gone()?);
        drop(snapshot);
        let mut cursors: Vec<Cursor<'_>> = LISTS
            .iter()
            .filter(|list| tables.contains(&list.table()))
            .map(|list| Cursor::new(*list, &segments, after, rows_per_batch.clamp(1, ROWS_HELD), &gone))
            .collect();
        while let Some(epoch) = cursors.iter().filter_map(Cursor::next_epoch).min() {
            for cursor in &mut cursors {
                if cursor.give(epoch, each)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// One list on its way through its files.
struct Cursor<'a> {
    list: &'static dyn List,
    after: u64,
    rows_per_batch: usize,
    gone: &'a Runs,
    segments: VecDeque<&'a Segment>,
    open: Option<(&'a Segment, Columns)>,
    /// Rows read and not given yet: never empty.
    held: Option<RecordBatch>,
}

impl<'a> Cursor<'a> {
    fn new(
        list: &'static dyn List,
        all: &'a [Segment],
        after: u64,
        rows_per_batch: usize,
        gone: &'a Runs,
    ) -> Cursor<'a> {
        let segments = all.iter().filter(|segment| segment.table == list.table() && segment.rows > 0).collect();
        Cursor { list, after, rows_per_batch, gone, segments, open: None, held: None }
    }

    /// An epoch before which there is nothing left.
    fn next_epoch(&self) -> Option<u64> {
        match (&self.open, &self.held) {
            (Some((segment, _)), Some(held)) => Some(epoch_of(segment, held)),
            _ => self.segments.front().map(|segment| segment.first_epoch.max(self.after + 1)),
        }
    }

    /// Gives all rows up to and with those of an epoch.
    fn give(
        &mut self,
        epoch: u64,
        each: &mut dyn FnMut(u64, Batch) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, StoreError> {
        loop {
            let Some((segment, reader)) = &mut self.open else {
                match self.segments.front() {
                    Some(next) if next.first_epoch.max(self.after + 1) <= epoch => {
                        let mut wanted = self.list.names();
                        wanted.push(EPOCH);
                        self.open = Some((next, next.columns(&wanted, self.rows_per_batch, None)?));
                        self.segments.pop_front();
                        continue;
                    }
                    _ => return Ok(ControlFlow::Continue(())),
                }
            };
            let Some(held) = self.held.take() else {
                match reader.next() {
                    Some(columns) => {
                        let columns = columns.map_err(|error| segment.unreadable(error))?;
                        self.held = (columns.num_rows() > 0).then_some(columns);
                    }
                    None => self.open = None,
                }
                continue;
            };
            let now = epoch_of(segment, &held);
            if now > epoch {
                self.held = Some(held);
                return Ok(ControlFlow::Continue(()));
            }
            let length = rows_of_epoch(&held, now);
            let (rows, rest) = (held.slice(0, length), held.slice(length, held.num_rows() - length));
            self.held = (rest.num_rows() > 0).then_some(rest);
            if now > self.after {
                let batch = read(segment, self.list, &rows, self.gone)?;
                if batch.rows() > 0 && each(now, batch).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
    }
}

/// Columns as rows, without those that have left.
fn read(segment: &Segment, list: &dyn List, columns: &RecordBatch, gone: &Runs) -> Result<Batch, StoreError> {
    let damaged = || StoreError::damaged(&segment.path, "columns are missing");
    let mut batch = Batch::default();
    if gone.is_empty() {
        list.read(columns, &mut batch).ok_or_else(damaged)?;
        return Ok(batch);
    }
    let stays = staying(columns, |row| !gone.hold(row)).ok_or_else(damaged)?;
    let columns = filter_record_batch(columns, &stays).map_err(|error| segment.unreadable(error))?;
    list.read(&columns, &mut batch).ok_or_else(damaged)?;
    Ok(batch)
}

/// Which rows stay; `None` without a column of references.
pub(super) fn staying(columns: &RecordBatch, stays: impl FnMut(RowRef) -> bool) -> Option<BooleanArray> {
    let origins = columns.column_by_name(ROW_COLUMNS[0])?.as_primitive_opt::<UInt64Type>()?;
    Some(origins.values().iter().map(|origin| RowRef(*origin)).map(stays).collect::<Vec<bool>>().into())
}

/// The epoch of the first row.
fn epoch_of(segment: &Segment, columns: &RecordBatch) -> u64 {
    epochs(columns).and_then(|epochs| epochs.first().copied()).unwrap_or(segment.epoch)
}

/// How many rows at the beginning are of this epoch.
fn rows_of_epoch(columns: &RecordBatch, epoch: u64) -> usize {
    epochs(columns).map_or(columns.num_rows(), |epochs| epochs.partition_point(|one| *one <= epoch))
}

/// The epoch of each row, where a file holds those of several.
pub(super) fn epochs(columns: &RecordBatch) -> Option<&[u64]> {
    let column = columns.column_by_name(EPOCH)?.as_primitive_opt::<UInt64Type>()?;
    (column.null_count() == 0).then(|| column.values().as_ref())
}
