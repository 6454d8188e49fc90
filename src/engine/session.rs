//! How does a workspace take a batch, and what did the batch change?
//!
//! ```text
//! committed epochs ─► river loads             files ─► pending rows ─► river, open ─► rings ─► one commit
//!                     (replay, epoch by epoch)
//! ```
//!
//! The river starts when the first batch comes, because it needs the references that the batch brings. Every epoch
//! of the workspace is one of the river: where rows carry no version, the epoch of arrival decides which one counts. A batch
//! that changes the references makes the river start anew from the committed epochs, so that the answer is always the one
//! that all facts would give at once. Whatever fails before the commit leaves the workspace as it was; the river, which has
//! seen rows that were not kept, is thrown away.
//!
//! Cost of the first batch of a process: one replay, and a second reading without ties when it changes the list of regions
//! (rows of earlier batches may have waited for one). Institutions without a region of their own are judged by the references
//! known when the row was read.

use super::balance::{Count, TooMany, counts, too_many_set_aside};
use super::contents::{CONTENT, batch_id};
use super::detect::Recognise;
use super::intake::{pour, reject_later};
use super::leader::{Leader, Site};
use super::ranking::{Calibration, rings};
use super::references::{ReferenceBook, book_of, references_with};
use super::retention::{DATA_DAY, middle_day};
use super::running::{Running, interrupted};
use super::{Cluster, EngineError};
use crate::flow::{self, Limits};
use crate::ingest::{self, Progress, Source};
use crate::model::{Day, Finding, References, Ring, Tie};
use crate::store::lineage::Event;
use crate::store::{Begin, Outcomes, Pending, RingChanges, Workspace};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    /// Rows at most; a batch with more is refused.
    pub rows_max: u64,
    /// Settings that are committed with the rows, such as where their source has got to.
    pub settings: Vec<(String, String)>,
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
            rows_max: u64::MAX,
            settings: Vec::new(),
            progress: Progress::Off,
            stop: Arc::default(),
        }
    }
}

