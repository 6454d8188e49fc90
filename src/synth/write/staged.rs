//! How does a world get its final names only when it is whole? Every file is written as `NAME.part`; all are renamed at the
//! end, the answers and the manifest last, and what was not renamed is taken away again.

use crate::synth::SynthError;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Files under temporary names, and the flag that stops the writing.
pub(super) struct Staged<'a> {
    out: &'a Path,
    stop: &'a AtomicBool,
    waiting: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl<'a> Staged<'a> {
    /// Makes the folder.
    pub(super) fn new(out: &'a Path, stop: &'a AtomicBool) -> Result<Staged<'a>, SynthError> {
        fs::create_dir_all(out).map_err(|error| SynthError::at(out, error))?;
        Ok(Staged { out, stop, waiting: Vec::new(), folders: Vec::new() })
    }

    /// A file that will be called `name`: where it is written until then.
    pub(super) fn part(&mut self, name: &str) -> PathBuf {
        self.waiting.push(self.out.join(name));
        part_of(&self.out.join(name))
    }

    /// Makes a folder for part files; it goes again when nothing is published.
    pub(super) fn folder(&mut self, name: &str) -> Result<(), SynthError> {
        let folder = self.out.join(name);
        fs::create_dir_all(&folder).map_err(|error| SynthError::at(&folder, error))?;
        self.folders.push(folder);
        Ok(())
    }

    /// Writes a small file at once.
    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<(), SynthError> {
        let path = self.part(name);
        fs::write(&path, text).map_err(|error| SynthError::at(&path, error))
    }

    /// Whether the caller wants to go on.
    pub(super) fn wanted(&self) -> Result<(), SynthError> {
        if self.stop.load(Ordering::Relaxed) { Err(SynthError::Interrupted) } else { Ok(()) }
    }

    /// Gives all files their names, in the order in which they were begun.
    pub(super) fn publish(mut self) -> Result<(), SynthError> {
        self.wanted()?;
        for path in &self.waiting {
            let part = part_of(path);
            File::open(&part).and_then(|file| file.sync_all()).map_err(|error| SynthError::at(&part, error))?;
        }
        while let Some(path) = self.waiting.first() {
            fs::rename(part_of(path), path).map_err(|error| SynthError::at(path, error))?;
            self.waiting.remove(0);
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        for path in &self.waiting {
            drop(fs::remove_file(part_of(path)));
        }
        // A folder that holds something else stays.
        for folder in &self.folders {
            drop(fs::remove_dir(folder));
        }
    }
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
