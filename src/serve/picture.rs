//! Where does each party of a ring stand, and who is tied to whom? Placed here, drawn by the page.

use super::access::Asking;
use super::evidence::Evidence;
use super::parties::{Naming, PartyRef, asked};
use super::rings::AsOf;
use super::shared::Shared;
use super::trouble::{Refusal, Trouble};
use super::view::Listed;
use crate::model::{CareClass, Day, Occasion, Party, PartyKind, RowRef, Tie};
use crate::report::picture::{HEIGHT, WIDTH, picture};
use crate::report::{RingActivity, occasion_word};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// A ring's graph.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GraphAnswer {
    epoch: u64,
    id: String,
    /// The box that places lie in.
    width: f64,
    height: f64,
    nodes: Vec<NodeRow>,
    /// How many parties there are; at most 150 are placed.
    nodes_all: usize,
    ties: Vec<TieRow>,
    /// How many ties there are; at most 600 are listed.
    ties_all: usize,
    /// Who was treated where or by whom, or holds what, where no tie says so: places in `nodes`.
    visits: Vec<[usize; 2]>,
}

/// A party and its place.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NodeRow {
    party: PartyRef,
    /// What it does in the ring; none for a context.
    role: Option<String>,
    /// Suspected organiser, recruiter or dealer.
    head: bool,
    /// Ties in the ring.
    degree: usize,
    /// Neighbours in all data, once the graph is built.
    neighbours: Option<u32>,
    x: f64,
    y: f64,
}

/// What two parties have in common.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TieRow {
    /// Place in `nodes`.
    a: usize,
    /// Place in `nodes`.
    b: usize,
    /// −ln of the chance of so much in common.
    weight: f64,
    occasions: usize,
    /// Kinds of occasions.
    kinds: Vec<String>,
    first: Option<String>,
    last: Option<String>,
}

/// A ring's graph with places.
#[utoipa::path(get, path = "/v1/rings/{id}/graph", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = GraphAnswer), (status = 404, body = Refusal)))]
pub(super) async fn graph(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<AsOf>, QueryRejection>,
) -> Result<Json<GraphAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| placed(shared, &id, &asked).map(Json)).await
}

fn placed(shared: &Asking, id: &str, asked: &AsOf) -> Result<GraphAnswer, Trouble> {
    let view = shared.view_at(shared.epoch_at(asked.as_of.as_deref())?)?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let evidence = Evidence::of(shared, &view, listed)?;
    let linked = linked(shared, listed);
    let activity: Vec<&RingActivity> = evidence.activity.iter().chain(&linked).collect();
    let ties: Vec<&Tie> = listed.ties.iter().collect();
    let drawn = picture(&listed.ring, &ties, &activity, &view.references);
    let naming = Naming { shared, view: &view, names: &view.names };
    let graph = shared.graph().ok();
    let neighbours = |party: Party| {
        let snapshot = &graph.as_ref()?.snapshot;
        snapshot.node(party).map(|node| snapshot.degree(node))
    };
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let nodes = drawn.parties.iter().map(|node| NodeRow {
        party: naming.party(node.party),
        role: node.role.map(|role| role.word().to_owned()),
        head: node.head,
        degree: node.degree,
        neighbours: neighbours(node.party),
        x: round(node.x),
        y: round(node.y),
    });
    Ok(GraphAnswer {
        epoch: view.epoch,
        id: listed.ring.id.clone(),
        width: WIDTH,
        height: HEIGHT,
        nodes: nodes.collect(),
        nodes_all: drawn.parties_all,
        ties: drawn.ties.iter().map(|(tie, a, b)| tie_row(tie, *a, *b)).collect(),
        ties_all: drawn.ties_all,
        visits: drawn.visits.iter().map(|(a, b)| [*a, *b]).collect(),
    })
}

fn tie_row(tie: &Tie, a: usize, b: usize) -> TieRow {
    let kinds: BTreeSet<_> = tie.occasions.iter().map(|occasion| occasion.kind).collect();
    let days = || tie.occasions.iter().filter_map(Occasion::date);
    TieRow {
        a,
        b,
        weight: f64::from(tie.weight) / 100.0,
        occasions: tie.occasions.len(),
        kinds: kinds.into_iter().map(|kind| occasion_word(kind).to_owned()).collect(),
        first: days().min().map(|day: Day| day.to_string()),
        last: days().max().map(|day: Day| day.to_string()),
    }
}

/// Links of the whole graph between persons of the ring and its other members, as far as the graph is built.
fn linked(shared: &Shared, listed: &Listed) -> Vec<RingActivity> {
    let Ok(graph) = shared.graph() else { return Vec::new() };
    let snapshot = &graph.snapshot;
    let members = listed.ring.finding.members.iter().map(|member| member.party);
    let nodes: BTreeMap<u32, Party> =
        members.filter_map(|party| snapshot.node(party).map(|node| (node, party))).collect();
    let mut linked = Vec::new();
    for (node, person) in nodes.iter().filter(|(_, party)| party.kind() == PartyKind::Person) {
        for (other, party) in nodes.iter().filter(|(_, party)| party.kind() != PartyKind::Person) {
            if snapshot.link_between(*node, *other).is_some() {
                linked.push(link(*person, *party));
            }
        }
    }
    linked
}

/// A link of a person for a picture: not a settlement, so without a day and money.
pub(super) fn link(person: Party, other: Party) -> RingActivity {
    RingActivity {
        ring: 0,
        day: Day(i32::MIN),
        end: Day(i32::MIN),
        person,
        place: other,
        doctor: Party::NONE,
        fact: RowRef::default(),
        total_fen: 0,
        fund_fen: 0,
        class: CareClass::Other,
    }
}
