//! How are files sealed into one archive, and what shows that one was changed, taken out or put in?
//!
//! The manifest lists every file with its SHA-256; `manifest.sig` signs the manifest; both are the only files that it does not list.
//! An archive must be exactly that: a second entry of one name, bytes in front or a remark at the end are told as well.

use super::File;
use crate::report::ReportError;
use crate::store::{Seal, is_signed, sha256};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
/// Bytes of a manifest at most: what is larger is none of ours.
const MANIFEST_MAX: u64 = 64 << 20;

/// What the manifest says.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    schema_version: u32,
    case: String,
    made_with: String,
    public_key: String,
    files: Vec<Listed>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
    sha256: String,
}

/// What is wrong with an archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// It is no archive of ours.
    Unreadable(String),
    /// The signature does not fit the manifest.
    Signature,
    /// It was sealed with another key than expected.
    OtherKey,
    /// A file is not what it was.
    Changed(String),
    /// A file was taken out.
    Missing(String),
    /// A file was put in.
    Added(String),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Unreadable(why) => write!(f, "unreadable {why}"),
            Flaw::Signature => write!(f, "changed {MANIFEST}"),
            Flaw::OtherKey => write!(f, "other_key"),
            Flaw::Changed(path) => write!(f, "changed {path}"),
            Flaw::Missing(path) => write!(f, "missing {path}"),
            Flaw::Added(path) => write!(f, "added {path}"),
        }
    }
}

/// What an archive came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The case.
    pub case: String,
    /// The key it says it was sealed with.
    pub public_key: String,
    /// Files that the manifest lists.
    pub files: usize,
    /// What is wrong; nothing when it is whole.
    pub flaws: Vec<Flaw>,
}

/// Seals files into one archive.
///
/// # Errors
/// The archive cannot be written: a mistake of this program.
pub fn sealed(case: &str, files: &[File], seal: &Seal) -> Result<Vec<u8>, ReportError> {
    let listed = |file: &File| Listed {
        path: file.path.clone(),
        bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        sha256: sha256(&file.bytes),
    };
    let manifest = Manifest {
        schema_version: 1,
        case: case.to_owned(),
        made_with: format!("medring {}", env!("CARGO_PKG_VERSION")),
        public_key: seal.public(),
        files: files.iter().map(listed).collect(),
    };
    let mut manifest =
        serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::from).map_err(ReportError::Archive)?;
    manifest.push(b'\n');
    let signature = format!("{}\n", seal.sign(&manifest)).into_bytes();
    let all = files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice()));
    packed(all.chain([(MANIFEST, manifest.as_slice()), (SIGNATURE, signature.as_slice())]))
        .map_err(ReportError::Archive)
}

fn packed<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> std::io::Result<Vec<u8>> {
    // One date for all: an archive that says when it was written would be another one each time.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive.start_file(path, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Checks an archive against its manifest, and the manifest against its signature. Argument: the public key that the receiver
/// was told, if any; without it the archive is only shown to be whole, not whose it is.
#[must_use]
pub fn verify(bytes: &[u8], expected: Option<&str>) -> Verified {
    match checked(bytes, expected) {
        Ok(verified) => verified,
        Err(why) => Verified { flaws: vec![Flaw::Unreadable(why)], ..Verified::default() },
    }
}

fn checked(bytes: &[u8], expected: Option<&str>) -> Result<Verified, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let manifest = entry(&mut archive, MANIFEST, MANIFEST_MAX)?.ok_or("manifest.json is missing")?;
    let said: Manifest = serde_json::from_slice(&manifest).map_err(|error| format!("{MANIFEST}: {error}"))?;
    let mut flaws = BTreeSet::new();
    let signature = entry(&mut archive, SIGNATURE, 1_024)?;
    let signature = signature.map(|text| String::from_utf8_lossy(&text).into_owned());
    let flaw = match signature {
        None => Some(Flaw::Missing(SIGNATURE.to_owned())),
        Some(signature) if !is_signed(&said.public_key, &manifest, &signature) => Some(Flaw::Signature),
        Some(_) => None,
    };
    flaws.extend(flaw);
    if expected.is_some_and(|expected| !expected.trim().eq_ignore_ascii_case(&said.public_key)) {
        flaws.insert(Flaw::OtherKey);
    }
    let listed: BTreeMap<&str, &Listed> = said.files.iter().map(|file| (file.path.as_str(), file)).collect();
    for (path, file) in &listed {
        match entry(&mut archive, path, file.bytes)? {
            None => flaws.insert(Flaw::Missing((*path).to_owned())),
            Some(found) if sha256(&found) != file.sha256 => flaws.insert(Flaw::Changed((*path).to_owned())),
            Some(_) => false,
        };
    }
    for name in names(&mut archive)? {
        if ![MANIFEST, SIGNATURE].contains(&name.as_str()) && !listed.contains_key(name.as_str()) {
            flaws.insert(Flaw::Added(name));
        }
    }
    if let Some(why) = beside(bytes, archive.len()) {
        flaws.insert(Flaw::Added(why.to_owned()));
    }
    Ok(Verified {
        case: said.case,
        public_key: said.public_key,
        files: listed.len(),
        flaws: flaws.into_iter().collect(),
    })
}

