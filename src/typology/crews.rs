//! One crew or several? Two recruiters who use one hospital fill it on the same kind of days, but not the same buses.
//!
//! People are parted where different identifiers stand behind them, or where they met again and again in different groups that
//! go round different places, and their batches do not mix. The others go with those they came with.

use super::bench::{Arrivals, Bench, Cited, arrivals, by_place};
use super::odds::percent;
use crate::community::communities;
use crate::model::{OccasionKind, Party, PartyKind, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// A crew has at least this many people behind its identifier.
const CREW_MIN: usize = 4;
/// Percent of the companions in a batch that are of one crew, when crews do not mix.
const APART_PERCENT: i32 = 85;
/// Companions that must be seen before batches tell anything.
const COMPANIONS_MIN: usize = 6;
/// An identifier stands behind a crew when this much of it does: a village office stands behind everybody.
const INSIDE_PERCENT: i32 = 25;

/// Groups with less of their stays at the same places than this go round of their own.
pub(crate) const SAME_PLACES_PERCENT: usize = 50;

/// The crews among some people, given their settlements; all of them when there is one only.
pub(crate) fn crews(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let batches = arrivals(people.values().flatten().map(|(fact, _)| fact));
    let held = |hub: &Party, person: &Party| bench.hubs[hub].holders.contains_key(person);
    let behind = |hub: Party| people.keys().filter(|person| held(&hub, person)).copied().collect();
    let by_identifier: Vec<BTreeSet<Party>> = leaders(bench, people).into_iter().map(behind).collect();
    apart(people, &batches, &by_identifier)
        .or_else(|| apart(people, &batches, &circles(bench, people)))
        .unwrap_or_else(|| vec![people.keys().copied().collect()])
}

/// The people by seed, each with the seed it came with; `None` when the batches mix the seeds.
fn apart(
    people: &BTreeMap<Party, Vec<&Cited>>,
    batches: &Arrivals,
    seeds: &[BTreeSet<Party>],
) -> Option<Vec<BTreeSet<Party>>> {
    let seed_of = |person: &Party| seeds.iter().position(|seed| seed.contains(person)).map(|at| (*person, at));
    let crew_of: BTreeMap<Party, usize> = people.keys().filter_map(seed_of).collect();
    if seeds.len() < 2 || mixed(batches, &crew_of) {
        return None;
    }
    let sizes: Vec<usize> = (0..seeds.len()).map(|at| crew_of.values().filter(|crew| **crew == at).count()).collect();
    let mut crews = vec![BTreeSet::new(); seeds.len()];
    for (person, stays) in people {
        let at = crew_of.get(person).copied().unwrap_or_else(|| company(stays, batches, &crew_of, &sizes));
        crews[at].insert(*person);
    }
    Some(crews)
}

/// People who met one another again and again, joined where their stays lie at the same places: the largest first.
fn circles(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    const KINDS: &[OccasionKind] = &[OccasionKind::Arrival, OccasionKind::CoStay];
    let met =
        |tie: &&Tie| tie.b.kind() == PartyKind::Person && people.contains_key(&tie.a) && people.contains_key(&tie.b);
    let ties: Vec<Tie> = bench.ties(KINDS).filter(met).cloned().collect();
    let mut groups: Vec<BTreeSet<Party>> = communities(&ties).into_iter().map(BTreeSet::from_iter).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().copied()));
    let mut circles: Vec<(BTreeSet<Party>, BTreeMap<Party, usize>)> = Vec::new();
    for mut group in groups {
        let mut places = visited(people, &group);
        circles.retain(|(known, known_places)| {
            let same = in_common(&places, known_places) >= SAME_PLACES_PERCENT;
            if same {
                group.extend(known);
                places = visited(people, &group);
            }
            !same
        });
        circles.push((group, places));
    }
    circles.retain(|(group, _)| group.len() >= CREW_MIN);
    circles.sort_by_key(|(group, _)| (std::cmp::Reverse(group.len()), group.first().copied()));
    circles.into_iter().map(|(group, _)| group).collect()
}

/// Stays of some people by place.
fn visited(people: &BTreeMap<Party, Vec<&Cited>>, group: &BTreeSet<Party>) -> BTreeMap<Party, usize> {
    by_place(group.iter().filter_map(|person| people.get(person)).flatten().copied())
}

/// Percent of two groups' stays that lie at the same places: the smaller share of each place, added up.
pub(crate) fn in_common(one: &BTreeMap<Party, usize>, other: &BTreeMap<Party, usize>) -> usize {
    let (all, all_other) = (one.values().sum::<usize>().max(1), other.values().sum::<usize>().max(1));
    let share = |count: usize, all: usize| count * 100 / all;
    let both = one.iter().filter_map(|(place, count)| Some((*count, *other.get(place)?)));
    both.map(|(count, count_other)| share(count, all).min(share(count_other, all_other))).sum()
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

/// Whether the batches mix the crews, or too few batches tell.
fn mixed(batches: &Arrivals, crew_of: &BTreeMap<Party, usize>) -> bool {
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
fn company(stays: &[&Cited], batches: &Arrivals, crew_of: &BTreeMap<Party, usize>, sizes: &[usize]) -> usize {
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
