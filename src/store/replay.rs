//! How does everything committed come back, epoch by epoch?

use super::checked::sums_of_bytes;
use super::error::StoreError;
use super::schema;
use super::segment::Segment;
use super::workspace::Workspace;
use crate::model::{Batch, Table};
use rusqlite::params;
use std::ops::ControlFlow;

impl Workspace {
    /// The committed segments of the epochs after `after`, in the order of commit.
    ///
    /// # Errors
    /// The database does not answer or holds nonsense.
    pub fn segments(&self, after: u64) -> Result<Vec<Segment>, StoreError> {
        self.segments_where("epoch > ?1 ORDER BY epoch, id", after.cast_signed())
    }

    pub(super) fn segments_where(&self, condition: &str, value: i64) -> Result<Vec<Segment>, StoreError> {
        let query = format!("SELECT epoch, list, path, rows, bytes, sums FROM segment WHERE {condition}");
        let mut rows = self.database.prepare_cached(&query)?;
        let segments = rows.query_map(params![value], |row| {
            let list: u8 = row.get(1)?;
            let sums: Vec<u8> = row.get(5)?;
            let table = Table::ALL.get(usize::from(list)).copied();
            Ok(table.map(|table| Segment {
                epoch: row.get::<_, i64>(0).map_or(0, i64::cast_unsigned),
                table,
                path: self.root.join(row.get::<_, String>(2).unwrap_or_default()),
                rows: row.get::<_, i64>(3).map_or(0, i64::cast_unsigned),
                bytes: row.get::<_, i64>(4).map_or(0, i64::cast_unsigned),
                sums: sums_of_bytes(&sums),
            }))
        })?;
        let known = |found: Option<Segment>| {
            found.ok_or_else(|| StoreError::damaged(&schema::path(&self.root), "a segment of an unknown table"))
        };
        segments.map(|segment| known(segment?)).collect()
    }

    /// Gives the rows of all epochs after `after` to `each`, epoch by epoch, at most `rows_per_batch` at a time and of one
    /// list at a time (references first), with the references they had when they were appended.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn replay(
        &self,
        after: u64,
        rows_per_batch: usize,
        each: &mut dyn FnMut(u64, Batch) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        for segment in self.segments(after)? {
            if segment.read(rows_per_batch, &mut |batch| each(segment.epoch, batch))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