/// An entry, read up to one byte more than it should have: what is longer is another file anyway.
fn entry(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str, most: u64) -> Result<Option<Vec<u8>>, String> {
    let Some(at) = archive.index_for_name(path) else { return Ok(None) };
    let mut bytes = Vec::new();
    let file = archive.by_index(at).map_err(|error| format!("{path}: {error}"))?;
    // An entry whose own checksum does not fit is a changed one: its bytes so far are no longer those of the manifest.
    let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
    Ok(Some(if read.is_ok() { bytes } else { Vec::new() }))
}

/// The names of what is in any ZIP archive; none where it is no archive, or one of more than 10,000 files.
pub fn listed(bytes: &[u8]) -> Option<Vec<String>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok().filter(|archive| archive.len() <= 10_000)?;
    names(&mut archive).ok()
}

fn names(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, String> {
    let entries = archive.len();
    let name = |at| {
        let file = archive.by_index_raw(at).map_err(|error| error.to_string())?;
        Ok(file.name().map_err(|error| error.to_string())?.into_owned())
    };
    (0..entries).map(name).collect()
}

/// What stands in the archive beside its entries: bytes in front, a remark at the end, a second entry of one name.
fn beside(bytes: &[u8], entries: usize) -> Option<&'static str> {
    const END: usize = 22;
    let end = bytes.len().checked_sub(END).map(|at| &bytes[at..]);
    let Some(end) = end.filter(|end| end.starts_with(b"PK\x05\x06")) else { return Some("(bytes at the end)") };
    if !bytes.starts_with(b"PK\x03\x04") {
        return Some("(bytes in front)");
    }
    let counted = usize::from(u16::from_le_bytes([end[10], end[11]]));
    (counted != entries).then_some("(a second entry of one name)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forged(change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, added: &[(&str, &[u8])], from: &[u8]) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(from)).expect("ours");
        let names = names(&mut archive).expect("names");
        let entries = names.iter().filter_map(|name| {
            let bytes = entry(&mut archive, name, u64::MAX - 1).expect("read").expect("there");
            Some((name.clone(), change(name, bytes)?))
        });
        let entries: Vec<(String, Vec<u8>)> = entries.collect();
        let kept = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        packed(kept.chain(added.iter().copied())).expect("packed")
    }

    #[test]
    fn each_file_changed_missing_or_added_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("ws");
        crate::store::Workspace::create(&root).expect("a workspace");
        let mut office = crate::store::Office::open(&root).expect("an office");
        let seal = office.seal().expect("a key");
        assert_eq!(seal.public(), office.seal().expect("the same key").public());
        let file = |path: &str, bytes: &[u8]| File { path: path.to_owned(), bytes: bytes.to_vec() };
        let archive = sealed("C-1", &[file("a.csv", b"a"), file("b/c.csv", b"c")], &seal).expect("an archive");
        assert_eq!(archive, sealed("C-1", &[file("a.csv", b"a"), file("b/c.csv", b"c")], &seal).expect("the same"));
        let flaws = |bytes: &[u8]| verify(bytes, None).flaws.iter().map(Flaw::to_string).collect::<Vec<_>>();
        let kept = |_: &str, bytes| Some(bytes);
        let whole = verify(&archive, Some(&seal.public()));
        assert_eq!((whole.case.as_str(), whole.files, whole.flaws), ("C-1", 2, vec![]));
        assert_eq!(verify(&archive, Some(&"0".repeat(64))).flaws, [Flaw::OtherKey]);
        let edit = |wanted: &'static str| {
            move |name: &str, mut bytes: Vec<u8>| {
                if name == wanted {
                    bytes.push(b' ');
                }
                Some(bytes)
            }
        };
        assert_eq!(flaws(&forged(edit("a.csv"), &[], &archive)), ["changed a.csv"]);
        assert_eq!(flaws(&forged(edit("manifest.json"), &[], &archive)), ["changed manifest.json"]);
        let without = |wanted: &'static str| move |name: &str, bytes| (name != wanted).then_some(bytes);
        assert_eq!(flaws(&forged(without("b/c.csv"), &[], &archive)), ["missing b/c.csv"]);
        assert_eq!(flaws(&forged(without("manifest.sig"), &[], &archive)), ["missing manifest.sig"]);
        assert_eq!(flaws(&forged(kept, &[("d.csv", b"d")], &archive)), ["added d.csv"]);
        assert!(flaws(&forged(without("manifest.json"), &[], &archive))[0].starts_with("unreadable"));
        assert_eq!(flaws(&[&archive[..], b"x"].concat()), ["added (bytes at the end)"]);
        assert!(!flaws(&[b"x", &archive[..]].concat()).is_empty());
        assert!(flaws(&archive[..archive.len() / 2])[0].starts_with("unreadable"));
        // Any byte of any file turned over is seen.
        for at in (0..archive.len()).step_by(7) {
            let mut turned = archive.clone();
            turned[at] ^= 0x10;
            let told = flaws(&turned);
            assert!(!told.is_empty() || forged(kept, &[], &turned) == archive, "byte {at} of {}", archive.len());
        }
    }
}
