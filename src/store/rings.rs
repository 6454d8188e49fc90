//! Which rings were there at an epoch, and what became of each?

use super::changes;
use super::error::StoreError;
use super::lineage::{Event, KnownRing};
use super::schema::{self, OPEN};
use super::workspace::Workspace;
use crate::model::{Finding, Party, Ring};
use rusqlite::types::Type;
use rusqlite::{Row, params};
use std::collections::BTreeSet;

/// All that is known of a ring's past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What happened, with the epoch in which it did.
    pub events: Vec<(u64, Event)>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
}

/// A ring's state from one epoch to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first epoch.
    pub from: u64,
    /// The first epoch in which it was no longer so; `None` when it still is.
    pub to: Option<u64>,
    /// The epoch in which its finding was last another one.
    pub finding_of: u64,
    /// Rank, from 1.
    pub rank: u32,
    /// Typology.
    pub typology: String,
    /// Score, log-odds in hundredths.
    pub score: i32,
    /// Money, fen: all, and the fund's.
    pub total_fen: i64,
    /// Paid by the fund, fen.
    pub fund_fen: i64,
    /// Rings of this score that chance would give, in thousandths.
    pub expected_by_chance_milli: u32,
    /// How many members.
    pub members: u32,
}

/// A party in a ring, from one epoch to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The ring.
    pub ring: String,
    /// What it did in it: a word of [`crate::model::Role`].
    pub role: String,
    /// How strongly it was tied to it, log-odds in hundredths.
    pub strength: i32,
    /// The ring as it was then.
    pub version: Version,
}

const VERSION: &str = "s.valid_from, s.valid_to, s.version, s.rank, s.typology, s.score, s.total_fen, s.fund_fen,
    s.expected_milli, s.members";

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    let to: i64 = row.get(1)?;
    Ok(Version {
        from: row.get::<_, i64>(0)?.cast_unsigned(),
        to: (to != OPEN).then(|| to.cast_unsigned()),
        finding_of: row.get::<_, i64>(2)?.cast_unsigned(),
        rank: row.get(3)?,
        typology: row.get(4)?,
        score: row.get(5)?,
        total_fen: row.get(6)?,
        fund_fen: row.get(7)?,
        expected_by_chance_milli: row.get(8)?,
        members: row.get(9)?,
    })
}

impl Workspace {
    /// The rings now, or as of an epoch, by rank.
    ///
    /// # Errors
    /// The epoch is yet to come, the database does not answer, or a finding is damaged.
    pub fn rings(&self, at: Option<u64>) -> Result<Vec<Ring>, StoreError> {
        let latest = self.latest()?;
        let at = at.unwrap_or(latest);
        if at > latest {
            return Err(StoreError::refused(format!(
                "epoch {at} is yet to come, the last one is {latest} / 尚无批次 {at}, 最后一个批次为 {latest}"
            )));
        }
        self.rings_where("s.valid_from <= ?1 AND s.valid_to > ?1 ORDER BY s.rank, s.ring", params![at.cast_signed()])
    }

    /// One ring as of an epoch.
    ///
    /// # Errors
    /// See [`Workspace::rings`].
    pub fn ring(&self, id: &str, at: Option<u64>) -> Result<Option<Ring>, StoreError> {
        let at = at.map_or(OPEN - 1, u64::cast_signed);
        let found = self.rings_where("s.ring = ?2 AND s.valid_from <= ?1 AND s.valid_to > ?1", params![at, id])?;
        Ok(found.into_iter().next())
    }

