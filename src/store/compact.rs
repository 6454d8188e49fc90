//! How do many small files become few, while the workspace is read and written?
//!
//! ```text
//! neighbours of one list ─read─► one file with an epoch column ─synced─► renamed ─one transaction─► the old ones are named in
//! (any handle, beside the writer)                               (the writer)                        `replaced`, and removed when nobody reads
//! ```
//! Rows keep their order, their references and their epochs, so that a replay gives what it gave before. What has left by age is
//! dropped on the way, unless a ring version or a case cites it. Corrected and repeated rows stay: the ledger needs them to say
//! what a later copy of them is. References are never given twice: the new file inherits how far the old ones reached.
//!
//! A crash before the transaction leaves files that nothing refers to, one after it files that `replaced` names; the next opening
//! removes both. Files of a step are read once and written once; a row is written once for every sixteenfold growth of its
//! file. Memory: one group of rows.

use super::cases::frozen_references;
use super::checked::sums_to_bytes;
use super::error::StoreError;
use super::fail::{crash_point, fail_point};
use super::list::{EPOCH, List, SOURCE_COLUMNS};
use super::pending::serial;
use super::replay::{epochs, staying};
use super::retired::Runs;
use super::segment::{GROUP_ROWS, SEGMENT_ROWS, Segment, SegmentWriter, Written, folder, list_of};
use super::workspace::Workspace;
use super::{files, reading, schema, vault};
use crate::model::{RowRef, Table};
use arrow::array::{ArrayRef, AsArray, UInt64Array};
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::record_batch::RecordBatch;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Files of one size class that become one.
const STEP: usize = 16;
/// Files with fewer rows than this are small.
const SMALL: u64 = SEGMENT_ROWS / 2;

/// How much to compact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything that can be: small files become few, rows that can be dropped are.
    Whole,
    /// What pays while batches come in: sixteen neighbours of one size, and, where rows have left since the last look, files of
    /// which a quarter can be dropped.
    Step {
        /// Look for rows that can be dropped: it takes a column of each file.
        look: bool,
    },
}

/// What compaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that were replaced.
    pub replaced: usize,
    /// Files that took their place.
    pub written: usize,
    /// Bytes of the former.
    pub bytes_before: u64,
    /// Bytes of the latter.
    pub bytes_after: u64,
    /// Rows that had left by age and are dropped.
    pub dropped: u64,
}

impl Compacted {
    fn add(&mut self, other: Compacted) {
        self.replaced += other.replaced;
        self.written += other.written;
        self.bytes_before += other.bytes_before;
        self.bytes_after += other.bytes_after;
        self.dropped += other.dropped;
    }
}

/// Files written under temporary names, to take the place of others. Dropped, they leave nothing behind.
pub struct Prepared {
    root: PathBuf,
    replaced: Vec<Segment>,
    written: Vec<Written>,
    parts: Vec<PathBuf>,
    dropped: u64,
    /// Dropped rows whose evidence id is in the vault.
    dropped_personal: Vec<RowRef>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        for part in &self.parts {
            // What cannot be removed now is removed when the workspace is opened next.
            let _ = std::fs::remove_file(part);
        }
    }
}

impl Workspace {
    /// Compacts everything that can be, and removes what was replaced.
    ///
    /// # Errors
    /// A segment is damaged, or the disk does not answer; see [`Workspace::commit`] for what is poisoned then.
    pub fn compact(&mut self) -> Result<Compacted, StoreError> {
        self.writable()?;
        let mut whole = Compacted::default();
        while let Some(prepared) = self.prepare_compaction(Extent::Whole)? {
            whole.add(self.commit_compaction(prepared)?);
        }
        self.remove_replaced()?;
        Ok(whole)
    }

    /// Writes the next file that pays, beside any writer; `None` when none does. [`Workspace::commit_compaction`] makes it count.
    ///
    /// # Errors
    /// A segment is missing or damaged, or the disk is full or does not answer.
    pub fn prepare_compaction(&self, extent: Extent) -> Result<Option<Prepared>, StoreError> {
        if !self.is_second()? {
            return Ok(None);
        }
        let _reading = self.reading()?;
        let snapshot = self.database.unchecked_transaction()?;
        let (segments, droppable) = (self.segments(0)?, Droppable::of(self)?);
        drop(snapshot);
        let Some(run) = due(&segments, &droppable, extent)? else { return Ok(None) };
        self.merge(run, &droppable).map(Some)
    }

