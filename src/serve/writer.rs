//! Who writes? One thread that owns the session, takes one batch after the other from a bounded queue, and publishes.
//!
//! Between batches facts leave that are older than the window, once a day of the data's own time, and larger files take the place
//! of small ones.
//!
//! A batch is acknowledged only after its commit. A batch that fails leaves the workspace as it was; the river is started
//! anew from the committed epochs before the next one.

use super::batches::Receipt;
use super::shared::Shared;
use super::trouble::Trouble;
use super::view::View;
use crate::engine::{AppendOptions, Appended, EngineError, Session, leaving};
use crate::model::{Day, Outcome};
use crate::store::{Compacted, Prepared, StoreError, crash_point};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread::JoinHandle;
use std::time::Instant;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// What to take.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// The tables.
    pub(super) files: Vec<PathBuf>,
    /// What it is called; without a name, by its contents.
    pub(super) batch_id: Option<String>,
    /// Where its source has got to: committed with the rows.
    pub(super) settings: Vec<(String, String)>,
}

/// A batch to take, and who waits for it.
pub(super) struct Job {
    /// Holds the tables; removed when the batch is done. Without one the files are the source's.
    pub(super) folder: Option<TempDir>,
    /// The batch.
    pub(super) batch: Batch,
    /// Where the answer goes.
    pub(super) reply: oneshot::Sender<Result<Receipt, Trouble>>,
}

/// What the writer is asked to do.
pub(super) enum Work {
    /// Take a batch.
    Batch(Job),
    /// Put files in the place of those they were made of.
    Compaction(Box<Prepared>, SyncSender<Result<Compacted, StoreError>>),
}

/// Starts the thread; it ends when the queue is closed and empty.
pub(super) fn start(
    shared: Arc<Shared>,
    mut session: Session,
    jobs: Receiver<Work>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
        match warm(&shared, &mut session) {
            Ok(()) | Err(EngineError::Interrupted) => {}
            Err(error) => shared.lose(error.to_string()),
        }
        let mut told = None;
        retain(&shared, &mut session, &mut told);
        for work in jobs {
            let job = match work {
                Work::Batch(job) => job,
                Work::Compaction(prepared, reply) => {
                    // Whoever prepared it waits; if nobody does, the server is ending.
                    let _ = reply.send(exchange(&shared, &mut session, *prepared));
                    continue;
                }
            };
            let answer = take(&shared, &mut session, &job);
            shared.metrics.queued(-1);
            if answer.is_err() {
                shared.metrics.refused();
            }
            // The folder goes before the answer: who has the answer may look.
            drop(job.folder);
            // Nobody waits any more: the batch is in all the same, and known when it is sent again.
            crash_point("acknowledging");
            let _ = job.reply.send(answer);
            retain(&shared, &mut session, &mut told);
        }
        shared.close_epochs();
    })
}

/// Starts the river and publishes ties with the rings.
fn warm(shared: &Shared, session: &mut Session) -> Result<(), EngineError> {
    session.warm(&shared.stop)?;
    shared.publish(View::of(session)?);
    Ok(())
}

/// Makes compacted files count.
fn exchange(shared: &Shared, session: &mut Session, prepared: Prepared) -> Result<Compacted, StoreError> {
    let done = session.workspace_mut().commit_compaction(prepared);
    if let Some(why) = session.workspace().poisoned() {
        shared.lose(why.to_owned());
    }
    done
}