    fn rings_where(&self, condition: &str, parameters: impl rusqlite::Params) -> Result<Vec<Ring>, StoreError> {
        let query = format!(
            "SELECT s.ring, s.rank, s.expected_milli, v.finding, v.hash FROM ring_state s
             JOIN ring_version v ON v.ring = s.ring AND v.epoch = s.version WHERE {condition}"
        );
        let path = schema::path(&self.root);
        let mut rows = self.database.prepare_cached(&query)?;
        let rings = rows.query_map(parameters, |row| {
            let (blob, hash): (Vec<u8>, i64) = (row.get(3)?, row.get(4)?);
            let (id, rank, expected_by_chance_milli): (String, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let finding = changes::unpack(&blob, hash);
            Ok((finding, id, rank, expected_by_chance_milli))
        })?;
        let whole = |found: rusqlite::Result<(Option<Finding>, String, u32, u32)>| {
            let (finding, id, rank, expected_by_chance_milli) = found.map_err(StoreError::database(&path))?;
            let finding = finding.ok_or_else(|| StoreError::damaged(&path, format!("the finding of ring {id}")))?;
            Ok(Ring { id, rank, expected_by_chance_milli, finding })
        };
        rings.map(whole).collect()
    }

    /// What happened to a ring, and its versions; both empty when the id is unknown.
    ///
    /// # Errors
    /// The database does not answer or holds nonsense.
    pub fn history(&self, id: &str) -> Result<History, StoreError> {
        let events = self.events_where("ring = ?1 ORDER BY epoch, kind", id)?;
        let query = format!("SELECT {VERSION} FROM ring_state s WHERE s.ring = ?1 ORDER BY s.valid_from");
        let mut rows = self.database.prepare_cached(&query)?;
        let versions = rows.query_map([id], version)?;
        Ok(History { events, versions: versions.collect::<Result<_, _>>()? })
    }

    /// What happened to all rings after an epoch.
    ///
    /// # Errors
    /// The database does not answer or holds nonsense.
    pub fn events(&self, after: u64) -> Result<Vec<(u64, Event)>, StoreError> {
        self.events_where("epoch > ?1 ORDER BY epoch, ring, kind", after.cast_signed())
    }

    fn events_where(&self, condition: &str, value: impl rusqlite::ToSql) -> Result<Vec<(u64, Event)>, StoreError> {
        let query = format!("SELECT epoch, event FROM ring_event WHERE {condition}");
        let mut rows = self.database.prepare_cached(&query)?;
        let events = rows.query_map([value], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), json(row, 1)?)))?;
        Ok(events.collect::<Result<_, _>>()?)
    }

    /// The rings that a party is a member of, as of an epoch.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn rings_of(&self, party: Party, at: Option<u64>) -> Result<Vec<String>, StoreError> {
        let mut rows = self.database.prepare_cached(
            "SELECT DISTINCT m.ring FROM ring_member m JOIN ring_state s ON s.ring = m.ring AND s.version = m.epoch
             WHERE m.party = ?1 AND s.valid_from <= ?2 AND s.valid_to > ?2 ORDER BY m.ring",
        )?;
        let at = at.map_or(OPEN - 1, u64::cast_signed);
        let rings = rows.query_map(params![party.0.cast_signed(), at], |row| row.get(0))?;
        Ok(rings.collect::<Result<_, _>>()?)
    }

    /// Every ring that a party was ever a member of, one entry for each version of it, by ring and epoch.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn memberships(&self, party: Party) -> Result<Vec<Membership>, StoreError> {
        let query = format!(
            "SELECT {VERSION}, m.ring, m.role, m.strength
             FROM ring_member m JOIN ring_state s ON s.ring = m.ring AND s.version = m.epoch
             WHERE m.party = ?1 ORDER BY m.ring, s.valid_from"
        );
        let mut rows = self.database.prepare_cached(&query)?;
        let entries = rows.query_map([party.0.cast_signed()], |row| {
            let (ring, role, strength) = (row.get(10)?, row.get(11)?, row.get(12)?);
            Ok(Membership { ring, role, strength, version: version(row)? })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Every ring ever seen, as it was last seen: what [`super::lineage::assign`] starts from.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn known_rings(&self) -> Result<Vec<KnownRing>, StoreError> {
        let mut rows = self.database.prepare(
            "SELECT s.ring, s.typology, s.valid_to, m.party FROM ring_state s
             JOIN ring_member m ON m.ring = s.ring AND m.epoch = s.version
             WHERE s.valid_from = (SELECT max(valid_from) FROM ring_state l WHERE l.ring = s.ring)
             ORDER BY s.ring, m.party",
        )?;
        let mut known: Vec<KnownRing> = Vec::new();
        let mut found = rows.query([])?;
        while let Some(row) = found.next()? {
            let id: String = row.get(0)?;
            if known.last().is_none_or(|ring| ring.id != id) {
                let (typology, to): (String, i64) = (row.get(1)?, row.get(2)?);
                known.push(KnownRing { id, typology, members: BTreeSet::new(), alive: to == OPEN });
            }
            let party: i64 = row.get(3)?;
            if let Some(ring) = known.last_mut() {
                ring.members.insert(Party(party.cast_unsigned()));
            }
        }
        Ok(known)
    }
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}