/// The setting that says what a named batch held, so that other rows under its name are not taken for it.
fn content_of(batch_id: &str) -> String {
    format!("batch:{batch_id}")
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
    pub(super) workspace: Workspace,
    book: ReferenceBook,
    pub(super) running: Option<Running>,
    // Behind the river, so that it ends after it.
    site: Site,
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
        Ok(Session { workspace, book, running: None, site: Site::Here(workers.max(1)), recognise, score_min })
    }

    /// Opens a workspace for writing as the first process of a cluster, and waits for the others. Arguments as in
    /// [`Session::open`].
    ///
    /// # Errors
    /// Also when another process does not come, or was started otherwise.
    pub fn lead(path: &Path, cluster: &Cluster, recognise: Recognise, score_min: i32) -> Result<Session, EngineError> {
        let session = Session::open(path, cluster.workers, recognise, score_min)?;
        if cluster.processes() == 1 {
            return Ok(session);
        }
        Ok(Session { site: Site::Cluster(Leader::start(cluster)?, cluster.workers), ..session })
    }

    /// The workspace, for questions.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Starts the river from the committed epochs, so that the first batch need not wait for it and [`Session::ties`] has
    /// something to say. Does nothing when it runs already.
    ///
    /// # Errors
    /// When the workspace cannot be read, the user interrupts, or a worker is lost.
    pub fn warm(&mut self, stop: &AtomicBool) -> Result<(), EngineError> {
        if self.running.is_none() {
            let references = self.book.references();
            self.running = Some(Running::replay(&self.workspace, references, &self.site, self.recognise, stop)?);
        }
        Ok(())
    }

    /// Whether the river runs.
    #[must_use]
    pub fn is_warm(&self) -> bool {
        self.running.is_some()
    }

    /// The ties as of the last epoch, sorted; none before the river runs.
    pub fn ties(&self) -> impl Iterator<Item = &Tie> {
        self.running.iter().flat_map(|running| running.standing.ties())
    }

    /// The references as of the last epoch.
    #[must_use]
    pub fn references(&self) -> References {
        self.book.references()
    }

    /// The workspace, for keeping settings.
    pub fn workspace_mut(&mut self) -> &mut Workspace {
        &mut self.workspace
    }

    /// Takes a batch: reads it, finds out what it changes, and commits both together.
    ///
    /// # Errors
    /// When the input cannot be read, too much of it is set aside, the user interrupts, or the workspace does not answer.
    /// Then nothing is kept.
    pub fn append(&mut self, inputs: &[PathBuf], options: &AppendOptions) -> Result<Appended, EngineError> {
        let source = Source::open_knowing(inputs, &self.book.references())?;
        let content = batch_id(&source)?;
        let batch_id = options.batch_id.clone().unwrap_or_else(|| content.clone());
        let pending = match self.workspace.begin(Some(&batch_id))? {
            Begin::AlreadyCommitted(epoch) => {
                // Batches of older workspaces have no content on record; one without a name is called by it.
                let named = batch_id.starts_with(CONTENT).then(|| batch_id.clone());
                let held = self.workspace.setting(&content_of(&batch_id))?.or(named);
                return match held.filter(|held| *held != content) {
                    Some(_) => Err(EngineError::OtherContent { batch_id, epoch }),
                    None => Ok(Appended::Already { epoch, batch_id }),
                };
            }
            Begin::New(pending) => *pending,
        };
        let mut options = options.clone();
        if batch_id != content {
            options.settings.push((content_of(&batch_id), content));
        }
        let options = &options;
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
        let (mut running, mut before) = self.running_with(references, &options.stop)?;
        self.book.tell(&self.book.references().regions, &mut before);
        let mut book = self.book.clone();
        let mut days = Vec::new();
        let into = (&mut pending, &mut book, &mut days);
        let read = pour(source, into, &running.river, options, self.site.workers())?;
        running.turn()?;
        let mut after = running.tally.clone();
        book.tell(&running.references.regions, &mut after);
        let counts = counts(&read, &before, &after);
        if let Some(end) = read.cut_off().next() {
            let (fields, columns) = end.fields;
            return Err(EngineError::CutOff { file: end.file.clone(), fields, columns });
        }
        if let Some(TooMany { table, percent, reasons }) =
            too_many_set_aside(&read, &counts, options.reject_percent_max)
        {
            return Err(EngineError::Rejected { table, percent, most: options.reject_percent_max, reasons });
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
        let mut settings = options.settings.clone();
        settings.push(("persons".to_owned(), running.persons.to_string()));
        let known = self.workspace.setting(DATA_DAY)?.and_then(|day| day.parse().ok()).map(Day);
        if let Some(day) = known.max(middle_day(&mut days)) {
            settings.push((DATA_DAY.to_owned(), day.0.to_string()));
        }
        let tallies = taken.counts.iter().map(Count::stored).collect();
        self.workspace.commit(pending, &Outcomes { rings: changes, tallies, settings })?;
        self.book = book;
        taken.rejects_unwritten = reject_later(&self.workspace, source, &before, &after, options).err();
        self.running = Some(running);
        Ok(taken)
    }

    /// The river with these references, and what had become of all rows under those before: a list of regions that grows takes
    /// in rows of earlier batches.
    fn running_with(
        &mut self,
        references: References,
        stop: &AtomicBool,
    ) -> Result<(Running, flow::Tally), EngineError> {
        let known = match self.running.take() {
            Some(running) if *running.references == references => {
                let tally = running.tally.clone();
                return Ok((running, tally));
            }
            other => other.map(|running| running.tally),
        };
        let old = self.book.references();
        let same = old.regions.by_code.keys().eq(references.regions.by_code.keys());
        let known = match known {
            None if !same && self.workspace.epoch() > 0 => {
                Some(Running::tally(&self.workspace, old, &self.site, stop)?)
            }
            known => known,
        };
        let running = Running::replay(&self.workspace, references, &self.site, self.recognise, stop)?;
        let tally = known.unwrap_or_else(|| running.tally.clone());
        Ok((running, tally))
    }

    /// The rings of what stands, with the ids of those known before, and what happened to them.
    pub(super) fn rings(&self, running: &Running) -> Result<(Vec<Ring>, Vec<Event>), EngineError> {
        let calibration = Calibration::of(&self.workspace)?;
        let strong = running.standing.found().filter(|found| found.finding.score >= self.score_min);
        let findings: Vec<Finding> = strong.map(|found| found.finding.clone()).collect();
        let known = self.workspace.known_rings()?;
        let persons = u64::try_from(running.persons).unwrap_or(0);
        let (rings, lineage) = rings(findings, &known, &calibration, persons);
        Ok((rings, lineage.events))
    }
}
