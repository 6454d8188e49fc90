//! Who else belongs to these few? The ring around known members, grown along ties.
//!
//! A seed that is a member of findings brings the members of the one that holds most seeds, then scores highest. Around seeds
//! that no finding holds, a random walk that keeps coming back to them (personalised PageRank, by local pushes) orders the
//! parties near by; the cut with the least tie weight across it, for what is inside, ends the ring (Andersen, Chung, Lang,
//! *Local graph partitioning using PageRank vectors*, 2006). Cost: findings, ties of the parties reached, a hundred
//! thousand pushes at most.

use crate::model::{Finding, Member, Party, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// Where a walk goes back to its seeds, in one of so many steps.
const RETURN: f64 = 0.2;
/// Weight of a party below which the walk does not go on, per unit of its ties.
const PUSH_MIN: f64 = 1e-5;
/// Pushes at most.
const PUSHES_MAX: usize = 100_000;
/// Parties of a ring grown without a finding, contexts not counted.
pub const GROWN_MAX: usize = 200;

/// A party of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown<'a> {
    /// Who.
    pub party: Party,
    /// Whether it was given.
    pub seed: bool,
    /// The finding that holds it, and what it is there.
    pub member: Option<(&'a Finding, &'a Member)>,
    /// The strongest tie to the rest of the ring, or to a context that the rest shares.
    pub tie: Option<&'a Tie>,
}

/// The ring around the seeds: seeds first, then members of findings by strength, then who was grown by tie.
#[must_use]
pub fn expand<'a>(ties: &[&'a Tie], findings: &[&'a Finding], seeds: &BTreeSet<Party>) -> Vec<Grown<'a>> {
    let mut members: BTreeMap<Party, (&Finding, &Member)> = BTreeMap::new();
    let mut rest = seeds.clone();
    while let Some(finding) = best(findings, &rest) {
        for member in finding.members.iter().filter(|member| !member.party.kind().is_context()) {
            rest.remove(&member.party);
            members.entry(member.party).or_insert((finding, member));
        }
    }
    let around = Around::of(ties);
    let grown = if rest.is_empty() { BTreeSet::new() } else { around.grow(&rest) };
    let mut ring: BTreeSet<Party> = seeds.iter().chain(members.keys()).chain(&grown).copied().collect();
    ring.retain(|party| !party.kind().is_context());
    let mut answer: Vec<Grown> = ring
        .iter()
        .map(|&party| Grown {
            party,
            seed: seeds.contains(&party),
            member: members.get(&party).copied(),
            tie: around.strongest(party, &ring),
        })
        .collect();
    answer.sort_by_key(|one| {
        let strength = one.member.map_or(i32::MIN, |(_, member)| member.strength);
        let weight = one.tie.map_or(0, |tie| tie.weight);
        std::cmp::Reverse((one.seed, strength, weight, std::cmp::Reverse(one.party)))
    });
    answer
}

/// The finding that holds most of these seeds, then the one with the highest score.
fn best<'a>(findings: &[&'a Finding], seeds: &BTreeSet<Party>) -> Option<&'a Finding> {
    let held = |finding: &Finding| finding.members.iter().filter(|member| seeds.contains(&member.party)).count();
    let holding = findings.iter().copied().filter(|finding| held(finding) > 0);
    holding
        .max_by(|left, right| (held(left), left.score).cmp(&(held(right), right.score)).then_with(|| right.cmp(left)))
}

/// The ties by party.
struct Around<'a> {
    of: BTreeMap<Party, Vec<&'a Tie>>,
}

impl<'a> Around<'a> {
    fn of(ties: &[&'a Tie]) -> Around<'a> {
        let mut of: BTreeMap<Party, Vec<&Tie>> = BTreeMap::new();
        for tie in ties {
            of.entry(tie.a).or_default().push(tie);
            of.entry(tie.b).or_default().push(tie);
        }
        Around { of }
    }

    fn ties(&self, party: Party) -> impl Iterator<Item = (Party, &'a Tie)> {
        let ties = self.of.get(&party).into_iter().flatten();
        ties.map(move |tie| (if tie.a == party { tie.b } else { tie.a }, *tie))
    }

    fn degree(&self, party: Party) -> f64 {
        self.ties(party).map(|(_, tie)| f64::from(tie.weight)).sum()
    }

    /// The strongest tie to another of the ring, or to a context to which another of the ring is tied.
    fn strongest(&self, party: Party, ring: &BTreeSet<Party>) -> Option<&'a Tie> {
        let shared = |context: Party| self.ties(context).any(|(other, _)| other != party && ring.contains(&other));
        let ties =
            self.ties(party).filter(|(other, _)| ring.contains(other) || other.kind().is_context() && shared(*other));
        ties.max_by_key(|(other, tie)| (tie.weight, std::cmp::Reverse(*other))).map(|(_, tie)| tie)
    }

    /// The parties near the seeds, contexts included, up to the best cut.
    fn grow(&self, seeds: &BTreeSet<Party>) -> BTreeSet<Party> {
        let mut order: Vec<(Party, f64)> =
            self.walk(seeds).into_iter().map(|(party, mass)| (party, mass / self.degree(party))).collect();
        order.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        let mut inside: BTreeSet<Party> = BTreeSet::new();
        let (mut volume, mut across) = (0.0, 0.0);
        let (mut best, mut ring) = (f64::MAX, BTreeSet::new());
        for (party, _) in order {
            let to_inside: f64 = self
                .ties(party)
                .filter(|(other, _)| inside.contains(other))
                .map(|(_, tie)| f64::from(tie.weight))
                .sum();
            let degree = self.degree(party);
            (volume, across) = (volume + degree, across + degree - 2.0 * to_inside);
            inside.insert(party);
            let members = inside.iter().filter(|party| !party.kind().is_context()).count();
            if members > GROWN_MAX {
                break;
            }
            // A small addition keeps the whole piece from being the best cut only because nothing leads out of it.
            let conductance = (across + 0.02 * volume) / volume;
            if members > seeds.len()
                && conductance < best
                && seeds.iter().all(|seed| inside.contains(seed) || !self.of.contains_key(seed))
            {
                (best, ring) = (conductance, inside.clone());
            }
        }
        ring
    }

    /// How often a walk that returns to the seeds is at each party.
    fn walk(&self, seeds: &BTreeSet<Party>) -> BTreeMap<Party, f64> {
        let known: Vec<Party> = seeds.iter().copied().filter(|seed| self.of.contains_key(seed)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of seeds")]
        let share = 1.0 / known.len().max(1) as f64;
        let mut waiting: BTreeMap<Party, f64> = known.iter().map(|seed| (*seed, share)).collect();
        let mut at: BTreeMap<Party, f64> = BTreeMap::new();
        let mut queue: std::collections::VecDeque<Party> = known.into();
        for _ in 0..PUSHES_MAX {
            let Some(party) = queue.pop_front() else { break };
            let (mass, degree) = (waiting.remove(&party).unwrap_or(0.0), self.degree(party));
            if mass < PUSH_MIN * degree.min(10_000.0) / 100.0 {
                waiting.insert(party, mass);
                continue;
            }
            *at.entry(party).or_default() += RETURN * mass;
            for (other, tie) in self.ties(party) {
                let more = (1.0 - RETURN) * mass * f64::from(tie.weight) / degree;
                let held = waiting.entry(other).or_default();
                let limit = PUSH_MIN * self.degree(other).min(10_000.0) / 100.0;
                if *held < limit && *held + more >= limit {
                    queue.push_back(other);
                }
                *held += more;
            }
        }
        at
    }
}
