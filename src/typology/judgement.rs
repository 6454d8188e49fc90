//! What is claimed about a piece? Every typology's findings, those about the same people told once.

use super::bench::Bench;
use super::registry;
use crate::model::{Dossier, Finding, Party, References, TypologyScore};
use std::collections::BTreeSet;

/// Findings that share half of their people are one.
const SAME_PEOPLE_PERCENT: usize = 50;
/// A finding that holds this much of a smaller one swallows it.
const INSIDE_PERCENT: usize = 80;
/// Findings below this are not worth keeping even as candidates.
const CANDIDATE_SCORE_MIN: i32 = -300;

/// What the recognisers say about a piece: a function of the facts alone.
#[must_use]
pub fn judge(dossier: &Dossier, references: &References) -> Vec<Finding> {
    let bench = Bench::new(dossier, references);
    let mut found: Vec<Finding> = registry()
        .iter()
        .flat_map(|typology| typology.recognise(&bench))
        .map(|suspicion| suspicion.finding(&bench))
        .filter(|finding| finding.score >= CANDIDATE_SCORE_MIN)
        .collect();
    found.sort_by(|left, right| right.score.cmp(&left.score).then_with(|| left.cmp(right)));
    let mut kept: Vec<(BTreeSet<Party>, Finding)> = Vec::new();
    for finding in found {
        let people = people(&finding);
        match kept.iter_mut().find(|(known, better)| same(known, &people, better, &finding)) {
            Some((_, better)) => note(better, &finding),
            None => kept.push((people, finding)),
        }
    }
    kept.into_iter().map(|(_, finding)| finding).collect()
}

fn people(finding: &Finding) -> BTreeSet<Party> {
    let persons = finding.members.iter().map(|member| member.party);
    persons.filter(|party| party.kind() == crate::model::PartyKind::Person).collect()
}

/// Whether two findings are about the same people: half of all are in both, or the weaker one lies within the better.
fn same(known: &BTreeSet<Party>, people: &BTreeSet<Party>, better: &Finding, finding: &Finding) -> bool {
    let both = known.intersection(people).count();
    let either = known.len() + people.len() - both;
    let inside = both * 100 >= people.len() * INSIDE_PERCENT && better.typology != finding.typology;
    both * 100 >= either * SAME_PEOPLE_PERCENT || inside
}

fn note(better: &mut Finding, finding: &Finding) {
    if better.typologies.iter().all(|known| known.name != finding.typology) {
        better.typologies.push(TypologyScore { name: finding.typology.clone(), score: finding.score });
    }
}
