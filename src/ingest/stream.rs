//! How does a file of any size become chunks of whole records? One pass, a few megabytes of memory, no record longer
//! than a stated limit.

use super::IngestError;
use super::place::Place;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Bytes that a chunk aims at.
const CHUNK: usize = 1 << 20;
/// No record may be longer; one that is longer is set aside without being held in memory.
pub(super) const RECORD_LIMIT: usize = 16 << 20;
/// What is kept of a record that is too long.
const OVERLONG_KEPT: usize = 4 << 10;

/// Where fields and records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Fields between this byte, possibly in quotes.
    Delimited(u8),
    /// One JSON object a line.
    JsonLines,
}

/// How the bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// As they are.
    Plain,
    /// gzip, possibly several members.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// Whole records.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// Their bytes.
    pub(super) bytes: Vec<u8>,
    /// The beginning of one record that is longer than [`RECORD_LIMIT`], and nothing else.
    pub(super) overlong: bool,
}

/// The chunks of a file.
pub(super) struct Chunks {
    place: Place,
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    ended: bool,
    dialect: Dialect,
}

impl Chunks {
    /// Opens a file. `taken` grows by the bytes read from the disk.
    pub(super) fn open(place: &Place, packing: Packing, taken: Arc<AtomicU64>) -> Result<Chunks, IngestError> {
        let bytes = place.open(taken)?;
        let input: Box<dyn Read + Send> = match packing {
            Packing::Plain => bytes,
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, bytes))),
            Packing::Zstd => Box::new(zstd::Decoder::new(bytes).map_err(|source| place.failed(source))?),
        };
        let dialect = Dialect::JsonLines;
        Ok(Chunks { place: place.clone(), input, buffer: Vec::new(), ended: false, dialect })
    }

    /// Says where fields end; until then every line is a record.
    pub(super) fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// The first bytes, without taking them.
    pub(super) fn peek(&mut self) -> Result<&[u8], IngestError> {
        self.fill(CHUNK)?;
        if self.buffer.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.buffer.drain(..3);
        }
        Ok(&self.buffer)
    }

    /// Takes the first bytes.
    pub(super) fn skip(&mut self, length: usize) {
        self.buffer.drain(..length.min(self.buffer.len()));
    }

    /// The next chunk; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, IngestError> {
        let mut want = CHUNK;
        loop {
            self.fill(want)?;
            if self.ended {
                let bytes = std::mem::take(&mut self.buffer);
                return Ok((!bytes.is_empty()).then_some(Chunk { bytes, overlong: false }));
            }
            let cut = last_boundary(&self.buffer, self.dialect);
            if cut > 0 {
                return Ok(Some(self.cut(cut)));
            }
            if self.buffer.len() >= RECORD_LIMIT {
                return match memchr::memchr(b'\n', &self.buffer) {
                    Some(end) => Ok(Some(self.cut(end + 1))),
                    None => self.overlong().map(Some),
                };
            }
            want = (want * 2).min(RECORD_LIMIT);
        }
    }

    fn cut(&mut self, at: usize) -> Chunk {
        let mut rest = Vec::with_capacity(CHUNK + (1 << 16));
        rest.extend_from_slice(&self.buffer[at..]);
        self.buffer.truncate(at);
        Chunk { bytes: std::mem::replace(&mut self.buffer, rest), overlong: false }
    }

    fn overlong(&mut self) -> Result<Chunk, IngestError> {
        let bytes = self.buffer[..OVERLONG_KEPT].to_vec();
        self.buffer.clear();
        while !self.ended {
            self.fill(CHUNK)?;
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                self.buffer.drain(..=end);
                break;
            }
            self.buffer.clear();
        }
        Ok(Chunk { bytes, overlong: true })
    }

    /// Reads until `want` bytes are there or the file ends.
    fn fill(&mut self, want: usize) -> Result<(), IngestError> {
        while !self.ended && self.buffer.len() < want {
            let missing = (want - self.buffer.len()) as u64;
            match (&mut self.input).take(missing).read_to_end(&mut self.buffer) {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(source) => return Err(self.place.failed(source)),
            }
        }
        Ok(())
    }
}

/// The end of the last whole record; 0 when there is none.
fn last_boundary(bytes: &[u8], dialect: Dialect) -> usize {
    let Dialect::Delimited(delimiter) = dialect else { return memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1) };
    if memchr::memchr(b'"', bytes).is_none() {
        return memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    }
    let (mut boundary, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            match closing_quote(bytes, at + 1) {
                Some(close) => at = close + 1,
                None => return boundary,
            }
        }
        match memchr::memchr2(delimiter, b'\n', &bytes[at..]) {
            Some(end) => {
                at += end + 1;
                if bytes[at - 1] == b'\n' {
                    boundary = at;
                }
            }
            None => return boundary,
        }
    }
    boundary
}

/// Where the quoted field that begins at `at` ends; doubled quotes are letters.
pub(super) fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}
