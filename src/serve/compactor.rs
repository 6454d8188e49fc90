//! Who keeps the files of a served workspace few? A thread that reads beside everybody else, writes one larger file at a time,
//! and hands it to the writer, who only exchanges names. Batches and readers wait for no more than that.

use super::shared::Shared;
use super::writer::Work;
use crate::store::{Compacted, Extent, Prepared, StoreError, Workspace};
use std::sync::Arc;
use std::sync::mpsc::{TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it looks whether there are new epochs.
const PAUSE: Duration = Duration::from_secs(5);

/// Starts the thread; it ends when the server does, or when the writer gave up.
pub(super) fn start(shared: Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("compactor".to_owned()).spawn(move || {
        let (mut seen, mut gone) = (None, 0);
        while shared.lost().is_none() && !shared.is_closing() {
            let epoch = shared.view().epoch;
            if seen != Some(epoch) {
                match compact(&shared, &mut gone) {
                    Ok(()) => seen = Some(epoch),
                    // What is damaged or full stays so for a while: the next epoch is early enough.
                    Err(error) => {
                        tracing::warn!("files were not compacted: {error}");
                        seen = Some(epoch);
                    }
                }
            }
            shared.rest(PAUSE);
        }
    })
}

fn compact(shared: &Shared, gone: &mut u64) -> Result<(), StoreError> {
    loop {
        let reader = Workspace::open_reader(&shared.root)?;
        let now = reader.rows_gone()?;
        let Some(prepared) = reader.prepare_compaction(Extent::Step { look: now != *gone })? else {
            *gone = now;
            return Ok(());
        };
        drop(reader);
        let Some(done) = deliver(shared, prepared) else { return Ok(()) };
        let Compacted { replaced, written, bytes_before, bytes_after, dropped } = done?;
        tracing::info!(replaced, written, bytes_before, bytes_after, dropped, "files were compacted");
    }
}

/// Hands files to the writer and waits until they count. `None` when the server is ending, or its writer gave up.
fn deliver(shared: &Shared, prepared: Prepared) -> Option<Result<Compacted, StoreError>> {
    let (reply, answer) = sync_channel(1);
    let mut work = Work::Compaction(Box::new(prepared), reply);
    loop {
        if shared.lost().is_some() || shared.is_closing() {
            return None;
        }
        // The sender is not kept: the writer ends when nobody can send any more.
        match shared.jobs()?.try_send(work) {
            Ok(()) => return answer.recv().ok(),
            Err(TrySendError::Full(back)) => {
                work = back;
                shared.rest(PAUSE);
            }
            Err(TrySendError::Disconnected(_)) => return None,
        }
    }
}
