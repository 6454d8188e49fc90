//! What is claimed about a piece? Every typology's findings, those about the same people told once.

use super::bench::Bench;
use super::{REPORT_SCORE_MIN, registry};
use crate::model::{Dossier, Finding, Judgement, Party, PartyKind, References, TypologyScore};
use std::collections::BTreeSet;

/// Findings that share half of all their people are one.
const SAME_PERCENT: usize = 50;
/// A finding of another typology with half of its people in a larger one is a part of that.
const PART_PERCENT: usize = 50;
/// Findings below this are not worth keeping even as candidates.
const CANDIDATE_SCORE_MIN: i32 = -300;

/// A finding, its people, and whether its typology names a mechanism.
struct Claim {
    people: BTreeSet<Party>,
    mechanism: bool,
    finding: Finding,
}

/// What the recognisers say about a piece: a function of the facts alone.
#[must_use]
pub fn judge(dossier: &Dossier, references: &References) -> Judgement {
    let bench = Bench::new(dossier, references);
    let mut claims: Vec<Claim> = Vec::new();
    for typology in registry() {
        for suspicion in typology.recognise(&bench) {
            let finding = suspicion.finding(&bench);
            if finding.score >= CANDIDATE_SCORE_MIN {
                claims.push(Claim { people: people(&finding), mechanism: typology.mechanism(), finding });
            }
        }
    }
    claims.sort_by(|left, right| {
        right.finding.score.cmp(&left.finding.score).then_with(|| left.finding.cmp(&right.finding))
    });
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        match kept.iter().position(|known| same(known, &claim)) {
            Some(at) if gives_way(&kept[at], &claim) => {
                let known = std::mem::replace(&mut kept[at], claim);
                note(&mut kept[at].finding, &known.finding);
            }
            Some(at) => note(&mut kept[at].finding, &claim.finding),
            None => kept.push(claim),
        }
    }
    Judgement { findings: kept.into_iter().map(|claim| claim.finding).collect(), asked: bench.asked() }
}

fn people(finding: &Finding) -> BTreeSet<Party> {
    let persons = finding.members.iter().map(|member| member.party);
    persons.filter(|party| party.kind() == PartyKind::Person).collect()
}

/// Whether two claims are about the same people: half of all are in both, or half of the smaller lie in the larger.
fn same(known: &Claim, claim: &Claim) -> bool {
    let both = known.people.intersection(&claim.people).count();
    let either = known.people.len() + claim.people.len() - both;
    let smaller = known.people.len().min(claim.people.len());
    let part = both * 100 >= smaller * PART_PERCENT && known.finding.typology != claim.finding.typology;
    both * 100 >= either * SAME_PERCENT || part
}

/// Whether the better claim gives way to the later: to one with a mechanism about the same people, or to a larger one.
fn gives_way(better: &Claim, later: &Claim) -> bool {
    if later.finding.score < REPORT_SCORE_MIN {
        return false;
    }
    let both = better.people.intersection(&later.people).count();
    let either = better.people.len() + later.people.len() - both;
    if both * 100 >= either * SAME_PERCENT {
        later.mechanism && !better.mechanism
    } else {
        later.people.len() > better.people.len() && (later.mechanism || !better.mechanism)
    }
}

fn note(better: &mut Finding, finding: &Finding) {
    for other in &finding.typologies {
        if better.typologies.iter().all(|known| known.name != other.name) {
            better.typologies.push(TypologyScore { name: other.name.clone(), score: other.score });
        }
    }
}
