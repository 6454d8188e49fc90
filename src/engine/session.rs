//! How does a workspace take a batch, and what did the batch change?
//!
//! ```text
//! committed epochs ─► river loads             files ─► pending rows ─► river, open ─► rings ─► one commit
//!                     (replay, epoch by epoch)
//! ```
//!
//! The river starts when the first batch comes, because it needs the references that the batch brings. Epoch *e* of the
//! workspace is epoch *e* of the river: where rows carry no version, the epoch of arrival decides which one counts. A batch
//! that changes the references makes the river start anew from the committed epochs, so that the answer is always the one
//! that all facts would give at once. Whatever fails before the commit leaves the workspace as it was; the river, which has
//! seen rows that were not kept, is thrown away.
//!
//! Cost of the first batch of a process: one replay. Bad rows, and institutions without a region of their own, are judged
//! by the references known when the row was read.

use super::balance::{Count, counts, too_many_set_aside};
use super::contents::batch_id;
use super::detect::{Recognise, settings};
use super::ranking::{Calibration, rings};
use super::references::ReferenceBook;
use super::standing::Standing;
use super::{Answer, Cluster, EngineError, River};
use crate::flow::{Epoch, Limits, Stage, Tally};
use crate::ingest::{self, Progress, ReadOptions, Source};
use crate::model::{Batch, Finding, References, Ring, RowRef, Table};
use crate::store::lineage::Event;
use crate::store::{self, Begin, Outcomes, Pending, RingChanges, Workspace};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows that are replayed at a time.
const ROWS_PER_BATCH: usize = 100_000;
/// The tables of references.
const REFERENCES: [Table; 3] = [Table::AdmdvsB, Table::FixmedinsB, Table::DrB];

/// How to take a batch.
#[derive(Clone, Debug)]
pub struct AppendOptions {
    /// What the batch is called; without a name, by its contents. A batch of a known name is not taken again.
    pub batch_id: Option<String>,
    /// Say what would happen, and keep nothing.
    pub dry_run: bool,
    /// Per cent of the rows of a table that may be set aside.
    pub reject_percent_max: f64,
    /// Write rows that were set aside to this folder.
    pub reject_dir: Option<PathBuf>,
    /// Show how far it is.
    pub progress: Progress,
    /// Stop when this becomes true.
    pub stop: Arc<AtomicBool>,
}

impl Default for AppendOptions {
    fn default() -> AppendOptions {
        AppendOptions {
            batch_id: None,
            dry_run: false,
            reject_percent_max: 5.0,
            reject_dir: None,
            progress: Progress::Off,
            stop: Arc::default(),
        }
    }
}

/// What became of a batch.
#[derive(Debug)]
pub enum Appended {
    /// It was committed before, as this epoch, and was not taken again.
    Already {
        /// The epoch.
        epoch: u64,
        /// The batch.
        batch_id: String,
    },
    /// It was taken.
    Taken(Box<Taken>),
}

/// A batch that was taken, or would be.
#[derive(Debug)]
pub struct Taken {
    /// The epoch it became.
    pub epoch: u64,
    /// What it is called.
    pub batch_id: String,
    /// What the reader did.
    pub read: ingest::Tally,
    /// What became of its rows, and by how much it changed what became of earlier ones.
    pub counts: Vec<Count>,
    /// What happened to rings.
    pub events: Vec<Event>,
    /// The rings now.
    pub rings: Vec<Ring>,
    /// Rings whose finding, rank or expectation changed.
    pub changed: usize,
    /// Files that are no tables.
    pub ignored: Vec<PathBuf>,
    /// Where a bound cut something.
    pub limits: Limits,
    /// Why the reject files lack the rows that the ledger set aside, if they do. The batch is committed all the same.
    pub rejects_unwritten: Option<EngineError>,
}

/// An open workspace with its river.
pub struct Session {
    workspace: Workspace,
    book: ReferenceBook,
    running: Option<Running>,
    workers: usize,
    recognise: Recognise,
    score_min: i32,
}

