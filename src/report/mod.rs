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

pub mod bundle;
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
pub mod periodic;
pub mod picture;
mod run;
mod section;
mod sheet;
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
pub use sheet::{Cell, Sheet, workbook};
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

/// As [`write_with`], without other files.
///
/// # Errors
/// As [`write_with`].
pub fn write(edition: &Edition, out: &Path) -> Result<(), ReportError> {
    write_with(edition, &[], out)
}

/// Writes the six files of a run into `out`, which is made when it does not exist, and with them files (name,
/// contents) that belong to the same run. An older run in `out` is replaced, all of it or nothing.
///
/// # Errors
/// When the folder cannot be written (no permission, disk full): then an older run stays as it was; where only the renaming fails, no
/// `rings.jsonl` is left.
pub fn write_with(edition: &Edition, more: &[(&'static str, &[u8])], out: &Path) -> Result<(), ReportError> {
    let mut staged = Staged::new(out)?;
    for (name, bytes) in more {
        staged.text(name, |file| file.write_all(bytes))?;
    }
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

/// Whether a run can be written into `out`, asked before hours of work: makes the folder and writes and removes a file.
///
/// # Errors
/// When it is no folder, cannot be made, or cannot be written.
pub fn writable(out: &Path) -> Result<(), ReportError> {
    let failed = |path: &Path, source| ReportError::Write { path: path.to_owned(), source };
    if let Some(file) = out.ancestors().find(|path| path.is_file()) {
        return Err(ReportError::NotFolder { path: file.to_owned() });
    }
    std::fs::create_dir_all(out).map_err(|source| failed(out, source))?;
    let trial = out.join(".medring.part");
    std::fs::write(&trial, b"medring")
        .and_then(|()| std::fs::remove_file(&trial))
        .map_err(|source| failed(&trial, source))
}
