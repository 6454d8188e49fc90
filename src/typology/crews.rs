//! One crew or several? Two recruiters who use one hospital fill it on the same kind of days, but not the same buses.
//!
//! People are parted where different identifiers stand behind them and their batches do not mix. People without an identifier
//! go with those they came with.

use super::bench::{Bench, Cited};
use super::odds::percent;
use crate::model::{Day, Party};
use std::collections::{BTreeMap, BTreeSet};

/// A crew has at least this many people behind its identifier.
const CREW_MIN: usize = 4;
/// Percent of the companions in a batch that are of one crew, when crews do not mix.
const APART_PERCENT: i32 = 85;
/// Companions that must be seen before batches tell anything.
const COMPANIONS_MIN: usize = 6;
/// An identifier stands behind a crew when this much of it does: a village office stands behind everybody.
const INSIDE_PERCENT: i32 = 25;

/// Who came where on which day.
type Batches = BTreeMap<(Party, Day), BTreeSet<Party>>;

/// The crews among some people, given their settlements; all of them when there is one only.
pub(crate) fn crews(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let hubs = leaders(bench, people);
    let batches = batches(people);
    let crew_of: BTreeMap<Party, usize> = people
        .keys()
        .filter_map(|person| {
            hubs.iter().position(|hub| bench.hubs[hub].holders.contains_key(person)).map(|at| (*person, at))
        })
        .collect();
    if hubs.len() < 2 || mixed(&batches, &crew_of) {
        return vec![people.keys().copied().collect()];
    }
    let sizes: Vec<usize> = (0..hubs.len()).map(|at| crew_of.values().filter(|crew| **crew == at).count()).collect();
    let mut crews = vec![BTreeSet::new(); hubs.len()];
    for (person, stays) in people {
        let at = crew_of.get(person).copied().unwrap_or_else(|| company(stays, &batches, &crew_of, &sizes));
        crews[at].insert(*person);
    }
    crews
}

/// Identifiers behind different people, the widest first.
fn leaders(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<Party> {
    let mut wide: Vec<(BTreeSet<Party>, Party)> = Vec::new();
    for hub in bench.hubs.values().filter(|hub| !hub.proteges.is_empty()) {
        let inside: BTreeSet<Party> =
            hub.holders.keys().filter(|person| people.contains_key(person)).copied().collect();
        if inside.len() >= CREW_MIN && percent(inside.len(), hub.holders.len()) >= INSIDE_PERCENT {
            wide.push((inside, hub.party));
        }
    }
    wide.sort_by_key(|(people, hub)| (std::cmp::Reverse(people.len()), *hub));
    let mut leaders: Vec<(BTreeSet<Party>, Party)> = Vec::new();
    for (people, hub) in wide {
        if leaders.iter().all(|(known, _)| known.intersection(&people).count() * 5 < people.len()) {
            leaders.push((people, hub));
        }
    }
    leaders.into_iter().map(|(_, hub)| hub).collect()
}

fn batches(people: &BTreeMap<Party, Vec<&Cited>>) -> Batches {
    let mut batches = Batches::new();
    for (fact, _) in people.values().flatten() {
        batches.entry((fact.place, fact.begin)).or_default().insert(fact.person);
    }
    batches
}

/// Whether the batches mix the crews, or too few batches tell.
fn mixed(batches: &Batches, crew_of: &BTreeMap<Party, usize>) -> bool {
    let (mut same, mut all) = (0, 0);
    for people in batches.values() {
        let mut crews: BTreeMap<usize, usize> = BTreeMap::new();
        people.iter().filter_map(|person| crew_of.get(person)).for_each(|crew| *crews.entry(*crew).or_default() += 1);
        let companions: usize = crews.values().sum();
        if companions >= 2 {
            all += companions;
            same += crews.values().max().copied().unwrap_or(0);
        }
    }
    all < COMPANIONS_MIN || percent(same, all) < APART_PERCENT
}

/// The crew a person came with most often; the largest when with none.
fn company(stays: &[&Cited], batches: &Batches, crew_of: &BTreeMap<Party, usize>, sizes: &[usize]) -> usize {
    let mut met = vec![0_usize; sizes.len()];
    for (fact, _) in stays {
        for companion in batches.get(&(fact.place, fact.begin)).into_iter().flatten() {
            if let Some(crew) = crew_of.get(companion) {
                met[*crew] += 1;
            }
        }
    }
    (0..sizes.len()).max_by_key(|at| (met[*at], sizes[*at], std::cmp::Reverse(*at))).unwrap_or(0)
}
