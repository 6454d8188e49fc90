//! Are the right people in the rings, and who is named? Member-level figures.

use super::measure::{Ratio, count};
use super::{Labels, Matching, Planted, Reported};
use crate::model::{Party, PartyKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Right, wrong and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// Reported and planted.
    pub right: u64,
    /// Reported, not planted.
    pub wrong: u64,
    /// Planted, not reported.
    pub missed: u64,
}

impl Confusion {
    /// Right among reported.
    #[must_use]
    pub fn precision(self) -> Ratio {
        Ratio { hits: self.right, of: self.right + self.wrong }
    }

    /// Right among planted.
    #[must_use]
    pub fn recall(self) -> Ratio {
        Ratio { hits: self.right, of: self.right + self.missed }
    }

    /// Harmonic mean of both.
    #[must_use]
    pub fn f1(self) -> Ratio {
        Ratio { hits: 2 * self.right, of: 2 * self.right + self.wrong + self.missed }
    }

    fn between(planted: &BTreeSet<Party>, reported: &BTreeSet<Party>) -> Confusion {
        let right = count(planted.intersection(reported).count());
        Confusion { right, wrong: count(reported.len()) - right, missed: count(planted.len()) - right }
    }
}

/// One role of the labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleLine {
    /// The role.
    pub role: String,
    /// Labelled parties of this role that are members of the matched ring.
    pub named: Ratio,
    /// Of those, the ones that were given this role.
    pub right_role: Ratio,
    /// Members given this role in matched rings that are labelled parties of the ring.
    pub precision: Ratio,
}

/// How many parties of one sort were named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedLine {
    /// `institution`, `pharmacy`, `doctor`.
    pub kind: String,
    /// Named in the matched ring, of all labelled ones of all planted rings.
    pub of_planted: Ratio,
    /// Named, of the labelled ones of matched rings.
    pub of_matched: Ratio,
}

/// Member-level figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberScores {
    /// Persons of matched pairs, summed over pairs.
    pub matched: Confusion,
    /// Persons in any reported ring against persons in any planted ring.
    pub overall: Confusion,
    /// Persons in no planted ring at all that were drawn into matched rings, per matched ring.
    pub innocents_per_ring: Ratio,
    /// Per role of the labels.
    pub roles: Vec<RoleLine>,
    /// Institutions, pharmacies and doctors named.
    pub named: Vec<NamedLine>,
    /// Planted rings with a labelled organiser or recruiter of whom at least one is a member of the matched ring.
    pub organiser_of_planted: Ratio,
    /// The same, of matched rings only.
    pub organiser_of_matched: Ratio,
}

pub(super) fn member_scores(labels: &Labels, reported: &[Reported], matching: &Matching) -> MemberScores {
    let planted_persons = union(labels.rings.iter().map(|ring| &ring.persons));
    let reported_persons = union(reported.iter().map(|ring| &ring.persons));
    let mut matched = Confusion::default();
    let mut innocents = 0;
    for (planted, ring) in &matching.reported_of {
        let one = Confusion::between(&labels.rings[*planted].persons, &reported[*ring].persons);
        matched.right += one.right;
        matched.wrong += one.wrong;
        matched.missed += one.missed;
        innocents += count(reported[*ring].persons.difference(&planted_persons).count());
    }
    let found = |index: usize| matching.reported_of.get(&index).map(|ring| &reported[*ring]);
    let pairs: Vec<(&Planted, Option<&Reported>)> =
        labels.rings.iter().enumerate().map(|(index, ring)| (ring, found(index))).collect();
    MemberScores {
        matched,
        overall: Confusion::between(&planted_persons, &reported_persons),
        innocents_per_ring: Ratio { hits: innocents, of: count(matching.reported_of.len()) },
        roles: role_lines(&pairs),
        named: [PartyKind::Institution, PartyKind::Pharmacy, PartyKind::Doctor].map(|kind| named(kind, &pairs)).into(),
        organiser_of_planted: organisers(&pairs, false),
        organiser_of_matched: organisers(&pairs, true),
    }
}

fn role_lines(pairs: &[(&Planted, Option<&Reported>)]) -> Vec<RoleLine> {
    let mut lines: BTreeMap<&str, RoleLine> = BTreeMap::new();
    let empty = |role: &str| RoleLine {
        role: role.to_owned(),
        named: Ratio::default(),
        right_role: Ratio::default(),
        precision: Ratio::default(),
    };
    for (planted, ring) in pairs {
        for (party, role) in &planted.parties {
            let line = lines.entry(role).or_insert_with(|| empty(role));
            let given = ring.and_then(|ring| ring.roles.get(party));
            line.named.of += 1;
            line.named.hits += u64::from(given.is_some());
            line.right_role.of += u64::from(given.is_some());
            line.right_role.hits += u64::from(given == Some(role));
        }
        for (party, role) in ring.iter().flat_map(|ring| &ring.roles).filter(|(_, role)| !role.is_empty()) {
            let line = lines.entry(role).or_insert_with(|| empty(role));
            line.precision.of += 1;
            line.precision.hits += u64::from(planted.parties.contains_key(party));
        }
    }
    lines.into_values().collect()
}

/// Institutions, pharmacies or doctors. A place is a pharmacy when the labels give it that role.
fn named(kind: PartyKind, pairs: &[(&Planted, Option<&Reported>)]) -> NamedLine {
    let is_of_kind = |party: Party, role: &str| match party.kind() {
        PartyKind::Institution => (role == "pharmacy") == (kind == PartyKind::Pharmacy) && kind != PartyKind::Doctor,
        other => other == kind,
    };
    let mut line =
        NamedLine { kind: kind.word().to_owned(), of_planted: Ratio::default(), of_matched: Ratio::default() };
    for (planted, ring) in pairs {
        for (party, _) in planted.parties.iter().filter(|(party, role)| is_of_kind(**party, role)) {
            let hit = u64::from(ring.is_some_and(|ring| ring.roles.contains_key(party)));
            line.of_planted.of += 1;
            line.of_planted.hits += hit;
            line.of_matched.of += u64::from(ring.is_some());
            line.of_matched.hits += hit;
        }
    }
    line
}

fn organisers(pairs: &[(&Planted, Option<&Reported>)], matched_only: bool) -> Ratio {
    let heads = |ring: &Planted| -> Vec<Party> {
        let is_head = |role: &str| matches!(role, "organiser" | "recruiter");
        ring.parties.iter().filter(|(_, role)| is_head(role)).map(|(party, _)| *party).collect()
    };
    Ratio::count(pairs.iter().filter(|(_, ring)| ring.is_some() || !matched_only).filter_map(|(planted, ring)| {
        let heads = heads(planted);
        (!heads.is_empty()).then(|| ring.is_some_and(|ring| heads.iter().any(|head| ring.roles.contains_key(head))))
    }))
}

fn union<'a>(sets: impl Iterator<Item = &'a BTreeSet<Party>>) -> BTreeSet<Party> {
    sets.flatten().copied().collect()
}
