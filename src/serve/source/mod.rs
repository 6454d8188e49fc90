//! Which sources flow into the server by themselves, and how is each doing?
//!
//! A source reads on a thread of its own and hands whole batches to the writer's queue, as a push does. Where it has got to
//! is part of the same commit as its rows, so that a kill at any instant neither loses a row nor counts one twice.

pub(super) mod postgres;
pub(super) mod watch;

use super::batches::Receipt;
use super::shared::Shared;
use super::trouble::Trouble;
use super::writer::{Batch, Job, Work};
use serde::Serialize;
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::Duration;
use tokio::sync::oneshot;
use utoipa::ToSchema;

/// How long a source waits before it tries again what the server could not take.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// How a source is doing.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(super) struct SourceState {
    /// `watch` or `postgres`.
    pub(super) kind: String,
    /// Which one, without a password.
    pub(super) name: String,
    /// Batches taken since the server started.
    pub(super) taken: u64,
    /// Batches refused since the server started.
    pub(super) refused: u64,
    /// What keeps it from going on; empty when nothing does.
    pub(super) trouble: Option<String>,
    /// Changes that never came, and what was done about it.
    pub(super) lost: Option<String>,
    /// Where it has got to, in its own words.
    pub(super) at: Option<String>,
}

/// Hands a batch to the writer and waits for its end. `None` when the server is ending, or its writer gave up.
pub(super) fn deliver(shared: &Arc<Shared>, batch: &Batch) -> Option<Result<Receipt, Trouble>> {
    loop {
        if shared.lost().is_some() || shared.is_closing() {
            return None;
        }
        let (reply, answer) = oneshot::channel();
        // The sender is not kept: the writer ends when nobody can send any more.
        let sent = shared.jobs()?.try_send(Work::Batch(Job { folder: None, batch: batch.clone(), reply }));
        match sent {
            Ok(()) => {
                shared.metrics.queued(1);
                return answer.blocking_recv().ok();
            }
            Err(TrySendError::Full(_)) => shared.rest(PAUSE),
            Err(TrySendError::Disconnected(_)) => return None,
        }
    }
}