/// Lets facts leave that are older than the window, or says what would leave; `told` is the day for which that was said.
fn retain(shared: &Shared, session: &mut Session, told: &mut Option<Day>) {
    if shared.lost().is_some() || shared.is_closing() || !session.is_warm() {
        return;
    }
    let settings = &shared.settings;
    let mut leave = || -> Result<(), EngineError> {
        let Some(before) = session.retention_due(settings)?.filter(|day| *told != Some(*day)) else { return Ok(()) };
        *told = Some(before);
        if settings.retention_dry_run {
            let leaving = leaving(session.workspace(), before, &shared.stop)?;
            let (rows, rings) = (leaving.rows.len(), leaving.rings.len());
            tracing::info!(%before, rows, rings, "facts would leave; retention_dry_run keeps them");
            return Ok(());
        }
        let retired = session.retire(before, &shared.stop)?;
        let (rows, changed) = (retired.leaving.rows.len(), retired.changed);
        tracing::info!(%before, rows, changed, epoch = retired.epoch, "facts left that are older than the window");
        if retired.epoch.is_some() {
            shared.publish(View::of(session)?);
        }
        Ok(())
    };
    match leave() {
        Ok(()) | Err(EngineError::Interrupted) => {}
        Err(error) => {
            tracing::warn!("facts did not leave: {}", kind(&error));
            if let Some(why) = session.workspace().poisoned() {
                shared.lose(why.to_owned());
            } else if let Err(error) = session.warm(&shared.stop) {
                shared.lose(error.to_string());
            }
        }
    }
}

fn take(shared: &Shared, session: &mut Session, job: &Job) -> Result<Receipt, Trouble> {
    let options = AppendOptions {
        batch_id: job.batch.batch_id.clone(),
        settings: job.batch.settings.clone(),
        rows_max: shared.options.rows_max,
        reject_percent_max: shared.options.reject_percent_max,
        stop: Arc::clone(&shared.stop),
        ..AppendOptions::default()
    };
    if job.batch.files.is_empty() {
        // A source has got on without rows.
        for (key, value) in &job.batch.settings {
            session.workspace_mut().set_setting(key, value)?;
        }
        return Ok(Receipt::known(session.workspace().epoch(), String::new()));
    }
    let started = Instant::now();
    match session.append(&job.batch.files, &options) {
        Ok(Appended::Already { epoch, batch_id }) => {
            shared.metrics.known();
            Ok(Receipt::known(epoch, batch_id))
        }
        Ok(Appended::Taken(taken)) => {
            let aside = taken.counts.iter().filter(|count| count.outcome == Outcome::Quarantined);
            let aside = aside.map(|count| count.rows.max(0).unsigned_abs()).sum();
            let rows = taken.read.tables.values().map(|table| table.read).sum();
            shared.metrics.taken(rows, aside, started.elapsed());
            let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(
                epoch = taken.epoch,
                rows,
                aside,
                rings = taken.rings.len(),
                milliseconds,
                "a batch was committed"
            );
            // The batch is durable: it is acknowledged even if showing it fails.
            match View::of(session) {
                Ok(view) => shared.publish(view),
                Err(error) => shared.lose(error.to_string()),
            }
            Ok(Receipt::of(&taken))
        }
        Err(error) => {
            tracing::warn!("a batch was not taken: {}", kind(&error));
            let trouble = without_folder(error.into(), job);
            if let Some(why) = session.workspace().poisoned() {
                // What could not be written may be lost although the system said so only once: nothing more is written
                // until the workspace is opened anew.
                shared.lose(why.to_owned());
            } else if !shared.is_stopping()
                && let Err(error) = session.warm(&shared.stop)
            {
                shared.lose(error.to_string());
            }
            Err(trouble)
        }
    }
}

/// What kind of failure it was: the words of an error may hold values of rows, and logs hold none.
fn kind(error: &EngineError) -> &'static str {
    match error {
        EngineError::Input(_) => "it cannot be read",
        EngineError::Rejected { .. } => "too many of its rows were set aside",
        EngineError::OtherContent { .. } => "its name belongs to a batch with other content",
        EngineError::Store(_) => "the workspace did not answer",
        EngineError::Interrupted => "the server is ending",
        _ => "the river was lost",
    }
}

/// The folder is nobody's business.
fn without_folder(trouble: Trouble, job: &Job) -> Trouble {
    let Some(folder) = &job.folder else { return trouble };
    let folder = format!("{}/", folder.path().display());
    let cut = |text: String| text.replace(&folder, "");
    match trouble {
        Trouble::Batch(text) => Trouble::Batch(cut(text)),
        Trouble::Rejected(text) => Trouble::Rejected(cut(text)),
        Trouble::Failed(text) => Trouble::Failed(cut(text)),
        other => other,
    }
}
