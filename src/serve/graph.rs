//! Which graph answers questions about links and paths? That of the last epoch one was built for.
//!
//! It is built from the workspace by a thread of its own, while the one before it goes on answering. Epochs that come in
//! the meantime are passed over: only the last one counts. Cost: all rows are read again, see [`crate::engine::snapshot`].

use super::shared::Shared;
use crate::engine::{EngineError, Facts, snapshot};
use crate::model::Day;
use crate::path::snapshot::Snapshot;
use crate::store::Workspace;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Instant;

/// All links as of an epoch.
pub(super) struct Graph {
    pub(super) epoch: u64,
    pub(super) snapshot: Snapshot,
    /// The last day of any settlement.
    pub(super) last: Day,
}

/// Starts the thread; it ends when nothing will be published any more.
pub(super) fn start(shared: Arc<Shared>, epochs: Receiver<u64>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("graph".to_owned()).spawn(move || {
        while epochs.recv().is_ok() {
            while epochs.try_recv().is_ok() {}
            let started = Instant::now();
            match build(&shared) {
                Ok(graph) => {
                    shared.metrics.built(started.elapsed());
                    shared.publish_graph(graph);
                }
                Err(EngineError::Interrupted) => {}
                Err(error) => shared.lose(error.to_string()),
            }
        }
    })
}

fn build(shared: &Shared) -> Result<Graph, EngineError> {
    // The reader sees one whole epoch, the one it opened at.
    let workspace = Workspace::open_reader(&shared.root)?;
    let epoch = workspace.epoch();
    let (snapshot, last) = snapshot(&Facts::Workspace(workspace), &shared.stop)?;
    Ok(Graph { epoch, snapshot, last })
}
