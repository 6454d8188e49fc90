//! Which people are held together by some ties? The communities among them, largest first.

use super::bench::Bench;
use super::crews::in_one_hand;
use super::odds::percent;
use crate::community::communities;
use crate::model::{Day, OccasionKind, Party, Tie, at_counter};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The places of a round of counters: fewer are an errand next door.
const ROUND_MIN: usize = 3;
/// So many cards are a pool of their own, when they never stand in line with the others.
const POOL_MIN: usize = 8;
/// Cards that go round together and were never seen with another's.
const FEW_MIN: usize = 5;
/// Ties between two pools, of those within the smaller one: below one in so many, chance brought their cards into one line.
const IN_LINE_ONE_IN: usize = 20;

/// Counters that two pools do not choose alike by chance, and how many of all that either goes to must be the same, percent.
const LONG_ROUND_MIN: usize = 5;
const LONG_ROUND_PERCENT: i32 = 75;

/// People who go round together.
struct Round {
    people: BTreeSet<Party>,
    /// Where they met one another more than once.
    counters: BTreeSet<Party>,
    /// Where and when they stood in line together.
    lines: BTreeSet<(Party, Day)>,
}

/// The people of each round: communities of people, joined where they go round the same counters or stand in the same lines. Connected groups alone
/// would chain a pool to every couple that once stood in line with one of its cards; communities alone would part a pool
/// whose cards go out in batches. Two pools that share some counters, but neither a line nor an identifier, stay two; those that go
/// one long round are one, whose cards go out in bundles.
///
/// Cost: the ties, times the communities at the same counters.
pub(crate) fn rounds(bench: &Bench, ties: &[Tie]) -> Vec<BTreeSet<Party>> {
    let mut groups = communities(ties);
    groups.sort_by_key(|people| (Reverse(people.len()), people.first().copied()));
    let mut rounds: Vec<Round> = Vec::new();
    for people in groups {
        let people = BTreeSet::from_iter(people);
        let mut joined = Round { counters: counters(bench, ties, &people), lines: lines(ties, &people), people };
        let mut near: Vec<usize> = (0..rounds.len()).filter(|at| joined.is_near(&rounds[*at])).collect();
        near.sort_by_key(|at| (Reverse(joined.shared(&rounds[*at])), *at));
        let mut gone: Vec<usize> = Vec::new();
        for at in near {
            if joined.goes_the_round_of(&rounds[at]) || !apart(bench, ties, &joined.people, &rounds[at].people) {
                joined.people.extend(&rounds[at].people);
                joined.counters.extend(&rounds[at].counters);
                joined.lines.extend(&rounds[at].lines);
                gone.push(at);
            }
        }
        gone.sort_unstable();
        gone.into_iter().rev().for_each(|at| drop(rounds.remove(at)));
        rounds.push(joined);
    }
    let mut rounds: Vec<BTreeSet<Party>> = rounds.into_iter().map(|round| round.people).collect();
    rounds.sort_by_key(|people| (Reverse(people.len()), people.first().copied()));
    rounds
}

impl Round {
    fn shared(&self, other: &Round) -> usize {
        self.counters.intersection(&other.counters).count()
    }

    /// Whether both go one round, and a long one.
    fn goes_the_round_of(&self, other: &Round) -> bool {
        let both = self.shared(other);
        both >= LONG_ROUND_MIN && percent(both, self.counters.len().max(other.counters.len())) >= LONG_ROUND_PERCENT
    }

    /// Whether they go round the same counters, or stand in the same long lines: neighbours in a line of fifty are a community.
    fn is_near(&self, other: &Round) -> bool {
        let a_good_part = |both: usize, one: usize, other: usize| both >= ROUND_MIN && both * 2 >= one.min(other);
        a_good_part(self.shared(other), self.counters.len(), other.counters.len())
            || a_good_part(self.lines.intersection(&other.lines).count(), self.lines.len(), other.lines.len())
    }
}

/// Whether two groups are pools of their own: large enough, hardly ever in one line, and without an identifier behind both.
fn apart(bench: &Bench, ties: &[Tie], one: &BTreeSet<Party>, other: &BTreeSet<Party>) -> bool {
    let between = |one: &BTreeSet<Party>, other: &BTreeSet<Party>| {
        let is = |tie: &&Tie| {
            one.contains(&tie.a) && other.contains(&tie.b) || one.contains(&tie.b) && other.contains(&tie.a)
        };
        ties.iter().filter(is).count()
    };
    let within = between(one, one).min(between(other, other));
    let (smaller, both) = (one.len().min(other.len()), between(one, other));
    // Fewer cards are a pool of their own where none of them was ever seen with one of the others'.
    let hardly = smaller >= POOL_MIN && both * IN_LINE_ONE_IN < within;
    (hardly || smaller >= FEW_MIN && both == 0) && !in_one_hand(bench, one, other)
}

/// Where and when some people stood in line with one another.
fn lines(ties: &[Tie], people: &BTreeSet<Party>) -> BTreeSet<(Party, Day)> {
    let among = ties.iter().filter(|tie| people.contains(&tie.a) && people.contains(&tie.b));
    let lined_up = among.flat_map(|tie| tie.occasions.iter().filter(|one| one.kind == OccasionKind::TillRun));
    lined_up.map(|one| (one.place, one.day)).collect()
}

/// Where some people met one another more than once.
fn counters(bench: &Bench, ties: &[Tie], people: &BTreeSet<Party>) -> BTreeSet<Party> {
    let mut met: BTreeMap<Party, usize> = BTreeMap::new();
    let mut toured: BTreeSet<(Party, Day)> = BTreeSet::new();
    for tie in ties.iter().filter(|tie| people.contains(&tie.a) && people.contains(&tie.b)) {
        for one in &tie.occasions {
            match one.kind {
                OccasionKind::Tour => toured.extend([(tie.a, one.day), (tie.b, one.day)]),
                _ => *met.entry(one.place).or_default() += 1,
            }
        }
    }
    for (person, day) in toured {
        let there = bench.settlements(person).filter(|(fact, _)| at_counter(fact) && fact.settled.day() == day);
        there.for_each(|(fact, _)| *met.entry(fact.place).or_default() += 1);
    }
    met.into_iter().filter(|(_, times)| *times >= 2).map(|(place, _)| place).collect()
}
