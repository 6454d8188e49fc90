//! How do findings become files that people and programs read?
//!
//! ```text
//! rings, names, ties, activity, run ─► Edition ─► write ─► members.parquet  ties.parquet  evidence.parquet
//!                                                          run.json  report.html  rings.jsonl (last)
//! ```
//!
//! Nothing here finds anything: every number was computed by the recognisers and travels with its rows. All files are
//! written under temporary names and renamed when the last one is complete; `rings.jsonl` is taken away first and comes
//! back last, so a folder that holds it holds one whole run. Equal findings give a byte-identical `rings.jsonl`.
//!
//! Cost: one pass over rings, ties and activity per file; pictures are drawn for the first 100 rings only.

pub mod caption;
mod chain;
mod drawing;
mod error;
mod grouped;
mod layout;
mod line;
mod mask;
mod naming;
mod page;
pub mod picture;
mod run;
mod section;
mod sketch;
mod staged;
mod table;
mod timeline;

pub use chain::{hop_sentence, limit_sentence, no_chain_sentence, restriction_sentence};
pub use error::ReportError;
pub use line::ring_line;
pub use mask::{masked, masked_row, masked_sentence};
pub use naming::{occasion_word, shown_id, shown_kind, shown_row};
pub use run::{InputFile, LimitHit, NotRun, RunSummary, Stage, TableCount};
pub use section::yuan;
pub use table::class_word;

use crate::model::{CareClass, Day, Names, Party, References, Ring, RowRef, Tie};
use staged::Staged;
use std::io::Write as _;
use std::path::Path;

/// One settlement of a ring's evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RingActivity {
    /// Index into [`Edition::rings`].
    pub ring: usize,
    /// First day.
    pub day: Day,
    /// Last day.
    pub end: Day,
    /// Who.
    pub person: Party,
    /// Where.
    pub place: Party,
    /// Who treated; [`Party::NONE`] when unknown.
    pub doctor: Party,
    /// The row that says so.
    pub fact: RowRef,
    /// Total fees, fen.
    pub total_fen: i64,
    /// Paid by the fund, fen.
    pub fund_fen: i64,
    /// Kind of care.
    pub class: CareClass,
}

/// Everything one run has to say.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The rings, by rank.
    pub rings: &'a [Ring],
    /// Texts behind the hashes of members and cited rows.
    pub names: &'a Names,
    /// Ties that touch ring members, in any order; a tie between a member and a context is drawn through the context.
    pub ties: &'a [Tie],
    /// Settlements behind the rings, in any order.
    pub activity: &'a [RingActivity],
    /// What is known of regions, places and doctors.
    pub references: &'a References,
    /// How the run went.
    pub run: &'a RunSummary,
}

/// Writes the six files of a run into `out`, which is made when it does not exist. An older run in `out` is replaced.
///
/// # Errors
/// When the folder cannot be written (no permission, disk full): then no `rings.jsonl` is left behind.
pub fn write(edition: &Edition, out: &Path) -> Result<(), ReportError> {
    let mut staged = Staged::new(out)?;
    table::members(edition, &mut staged)?;
    table::ties(edition, &mut staged)?;
    table::evidence(edition, &mut staged)?;
    staged.text("run.json", |file| {
        serde_json::to_writer_pretty(&mut *file, edition.run)?;
        file.write_all(b"\n")
    })?;
    let html = page::render(edition)?;
    staged.text("report.html", |file| file.write_all(html.as_bytes()))?;
    staged.text("rings.jsonl", |file| {
        for ring in edition.rings {
            writeln!(file, "{}", ring_line(ring, edition.names, edition.references))?;
        }
        Ok(())
    })?;
    staged.publish()
}
