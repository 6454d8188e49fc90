//! Where do facts come from, for a question that is asked once: from files, or from a workspace?

use super::detect::{Recognise, references, settings};
use super::names::names;
use super::references::book_of;
use super::running::ROWS_PER_BATCH;
use super::standing::Standing;
use super::{Cluster, EngineError, River};
use crate::flow::{Epoch, Files, Settings, Stage};
use crate::ingest::{Progress, ReadOptions, Source};
use crate::model::{Batch, Names, Party, References, RowRef};
use crate::store::Workspace;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows of one epoch of files.
const ROWS_PER_EPOCH: usize = 750_000;

/// Facts to ask about.
pub enum Facts {
    /// Files.
    Source(Source),
    /// A workspace, open for reading.
    Workspace(Workspace),
}

impl Facts {
    /// The references.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn references(&self) -> Result<References, EngineError> {
        match self {
            Facts::Source(source) => references(source),
            Facts::Workspace(workspace) => Ok(book_of(workspace)?.references()),
        }
    }

    /// The texts behind rows and parties.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn names(&self, rows: &BTreeSet<RowRef>, parties: &BTreeSet<Party>) -> Result<Names, EngineError> {
        match self {
            Facts::Source(source) => Ok(names(source, rows, parties.iter().copied())?),
            Facts::Workspace(workspace) => Ok(workspace.names(rows, parties)?),
        }
    }

    /// Gives all rows to `each`, with the epoch they arrived in, counted up from 0.
    ///
    /// # Errors
    /// When they cannot be read, the user interrupts, or `each` fails.
    pub fn each(
        &self,
        stop: &Arc<AtomicBool>,
        each: &mut dyn FnMut(Epoch, Batch) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let mut failed = Ok(());
        let mut give = |epoch: Epoch, batch: Batch| {
            failed = if stop.load(Ordering::Relaxed) { Err(EngineError::Interrupted) } else { each(epoch, batch) };
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        match self {
            Facts::Source(source) => {
                let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
                let (progress, stop) = (Progress::Auto, Some(Arc::clone(stop)));
                let options =
                    ReadOptions { rows_per_batch: ROWS_PER_BATCH, threads, progress, stop, ..ReadOptions::default() };
                let mut rows = 0;
                source.read(&options, &mut |batch| {
                    let epoch = Epoch::try_from(rows / ROWS_PER_EPOCH).unwrap_or(Epoch::MAX);
                    rows += batch.rows();
                    give(epoch, batch)
                })?;
            }
            Facts::Workspace(workspace) => {
                workspace.replay(0, ROWS_PER_BATCH, &mut |epoch, batch| {
                    give(Epoch::try_from(epoch).unwrap_or(Epoch::MAX), batch)
                })?;
            }
        }
        failed
    }

    /// Whether no row came later than another.
    fn is_one_batch(&self) -> bool {
        matches!(self, Facts::Source(_))
    }

    /// The files of the wanted people, or of all.
    ///
    /// # Errors
    /// See [`Facts::each`].
    pub fn files(&self, wanted: Option<BTreeSet<Party>>, stop: &Arc<AtomicBool>) -> Result<Files, EngineError> {
        let mut files = Files::of(wanted, Arc::new(self.references()?.regions));
        self.each(stop, &mut |epoch, batch| {
            files.take(&batch, if self.is_one_batch() { 0 } else { epoch });
            Ok(())
        })?;
        Ok(files)
    }

    /// What a river of these facts comes to: all findings, whatever their score, and all ties.
    ///
    /// # Errors
    /// See [`Facts::each`]; or when a worker is lost.
    pub fn standing(
        &self,
        references: &References,
        workers: usize,
        recognise: Recognise,
        stop: &Arc<AtomicBool>,
    ) -> Result<Standing, EngineError> {
        let settings = Settings { one_batch: self.is_one_batch(), ..settings(references, recognise, Stage::load()) };
        let river = River::start(&Cluster::local(workers), settings)?;
        let mut last = 0;
        self.each(stop, &mut |epoch, batch| {
            if epoch > last {
                river.settle(last)?;
            }
            last = epoch;
            Ok(river.feed(batch, 1)?)
        })?;
        let (mut answer, _) = river.open(last)?;
        let mut standing = Standing::default();
        standing.apply(&mut answer);
        Ok(standing)
    }
}
