//! Is this batch one that was sent before? An id made of what its files hold, whatever they are called.

use super::EngineError;
use crate::ingest::{IngestError, Source};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
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
    for file in source.files() {
        parts.push((file.table.name(), hash_of(&file.path)?));
    }
    for folder in source.manifests().keys() {
        let manifest = folder.join("dataset.toml");
        if manifest.is_file() {
            parts.push(("dataset.toml", hash_of(&manifest)?));
        }
    }
    parts.sort_unstable();
    let mut whole = Xxh3::new();
    for (table, hash) in parts {
        whole.update(table.as_bytes());
        whole.update(&hash.to_le_bytes());
    }
    Ok(format!("{CONTENT}{:032x}", whole.digest128()))
}

fn hash_of(path: &Path) -> Result<u128, EngineError> {
    let unreadable = |source| IngestError::Read { path: path.to_owned(), source };
    let mut file = BufReader::with_capacity(1 << 20, File::open(path).map_err(unreadable)?);
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(hash.digest128()),
            read => hash.update(&buffer[..read]),
        }
    }
}
