//! How do files that somebody puts into a folder become batches?
//!
//! ```text
//! DIR/setl_d_20261128.csv ─finished─► DIR/processing/… ─commit─► DIR/processed/…
//!                                                      └refused─► DIR/failed/… and ….reason.txt
//! ```
//! A file, or a folder of tables, is one batch. It is finished when nothing in it has changed for a while, or at once when
//! the sender renames it into place and `--watch-quiet 0` says so. Names that begin with `.` or `_`, or end with `.part` or
//! `.tmp`, are left alone; so are links. What lies in `processing` when the server starts was under way when it was killed:
//! it is taken first, and its contents are its name, so that a batch that was committed before counts once.
//!
//! Cost: one listing of the folder a second; each file is read twice (its hash, then its rows).

use super::super::shared::Shared;
use super::super::trouble::Trouble;
use super::super::writer::Batch;
use super::{PAUSE, SourceState, deliver};
use crate::store::crash_point;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

const PROCESSING: &str = "processing";
const PROCESSED: &str = "processed";
const FAILED: &str = "failed";
/// How deep folders are looked into for what changed last.
const DEPTH: u32 = 8;

/// Makes the folders and starts the thread; it ends with the server.
pub(in super::super) fn start(shared: &Arc<Shared>, folder: &Path, quiet: Duration) -> io::Result<JoinHandle<()>> {
    for name in [PROCESSING, PROCESSED, FAILED] {
        fs::create_dir_all(folder.join(name))?;
    }
    let (shared, folder) = (Arc::clone(shared), folder.to_owned());
    let name = folder.display().to_string();
    let source = shared.sources.add(SourceState { kind: "watch".to_owned(), name, ..SourceState::default() });
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
        while !shared.is_closing() && shared.lost().is_none() {
            let looked = look(&shared, source, &folder, quiet);
            let trouble = looked.err().map(|error| format!("{}: {error}", folder.display()));
            if let Some(trouble) = &trouble {
                tracing::warn!(source = "watch", "{trouble}");
            }
            shared.sources.change(source, |state| state.trouble = trouble);
            shared.rest(PAUSE);
        }
    })
}

/// Takes everything that is finished, oldest name first.
fn look(shared: &Arc<Shared>, source: usize, folder: &Path, quiet: Duration) -> io::Result<()> {
    for path in entries(&folder.join(PROCESSING))? {
        take(shared, source, folder, &path)?;
    }
    for path in entries(folder)?.into_iter().filter(|path| !is_own(path)) {
        if !finished(&path, quiet)? {
            continue;
        }
        let claimed = vacant(&folder.join(PROCESSING), &path);
        fs::rename(&path, &claimed)?;
        crash_point("watch-claimed");
        take(shared, source, folder, &claimed)?;
    }
    Ok(())
}

/// Hands one batch to the writer and puts it where its end says.
fn take(shared: &Arc<Shared>, source: usize, folder: &Path, path: &Path) -> io::Result<()> {
    let batch = Batch { files: vec![path.to_owned()], batch_id: None, settings: Vec::new() };
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match deliver(shared, &batch) {
        // It stays in `processing`, and is taken when the server starts again.
        None => Ok(()),
        Some(Ok(receipt)) => {
            crash_point("watch-taken");
            fs::rename(path, vacant(&folder.join(PROCESSED), path))?;
            crash_point("watch-moved");
            tracing::info!(source = "watch", file, epoch = receipt.epoch(), already = receipt.already(), "taken");
            shared.sources.change(source, |state| state.taken += 1);
            Ok(())
        }
        Some(Err(trouble @ (Trouble::Batch(_) | Trouble::Rejected(_)))) => {
            let to = vacant(&folder.join(FAILED), path);
            let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The reason first: a batch in `failed` always has one.
            fs::write(to.with_file_name(format!("{name}.reason.txt")), trouble.text())?;
            fs::rename(path, &to)?;
            tracing::warn!(source = "watch", file, code = trouble.code(), "refused");
            shared.sources.change(source, |state| state.refused += 1);
            Ok(())
        }
        Some(Err(trouble)) => Err(io::Error::other(trouble.text())),
    }
}

/// What may be a batch, by name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let under_way = name.starts_with(['.', '_']) || [".part", ".tmp"].iter().any(|ending| name.ends_with(ending));
        if !under_way && !entry.file_type()?.is_symlink() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn is_own(path: &Path) -> bool {
    [PROCESSING, PROCESSED, FAILED].iter().any(|own| path.file_name().is_some_and(|name| name == *own))
}

/// Whether nothing in it has changed for so long.
fn finished(path: &Path, quiet: Duration) -> io::Result<bool> {
    if quiet.is_zero() {
        return Ok(true);
    }
    match newest(path, DEPTH) {
        Ok(changed) => Ok(SystemTime::now().duration_since(changed).is_ok_and(|since| since >= quiet)),
        // Taken away again, or renamed, while we looked.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn newest(path: &Path, depth: u32) -> io::Result<SystemTime> {
    let about = fs::symlink_metadata(path)?;
    let mut newest_time = about.modified()?;
    if about.is_dir() && depth > 0 {
        for entry in fs::read_dir(path)? {
            newest_time = newest_time.max(newest(&entry?.path(), depth - 1)?);
        }
    }
    Ok(newest_time)
}

/// A name in a folder that nothing bears yet; the part before the first dot stays, because it names the table.
fn vacant(folder: &Path, path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = name.split_once('.').map_or((name.as_str(), String::new()), |(a, b)| (a, format!(".{b}")));
    let mut names = std::iter::once(name.clone()).chain((2_u32..).map(|number| format!("{stem}-{number}{ending}")));
    let free = names.find(|name| !folder.join(name).exists());
    folder.join(free.unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number_behind_its_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Path::new("setl_d.csv.gz");
        assert_eq!(vacant(folder.path(), path), folder.path().join("setl_d.csv.gz"));
        fs::write(folder.path().join("setl_d.csv.gz"), "").expect("writes");
        assert_eq!(vacant(folder.path(), path), folder.path().join("setl_d-2.csv.gz"));
    }

    #[test]
    fn what_still_grows_is_not_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("setl_d.csv");
        fs::write(&file, "x").expect("writes");
        assert!(finished(&file, Duration::ZERO).expect("looks"));
        assert!(!finished(&file, Duration::from_secs(3_600)).expect("looks"));
        let old = SystemTime::now() - Duration::from_secs(7_200);
        fs::File::open(&file).and_then(|file| file.set_modified(old)).expect("sets its time");
        assert!(finished(&file, Duration::from_secs(3_600)).expect("looks"));
        assert!(!finished(&folder.path().join("gone"), Duration::from_secs(1)).expect("looks"));
    }
}