    fn merge(&self, replaced: Vec<Segment>, droppable: &Droppable) -> Result<Prepared, StoreError> {
        let list = list_of(replaced[0].table);
        let root = self.root.clone();
        let (written, parts, dropped_personal) = (Vec::new(), Vec::new(), Vec::new());
        let mut prepared = Prepared { root, replaced, written, parts, dropped: 0, dropped_personal };
        let mut open = None;
        for segment in prepared.replaced.clone() {
            let mut wanted = list.names();
            wanted.extend(SOURCE_COLUMNS.into_iter().chain([EPOCH]));
            for columns in segment.columns(&wanted, GROUP_ROWS, None)? {
                let columns = columns.map_err(|error| segment.unreadable(error))?;
                let columns = prepared.without_dropped(&segment, columns, droppable)?;
                let writer = match &mut open {
                    Some(writer) => writer,
                    None => open.insert(prepared.create(list)?),
                };
                write(writer, list, &segment, &columns)?;
                if writer.rows() >= SEGMENT_ROWS
                    && let Some(full) = open.take()
                {
                    prepared.written.push(full.finish()?);
                }
            }
        }
        if open.is_none() && prepared.written.is_empty() {
            // Nothing stays; the file without rows keeps how far the references reached.
            open = Some(prepared.create(list)?);
        }
        if let Some(last) = open {
            prepared.written.push(last.finish()?);
        }
        for segment in &prepared.written {
            files::sync_file(&segment.file, &segment.part)?;
        }
        crash_point("compact-written");
        Ok(prepared)
    }

    /// Puts prepared files in the place of those they were made of.
    ///
    /// # Errors
    /// The disk does not answer, or one of the files was replaced meanwhile. After a failure from the first rename on the workspace
    /// is poisoned: open it again.
    pub fn commit_compaction(&mut self, mut prepared: Prepared) -> Result<Compacted, StoreError> {
        self.writable()?;
        if self.is_pending() {
            return Err(StoreError::refused(
                "a batch is pending: commit or drop it first / 有批次尚未提交, 请先提交或放弃",
            ));
        }
        if prepared.root != self.root {
            return Err(StoreError::refused(
                "the files were written for another workspace / 这些文件是为另一工作区写出的",
            ));
        }
        let known: BTreeSet<i64> = self.segments(0)?.iter().map(|segment| segment.id).collect();
        if prepared.replaced.iter().any(|segment| !known.contains(&segment.id)) {
            return Err(StoreError::refused(
                "one of the files was replaced meanwhile: prepare again / 其间有文件被替换, 请重新准备",
            ));
        }
        let made = self.put_in_place(&mut prepared);
        if let Err(error) = &made {
            self.poisoned = Some(error.to_string());
        }
        made
    }

    fn put_in_place(&mut self, prepared: &mut Prepared) -> Result<Compacted, StoreError> {
        let named: Vec<PathBuf> = prepared.written.iter().map(|segment| segment.part.with_extension("")).collect();
        prepared.parts.clear();
        for (segment, name) in prepared.written.iter().zip(&named) {
            files::rename(&segment.part, name)?;
        }
        files::sync_folder(&folder(&self.root, list_of(prepared.replaced[0].table)))?;
        crash_point("compact-renamed");
        vault::forget(&self.root, &prepared.dropped_personal)?;
        let path = schema::path(&self.root);
        fail_point("compact-commit").map_err(StoreError::io("write", &path))?;
        self.exchange(prepared, &named).map_err(StoreError::database(&path))?;
        crash_point("compacted");
        let bytes = |segments: &mut dyn Iterator<Item = u64>| segments.sum();
        let done = Compacted {
            replaced: prepared.replaced.len(),
            written: prepared.written.len(),
            bytes_before: bytes(&mut prepared.replaced.iter().map(|segment| segment.bytes)),
            bytes_after: bytes(&mut prepared.written.iter().map(|segment| segment.bytes)),
            dropped: prepared.dropped,
        };
        self.remove_replaced()?;
        Ok(done)
    }

