//! How is a Parquet file read? Only the known columns, in stretches of rows small enough to bound memory.

use super::IngestError;
use super::cell::{ABSENT, is_fault};
use super::column::Cells;
use super::columnar::{Remembered, Written, words, write_text};
use super::gather::{Fields, Gather};
use super::manifest::Settings;
use super::plan::{Plan, header};
use super::scene::Texts;
use super::table::Record;
use super::text::normal;
use crate::model::Table;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use ::parquet::basic::Encoding;
use ::parquet::file::metadata::ParquetMetaData;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows decoded at a time.
const ROWS_AT_ONCE: usize = 4_096;
/// Rows of one stretch, the unit that threads share.
pub(super) const STRETCH: usize = 131_072;

/// What a file's footer says.
#[derive(Clone, Debug)]
pub(super) struct Footer {
    metadata: ArrowReaderMetadata,
    /// Rows in all.
    pub(super) rows: u64,
    /// Rows of each row group.
    pub(super) groups: Vec<usize>,
}

/// A stretch of rows of one row group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The row group.
    pub(super) group: usize,
    /// The first row within it.
    pub(super) first: usize,
    /// How many rows.
    pub(super) rows: usize,
}

impl Footer {
    /// Reads the footer and finds the table's columns.
    ///
    /// # Errors
    /// When the file is damaged or lacks a required column.
    pub(super) fn open(path: &Path, table: Table, settings: &Arc<Settings>) -> Result<(Footer, Plan), IngestError> {
        let file = File::open(path).map_err(|source| IngestError::Read { path: path.into(), source })?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata =
            guarded(path, || ArrowReaderMetadata::load(&file, options))?.map_err(|error| damaged(path, &error))?;
        let names = metadata.schema().fields().iter().map(|field| header(field.name(), table, settings)).collect();
        let plan = Plan::bind(path, table, names, Arc::clone(settings))?;
        let used = used(&plan);
        let schema = dictionaries_kept(metadata.schema(), metadata.metadata(), &used);
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(schema);
        let metadata = guarded(path, || ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options))?
            .map_err(|error| damaged(path, &error))?;
        let size = |rows: i64| usize::try_from(rows).unwrap_or(0);
        let groups: Vec<usize> = metadata.metadata().row_groups().iter().map(|group| size(group.num_rows())).collect();
        Ok((Footer { metadata, rows: groups.iter().sum::<usize>() as u64, groups }, plan))
    }

    /// The stretches of the file in order.
    pub(super) fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        for (group, rows) in self.groups.iter().enumerate() {
            let mut first = 0;
            while first < *rows {
                let length = STRETCH.min(rows - first);
                stretches.push(Stretch { group, first, rows: length });
                first += length;
            }
        }
        stretches
    }

    fn reader(
        &self,
        path: &Path,
        columns: &BTreeSet<usize>,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, IngestError> {
        let file = File::open(path).map_err(|source| IngestError::Read { path: path.into(), source })?;
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        Ok(builder.with_projection(mask).with_batch_size(ROWS_AT_ONCE))
    }

    /// A reader of one stretch.
    fn stretch(&self, path: &Path, plan: &Plan, stretch: Stretch) -> Result<ParquetRecordBatchReader, IngestError> {
        let builder = self.reader(path, &used(plan))?.with_row_groups(vec![stretch.group]);
        let whole = stretch.first == 0 && stretch.rows == self.groups[stretch.group];
        let builder = if whole { builder } else { builder.with_offset(stretch.first).with_limit(stretch.rows) };
        guarded(path, || builder.build())?.map_err(|error| damaged(path, &error))
    }

    /// Gives these rows (from 1, ascending) to `each`, with their fields; of the columns only these are read.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(super) fn pick(
        &self,
        path: &Path,
        plan: &Plan,
        columns: &BTreeSet<usize>,
        rows: &BTreeSet<u64>,
        each: &mut dyn FnMut(u64, &BatchFields<'_>),
    ) -> Result<(), IngestError> {
        let total = usize::try_from(self.rows).unwrap_or(0);
        let wanted: Vec<usize> = rows
            .iter()
            .filter_map(|row| usize::try_from(row.checked_sub(1)?).ok().filter(|row| *row < total))
            .collect();
        let selection = RowSelection::from_consecutive_ranges(wanted.iter().map(|row| *row..*row + 1), total);
        let builder = self.reader(path, columns)?.with_row_selection(selection);
        let mut reader = guarded(path, || builder.build())?.map_err(|error| damaged(path, &error))?;
        let mut next = wanted.iter();
        while let Some(batch) = guarded(path, || reader.next())? {
            let batch = batch.map_err(|error| damaged(path, &error))?;
            let arrays = by_column(&batch, plan, columns);
            for row in 0..batch.num_rows() {
                if let Some(number) = next.next() {
                    each(*number as u64 + 1, &BatchFields { plan, arrays: &arrays, row });
                }
            }
        }
        Ok(())
    }
}

