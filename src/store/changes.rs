//! How are the ring changes of an epoch written, so that any epoch can be asked for later?
//!
//! A finding is kept once, when it changes; a state (rank, expectation, which finding) lasts from epoch to epoch.

use super::lineage::Event;
use super::schema::OPEN;
use crate::model::{Finding, Ring};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64;

/// Rings that came, changed and went in an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RingChanges {
    /// Rings that are new, or whose finding, rank or expectation changed.
    pub changed: Vec<Ring>,
    /// Ids of rings that are no longer there.
    pub ended: Vec<String>,
    /// What happened to rings.
    pub events: Vec<Event>,
}

impl RingChanges {
    /// The changes from one list of rings to the next.
    #[must_use]
    pub fn between(before: &[Ring], after: &[Ring], events: Vec<Event>) -> RingChanges {
        let known: BTreeMap<&str, &Ring> = before.iter().map(|ring| (ring.id.as_str(), ring)).collect();
        let stays: BTreeSet<&str> = after.iter().map(|ring| ring.id.as_str()).collect();
        let changed = after.iter().filter(|ring| known.get(ring.id.as_str()) != Some(ring)).cloned().collect();
        let ended = known.keys().filter(|id| !stays.contains(*id)).map(|id| (*id).to_owned()).collect();
        RingChanges { changed, ended, events }
    }
}

/// Writes the changes of an epoch.
pub(super) fn record(transaction: &Transaction<'_>, epoch: i64, changes: &RingChanges) -> rusqlite::Result<()> {
    for id in &changes.ended {
        close(transaction, epoch, id)?;
    }
    for ring in &changes.changed {
        let version = keep_version(transaction, epoch, ring)?;
        close(transaction, epoch, &ring.id)?;
        let finding = &ring.finding;
        transaction
            .prepare_cached("INSERT INTO ring_state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
            .execute(params![
                ring.id,
                epoch,
                OPEN,
                version,
                ring.rank,
                finding.typology,
                finding.score,
                finding.amount.total_fen,
                finding.amount.fund_fen,
                ring.expected_by_chance_milli,
                u32::try_from(finding.members.len()).unwrap_or(u32::MAX),
                finding.first_day.0,
                finding.last_day.0
            ])?;
    }
    for event in &changes.events {
        let text =
            serde_json::to_string(event).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        transaction.execute(
            "INSERT OR REPLACE INTO ring_event (epoch, ring, kind, event) VALUES (?1, ?2, ?3, ?4)",
            params![epoch, event.ring, event.kind.word(), text],
        )?;
    }
    Ok(())
}

/// Ends what is valid still; a state of this very epoch was never seen by anybody.
fn close(transaction: &Transaction<'_>, epoch: i64, ring: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM ring_state WHERE ring = ?1 AND valid_from = ?2", params![ring, epoch])?;
    transaction
        .execute("UPDATE ring_state SET valid_to = ?2 WHERE ring = ?1 AND valid_to = ?3", params![ring, epoch, OPEN])?;
    Ok(())
}

/// Keeps the finding unless it equals the last one kept; returns the epoch under which it is kept.
fn keep_version(transaction: &Transaction<'_>, epoch: i64, ring: &Ring) -> rusqlite::Result<i64> {
    let odd = |error: serde_json::Error| rusqlite::Error::ToSqlConversionFailure(error.into());
    let text = serde_json::to_vec(&ring.finding).map_err(odd)?;
    let hash = xxh3_64(&text).cast_signed();
    let last = transaction
        .prepare_cached("SELECT epoch, hash FROM ring_version WHERE ring = ?1 ORDER BY epoch DESC LIMIT 1")?
        .query_row([&ring.id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    if let Some((kept, same)) = last
        && same == hash
    {
        return Ok(kept);
    }
    let packed =
        zstd::encode_all(text.as_slice(), 3).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    transaction.execute(
        "INSERT OR REPLACE INTO ring_version (ring, epoch, hash, finding) VALUES (?1, ?2, ?3, ?4)",
        params![ring.id, epoch, hash, packed],
    )?;
    transaction.execute("DELETE FROM ring_member WHERE ring = ?1 AND epoch = ?2", params![ring.id, epoch])?;
    let mut insert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO ring_member (party, ring, epoch, role, strength) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for member in &ring.finding.members {
        insert.execute(params![member.party.0.cast_signed(), ring.id, epoch, member.role.word(), member.strength])?;
    }
    Ok(epoch)
}

/// A finding from its blob; `None` when it is not what was written.
pub(super) fn unpack(blob: &[u8], hash: i64) -> Option<Finding> {
    let text = zstd::decode_all(blob).ok()?;
    (xxh3_64(&text).cast_signed() == hash).then(|| serde_json::from_slice(&text).ok())?
}
