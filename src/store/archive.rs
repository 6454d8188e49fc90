//! How does a backup lie in one file? As a tar archive of the workspace's files, so that any system can look inside.

use super::error::StoreError;
use super::files;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// Whether a path names an archive.
pub(super) fn is(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("tar"))
}

/// The files that make up a workspace, with their names in it: databases, settings and segments. What lies there besides
/// (the lock, logs of SQLite, batches that wait) does not belong to a backup.
pub(super) fn files(root: &Path) -> Result<Vec<(PathBuf, PathBuf)>, StoreError> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(StoreError::io("list", &folder))? {
            let path = entry.map_err(StoreError::io("list", &folder))?.path();
            let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
            if path.is_dir() && (name == Path::new("segments") || folder != root) {
                folders.push(path);
            } else if belongs(&name) {
                found.push((path, name));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `medring.db` and the like, `medring.toml`, `segments/setl_d/….parquet`; nothing that leads elsewhere.
fn belongs(name: &Path) -> bool {
    let plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    let kind = name.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    plain
        && match name.components().count() {
            1 => kind == "db" || kind == "toml",
            3 => name.starts_with("segments") && kind == "parquet",
            _ => false,
        }
}

/// Writes all files of a folder into one, which appears under its name when it is whole.
pub(super) fn pack(root: &Path, to: &Path, above: &Path) -> Result<(), StoreError> {
    let written = |error| StoreError::io("write", to)(error);
    let part = tempfile::Builder::new().prefix(".medring-").tempfile_in(above).map_err(written)?;
    let mut tar = tar::Builder::new(BufWriter::with_capacity(1 << 20, part));
    for (path, name) in files(root)? {
        tar.append_path_with_name(&path, &name).map_err(written)?;
    }
    let mut buffer = tar.into_inner().map_err(written)?;
    buffer.flush().map_err(written)?;
    let part = buffer.into_inner().map_err(|error| written(error.into_error()))?;
    part.as_file().sync_all().map_err(StoreError::io("sync", to))?;
    part.persist_noclobber(to).map_err(|error| written(error.error))?;
    files::sync_folder(above)
}

/// Takes all files out again. Names that no backup has are refused.
pub(super) fn unpack(from: &Path, root: &Path) -> Result<(), StoreError> {
    let cut = |error: io::Error| StoreError::damaged(from, format!("the archive is cut or no archive ({error})"));
    let file = File::open(from).map_err(StoreError::io("open", from))?;
    let mut tar = tar::Archive::new(BufReader::with_capacity(1 << 20, file));
    let mut count = 0;
    for entry in tar.entries().map_err(cut)? {
        let mut entry = entry.map_err(cut)?;
        let name = entry.path().map_err(cut)?.into_owned();
        if !entry.header().entry_type().is_file() || !belongs(&name) {
            return Err(StoreError::damaged(from, format!("it holds {}, which no backup holds", name.display())));
        }
        let path = root.join(&name);
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(StoreError::io("create", &path))?;
        let expected = entry.size();
        let got = io::copy(&mut entry, &mut file).map_err(cut)?;
        if got != expected {
            return Err(cut(io::ErrorKind::UnexpectedEof.into()));
        }
        count += 1;
    }
    if count == 0 {
        return Err(StoreError::damaged(from, "it holds no workspace"));
    }
    Ok(())
}