    /// The one transaction that exchanges files.
    fn exchange(&mut self, prepared: &Prepared, named: &[PathBuf]) -> rusqlite::Result<()> {
        let root = self.root.clone();
        let name_of =
            |path: &std::path::Path| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let transaction = self.database.transaction()?;
        let mut reached: BTreeMap<u8, i64> = BTreeMap::new();
        for segment in &prepared.replaced {
            let mut spans = transaction.prepare_cached("SELECT origin_table, last FROM span WHERE segment = ?1")?;
            for span in spans.query_map([segment.id], |row| Ok((row.get(0)?, row.get(1)?)))? {
                let (table, last): (u8, i64) = span?;
                let most = reached.entry(table).or_insert(last);
                *most = (*most).max(last);
            }
        }
        for (at, (segment, name)) in prepared.written.iter().zip(named).enumerate() {
            let (first_epoch, epoch) = segment.epochs.unwrap_or_else(|| bounds(&prepared.replaced));
            let numbers = [segment.rows, segment.bytes, epoch, first_epoch].map(u64::cast_signed);
            transaction.execute(
                "INSERT INTO segment (epoch, list, path, rows, bytes, sums, first_epoch) VALUES (?3, ?5, ?6, ?1, ?2, ?7, ?4)",
                params![
                    numbers[0],
                    numbers[1],
                    numbers[2],
                    numbers[3],
                    segment.list.table() as u8,
                    name_of(name),
                    sums_to_bytes(&segment.sums)
                ],
            )?;
            let id = transaction.last_insert_rowid();
            let held = segment.spans.iter().map(|(table, (first, last))| {
                (*table as u8, (serial(*first).cast_signed(), serial(*last).cast_signed()))
            });
            let mut spans: BTreeMap<u8, (i64, i64)> = held.collect();
            if at + 1 == named.len() {
                for (table, last) in &reached {
                    let span = spans.entry(*table).or_insert((*last, *last));
                    span.1 = span.1.max(*last);
                }
            }
            for (table, (first, last)) in spans {
                transaction.execute(
                    "INSERT INTO span (origin_table, last, first, segment, epoch) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![table, last, first, id, epoch.cast_signed()],
                )?;
            }
        }
        for segment in &prepared.replaced {
            transaction.execute("DELETE FROM span WHERE segment = ?1", [segment.id])?;
            transaction.execute("DELETE FROM segment WHERE id = ?1", [segment.id])?;
            transaction.execute("INSERT OR IGNORE INTO replaced VALUES (?1)", [name_of(&segment.path)])?;
        }
        transaction.commit()
    }

    /// Removes the files that were replaced, unless somebody reads now; answers how many were.
    ///
    /// # Errors
    /// The disk or the database does not answer.
    pub fn remove_replaced(&mut self) -> Result<usize, StoreError> {
        self.writable()?;
        let replaced = self.replaced()?;
        if replaced.is_empty() {
            return Ok(0);
        }
        let Some(_alone) = reading::alone(&self.root)? else { return Ok(0) };
        for path in &replaced {
            files::remove(path)?;
            crash_point("compact-removing");
        }
        let path = schema::path(&self.root);
        self.database.execute("DELETE FROM replaced", []).map_err(StoreError::database(&path))?;
        Ok(replaced.len())
    }

    /// Files that compaction replaced and that may be there still.
    pub(super) fn replaced(&self) -> Result<BTreeSet<PathBuf>, StoreError> {
        if !self.is_second()? {
            return Ok(BTreeSet::new());
        }
        let mut rows = self.database.prepare_cached("SELECT path FROM replaced")?;
        let paths = rows.query_map([], |row| Ok(self.root.join(row.get::<_, String>(0)?)))?;
        Ok(paths.collect::<Result<_, _>>()?)
    }
}

impl Prepared {
    fn create(&mut self, list: &'static dyn List) -> Result<SegmentWriter, StoreError> {
        let (_, epoch) = bounds(&self.replaced);
        let name = format!("{epoch:08}-c{:06}{:04}.parquet.part", self.replaced[0].id, self.parts.len());
        let part = folder(&self.root, list).join(name);
        self.parts.push(part.clone());
        SegmentWriter::create(list, part, true)
    }

    fn without_dropped(
        &mut self,
        segment: &Segment,
        columns: RecordBatch,
        droppable: &Droppable,
    ) -> Result<RecordBatch, StoreError> {
        if droppable.gone.is_empty() {
            return Ok(columns);
        }
        let damaged = || StoreError::damaged(&segment.path, "columns are missing");
        let dropped_personal = &mut self.dropped_personal;
        let mut dropped = 0;
        let stays = |row| {
            let drops = droppable.holds(row);
            dropped += u64::from(drops);
            if drops && vault::is_personal(row.table()) {
                dropped_personal.push(row);
            }
            !drops
        };
        let stays = staying(&columns, stays).ok_or_else(damaged)?;
        self.dropped += dropped;
        filter_record_batch(&columns, &stays).map_err(|error| segment.unreadable(error))
    }
}

