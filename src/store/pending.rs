//! What happens to rows between reading and commit?
//!
//! They are numbered, and written under temporary names. A row's reference after numbering is its table and its serial
//! number among all rows of that table ever committed, from 1: stable for ever, growing with the order of appending, and
//! without a limit on the number of batches. Rows of one append keep the order of their origins (file, then row). Two rows that came from one input row (a visit and the telephone it names)
//! share a reference before and after.

use super::error::StoreError;
use super::fail::crash_point;
use super::list::{LISTS, List};
use super::segment::{GROUP_ROWS, SEGMENT_ROWS, SegmentWriter, Written, folder};
use super::vault::{VaultWriter, is_personal};
use crate::model::{Batch, Names, RowRef, Table};
use arrow::array::{ArrayRef, DictionaryArray, Int32Array, StringArray, UInt64Array};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the rows of a batch were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The data set, as `dataset.toml` or the user names it.
    pub dataset: String,
    /// Names of the files, by the number that the rows' origins bear.
    pub files: BTreeMap<u32, String>,
}

/// A batch on its way: written but not committed. Dropped, it leaves nothing behind.
pub struct Pending {
    pub(super) root: PathBuf,
    /// The epoch it becomes.
    pub(super) epoch: u64,
    pub(super) batch_id: Option<String>,
    pub(super) rows: u64,
    /// Rows of earlier epochs that leave with this one.
    pub(super) leaving: Vec<RowRef>,
    pub(super) vault: Option<VaultWriter>,
    next: Vec<u64>,
    open: BTreeMap<Table, SegmentWriter>,
    written: Vec<Written>,
    parts: Vec<PathBuf>,
    unusable: bool,
    /// Tells the workspace that a batch is pending.
    _alive: Arc<()>,
}

impl Pending {
    pub(super) fn new(
        root: &Path,
        epoch: u64,
        batch_id: Option<&str>,
        next: Vec<u64>,
        vault: VaultWriter,
        alive: Arc<()>,
    ) -> Pending {
        Pending {
            root: root.to_owned(),
            epoch,
            batch_id: batch_id.map(str::to_owned),
            rows: 0,
            leaving: Vec::new(),
            vault: Some(vault),
            next,
            open: BTreeMap::new(),
            written: Vec::new(),
            parts: Vec::new(),
            unusable: false,
            _alive: alive,
        }
    }

    /// The epoch that this batch becomes when it is committed.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Takes rows of earlier epochs out: from this epoch on they are not replayed.
    pub fn retire(&mut self, rows: impl IntoIterator<Item = RowRef>) {
        self.leaving.extend(rows);
    }

    /// Writes rows, with the names behind them, and returns them with their lasting references. The names stay in the
    /// store: the batch returned has none, [`super::Workspace::names`] tells them.
    ///
    /// # Errors
    /// The disk is full or does not answer, or a row comes from a file that `source` does not name. The pending batch can
    /// only be dropped then.
    pub fn append(&mut self, mut batch: Batch, source: &Source) -> Result<Batch, StoreError> {
        if std::mem::replace(&mut self.unusable, true) {
            return Err(StoreError::refused(
                "an earlier part of this batch could not be written: begin it again / 该批次此前有部分未能写入, 请重新开始该批次",
            ));
        }
        let names = std::mem::take(&mut batch.names);
        let read: Vec<Vec<RowRef>> = LISTS.iter().map(|list| list.origins(&batch)).collect();
        let mut numbers = Numbers::give(&read, &mut self.next);
        for (list, read) in LISTS.iter().copied().zip(&read).filter(|(_, read)| !read.is_empty()) {
            let now: Vec<RowRef> = read.iter().map(|&origin| numbers.of(origin)).collect();
            list.renumber(&mut batch, &now);
            self.write(list, &batch, read, &now, source, &names)?;
        }
        let secret = numbers.read.iter().zip(&numbers.now).filter(|(read, _)| is_personal(read.table()));
        let secret: Vec<_> = secret.filter_map(|(read, &now)| Some((now, names.rows.get(read)?.as_str()))).collect();
        if let Some(vault) = &mut self.vault {
            vault.keep(&names, &secret)?;
        }
        self.rows += batch.rows() as u64;
        self.unusable = false;
        crash_point("appended");
        Ok(batch)
    }

    fn write(
        &mut self,
        list: &'static dyn List,
        batch: &Batch,
        read: &[RowRef],
        now: &[RowRef],
        source: &Source,
        names: &Names,
    ) -> Result<(), StoreError> {
        for from in (0..read.len()).step_by(GROUP_ROWS) {
            let rows = from..read.len().min(from + GROUP_ROWS);
            let mut arrays = list.arrays(batch, rows.clone());
            arrays.extend(source_arrays(&read[rows.clone()], source, names)?);
            let writer = self.writer(list)?;
            writer.write(arrays, &now[rows])?;
            if writer.rows() >= SEGMENT_ROWS {
                self.close(list.table())?;
            }
        }
        Ok(())
    }

