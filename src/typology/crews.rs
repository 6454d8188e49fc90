//! One crew or several? Two recruiters who use one hospital fill it on the same kind of days, but not the same buses.
//!
//! A cohort is cut where two identifiers stand behind different people and the batches do not mix them. People without an
//! identifier go with those they came with.

use super::batches::{Cohort, Marked};
use super::bench::Bench;
use crate::model::{Day, Party};
use std::collections::{BTreeMap, BTreeSet};

/// A crew has at least this many people behind its identifier.
const CREW_MIN: usize = 4;
/// Percent of the companions in a batch that are of one crew, when crews do not mix.
const APART_PERCENT: usize = 85;

/// The crews of a cohort; itself when there is one only.
pub(crate) fn crews<'a>(bench: &Bench<'a>, cohort: Cohort<'a>) -> Vec<Cohort<'a>> {
    let hubs = leaders(bench, &cohort);
    if hubs.len() < 2 {
        return vec![cohort];
    }
    let crew_of: BTreeMap<Party, usize> = cohort
        .people
        .keys()
        .filter_map(|person| {
            hubs.iter().position(|hub| bench.hubs[hub].holders.contains_key(person)).map(|at| (*person, at))
        })
        .collect();
    let batches = batches(&cohort);
    if mixed(&batches, &crew_of) {
        return vec![cohort];
    }
    let mut parts: Vec<Cohort> =
        hubs.iter().map(|hub| Cohort { hubs: BTreeSet::from([*hub]), ..Cohort::default() }).collect();
    let sizes: Vec<usize> = (0..hubs.len()).map(|at| crew_of.values().filter(|crew| **crew == at).count()).collect();
    for (person, stays) in cohort.people {
        let at = crew_of.get(&person).copied().unwrap_or_else(|| company(&stays, &batches, &crew_of, &sizes));
        parts[at].places.extend(stays.iter().map(|marked| marked.stay.0.place));
        parts[at].people.insert(person, stays);
    }
    for hub in cohort.hubs {
        let held =
            |part: &Cohort| bench.hubs[&hub].holders.keys().filter(|person| part.people.contains_key(person)).count();
        if let Some(part) = parts.iter_mut().max_by_key(|part| held(part)) {
            part.hubs.insert(hub);
        }
    }
    parts
}

/// Identifiers behind different people, the widest first.
fn leaders(bench: &Bench, cohort: &Cohort) -> Vec<Party> {
    let inside = |hub: &Party| -> BTreeSet<Party> {
        bench.hubs[hub].holders.keys().filter(|person| cohort.people.contains_key(person)).copied().collect()
    };
    let mut wide: Vec<(BTreeSet<Party>, Party)> = cohort.hubs.iter().map(|hub| (inside(hub), *hub)).collect();
    wide.retain(|(people, _)| people.len() >= CREW_MIN);
    wide.sort_by_key(|(people, hub)| (std::cmp::Reverse(people.len()), *hub));
    let mut leaders: Vec<(BTreeSet<Party>, Party)> = Vec::new();
    for (people, hub) in wide {
        if leaders.iter().all(|(known, _)| known.intersection(&people).count() * 5 < people.len()) {
            leaders.push((people, hub));
        }
    }
    leaders.into_iter().map(|(_, hub)| hub).collect()
}

/// Who came where on which day.
fn batches(cohort: &Cohort) -> BTreeMap<(Party, Day), BTreeSet<Party>> {
    let mut batches: BTreeMap<(Party, Day), BTreeSet<Party>> = BTreeMap::new();
    for marked in cohort.people.values().flatten() {
        batches.entry((marked.stay.0.place, marked.stay.0.begin)).or_default().insert(marked.stay.0.person);
    }
    batches
}

/// Whether the batches mix the crews, or too few batches tell.
fn mixed(batches: &BTreeMap<(Party, Day), BTreeSet<Party>>, crew_of: &BTreeMap<Party, usize>) -> bool {
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
    all >= 6 && same * 100 < all * APART_PERCENT
}

/// The crew a person came with most often; the largest when with none.
fn company(
    stays: &[Marked],
    batches: &BTreeMap<(Party, Day), BTreeSet<Party>>,
    crew_of: &BTreeMap<Party, usize>,
    sizes: &[usize],
) -> usize {
    let mut met = vec![0_usize; sizes.len()];
    for marked in stays {
        for companion in batches.get(&(marked.stay.0.place, marked.stay.0.begin)).into_iter().flatten() {
            if let Some(crew) = crew_of.get(companion) {
                met[*crew] += 1;
            }
        }
    }
    (0..sizes.len()).max_by_key(|at| (met[*at], sizes[*at], std::cmp::Reverse(*at))).unwrap_or(0)
}
