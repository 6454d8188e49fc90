//! Which communities does the plain co-visit graph have? Two people are tied when they were at one place on one day at
//! least twice; nothing is known of hubs, schedules or chance.

use super::Presence;
use crate::model::{Party, Tie};
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// A group at one place on one day with more people than this ties nobody: its pairs would not fit into memory.
const GROUP: usize = 40;
/// Rounds of label propagation.
const ROUNDS: usize = 20;

/// The co-visit graph and what its limit cut.
#[derive(Clone, Debug, Default)]
pub struct CoVisits {
    /// Ties, sorted; the weight is the number of shared days in hundredths.
    pub ties: Vec<Tie>,
    /// Groups too large to be expanded into pairs.
    pub groups_cut: u64,
}

/// Builds the graph. Cost: a sort of the settlements and of at most 20 pairs per settlement, 16 bytes each.
#[must_use]
pub fn co_visits(rows: &[Presence]) -> CoVisits {
    let mut presence: Vec<(Party, i32, Party)> = rows.iter().map(|row| (row.place, row.begin.0, row.person)).collect();
    presence.sort_unstable();
    presence.dedup();
    let mut pairs: Vec<(Party, Party)> = Vec::new();
    let mut groups_cut = 0;
    for group in presence.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        if group.len() > GROUP {
            groups_cut += 1;
            continue;
        }
        for (at, a) in group.iter().enumerate() {
            pairs.extend(group[at + 1..].iter().map(|b| (a.2, b.2)));
        }
    }
    pairs.sort_unstable();
    let ties = pairs.chunk_by(|a, b| a == b).filter(|times| times.len() >= 2).map(|times| Tie {
        a: times[0].0,
        b: times[0].1,
        weight: u32::try_from(times.len() * 100).unwrap_or(u32::MAX),
        occasions: SmallVec::new(),
    });
    CoVisits { ties: ties.collect(), groups_cut }
}

/// Communities by label propagation (Raghavan, Albert & Kumara, *Physical Review E* 76, 2007), made repeatable: parties
/// take turns in order of content, and of equally heavy labels the smallest wins. Cost: rounds × ties.
#[must_use]
pub fn label_propagation(ties: &[Tie]) -> Vec<Vec<Party>> {
    let mut neighbours: BTreeMap<Party, Vec<(Party, u64)>> = BTreeMap::new();
    for tie in ties {
        neighbours.entry(tie.a).or_default().push((tie.b, u64::from(tie.weight)));
        neighbours.entry(tie.b).or_default().push((tie.a, u64::from(tie.weight)));
    }
    let mut label: BTreeMap<Party, Party> = neighbours.keys().map(|party| (*party, *party)).collect();
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (party, around) in &neighbours {
            let mut votes: BTreeMap<Party, u64> = BTreeMap::new();
            for (other, weight) in around {
                *votes.entry(label[other]).or_default() += weight;
            }
            let heaviest = votes.values().max().copied().unwrap_or(0);
            let winner = votes.into_iter().find(|(_, weight)| *weight == heaviest).map_or(*party, |(label, _)| label);
            changed |= label.insert(*party, winner) != Some(winner);
        }
        if !changed {
            break;
        }
    }
    let mut communities: BTreeMap<Party, Vec<Party>> = BTreeMap::new();
    for (party, label) in label {
        communities.entry(label).or_default().push(party);
    }
    communities.into_values().collect()
}
