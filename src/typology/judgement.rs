//! What is claimed about a piece? Every typology's findings, those about the same people told once.

use super::bench::Bench;
use super::sentence::{factor, said};
use super::{REPORT_SCORE_MIN, registry};
use crate::model::{Dossier, Factor, Finding, Judgement, Party, PartyKind, References, RowRef, TypologyScore};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Findings that share half of all their people are one.
const SAME_PERCENT: usize = 50;
/// A finding of another typology with half of its people in a larger one is a part of that.
const PART_PERCENT: usize = 50;
/// One that names a mechanism is a ring of its own in one that does not when it has so many people,
const OWN_RING_MIN: usize = 12;
/// and fewer than one in so many of the larger one's are of it.
const RING_PART_ONE_IN: usize = 3;
/// A mechanism names a larger ring when so many of its people are in it; so many of a smaller one's are in another that is its whole.
const INSIDE_PERCENT: usize = 80;
/// A mechanism gives way to another about more people that is supported nearly as well: three quarters of its score.
const AS_WELL: [i32; 2] = [3, 4];

/// A scheme gives way to one that is that scheme and something more, when the latter has a quarter of its score.
const MORE_THAN: [i32; 2] = [1, 4];

/// What it adds at most that some show a mechanism: a fifth of how well they do.
const SHOWN_MAX: i32 = 150;

/// One row in so many of the smaller claim's makes both rest on the same.
const EVIDENCE_ONE_IN: usize = 5;

/// Findings below this are not worth keeping even as candidates.
const CANDIDATE_SCORE_MIN: i32 = -300;

/// A finding, its people, whether its typology names a mechanism, and which others' signs that brings along.
struct Claim {
    people: BTreeSet<Party>,
    mechanism: bool,
    more_than: &'static [&'static str],
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
                let (mechanism, more_than) = (typology.mechanism(), typology.more_than());
                claims.push(Claim { people: people(&finding), mechanism, more_than, finding });
            }
        }
    }
    let findings = told_once(claims).into_iter().map(|claim| claim.finding).collect();
    Judgement { findings, asked: bench.asked() }
}

/// The claims, those about the same people as one.
fn told_once(mut claims: Vec<Claim>) -> Vec<Claim> {
    claims.sort_by(|left, right| {
        right.finding.score.cmp(&left.finding.score).then_with(|| left.finding.cmp(&right.finding))
    });
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        let (known, others): (Vec<Claim>, Vec<Claim>) = kept.into_iter().partition(|known| same(known, &claim));
        kept = others;
        let gives_way = |known: &Claim| known_by(known, &claim) || gives_way(known, &claim);
        if !is_made_up_of(&known, &claim) && known.iter().all(gives_way) {
            kept.push(known.into_iter().fold(claim, Claim::with));
        } else {
            kept.extend(known.into_iter().map(|known| known.beside(&claim)));
        }
    }
    kept
}

impl Claim {
    /// All rows that it cites.
    fn rows(&self) -> BTreeSet<RowRef> {
        self.finding.factors.iter().flat_map(|one| one.facts.iter().copied()).collect()
    }

    /// The strongest reasons first.
    fn in_order(&mut self) {
        self.finding.factors.sort_by_key(|one| (Reverse(one.score), one.code.clone()));
    }

    /// Takes in a claim about the same people, or about some of them: that may name the mechanism.
    fn with(mut self, known: Claim) -> Claim {
        if known_by(&known, &self) {
            let shown = shown_by_some(&self, &known);
            self.finding.score += shown.score;
            self.finding.factors.push(shown);
            self.in_order();
            self.finding.typology.clone_from(&known.finding.typology);
            self.finding.typologies.retain(|other| other.name != known.finding.typology);
            let named = TypologyScore { name: known.finding.typology.clone(), score: self.finding.score };
            self.finding.typologies.insert(0, named);
            self.mechanism = true;
        }
        self.beside(&known)
    }

    /// Names the typologies of another claim about the same people, and cites its rows where it would stand alone: a lead rests on
    /// everything that would be told without it.
    fn beside(mut self, other: &Claim) -> Claim {
        let fresh: Vec<RowRef> = other.rows().difference(&self.rows()).copied().collect();
        if other.finding.score >= REPORT_SCORE_MIN && !fresh.is_empty() {
            let (both, all) = (other.people.intersection(&self.people).count(), self.people.len());
            let text = said(
                format!("其中{both}人(共{all}人)的就医行为另有其他手法的迹象,见该线索的手法列表"),
                format!(
                    "{both} of the {all} people also show signs of another scheme, which the list of typologies names"
                ),
            );
            self.finding.factors.push(factor("also_shown", 0, text, fresh));
            self.in_order();
        }
        let typologies = &mut self.finding.typologies;
        for other in &other.finding.typologies {
            if typologies.iter().all(|known| known.name != other.name) {
                typologies.push(TypologyScore { name: other.name.clone(), score: other.score });
            }
        }
        self
    }
}

