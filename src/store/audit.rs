//! Who did what, and has anybody changed what the log says?
//!
//! Each entry holds the hash of the one before it: `hash = SHA-256(previous hash ‖ canonical entry)`, the canonical entry being
//! one JSON array of all its columns with its number. The number of entries and the last hash stand in a second place, the
//! file `audit.head`, written after each entry.
//!
//! What this protects: an edited, inserted, deleted or reordered entry breaks the chain where it stands; entries cut off at the
//! end are missed against `audit.head`. What it does not: whoever can write both files and works the whole chain out anew. Note
//! the head elsewhere from time to time (`audit verify` prints it, `--expect` compares it), and that shows, too.

use super::error::StoreError;
use super::office::Office;
use super::secret::hex;
use rusqlite::{Row, params};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is to be written into the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deed {
    /// When, milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// Account, key, or how else the one who did it is called.
    pub actor: String,
    /// As what.
    pub role: String,
    /// What was done, such as `read_ring`.
    pub action: String,
    /// To what: the id of a ring or case, the token of a party; never a raw identifier.
    pub object: String,
    /// More about it, as JSON or empty.
    pub detail: String,
    /// `done` or `refused`.
    pub outcome: String,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// From 1.
    pub seq: i64,
    /// When, milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// As what.
    pub role: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// More about it.
    pub detail: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// The hash of the entry before, hexadecimal.
    pub prev: String,
    /// Its own, hexadecimal.
    pub hash: String,
}

/// Where the log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Entries.
    pub count: i64,
    /// The hash of the last, hexadecimal; 64 zeros before the first.
    pub hash: String,
}

/// What is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// The entry does not say what it said when it was written.
    Edited(i64),
    /// The entry fits itself, but the next one remembers another.
    Replaced(i64),
    /// The entry was written as another number.
    Moved {
        /// Where it stands.
        seq: i64,
        /// Where it stood.
        was: i64,
    },
    /// Entries are gone: first and last of them.
    Deleted(i64, i64),
    /// The last entries are gone: how many are left, and how many there were.
    CutOff {
        /// Entries left.
        left: i64,
        /// Entries that there were.
        were: i64,
    },
    /// The end is not the one that was noted: at this number.
    OtherHead(i64),
    /// The second place, `audit.head`, is gone or cannot be read.
    NoHead,
}

/// The log looked at whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where it ends.
    pub head: Head,
    /// What is wrong, in order.
    pub flaws: Vec<Flaw>,
}

const NONE: [u8; 32] = [0; 32];

fn hash(prev: &[u8], seq: i64, deed: &Deed) -> Vec<u8> {
    let Deed { at_ms, actor, role, action, object, detail, outcome } = deed;
    let canonical = serde_json::json!([seq, at_ms, actor, role, action, object, detail, outcome]).to_string();
    Sha256::new().chain_update(prev).chain_update(canonical.as_bytes()).finalize().to_vec()
}

fn head_path(root: &Path) -> PathBuf {
    root.join("audit.head")
}

/// The second place, locked against other writers as long as it is held.
fn head_file(root: &Path) -> Result<File, StoreError> {
    let path = head_path(root);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(StoreError::io("open", &path))?;
    file.lock().map_err(StoreError::io("lock", &path))?;
    Ok(file)
}

struct Kept {
    seq: i64,
    deed: Deed,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        seq: row.get(0)?,
        deed: Deed {
            at_ms: row.get(1)?,
            actor: row.get(2)?,
            role: row.get(3)?,
            action: row.get(4)?,
            object: row.get(5)?,
            detail: row.get(6)?,
            outcome: row.get(7)?,
        },
        prev: row.get(8)?,
        hash: row.get(9)?,
    })
}