/// Gives every row of a stretch to the gatherer.
///
/// # Errors
/// When the file is damaged.
pub(super) fn gather_stretch<R: Record>(
    gather: &mut Gather<'_>,
    path: &Path,
    footer: &Footer,
    stretch: Stretch,
) -> Result<(), IngestError> {
    let plan = gather.plan;
    let mut remembered: Vec<Remembered> = plan.bindings.iter().map(|_| Remembered::default()).collect();
    let mut columns: Vec<Vec<u64>> = vec![Vec::with_capacity(ROWS_AT_ONCE); plan.bindings.len()];
    let mut cells = Cells::EMPTY;
    gather.expect::<R>(stretch.rows);
    let mut reader = footer.stretch(path, plan, stretch)?;
    while let Some(batch) = guarded(path, || reader.next())? {
        let batch = batch.map_err(|error| damaged(path, &error))?;
        let arrays = by_column(&batch, plan, &used(plan));
        for (number, binding) in plan.bindings.iter().enumerate() {
            match &arrays[binding.column] {
                Some(array) => words(array, binding, &plan.settings, &mut remembered[number], &mut columns[number]),
                None => columns[number].clear(),
            }
        }
        let clean = columns.iter().all(|column| !column.iter().any(|word| is_fault(*word)));
        for row in 0..batch.num_rows() {
            let words = columns.iter().map(|column| column.get(row).copied().unwrap_or(ABSENT));
            let filled = plan.fill_words(&mut cells, words, clean);
            gather.take::<R>(&cells, filled, &BatchFields { plan, arrays: &arrays, row });
        }
    }
    Ok(())
}

/// The columns that feed the table.
pub(super) fn used(plan: &Plan) -> BTreeSet<usize> {
    plan.bindings.iter().map(|binding| binding.column).collect()
}

/// The arrays by number of the file's column; `None` for columns that were not read.
fn by_column(batch: &RecordBatch, plan: &Plan, columns: &BTreeSet<usize>) -> Vec<Option<ArrayRef>> {
    let mut arrays = vec![None; plan.columns.len()];
    for (array, column) in batch.columns().iter().zip(columns) {
        arrays[*column] = Some(Arc::clone(array));
    }
    arrays
}

/// The schema with text columns kept as dictionaries where the file holds them so.
fn dictionaries_kept(schema: &Schema, metadata: &ParquetMetaData, used: &BTreeSet<usize>) -> Arc<Schema> {
    let flat = metadata.file_metadata().schema_descr().num_columns() == schema.fields().len();
    let fields: Vec<Arc<Field>> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(column, field)| {
            let is_text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8);
            if !flat || !is_text || !used.contains(&column) {
                return Arc::clone(field);
            }
            let kept = metadata.row_groups().iter().all(|group| only_dictionary(group.column(column)));
            let kind = if kept {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            } else {
                DataType::Utf8View
            };
            Arc::new(field.as_ref().clone().with_data_type(kind))
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Whether all data pages of a column chunk refer to its dictionary.
fn only_dictionary(chunk: &::parquet::file::metadata::ColumnChunkMetaData) -> bool {
    let dictionary = |encoding: Encoding| matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
    match (chunk.page_encoding_stats(), chunk.page_encoding_stats_mask()) {
        (Some(stats), _) => stats
            .iter()
            .filter(|page| page.page_type != ::parquet::basic::PageType::DICTIONARY_PAGE)
            .all(|page| dictionary(page.encoding)),
        (None, Some(mask)) => mask.encodings().all(dictionary),
        (None, None) => false,
    }
}

/// Asks the library, which panics on some files whose parts contradict one another: one file must not end a server.
fn guarded<T>(path: &Path, ask: impl FnOnce() -> T) -> Result<T, IngestError> {
    // What was asked is thrown away with the file, so that nothing half done is seen.
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(ask));
    answer.map_err(|_| damaged(path, &"its parts contradict one another"))
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> IngestError {
    IngestError::Damaged { path: path.into(), detail: error.to_string() }
}

/// One row of a batch, seen through the plan.
pub(super) struct BatchFields<'a> {
    plan: &'a Plan,
    arrays: &'a [Option<ArrayRef>],
    row: usize,
}

impl Texts for BatchFields<'_> {
    fn text(&self, at: usize) -> Cow<'_, str> {
        let mut texts = self.plan.columns_at(at).map(|column| self.field(column));
        texts.find(|text| !normal(text).is_empty()).unwrap_or_default()
    }
}

impl Fields for BatchFields<'_> {
    fn texts(&self) -> &dyn Texts {
        self
    }

    fn field(&self, column: usize) -> Cow<'_, str> {
        let mut text = String::new();
        if let Some(Some(array)) = self.arrays.get(column)
            && let Written::Nothing = write_text(array, self.row, &mut text)
        {
            text.clear();
        }
        Cow::Owned(text)
    }

    fn line(&self) -> String {
        let named = self.arrays.iter().enumerate().filter(|(_, array)| array.is_some());
        let parts: Vec<String> =
            named.map(|(column, _)| format!("{}={}", self.plan.columns[column], self.field(column))).collect();
        parts.join("; ")
    }
}