/// That some of a ring's people show a mechanism, on the rows that both claims rest on.
fn shown_by_some(ring: &Claim, mechanism: &Claim) -> Factor {
    let both = mechanism.people.intersection(&ring.people).count();
    let all = ring.people.len();
    let text = said(
        format!("其中{both}人(共{all}人)的就医行为有本线索所名手法的迹象"),
        format!("{both} of the {all} people show signs of the scheme that this lead is named after"),
    );
    let score = (mechanism.finding.score / 5).clamp(0, SHOWN_MAX);
    factor("shown_by_some", score, text, ring.rows().intersection(&mechanism.rows()).copied().collect())
}

fn people(finding: &Finding) -> BTreeSet<Party> {
    let persons = finding.members.iter().map(|member| member.party);
    persons.filter(|party| party.kind() == PartyKind::Person).collect()
}

/// Whether two claims are about the same people: half of all are in both, or half of the smaller lie in the larger and are no ring of
/// their own, or nearly all do and the claim is the same.
fn same(known: &Claim, claim: &Claim) -> bool {
    let both = known.people.intersection(&claim.people).count();
    let either = known.people.len() + claim.people.len() - both;
    let smaller = known.people.len().min(claim.people.len());
    let larger = known.people.len().max(claim.people.len());
    let part = both * 100 >= smaller * PART_PERCENT
        && (smaller < OWN_RING_MIN || smaller * RING_PART_ONE_IN >= larger || known.mechanism == claim.mechanism)
        && known.finding.typology != claim.finding.typology
        && share_evidence(known, claim);
    let nested = known.finding.typology == claim.finding.typology && both * 100 >= smaller * INSIDE_PERCENT;
    both * 100 >= either * SAME_PERCENT || part || nested
}

/// Whether two claims rest on the same rows to a good part: somebody may be in two rings, and do something else in each.
fn share_evidence(known: &Claim, claim: &Claim) -> bool {
    let (known, claim) = (known.rows(), claim.rows());
    known.intersection(&claim).count() * EVIDENCE_ONE_IN >= known.len().min(claim.len())
}

/// Whether the better claim names the mechanism of a ring that the later sees as a whole.
fn known_by(better: &Claim, later: &Claim) -> bool {
    let both = better.people.intersection(&later.people).count();
    let inside = both * 100 >= better.people.len() * INSIDE_PERCENT;
    let whole = later.people.len() > better.people.len() && later.finding.score >= REPORT_SCORE_MIN;
    better.mechanism && !later.mechanism && inside && whole
}

/// Whether a whole is two rings and more that happen to share a place: mechanisms of different people, and hardly anybody is left.
fn is_made_up_of(known: &[Claim], whole: &Claim) -> bool {
    let named: Vec<&Claim> = known.iter().filter(|known| known_by(known, whole)).collect();
    let apart = |at: usize, one: &Claim| {
        named[at + 1..].iter().all(|other| {
            let smaller = one.people.len().min(other.people.len());
            one.people.intersection(&other.people).count() * 100 <= smaller * (100 - INSIDE_PERCENT)
        })
    };
    let told: BTreeSet<Party> = named.iter().flat_map(|one| one.people.intersection(&whole.people)).copied().collect();
    named.len() >= 2
        && named.iter().enumerate().all(|(at, one)| one.finding.score >= REPORT_SCORE_MIN && apart(at, one))
        && told.len() * 100 >= whole.people.len() * INSIDE_PERCENT
}

