//! What would an investigator call this row or party, and where exactly was the row read?
//!
//! References lead to the few segments whose span holds them, and inside a segment to the row groups; only the columns
//! asked for are read. Cost: one row group of two columns per group that holds a wanted row, 64 Ki rows at most.

use super::error::StoreError;
use super::list::ROW_COLUMNS;
use super::pending::serial;
use super::segment::list_of;
use super::vault;
use super::workspace::Workspace;
use crate::model::{Batch, Names, Party, RowRef};
use arrow::array::{Array, AsArray, BooleanArray};
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
        let wanted = ["origin", "source_dataset", "source_file", "source_row"];
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
        let mut batch = Batch::default();
        for (segment, wanted) in self.segments_with(rows)? {
            for segment in self.segments_where("id = ?1", segment)? {
                let list = list_of(segment.table);
                let damaged = || StoreError::damaged(&segment.path, "columns are missing");
                for columns in segment.columns(&list.names(), super::segment::GROUP_ROWS, Some(&wanted))? {
                    let columns = columns.map_err(|error| segment.unreadable(error))?;
                    let origins = columns.column_by_name(ROW_COLUMNS[0]);
                    let origins = origins.and_then(|column| column.as_primitive_opt::<UInt64Type>());
                    let known = |origin: &u64| wanted.binary_search(&RowRef(*origin)).is_ok();
                    let kept: Vec<bool> = origins.ok_or_else(damaged)?.values().iter().map(known).collect();
                    let kept = filter_record_batch(&columns, &BooleanArray::from(kept));
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
        for (segment, wanted) in self.segments_with(rows)? {
            for segment in self.segments_where("id = ?1", segment)? {
                for batch in segment.columns(columns, super::segment::GROUP_ROWS, Some(&wanted))? {
                    let batch = batch.map_err(|error| segment.unreadable(error))?;
                    let origins =
                        batch.column_by_name("origin").and_then(|column| column.as_primitive_opt::<UInt64Type>());
                    let origins = origins.ok_or_else(|| StoreError::damaged(&segment.path, "columns are missing"))?;
                    for (at, &origin) in origins.values().iter().enumerate() {
                        if wanted.binary_search(&RowRef(origin)).is_ok() {
                            each(RowRef(origin), segment.epoch, &batch, at);
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
            "SELECT segment FROM span WHERE origin_table = ?1 AND first <= ?2 AND last >= ?2 AND epoch =
             (SELECT epoch FROM span WHERE origin_table = ?1 AND last >= ?2 ORDER BY last LIMIT 1)",
        )?;
        for &row in rows {
            // Serial numbers grow from epoch to epoch: only segments of the one epoch that brought the row can hold it.
            let numbers = params![row.table() as u8, serial(row).cast_signed()];
            let found = spans.query_map(numbers, |segment| segment.get::<_, i64>(0))?;
            for segment in found {
                of_segment.entry(segment?).or_default().push(row);
            }
        }
        Ok(of_segment)
    }
}
