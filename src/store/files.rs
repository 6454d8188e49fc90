//! How does a file become part of the workspace for good, and what of an unfinished run is swept away?

use super::error::StoreError;
use super::fail::fail_point;
use super::list::LISTS;
use super::segment::folder;
use std::collections::BTreeSet;
use std::fs::{self, File};
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

/// Removes what a run that did not finish left under our names: temporary files, and files renamed for the epoch that was
/// about to be committed. Anything else is left alone; `verify` reports it.
pub(super) fn sweep(root: &Path, committed: &BTreeSet<PathBuf>, epoch: u64) -> Result<u32, StoreError> {
    let mut removed = 0;
    for (path, of_epoch, temporary) in ours(root)? {
        if (temporary || of_epoch == epoch + 1) && !committed.contains(&path) {
            fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Files in the segment folders that bear our names: path, epoch, whether temporary.
pub(super) fn ours(root: &Path) -> Result<Vec<(PathBuf, u64, bool)>, StoreError> {
    let mut found = Vec::new();
    for folder in LISTS.iter().map(|list| folder(root, *list)).filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(&folder).map_err(StoreError::io("list", &folder))? {
            let path = entry.map_err(StoreError::io("list", &folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).and_then(parse);
            found.extend(name.map(|(epoch, temporary)| (path, epoch, temporary)));
        }
    }
    found.sort();
    Ok(found)
}

/// Epoch, and whether temporary, of a name such as `00000012-0003.parquet.part`.
fn parse(name: &str) -> Option<(u64, bool)> {
    let (stem, temporary) = match name.strip_suffix(".part") {
        Some(stem) => (stem, true),
        None => (name, false),
    };
    let (epoch, number) = stem.strip_suffix(".parquet")?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(epoch) && digits(number)).then(|| epoch.parse().ok())?.map(|epoch| (epoch, temporary))
}