/// Whether the better claim gives way to the later: to one with a mechanism about the same people, or to a larger one.
fn gives_way(better: &Claim, later: &Claim) -> bool {
    if later.finding.score < REPORT_SCORE_MIN {
        return false;
    }
    let both = better.people.intersection(&later.people).count();
    let either = better.people.len() + later.people.len() - both;
    let supported = |parts: [i32; 2]| later.finding.score * parts[1] >= better.finding.score * parts[0];
    let nearly = supported(AS_WELL);
    if both * 100 >= either * SAME_PERCENT {
        let more = later.more_than.contains(&better.finding.typology.as_str());
        later.mechanism && !better.mechanism && nearly || more && supported(MORE_THAN)
    } else {
        let as_well = !better.mechanism || nearly;
        later.people.len() > better.people.len() && (later.mechanism || !better.mechanism) && as_well
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Amount, Day, Member, Role};
    use crate::typology::sentence::prior;

    /// A claim about the people from one number to another.
    fn claim(typology: &str, people: std::ops::Range<u64>, reason: (&str, i32), mechanism: bool) -> Claim {
        let parties: Vec<Party> = people.map(|at| Party((at + 1) << 4)).collect();
        let text = said("理由".to_owned(), "reason".to_owned());
        let factors = vec![factor(reason.0, reason.1, text, Vec::new()), prior(-500)];
        let score = reason.1 - 500;
        let why = said("成员".to_owned(), "member".to_owned());
        let member = |party: &Party| Member { party: *party, role: Role::Patient, strength: 100, why: why.clone() };
        let finding = Finding {
            typology: typology.to_owned(),
            typologies: vec![TypologyScore { name: typology.to_owned(), score }],
            score,
            first_day: Day(0),
            last_day: Day(9),
            members: parties.iter().map(member).collect(),
            amount: Amount::default(),
            factors,
            counter_evidence: Vec::new(),
        };
        Claim { people: parties.into_iter().collect(), mechanism, more_than: &[], finding }
    }

    fn told(claims: Vec<Claim>) -> Vec<(String, usize, i32)> {
        let told = told_once(claims).into_iter();
        let mut told: Vec<_> = told.map(|one| (one.finding.typology, one.people.len(), one.finding.score)).collect();
        told.sort();
        told
    }

    #[test]
    fn few_who_show_a_mechanism_name_the_ring_and_it_keeps_its_people() {
        let all = claim("recruited_fake_admission", 0..26, ("batches", 900), false);
        let few = claim("relay_admission", 0..7, ("handed_on", 1_200), true);
        assert_eq!(told(vec![all, few]), [("relay_admission".to_owned(), 26, 540)]);
    }

    #[test]
    fn two_mechanisms_of_different_people_are_two_rings() {
        let all = claim("recruited_fake_admission", 0..27, ("batches", 900), false);
        let mill = claim("membership_mill", 0..15, ("package_price", 1_200), true);
        let relay = claim("relay_admission", 15..27, ("handed_on", 1_100), true);
        let expected = [("membership_mill".to_owned(), 15, 700), ("relay_admission".to_owned(), 12, 600)];
        assert_eq!(told(vec![all, mill, relay]), expected);
    }

    #[test]
    fn a_scheme_that_is_another_and_more_names_the_same_people() {
        let pool = claim("card_pool", 0..11, ("tandem", 1_200), true);
        let resale = || claim("special_drug_resale", 0..10, ("two_hospitals", 900), true);
        let more = Claim { more_than: &["card_pool"], ..resale() };
        assert_eq!(told(vec![pool, more]), [("special_drug_resale".to_owned(), 10, 400)]);
        let pool = claim("card_pool", 0..11, ("tandem", 1_200), true);
        assert_eq!(told(vec![pool, resale()]), [("card_pool".to_owned(), 11, 700)]);
    }

    #[test]
    fn a_dozen_in_a_crowd_are_a_ring_of_their_own() {
        let crowd = claim("recruited_fake_admission", 0..60, ("batches", 900), false);
        let dozen = claim("relay_admission", 0..18, ("handed_on", 1_200), true);
        let expected = [("recruited_fake_admission".to_owned(), 60, 400), ("relay_admission".to_owned(), 18, 700)];
        assert_eq!(told(vec![crowd, dozen]), expected);
    }

    #[test]
    fn the_same_people_are_told_once_by_the_one_with_a_mechanism() {
        let plain = claim("cross_region_day_trip", 0..20, ("batches", 1_000), false);
        let named = claim("membership_mill", 0..19, ("package_price", 900), true);
        assert_eq!(told(vec![plain, named]), [("membership_mill".to_owned(), 19, 400)]);
    }

    #[test]
    fn a_mechanism_much_weaker_than_what_is_plain_does_not_name_the_same_people() {
        let plain = claim("cross_region_day_trip", 0..20, ("batches", 1_500), false);
        let named = claim("membership_mill", 0..19, ("package_price", 900), true);
        assert_eq!(told(vec![plain, named]), [("cross_region_day_trip".to_owned(), 20, 1_000)]);
    }

    #[test]
    fn a_strong_mechanism_does_not_give_way_to_a_weaker_one_about_more_people() {
        let strong = || claim("relay_admission", 0..11, ("handed_on", 1_800), true);
        let wide = |score| claim("long_stay_farm", 2..26, ("booked_anew", score), true);
        assert_eq!(told(vec![strong(), wide(1_200)]), [("relay_admission".to_owned(), 11, 1_300)]);
        assert_eq!(told(vec![strong(), wide(1_600)]), [("long_stay_farm".to_owned(), 24, 1_100)]);
    }
}
