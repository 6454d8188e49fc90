//! Which people are held together by some ties? The communities among them, largest first.

use crate::community::communities;
use crate::model::{Party, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// The places of a round of counters: fewer are an errand next door.
const ROUND_MIN: usize = 3;

/// The people of each round: communities of people, joined where they go round the same counters. Connected groups alone
/// would chain a pool to every couple that once stood in line with one of its cards; communities alone would part a pool
/// whose cards go out in batches.
pub(crate) fn rounds(ties: &[Tie]) -> Vec<BTreeSet<Party>> {
    let mut rounds: Vec<(BTreeSet<Party>, BTreeSet<Party>)> = Vec::new();
    let mut groups = communities(ties);
    groups.sort_by_key(|people| (std::cmp::Reverse(people.len()), people.first().copied()));
    for people in groups {
        let mut joined = (BTreeSet::from_iter(people), BTreeSet::new());
        joined.1 = counters(ties, &joined.0);
        rounds.retain(|(people, places)| {
            let both = places.intersection(&joined.1).count();
            let same = both >= ROUND_MIN && both * 2 >= places.len().min(joined.1.len());
            if same {
                joined.0.extend(people);
                joined.1.extend(places);
            }
            !same
        });
        rounds.push(joined);
    }
    let mut rounds: Vec<BTreeSet<Party>> = rounds.into_iter().map(|(people, _)| people).collect();
    rounds.sort_by_key(|people| (std::cmp::Reverse(people.len()), people.first().copied()));
    rounds
}

/// Where some people met one another more than once.
fn counters(ties: &[Tie], people: &BTreeSet<Party>) -> BTreeSet<Party> {
    let mut met: BTreeMap<Party, usize> = BTreeMap::new();
    for tie in ties.iter().filter(|tie| people.contains(&tie.a) && people.contains(&tie.b)) {
        tie.occasions.iter().for_each(|one| *met.entry(one.place).or_default() += 1);
    }
    met.into_iter().filter(|(_, times)| *times >= 2).map(|(place, _)| place).collect()
}
