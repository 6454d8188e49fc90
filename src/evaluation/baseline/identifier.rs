//! Who is connected by telephones, addresses, accounts, agents and devices? Union-find over shared identifiers.

use super::{Sets, ranked};
use crate::model::{Identifier, Party};
use std::collections::{BTreeMap, BTreeSet};

/// An identifier with more holders is a switchboard and joins nobody.
const HOLDERS: usize = 200;

/// Holders connected through identifiers, with the identifiers. Cost: a sort of the rows.
#[must_use]
pub fn shared_identifiers(identifiers: &[Identifier]) -> Sets {
    let mut holders: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for row in identifiers.iter().filter(|row| row.identifier.is_some() && row.holder.is_some()) {
        holders.entry(row.identifier).or_default().insert(row.holder);
    }
    holders.retain(|_, holders| (2..=HOLDERS).contains(&holders.len()));
    let parties: Vec<Party> = holders
        .iter()
        .flat_map(|(identifier, holders)| holders.iter().chain([identifier]))
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut sets = UnionFind { parent: (0..parties.len()).collect() };
    let number = |party: &Party| parties.binary_search(party).expect("every party of a shared identifier is numbered");
    for (identifier, holders) in &holders {
        let identifier = number(identifier);
        for holder in holders {
            sets.join(identifier, number(holder));
        }
    }
    let mut components: BTreeMap<usize, BTreeSet<Party>> = BTreeMap::new();
    for (at, party) in parties.iter().enumerate() {
        components.entry(sets.root(at)).or_default().insert(*party);
    }
    ranked(components.into_values().collect())
}

struct UnionFind {
    parent: Vec<usize>,
}

impl UnionFind {
    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// The smaller root stays, so that the answer does not depend on the order of rows.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}
