//! How is a folder of files written so that an interrupted run leaves nothing that a next run would trust?

use super::ReportError;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file whose presence says that a run is complete.
const SEAL: &str = "rings.jsonl";

/// Files under temporary names, waiting to be published together.
pub(super) struct Staged {
    out: PathBuf,
    waiting: Vec<&'static str>,
}

impl Staged {
    /// Makes the folder and takes nothing away yet.
    pub(super) fn new(out: &Path) -> Result<Staged, ReportError> {
        fs::create_dir_all(out).map_err(|source| ReportError::Write { path: out.to_owned(), source })?;
        Ok(Staged { out: out.to_owned(), waiting: Vec::new() })
    }

    /// Opens the temporary file that will be called `name`.
    pub(super) fn file(&mut self, name: &'static str) -> Result<File, ReportError> {
        self.waiting.push(name);
        let path = self.part(name);
        File::create(&path).map_err(|source| ReportError::Write { path, source })
    }

    /// Writes the temporary file that will be called `name`.
    pub(super) fn text(
        &mut self,
        name: &'static str,
        fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), ReportError> {
        let mut file = BufWriter::with_capacity(1 << 16, self.file(name)?);
        fill(&mut file)
            .and_then(|()| file.flush())
            .map_err(|source| ReportError::Write { path: self.part(name), source })
    }

    /// Makes all files durable and gives them their names: first the old seal goes, the new one comes last.
    pub(super) fn publish(mut self) -> Result<(), ReportError> {
        for name in &self.waiting {
            self.at(name, File::open(self.part(name)).and_then(|file| file.sync_all()))?;
        }
        match fs::remove_file(self.out.join(SEAL)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.at(SEAL, Err(error))?,
            _ => {}
        }
        self.waiting.sort_by_key(|name| *name == SEAL);
        while let Some(name) = self.waiting.first().copied() {
            self.at(name, fs::rename(self.part(name), self.out.join(name)))?;
            self.waiting.remove(0);
        }
        // A folder cannot be synced on every system; the files themselves are safe by now.
        drop(File::open(&self.out).and_then(|folder| folder.sync_all()));
        Ok(())
    }

    /// Where the temporary file of `name` lies.
    pub(super) fn part(&self, name: &str) -> PathBuf {
        self.out.join(format!("{name}.part"))
    }

    fn at<T>(&self, name: &str, result: io::Result<T>) -> Result<T, ReportError> {
        result.map_err(|source| ReportError::Write { path: self.out.join(name), source })
    }
}

impl Drop for Staged {
    /// What was not published is taken away again.
    fn drop(&mut self) {
        for name in &self.waiting {
            drop(fs::remove_file(self.part(name)));
        }
    }
}
