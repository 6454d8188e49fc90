//! Do two workspaces that took the same batches say the same? A digest of each epoch that two people can read to one another.
//!
//! A digest covers what an epoch says, not how it is kept: the batch, what became of its rows, the rings as of it with every
//! figure and cited row, and what happened to them. Workers, processes, compaction, restarts and the clock leave no trace in
//! it. Rows are cited by their serial numbers, so that replicas take the same batches in the same order, as from one log.
//!
//! Cost: the rings of the epoch, read and hashed once.

use super::lineage::Event;
use super::{EpochEntry, StoreError, Workspace, sha256};
use serde_json::json;

/// What an epoch says, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The epoch.
    pub epoch: u64,
    /// Its batch.
    pub batch_id: Option<String>,
    /// Rings as of it.
    pub rings: usize,
    /// SHA-256 in hexadecimal digits.
    pub digest: String,
}

impl Workspace {
    /// The digests of these epochs, in their order.
    ///
    /// # Errors
    /// When the workspace does not answer.
    pub fn digests(&self, of: std::ops::RangeInclusive<u64>) -> Result<Vec<Digest>, StoreError> {
        let events = self.events(of.start().saturating_sub(1))?;
        let entries = self.epochs()?.into_iter().filter(|entry| of.contains(&entry.epoch));
        entries.map(|entry| self.digest(entry, &events)).collect()
    }

    fn digest(&self, entry: EpochEntry, events: &[(u64, Event)]) -> Result<Digest, StoreError> {
        let EpochEntry { epoch, batch_id, rows, .. } = entry;
        let rings = self.rings(Some(epoch))?;
        let mut tallies: Vec<_> = self
            .tallies(Some(epoch))?
            .into_iter()
            .map(|tally| {
                let reason = tally.reason.map(|reason| reason.code());
                (tally.table.name(), tally.outcome.word(), reason, tally.rows.cast_signed())
            })
            .filter(|(.., rows)| *rows != 0)
            .collect();
        tallies.sort_unstable();
        let happened: Vec<&Event> = events.iter().filter(|(at, _)| *at == epoch).map(|(_, event)| event).collect();
        let said = json!({"epoch": epoch, "batch_id": batch_id, "rows": rows, "tallies": tallies, "rings": rings,
            "events": happened});
        let digest = sha256(said.to_string().as_bytes());
        Ok(Digest { epoch, batch_id, rings: rings.len(), digest })
    }
}