impl Session {
    /// Opens a workspace for writing. Arguments: its folder, the number of worker threads, what is recognised, and the
    /// score (hundredths) from which a finding becomes a ring.
    ///
    /// # Errors
    /// When the workspace cannot be opened, or somebody else writes to it.
    pub fn open(path: &Path, workers: usize, recognise: Recognise, score_min: i32) -> Result<Session, EngineError> {
        let workspace = Workspace::open(path)?;
        let book = book_of(&workspace)?;
        Ok(Session { workspace, book, running: None, workers: workers.max(1), recognise, score_min })
    }

    /// The workspace, for questions.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Takes a batch: reads it, finds out what it changes, and commits both together.
    ///
    /// # Errors
    /// When the input cannot be read, too much of it is set aside, the user interrupts, or the workspace does not answer.
    /// Then nothing is kept.
    pub fn append(&mut self, inputs: &[PathBuf], options: &AppendOptions) -> Result<Appended, EngineError> {
        let source = Source::open_knowing(inputs, &self.book.references())?;
        let batch_id = match &options.batch_id {
            Some(name) => name.clone(),
            None => batch_id(&source)?,
        };
        let pending = match self.workspace.begin(Some(&batch_id))? {
            Begin::AlreadyCommitted(epoch) => return Ok(Appended::Already { epoch, batch_id }),
            Begin::New(pending) => *pending,
        };
        let taken = self.take(&source, pending, batch_id, options);
        if taken.is_err() || options.dry_run {
            self.running = None;
        }
        Ok(Appended::Taken(Box::new(taken?)))
    }

    fn take(
        &mut self,
        source: &Source,
        mut pending: Pending,
        batch_id: String,
        options: &AppendOptions,
    ) -> Result<Taken, EngineError> {
        let references = references_with(&self.book, source)?;
        if self.running.as_ref().is_some_and(|running| *running.references != references) {
            self.running = None;
        }
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::replay(&self.workspace, references, self.workers, self.recognise, &options.stop)?,
        };
        let mut book = self.book.clone();
        let read = pour(source, &mut pending, &mut book, &running.river, options, self.workers)?;
        let before = running.tally.clone();
        running.turn()?;
        let counts = counts(&read, &before, &running.tally);
        if let Some((table, percent)) = too_many_set_aside(&read, &counts, options.reject_percent_max) {
            return Err(EngineError::Rejected { table, percent, most: options.reject_percent_max });
        }
        let (rings, events) = self.rings(&running)?;
        let changes = RingChanges::between(&self.workspace.rings(None)?, &rings, events.clone());
        let changed = changes.changed.len() + changes.ended.len();
        let mut taken = Taken {
            epoch: pending.epoch(),
            batch_id,
            read,
            counts,
            events,
            rings,
            changed,
            ignored: source.ignored().to_vec(),
            limits: running.limits,
            rejects_unwritten: None,
        };
        interrupted(&options.stop)?;
        if options.dry_run {
            return Ok(taken);
        }
        let settings = vec![("persons".to_owned(), running.persons.to_string())];
        let tallies = taken.counts.iter().map(Count::stored).collect();
        self.workspace.commit(pending, &Outcomes { rings: changes, tallies, settings })?;
        self.book = book;
        taken.rejects_unwritten = reject_later(&self.workspace, source, &before, &running.tally, options).err();
        self.running = Some(running);
        Ok(taken)
    }

    /// The rings of what stands, with the ids of those known before, and what happened to them.
    fn rings(&self, running: &Running) -> Result<(Vec<Ring>, Vec<Event>), EngineError> {
        let calibration = match self.workspace.setting("calibration")? {
            Some(text) => serde_json::from_str(&text).unwrap_or_else(|_| Calibration::shipped()),
            None => Calibration::shipped(),
        };
        let strong = running.standing.found().filter(|found| found.finding.score >= self.score_min);
        let findings: Vec<Finding> = strong.map(|found| found.finding.clone()).collect();
        let known = self.workspace.known_rings()?;
        let persons = u64::try_from(running.persons).unwrap_or(0);
        let (rings, lineage) = rings(findings, &known, &calibration, persons);
        Ok((rings, lineage.events))
    }
}

