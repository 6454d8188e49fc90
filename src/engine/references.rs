//! Which regions, institutions and doctors are there? The newest version of every reference row.

use super::EngineError;
use super::ranking::Calibration;
use super::running::ROWS_PER_BATCH;
use crate::flow::Tally;
use crate::ingest::{ReadOptions, Source};
use crate::model::{Batch, Learned, ListedRegions, Outcome, Reason, References, Regions, Row, RowRef, Table};
use crate::store::Workspace;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The tables of references.
pub(super) const REFERENCES: [Table; 3] = [Table::AdmdvsB, Table::FixmedinsB, Table::DrB];

/// Collects reference rows; the newest version of each key wins, a row that takes its key back removes it.
#[derive(Clone, Default)]
pub struct ReferenceBook {
    regions: BTreeMap<u64, Row<crate::model::Region>>,
    places: BTreeMap<u64, Row<crate::model::PlaceEntry>>,
    doctors: BTreeMap<u64, Row<crate::model::DoctorEntry>>,
    verdicts: BTreeMap<String, Learned>,
}

impl ReferenceBook {
    /// Takes the reference rows of a batch. Answers whether anything changed.
    pub fn take(&mut self, batch: &Batch) -> bool {
        let mut changed = false;
        batch.regions.iter().for_each(|row| changed |= newest(&mut self.regions, row));
        batch.places.iter().for_each(|row| changed |= newest(&mut self.places, row));
        batch.doctors.iter().for_each(|row| changed |= newest(&mut self.doctors, row));
        changed
    }

    /// The references as they stand.
    #[must_use]
    pub fn references(&self) -> References {
        let mut references = References { verdicts: self.verdicts.clone(), ..References::default() };
        for row in self.regions.values().filter(|row| row.live) {
            references.regions.by_code.insert(row.fact.code, row.fact.clone());
        }
        let listed = ListedRegions::of(&references.regions);
        for row in self.places.values().filter(|row| row.live && listed.admit(row.fact.area)) {
            references.places.insert(row.fact.place, row.fact.clone());
        }
        for row in self.doctors.values().filter(|row| row.live) {
            references.doctors.entry(row.fact.doctor).or_default().push(row.fact.clone());
        }
        references.doctors.values_mut().for_each(|entries| entries.sort_unstable());
        references
    }

    /// Adds the institutions that wait for one of these regions (E05) to what became of the rows.
    pub(super) fn tell(&self, regions: &Regions, tally: &mut Tally) {
        let listed = ListedRegions::of(regions);
        for row in self.places.values().filter(|row| row.live && !listed.admit(row.fact.area)) {
            tally.set_aside.insert(row.origin, Reason::E05);
            for (outcome, rows) in [(Outcome::Accepted, -1), (Outcome::Quarantined, 1)] {
                *tally.counts.entry((row.origin.table(), outcome)).or_default() += rows;
            }
        }
    }
}

/// The references that a workspace holds, with what verdicts taught it.
///
/// # Errors
/// When a segment is missing or damaged, or the calibration cannot be read.
pub fn book_of(workspace: &Workspace) -> Result<ReferenceBook, EngineError> {
    book_at(workspace, u64::MAX)
}

/// The references as they were after an epoch.
///
/// # Errors
/// When a segment is missing or damaged.
pub fn book_at(workspace: &Workspace, epoch: u64) -> Result<ReferenceBook, EngineError> {
    let verdicts = Calibration::of(workspace)?.verdicts;
    let mut book = ReferenceBook { verdicts, ..ReferenceBook::default() };
    workspace.replay_tables(0, &REFERENCES, ROWS_PER_BATCH, &mut |at, batch| {
        if at <= epoch {
            book.take(&batch);
        }
        ControlFlow::Continue(())
    })?;
    Ok(book)
}

/// The references as they will be with those of a source.
pub(super) fn references_with(book: &ReferenceBook, source: &Source) -> Result<References, EngineError> {
    let mut book = book.clone();
    let mut rows = 0;
    // Rows that are numbered later than all others, as they will be once they are appended.
    let mut last = |origin: &mut RowRef| {
        rows += 1;
        *origin = RowRef::new(origin.table(), u32::MAX, rows);
    };
    source.read_tables(&REFERENCES, &ReadOptions::default(), &mut |mut batch| {
        batch.regions.iter_mut().for_each(|row| last(&mut row.origin));
        batch.places.iter_mut().for_each(|row| last(&mut row.origin));
        batch.doctors.iter_mut().for_each(|row| last(&mut row.origin));
        book.take(&batch);
        ControlFlow::Continue(())
    })?;
    Ok(book.references())
}

fn newest<F: Clone + Ord>(held: &mut BTreeMap<u64, Row<F>>, row: &Row<F>) -> bool {
    match held.get(&row.key) {
        Some(kept) if (kept.version, kept.origin) > (row.version, row.origin) || same(kept, row) => false,
        _ => {
            held.insert(row.key, row.clone());
            true
        }
    }
}

fn same<F>(kept: &Row<F>, row: &Row<F>) -> bool {
    (kept.content, kept.live) == (row.content, row.live)
}
