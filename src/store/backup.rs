//! How is a workspace copied while it is served, and how does the copy become a workspace again?
//!
//! ```text
//! medring.db ─SQLite backup─► copy, at epoch e ─► names the segments of e ─checked copy or link─► backup
//! vault.db   ─SQLite backup─► superset of e, trimmed to e ────────────────────────────────────────┘
//! ```
//! The writer is never stopped: SQLite copies one snapshot, segments never change, and the vault, copied last, holds at
//! least what the manifest needs. A backup appears under its name only when it is whole and synced.
//!
//! Cost: every segment is read once and compared with its checksums, so that damage is not carried into the backup.

use super::error::StoreError;
use super::fail::crash_point;
use super::verify::{Checked, databases};
use super::workspace::Workspace;
use super::{archive, files, schema, vault};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it lies.
    pub path: PathBuf,
    /// The epoch that it holds, whole.
    pub epoch: u64,
    /// Segments in it.
    pub segments: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Small files beside the databases: where the log ends, and what the site has set.
const BESIDE: [&str; 4] = ["audit.head", "medring.toml", "policies.cedar", "cases.toml"];

/// How to copy segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Segments {
    /// Every byte is read, compared and written anew.
    #[default]
    Copy,
    /// As further names of the same files, where the file system can: quick and small, but no help when the disk is lost.
    Link,
}

impl Workspace {
    /// Copies the workspace as of its last epoch, beside any writer. A destination that ends with `.tar` becomes one file, any
    /// other a folder. Both are readable by the owner only, because they hold the vault.
    ///
    /// # Errors
    /// The destination exists already, cannot be written, or the workspace is damaged.
    pub fn backup(&self, to: &Path, segments: Segments) -> Result<BackedUp, StoreError> {
        let refused = |why: &str| StoreError::refused(format!("{} {why}", to.display()));
        if to.is_dir() && fs::read_dir(to).map_err(StoreError::io("list", to))?.next().is_none() && !archive::is(to) {
            fs::remove_dir(to).map_err(StoreError::io("replace", to))?;
        }
        if to.exists() {
            return Err(refused("exists already; name a new file or folder / 已存在, 请另指定新文件或新文件夹"));
        }
        let above = beside(to)?;
        let staging = staging(&above)?;
        let root = staging.path();
        let _reading = self.reading()?;
        // Before the databases: a log that has grown meanwhile is longer than its head says, never cut off.
        for name in BESIDE {
            let beside = self.root.join(name);
            if beside.is_file() {
                fs::copy(&beside, root.join(name)).map_err(StoreError::io("copy", &beside))?;
            }
        }
        for path in databases(&self.root)? {
            copy_database(&path, &root.join(path.file_name().unwrap_or_default()))?;
        }
        let copied = Workspace::on(root, schema::open(root, false)?)?;
        vault::trim(root, copied.epoch.cast_signed())?;
        let found = copied.segments(0)?;
        let made = BackedUp {
            path: to.to_owned(),
            epoch: copied.epoch,
            segments: found.len(),
            bytes: found.iter().map(|segment| segment.bytes).sum(),
        };
        drop(copied);
        for path in databases(root)? {
            settle(&path)?;
        }
        for mut segment in found {
            let copy = std::mem::replace(&mut segment.path, PathBuf::new());
            segment.path = self.root.join(copy.strip_prefix(root).unwrap_or(&copy));
            let folder = copy.parent().unwrap_or(root);
            fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
            if segments == Segments::Link && fs::hard_link(&segment.path, &copy).is_ok() {
                continue;
            }
            let mut file = File::create(&copy).map_err(StoreError::io("create", &copy))?;
            segment.open()?.copy(&mut file, &copy)?;
        }
        crash_point("backup-copied");
        if archive::is(to) {
            archive::pack(root, to, &above)?;
        } else {
            publish(staging, to, &above)?;
        }
        Ok(made)
    }
}

