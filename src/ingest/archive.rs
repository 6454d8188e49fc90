//! What is inside a ZIP archive, and how is a member read without unpacking the rest?
//!
//! ```text
//! directory at the end of the file ─► members (name, place, sizes, checksum) ─► bytes from the place on, inflated as they are read
//! ```
//!
//! Nothing is written to disk and nothing is held but the directory, so an archive of any size costs the memory of its list of
//! names. What a member gives is compared with the size and the checksum that the directory states: a cut or altered one ends
//! as damaged and never as a shorter table. Members may not overlap, and none may grow beyond what tables do, so that a few
//! kilobytes cannot keep a machine busy for days.

use super::IngestError;
use super::encoding::decode;
use flate2::{Crc, bufread};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Members at most.
const MEMBERS_MAX: usize = 100_000;
/// A member that grows by more than this when it is inflated is no table, unless it stays small.
const GROWTH_MAX: u64 = 200;
/// Bytes that a member may always have.
const SMALL: u64 = 64 << 20;

/// A file in an archive.
#[derive(Debug)]
pub(super) struct Member {
    /// The archive.
    archive: PathBuf,
    /// Where its bytes begin.
    offset: u64,
    /// Its bytes in the archive.
    pub(super) packed: u64,
    /// Its bytes when they are inflated.
    size: u64,
    checksum: u32,
    deflated: bool,
}

/// The files in an archive with their names, `/` between folders, in the order of the directory; hidden ones are left out.
///
/// # Errors
/// When it cannot be read, is damaged, or holds what cannot be read.
pub(super) fn members(path: &Path) -> Result<Vec<(String, Arc<Member>)>, IngestError> {
    let read = |source| IngestError::Read { path: path.into(), source };
    let file = File::open(path).map_err(read)?;
    let length = file.metadata().map_err(read)?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(path, &error))?;
    if archive.len() > MEMBERS_MAX {
        return Err(not(path, format!("holds {} files, more than {MEMBERS_MAX}", archive.len())));
    }
    if archive.has_duplicate_names() {
        return Err(damaged(path, "two files in it bear one name"));
    }
    let (mut members, mut packed) = (Vec::new(), 0_u64);
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|error| broken(path, &error))?;
        packed = packed.saturating_add(member.compressed_size());
        let name = clean(&decode(member.name_raw(), None));
        if member.is_dir() || name.split('/').any(|part| part.starts_with(['.', '_'])) || name.is_empty() {
            continue;
        }
        let shown = path.join(&name);
        if member.encrypted() {
            return Err(not(&shown, "is encrypted; unpack it with its password".to_owned()));
        }
        let deflated = match member.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => return Err(not(&shown, format!("is packed by a method that is not read ({other}); unpack it"))),
        };
        let offset = member.data_start().ok_or_else(|| damaged(&shown, "its beginning is not there"))?;
        let member = Member {
            archive: path.into(),
            offset,
            packed: member.compressed_size(),
            size: member.size(),
            checksum: member.crc32(),
            deflated,
        };
        if member.offset.saturating_add(member.packed) > length {
            return Err(damaged(&shown, "it ends behind the end of the archive"));
        }
        members.push((name, Arc::new(member)));
    }
    if packed > length {
        return Err(damaged(path, "the files in it overlap"));
    }
    Ok(members)
}

impl Member {
    /// Refuses what no table is: something that grows hundreds of times when it is inflated.
    pub(super) fn is_a_table_by_size(&self, shown: &Path) -> Result<(), IngestError> {
        if self.size > SMALL && self.size / GROWTH_MAX > self.packed {
            let (size, packed) = (self.size, self.packed);
            return Err(not(
                shown,
                format!("would grow from {packed} to {size} bytes, as no table does; not unpacked"),
            ));
        }
        Ok(())
    }

    /// Its bytes. `counted` wraps what is read from the disk.
    pub(super) fn open<R: Read + Send + 'static>(
        &self,
        counted: impl FnOnce(File) -> R,
    ) -> Result<Box<dyn Read + Send>, IngestError> {
        let read = |source| IngestError::Read { path: self.archive.clone(), source };
        let mut file = File::open(&self.archive).map_err(read)?;
        file.seek(SeekFrom::Start(self.offset)).map_err(read)?;
        let packed = BufReader::with_capacity(1 << 16, counted(file).take(self.packed));
        let (left, stated) = (self.size, self.checksum);
        Ok(if self.deflated {
            Box::new(Compared { input: bufread::DeflateDecoder::new(packed), left, stated, seen: Crc::new() })
        } else {
            Box::new(Compared { input: packed, left, stated, seen: Crc::new() })
        })
    }
}

/// Compares what is read with what the directory states.
struct Compared<R> {
    input: R,
    left: u64,
    stated: u32,
    seen: Crc,
}

impl<R: Read> Read for Compared<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let wrong = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        let length = self.input.read(into)?;
        self.seen.update(&into[..length]);
        match self.left.checked_sub(length as u64) {
            None => wrong("it holds more than the archive's directory states"),
            Some(left) if length == 0 && !into.is_empty() && left > 0 => {
                wrong("it holds less than the archive's directory states")
            }
            Some(0) if length == 0 && !into.is_empty() && self.seen.sum() != self.stated => {
                wrong("its checksum is not that of the archive's directory")
            }
            Some(left) => {
                self.left = left;
                Ok(length)
            }
        }
    }
}

/// A name as written, with `/` between folders and nothing that leads out of the archive.
fn clean(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

fn broken(path: &Path, error: &ZipError) -> IngestError {
    damaged(path, &error.to_string())
}

fn damaged(path: &Path, detail: &str) -> IngestError {
    IngestError::Damaged { path: path.into(), detail: detail.to_owned() }
}

fn not(path: &Path, detail: String) -> IngestError {
    IngestError::NotTable { path: path.into(), detail }
}
