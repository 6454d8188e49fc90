//! What does a case hold? Rings with their claims and frozen evidence, officers, notes, tasks, and each step with who decided it.
//!
//! The store keeps; what may follow what, and who may do it, is decided above (`src/serve/cases/rules.rs`). Everything that
//! belongs to one change is one transaction. Evidence is never changed: each row is kept as the JSON that was shown, with its
//! SHA-256, when it was attached and by whom.

use super::case::{Case, CaseHead, CaseRing, Frozen, Item, Note, Sealed, Step, Task};
use super::error::StoreError;
use super::office::Office;
use crate::model::RowRef;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::Path;

/// Kinds of items, as they stand in the table.
pub(super) const EVIDENCE: &str = "evidence";
pub(super) const NOTE: &str = "note";
pub(super) const TASK: &str = "task";
pub(super) const STEP: &str = "step";
const SEALED: &str = "sealed";
pub(super) const RECEIPT: &str = "receipt";

const COLUMNS: &str = "id, title, stage, stage_since, opened_at, opened_by, owner, second, verdict, reason, decided_at,
    (SELECT into_case FROM case_merged WHERE case_id = id)";

fn head(row: &Row<'_>) -> rusqlite::Result<CaseHead> {
    Ok(CaseHead {
        id: row.get(0)?,
        title: row.get(1)?,
        stage: row.get(2)?,
        stage_since: row.get(3)?,
        opened_at: row.get(4)?,
        opened_by: row.get(5)?,
        owner: row.get(6)?,
        second: row.get(7)?,
        verdict: row.get(8)?,
        reason: row.get(9)?,
        decided_at: row.get(10)?,
        merged_into: row.get(11)?,
    })
}

pub(super) fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub(super) fn read<T: DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    let kind = rusqlite::types::Type::Text;
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, kind, error.into()))
}

/// Adds an item and answers its number.
pub(super) fn add<T: Serialize>(
    write: &Transaction<'_>,
    (case, kind): (&str, &str),
    (by, at): (&str, i64),
    content: &T,
) -> rusqlite::Result<i64> {
    let last = "SELECT coalesce(max(number), 0) FROM case_item WHERE case_id = ?1 AND kind = ?2";
    let number: i64 = write.prepare_cached(last)?.query_row([case, kind], |row| row.get(0))?;
    let insert = "INSERT INTO case_item VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    write.prepare_cached(insert)?.execute(params![case, kind, number + 1, at, by, json(content)?])?;
    Ok(number + 1)
}

pub(super) fn replace<T: Serialize>(
    write: &Transaction<'_>,
    (case, kind): (&str, &str),
    number: i64,
    content: &T,
) -> rusqlite::Result<usize> {
    let update = "UPDATE case_item SET content = ?4 WHERE case_id = ?1 AND kind = ?2 AND number = ?3";
    write.execute(update, params![case, kind, number, json(content)?])
}

/// The id of the next case of a year.
pub(super) fn next_id(write: &Transaction<'_>, year: i32) -> rusqlite::Result<String> {
    let last = "SELECT coalesce(max(CAST(substr(id, 8) AS INTEGER)), 0) FROM case_file WHERE id LIKE ?1";
    let last: i64 = write.query_row(last, [format!("C-{year}-%")], |row| row.get(0))?;
    Ok(format!("C-{year}-{:04}", last + 1))
}

/// The rows that are frozen in cases of the workspace in a folder.
pub(super) fn frozen_references(root: &Path) -> Result<BTreeSet<RowRef>, StoreError> {
    let path = super::office::path(root);
    if !path.is_file() {
        return Ok(BTreeSet::new());
    }
    let database = super::schema::connect(&path, false)?;
    let find = || -> rusqlite::Result<BTreeSet<RowRef>> {
        let mut rows = database.prepare("SELECT content FROM case_item WHERE kind = ?1")?;
        let frozen = rows.query_map([EVIDENCE], |row| read::<Frozen>(0, &row.get::<_, String>(0)?))?;
        frozen.map(|frozen| Ok(RowRef(frozen?.reference))).collect()
    };
    find().map_err(StoreError::database(&path))
}