/// Makes a workspace of a backup (or of a workspace that nobody writes to), in a folder that does not exist or is empty.
/// Nothing appears there unless everything was compared with its checksums first.
///
/// # Errors
/// The folder holds something, the backup is damaged (the damage is named), or the disk does not answer.
pub fn restore(from: &Path, into: &Path) -> Result<Checked, StoreError> {
    let kind = fs::metadata(from).map_err(StoreError::io("open", from))?;
    if into.is_dir() {
        if fs::read_dir(into).map_err(StoreError::io("list", into))?.next().is_some() {
            return Err(StoreError::NotAWorkspace {
                path: into.to_owned(),
                why: "is not empty; name a new folder / 文件夹非空, 请另指定新文件夹",
            });
        }
        fs::remove_dir(into).map_err(StoreError::io("replace", into))?;
    } else if into.exists() {
        return Err(StoreError::NotAWorkspace {
            path: into.to_owned(),
            why: "is a file; name a new folder / 这是文件, 请另指定新文件夹",
        });
    }
    let above = beside(into)?;
    let staging = staging(&above)?;
    if kind.is_dir() {
        let damaged = Workspace::open_reader(from)?.check()?.problems;
        refuse(from, from, damaged)?;
        copy_folder(from, staging.path())?;
    } else {
        archive::unpack(from, staging.path())?;
    }
    let segments = staging.path().join("segments");
    fs::create_dir_all(&segments).map_err(StoreError::io("create", &segments))?;
    let checked = Workspace::open_reader(staging.path())?.check()?;
    refuse(from, staging.path(), checked.problems.clone())?;
    publish(staging, into, &above)?;
    Ok(checked)
}

/// Compares a backup with its checksums; one in a file is unpacked beside it for that.
///
/// # Errors
/// It is damaged (the damage is named), or the disk does not answer.
pub fn verify_backup(path: &Path) -> Result<Checked, StoreError> {
    let kind = fs::metadata(path).map_err(StoreError::io("open", path))?;
    let staging = staging(&beside(path)?)?;
    let root = if kind.is_dir() {
        path
    } else {
        archive::unpack(path, staging.path())?;
        staging.path()
    };
    let checked = Workspace::open_reader(root)?.check()?;
    refuse(path, root, checked.problems.clone())?;
    Ok(checked)
}

/// Names the first damage by its place in the backup.
fn refuse(backup: &Path, root: &Path, problems: Vec<super::Problem>) -> Result<(), StoreError> {
    let Some(first) = problems.first() else { return Ok(()) };
    let place = first.path.strip_prefix(root).unwrap_or(&first.path).display();
    let what = first.what.replace(&format!("{}/", root.display()), "");
    Err(StoreError::damaged(backup, format!("{} problems, the first in {place}: {what}", problems.len())))
}

/// The folder that a path lies in.
fn beside(path: &Path) -> Result<PathBuf, StoreError> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(above).map_err(StoreError::io("create", above))?;
    Ok(above.to_owned())
}

/// A folder of the owner's beside the destination; it vanishes unless it becomes the destination.
fn staging(above: &Path) -> Result<TempDir, StoreError> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix(".medring-").tempdir_in(above).map_err(StoreError::io("create a folder in", above))
}

/// Syncs everything in a folder and gives it its name.
fn publish(staging: TempDir, to: &Path, above: &Path) -> Result<(), StoreError> {
    let mut folders = BTreeSet::from([staging.path().to_owned()]);
    for (path, _) in archive::files(staging.path())? {
        File::open(&path).and_then(|file| file.sync_all()).map_err(StoreError::io("sync", &path))?;
        let inside = |folder: &&Path| folder.starts_with(staging.path());
        folders.extend(path.ancestors().skip(1).take_while(inside).map(Path::to_owned));
    }
    for folder in folders {
        files::sync_folder(&folder)?;
    }
    fs::rename(staging.path(), to).map_err(StoreError::io("rename to", to))?;
    // The folder has moved: there is nothing left under its old name to remove.
    let _ = staging.keep();
    files::sync_folder(above)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), StoreError> {
    for (path, name) in archive::files(from)? {
        let copy = to.join(&name);
        let folder = copy.parent().unwrap_or(to);
        fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        if path.extension().is_some_and(|kind| kind == "db") {
            copy_database(&path, &copy)?;
        } else {
            fs::copy(&path, &copy).map_err(StoreError::io("copy", &path))?;
        }
    }
    Ok(())
}

/// One snapshot of a database, readable by the owner only.
fn copy_database(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(to).map_err(StoreError::io("create", to))?;
    let source = schema::connect(from, false)?;
    let copy = || -> rusqlite::Result<()> {
        let mut copy = Connection::open(to)?;
        let backup = Backup::new(&source, &mut copy)?;
        // All pages in one step: one snapshot, however busy the writer is.
        while backup.step(-1)? != StepResult::Done {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    };
    copy().map_err(StoreError::database(from))
}

/// Leaves a database as one file that can be read where nothing can be written.
fn settle(path: &Path) -> Result<(), StoreError> {
    let settle = || -> rusqlite::Result<()> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "DELETE")
    };
    settle().map_err(StoreError::database(path))
}
