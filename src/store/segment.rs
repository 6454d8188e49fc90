//! How do rows of one list become a file, and rows again?
//!
//! A segment is a Parquet file of one list and one epoch, in groups of 64 Ki rows so that a reader of a few rows touches
//! little. `replay` leaves the source columns on disk.

use super::checked::{CheckedFile, SummingFile};
use super::error::StoreError;
use super::fail::fail_point;
use super::list::{EPOCH, LISTS, List, ROW_COLUMNS, SOURCE_COLUMNS};
use crate::model::{RowRef, Table};
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a group, and the largest slice encoded at once.
pub(super) const GROUP_ROWS: usize = 64 * 1024;
/// A segment is closed at this many rows and the next one begun.
pub(super) const SEGMENT_ROWS: u64 = 16 * GROUP_ROWS as u64;

/// What is wrong with a file on which the library panics.
const CONTRADICTION: &str = "its parts contradict one another";

/// A segment being written, under its temporary name.
pub(super) struct SegmentWriter {
    list: &'static dyn List,
    part: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<SummingFile>,
    failed: Arc<Mutex<Option<io::Error>>>,
    rows: u64,
    spans: BTreeMap<Table, (RowRef, RowRef)>,
    epochs: Option<(u64, u64)>,
}

/// A segment written in full, still under its temporary name.
pub(super) struct Written {
    pub(super) list: &'static dyn List,
    pub(super) part: PathBuf,
    pub(super) file: File,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) sums: Vec<u64>,
    pub(super) spans: BTreeMap<Table, (RowRef, RowRef)>,
    /// First and last epoch of its rows, where they are a column.
    pub(super) epochs: Option<(u64, u64)>,
}

impl SegmentWriter {
    /// A file for rows of one epoch; or `of_several`, with a further column that says which.
    pub(super) fn create(
        list: &'static dyn List,
        part: PathBuf,
        of_several: bool,
    ) -> Result<SegmentWriter, StoreError> {
        let file = fail_point("segment-create").and_then(|()| File::create(&part));
        let file = file.map_err(StoreError::io("create", &part))?;
        let mut fields = list.fields();
        let packed = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
        // Rows that come from files have their texts unpacked; both are the same on disk.
        let texts = if of_several { DataType::Utf8 } else { packed };
        let kinds = [texts.clone(), texts, DataType::UInt64, DataType::Utf8];
        fields.extend(
            SOURCE_COLUMNS.into_iter().zip(kinds).map(|(name, kind)| Field::new(name, kind, name == "evidence")),
        );
        if of_several {
            fields.push(Field::new(EPOCH, DataType::UInt64, false));
        }
        let schema = Arc::new(Schema::new(fields));
        let options = ArrowWriterOptions::new().with_properties(properties()).with_skip_arrow_metadata(true);
        let file = SummingFile::new(file);
        let failed = file.failed();
        let writer = ArrowWriter::try_new_with_options(file, schema.clone(), options)
            .map_err(|error| unwritten(&part, &failed, error))?;
        Ok(SegmentWriter { list, part, schema, writer, failed, rows: 0, spans: BTreeMap::new(), epochs: None })
    }

