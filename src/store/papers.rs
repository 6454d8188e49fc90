//! What is attached to a case? Documents, and arrangements of its graph with what somebody wrote about them.
//!
//! A document is kept as it came, with its SHA-256; a canvas as the steps that lead to it. Neither is ever changed: what comes
//! later is a further one. A document that is taken out of its case stays here with who did it and why, and can be put back.
//! They lie in `office.db`, so that a backup of the workspace holds them.

use super::case::Receipt;
use super::cases::{RECEIPT, add};
use super::error::StoreError;
use super::office::Office;
use super::secret::sha256;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS case_document (
        case_id TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, name TEXT NOT NULL,
        media TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (case_id, number));
    CREATE TABLE IF NOT EXISTS case_document_change (
        case_id TEXT NOT NULL, document INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
        removed INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY (case_id, document, number)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS case_canvas (
        case_id TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (case_id, number)) WITHOUT ROWID;
";

/// A document of a case, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// From 1.
    pub number: i64,
    /// When it was attached, seconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// What its file is called.
    pub name: String,
    /// Its media type, by its contents.
    pub media: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes.
    pub length: u64,
    /// When it was taken out and put back, in that order.
    pub changes: Vec<DocumentChange>,
}

/// A document was taken out of its case, or put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentChange {
    /// When, seconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// Taken out, or else put back.
    pub removed: bool,
    /// Why, in words.
    pub why: String,
}

impl Document {
    /// Whether it is taken out.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.changes.last().is_some_and(|change| change.removed)
    }
}

/// An arrangement of a graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canvas {
    /// What it is called.
    pub title: String,
    /// What somebody wrote about it.
    pub note: String,
    /// The ring it begins with; or else a party.
    pub ring: Option<String>,
    /// The opaque name of the party it begins with.
    pub party: Option<String>,
    /// The epoch it was drawn from.
    pub epoch: u64,
    /// The steps from there, as the page writes them.
    pub steps: String,
}

/// A canvas of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// From 1.
    pub number: i64,
    /// When, seconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// What.
    pub canvas: Canvas,
}

pub(super) fn prepare(database: &rusqlite::Connection) -> rusqlite::Result<()> {
    database.execute_batch(SCHEMA)
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let length: i64 = row.get(6)?;
    Ok(Document {
        number: row.get(0)?,
        at: row.get(1)?,
        by: row.get(2)?,
        name: row.get(3)?,
        media: row.get(4)?,
        sha256: row.get(5)?,
        length: length.unsigned_abs(),
        changes: Vec::new(),
    })
}

/// Writes a document, and answers its number.
fn insert(
    write: &Transaction<'_>,
    case: &str,
    (by, now): (&str, i64),
    (name, media): (&str, &str),
    bytes: &[u8],
) -> rusqlite::Result<i64> {
    let next = "SELECT coalesce(max(number), 0) + 1 FROM case_document WHERE case_id = ?1";
    let number: i64 = write.query_row(next, [case], |row| row.get(0))?;
    let insert = "INSERT INTO case_document VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    write.execute(insert, params![case, number, now, by, name, media, sha256(bytes), bytes])?;
    Ok(number)
}

const COLUMNS: &str = "number, at, by, name, media, sha256, length(bytes)";

