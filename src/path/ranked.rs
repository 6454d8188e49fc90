//! Which chains join two parties, best first, and on which facts does each hop stand?
//!
//! A question that restricts days, parties or hops can leave no chain; then the answer says which restrictions took
//! something away and what to lift so that there is one. Cost: bounded by the question's `work_max`; a question without
//! an answer is asked again at most once for each of its restrictions.

use super::question::{
    Answer, COUNT_MAX, Chain, FACTS_MAX, HOPS_MAX, Hop, Limit, NoChain, Order, Question, Restriction, VIA_MAX,
};
use super::rules::{Rules, UNDATED};
use super::search::{Begun, Found, search};
use super::snapshot::Snapshot;
use crate::model::{Day, Party};

/// More facts than this make a hop no stronger.
pub const STRENGTH_MAX: usize = 16;

/// The best chains between two parties. Arguments: the snapshot and the question. Cost: see above.
#[must_use]
pub fn ranked(snapshot: &Snapshot, question: &Question) -> Answer {
    let (question, mut limits) = within_limits(question);
    let mut stops = Vec::new();
    for &party in [question.from].iter().chain(&question.via).chain([&question.to]) {
        match snapshot.node(party) {
            Some(node) => stops.push(node),
            None => return Answer { none: Some(NoChain::Unknown(party)), limits, ..Answer::default() },
        }
    }
    if stops.iter().any(|&stop| !snapshot.connected(stop, stops[0])) {
        return Answer { none: Some(NoChain::NotConnected), limits, ..Answer::default() };
    }
    let mut rules = Rules::of(snapshot, &question, stops);
    let (chains, found) = best(&mut rules, &question);
    if found.stopped {
        limits.push(Limit::Work(question.work_max));
    }
    let none = chains.is_empty().then(|| NoChain::Excluded {
        by: rules.restrictions(),
        nearest: nearest(snapshot, &question, &rules.restrictions()),
    });
    Answer { chains, limits, none, work: found.work }
}

/// The question with what exceeds the limits cut off, and which limits that were.
fn within_limits(question: &Question) -> (Question, Vec<Limit>) {
    let mut question = question.clone();
    let mut limits = Vec::new();
    if question.count > COUNT_MAX {
        limits.push(Limit::Count(COUNT_MAX));
    }
    if question.hops_max > HOPS_MAX {
        limits.push(Limit::Hops(HOPS_MAX));
    }
    let (from, to) = (question.from, question.to);
    question.via.retain(|&party| party != from && party != to);
    if question.via.len() > VIA_MAX {
        limits.push(Limit::Via(VIA_MAX));
        question.via.truncate(VIA_MAX);
    }
    question.count = question.count.clamp(1, COUNT_MAX);
    question.hops_max = question.hops_max.min(HOPS_MAX);
    (question, limits)
}

fn best(rules: &mut Rules<'_>, question: &Question) -> (Vec<Chain>, Found) {
    if rules.stops.len() == 2 && rules.stops[0] == rules.stops[1] {
        return (vec![Chain { hops: Vec::new(), cost_milli: 0, weakest: 0 }], Found::default());
    }
    if question.order != Order::Strongest {
        let found = search(rules, question.count, question.work_max, &|_| true);
        return (found.chains.iter().map(|begun| chain(rules, begun)).collect(), found);
    }
    let mut chains = Vec::new();
    let mut all = Found::default();
    let strongest = rules.stops.iter().map(|&stop| strength(rules, stop)).min().unwrap_or(0);
    for strength_min in (1..=strongest).rev() {
        rules.strength_min = strength_min;
        let only = |begun: &Begun| weakest(rules, begun) == strength_min;
        let share = question.work_max.saturating_sub(all.work) / strength_min as u64;
        let found = search(rules, question.count - chains.len(), share, &only);
        chains.extend(found.chains.iter().map(|begun| chain(rules, begun)));
        all.work += found.work;
        all.stopped |= found.stopped;
        if chains.len() >= question.count {
            break;
        }
    }
    (chains, all)
}

/// The strength of the strongest link of a node.
fn strength(rules: &Rules<'_>, node: u32) -> usize {
    let facts = rules.snapshot.links_of(node).iter().map(|&link| rules.facts(link));
    facts.max().unwrap_or(0).min(STRENGTH_MAX)
}

fn weakest(rules: &Rules<'_>, begun: &Begun) -> usize {
    let facts = links(rules, begun).map(|link| rules.facts(link));
    facts.min().unwrap_or(0).min(STRENGTH_MAX)
}

fn links(rules: &Rules<'_>, begun: &Begun) -> impl Iterator<Item = u32> {
    begun.nodes().windows(2).filter_map(|pair| rules.snapshot.link_between(pair[0], pair[1]))
}

fn chain(rules: &Rules<'_>, begun: &Begun) -> Chain {
    let mut day = Day(i32::MIN);
    let mut hops = Vec::new();
    for (pair, link) in begun.nodes().windows(2).zip(links(rules, begun)) {
        if rules.timed {
            day = rules.earliest(link, day).unwrap_or(day);
        }
        let stands =
            rules.meetings(link).filter(|meeting| !rules.timed || meeting.day == UNDATED || meeting.day >= day);
        hops.push(Hop {
            from: rules.snapshot.party(pair[0]),
            to: rules.snapshot.party(pair[1]),
            day: (rules.timed && day != UNDATED).then_some(day),
            facts: u32::try_from(stands.clone().count()).unwrap_or(u32::MAX),
            shown: stands.take(FACTS_MAX).collect(),
        });
    }
    let weakest = hops.iter().map(|hop| hop.facts).min().unwrap_or(0);
    Chain { hops, cost_milli: begun.cost_milli, weakest }
}

/// What to lift so that there is a chain: one restriction if that is enough, else all of them.
fn nearest(
    snapshot: &Snapshot,
    question: &Question,
    restrictions: &[Restriction],
) -> Option<(Vec<Restriction>, usize)> {
    let hops_without = |lifted: &[Restriction]| {
        let easier = Question { count: 1, work_max: question.work_max / 4, ..without(question, lifted) };
        let stops: Option<Vec<u32>> =
            [easier.from].iter().chain(&easier.via).chain([&easier.to]).map(|&party| snapshot.node(party)).collect();
        let mut rules = Rules::of(snapshot, &easier, stops?);
        best(&mut rules, &easier).0.first().map(|chain| chain.hops.len())
    };
    let one = restrictions.iter().filter_map(|&lifted| hops_without(&[lifted]).map(|hops| (hops, lifted))).min();
    match one {
        Some((hops, lifted)) => Some((vec![lifted], hops)),
        None => hops_without(restrictions).map(|hops| (restrictions.to_vec(), hops)),
    }
}

fn without(question: &Question, lifted: &[Restriction]) -> Question {
    let mut easier = question.clone();
    for restriction in lifted {
        match restriction {
            Restriction::TimeOrder => easier.order = Order::Shortest,
            Restriction::Window => easier.window = None,
            Restriction::Degree => easier.degree_max = None,
            Restriction::Avoid => easier.avoid = Vec::new(),
            Restriction::Via => easier.via = Vec::<Party>::new(),
            Restriction::Hops => easier.hops_max = HOPS_MAX,
        }
    }
    easier
}