/// The river with what stands in it.
struct Running {
    river: River,
    /// Nothing was worked out yet: the first batch of an empty workspace, or a replay under way.
    loading: bool,
    references: Arc<References>,
    standing: Standing,
    /// The epoch that takes rows.
    epoch: Epoch,
    tally: Tally,
    limits: Limits,
    persons: usize,
}

impl Running {
    /// Starts a river and gives it all committed epochs.
    fn replay(
        workspace: &Workspace,
        references: References,
        workers: usize,
        recognise: Recognise,
        stop: &AtomicBool,
    ) -> Result<Running, EngineError> {
        let settings = settings(&references, recognise, Stage::load());
        let mut running = Running {
            river: River::start(&Cluster::local(workers), settings)?,
            loading: true,
            references: Arc::new(references),
            standing: Standing::default(),
            epoch: 0,
            tally: Tally::default(),
            limits: Limits::default(),
            persons: 0,
        };
        let (mut failed, mut replayed) = (Ok(()), None);
        workspace.replay(0, ROWS_PER_BATCH, &mut |epoch, batch| {
            let next = replayed.replace(epoch).is_some_and(|last| last != epoch);
            failed = interrupted(stop).and_then(|()| running.replay_one(next, batch));
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed?;
        if replayed.is_some() {
            running.turn()?;
        }
        Ok(running)
    }

    /// Feeds committed rows; rows of another committed epoch arrive in another epoch of the river, so that «in one batch»
    /// means the same as when they came.
    fn replay_one(&mut self, next: bool, batch: Batch) -> Result<(), EngineError> {
        if next {
            self.river.settle(self.epoch)?;
            self.epoch += 1;
        }
        Ok(self.river.feed(batch, 1)?)
    }

    /// Works out what was fed; later rows arrive in the next epoch.
    fn turn(&mut self) -> Result<(), EngineError> {
        let mut answer: Answer = if std::mem::take(&mut self.loading) {
            let (answer, next) = self.river.open(self.epoch)?;
            self.epoch = next;
            answer
        } else {
            let answer = self.river.settle(self.epoch)?;
            self.epoch += 1;
            answer
        };
        self.standing.apply(&mut answer);
        (self.tally, self.limits, self.persons) = (answer.tally, answer.limits, answer.persons);
        Ok(())
    }
}

/// The references that a workspace holds.
///
/// # Errors
/// When a segment is missing or damaged.
pub fn book_of(workspace: &Workspace) -> Result<ReferenceBook, EngineError> {
    let mut book = ReferenceBook::default();
    for segment in workspace.segments(0)?.iter().filter(|segment| REFERENCES.contains(&segment.table)) {
        let whole = segment.read(ROWS_PER_BATCH, &mut |batch| {
            book.take(&batch);
            ControlFlow::Continue(())
        })?;
        debug_assert!(whole.is_continue(), "nobody asked to stop");
    }
    Ok(book)
}

/// The references as they will be with those of a source.
fn references_with(book: &ReferenceBook, source: &Source) -> Result<References, EngineError> {
    let mut book = book.clone();
    let mut rows = 0;
    // Rows that are numbered later than all others, as they will be once they are appended.
    let mut last = |origin: &mut RowRef| {
        rows += 1;
        *origin = RowRef::new(origin.table(), u32::MAX, rows);
    };
    source.read_tables(&REFERENCES, &ReadOptions::default(), &mut |mut batch| {
        batch.regions.iter_mut().for_each(|row| last(&mut row.origin));
        batch.places.iter_mut().for_each(|row| last(&mut row.origin));
        batch.doctors.iter_mut().for_each(|row| last(&mut row.origin));
        book.take(&batch);
        ControlFlow::Continue(())
    })?;
    Ok(book.references())
}

/// Writes all rows of a source to the pending batch and gives them to the river.
fn pour(
    source: &Source,
    pending: &mut Pending,
    book: &mut ReferenceBook,
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
    let said = said_by(source);
    let mut give = |batch: Batch| -> Result<(), EngineError> {
        let batch = pending.append(batch, &said)?;
        book.take(&batch);
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
fn reject_later(
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

fn interrupted(stop: &AtomicBool) -> Result<(), EngineError> {
    if stop.load(Ordering::Relaxed) { Err(EngineError::Interrupted) } else { Ok(()) }
}
