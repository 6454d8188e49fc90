//! Is this batch one that was sent before? An id made of what its files hold, whatever they are called.

use super::EngineError;
use crate::ingest::Source;
use std::io::{self, Read};
use xxhash_rust::xxh3::Xxh3;

/// How such an id begins.
pub(super) const CONTENT: &str = "content-";

/// The id of a batch: a hash of the tables, the bytes of their files, and what the manifests say about them. Cost: one pass
/// over the files.
///
/// # Errors
/// When a file cannot be read.
pub fn batch_id(source: &Source) -> Result<String, EngineError> {
    let mut parts = Vec::new();
    source.each_content(&mut |name, bytes| {
        parts.push((name, hash_of(bytes)?));
        Ok(())
    })?;
    parts.sort_unstable();
    let mut whole = Xxh3::new();
    for (table, hash) in parts {
        whole.update(table.as_bytes());
        whole.update(&hash.to_le_bytes());
    }
    Ok(format!("{CONTENT}{:032x}", whole.digest128()))
}

fn hash_of(bytes: &mut dyn Read) -> io::Result<u128> {
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(hash.digest128()),
            read => hash.update(&buffer[..read]),
        }
    }
}
