//! Which pieces changed, and what do the recognisers say about them now?
//!
//! Reads ties and files by piece, and baselines of places (every worker holds them all: some thousand). State: each piece.
//! A piece that changed is judged again, alone, on the worker that owns it; the others keep what was found. While a bulk load
//! runs, pieces only collect ([`Stage`]).

use super::Epoch;
use super::baselines::Baselines;
use super::keyed::Fold;
use super::stage::{Stage, Turn};
use crate::model::{
    CareClass, Dossier, Finding, Judgement, OccasionKind, Party, PersonFile, PlaceBaseline, RowRef, Settlement, Tie,
    at_counter,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// People of a piece who were at a place before its baseline matters.
const VISITORS_MIN: usize = 3;
/// Occasions for which it matters what is usual at counters.
const AT_COUNTERS: [OccasionKind; 9] = [
    OccasionKind::TillRun,
    OccasionKind::DistantAccount,
    OccasionKind::EmptiedDay,
    OccasionKind::StrictBeat,
    OccasionKind::UnsuppliedSale,
    OccasionKind::SoldTwice,
    OccasionKind::Line,
    OccasionKind::Along,
    OccasionKind::Drained,
];

/// What is found in a piece. Given by the floor above: `flow` knows of no typology.
pub type Judge = Arc<dyn Fn(&Dossier) -> Judgement + Send + Sync>;

/// What comes to a piece.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "files are most of what comes")]
pub(crate) enum PieceIn {
    Tie(Party, Tie),
    File(Party, PersonFile),
    /// A baseline for one worker.
    Usual(u64, Box<PlaceBaseline>),
}

/// A finding with what the report draws it from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Found {
    /// What was found.
    pub finding: Finding,
    /// The ties among its members and their contexts, sorted.
    pub ties: Vec<Tie>,
    /// The settlements its factors cite, sorted by day.
    pub settlements: Vec<(Settlement, RowRef)>,
}

/// What left a piece and what came, in one epoch.
#[derive(Default)]
struct Change {
    ties_gone: BTreeSet<Tie>,
    ties_come: Vec<Tie>,
    files_gone: BTreeSet<Party>,
    files_come: BTreeMap<Party, PersonFile>,
}

/// The places whose baselines were looked at, and what was found.
type Judged = (BTreeSet<Party>, Vec<Found>);

#[derive(Default)]
struct Piece {
    /// Its ties and people as they are judged; the baselines are laid beside them for that.
    dossier: Dossier,
    /// Places whose baselines are laid beside it, where they are known.
    laid: BTreeSet<Party>,
    /// Those of them that were looked at.
    places: BTreeSet<Party>,
    found: Vec<Found>,
}

impl Piece {
    fn is_empty(&self) -> bool {
        self.dossier.ties.is_empty() && self.dossier.persons.is_empty()
    }

    fn apply(&mut self, mut change: Change) {
        let Dossier { ties, persons, .. } = &mut self.dossier;
        if !change.ties_gone.is_empty() {
            ties.retain(|tie| !change.ties_gone.contains(tie));
        }
        if !change.ties_come.is_empty() {
            ties.append(&mut change.ties_come);
            ties.sort_unstable();
            ties.dedup();
        }
        if !(change.files_gone.is_empty() && change.files_come.is_empty()) {
            let stays = |person| !change.files_gone.contains(&person) && !change.files_come.contains_key(&person);
            persons.retain(|file| stays(file.person));
            persons.extend(change.files_come.into_values());
            persons.sort_unstable_by_key(|file| file.person);
        }
    }

    /// The places that admitted at least [`VISITORS_MIN`] of its people, and their cities. What is usual elsewhere says nothing about
    /// the piece, and would have it judged again with every step of a busy hospital where one of them once was.
    fn places(&self) -> BTreeSet<Party> {
        let admitted = |fact: &Settlement| fact.class == CareClass::Inpatient;
        &self.visited(admitted, |fact| fact.place) | &self.visited(admitted, |fact| Party::city(fact.area))
    }

    /// The places at whose counters as many were, where counters tie anybody; and the hospitals that issued what others dispensed.
    fn counters(&self) -> BTreeSet<Party> {
        let occasions = || self.dossier.ties.iter().flat_map(|tie| &tie.occasions);
        let issued = occasions().filter(|one| one.kind == OccasionKind::PrescriptionChannel);
        let mut counters: BTreeSet<Party> = issued.map(|one| one.place).collect();
        if occasions().any(|one| AT_COUNTERS.contains(&one.kind)) {
            counters.extend(self.visited(at_counter, |fact| fact.place));
        }
        counters
    }

    fn visited(&self, counts: impl Fn(&Settlement) -> bool, place: impl Fn(&Settlement) -> Party) -> BTreeSet<Party> {
        let mut visitors: BTreeMap<Party, usize> = BTreeMap::new();
        for file in &self.dossier.persons {
            let there = file.settlements.iter().filter(|(fact, _)| counts(fact));
            let places: BTreeSet<Party> = there.map(|(fact, _)| place(fact)).collect();
            places.into_iter().for_each(|place| *visitors.entry(place).or_default() += 1);
        }
        visitors.into_iter().filter(|(_, people)| *people >= VISITORS_MIN).map(|(place, _)| place).collect()
    }
}

/// The fold.
pub(crate) struct Dossiers {
    judge: Judge,
    stage: Stage,
    pieces: BTreeMap<Party, Piece>,
    usual: BTreeMap<Party, PlaceBaseline>,
    /// What was usual in an earlier run, at places of which these rows say nothing.
    earlier: Option<Arc<Baselines>>,
    /// Pieces by the places whose baselines they were judged with.
    visitors: BTreeMap<Party, BTreeSet<Party>>,
    dirty: BTreeSet<Party>,
    pending: Vec<(PieceIn, i32)>,
}

