//! Are the bytes read the bytes that were written?
//!
//! A file is cut into blocks of 64 KiB; the xxh3 of each block is kept in `medring.db`. Every byte that a reader gets has
//! been compared with its block's sum, whether it reads the whole file or one page of it. Cost: 8 bytes kept per block,
//! and one hash of what is read (far above the speed of any disk).

use super::error::StoreError;
use super::fail::fail_point;
use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const BLOCK: usize = 64 * 1024;

/// Sums as they lie in the database.
pub(super) fn sums_to_bytes(sums: &[u64]) -> Vec<u8> {
    sums.iter().flat_map(|sum| sum.to_le_bytes()).collect()
}

/// Sums as they came from the database.
pub(super) fn sums_of_bytes(bytes: &[u8]) -> Arc<[u64]> {
    bytes.chunks(8).map(|sum| sum.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))).collect()
}

/// Writes through, and sums up each block.
pub(super) struct SummingFile {
    file: File,
    block: Xxh3,
    filled: usize,
    length: u64,
    sums: Vec<u64>,
    failed: Arc<Mutex<Option<io::Error>>>,
}

impl SummingFile {
    pub(super) fn new(file: File) -> SummingFile {
        SummingFile { file, block: Xxh3::new(), filled: 0, length: 0, sums: Vec::new(), failed: Arc::default() }
    }

    /// Will hold what the disk said when it refused: the Parquet writer keeps only the words of it.
    pub(super) fn failed(&self) -> Arc<Mutex<Option<io::Error>>> {
        self.failed.clone()
    }

    /// The file, its length, and the sums of its blocks.
    pub(super) fn finish(mut self) -> (File, u64, Vec<u64>) {
        if self.filled > 0 {
            self.sums.push(self.block.digest());
        }
        (self.file, self.length, self.sums)
    }
}

impl Write for SummingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = &bytes[..bytes.len().min(BLOCK - self.filled)];
        let written = fail_point("segment-write").and_then(|()| self.file.write(taken)).inspect_err(|error| {
            let same = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(same);
        })?;
        self.block.update(&taken[..written]);
        self.filled += written;
        self.length += written as u64;
        if self.filled == BLOCK {
            self.sums.push(self.block.digest());
            self.block.reset();
            self.filled = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that only gives out bytes whose block matches its sum.
#[derive(Clone)]
pub(super) struct CheckedFile {
    path: Arc<PathBuf>,
    file: Arc<Mutex<File>>,
    length: u64,
    sums: Arc<[u64]>,
}

impl CheckedFile {
    /// Opens a file whose length and sums are known.
    pub(super) fn open(path: &Path, length: u64, sums: Arc<[u64]>) -> Result<CheckedFile, StoreError> {
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        let found = file.metadata().map_err(StoreError::io("read", path))?.len();
        if found != length {
            return Err(StoreError::damaged(path, format!("it has {found} bytes, {length} were written")));
        }
        Ok(CheckedFile { path: Arc::new(path.to_owned()), file: Arc::new(Mutex::new(file)), length, sums })
    }

    /// Compares every block with its sum.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let mut at = 0;
        while at < self.length {
            at += self.block(at)?.len() as u64;
        }
        Ok(())
    }

    /// Writes every block that matches its sum.
    pub(super) fn copy(&self, into: &mut dyn Write, name: &Path) -> Result<(), StoreError> {
        let mut at = 0;
        while at < self.length {
            let block = self.block(at)?;
            into.write_all(&block).map_err(StoreError::io("write", name))?;
            at += block.len() as u64;
        }
        Ok(())
    }

    /// The bytes from `at` to the end of its block.
    fn block(&self, at: u64) -> Result<Bytes, StoreError> {
        let number = at / BLOCK as u64;
        let start = number * BLOCK as u64;
        let length = usize::try_from(self.length.saturating_sub(start)).unwrap_or(BLOCK).min(BLOCK);
        let mut bytes = vec![0; length];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes));
            read.map_err(StoreError::io("read", &self.path))?;
        }
        let sum = usize::try_from(number).ok().and_then(|number| self.sums.get(number));
        if sum != Some(&xxh3_64(&bytes)) {
            let end = start + length as u64;
            return Err(StoreError::damaged(&self.path, format!("bytes {start} to {end} do not match their checksum")));
        }
        Ok(Bytes::from(bytes).slice(usize::try_from(at - start).unwrap_or(length).min(length)..))
    }
}

impl Length for CheckedFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for CheckedFile {
    type T = CheckedRead;

    fn get_read(&self, start: u64) -> ParquetResult<CheckedRead> {
        Ok(CheckedRead { file: self.clone(), at: start, rest: Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if start.saturating_add(length as u64) > self.length {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} of {}", self.length)));
        }
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let block = self.block(start + bytes.len() as u64).map_err(|error| ParquetError::External(error.into()))?;
            let taken = block.len().min(length - bytes.len());
            bytes.extend_from_slice(&block[..taken]);
        }
        Ok(bytes.into())
    }
}

/// Reads on from a place, block by block.
pub(super) struct CheckedRead {
    file: CheckedFile,
    at: u64,
    rest: Bytes,
}

impl Read for CheckedRead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() && self.at < self.file.length {
            self.rest = self.file.block(self.at).map_err(io::Error::other)?;
            self.at += self.rest.len() as u64;
        }
        let taken = self.rest.len().min(into.len());
        into[..taken].copy_from_slice(&self.rest[..taken]);
        self.rest.advance(taken);
        Ok(taken)
    }
}