/// First and last epoch.
fn bounds(segments: &[Segment]) -> (u64, u64) {
    let first = segments.iter().map(|segment| segment.first_epoch).min().unwrap_or(0);
    (first, segments.iter().map(|segment| segment.epoch).max().unwrap_or(0))
}

fn write(
    writer: &mut SegmentWriter,
    list: &dyn List,
    segment: &Segment,
    columns: &RecordBatch,
) -> Result<(), StoreError> {
    let damaged = || StoreError::damaged(&segment.path, "columns are missing");
    let names = list.names().into_iter().chain(SOURCE_COLUMNS);
    let mut arrays: Vec<ArrayRef> =
        names.map(|name| columns.column_by_name(name).cloned()).collect::<Option<_>>().ok_or_else(damaged)?;
    let epochs = match epochs(columns) {
        Some(epochs) => epochs.to_vec(),
        None => vec![segment.epoch; columns.num_rows()],
    };
    let origins = columns.column(0).as_primitive_opt::<UInt64Type>().ok_or_else(damaged)?;
    let origins: Vec<RowRef> = origins.values().iter().map(|origin| RowRef(*origin)).collect();
    writer.reach(epochs.first().copied().zip(epochs.last().copied()));
    arrays.push(Arc::new(UInt64Array::from(epochs)));
    writer.write(arrays, &origins)
}

/// Rows that have left and that nothing cites.
struct Droppable {
    gone: Runs,
    cited: BTreeSet<RowRef>,
}

impl Droppable {
    fn of(workspace: &Workspace) -> Result<Droppable, StoreError> {
        let gone = workspace.gone()?;
        let mut cited = BTreeSet::new();
        if !gone.is_empty() {
            cited.extend(frozen_references(&workspace.root)?);
            let path = schema::path(&workspace.root);
            workspace
                .each_finding(&mut |finding| {
                    let facts = finding.factors.iter().flat_map(|factor| factor.facts.iter().copied());
                    cited.extend(facts.filter(|row| gone.hold(*row)));
                })
                .map_err(StoreError::database(&path))?;
        }
        Ok(Droppable { gone, cited })
    }

    fn holds(&self, row: RowRef) -> bool {
        self.gone.hold(row) && !self.cited.contains(&row)
    }

    /// How many rows of a file can be dropped. Cost: one column, and nothing where no row of the file has left.
    fn count(&self, segment: &Segment) -> Result<u64, StoreError> {
        if self.gone.is_empty() {
            return Ok(0);
        }
        let mut found = 0;
        for columns in segment.columns(&[super::list::ROW_COLUMNS[0]], GROUP_ROWS, None)? {
            let columns = columns.map_err(|error| segment.unreadable(error))?;
            let drops = staying(&columns, |row| self.holds(row));
            found += drops.map_or(0, |drops| drops.true_count() as u64);
        }
        Ok(found)
    }
}

/// The neighbours that are to become one file, if any are.
fn due(segments: &[Segment], droppable: &Droppable, extent: Extent) -> Result<Option<Vec<Segment>>, StoreError> {
    for table in Table::ALL {
        let of_list: Vec<&Segment> = segments.iter().filter(|segment| segment.table == table).collect();
        let run = match extent {
            Extent::Step { .. } => step(&of_list),
            Extent::Whole => {
                let runs = of_list.split(|segment| segment.rows >= SMALL).filter(|run| run.len() > 1);
                let fewer = |run: &&[&Segment]| {
                    let rows: u64 = run.iter().map(|segment| segment.rows).sum();
                    rows.div_ceil(SEGMENT_ROWS) < run.len() as u64
                };
                runs.into_iter().find(fewer).map(<[&Segment]>::to_vec)
            }
        };
        if let Some(run) = run {
            return Ok(Some(run.into_iter().cloned().collect()));
        }
        for segment in of_list {
            let part = match extent {
                Extent::Whole => 1,
                Extent::Step { look: true } => segment.rows / 4,
                Extent::Step { look: false } => continue,
            };
            if segment.rows > 0 && droppable.count(segment)? >= part.max(1) {
                return Ok(Some(vec![segment.clone()]));
            }
        }
    }
    Ok(None)
}

/// Sixteen neighbours or more of the smallest size class that has them; classes differ by a factor of sixteen.
fn step<'a>(of_list: &[&'a Segment]) -> Option<Vec<&'a Segment>> {
    let mut most = 1_024;
    while most <= SMALL {
        let run = of_list.split(|segment| segment.rows >= most).find(|run| run.len() >= STEP);
        if let Some(run) = run {
            return Some(run.to_vec());
        }
        most *= STEP as u64;
    }
    None
}
