//! How do the rows of a batch reach the store and the river, and the rejects their files?

use super::references::ReferenceBook;
use super::retention::settlement_days;
use super::running::ROWS_PER_BATCH;
use super::session::AppendOptions;
use super::{EngineError, River};
use crate::flow::Tally;
use crate::ingest::{self, ReadOptions, Source};
use crate::model::{Batch, RowRef};
use crate::store::{self, Pending, Workspace};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Writes all rows of a source to the pending batch, the book of references and the list of settlement days, and gives them to
/// the river.
pub(super) fn pour(
    source: &Source,
    (pending, book, days): (&mut Pending, &mut ReferenceBook, &mut Vec<i32>),
    river: &River,
    options: &AppendOptions,
    threads: usize,
) -> Result<ingest::Tally, EngineError> {
    let read = ReadOptions {
        rows_per_batch: ROWS_PER_BATCH,
        threads,
        keep_names: true,
        reject_dir: options.reject_dir.clone(),
        progress: options.progress,
        stop: Some(Arc::clone(&options.stop)),
        ..ReadOptions::default()
    };
    let (said, epoch) = (said_by(source), pending.epoch());
    let mut rows = 0;
    let mut give = |batch: Batch| -> Result<(), EngineError> {
        rows += batch.rows() as u64;
        if rows > options.rows_max {
            return Err(EngineError::TooManyRows { most: options.rows_max });
        }
        let batch = pending.append(batch, &said)?;
        book.take(&batch, epoch);
        days.extend(settlement_days(&batch));
        Ok(river.feed(batch, 1)?)
    };
    let mut failed = Ok(());
    let tally = source.read(&read, &mut |batch| {
        failed = give(batch);
        if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    failed.map(|()| tally)
}

/// The data set and the files, as the workspace keeps them.
fn said_by(source: &Source) -> store::Source {
    let files = source.files();
    let named = files.iter().find_map(|file| source.manifest_of(&file.path)?.dataset.clone());
    let folder =
        || files.first().and_then(|file| file.path.parent()?.file_name()).map(std::ffi::OsStr::to_string_lossy);
    store::Source {
        dataset: named.unwrap_or_else(|| folder().unwrap_or_default().into_owned()),
        files: files.iter().map(|file| (file.number, file.path.display().to_string())).collect(),
    }
}

/// Adds the rows that the ledger set aside to the reject files.
pub(super) fn reject_later(
    workspace: &Workspace,
    source: &Source,
    before: &Tally,
    after: &Tally,
    options: &AppendOptions,
) -> Result<(), EngineError> {
    let Some(folder) = &options.reject_dir else { return Ok(()) };
    let new = after.set_aside.iter().filter(|(origin, _)| !before.set_aside.contains_key(origin));
    let new: BTreeMap<RowRef, _> = new.map(|(origin, reason)| (*origin, *reason)).collect();
    let number = |path: &str| source.files().iter().find(|file| file.path.display().to_string() == path);
    let mut rows = BTreeMap::new();
    for (origin, said) in workspace.sources_of(&new.keys().copied().collect())? {
        if let Some(file) = number(&said.file).filter(|_| said.epoch == workspace.epoch()) {
            rows.insert(RowRef::new(origin.table(), file.number, said.row), new[&origin]);
        }
    }
    Ok(source.reject(folder, &rows)?)
}
