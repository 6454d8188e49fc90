//! Which rings and parties does this account see? A view of its own, in which the others are not there at all.
//!
//! A ring lies in the regions of its places and of the homes of the patients whose settlements it cites: the fund that pays
//! and the hospital that is paid both see it. A party lies where it is, or where the places are that it is linked to; and who is
//! in a ring that one sees can be looked at. Other parties that a path passes or a page lists stay masked as everywhere.
//!
//! Cost: regions of homes are read once for each view, when the first account with regions asks; a view of its own is one
//! evaluation per ring, kept until the next epoch or the next change of its cases.

use super::action::Action;
use super::permissions::Resource;
use super::viewer::{Asking, Viewer};
use crate::model::{Party, PartyKind};
use crate::serve::graph::Graph;
use crate::serve::shared::{Shared, held};
use crate::serve::trouble::Trouble;
use crate::serve::view::View;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Views of accounts that are kept.
const KEPT: usize = 64;
/// Neighbours of an identifier that are asked where they live.
const HOLDERS: usize = 64;

/// A view of an account, and what it was made from.
pub(in crate::serve) struct Scoped {
    whole: Arc<View>,
    viewer: Arc<Viewer>,
    team: BTreeSet<String>,
    view: Arc<View>,
}

/// All beginnings of region codes.
pub(in crate::serve) fn beginnings(codes: impl Iterator<Item = u32>) -> BTreeSet<String> {
    let texts = codes.filter(|code| *code != 0).map(|code| format!("{code:06}"));
    texts.flat_map(|text| (1..=text.len()).map(|end| text[..end].to_owned()).collect::<Vec<_>>()).collect()
}

impl Asking {
    /// The last epoch, as the one who asks sees it.
    pub(in crate::serve) fn view(&self) -> Result<Arc<View>, Trouble> {
        self.view_at(None)
    }

    /// An epoch, as the one who asks sees it.
    pub(in crate::serve) fn view_at(&self, epoch: Option<u64>) -> Result<Arc<View>, Trouble> {
        let whole = self.shared.view_at(epoch)?;
        let team: BTreeSet<String> = match &*self.viewer {
            Viewer::Account(account) => {
                self.office(|office| office.rings_of_member(&account.name))?.into_iter().collect()
            }
            _ => BTreeSet::new(),
        };
        let fits = |one: &Scoped| Arc::ptr_eq(&one.whole, &whole) && one.viewer == self.viewer && one.team == team;
        if let Some(known) = held(&self.scoped).iter().find(|one| fits(one)) {
            return Ok(Arc::clone(&known.view));
        }
        let nowhere = BTreeSet::new();
        let regions = if self.viewer.is_everywhere() { None } else { Some(whole.regions(self)?) };
        let sees = |at: usize| {
            let id = whole.rings[at].ring.id.as_str();
            let regions = regions.as_ref().map_or(&nowhere, |regions| &regions[at]);
            self.may(Action::See, &Resource::Ring { id, regions, of_team: team.contains(id) })
        };
        let seen: BTreeSet<usize> = (0..whole.rings.len()).filter(|at| sees(*at)).collect();
        let view = if seen.len() == whole.rings.len() { Arc::clone(&whole) } else { Arc::new(whole.only(&seen)) };
        let mut scoped = held(&self.scoped);
        // Views of earlier epochs would be held as long as these; nobody is listed twice.
        let now = self.shared.view();
        scoped.retain(|one| Arc::ptr_eq(&one.whole, &now) && one.viewer != self.viewer);
        if scoped.len() >= KEPT {
            scoped.clear();
        }
        scoped.push(Scoped { whole, viewer: Arc::clone(&self.viewer), team, view: Arc::clone(&view) });
        Ok(view)
    }

    /// Whether a policy permits it.
    pub(in crate::serve) fn may(&self, action: Action, resource: &Resource<'_>) -> bool {
        self.permissions.may(&self.viewer, action, resource)
    }

    /// Whether a party may be looked at.
    ///
    /// # Errors
    /// When the links that say where it is are not built yet.
    pub(in crate::serve) fn sees(&self, party: Party) -> Result<bool, Trouble> {
        let in_seen_ring = self.view()?.rings_of.contains_key(&party);
        let regions = if in_seen_ring || self.viewer.is_everywhere() {
            BTreeSet::new()
        } else {
            beginnings(areas(&self.shared, party)?.into_iter())
        };
        Ok(self.may(Action::See, &Resource::Party { regions: &regions, in_seen_ring }))
    }
}

/// Where a party is: its own area, those of the places it is linked to, or for an identifier those of its holders.
fn areas(shared: &Shared, party: Party) -> Result<BTreeSet<u32>, Trouble> {
    let (graph, view) = (shared.graph()?, shared.view());
    let own = |party: Party| view.references.places.get(&party).map(|place| place.area);
    if let Some(area) = own(party) {
        return Ok(BTreeSet::from([area]));
    }
    let near: BTreeSet<Party> = neighbours(&graph, party).collect();
    let mut areas: BTreeSet<u32> = near.iter().filter_map(|one| own(*one)).collect();
    if areas.is_empty() {
        let holders = near.iter().filter(|one| one.kind() == PartyKind::Person).take(HOLDERS);
        areas.extend(holders.flat_map(|holder| neighbours(&graph, *holder)).filter_map(own));
    }
    Ok(areas)
}

fn neighbours(graph: &Graph, party: Party) -> impl Iterator<Item = Party> {
    let snapshot = &graph.snapshot;
    let nodes = snapshot.node(party).map(|node| snapshot.neighbours(node)).unwrap_or_default();
    nodes.iter().map(|node| snapshot.party(*node))
}
