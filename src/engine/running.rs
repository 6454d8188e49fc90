//! How does a workspace's river start, and how does it go on from batch to batch?

use super::detect::Recognise;
use super::leader::Site;
use super::standing::Standing;
use super::{Answer, EngineError, River};
use crate::flow::{Epoch, Limits, Tally};
use crate::model::{Batch, References};
use crate::store::Workspace;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows that are replayed at a time.
pub(super) const ROWS_PER_BATCH: usize = 100_000;
/// The river with what stands in it.
pub(super) struct Running {
    pub(super) river: River,
    /// Nothing was worked out yet: the first batch of an empty workspace, or a replay under way.
    loading: bool,
    pub(super) references: Arc<References>,
    pub(super) standing: Standing,
    /// The epoch that takes rows.
    epoch: Epoch,
    pub(super) tally: Tally,
    pub(super) limits: Limits,
    pub(super) persons: usize,
}

impl Running {
    /// Starts a river and gives it all committed epochs.
    pub(super) fn replay(
        workspace: &Workspace,
        references: References,
        site: &Site,
        recognise: Recognise,
        stop: &AtomicBool,
    ) -> Result<Running, EngineError> {
        let mut running = Running::start(references, site, Some(recognise))?;
        if running.load(workspace, stop)? {
            running.turn()?;
        }
        Ok(running)
    }

    /// What became of all committed rows under these references. Nothing is tied and nothing judged.
    pub(super) fn tally(
        workspace: &Workspace,
        references: References,
        site: &Site,
        stop: &AtomicBool,
    ) -> Result<Tally, EngineError> {
        let mut running = Running::start(references, site, None)?;
        running.load(workspace, stop)?;
        Ok(running.river.decide(running.epoch)?.tally)
    }

    fn start(references: References, site: &Site, recognise: Option<Recognise>) -> Result<Running, EngineError> {
        Ok(Running {
            river: site.river(&references, recognise)?,
            loading: true,
            references: Arc::new(references),
            standing: Standing::default(),
            epoch: 0,
            tally: Tally::default(),
            limits: Limits::default(),
            persons: 0,
        })
    }

    /// Feeds all committed epochs. Answers whether there were any.
    fn load(&mut self, workspace: &Workspace, stop: &AtomicBool) -> Result<bool, EngineError> {
        let (mut failed, mut replayed) = (Ok(()), None);
        workspace.replay(0, ROWS_PER_BATCH, &mut |epoch, batch| {
            let next = replayed.replace(epoch).is_some_and(|last| last != epoch);
            failed = interrupted(stop).and_then(|()| self.replay_one(next, batch));
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed?;
        Ok(replayed.is_some())
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
    pub(super) fn turn(&mut self) -> Result<(), EngineError> {
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

/// Fails when the caller asked to stop.
pub(super) fn interrupted(stop: &AtomicBool) -> Result<(), EngineError> {
    if stop.load(Ordering::Relaxed) { Err(EngineError::Interrupted) } else { Ok(()) }
}
