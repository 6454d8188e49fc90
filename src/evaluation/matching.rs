//! Which reported ring stands for which planted one? One to one, by the Jaccard similarity of their person sets.

use super::{Planted, Reported};
use crate::model::Party;
use std::collections::BTreeMap;

/// A similarity that has to be reached, as a fraction: (1, 2) is 0.5.
pub(super) type Threshold = (u64, u64);

/// Persons that a planted group and a reported ring have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overlap {
    pub(super) planted: usize,
    pub(super) reported: usize,
    pub(super) common: u64,
    pub(super) planted_size: u64,
    pub(super) reported_size: u64,
}

impl Overlap {
    /// Persons in either.
    pub(super) fn union(&self) -> u64 {
        self.planted_size + self.reported_size - self.common
    }

    /// Whether the Jaccard similarity reaches a threshold.
    pub(super) fn reaches(&self, threshold: Threshold) -> bool {
        self.common * threshold.1 >= self.union() * threshold.0
    }

    /// Whether at least half of the planted group is inside the reported ring.
    pub(super) fn covers_planted(&self) -> bool {
        self.common * 2 >= self.planted_size
    }

    /// Whether at least half of the reported ring is inside the planted group.
    pub(super) fn inside_planted(&self) -> bool {
        self.common * 2 >= self.reported_size
    }
}

/// All pairs that share a person, sorted by planted group and reported ring.
pub(super) fn overlaps(planted: &[Planted], reported: &[Reported]) -> Vec<Overlap> {
    let mut planted_of: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for (index, group) in planted.iter().enumerate() {
        for person in &group.persons {
            planted_of.entry(*person).or_default().push(index);
        }
    }
    let mut common: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for (index, ring) in reported.iter().enumerate() {
        for group in ring.persons.iter().filter_map(|person| planted_of.get(person)).flatten() {
            *common.entry((*group, index)).or_default() += 1;
        }
    }
    let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    common
        .into_iter()
        .map(|((group, ring), common)| Overlap {
            planted: group,
            reported: ring,
            common,
            planted_size: size(planted[group].persons.len()),
            reported_size: size(reported[ring].persons.len()),
        })
        .collect()
}

/// A one-to-one matching.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Reported ring by planted ring.
    pub reported_of: BTreeMap<usize, usize>,
    /// Planted ring by reported ring.
    pub planted_of: BTreeMap<usize, usize>,
}

/// Takes the most similar pair first; equal similarities go by the order of planted and reported rings. Where planted
/// rings do not overlap, at 0.5 no choice arises at all: only one ring can hold more than half of another.
pub(super) fn matched(overlaps: &[Overlap], threshold: Threshold) -> Matching {
    let mut pairs: Vec<&Overlap> = overlaps.iter().filter(|overlap| overlap.reaches(threshold)).collect();
    pairs.sort_by(|a, b| {
        let more_similar_first = (b.common * a.union()).cmp(&(a.common * b.union()));
        more_similar_first.then((a.planted, a.reported).cmp(&(b.planted, b.reported)))
    });
    let mut matching = Matching::default();
    for pair in pairs {
        if !matching.reported_of.contains_key(&pair.planted) && !matching.planted_of.contains_key(&pair.reported) {
            matching.reported_of.insert(pair.planted, pair.reported);
            matching.planted_of.insert(pair.reported, pair.planted);
        }
    }
    matching
}
