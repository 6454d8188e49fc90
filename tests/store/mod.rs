//! Does the workspace keep what it was given, whatever happens on the way?

mod audit;
mod backup;
mod breaks;
mod compact;
mod crash;
pub(crate) mod dice;
mod format;
mod hides;
mod keeps;
mod lineage;
mod rings;

pub(crate) use dice::origins;
use medring::model::Batch;
use medring::store::{Begin, Outcomes, Pending, Source, Workspace};
use std::ops::ControlFlow;
use std::path::Path;

fn source() -> Source {
    Source { dataset: "trial".to_owned(), files: (0..4).map(|file| (file, format!("file-{file}.csv"))).collect() }
}

fn workspace(folder: &Path) -> Workspace {
    Workspace::create(folder).expect("an empty folder becomes a workspace");
    Workspace::open(folder).expect("a new workspace opens")
}

fn begin(workspace: &mut Workspace, batch_id: Option<&str>) -> Pending {
    match workspace.begin(batch_id).expect("begins") {
        Begin::New(pending) => *pending,
        Begin::AlreadyCommitted(epoch) => panic!("already committed as epoch {epoch}"),
    }
}

/// Appends and commits a batch of that seed; returns it as the store numbered it.
fn take(workspace: &mut Workspace, seed: u64, most: usize) -> Batch {
    let mut pending = begin(workspace, None);
    let numbered = pending.append(dice::batch(seed, 1, 1, most), &source()).expect("appends");
    workspace.commit(pending, &Outcomes::default()).expect("commits");
    numbered
}

/// Everything committed after an epoch, each epoch's rows in one batch.
fn replayed(workspace: &Workspace, after: u64, rows_per_batch: usize) -> Vec<(u64, Batch)> {
    let mut epochs: Vec<(u64, Batch)> = Vec::new();
    let keep = &mut |epoch, batch: Batch| {
        assert!(batch.rows() <= rows_per_batch);
        if epochs.last().is_none_or(|(last, _)| *last != epoch) {
            epochs.push((epoch, Batch::default()));
        }
        dice::join(&mut epochs.last_mut().expect("just pushed").1, batch);
        ControlFlow::Continue(())
    };
    workspace.replay(after, rows_per_batch, keep).expect("replays");
    epochs
}
