//! How does a pending batch become an epoch, whole or not at all? The steps stand in the room's first page.

use super::changes::{self, RingChanges};
use super::checked::sums_to_bytes;
use super::error::StoreError;
use super::fail::{crash_point, fail_point};
use super::pending::{Pending, serial};
use super::segment::Written;
use super::workspace::Workspace;
use super::{files, retired, schema};
use crate::model::{Outcome, Reason, Table};
use rusqlite::{Transaction, params};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// How many rows of a table had an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The table.
    pub table: Table,
    /// What became of them.
    pub outcome: Outcome,
    /// Why they were set aside, or what was noted about them.
    pub reason: Option<Reason>,
    /// How many.
    pub rows: u64,
}

/// What a batch led to: committed together with its rows.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// Rings that came, changed and went.
    pub rings: RingChanges,
    /// The conservation table of the batch.
    pub tallies: Vec<Tally>,
    /// Settings that change with the batch, such as where its source has got to.
    pub settings: Vec<(String, String)>,
}

/// A step of the commit that has just been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitStep {
    /// The files are on disk, under temporary names.
    Synced,
    /// The files bear their names.
    Renamed,
    /// The names are on disk.
    FoldersSynced,
    /// The identifiers are in the vault.
    VaultCommitted,
    /// The batch is an epoch.
    Committed,
}

impl Workspace {
    /// Commits a batch, and what it led to, as the next epoch; returns the epoch.
    ///
    /// # Errors
    /// The batch is of another workspace, a part of it could not be written, or the disk is full or does not answer. After a failure from the first sync on
    /// the workspace is poisoned: open it again.
    pub fn commit(&mut self, pending: Pending, outcomes: &Outcomes) -> Result<u64, StoreError> {
        self.commit_observed(pending, outcomes, &mut |_| {})
    }

    /// [`Workspace::commit`], telling each step once it is made: for progress, and for tests that stop half-way.
    ///
    /// # Errors
    /// See [`Workspace::commit`].
    pub fn commit_observed(
        &mut self,
        mut pending: Pending,
        outcomes: &Outcomes,
        each: &mut dyn FnMut(CommitStep),
    ) -> Result<u64, StoreError> {
        self.writable()?;
        if pending.root != self.root || pending.epoch != self.epoch + 1 {
            return Err(StoreError::refused(
                "the batch was begun elsewhere: begin it again / 该批次是在别处开始的, 请重新开始",
            ));
        }
        let segments = pending.finish()?;
        let made = self.take(&mut pending, &segments, outcomes, each);
        if let Err(error) = &made {
            self.poisoned = Some(error.to_string());
        }
        made
    }

