//! What is published after a batch? The rings of one epoch with what is needed to list and draw them.
//!
//! Cost: one pass over all ties; names of members only. A view never changes; readers hold it as long as they need.

use super::evidence::Evidence;
use crate::engine::{EngineError, Session, members};
use crate::model::{Day, Names, Party, PartyKind, References, Ring, Tie};
use crate::report::shown_kind;
use crate::store::lineage::Event;
use crate::store::{EpochEntry, Tally, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Steps of the small curve beside a ring.
const STEPS: usize = 26;
/// Rings whose evidence is kept for the next question.
const EVIDENCE_KEPT: usize = 32;

/// One epoch as readers see it.
pub(super) struct View {
    pub(super) epoch: u64,
    /// By rank.
    pub(super) rings: Vec<Listed>,
    /// Places in `rings`.
    pub(super) by_id: BTreeMap<String, usize>,
    /// The rings of each member.
    pub(super) rings_of: BTreeMap<Party, Vec<usize>>,
    pub(super) references: References,
    /// Texts behind the members.
    pub(super) names: Names,
    /// Whether the river runs, so that ties are known.
    pub(super) has_ties: bool,
    pub(super) epochs: Vec<EpochEntry>,
    pub(super) tallies: Vec<Tally>,
    /// The last day of any ring.
    pub(super) last_day: Option<Day>,
    evidence: Mutex<BTreeMap<String, Arc<Evidence>>>,
}

/// A ring with what is shown beside it.
pub(super) struct Listed {
    pub(super) ring: Ring,
    /// Ties between members, or between a member and a context; sorted.
    pub(super) ties: Vec<Tie>,
    /// The last thing that happened to it, and in which epoch.
    pub(super) event: Option<(u64, Event)>,
    /// Shared occasions in each of as many equal parts of the time that all rings span.
    pub(super) curve: Vec<u32>,
    /// Members by kind shown.
    pub(super) counts: BTreeMap<PartyKind, usize>,
}

impl View {
    /// What the session knows now.
    ///
    /// # Errors
    /// When the workspace does not answer.
    pub(super) fn of(session: &Session) -> Result<View, EngineError> {
        let workspace = session.workspace();
        let view = View::build(workspace, workspace.latest()?, session.references(), session.ties())?;
        Ok(View { has_ties: session.is_warm(), ..view })
    }

    /// What was known after an epoch. Ties are kept for the last epoch only.
    ///
    /// # Errors
    /// When the workspace does not answer, or the epoch is yet to come.
    pub(super) fn past(workspace: &Workspace, epoch: u64, references: References) -> Result<View, EngineError> {
        View::build(workspace, epoch, references, std::iter::empty())
    }

    fn build<'a>(
        workspace: &Workspace,
        epoch: u64,
        references: References,
        all_ties: impl Iterator<Item = &'a Tie>,
    ) -> Result<View, EngineError> {
        let rings = workspace.rings(Some(epoch))?;
        let names = workspace.names(&BTreeSet::new(), &members(&rings))?;
        let rings_of = rings_of(&rings);
        let mut events: BTreeMap<String, (u64, Event)> = BTreeMap::new();
        for (at, event) in workspace.events(0)?.into_iter().filter(|(at, _)| *at <= epoch) {
            events.insert(event.ring.clone(), (at, event));
        }
        let last_day = rings.iter().map(|ring| ring.finding.last_day).max();
        let first_day = rings.iter().map(|ring| ring.finding.first_day).min();
        let mut ties: Vec<Vec<Tie>> = vec![Vec::new(); rings.len()];
        for tie in all_ties {
            for at in rings_with(tie, &rings_of) {
                ties[at].push(tie.clone());
            }
        }
        let by_id = rings.iter().enumerate().map(|(at, ring)| (ring.id.clone(), at)).collect();
        let listed = |(ring, ties): (Ring, Vec<Tie>)| Listed {
            event: events.remove(&ring.id),
            curve: curve(&ties, first_day, last_day),
            counts: counts(&ring, &references),
            ring,
            ties,
        };
        Ok(View {
            rings: rings.into_iter().zip(ties).map(listed).collect(),
            epoch,
            by_id,
            rings_of,
            references,
            names,
            has_ties: false,
            epochs: workspace.epochs()?,
            tallies: workspace.tallies(None)?,
            last_day,
            evidence: Mutex::default(),
        })
    }

    /// A ring of this epoch.
    pub(super) fn ring(&self, id: &str) -> Option<&Listed> {
        self.by_id.get(id).map(|at| &self.rings[*at])
    }

    /// The ids of the rings that a party is a member of.
    pub(super) fn ring_ids(&self, party: Party) -> Vec<String> {
        let at = self.rings_of.get(&party).into_iter().flatten();
        at.map(|at| self.rings[*at].ring.id.clone()).collect()
    }

    /// The evidence of a ring, worked out once.
    pub(super) fn evidence<E>(&self, id: &str, find: impl FnOnce() -> Result<Evidence, E>) -> Result<Arc<Evidence>, E> {
        let kept = || self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(evidence) = kept().get(id) {
            return Ok(Arc::clone(evidence));
        }
        let evidence = Arc::new(find()?);
        let mut all = kept();
        if all.len() >= EVIDENCE_KEPT {
            all.clear();
        }
        all.insert(id.to_owned(), Arc::clone(&evidence));
        Ok(evidence)
    }
}

fn rings_of(rings: &[Ring]) -> BTreeMap<Party, Vec<usize>> {
    let mut of: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for (at, ring) in rings.iter().enumerate() {
        for member in &ring.finding.members {
            of.entry(member.party).or_default().push(at);
        }
    }
    of
}

/// The rings that a tie belongs to: both ends are members, or one is and the other is a context.
fn rings_with(tie: &Tie, rings_of: &BTreeMap<Party, Vec<usize>>) -> BTreeSet<usize> {
    let of = |party: Party| -> BTreeSet<usize> { rings_of.get(&party).into_iter().flatten().copied().collect() };
    let (a, b) = (of(tie.a), of(tie.b));
    let inside = |party: Party, of: &BTreeSet<usize>, at: usize| of.contains(&at) || party.kind().is_context();
    a.union(&b).copied().filter(|at| inside(tie.a, &a, *at) && inside(tie.b, &b, *at)).collect()
}

/// Occasions in each part of the time, oldest first; one occasion that many ties share counts once.
fn curve(ties: &[Tie], first: Option<Day>, last: Option<Day>) -> Vec<u32> {
    let mut curve = vec![0; STEPS];
    let (Some(first), Some(last)) = (first, last) else { return curve };
    let days = usize::try_from(last.since(first)).unwrap_or(0) + 1;
    let occasions: BTreeSet<_> = ties.iter().flat_map(|tie| &tie.occasions).collect();
    for occasion in occasions.into_iter().filter(|occasion| occasion.day >= first && occasion.day <= last) {
        let day = usize::try_from(occasion.day.since(first)).unwrap_or(0);
        if let Some(step) = curve.get_mut(day * STEPS / days) {
            *step += 1;
        }
    }
    curve
}

fn counts(ring: &Ring, references: &References) -> BTreeMap<PartyKind, usize> {
    let mut counts = BTreeMap::new();
    for member in ring.finding.members.iter().filter(|member| !member.party.kind().is_context()) {
        *counts.entry(shown_kind(member.party, references)).or_default() += 1;
    }
    counts
}