    fn writer(&mut self, list: &'static dyn List) -> Result<&mut SegmentWriter, StoreError> {
        match self.open.entry(list.table()) {
            std::collections::btree_map::Entry::Occupied(open) => Ok(open.into_mut()),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                let folder = folder(&self.root, list);
                std::fs::create_dir_all(&folder).map_err(StoreError::io("create", &folder))?;
                let part = folder.join(format!("{:08}-{:04}.parquet.part", self.epoch, self.parts.len()));
                self.parts.push(part.clone());
                Ok(vacant.insert(SegmentWriter::create(list, part, false)?))
            }
        }
    }

    fn close(&mut self, table: Table) -> Result<(), StoreError> {
        if let Some(writer) = self.open.remove(&table) {
            self.written.push(writer.finish()?);
        }
        Ok(())
    }

    /// Ends all segments: what there is to commit, still under temporary names, not yet synced.
    pub(super) fn finish(&mut self) -> Result<Vec<Written>, StoreError> {
        if self.unusable {
            return Err(StoreError::refused(
                "a part of this batch could not be written: begin it again / 该批次有部分未能写入, 请重新开始该批次",
            ));
        }
        for table in Table::ALL {
            self.close(table)?;
        }
        let mut written = std::mem::take(&mut self.written);
        written.sort_by_key(|segment| LISTS.iter().position(|list| list.table() == segment.list.table()));
        Ok(written)
    }

    /// From here on the files are the committer's.
    pub(super) fn release(&mut self) {
        self.parts.clear();
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.open.clear();
        for part in &self.parts {
            // What cannot be removed now is removed when the workspace is opened next.
            let _ = std::fs::remove_file(part);
        }
    }
}

/// The references that the rows of a batch get, in the order in which they were read.
struct Numbers {
    read: Vec<RowRef>,
    now: Vec<RowRef>,
    /// Where the next origin is looked for first: rows mostly come in order.
    hint: usize,
}

impl Numbers {
    fn give(read: &[Vec<RowRef>], next: &mut [u64]) -> Numbers {
        let mut read = read.concat();
        read.sort_unstable();
        read.dedup();
        let mut number = |origin: &RowRef| {
            let counter = &mut next[origin.table() as usize];
            *counter += 1;
            reference(origin.table(), *counter)
        };
        let now = read.iter().map(&mut number).collect();
        Numbers { read, now, hint: 0 }
    }

    fn of(&mut self, origin: RowRef) -> RowRef {
        if self.read.get(self.hint) != Some(&origin) {
            self.hint = self.read.binary_search(&origin).expect("every origin of the batch was numbered");
        }
        self.hint += 1;
        self.now[self.hint - 1]
    }
}

/// The reference of the nth row of a table.
pub(super) fn reference(table: Table, serial: u64) -> RowRef {
    RowRef::new(table, u32::try_from(serial >> 36).unwrap_or(u32::MAX), serial)
}

/// The nth row of its table.
pub(super) fn serial(row: RowRef) -> u64 {
    u64::from(row.file()) << 36 | row.row()
}

/// Where rows were read, and the ids of those whose id names nobody.
fn source_arrays(origins: &[RowRef], source: &Source, names: &Names) -> Result<[ArrayRef; 4], StoreError> {
    let numbers: Vec<u32> = source.files.keys().copied().collect();
    let mut files = Vec::with_capacity(origins.len());
    for origin in origins {
        let at = numbers.binary_search(&origin.file()).ok().and_then(|at| i32::try_from(at).ok());
        files.push(at.ok_or_else(|| {
            StoreError::refused(format!(
                "{origin:?} comes from a file that was not named / {origin:?} 出自未登记的文件"
            ))
        })?);
    }
    let dictionary = |keys: Vec<i32>, texts: StringArray| {
        DictionaryArray::try_new(Int32Array::from(keys), Arc::new(texts))
            .map_err(|error| StoreError::refused(error.to_string()))
    };
    let dataset = dictionary(vec![0; origins.len()], StringArray::from_iter_values([&source.dataset]))?;
    let files = dictionary(files, StringArray::from_iter_values(source.files.values()))?;
    let rows = UInt64Array::from_iter_values(origins.iter().map(|origin| origin.row()));
    let shown = |origin: &RowRef| names.rows.get(origin).filter(|_| !is_personal(origin.table()));
    let evidence = StringArray::from_iter(origins.iter().map(shown));
    Ok([Arc::new(dataset), Arc::new(files), Arc::new(rows), Arc::new(evidence)])
}