impl Dossiers {
    pub(crate) fn new(judge: Judge, stage: Stage, earlier: Option<Arc<Baselines>>) -> Dossiers {
        Dossiers {
            judge,
            stage,
            pieces: BTreeMap::new(),
            usual: BTreeMap::new(),
            earlier,
            visitors: BTreeMap::new(),
            dirty: BTreeSet::new(),
            pending: Vec::new(),
        }
    }

    /// Sorts what came by piece and applies it.
    fn apply(&mut self) {
        let mut changes: BTreeMap<Party, Change> = BTreeMap::new();
        let mut baselines = Vec::new();
        for (change, difference) in std::mem::take(&mut self.pending) {
            match change {
                PieceIn::Tie(label, tie) => {
                    let change = changes.entry(label).or_default();
                    if difference > 0 {
                        change.ties_come.push(tie);
                    } else {
                        change.ties_gone.insert(tie);
                    }
                }
                PieceIn::File(label, file) => {
                    let change = changes.entry(label).or_default();
                    if difference > 0 {
                        change.files_come.insert(file.person, file);
                    } else {
                        change.files_gone.insert(file.person);
                    }
                }
                PieceIn::Usual(_, usual) => baselines.push((difference, usual)),
            }
        }
        for (label, change) in changes {
            self.pieces.entry(label).or_default().apply(change);
            self.dirty.insert(label);
        }
        // Deletions first.
        baselines.sort_unstable();
        for (difference, usual) in baselines {
            if difference > 0 {
                self.usual.insert(usual.place, *usual);
            } else if self.usual.get(&usual.place) == Some(&*usual) {
                self.usual.remove(&usual.place);
            }
            self.dirty.extend(self.visitors.get(&usual.place).into_iter().flatten());
        }
    }

    /// Lays the baselines beside the piece.
    fn lay(&mut self, label: Party) {
        let Some(piece) = self.pieces.get_mut(&label) else { return };
        let earlier = |place: &Party| self.earlier.as_ref().and_then(|earlier| earlier.places.get(place));
        let usual = |place: &Party| self.usual.get(place).or_else(|| earlier(place)).copied();
        let lay = |places: &BTreeSet<Party>| places.iter().filter_map(usual).collect();
        let (places, counters) = (piece.places(), piece.counters());
        (piece.dossier.places, piece.dossier.counters) = (lay(&places), lay(&counters));
        piece.laid = &places | &counters;
    }

    /// What is found, and which of the baselines beside the piece it rests on.
    fn judge(&self, piece: &Piece) -> Judged {
        if piece.is_empty() {
            return Judged::default();
        }
        let Judgement { findings, mut asked } = (self.judge)(&piece.dossier);
        asked.retain(|place| piece.laid.contains(place));
        (asked, findings.into_iter().map(|finding| illustrate(finding, &piece.dossier)).collect())
    }

    /// Keeps which places a piece was judged with.
    fn visits(&mut self, label: Party, before: &BTreeSet<Party>, after: &BTreeSet<Party>) {
        for place in before.difference(after) {
            if let Some(labels) = self.visitors.get_mut(place) {
                labels.remove(&label);
                if labels.is_empty() {
                    self.visitors.remove(place);
                }
            }
        }
        for place in after.difference(before) {
            self.visitors.entry(*place).or_default().insert(label);
        }
    }
}

impl Fold for Dossiers {
    type In = PieceIn;
    type Out = Found;
    const NAME: &'static str = "Dossiers";

    fn route(change: &PieceIn) -> u64 {
        match change {
            PieceIn::Tie(label, _) | PieceIn::File(label, _) => label.0 >> 4,
            PieceIn::Usual(worker, _) => *worker,
        }
    }

    fn absorb(&mut self, change: PieceIn, difference: i32) {
        self.pending.push((change, difference));
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Found, i32)) {
        self.apply();
        if self.stage.now() != Turn::Open {
            return;
        }
        let dirty: Vec<Party> = std::mem::take(&mut self.dirty).into_iter().collect();
        dirty.iter().for_each(|label| self.lay(*label));
        let judged: Vec<(Party, Judged)> = dirty
            .into_par_iter()
            .filter_map(|label| self.pieces.get(&label).map(|piece| (label, self.judge(piece))))
            .collect();
        for (label, (places, mut found)) in judged {
            let Some(piece) = self.pieces.get_mut(&label) else { continue };
            found.sort_unstable();
            super::people::differences(&piece.found, &found, &mut *emit);
            piece.found = found;
            let before = std::mem::replace(&mut piece.places, places.clone());
            if piece.is_empty() {
                self.pieces.remove(&label);
            }
            self.visits(label, &before, &places);
        }
    }
}

/// Adds the ties among the members and the settlements cited.
fn illustrate(finding: Finding, dossier: &Dossier) -> Found {
    let members: BTreeSet<Party> = finding.members.iter().map(|member| member.party).collect();
    let cited: BTreeSet<RowRef> = finding.factors.iter().flat_map(|factor| factor.facts.iter().copied()).collect();
    let inside = |party: Party| members.contains(&party) || party.kind().is_context();
    let ties = dossier
        .ties
        .iter()
        .filter(|tie| inside(tie.a) && inside(tie.b) && (members.contains(&tie.a) || members.contains(&tie.b)));
    let mut settlements: Vec<(Settlement, RowRef)> = dossier
        .persons
        .iter()
        .flat_map(|file| file.settlements.iter().filter(|(_, origin)| cited.contains(origin)))
        .copied()
        .collect();
    settlements.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, *origin));
    Found { ties: ties.cloned().collect(), settlements, finding }
}
