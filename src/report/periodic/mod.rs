//! What does the ring report of a week or a month say? Figures, changes, top leads, cases, the quality of the data.
//!
//! ```text
//! workspace as of an epoch, cases as of a moment ─► gather ─► Report ─► html (both languages) · xlsx · json
//! ```
//!
//! A report is a function of the workspace: no clock is read, and later batches change nothing in it. The epoch looked at
//! is the last one committed within the period (or `as_of`), the one before is the last committed ahead of it; cases stand as they
//! stood at the end of the period, or at the last thing the workspace recorded where that is earlier.
//! Cost: the rings of two epochs, and the texts of their members.

mod changes;
mod gather;
mod html;
mod period;
mod sheets;

pub use gather::{Asked, Sees, StageName, gather};
pub use html::html;
pub use period::{Period, Rhythm};
pub use sheets::xlsx;

use crate::model::Sentence;
use serde::Serialize;

/// A ring report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Of this shape.
    pub schema_version: u32,
    /// `2026-W47` or `2026-11`.
    pub period: String,
    /// Weekly or monthly.
    pub rhythm: Rhythm,
    /// First day of the period.
    pub first_day: String,
    /// Last day of the period.
    pub last_day: String,
    /// The epoch that the report looks at.
    pub epoch: u64,
    /// The last epoch ahead of the period.
    pub epoch_before: u64,
    /// The moment at which cases are looked at, seconds since 1970-01-01 UTC.
    pub moment: i64,
    /// The program's version.
    pub version: String,
    /// Identifiers are masked.
    pub masked: bool,
    /// Figures now and before.
    pub totals: Vec<Figure>,
    /// What happened to rings, by kind.
    pub changes: Vec<Change>,
    /// The first rings by rank.
    pub top: Vec<TopRing>,
    /// Rings in all.
    pub rings: usize,
    /// Rings and money by region, most first.
    pub regions: Vec<RegionLine>,
    /// Hits and verdicts by typology.
    pub typologies: Vec<TypologyLine>,
    /// Cases by stage.
    pub stages: Vec<StageLine>,
    /// Cases whose clock had run out.
    pub overdue: Vec<OverdueCase>,
    /// What became of the rows that the period's batches brought.
    pub quality: Vec<QualityLine>,
    /// Why rows were set aside or noted.
    pub reasons: Vec<ReasonLine>,
    /// Batches of the period.
    pub batches: usize,
    /// What the last report said otherwise.
    pub corrections: Vec<Correction>,
}

/// A figure and what it was before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What programs call it.
    pub code: &'static str,
    /// What people call it.
    pub name: Sentence,
    /// Now.
    pub now: i64,
    /// Before.
    pub before: i64,
    /// Whether it is fen.
    pub money: bool,
}

/// Rings to which one kind of thing happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// `born`, `grown` …
    pub event: &'static str,
    /// What people call it.
    pub name: Sentence,
    /// How many rings.
    pub count: usize,
    /// Which, by id.
    pub rings: Vec<ChangedRing>,
}

/// A ring to which something happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedRing {
    /// Its id.
    pub ring: String,
    /// In which epoch.
    pub epoch: u64,
    /// Members that came.
    pub joined: u32,
    /// Members that went.
    pub left: u32,
    /// Other rings it came from or took in, went into or let go.
    pub others: Vec<String>,
    /// Whether it is a ring still at the epoch of the report.
    pub stands: bool,
}

/// A ring with its one sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopRing {
    /// Its id.
    pub ring: String,
    /// From 1.
    pub rank: u32,
    /// The typology that fits best.
    pub typology: String,
    /// Its name.
    pub name: Sentence,
    /// Log-odds.
    pub score: f64,
    /// Rings of at least this score that chance alone would give.
    pub expected_by_chance: f64,
    /// The strongest reason, masked.
    pub sentence: Sentence,
    /// The strongest innocent explanation, masked.
    pub against: Option<Sentence>,
    /// Insured persons.
    pub persons: usize,
    /// Institutions and pharmacies.
    pub places: usize,
    /// Regions of its places.
    pub regions: Vec<String>,
    /// Fund money, fen.
    pub fund_fen: i64,
    /// First day of its occasions.
    pub first_day: String,
    /// Last day of its occasions.
    pub last_day: String,
    /// Whether it was no ring before the period.
    pub new: bool,
}

/// What lies in a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionLine {
    /// Name, or code.
    pub region: String,
    /// Rings with a place there.
    pub rings: usize,
    /// Of those, rings that were none before.
    pub new: usize,
    /// Fund money of those rings, fen; rings in several regions count in each.
    pub fund_fen: i64,
}

/// What a typology hit, and what was decided of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TypologyLine {
    /// Slug.
    pub typology: String,
    /// Its name.
    pub name: Sentence,
    /// Rings now.
    pub rings: usize,
    /// Of those, rings that were none before.
    pub new: usize,
    /// Rings of cases that were confirmed, ever, up to the moment of the report.
    pub confirmed: usize,
    /// Rings of cases that were refuted.
    pub refuted: usize,
    /// Refuted among decided; none where nothing was decided.
    pub false_positive_rate: Option<f64>,
}

/// Cases of a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageLine {
    /// What programs call it.
    pub stage: String,
    /// What people call it.
    pub name: Sentence,
    /// Cases in it.
    pub cases: usize,
    /// Of those, cases whose clock had run out.
    pub overdue: usize,
}

/// A case whose clock had run out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverdueCase {
    /// Its id.
    pub case: String,
    /// Its stage.
    pub stage: String,
    /// Its stage, as people call it.
    pub name: Sentence,
    /// Whole hours over.
    pub hours_over: i64,
}

/// What became of the rows of a table; read is the sum of the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the words of the conservation table")]
pub struct QualityLine {
    pub table: String,
    pub read: u64,
    pub accepted: u64,
    pub corrected: u64,
    pub stale: u64,
    pub duplicate: u64,
    pub retracted: u64,
    pub quarantined: u64,
}

/// A reason and the rows it concerned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReasonLine {
    /// The table.
    pub table: String,
    /// `E01` …
    pub code: String,
    /// What it means.
    pub name: Sentence,
    /// How many rows.
    pub rows: u64,
}

/// What is said otherwise than in the last report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Correction {
    /// The ring.
    pub ring: String,
    /// `score`, `fund_fen`, `persons`, `typology` or `ended`.
    pub what: &'static str,
    /// What people call it.
    pub name: Sentence,
    /// In the last report.
    pub before: String,
    /// Now.
    pub after: String,
}
