//! What are these rows and parties called in the files they came from?

use crate::ingest::{IngestError, ReadOptions, Source};
use crate::model::{Names, Party, RowRef, Table};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Where a party that stands on none of the rows is looked for, the smallest tables first.
const PLACES_TO_LOOK: [Table; 12] = [
    Table::FixmedinsB,
    Table::DrB,
    Table::XMatnAlwnD,
    Table::XLtcEval,
    Table::XIdent,
    Table::OutAppyD,
    Table::OpspRegD,
    Table::PsnInfoB,
    Table::XLtcServ,
    Table::RxD,
    Table::MdtrtD,
    Table::SetlD,
];

/// The texts behind rows and parties. Cost: the files of the rows once; for a party that stands on none of them, also the
/// tables where such parties are named, up to the last of them.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn names(
    source: &Source,
    rows: &BTreeSet<RowRef>,
    parties: impl IntoIterator<Item = Party>,
) -> Result<Names, IngestError> {
    let mut names = source.lookup(rows)?;
    let mut missing: BTreeSet<Party> = parties.into_iter().filter(|party| !party.kind().is_context()).collect();
    missing.retain(|party| !names.parties.contains_key(party));
    for table in PLACES_TO_LOOK {
        if missing.is_empty() {
            break;
        }
        let options = ReadOptions { keep_names: true, ..ReadOptions::default() };
        source.read_tables(&[table], &options, &mut |batch| {
            missing.retain(|party| match batch.names.parties.get(party) {
                Some(text) => names.parties.insert(*party, text.clone()).is_some(),
                None => true,
            });
            if missing.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    Ok(names)
}
