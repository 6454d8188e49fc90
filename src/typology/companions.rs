//! Which people are held together by some ties? Connected groups, or the communities among them, largest first.

use crate::community::communities;
use crate::model::{Party, PartyKind, Tie};
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

/// The people of each connected group.
pub(crate) fn groups(ties: &[Tie]) -> Vec<BTreeSet<Party>> {
    let mut leader: BTreeMap<Party, Party> = BTreeMap::new();
    for tie in ties {
        let (one, other) = (find(&mut leader, tie.a), find(&mut leader, tie.b));
        if one != other {
            leader.insert(one.max(other), one.min(other));
        }
    }
    let parties: Vec<Party> = leader.keys().copied().collect();
    let mut groups: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for party in parties {
        let head = find(&mut leader, party);
        let people = groups.entry(head).or_default();
        if party.kind() == PartyKind::Person {
            people.insert(party);
        }
    }
    let mut groups: Vec<BTreeSet<Party>> = groups.into_values().filter(|people| people.len() >= 2).collect();
    groups.sort_by_key(|people| std::cmp::Reverse(people.len()));
    groups
}

fn find(leader: &mut BTreeMap<Party, Party>, party: Party) -> Party {
    let mut at = party;
    while let Some(next) = leader.get(&at).filter(|next| **next != at) {
        at = *next;
    }
    leader.insert(party, at);
    at
}
