//! Where are the bytes of a file: in a file of its own, or in an archive?

use super::IngestError;
use super::archive::Member;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file that can be read from its beginning, any number of times.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its path; for a member of an archive, the archive's path and its own name.
    pub(super) path: PathBuf,
    /// Its place in an archive, if it is in one.
    pub(super) member: Option<Arc<Member>>,
}

impl Place {
    /// Opens it. `taken` grows by the bytes read from the disk.
    pub(super) fn open(&self, taken: Arc<AtomicU64>) -> Result<Box<dyn Read + Send>, IngestError> {
        let counted = |file| Counted { file, taken };
        match &self.member {
            Some(member) => member.open(counted),
            None => {
                let file =
                    File::open(&self.path).map_err(|source| IngestError::Read { path: self.path.clone(), source })?;
                Ok(Box::new(counted(file)))
            }
        }
    }

    /// Its bytes on disk.
    pub(super) fn bytes(&self) -> Result<u64, IngestError> {
        match &self.member {
            Some(member) => Ok(member.packed),
            None => {
                let about = std::fs::metadata(&self.path);
                Ok(about.map_err(|source| IngestError::Read { path: self.path.clone(), source })?.len())
            }
        }
    }

    /// What an error of reading says about it.
    pub(super) fn failed(&self, source: io::Error) -> IngestError {
        use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
        if matches!(source.kind(), UnexpectedEof | InvalidData | InvalidInput | Other) {
            return IngestError::Damaged { path: self.path.clone(), detail: source.to_string() };
        }
        IngestError::Read { path: self.path.clone(), source }
    }
}

/// Counts the bytes taken from the disk, for the progress bar.
struct Counted {
    file: File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(into)?;
        self.taken.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