    fn take(
        &mut self,
        pending: &mut Pending,
        segments: &[Written],
        outcomes: &Outcomes,
        each: &mut dyn FnMut(CommitStep),
    ) -> Result<u64, StoreError> {
        for segment in segments {
            files::sync_file(&segment.file, &segment.part)?;
        }
        each(CommitStep::Synced);
        crash_point("synced");
        let named: Vec<PathBuf> = segments.iter().map(|segment| segment.part.with_extension("")).collect();
        pending.release();
        for (segment, name) in segments.iter().zip(&named) {
            files::rename(&segment.part, name)?;
        }
        each(CommitStep::Renamed);
        // The folder of a list may be new, so the folder above it is synced as well.
        let mut folders: BTreeSet<&Path> = named.iter().filter_map(|name| name.parent()).collect();
        let above = self.root.join("segments");
        folders.insert(&above);
        for folder in folders {
            files::sync_folder(folder)?;
        }
        each(CommitStep::FoldersSynced);
        if let Some(vault) = pending.vault.take() {
            fail_point("vault-commit").map_err(StoreError::io("sync", &super::vault::path(&self.root)))?;
            vault.commit()?;
        }
        each(CommitStep::VaultCommitted);
        crash_point("vault-committed");
        let path = schema::path(&self.root);
        let root = self.root.clone();
        let failed = |_| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), None);
        fail_point("database-write").map_err(StoreError::io("write", &path))?;
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.database.transaction()?;
            record(&transaction, &root, pending, segments, &named, outcomes)?;
            fail_point("database-commit").map_err(failed)?;
            transaction.commit()
        };
        write().map_err(StoreError::database(&path))?;
        self.epoch = pending.epoch;
        crash_point("committed");
        each(CommitStep::Committed);
        Ok(self.epoch)
    }

    /// Commits ring changes on their own, as of the last epoch: for an engine that acknowledges rows before it has
    /// analysed them.
    ///
    /// # Errors
    /// The workspace is open for reading only, is poisoned, or the database does not answer.
    pub fn publish(&mut self, changes: &RingChanges) -> Result<(), StoreError> {
        self.writable()?;
        let epoch = self.epoch.cast_signed();
        let path = schema::path(&self.root);
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.database.transaction()?;
            changes::record(&transaction, epoch, changes)?;
            transaction.commit()
        };
        write().map_err(StoreError::database(&path))
    }

    /// The conservation table: of one epoch, or summed over all.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn tallies(&self, epoch: Option<u64>) -> Result<Vec<Tally>, StoreError> {
        let mut rows = self.database.prepare(
            "SELECT origin_table, outcome, reason, sum(rows) FROM tally WHERE ?1 IS NULL OR epoch = ?1
             GROUP BY origin_table, outcome, reason",
        )?;
        let found = rows.query_map([epoch.map(u64::cast_signed)], |row| {
            let (table, outcome, reason): (u8, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let count: i64 = row.get(3)?;
            let outcome = Outcome::ALL.into_iter().find(|known| known.word() == outcome);
            let table = Table::ALL.get(usize::from(table)).copied();
            Ok(table.zip(outcome).map(|(table, outcome)| Tally {
                table,
                outcome,
                reason: Reason::ALL.into_iter().find(|known| known.code() == reason),
                rows: count.cast_unsigned(),
            }))
        })?;
        let mut tallies: Vec<Tally> = found.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        tallies.sort();
        Ok(tallies)
    }
}

/// The one transaction that makes a batch an epoch.
fn record(
    transaction: &Transaction<'_>,
    root: &Path,
    pending: &Pending,
    segments: &[Written],
    named: &[PathBuf],
    outcomes: &Outcomes,
) -> rusqlite::Result<()> {
    let epoch = pending.epoch.cast_signed();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
    transaction.execute(
        "INSERT INTO epoch VALUES (?1, ?2, ?3, ?4)",
        params![epoch, pending.batch_id, pending.rows.cast_signed(), now],
    )?;
    for (segment, name) in segments.iter().zip(named) {
        let name = name.strip_prefix(root).unwrap_or(name).to_string_lossy().replace('\\', "/");
        let numbers = (segment.rows.cast_signed(), segment.bytes.cast_signed());
        transaction.execute(
            "INSERT INTO segment (epoch, list, path, rows, bytes, sums) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![epoch, segment.list.table() as u8, name, numbers.0, numbers.1, sums_to_bytes(&segment.sums)],
        )?;
        let id = transaction.last_insert_rowid();
        for (&table, &(first, last)) in &segment.spans {
            transaction.execute(
                "INSERT INTO span (origin_table, last, first, segment, epoch) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![table as u8, serial(last).cast_signed(), serial(first).cast_signed(), id, epoch],
            )?;
        }
    }
    retired::record(transaction, epoch, &pending.leaving)?;
    for tally in &outcomes.tallies {
        transaction.execute(
            "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
            params![
                epoch,
                tally.table as u8,
                tally.outcome.word(),
                tally.reason.map_or("", Reason::code),
                tally.rows.cast_signed()
            ],
        )?;
    }
    for (key, value) in &outcomes.settings {
        transaction.execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", [key, value])?;
    }
    changes::record(transaction, epoch, &outcomes.rings)
}