impl Office {
    /// Opens a case of the year in which `now` lies and answers its id.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn open_case(
        &mut self,
        title: &str,
        stage: &str,
        (by, now): (&str, i64),
        year: i32,
    ) -> Result<String, StoreError> {
        self.write(|write| {
            let id = next_id(write, year)?;
            write.execute(
                "INSERT INTO case_file VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?5, NULL, NULL, NULL, NULL)",
                params![id, title, stage, now, by],
            )?;
            Ok(id)
        })
    }

    /// All cases, newest first.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn cases(&self) -> Result<Vec<Case>, StoreError> {
        let mut rows = self.database.prepare("SELECT id FROM case_file ORDER BY opened_at DESC, id DESC")?;
        let ids: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut cases = Vec::with_capacity(ids.len());
        for id in ids {
            cases.extend(self.case(&id)?);
        }
        Ok(cases)
    }

    /// One case with everything in it.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn case(&self, id: &str) -> Result<Option<Case>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM case_file WHERE id = ?1");
        let Some(head) = self.database.query_row(&query, [id], head).optional()? else { return Ok(None) };
        let mut members =
            self.database.prepare_cached("SELECT account FROM case_member WHERE case_id = ?1 ORDER BY account")?;
        let mut rings = self.database.prepare_cached(
            "SELECT ring, epoch, facts, added_at, added_by FROM case_ring WHERE case_id = ?1
                AND NOT EXISTS (SELECT 1 FROM case_ring_left AS gone WHERE gone.case_id = ?1 AND gone.ring = case_ring.ring)
             ORDER BY added_at, ring",
        )?;
        let mut left = self
            .database
            .prepare_cached("SELECT ring, to_case FROM case_ring_left WHERE case_id = ?1 ORDER BY ring")?;
        let left: Vec<(String, String)> =
            left.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut evidence: Vec<Item<Frozen>> = self.items(id, EVIDENCE)?;
        evidence.retain(|one| !left.iter().any(|(ring, _)| *ring == one.content.ring));
        let ring = |row: &Row<'_>| {
            let (epoch, facts): (i64, String) = (row.get(1)?, row.get(2)?);
            let (added_at, added_by) = (row.get(3)?, row.get(4)?);
            Ok(CaseRing {
                ring: row.get(0)?,
                epoch: epoch.cast_unsigned(),
                facts: read(2, &facts)?,
                added_at,
                added_by,
            })
        };
        Ok(Some(Case {
            members: members.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?,
            rings: rings.query_map([id], ring)?.collect::<Result<_, _>>()?,
            evidence,
            notes: self.items(id, NOTE)?,
            tasks: self.items(id, TASK)?,
            steps: self.items(id, STEP)?,
            sealed: self.items(id, SEALED)?,
            receipts: self.items(id, RECEIPT)?,
            left,
            head,
        }))
    }

    fn items<T: DeserializeOwned>(&self, case: &str, kind: &str) -> Result<Vec<Item<T>>, StoreError> {
        let query = "SELECT number, at, by, content FROM case_item WHERE case_id = ?1 AND kind = ?2 ORDER BY number";
        let mut rows = self.database.prepare_cached(query)?;
        let item = |row: &Row<'_>| {
            let content: String = row.get(3)?;
            Ok(Item { number: row.get(0)?, at: row.get(1)?, by: row.get(2)?, content: read(3, &content)? })
        };
        let found = rows.query_map([case, kind], item)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Which cases an account is in, with the rings of each.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn rings_of_member(&self, account: &str) -> Result<Vec<String>, StoreError> {
        let mut rows = self.database.prepare_cached(
            "SELECT DISTINCT ring FROM case_ring JOIN case_file ON id = case_ring.case_id
             WHERE (owner = ?1 OR second = ?1
                    OR EXISTS (SELECT 1 FROM case_member WHERE case_member.case_id = id AND account = ?1))
                AND NOT EXISTS (SELECT 1 FROM case_ring_left AS gone WHERE gone.case_id = id AND gone.ring = case_ring.ring)
             ORDER BY ring",
        )?;
        let found = rows.query_map([account], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Attaches a ring with its frozen rows; answers whether it was not there yet.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn attach(&mut self, case: &str, ring: &CaseRing, rows: &[Frozen]) -> Result<bool, StoreError> {
        let by = (ring.added_by.as_str(), ring.added_at);
        self.write(|write| {
            let added = write.execute(
                "INSERT OR IGNORE INTO case_ring VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![case, ring.ring, ring.epoch.cast_signed(), json(&ring.facts)?, ring.added_at, ring.added_by],
            )?;
            for row in rows.iter().filter(|_| added > 0) {
                add(write, (case, EVIDENCE), by, row)?;
            }
            Ok(added > 0)
        })
    }

    /// Says who is responsible, who the second officer is, and who else is of the team.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn staff(
        &mut self,
        case: &str,
        owner: &str,
        second: Option<&str>,
        members: &[String],
    ) -> Result<(), StoreError> {
        self.write(|write| {
            write
                .execute("UPDATE case_file SET owner = ?2, second = ?3 WHERE id = ?1", params![case, owner, second])?;
            write.execute("DELETE FROM case_member WHERE case_id = ?1", [case])?;
            for member in members {
                write.execute("INSERT OR IGNORE INTO case_member VALUES (?1, ?2)", [case, member])?;
            }
            Ok(())
        })
    }

    /// Adds a remark; answers its number.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_note(&mut self, case: &str, by: (&str, i64), note: &Note) -> Result<i64, StoreError> {
        self.write(|write| add(write, (case, NOTE), by, note))
    }

    /// Adds something to be done; answers its number.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_task(&mut self, case: &str, by: (&str, i64), task: &Task) -> Result<i64, StoreError> {
        self.write(|write| add(write, (case, TASK), by, task))
    }

    /// Says that something is done; answers whether there is such a task.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn set_task(&mut self, case: &str, number: i64, task: &Task) -> Result<bool, StoreError> {
        self.write(|write| Ok(replace(write, (case, TASK), number, task)? > 0))
    }

    /// Notes that a hand-over was sealed; answers its number.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_sealed(&mut self, case: &str, by: (&str, i64), sealed: &Sealed) -> Result<i64, StoreError> {
        self.write(|write| add(write, (case, SEALED), by, sealed))
    }

    /// Keeps a step. One that is made moves the case, and decides it where it has a verdict. With a number it takes the place
    /// of the step that was asked for.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn step(
        &mut self,
        case: &str,
        number: Option<i64>,
        (by, now): (&str, i64),
        step: &Step,
    ) -> Result<i64, StoreError> {
        self.write(|write| {
            let number = match number {
                Some(number) => replace(write, (case, STEP), number, step).map(|_| number)?,
                None => add(write, (case, STEP), (by, now), step)?,
            };
            if step.state == "made" {
                write.execute(
                    "UPDATE case_file SET stage = ?2, stage_since = ?3, verdict = ?4, reason = ?5,
                     decided_at = CASE WHEN ?4 IS NULL THEN NULL ELSE ?3 END WHERE id = ?1",
                    params![case, step.to, now, step.verdict, step.reason],
                )?;
            }
            Ok(number)
        })
    }
}
