//! Whose password was given by somebody else? Whoever keeps the accounts must not become any of them.
//!
//! An administrator who gives an account a password knows it. So a password that was given by an administrator is good once, for
//! choosing another; and where the account may reveal, decide or keep accounts, nobody signs in with it before a second administrator
//! has agreed. What the operator does on the command line needs nobody: whoever can write the workspace's files could change anything.

use super::error::StoreError;
use super::office::Office;
use rusqlite::{Connection, OptionalExtension, params};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS account_hold (
        name TEXT PRIMARY KEY, given_by TEXT NOT NULL, at INTEGER NOT NULL, agreed_by TEXT, waits INTEGER NOT NULL)
        WITHOUT ROWID;
";

/// What holds an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who gave it its password.
    pub given_by: String,
    /// Whether a second administrator has to agree before anybody signs in with it.
    pub waits: bool,
}

pub(super) fn prepare(database: &Connection) -> rusqlite::Result<()> {
    database.execute_batch(SCHEMA)
}

impl Office {
    /// Notes that an account has a password that somebody else gave it.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn hold(&mut self, name: &str, given_by: &str, waits: bool, now: i64) -> Result<(), StoreError> {
        self.write(|write| {
            let keep = "INSERT OR REPLACE INTO account_hold VALUES (?1, ?2, ?3, NULL, ?4)";
            write.execute(keep, params![name, given_by, now, waits])
        })?;
        Ok(())
    }

    /// What holds an account, if anything does.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn held(&self, name: &str) -> Result<Option<Hold>, StoreError> {
        let mut find = self.database.prepare_cached("SELECT given_by, waits FROM account_hold WHERE name = ?1")?;
        let hold = |row: &rusqlite::Row<'_>| Ok(Hold { given_by: row.get(0)?, waits: row.get(1)? });
        Ok(find.query_row([name], hold).optional()?)
    }

    /// Notes that a second person agreed. Whoever gave the password cannot, and nobody agrees about themselves; answers whether it was noted.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn agree(&mut self, name: &str, by: &str) -> Result<bool, StoreError> {
        let update = "UPDATE account_hold SET agreed_by = ?2, waits = 0
            WHERE name = ?1 AND waits = 1 AND given_by <> ?2 AND name <> ?2";
        Ok(self.write(|write| write.execute(update, [name, by]))? > 0)
    }

    /// The account's owner has chosen a password, or the operator gave one.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn release(&mut self, name: &str) -> Result<(), StoreError> {
        self.write(|write| write.execute("DELETE FROM account_hold WHERE name = ?1", [name]))?;
        Ok(())
    }
}
