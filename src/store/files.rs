//! How does a file become part of the workspace for good, and what of an unfinished run is swept away?

use super::error::StoreError;
use super::fail::fail_point;
use super::list::LISTS;
use super::segment::folder;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the bytes of a file durable.
pub(super) fn sync_file(file: &File, path: &Path) -> Result<(), StoreError> {
    fail_point("segment-sync").and_then(|()| file.sync_all()).map_err(StoreError::io("sync", path))
}

/// Gives a file its lasting name.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fail_point("segment-rename").and_then(|()| fs::rename(from, to)).map_err(StoreError::io("rename", from))
}

/// Makes the entries of a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    fail_point("folder-sync").map_err(StoreError::io("sync", path))?;
    // Only Unix opens folders as files; elsewhere a rename is as durable as the file system makes it.
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(StoreError::io("sync", path))?;
    }
    Ok(())
}

/// Removes a file that nothing needs; one that is not there is removed already.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(StoreError::io("remove", path)),
    }
}

/// Removes what a run that did not finish left under our names: temporary files, files renamed for the epoch that was
/// about to be committed, and files that were about to replace others. Anything else is left alone; `verify` reports it.
pub(super) fn sweep(
    root: &Path,
    committed: &BTreeSet<PathBuf>,
    replaced: &BTreeSet<PathBuf>,
    epoch: u64,
) -> Result<u32, StoreError> {
    let mut removed = 0;
    for file in ours(root)? {
        if file.is_leftover(epoch) && !committed.contains(&file.path) && !replaced.contains(&file.path) {
            remove(&file.path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// A file in a segment folder that bears one of our names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ours {
    pub(super) path: PathBuf,
    epoch: u64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Still being written.
    Temporary,
    /// Of a batch.
    Batch,
    /// Of compaction.
    Compacted,
}

impl Ours {
    /// Whether an unfinished run can have left it, if it is not committed.
    pub(super) fn is_leftover(&self, epoch: u64) -> bool {
        self.kind != Kind::Batch || self.epoch == epoch + 1
    }
}

/// Files in the segment folders that bear our names.
pub(super) fn ours(root: &Path) -> Result<Vec<Ours>, StoreError> {
    let mut found = Vec::new();
    for folder in LISTS.iter().map(|list| folder(root, *list)).filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(&folder).map_err(StoreError::io("list", &folder))? {
            let path = entry.map_err(StoreError::io("list", &folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).and_then(parse);
            found.extend(name.map(|(epoch, kind)| Ours { path, epoch, kind }));
        }
    }
    found.sort();
    Ok(found)
}

/// Epoch and kind of a name such as `00000012-0003.parquet.part` or `00000400-c0000170000.parquet`.
fn parse(name: &str) -> Option<(u64, Kind)> {
    let (stem, temporary) = match name.strip_suffix(".part") {
        Some(stem) => (stem, true),
        None => (name, false),
    };
    let (epoch, number) = stem.strip_suffix(".parquet")?.split_once('-')?;
    let compacted = number.strip_prefix('c');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let kind = match (temporary, compacted) {
        (true, _) => Kind::Temporary,
        (false, Some(_)) => Kind::Compacted,
        (false, None) => Kind::Batch,
    };
    (digits(epoch) && digits(compacted.unwrap_or(number))).then(|| epoch.parse().ok())?.map(|epoch| (epoch, kind))
}
