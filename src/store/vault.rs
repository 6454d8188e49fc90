//! Where are raw personal identifiers kept? In `vault.db` and nowhere else.
//!
//! The vault maps a party's hash to the text it stands for, and a row's reference to its evidence id where that id is
//! itself an identifier of a person. Only the owner may read the file. It commits *before* `medring.db`: identifiers
//! without a committed batch are dropped at the next opening; a committed batch without its identifiers cannot happen.

use super::error::StoreError;
use crate::model::{Names, Party, RowRef, Table};
use hashbrown::HashSet;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "
    CREATE TABLE party (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL, epoch INTEGER NOT NULL);
    CREATE TABLE evidence (row INTEGER PRIMARY KEY, text TEXT NOT NULL, epoch INTEGER NOT NULL);
    CREATE TABLE last (epoch INTEGER NOT NULL);
    INSERT INTO last VALUES (0);
";

/// Parties remembered as already kept; beyond this many the memory is emptied and begun anew.
const REMEMBERED: usize = 4 << 20;

/// Whether the evidence id of a table's rows names a person, so that it belongs into the vault.
pub(super) fn is_personal(table: Table) -> bool {
    !matches!(
        table,
        Table::SetlD
            | Table::MdtrtD
            | Table::FeeListD
            | Table::DrugTracD
            | Table::RxD
            | Table::OutAppyD
            | Table::OpspRegD
            | Table::XLtcEval
            | Table::XLtcServ
            | Table::FixmedinsB
            | Table::AdmdvsB
    )
}

pub(super) fn path(root: &Path) -> PathBuf {
    root.join("vault.db")
}

/// Makes an empty vault that only the owner may read.
pub(super) fn create(root: &Path) -> Result<(), StoreError> {
    let path = path(root);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).map_err(StoreError::io("create", &path))?;
    let connection = super::schema::connect(&path, true)?;
    connection.execute_batch(SCHEMA).map_err(StoreError::database(&path))
}

/// Drops what an unfinished commit left. As long as the connection is held, SQLite keeps the vault's log, and closing the
/// connection of one batch does not copy it into the file: a small batch costs half.
pub(super) fn trim(root: &Path, epoch: i64) -> Result<Connection, StoreError> {
    let path = path(root);
    let mut connection = super::schema::connect(&path, true)?;
    let mut trim = || -> rusqlite::Result<()> {
        let transaction = connection.transaction()?;
        let last: i64 = transaction.query_row("SELECT epoch FROM last", [], |row| row.get(0))?;
        if last > epoch {
            transaction.execute("DELETE FROM party WHERE epoch > ?1", [epoch])?;
            transaction.execute("DELETE FROM evidence WHERE epoch > ?1", [epoch])?;
            transaction.execute("UPDATE last SET epoch = ?1", [epoch])?;
        }
        transaction.commit()
    };
    trim().map_err(StoreError::database(&path))?;
    Ok(connection)
}

/// The last epoch whose identifiers the vault holds.
pub(super) fn last(root: &Path) -> Result<i64, StoreError> {
    let path = path(root);
    let connection = super::schema::connect(&path, false)?;
    connection.query_row("SELECT epoch FROM last", [], |row| row.get(0)).map_err(StoreError::database(&path))
}

/// An open transaction on the vault; dropped without [`VaultWriter::commit`], nothing stays.
pub(super) struct VaultWriter {
    path: PathBuf,
    connection: Connection,
    epoch: i64,
    remembered: HashSet<Party>,
}

impl VaultWriter {
    pub(super) fn begin(root: &Path, epoch: i64) -> Result<VaultWriter, StoreError> {
        let path = path(root);
        let connection = super::schema::connect(&path, true)?;
        connection.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::database(&path))?;
        Ok(VaultWriter { path, connection, epoch, remembered: HashSet::new() })
    }

    /// Keeps the texts of parties, and of the rows given; what is known already stays as it is.
    pub(super) fn keep(&mut self, names: &Names, rows: &[(RowRef, &str)]) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.insert(names, rows).map_err(StoreError::database(&path))
    }

    fn insert(&mut self, names: &Names, rows: &[(RowRef, &str)]) -> rusqlite::Result<()> {
        let mut party = self.connection.prepare_cached("INSERT OR IGNORE INTO party VALUES (?1, ?2, ?3, ?4)")?;
        for (&known, text) in &names.parties {
            if self.remembered.insert(known) {
                party.execute(params![known.0.cast_signed(), known.kind() as u8, text, self.epoch])?;
            }
        }
        if self.remembered.len() > REMEMBERED {
            self.remembered = HashSet::new();
        }
        let mut evidence = self.connection.prepare_cached("INSERT OR IGNORE INTO evidence VALUES (?1, ?2, ?3)")?;
        for (row, text) in rows {
            evidence.execute(params![row.0.cast_signed(), text, self.epoch])?;
        }
        Ok(())
    }

    /// Makes everything kept durable.
    pub(super) fn commit(self) -> Result<(), StoreError> {
        let commit = || -> rusqlite::Result<()> {
            self.connection.execute("UPDATE last SET epoch = ?1", [self.epoch])?;
            self.connection.execute_batch("COMMIT")
        };
        commit().map_err(StoreError::database(&self.path))
    }
}

/// Forgets the evidence ids of rows that are dropped.
pub(super) fn forget(root: &Path, rows: &[RowRef]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let path = path(root);
    let mut connection = super::schema::connect(&path, true)?;
    let mut forget = || -> rusqlite::Result<()> {
        let transaction = connection.transaction()?;
        let mut delete = transaction.prepare("DELETE FROM evidence WHERE row = ?1")?;
        for row in rows {
            delete.execute([row.0.cast_signed()])?;
        }
        drop(delete);
        transaction.commit()
    };
    forget().map_err(StoreError::database(&path))
}

/// Looks up parties, and rows whose evidence id the vault holds.
pub(super) fn look_up(
    root: &Path,
    rows: &BTreeSet<RowRef>,
    parties: &BTreeSet<Party>,
    into: &mut Names,
) -> Result<(), StoreError> {
    let path = path(root);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut find = || -> rusqlite::Result<()> {
        let connection = Connection::open_with_flags(&path, flags)?;
        let mut of_party = connection.prepare("SELECT text FROM party WHERE id = ?1")?;
        for &party in parties {
            if let Some(text) = of_party.query_row([party.0.cast_signed()], |row| row.get(0)).optional()? {
                into.parties.insert(party, text);
            }
        }
        let mut of_row = connection.prepare("SELECT text FROM evidence WHERE row = ?1")?;
        for &row in rows.iter().filter(|row| is_personal(row.table())) {
            if let Some(text) = of_row.query_row([row.0.cast_signed()], |found| found.get(0)).optional()? {
                into.rows.insert(row, text);
            }
        }
        Ok(())
    };
    find().map_err(StoreError::database(&path))
}
