//! What does `medring.db` hold, and may this program read it?
//!
//! | table | one row per | for |
//! |---|---|---|
//! | `epoch` | committed batch | which batch it was, when, how many rows |
//! | `segment` | file | the only truth about which files belong to the workspace, with their block sums |
//! | `replaced` | file | files whose rows compaction wrote anew: removed as soon as nobody reads them |
//! | `span` | file and table | the references that a file holds: how a row is found again |
//! | `gone` | run of references | rows that left by age: they are not replayed, and can be looked up as long as something cites them |
//! | `tally` | epoch, table, outcome, reason | the conservation table |
//! | `ring_version` | changed finding | the finding as zstd-compressed JSON |
//! | `ring_state` | ring, from epoch to epoch | as-of questions: rank, score, money, which version |
//! | `ring_member` | version and member | «in which rings is this party?» |
//! | `ring_event` | lineage event | the history of a ring |
//! | `setting` | key | calibration, run settings, offsets of sources |
//!
//! Unsigned numbers (hashes, references) are kept as SQLite's signed ones with the same bits. A segment is found by
//! reference and not by epoch, so that small files can be replaced by a larger one that holds the same rows.
//!
//! Format 2 added `gone`, `replaced` and `segment.first_epoch`; opening a workspace of format 1 for writing adds them.

use super::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The disk format that this program writes.
pub const DISK_FORMAT: i64 = 2;

/// «mdrg»: tells `file` and other programs whose database this is.
const APPLICATION: i64 = 0x6d64_7267;

/// `valid_to` of what is valid still.
pub(super) const OPEN: i64 = i64::MAX;

const SCHEMA: &str = "
    CREATE TABLE epoch (
        epoch INTEGER PRIMARY KEY, batch_id TEXT UNIQUE, rows INTEGER NOT NULL, committed_at INTEGER NOT NULL);
    CREATE TABLE segment (
        id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, list INTEGER NOT NULL, path TEXT NOT NULL UNIQUE,
        rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sums BLOB NOT NULL);
    CREATE INDEX segment_by_epoch ON segment (epoch, id);
    CREATE TABLE span (
        origin_table INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, segment INTEGER NOT NULL,
        epoch INTEGER NOT NULL, PRIMARY KEY (origin_table, last, segment)) WITHOUT ROWID;
    CREATE INDEX span_by_epoch ON span (origin_table, epoch);
    CREATE TABLE tally (
        epoch INTEGER NOT NULL, origin_table INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
        rows INTEGER NOT NULL, PRIMARY KEY (epoch, origin_table, outcome, reason)) WITHOUT ROWID;
    CREATE TABLE ring_version (
        ring TEXT NOT NULL, epoch INTEGER NOT NULL, hash INTEGER NOT NULL, finding BLOB NOT NULL,
        PRIMARY KEY (ring, epoch));
    CREATE TABLE ring_state (
        ring TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, version INTEGER NOT NULL,
        rank INTEGER NOT NULL, typology TEXT NOT NULL, score INTEGER NOT NULL, total_fen INTEGER NOT NULL,
        fund_fen INTEGER NOT NULL, expected_milli INTEGER NOT NULL, members INTEGER NOT NULL,
        first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
        PRIMARY KEY (ring, valid_from)) WITHOUT ROWID;
    CREATE INDEX ring_state_by_time ON ring_state (valid_to, valid_from);
    CREATE TABLE ring_member (
        party INTEGER NOT NULL, ring TEXT NOT NULL, epoch INTEGER NOT NULL, role TEXT NOT NULL,
        strength INTEGER NOT NULL, PRIMARY KEY (ring, epoch, party)) WITHOUT ROWID;
    CREATE INDEX ring_member_by_party ON ring_member (party);
    CREATE TABLE ring_event (
        epoch INTEGER NOT NULL, ring TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,
        PRIMARY KEY (ring, epoch, kind)) WITHOUT ROWID;
    CREATE INDEX ring_event_by_epoch ON ring_event (epoch);
    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
";

/// What format 2 added. `first_epoch` is 0 where a file holds the rows of `epoch` alone.
const SECOND: &str = "
    ALTER TABLE segment ADD COLUMN first_epoch INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE gone (
        origin_table INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, epoch INTEGER NOT NULL,
        PRIMARY KEY (origin_table, first)) WITHOUT ROWID;
    CREATE TABLE replaced (path TEXT PRIMARY KEY) WITHOUT ROWID;
";

pub(super) fn path(root: &Path) -> PathBuf {
    root.join("medring.db")
}

/// Opens a database so that a commit that returned is on disk.
pub(super) fn connect(path: &Path, writing: bool) -> Result<Connection, StoreError> {
    let access = if writing { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let opened = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        if writing {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
        }
        Ok(connection)
    };
    opened().map_err(StoreError::database(path))
}

/// Makes the tables of a new workspace.
pub(super) fn create(root: &Path) -> Result<(), StoreError> {
    let path = path(root);
    std::fs::File::create_new(&path).map_err(StoreError::io("create", &path))?;
    let mut connection = connect(&path, true)?;
    let mut made = || -> rusqlite::Result<()> {
        let transaction = connection.transaction()?;
        transaction.execute_batch(SCHEMA)?;
        transaction.execute_batch(SECOND)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", DISK_FORMAT)?;
        transaction.commit()
    };
    made().map_err(StoreError::database(&path))
}

/// Opens the tables of a workspace whose format this program knows; for a writer it brings them to the newest one.
pub(super) fn open(root: &Path, writing: bool) -> Result<Connection, StoreError> {
    let path = path(root);
    let not = |why| StoreError::NotAWorkspace { path: root.to_owned(), why };
    if !path.is_file() {
        return Err(not(
            "is not a medring workspace (medring.db is missing); `medring init` makes one / 不是 medring 工作区 (缺少 medring.db), 可用 `medring init` 建立",
        ));
    }
    let mut connection = connect(&path, writing)?;
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    if pragma("application_id").map_err(StoreError::database(&path))? != APPLICATION {
        return Err(not("holds a medring.db that medring did not finish making / 其中的 medring.db 未建立完成"));
    }
    let found = pragma("user_version").map_err(StoreError::database(&path))?;
    if found > DISK_FORMAT {
        return Err(StoreError::NewerFormat { path: root.to_owned(), found, known: DISK_FORMAT });
    }
    if writing && found < DISK_FORMAT {
        upgrade(&mut connection).map_err(StoreError::database(&path))?;
    }
    Ok(connection)
}

fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(SECOND)?;
    transaction.pragma_update(None, "user_version", DISK_FORMAT)?;
    transaction.commit()
}
