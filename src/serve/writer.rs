//! Who writes? One thread that owns the session, takes one batch after the other from a bounded queue, and publishes.
//!
//! A batch is acknowledged only after its commit. A batch that fails leaves the workspace as it was; the river is started
//! anew from the committed epochs before the next one.

use super::batches::Receipt;
use super::shared::Shared;
use super::trouble::Trouble;
use super::view::View;
use crate::engine::{AppendOptions, Appended, EngineError, Session};
use crate::model::Outcome;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Instant;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A batch to take.
pub(super) struct Job {
    /// Holds the tables; removed when the batch is done.
    pub(super) folder: TempDir,
    /// The tables.
    pub(super) files: Vec<PathBuf>,
    /// What it is called; without a name, by its contents.
    pub(super) batch_id: Option<String>,
    /// Where the answer goes.
    pub(super) reply: oneshot::Sender<Result<Receipt, Trouble>>,
}

/// Starts the thread; it ends when the queue is closed and empty.
pub(super) fn start(shared: Arc<Shared>, mut session: Session, jobs: Receiver<Job>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
        match warm(&shared, &mut session) {
            Ok(()) | Err(EngineError::Interrupted) => {}
            Err(error) => shared.lose(error.to_string()),
        }
        for job in jobs {
            let answer = take(&shared, &mut session, &job);
            shared.metrics.queued(-1);
            if answer.is_err() {
                shared.metrics.refused();
            }
            // The folder goes before the answer: who has the answer may look.
            drop(job.folder);
            // Nobody waits any more: the batch is in all the same, and known when it is sent again.
            let _ = job.reply.send(answer);
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

fn take(shared: &Shared, session: &mut Session, job: &Job) -> Result<Receipt, Trouble> {
    let options = AppendOptions {
        batch_id: job.batch_id.clone(),
        reject_percent_max: shared.options.reject_percent_max,
        stop: Arc::clone(&shared.stop),
        ..AppendOptions::default()
    };
    let started = Instant::now();
    match session.append(&job.files, &options) {
        Ok(Appended::Already { epoch, batch_id }) => {
            shared.metrics.known();
            Ok(Receipt::known(epoch, batch_id))
        }
        Ok(Appended::Taken(taken)) => {
            let aside = taken.counts.iter().filter(|count| count.outcome == Outcome::Quarantined);
            let aside = aside.map(|count| count.rows.max(0).unsigned_abs()).sum();
            let rows = taken.read.tables.values().map(|table| table.read).sum();
            shared.metrics.taken(rows, aside, started.elapsed());
            // The batch is durable: it is acknowledged even if showing it fails.
            match View::of(session) {
                Ok(view) => shared.publish(view),
                Err(error) => shared.lose(error.to_string()),
            }
            Ok(Receipt::of(&taken))
        }
        Err(error) => {
            let trouble = without_folder(error.into(), job);
            if !shared.is_stopping()
                && let Err(error) = session.warm(&shared.stop)
            {
                shared.lose(error.to_string());
            }
            Err(trouble)
        }
    }
}

/// The folder is nobody's business.
fn without_folder(trouble: Trouble, job: &Job) -> Trouble {
    let folder = format!("{}/", job.folder.path().display());
    let cut = |text: String| text.replace(&folder, "");
    match trouble {
        Trouble::Batch(text) => Trouble::Batch(cut(text)),
        Trouble::Rejected(text) => Trouble::Rejected(cut(text)),
        Trouble::Failed(text) => Trouble::Failed(cut(text)),
        other => other,
    }
}
