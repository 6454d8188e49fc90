//! Who else stands behind the same identifier and did the same? Members whose occasions alone were too few.

use super::bench::Bench;
use super::bench::Cited;
use super::odds::percent;
use super::suspicion::Suspicion;
use crate::model::Party;

/// An identifier draws in others when this many of the ring stand behind it, and this much of it is the ring's.
const MEMBERS_MIN: usize = 3;
const INSIDE_PERCENT: i32 = 30;
/// What standing behind the ring's identifier and doing the same is worth.
const STRENGTH: i32 = 120;

/// Adds people who share an identifier with the ring, with those of their settlements for which `did` holds.
pub(crate) fn recruits<'a>(bench: &Bench<'a>, suspicion: &mut Suspicion<'a>, did: impl Fn(&Cited) -> bool) {
    let mut drawn: Vec<(Party, Vec<&'a Cited>)> = Vec::new();
    for hub in bench.hubs.values().filter(|hub| !hub.proteges.is_empty()) {
        let (inside, outside): (Vec<Party>, Vec<Party>) =
            hub.holders.keys().copied().partition(|person| suspicion.people.contains_key(person));
        if inside.len() >= MEMBERS_MIN && percent(inside.len(), hub.holders.len()) >= INSIDE_PERCENT {
            drawn.extend(
                outside
                    .into_iter()
                    .map(|person| (person, bench.settlements(person).filter(|cited| did(cited)).collect())),
            );
        }
    }
    for (person, settlements) in drawn.into_iter().filter(|(_, settlements)| !settlements.is_empty()) {
        suspicion.people.entry(person).or_insert((STRENGTH, settlements));
    }
}
