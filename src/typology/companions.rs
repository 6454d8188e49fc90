//! Which people are held together by some ties? Connected groups, largest first.

use crate::model::{Party, PartyKind, Tie};
use std::collections::{BTreeMap, BTreeSet};

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
