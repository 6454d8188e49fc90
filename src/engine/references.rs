//! Which regions, institutions and doctors are there? The newest version of every reference row.

use crate::model::{Batch, References, Row};
use std::collections::BTreeMap;

/// Collects reference rows; the newest version of each key wins, a row that takes its key back removes it.
#[derive(Clone, Default)]
pub struct ReferenceBook {
    regions: BTreeMap<u64, Row<crate::model::Region>>,
    places: BTreeMap<u64, Row<crate::model::PlaceEntry>>,
    doctors: BTreeMap<u64, Row<crate::model::DoctorEntry>>,
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
        let mut references = References::default();
        for row in self.regions.values().filter(|row| row.live) {
            references.regions.by_code.insert(row.fact.code, row.fact.clone());
        }
        for row in self.places.values().filter(|row| row.live) {
            references.places.insert(row.fact.place, row.fact.clone());
        }
        for row in self.doctors.values().filter(|row| row.live) {
            references.doctors.entry(row.fact.doctor).or_default().push(row.fact.clone());
        }
        references.doctors.values_mut().for_each(|entries| entries.sort_unstable());
        references
    }
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
