//! How many of the planted rings were found, and how much of what was found was planted?

use std::collections::{BTreeMap, BTreeSet};

/// Precision and recall: a found set of people is a planted ring when half of all their people are in both.
pub(crate) fn of<P: Ord + Copy>(planted: &[BTreeSet<P>], found: &[BTreeSet<P>]) -> (f64, f64) {
    let mut rings_of: BTreeMap<P, Vec<usize>> = BTreeMap::new();
    for (at, ring) in planted.iter().enumerate() {
        ring.iter().for_each(|person| rings_of.entry(*person).or_default().push(at));
    }
    let (mut right, mut matched) = (0, BTreeSet::new());
    for people in found {
        let near: BTreeSet<usize> =
            people.iter().filter_map(|person| rings_of.get(person)).flatten().copied().collect();
        let alike = |ring: &BTreeSet<P>| {
            let both = ring.intersection(people).count();
            2 * both >= ring.len() + people.len() - both
        };
        let known: Vec<usize> = near.into_iter().filter(|at| alike(&planted[*at])).collect();
        right += usize::from(!known.is_empty());
        matched.extend(known);
    }
    (right as f64 / found.len().max(1) as f64, matched.len() as f64 / planted.len().max(1) as f64)
}