impl Office {
    /// Writes an entry; it is durable when this returns.
    ///
    /// # Errors
    /// A file does not answer.
    pub fn record(&mut self, deed: &Deed) -> Result<Head, StoreError> {
        let mut file = head_file(&self.root)?;
        let last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
        let head = self.write(|write| {
            let (seq, prev): (i64, Vec<u8>) = match write.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?))) {
                Err(rusqlite::Error::QueryReturnedNoRows) => (0, NONE.to_vec()),
                found => found?,
            };
            let own = hash(&prev, seq + 1, deed);
            let Deed { at_ms, actor, role, action, object, detail, outcome } = deed;
            write.execute(
                "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![seq + 1, at_ms, actor, role, action, object, detail, outcome, prev, own],
            )?;
            Ok(Head { count: seq + 1, hash: hex(&own) })
        })?;
        // One short line of one sector, at the beginning; digits are padded so that it never gets shorter.
        let line = format!("{:020} {}\n", head.count, head.hash);
        let noted = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(line.as_bytes()));
        noted.map_err(StoreError::io("write", &head_path(&self.root)))?;
        Ok(head)
    }

    /// Entries after a number, oldest first.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn audit(&self, after: i64, most: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let mut rows = self.database.prepare("SELECT * FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let entry = |row: &Row<'_>| {
            let Kept { seq, deed, prev, hash } = kept(row)?;
            let Deed { at_ms, actor, role, action, object, detail, outcome } = deed;
            let (prev, hash) = (hex(&prev), hex(&hash));
            Ok(AuditEntry { seq, at_ms, actor, role, action, object, detail, outcome, prev, hash })
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let found = rows.query_map(params![after, most], entry)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// The number of the last entry.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn audit_count(&self) -> Result<i64, StoreError> {
        Ok(self.database.query_row("SELECT coalesce(max(seq), 0) FROM audit", [], |row| row.get(0))?)
    }

    /// Works the whole chain out anew and names each entry that does not fit. `expected` is a head that was noted elsewhere.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn verify_audit(&self, expected: Option<&Head>) -> Result<Verified, StoreError> {
        let file = head_file(&self.root)?;
        let mut rows = self.database.prepare("SELECT * FROM audit ORDER BY seq")?;
        let mut flaws = BTreeSet::new();
        let mut doubtful: Vec<Kept> = Vec::new();
        let mut hashes: BTreeMap<i64, String> = BTreeMap::from([(0, hex(&NONE))]);
        let (mut last, mut last_hash) = (0, NONE.to_vec());
        for row in rows.query_map([], kept)? {
            let row = row?;
            if row.seq != last + 1 {
                flaws.insert(Flaw::Deleted(last + 1, row.seq - 1));
            } else if row.prev != last_hash && hash(&row.prev, row.seq, &row.deed) == row.hash {
                flaws.insert(if last == 0 { Flaw::Edited(row.seq) } else { Flaw::Replaced(last) });
            }
            (last, last_hash) = (row.seq, row.hash.clone());
            hashes.insert(row.seq, hex(&row.hash));
            if hash(&row.prev, row.seq, &row.deed) != row.hash {
                doubtful.push(row);
            }
        }
        let numbers: Vec<i64> = doubtful.iter().map(|row| row.seq).collect();
        for row in &doubtful {
            // An entry that fits another number was moved from there.
            let was = numbers.iter().take(2_000).find(|seq| hash(&row.prev, **seq, &row.deed) == row.hash);
            flaws.remove(&Flaw::Replaced(row.seq));
            flaws.insert(was.map_or(Flaw::Edited(row.seq), |was| Flaw::Moved { seq: row.seq, was: *was }));
        }
        let noted = read_head(file);
        if noted.is_none() && last > 0 {
            flaws.insert(Flaw::NoHead);
        }
        for noted in noted.iter().chain(expected) {
            match hashes.get(&noted.count) {
                None if noted.count > last => flaws.insert(Flaw::CutOff { left: last, were: noted.count }),
                Some(hash) if *hash == noted.hash => false,
                _ => flaws.insert(Flaw::OtherHead(noted.count)),
            };
        }
        Ok(Verified { head: Head { count: last, hash: hex(&last_hash) }, flaws: flaws.into_iter().collect() })
    }
}

fn read_head(mut file: File) -> Option<Head> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl std::str::FromStr for Head {
    type Err = &'static str;

    /// `COUNT HASH` or `COUNT:HASH`.
    fn from_str(text: &str) -> Result<Head, Self::Err> {
        let wrong =
            "a head is COUNT:HASH, as `audit verify` prints it / 链头应写作 COUNT:HASH, 即 `audit verify` 所打印的内容";
        let (count, hash) = text.split_once([' ', ':']).ok_or(wrong)?;
        let digits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match count.parse() {
            Ok(count) if digits => Ok(Head { count, hash: hash.to_ascii_lowercase() }),
            _ => Err(wrong),
        }
    }
}

impl std::fmt::Display for Flaw {
    /// A word and the entries, such as `edited 17`: stable, for scripts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Flaw::Edited(seq) => write!(f, "edited {seq}"),
            Flaw::Replaced(seq) => write!(f, "replaced {seq}"),
            Flaw::Moved { seq, was } => write!(f, "reordered {seq} was {was}"),
            Flaw::Deleted(first, last) => write!(f, "deleted {first}-{last}"),
            Flaw::CutOff { left, were } => write!(f, "cut_off {left} of {were}"),
            Flaw::OtherHead(seq) => write!(f, "other_head {seq}"),
            Flaw::NoHead => write!(f, "no_head"),
        }
    }
}
