//! Who is reading files that compaction would like to remove?
//!
//! Whoever reads segments holds `medring.reading` together with other readers, in any process; whoever removes replaced
//! files takes it alone, without waiting: where somebody reads, the files stay until the next time. The operating system lets
//! go of it when a process ends, however it ends. A workspace without the file (a backup, a folder that nobody may write to)
//! has no writer that could remove anything.

use super::error::StoreError;
use super::held::Held;
use super::workspace::Workspace;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Held while segments are read.
pub(super) struct Reading {
    _file: Option<Held>,
}

fn path(root: &Path) -> PathBuf {
    root.join("medring.reading")
}

/// Makes the file that readers hold.
pub(super) fn create(root: &Path) -> Result<(), StoreError> {
    let path = path(root);
    let made = OpenOptions::new().append(true).create(true).open(&path);
    made.map(drop).map_err(StoreError::io("create", &path))
}

/// Whether nobody reads now; nobody begins to as long as what is answered is held.
pub(super) fn alone(root: &Path) -> Result<Option<Held>, StoreError> {
    let path = path(root);
    let file = File::open(&path).map_err(StoreError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Held::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(StoreError::io("lock", &path)(source)),
    }
}

impl Workspace {
    /// Keeps all files that are committed now in their place until it is dropped. Taken before the database is asked which
    /// files there are.
    pub(super) fn reading(&self) -> Result<Reading, StoreError> {
        let path = path(&self.root);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Reading { _file: None }),
            Err(error) => return Err(StoreError::io("open", &path)(error)),
        };
        file.lock_shared().map_err(StoreError::io("lock", &path))?;
        Ok(Reading { _file: Some(Held::new(file)) })
    }
}
