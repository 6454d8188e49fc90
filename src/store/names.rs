//! What would an investigator call this row or party, and where exactly was the row read?
//!
//! References lead to the few segments whose span holds them, and inside a segment to the row groups; only the columns
//! asked for are read. Cost: one row group of two columns per group that holds a wanted row, 64 Ki rows at most.

use super::error::StoreError;
use super::list::EPOCH;
use super::pending::{reference, serial};
use super::replay::{epochs, staying};
use super::segment::list_of;
use super::vault;
use super::workspace::Workspace;
use crate::model::{Batch, Names, Party, RowRef, Table};
use arrow::array::{Array, AsArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::record_batch::RecordBatch;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// Where a row was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadAt {
    /// The data set.
    pub dataset: String,
    /// The file.
    pub file: String,
    /// The row in the file, from 1, header not counted.
    pub row: u64,
    /// The epoch that brought it.
    pub epoch: u64,
}

impl Workspace {
    /// The texts behind rows and parties; what is not known is left out.
    ///
    /// # Errors
    /// A segment or the vault is missing or damaged.
    pub fn names(&self, rows: &BTreeSet<RowRef>, parties: &BTreeSet<Party>) -> Result<Names, StoreError> {
        let mut names = Names::default();
        let open = rows.iter().copied().filter(|row| !vault::is_personal(row.table())).collect();
        self.find(&open, &["origin", "evidence"], &mut |row, _, columns, at| {
            let texts = columns.column_by_name("evidence").and_then(|column| column.as_string_opt::<i32>());
            if let Some(texts) = texts.filter(|texts| texts.is_valid(at)) {
                names.rows.insert(row, texts.value(at).to_owned());
            }
        })?;
        vault::look_up(&self.root, rows, parties, &mut names)?;
        Ok(names)
    }

    /// Where a row was read; `None` when there is no such row.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn source_of(&self, row: RowRef) -> Result<Option<ReadAt>, StoreError> {
        Ok(self.sources_of(&BTreeSet::from([row]))?.remove(&row))
    }

    /// Where rows were read; what is not known is left out.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn sources_of(&self, rows: &BTreeSet<RowRef>) -> Result<BTreeMap<RowRef, ReadAt>, StoreError> {
        let mut found = BTreeMap::new();
        let wanted = ["origin", "source_dataset", "source_file", "source_row", EPOCH];
        self.find(rows, &wanted, &mut |row, epoch, columns, at| {
            let text = |name| columns.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
            let number =
                columns.column_by_name("source_row").and_then(|column| column.as_primitive_opt::<UInt64Type>());
            if let (Some(dataset), Some(file), Some(number)) = (text("source_dataset"), text("source_file"), number) {
                let (dataset, file) = (dataset.value(at).to_owned(), file.value(at).to_owned());
                found.insert(row, ReadAt { dataset, file, row: number.value(at), epoch });
            }
        })?;
        Ok(found)
    }

    /// The facts that rows say, as they were appended; what is not known is left out. A row can say several facts.
    ///
    /// # Errors
    /// A segment is missing or damaged.
    pub fn facts(&self, rows: &BTreeSet<RowRef>) -> Result<Batch, StoreError> {
        let _reading = self.reading()?;
        let mut batch = Batch::default();
        for (segment, wanted) in self.segments_with(rows)? {
            for segment in self.segments_where("id = ?1", segment)? {
                let list = list_of(segment.table);
                let damaged = || StoreError::damaged(&segment.path, "columns are missing");
                for columns in segment.columns(&list.names(), super::segment::GROUP_ROWS, Some(&wanted))? {
                    let columns = columns.map_err(|error| segment.unreadable(error))?;
                    let kept = staying(&columns, |row| wanted.binary_search(&row).is_ok()).ok_or_else(damaged)?;
                    let kept = filter_record_batch(&columns, &kept);
                    let kept = kept.map_err(|error| segment.unreadable(error))?;
                    list.read(&kept, &mut batch).ok_or_else(damaged)?;
                }
            }
        }
        Ok(batch)
    }

    /// Shows every stored row with a wanted reference: reference, epoch, columns, position.
    fn find(
        &self,
        rows: &BTreeSet<RowRef>,
        columns: &[&str],
        each: &mut dyn FnMut(RowRef, u64, &RecordBatch, usize),
    ) -> Result<(), StoreError> {
        let _reading = self.reading()?;
        for (segment, wanted) in self.segments_with(rows)? {
            for segment in self.segments_where("id = ?1", segment)? {
                for batch in segment.columns(columns, super::segment::GROUP_ROWS, Some(&wanted))? {
                    let batch = batch.map_err(|error| segment.unreadable(error))?;
                    let origins =
                        batch.column_by_name("origin").and_then(|column| column.as_primitive_opt::<UInt64Type>());
                    let origins = origins.ok_or_else(|| StoreError::damaged(&segment.path, "columns are missing"))?;
                    for (at, &origin) in origins.values().iter().enumerate() {
                        if wanted.binary_search(&RowRef(origin)).is_ok() {
                            let epoch = epochs(&batch).map_or(segment.epoch, |epochs| epochs[at]);
                            each(RowRef(origin), epoch, &batch, at);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The segments whose span holds wanted references, with those references in order.
    fn segments_with(&self, rows: &BTreeSet<RowRef>) -> Result<BTreeMap<i64, Vec<RowRef>>, StoreError> {
        let mut of_segment: BTreeMap<i64, Vec<RowRef>> = BTreeMap::new();
        let mut spans = self.database.prepare_cached(
            "SELECT segment, first, last FROM span WHERE origin_table = ?1 AND last >= ?2 AND first <= ?3",
        )?;
        // There are far fewer files than rows may be asked for: each file takes its part of the sorted references.
        let tables: BTreeSet<Table> = rows.iter().map(|row| row.table()).collect();
        for table in tables {
            let all = reference(table, 0)..=reference(table, u64::MAX >> 8);
            let (first, last) = (rows.range(all.clone()).next(), rows.range(all).next_back());
            let bounds = first.zip(last).map(|(first, last)| (serial(*first), serial(*last))).unwrap_or_default();
            let bounds = params![table as u8, bounds.0.cast_signed(), bounds.1.cast_signed()];
            let found =
                spans.query_map(bounds, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))?;
            for span in found {
                let (segment, first, last): (i64, i64, i64) = span?;
                let part = reference(table, first.cast_unsigned())..=reference(table, last.cast_unsigned());
                let mut part = rows.range(part).copied().peekable();
                if part.peek().is_some() {
                    of_segment.entry(segment).or_default().extend(part);
                }
            }
        }
        // A file can hold rows of several tables: their references come table by table, and tables are in order.
        Ok(of_segment)
    }
}
