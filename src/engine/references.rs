//! Which regions, institutions and doctors are there? The newest version of every reference row.

use super::EngineError;
use super::ranking::Calibration;
use super::running::ROWS_PER_BATCH;
use crate::flow::Tally;
use crate::ingest::{ReadOptions, Source};
use crate::model::{Batch, Learned, ListedRegions, Outcome, Reason, References, Regions, Row, RowRef, Stamp, Table};
use crate::store::Workspace;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// The tables of references.
pub(super) const REFERENCES: [Table; 3] = [Table::AdmdvsB, Table::FixmedinsB, Table::DrB];

/// The version of each key that stands, with the epoch in which it came.
type Held<F> = BTreeMap<u64, (Row<F>, u64)>;

/// Collects reference rows; the newest version of each key wins, a row that takes its key back removes it. Of several rows of one
/// version, or of one batch where rows carry none, one stands, whichever came first, and the others are set aside as E07.
#[derive(Clone, Default)]
pub struct ReferenceBook {
    regions: Held<crate::model::Region>,
    places: Held<crate::model::PlaceEntry>,
    doctors: Held<crate::model::DoctorEntry>,
    second: BTreeSet<RowRef>,
    verdicts: BTreeMap<String, Learned>,
}

impl ReferenceBook {
    /// Takes the reference rows of a part of the batch that comes in this epoch. Answers whether anything changed.
    pub fn take(&mut self, batch: &Batch, epoch: u64) -> bool {
        let (mut changed, second) = (false, &mut self.second);
        batch.regions.iter().for_each(|row| changed |= newest(&mut self.regions, second, row, epoch));
        batch.places.iter().for_each(|row| changed |= newest(&mut self.places, second, row, epoch));
        batch.doctors.iter().for_each(|row| changed |= newest(&mut self.doctors, second, row, epoch));
        changed
    }

    /// The references as they stand.
    #[must_use]
    pub fn references(&self) -> References {
        let mut references = References { verdicts: self.verdicts.clone(), ..References::default() };
        for row in live(&self.regions) {
            references.regions.by_code.insert(row.fact.code, row.fact.clone());
        }
        let listed = ListedRegions::of(&references.regions);
        for row in live(&self.places).filter(|row| listed.admit(row.fact.area)) {
            references.places.insert(row.fact.place, row.fact.clone());
        }
        for row in live(&self.doctors) {
            references.doctors.entry(row.fact.doctor).or_default().push(row.fact.clone());
        }
        references.doctors.values_mut().for_each(|entries| entries.sort_unstable());
        references
    }

    /// Adds the institutions that wait for one of these regions (E05), and rows beside another of their version (E07), to what became
    /// of the rows.
    pub(super) fn tell(&self, regions: &Regions, tally: &mut Tally) {
        let listed = ListedRegions::of(regions);
        let mut set_aside = |origin: RowRef, reason| {
            tally.set_aside.insert(origin, reason);
            for (outcome, rows) in [(Outcome::Accepted, -1), (Outcome::Quarantined, 1)] {
                *tally.counts.entry((origin.table(), outcome)).or_default() += rows;
            }
        };
        self.second.iter().for_each(|origin| set_aside(*origin, Reason::E07));
        for row in live(&self.places).filter(|row| !listed.admit(row.fact.area)) {
            set_aside(row.origin, Reason::E05);
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
            book.take(&batch, at);
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
        book.take(&batch, u64::MAX);
        ControlFlow::Continue(())
    })?;
    Ok(book.references())
}

/// The rows that stand.
fn live<F>(held: &Held<F>) -> impl Iterator<Item = &Row<F>> {
    held.values().map(|(row, _)| row).filter(|row| row.live)
}

fn newest<F: Clone>(held: &mut Held<F>, second: &mut BTreeSet<RowRef>, row: &Row<F>, epoch: u64) -> bool {
    let Some((kept, came)) = held.get_mut(&row.key) else {
        held.insert(row.key, (row.clone(), epoch));
        return true;
    };
    if (kept.content, kept.live) == (row.content, row.live) {
        // Said again; the later version of it counts from now on.
        if kept.arrival(*came) < row.arrival(epoch) {
            (*kept, *came) = (row.clone(), epoch);
        }
        return false;
    }
    let undecided = kept.live && row.live && kept.arrival(*came) == row.arrival(epoch);
    let wins = rank(row, epoch) > rank(kept, *came);
    if undecided {
        second.insert(if wins { kept.origin } else { row.origin });
    }
    if wins {
        (*kept, *came) = (row.clone(), epoch);
    }
    wins
}

/// What decides, and what they say where nothing does.
fn rank<F>(row: &Row<F>, epoch: u64) -> (Stamp, u64, bool, Reverse<u64>) {
    let (version, batch) = row.arrival(epoch);
    (version, batch, !row.live, Reverse(row.content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Party, PartyKind, PlaceEntry};

    #[test]
    fn of_two_rows_of_one_version_the_same_stands_whichever_came_first() {
        let place = Party::of(PartyKind::Institution, "H1");
        let row = |content: u64, beds: u32| Row {
            key: 1,
            version: Stamp(i64::MIN),
            content,
            origin: RowRef::new(Table::FixmedinsB, 1, content),
            live: true,
            fact: PlaceEntry { place, beds, ..PlaceEntry::default() },
        };
        let stands = |rows: &[&Row<PlaceEntry>], epochs: [u64; 2]| {
            let mut book = ReferenceBook::default();
            for (row, epoch) in rows.iter().zip(epochs) {
                book.take(&Batch { places: vec![(*row).clone()], ..Batch::default() }, epoch);
            }
            (book.references().places[&place].beds, book.second.len())
        };
        let (one, other) = (row(7, 20), row(9, 80));
        assert_eq!(stands(&[&one, &other], [0, 0]), (20, 1));
        assert_eq!(stands(&[&other, &one], [0, 0]), (20, 1));
        assert_eq!(stands(&[&one, &other], [1, 2]), (80, 0), "a later batch");
        let dated = |row: &Row<PlaceEntry>| Row { version: Stamp::midnight(Day(1)), ..row.clone() };
        assert_eq!(stands(&[&dated(&other), &dated(&one)], [1, 2]), (20, 1));
    }
}
