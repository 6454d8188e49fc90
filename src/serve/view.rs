//! What is published after a batch? The rings of one epoch with what is needed to list and draw them.
//!
//! Cost: one pass over all ties; names of members only. A view never changes; readers hold it as long as they need.

use super::access::beginnings;
use super::evidence::Evidence;
use super::shared::Shared;
use super::trouble::Trouble;
use crate::engine::{EngineError, Session, members};
use crate::model::{Day, Names, Party, PartyKind, References, Ring, RowRef, Table, Tie};
use crate::report::shown_kind;
use crate::store::lineage::Event;
use crate::store::{EpochEntry, Tally, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Steps of the small curve beside a ring.
const STEPS: usize = 26;
/// Rings whose evidence is kept for the next question.
const EVIDENCE_KEPT: usize = 128;

/// One epoch as readers see it.
pub(super) struct View {
    pub(super) epoch: u64,
    /// By rank.
    pub(super) rings: Vec<Arc<Listed>>,
    /// Places in `rings`.
    pub(super) by_id: BTreeMap<String, usize>,
    /// The rings of each member.
    pub(super) rings_of: BTreeMap<Party, Vec<usize>>,
    pub(super) references: Arc<References>,
    /// Texts behind the members.
    pub(super) names: Arc<Names>,
    /// Whether the river runs, so that ties are known.
    pub(super) has_ties: bool,
    pub(super) epochs: Vec<EpochEntry>,
    pub(super) tallies: Vec<Tally>,
    /// The last day of any ring.
    pub(super) last_day: Option<Day>,
    evidence: Arc<Mutex<BTreeMap<String, Arc<Evidence>>>>,
    /// The regions of each ring, once somebody asked.
    regions: Arc<OnceLock<Vec<BTreeSet<String>>>>,
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
        let view = View::build(workspace, workspace.latest()?, Arc::new(session.references()), session.ties())?;
        Ok(View { has_ties: session.is_warm(), ..view })
    }

    /// What was known after an epoch. Ties are kept for the last epoch only.
    ///
    /// # Errors
    /// When the workspace does not answer, or the epoch is yet to come.
    pub(super) fn past(workspace: &Workspace, epoch: u64, references: Arc<References>) -> Result<View, EngineError> {
        View::build(workspace, epoch, references, std::iter::empty())
    }

    fn build<'a>(
        workspace: &Workspace,
        epoch: u64,
        references: Arc<References>,
        all_ties: impl Iterator<Item = &'a Tie>,
    ) -> Result<View, EngineError> {
        let rings = workspace.rings(Some(epoch))?;
        let names = Arc::new(workspace.names(&BTreeSet::new(), &members(&rings))?);
        let rings_of = rings_of(rings.iter());
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
            rings: rings.into_iter().zip(ties).map(listed).map(Arc::new).collect(),
            epoch,
            by_id,
            rings_of,
            references,
            names,
            has_ties: false,
            epochs: workspace.epochs()?,
            tallies: workspace.tallies(None)?,
            last_day,
            evidence: Arc::default(),
            regions: Arc::default(),
        })
    }

    /// A ring of this epoch.
    pub(super) fn ring(&self, id: &str) -> Option<&Listed> {
        self.by_id.get(id).map(|at| self.rings[*at].as_ref())
    }

    /// The ids of the rings that a party is a member of.
    pub(super) fn ring_ids(&self, party: Party) -> Vec<String> {
        let at = self.rings_of.get(&party).into_iter().flatten();
        at.map(|at| self.rings[*at].ring.id.clone()).collect()
    }

    /// The same epoch with some of its rings only.
    pub(super) fn only(&self, seen: &BTreeSet<usize>) -> View {
        let rings: Vec<Arc<Listed>> = seen.iter().map(|at| Arc::clone(&self.rings[*at])).collect();
        View {
            by_id: rings.iter().enumerate().map(|(at, one)| (one.ring.id.clone(), at)).collect(),
            rings_of: rings_of(rings.iter().map(|one| &one.ring)),
            last_day: rings.iter().map(|one| one.ring.finding.last_day).max(),
            regions: Arc::default(),
            evidence: Arc::clone(&self.evidence),
            epoch: self.epoch,
            references: Arc::clone(&self.references),
            names: Arc::clone(&self.names),
            has_ties: self.has_ties,
            epochs: self.epochs.clone(),
            tallies: self.tallies.clone(),
            rings,
        }
    }

    /// For each ring all beginnings of the region codes of its places, and of the homes of the patients whose settlements it
    /// cites.
    pub(super) fn regions(&self, shared: &Shared) -> Result<&[BTreeSet<String>], Trouble> {
        if let Some(known) = self.regions.get() {
            return Ok(known);
        }
        let cited = |listed: &Listed| {
            let rows = listed.ring.finding.factors.iter().flat_map(|factor| factor.facts.iter().copied());
            rows.filter(|row| row.table() == Table::SetlD).collect::<BTreeSet<RowRef>>()
        };
        let all: BTreeSet<RowRef> = self.rings.iter().flat_map(|listed| cited(listed)).collect();
        let batch = shared.read(|workspace| Ok(workspace.facts(&all)?))?;
        let homes: BTreeMap<RowRef, u32> = batch.settlements.iter().map(|row| (row.origin, row.fact.home)).collect();
        let of = |listed: &Arc<Listed>| {
            let members = listed.ring.finding.members.iter();
            let places = members.filter_map(|member| self.references.places.get(&member.party)).map(|place| place.area);
            beginnings(places.chain(cited(listed).iter().filter_map(|row| homes.get(row).copied())))
        };
        Ok(self.regions.get_or_init(|| self.rings.iter().map(of).collect()))
    }

    /// This view, with what the one before it has read: a row that is cited never changes.
    pub(super) fn after(self, before: &View) -> View {
        View { evidence: Arc::clone(&before.evidence), ..self }
    }

    /// The evidence of a ring, worked out once for as long as the ring cites these rows.
    pub(super) fn evidence<E>(
        &self,
        id: &str,
        cited: &BTreeSet<RowRef>,
        find: impl FnOnce() -> Result<Evidence, E>,
    ) -> Result<Arc<Evidence>, E> {
        let kept = || self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(evidence) = kept().get(id).filter(|evidence| evidence.cited == *cited) {
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

fn rings_of<'a>(rings: impl Iterator<Item = &'a Ring>) -> BTreeMap<Party, Vec<usize>> {
    let mut of: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for (at, ring) in rings.enumerate() {
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