    /// Notes the first and the last epoch of rows that are about to be written.
    pub(super) fn reach(&mut self, epochs: Option<(u64, u64)>) {
        if let Some((first, last)) = epochs {
            self.epochs = Some((self.epochs.map_or(first, |(before, _)| before.min(first)), last));
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends columns: those of the list, then the source columns.
    pub(super) fn write(&mut self, arrays: Vec<ArrayRef>, origins: &[RowRef]) -> Result<(), StoreError> {
        let columns = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|error| StoreError::damaged(&self.part, error.to_string()))?;
        self.writer.write(&columns).map_err(|error| unwritten(&self.part, &self.failed, error))?;
        self.rows += columns.num_rows() as u64;
        for &origin in origins {
            let span = self.spans.entry(origin.table()).or_insert((origin, origin));
            *span = (span.0.min(origin), span.1.max(origin));
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Written, StoreError> {
        let SegmentWriter { list, part, writer, failed, rows, spans, epochs, .. } = self;
        let summing = writer.into_inner().map_err(|error| unwritten(&part, &failed, error))?;
        let (file, bytes, sums) = summing.finish();
        Ok(Written { list, part, file, rows, bytes, sums, spans, epochs })
    }
}

/// Why a segment could not be written: what the disk said, else what the writer said.
fn unwritten(part: &Path, failed: &Mutex<Option<io::Error>>, error: ParquetError) -> StoreError {
    match failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(source) => StoreError::io("write", part)(source),
        None => StoreError::parquet(part)(error),
    }
}

/// Hashes that hardly repeat are kept as they are; references grow, so their differences are kept.
fn properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for unique in ["key", "content", "id", "visit"] {
        let column = ColumnPath::from(unique);
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_compression(column, Compression::UNCOMPRESSED);
    }
    for growing in ["origin", "source_row"] {
        let column = ColumnPath::from(growing);
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    builder.set_column_dictionary_enabled(ColumnPath::from("evidence"), false).build()
}

/// A committed segment. It can be read on any thread, and for as long as its file exists.
#[derive(Clone, Debug)]
pub struct Segment {
    pub(super) id: i64,
    /// The epoch that brought its rows; of a file that compaction made, the last one that did.
    pub epoch: u64,
    /// The first epoch that did.
    pub first_epoch: u64,
    /// The table after whose rows its list is named.
    pub table: Table,
    /// Where it lies.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// xxh3 of each block of 64 KiB.
    pub(super) sums: Arc<[u64]>,
}

impl Segment {
    /// Compares all bytes with their sums, and the row count with the one committed.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let file = self.open()?;
        file.check()?;
        let metadata = self.guarded(|| ArrowReaderMetadata::load(&file, Default::default()))?;
        let metadata = metadata.map_err(StoreError::parquet(&self.path))?;
        let rows = metadata.metadata().file_metadata().num_rows();
        if u64::try_from(rows) == Ok(self.rows) {
            return Ok(());
        }
        Err(StoreError::damaged(&self.path, format!("it has {rows} rows, {} were committed", self.rows)))
    }

    /// Some columns, of all rows or of the row groups that may hold a reference within `span`.
    pub(super) fn columns(
        &self,
        names: &[&str],
        rows_per_batch: usize,
        span: Option<&[RowRef]>,
    ) -> Result<Columns, StoreError> {
        let file = self.open()?;
        let builder = self.guarded(|| ParquetRecordBatchReaderBuilder::try_new(file))?;
        let builder = builder.map_err(StoreError::parquet(&self.path))?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
        let groups = builder.metadata().row_groups().iter().enumerate();
        let groups = groups
            .filter(|(_, group)| {
                let origin = group.columns().iter().find(|column| column.column_path().string() == ROW_COLUMNS[0]);
                span.is_none_or(|rows| may_hold(origin.and_then(|column| column.statistics()), rows))
            })
            .map(|(number, _)| number)
            .collect();
        let builder = builder.with_projection(mask).with_row_groups(groups).with_batch_size(rows_per_batch);
        self.guarded(|| builder.build())?.map(Columns).map_err(StoreError::parquet(&self.path))
    }

    /// Asks the library, which panics on some files whose parts contradict one another.
    fn guarded<T>(&self, ask: impl FnOnce() -> T) -> Result<T, StoreError> {
        let answer = catch_unwind(AssertUnwindSafe(ask));
        answer.map_err(|_| StoreError::damaged(&self.path, CONTRADICTION))
    }

    pub(super) fn unreadable(&self, error: ArrowError) -> StoreError {
        match error {
            ArrowError::ExternalError(inner) => match inner.downcast::<parquet::errors::ParquetError>() {
                Ok(inner) => StoreError::parquet(&self.path)(*inner),
                Err(inner) => StoreError::damaged(&self.path, inner.to_string()),
            },
            other => StoreError::damaged(&self.path, other.to_string()),
        }
    }

    pub(super) fn open(&self) -> Result<CheckedFile, StoreError> {
        CheckedFile::open(&self.path, self.bytes, self.sums.clone())
    }
}

/// The columns of a segment, some rows at a time.
pub(super) struct Columns(ParquetRecordBatchReader);

impl Iterator for Columns {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = catch_unwind(AssertUnwindSafe(|| self.0.next()));
        next.unwrap_or_else(|_| Some(Err(ArrowError::ParquetError(CONTRADICTION.to_owned()))))
    }
}

/// Whether one of the sorted references lies between the smallest and the largest of a row group.
fn may_hold(statistics: Option<&Statistics>, rows: &[RowRef]) -> bool {
    let Some(Statistics::Int64(bounds)) = statistics else { return true };
    let (Some(min), Some(max)) = (bounds.min_opt(), bounds.max_opt()) else { return true };
    let from = rows.partition_point(|row| row.0 < min.cast_unsigned());
    rows.get(from).is_some_and(|row| row.0 <= max.cast_unsigned())
}

/// The list whose folder bears a table's name.
pub(super) fn list_of(table: Table) -> &'static dyn List {
    *LISTS.iter().find(|list| list.table() == table).expect("only tables with a list have segments")
}

/// The folder of a list's segments.
pub(super) fn folder(root: &Path, list: &dyn List) -> PathBuf {
    root.join("segments").join(list.table().name())
}
