//! What became of every row, without asking what follows from them? The reader, and the people's ledgers.
//!
//! ```text
//! references ─► river ◄─ batches ── the people's turns of a bulk load ─► fates ── the river is dropped: no ties, no findings
//! ```
//!
//! The same ledgers decide as in a whole run, so the outcomes are the same. Cost: reading, and a bulk load's memory for rows and
//! entries; nothing is paired and nothing judged.

use super::detect::{LAST_EPOCH, feed_all};
use super::{Cluster, EngineError, River, references, settings};
use crate::flow::{self, Stage};
use crate::ingest::{self, ReadOptions, Source};
use crate::model::{Dossier, Judgement, References};

/// What the reader did with every row, and what the ledgers decided of those it passed on.
///
/// # Errors
/// When the input cannot be read, the user interrupts, or a worker is lost.
pub fn take_stock(source: &Source, options: &ReadOptions) -> Result<(ingest::Tally, flow::Tally), EngineError> {
    let nothing = |_: &Dossier, _: &References| Judgement::default();
    let references = references(source)?;
    let with = settings(&references, nothing, Stage::load());
    let river = River::start(&Cluster::local(options.threads), with)?;
    let (mut read, book) = feed_all(source, options, &river)?;
    let mut decided = river.decide(LAST_EPOCH)?.tally;
    book.tell(&references.regions, &mut decided);
    source.point_out(&decided.set_aside, &mut read);
    Ok((read, decided))
}