impl Office {
    /// Attaches a document and answers its number.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_document(
        &mut self,
        case: &str,
        (by, now): (&str, i64),
        (name, media): (&str, &str),
        bytes: &[u8],
    ) -> Result<i64, StoreError> {
        self.write(|write| insert(write, case, (by, now), (name, media), bytes))
    }

    /// Attaches what the receiver of a hand-over gave for it, which stops the clock of a stage; answers its number among the documents.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_receipt(
        &mut self,
        case: &str,
        by: (&str, i64),
        named: (&str, &str),
        bytes: &[u8],
        (sealed, stage): (i64, &str),
    ) -> Result<i64, StoreError> {
        self.write(|write| {
            let document = insert(write, case, by, named, bytes)?;
            add(write, (case, RECEIPT), by, &Receipt { document, sealed, stage: stage.to_owned() })?;
            Ok(document)
        })
    }

    /// Takes a document out of its case, or puts it back; answers whether that changed anything.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn change_document(
        &mut self,
        case: &str,
        document: i64,
        (by, now): (&str, i64),
        (removed, why): (bool, &str),
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let there = "SELECT count(*) FROM case_document WHERE case_id = ?1 AND number = ?2";
            let there: i64 = write.query_row(there, params![case, document], |row| row.get(0))?;
            let last = "SELECT number, removed FROM case_document_change WHERE case_id = ?1 AND document = ?2
                ORDER BY number DESC LIMIT 1";
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let last: Option<(i64, bool)> = write.query_row(last, params![case, document], read).optional()?;
            let (number, is_removed) = last.unwrap_or((0, false));
            if there == 0 || is_removed == removed {
                return Ok(false);
            }
            let insert = "INSERT INTO case_document_change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            write.execute(insert, params![case, document, number + 1, now, by, removed, why])?;
            Ok(true)
        })
    }

    fn document_changes(&self, case: &str) -> Result<Vec<(i64, DocumentChange)>, StoreError> {
        let query = "SELECT document, at, by, removed, why FROM case_document_change WHERE case_id = ?1 ORDER BY document, number";
        let mut rows = self.database.prepare_cached(query)?;
        let change = |row: &Row<'_>| {
            let (at, by, removed, why) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, DocumentChange { at, by, removed, why }))
        };
        let found = rows.query_map([case], change)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// The documents of a case, in the order they came.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn documents(&self, case: &str) -> Result<Vec<Document>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM case_document WHERE case_id = ?1 ORDER BY number");
        let mut rows = self.database.prepare_cached(&query)?;
        let mut found: Vec<Document> = rows.query_map([case], document)?.collect::<Result<_, _>>()?;
        for (number, change) in self.document_changes(case)? {
            if let Some(one) = found.iter_mut().find(|one| one.number == number) {
                one.changes.push(change);
            }
        }
        Ok(found)
    }

    /// A document with its bytes, and whether these are still what was attached.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn document(&self, case: &str, number: i64) -> Result<Option<(Document, Vec<u8>, bool)>, StoreError> {
        let query = format!("SELECT {COLUMNS}, bytes FROM case_document WHERE case_id = ?1 AND number = ?2");
        let read = |row: &Row<'_>| Ok((document(row)?, row.get::<_, Vec<u8>>(7)?));
        let found = self.database.query_row(&query, params![case, number], read).optional()?;
        let changes = self.document_changes(case)?.into_iter().filter(|one| one.0 == number).map(|one| one.1).collect();
        Ok(found.map(|(document, bytes)| {
            let document = Document { changes, ..document };
            let whole = sha256(&bytes) == document.sha256;
            (document, bytes, whole)
        }))
    }

    /// Keeps a canvas and answers its number.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn add_canvas(&mut self, case: &str, (by, now): (&str, i64), canvas: &Canvas) -> Result<i64, StoreError> {
        self.write(|write| {
            let next = "SELECT coalesce(max(number), 0) + 1 FROM case_canvas WHERE case_id = ?1";
            let number: i64 = write.query_row(next, [case], |row| row.get(0))?;
            let content =
                serde_json::to_string(canvas).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            write.execute(
                "INSERT INTO case_canvas VALUES (?1, ?2, ?3, ?4, ?5)",
                params![case, number, now, by, content],
            )?;
            Ok(number)
        })
    }

    /// The canvases of a case, in the order they came.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn canvases(&self, case: &str) -> Result<Vec<Drawn>, StoreError> {
        let query = "SELECT number, at, by, content FROM case_canvas WHERE case_id = ?1 ORDER BY number";
        let mut rows = self.database.prepare_cached(query)?;
        let drawn = |row: &Row<'_>| {
            let content: String = row.get(3)?;
            let kind = rusqlite::types::Type::Text;
            let canvas = serde_json::from_str(&content)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, kind, error.into()))?;
            Ok(Drawn { number: row.get(0)?, at: row.get(1)?, by: row.get(2)?, canvas })
        };
        let found = rows.query_map([case], drawn)?.collect::<Result<_, _>>()?;
        Ok(found)
    }
}
