//! How do two cases become one, and one two, so that nothing is lost on the way? What goes over is copied, and what it was copied
//! from stays.
//!
//! | | the case that takes in, or from which rings leave | the other one |
//! |---|---|---|
//! | merge | gets the rings it does not have with their frozen rows, remarks, tasks, canvases, documents and officers | stays as it is, and nothing is done with it any more |
//! | split | its rings are marked as left; they and their rows are no part of it | is made of them, in the same stage with the same officers |
//!
//! Each row keeps when and by whom it was frozen. No clock begins anew: that of a merged case counts from the earlier of the two.
//! A ring that comes back by a merge is the one that left.

use super::case::{CaseHead, Change, ChangeKind, Item, Step};
use super::cases::{EVIDENCE, NOTE, STEP, TASK, add, next_id, read, replace};
use super::error::StoreError;
use super::office::Office;
use rusqlite::{Transaction, params};
use serde_json::Value;
use std::collections::BTreeSet;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS case_merged (
        case_id TEXT PRIMARY KEY, into_case TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS case_ring_left (
        case_id TEXT NOT NULL, ring TEXT NOT NULL, to_case TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
        PRIMARY KEY (case_id, ring)) WITHOUT ROWID;
";

/// Rings of a case that did not leave it.
const RINGS: &str = "SELECT ring FROM case_ring WHERE case_id = ?1 AND NOT EXISTS
    (SELECT 1 FROM case_ring_left AS gone WHERE gone.case_id = ?1 AND gone.ring = case_ring.ring)";

pub(super) fn prepare(database: &rusqlite::Connection) -> rusqlite::Result<()> {
    database.execute_batch(SCHEMA)
}

type Written<T> = rusqlite::Result<T>;

/// Copies rings that are not there with their frozen rows, as attached now; those that had left come back.
fn copy_rings(
    write: &Transaction<'_>,
    (from, to): (&str, &str),
    rings: &[String],
    (by, now): (&str, i64),
) -> Written<()> {
    let mut fresh = BTreeSet::new();
    for ring in rings {
        let back = "DELETE FROM case_ring_left WHERE case_id = ?1 AND ring = ?2";
        if write.execute(back, params![to, ring])? > 0 {
            let update = "UPDATE case_ring SET added_at = ?3, added_by = ?4 WHERE case_id = ?1 AND ring = ?2";
            write.execute(update, params![to, ring, now, by])?;
            continue;
        }
        let copy = "INSERT OR IGNORE INTO case_ring
            SELECT ?2, ring, epoch, facts, ?4, ?5 FROM case_ring WHERE case_id = ?1 AND ring = ?3";
        if write.execute(copy, params![from, to, ring, now, by])? > 0 {
            fresh.insert(ring.as_str());
        }
    }
    copy_items(write, (from, to), EVIDENCE, |row| row["ring"].as_str().is_some_and(|ring| fresh.contains(ring)))
}

/// Copies items of a kind, each with when and by whom it was made.
fn copy_items(
    write: &Transaction<'_>,
    (from, to): (&str, &str),
    kind: &str,
    wanted: impl Fn(&Value) -> bool,
) -> Written<()> {
    let query = "SELECT at, by, content FROM case_item WHERE case_id = ?1 AND kind = ?2 ORDER BY number";
    let mut rows = write.prepare(query)?;
    let item = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let all: Vec<(i64, String, String)> = rows.query_map([from, kind], item)?.collect::<Result<_, _>>()?;
    let last = "SELECT coalesce(max(number), 0) FROM case_item WHERE case_id = ?1 AND kind = ?2";
    let mut number: i64 = write.query_row(last, [to, kind], |row| row.get(0))?;
    let mut insert = write.prepare("INSERT INTO case_item VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (at, by, content) in all {
        if wanted(&read(2, &content)?) {
            number += 1;
            insert.execute(params![to, kind, number, at, by, content])?;
        }
    }
    Ok(())
}

/// Copies canvases that begin with one of these rings, or all.
fn copy_canvases(write: &Transaction<'_>, (from, to): (&str, &str), rings: Option<&[String]>) -> Written<()> {
    let last = "SELECT coalesce(max(number), 0) FROM case_canvas WHERE case_id = ?1";
    let mut number: i64 = write.query_row(last, [to], |row| row.get(0))?;
    let mut rows = write.prepare("SELECT at, by, content FROM case_canvas WHERE case_id = ?1 ORDER BY number")?;
    let canvas = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let all: Vec<(i64, String, String)> = rows.query_map([from], canvas)?.collect::<Result<_, _>>()?;
    for (at, by, content) in all {
        let drawn: Value = read(2, &content)?;
        let of = drawn["ring"].as_str();
        if rings.is_none_or(|rings| of.is_some_and(|of| rings.iter().any(|ring| ring == of))) {
            number += 1;
            let insert = "INSERT INTO case_canvas VALUES (?1, ?2, ?3, ?4, ?5)";
            write.execute(insert, params![to, number, at, by, content])?;
        }
    }
    Ok(())
}

/// Copies documents that are not taken out: those with these numbers, or all.
fn copy_documents(write: &Transaction<'_>, (from, to): (&str, &str), numbers: Option<&[i64]>) -> Written<()> {
    let there = "SELECT number FROM case_document WHERE case_id = ?1 AND NOT coalesce(
        (SELECT removed FROM case_document_change AS one WHERE one.case_id = ?1 AND document = case_document.number
         ORDER BY one.number DESC LIMIT 1), 0) ORDER BY number";
    let there: Vec<i64> = write.prepare(there)?.query_map([from], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let last = "SELECT coalesce(max(number), 0) FROM case_document WHERE case_id = ?1";
    let mut last: i64 = write.query_row(last, [to], |row| row.get(0))?;
    for number in there.into_iter().filter(|number| numbers.is_none_or(|numbers| numbers.contains(number))) {
        last += 1;
        let copy = "INSERT INTO case_document
            SELECT ?2, ?4, at, by, name, media, sha256, bytes FROM case_document WHERE case_id = ?1 AND number = ?3";
        write.execute(copy, params![from, to, number, last])?;
    }
    Ok(())
}

fn rings_of(write: &Transaction<'_>, case: &str) -> Written<Vec<String>> {
    write.prepare(RINGS)?.query_map([case], |row| row.get(0))?.collect()
}

/// The step of the other case that stands for the same change.
fn mirrored(step: &Step, change: Change) -> Step {
    Step { change: Some(change), ..step.clone() }
}

impl Office {
    /// Merges one case into another: `step` is the step of the case that takes in, agreed to by `step.decided_by`.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn merge_cases(
        &mut self,
        (from, into): (&CaseHead, &CaseHead),
        step: &Item<Step>,
        (by, now): (&str, i64),
    ) -> Result<(), StoreError> {
        let since = from.stage_since.min(into.stage_since);
        self.write(|write| {
            let pair = (from.id.as_str(), into.id.as_str());
            let rings = rings_of(write, pair.0)?;
            copy_rings(write, pair, &rings, (&step.by, now))?;
            copy_items(write, pair, NOTE, |_| true)?;
            copy_items(write, pair, TASK, |_| true)?;
            copy_canvases(write, pair, None)?;
            copy_documents(write, pair, None)?;
            let join = "INSERT OR IGNORE INTO case_member SELECT ?2, account FROM
                (SELECT owner AS account FROM case_file WHERE id = ?1 UNION SELECT second FROM case_file WHERE id = ?1
                 UNION SELECT account FROM case_member WHERE case_id = ?1)
                WHERE account IS NOT NULL AND account NOT IN
                (SELECT owner FROM case_file WHERE id = ?2 UNION SELECT coalesce(second, '') FROM case_file WHERE id = ?2)";
            write.execute(join, params![from.id, into.id])?;
            write.execute("UPDATE case_file SET stage_since = ?2 WHERE id = ?1", params![into.id, since])?;
            let change = |kind, case: &str| Change {
                kind,
                case: Some(case.to_owned()),
                title: None,
                rings: rings.clone(),
                documents: Vec::new(),
                since: Some(since),
            };
            let taken = mirrored(&step.content, change(ChangeKind::TakesIn, pair.0));
            replace(write, (pair.1, STEP), step.number, &taken)?;
            let gone = mirrored(&step.content, change(ChangeKind::GoneInto, pair.1));
            add(write, (pair.0, STEP), (&step.by, step.at), &gone)?;
            write.execute("INSERT INTO case_merged VALUES (?1, ?2, ?3, ?4)", params![pair.0, pair.1, now, by])?;
            Ok(())
        })
    }

    /// Makes a case of some rings of another, in the year given, and answers its id: `step` is the step of the case they leave,
    /// agreed to by `step.decided_by`.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn split_case(
        &mut self,
        from: &CaseHead,
        step: &Item<Step>,
        (by, now): (&str, i64),
        year: i32,
    ) -> Result<String, StoreError> {
        let Some(asked) = &step.content.change else {
            return Err(StoreError::refused("the step splits nothing / 该步骤并非分案"));
        };
        self.write(|write| {
            let id = next_id(write, year)?;
            write.execute(
                "INSERT INTO case_file SELECT ?2, ?3, stage, stage_since, ?4, ?5, owner, second, NULL, NULL, NULL
                 FROM case_file WHERE id = ?1",
                params![from.id, id, asked.title, now, step.by],
            )?;
            write.execute(
                "INSERT INTO case_member SELECT ?2, account FROM case_member WHERE case_id = ?1",
                params![from.id, id],
            )?;
            let pair = (from.id.as_str(), id.as_str());
            copy_rings(write, pair, &asked.rings, (&step.by, now))?;
            copy_canvases(write, pair, Some(&asked.rings))?;
            copy_documents(write, pair, Some(&asked.documents))?;
            for ring in &asked.rings {
                let left = "INSERT INTO case_ring_left VALUES (?1, ?2, ?3, ?4, ?5)";
                write.execute(left, params![from.id, ring, id, now, by])?;
            }
            let since = Some(from.stage_since);
            let splits = Change { case: Some(id.clone()), since, ..asked.clone() };
            let came = Change { kind: ChangeKind::CameFrom, case: Some(from.id.clone()), since, ..asked.clone() };
            replace(write, (pair.0, STEP), step.number, &mirrored(&step.content, splits))?;
            add(write, (pair.1, STEP), (&step.by, step.at), &mirrored(&step.content, came))?;
            Ok(id)
        })
    }
}
