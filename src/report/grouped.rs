//! Which ties and settlements belong to which ring? One pass over each list.

use super::{Edition, RingActivity};
use crate::model::{Party, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// The ties of every ring: both ends are members, or one is and the other is a context.
pub(super) fn ties_by_ring<'a>(edition: &Edition<'a>) -> Vec<Vec<&'a Tie>> {
    let mut rings_of: BTreeMap<Party, BTreeSet<usize>> = BTreeMap::new();
    for (index, ring) in edition.rings.iter().enumerate() {
        for member in &ring.finding.members {
            rings_of.entry(member.party).or_default().insert(index);
        }
    }
    let nowhere = BTreeSet::new();
    let mut by_ring = vec![Vec::new(); edition.rings.len()];
    for tie in edition.ties {
        let (of_a, of_b) = (rings_of.get(&tie.a).unwrap_or(&nowhere), rings_of.get(&tie.b).unwrap_or(&nowhere));
        for index in of_a.union(of_b) {
            let inside = |party: Party, of: &BTreeSet<usize>| of.contains(index) || party.kind().is_context();
            if inside(tie.a, of_a) && inside(tie.b, of_b) {
                by_ring[*index].push(tie);
            }
        }
    }
    by_ring.iter_mut().for_each(|ties| ties.sort());
    by_ring
}

/// The settlements of every ring, by day.
pub(super) fn activity_by_ring<'a>(edition: &Edition<'a>) -> Vec<Vec<&'a RingActivity>> {
    let mut by_ring = vec![Vec::new(); edition.rings.len()];
    for one in edition.activity {
        if let Some(list) = by_ring.get_mut(one.ring) {
            list.push(one);
        }
    }
    by_ring.iter_mut().for_each(|list| list.sort());
    by_ring
}
