//! Which browser is signed in as whom, and for how long?
//!
//! A session is a random token of 256 bits that only the browser has; the file keeps its SHA-256. It ends when it was idle
//! for too long, when it is too old, and when its account gets another password or is disabled.

use super::accounts::Account;
use super::error::StoreError;
use super::office::Office;
use super::secret;
use rusqlite::{OptionalExtension, params};

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request, seconds.
    pub idle_s: i64,
    /// Altogether, seconds.
    pub whole_s: i64,
}

impl Default for SessionLimits {
    /// An hour without a request, and a working day.
    fn default() -> SessionLimits {
        SessionLimits { idle_s: 3_600, whole_s: 12 * 3_600 }
    }
}

impl Office {
    /// Begins a session; the answer is the only copy of its token.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn begin_session(&mut self, account: &str, limits: SessionLimits, now: i64) -> Result<String, StoreError> {
        let token = secret::token()?;
        let kept = secret::token_kept(&token);
        self.write(|write| {
            let old = (now - limits.idle_s, now - limits.whole_s);
            write.execute("DELETE FROM session WHERE seen_at < ?1 OR created_at < ?2", [old.0, old.1])?;
            write.execute("INSERT INTO session VALUES (?1, ?2, ?3, ?3)", params![kept, account, now])
        })?;
        Ok(token)
    }

    /// Who is signed in with this token, and until when altogether; notes that the session was used.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn session(
        &mut self,
        token: &str,
        limits: SessionLimits,
        now: i64,
    ) -> Result<Option<(Account, i64)>, StoreError> {
        let kept = secret::token_kept(token);
        let query = "SELECT account, created_at, seen_at FROM session WHERE secret = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(String, i64, i64)> = self.database.query_row(query, [&kept], read).optional()?;
        let Some((name, created, seen)) = found else { return Ok(None) };
        if now - seen >= limits.idle_s || now - created >= limits.whole_s {
            self.end_session(token)?;
            return Ok(None);
        }
        // Not at each request: a page asks several things at once.
        if now - seen >= 30.min(limits.idle_s / 2) && now > seen {
            self.write(|write| write.execute("UPDATE session SET seen_at = ?2 WHERE secret = ?1", params![kept, now]))?;
        }
        let account = self.account(&name)?.filter(|account| !account.disabled);
        Ok(account.map(|account| (account, created + limits.whole_s)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn end_session(&mut self, token: &str) -> Result<(), StoreError> {
        let kept = secret::token_kept(token);
        self.write(|write| write.execute("DELETE FROM session WHERE secret = ?1", [kept]))?;
        Ok(())
    }
}
