//! Who works with a workspace, and what did they do? `office.db`: accounts, sessions, the audit log and cases.
//!
//! It is a file of its own beside `medring.db`: a batch under way holds that one's only write lock for as long as its rings
//! take, and no reader's audit entry may wait for it or make its commit fail. Times are seconds since 1970-01-01 UTC and
//! are given by the caller, so that expiry and clocks are functions.
//!
//! | table | one row per | for |
//! |---|---|---|
//! | `account`, `api_key` | person, machine | who may sign in, as what, for which regions |
//! | `sign_in_failure` | name tried | lock-out, the same for names that exist and names that do not |
//! | `session` | signed-in browser | hash of its token, when it was last seen, when it ends |
//! | `audit` | thing done | hash-chained (`audit.rs`) |
//! | `seal_key` | workspace | the key that seals hand-overs (`seal.rs`) |
//! | `account_hold` | account whose password somebody else gave | `holds.rs` |
//! | `case_file` and `case_*` | case and what is in it | `cases.rs`, `papers.rs`, `rearranged.rs` |

use super::error::StoreError;
use rusqlite::Connection;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS account (
        name TEXT PRIMARY KEY, role TEXT NOT NULL, regions TEXT NOT NULL, password TEXT NOT NULL,
        disabled INTEGER NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS api_key (
        name TEXT PRIMARY KEY, secret BLOB NOT NULL, created_at INTEGER NOT NULL, revoked INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sign_in_failure (
        name TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS session (
        secret BLOB PRIMARY KEY, account TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS audit (
        seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
        object TEXT NOT NULL, detail TEXT NOT NULL, outcome TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL);
    CREATE TRIGGER IF NOT EXISTS audit_is_never_edited BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER IF NOT EXISTS audit_is_never_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TABLE IF NOT EXISTS case_file (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, stage TEXT NOT NULL, stage_since INTEGER NOT NULL,
        opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL, owner TEXT NOT NULL, second TEXT,
        verdict TEXT, reason TEXT, decided_at INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS case_member (
        case_id TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (case_id, account)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS case_ring (
        case_id TEXT NOT NULL, ring TEXT NOT NULL, epoch INTEGER NOT NULL, facts TEXT NOT NULL, added_at INTEGER NOT NULL,
        added_by TEXT NOT NULL, PRIMARY KEY (case_id, ring)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS case_item (
        case_id TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
        content TEXT NOT NULL, PRIMARY KEY (case_id, kind, number)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS seal_key (
        number INTEGER PRIMARY KEY CHECK (number = 1), public TEXT NOT NULL, secret BLOB NOT NULL);
";

/// The open file.
pub struct Office {
    pub(super) root: PathBuf,
    pub(super) database: Connection,
}

pub(super) fn path(root: &Path) -> PathBuf {
    root.join("office.db")
}

impl Office {
    /// Opens the office of a workspace, and makes it where there is none. Any number of processes may have it open.
    ///
    /// # Errors
    /// The folder is no workspace, or the file does not answer.
    pub fn open(root: &Path) -> Result<Office, StoreError> {
        drop(super::schema::open(root, false)?);
        let path = path(root);
        if !path.is_file() {
            let mut options = OpenOptions::new();
            options.write(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path).map_err(StoreError::io("create", &path))?;
        }
        let database = super::schema::connect(&path, true)?;
        let prepared = database.execute_batch(SCHEMA).and_then(|()| super::papers::prepare(&database));
        let prepared = prepared.and_then(|()| super::rearranged::prepare(&database));
        prepared.and_then(|()| super::holds::prepare(&database)).map_err(StoreError::database(&path))?;
        Ok(Office { root: root.to_owned(), database })
    }

    /// Runs statements that belong together; all of them or none.
    pub(super) fn write<T>(
        &mut self,
        write: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let path = path(&self.root);
        let all = || -> rusqlite::Result<T> {
            let transaction = self.database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let written = write(&transaction)?;
            transaction.commit()?;
            Ok(written)
        };
        all().map_err(StoreError::database(&path))
    }
}
