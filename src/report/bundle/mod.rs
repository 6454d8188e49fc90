//! What is handed over when a case goes to the police? One archive: a letter, lists, the frozen rows, graph, drawing, timeline, what
//! speaks against it, versions, and a manifest whose signature shows that nothing was changed, taken out or put in.
//!
//! ```text
//! case, its rings as attached ─► files ─► manifest.json (SHA-256 of each) ─► manifest.sig (ed25519) ─► one zip
//! ```
//!
//! Equal cases give equal bytes: no clock is read. Whoever receives the archive checks it with [`verify`], without a workspace.

mod archive;
mod files;
mod graph;
mod letter;

pub use archive::{Flaw, Verified, listed, sealed, verify};
pub use files::files;

use super::RingActivity;
use crate::model::{References, Ring, Sentence};
use crate::store::{Case, Document, Drawn};
use serde::Serialize;
use serde_json::Value;

/// What a bundle is made of.
pub struct Contents<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its rings, in the order of the case.
    pub rings: Vec<RingPart>,
    /// Its documents with their bytes, in the order they came.
    pub documents: Vec<(Document, Vec<u8>)>,
    /// Its canvases, in the order they came.
    pub canvases: Vec<Drawn>,
    /// What is known of regions and places.
    pub references: &'a References,
    /// Who built it.
    pub built_by: String,
    /// Who asked for the hand-over, and who agreed.
    pub asked_by: String,
    /// Who agreed; empty while nobody has.
    pub approved_by: String,
    /// When, seconds since 1970-01-01 UTC.
    pub approved_at: i64,
    /// Whether personal identifiers stand in the list of members in full.
    pub revealed: bool,
    /// The site's own template of the letter.
    pub template: Option<String>,
    /// Configuration that the case went by: name and SHA-256.
    pub configuration: Vec<(String, String)>,
    /// The public key that the archive will be sealed with.
    pub public_key: String,
}

/// A ring of a bundle.
pub struct RingPart {
    /// As it was when it was attached.
    pub ring: Ring,
    /// Members, strongest first.
    pub members: Vec<MemberRow>,
    /// The frozen rows, by number.
    pub rows: Vec<RowPart>,
    /// Who the rows link, for the drawing.
    pub activity: Vec<RingActivity>,
    /// Innocent explanations that were weighed, masked.
    pub against: Vec<(String, i32, Sentence)>,
}

/// A member of a ring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberRow {
    /// Opaque name, the same in all files of the bundle.
    pub token: String,
    /// Kind.
    pub kind: String,
    /// Its identifier, masked where it is personal and nothing was revealed.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// What it does in the ring.
    pub role: &'static str,
    /// Log-odds.
    pub strength: f64,
    /// Why this role.
    pub why: Sentence,
}

/// A frozen row.
pub struct RowPart {
    /// Its number in the case.
    pub number: i64,
    /// The reasons that cite it.
    pub claims: Vec<String>,
    /// What it said, as it was hashed.
    pub said: String,
    /// The same, read.
    pub read: Value,
    /// SHA-256 of `said`.
    pub sha256: String,
    /// When it was frozen, seconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the archive.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}
