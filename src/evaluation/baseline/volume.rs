//! Which institutions admit far more than the others? The oldest rule: look where the volume is.
//!
//! Tukey's far-out fence: above the third quartile by three interquartile ranges. All whom such an institution admitted
//! are one set.

use super::{Presence, Sets, ranked};
use crate::model::Party;
use std::collections::{BTreeMap, BTreeSet};

/// The patients of institutions with far too many stays, with the institution. Cost: one pass and a sort of institutions.
#[must_use]
pub fn volume_per_institution(rows: &[Presence]) -> Sets {
    let mut stays: BTreeMap<Party, (u64, BTreeSet<Party>)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_stay()) {
        let entry = stays.entry(row.place).or_default();
        entry.0 += 1;
        entry.1.insert(row.person);
    }
    let mut volumes: Vec<u64> = stays.values().map(|(stays, _)| *stays).collect();
    volumes.sort_unstable();
    if volumes.is_empty() {
        return Vec::new();
    }
    let (first, third) = (volumes[volumes.len() / 4], volumes[volumes.len() * 3 / 4]);
    let fence = third + 3 * (third - first);
    let far_out = stays.into_iter().filter(|(_, (stays, _))| *stays > fence);
    ranked(
        far_out
            .map(|(place, (_, mut persons))| {
                persons.insert(place);
                persons
            })
            .collect(),
    )
}
