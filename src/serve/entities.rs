//! Who or what is this party, whom is it linked to, and in which leads does it appear?
//!
//! Counts come first: a place with twelve thousand patients answers how many there are, and lists them by pages.

use super::access::Asking;
use super::graph::Graph;
use super::parties::{Naming, PartyRef, asked, names, party};
use super::rings::{Counted, RingRow, row};
use super::trouble::{Refusal, Trouble, question};
use super::view::{Listed, View};
use crate::model::{Day, Party, PartyKind};
use crate::report::shown_kind;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};

/// Neighbours of one answer, and what it lists without being asked.
const LIMIT: (usize, usize) = (500, 50);

/// A party.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntityAnswer {
    /// The epoch of the rings.
    epoch: u64,
    /// The epoch of the links.
    graph_epoch: u64,
    party: PartyRef,
    /// Rings it is a member of, by rank.
    rings: Vec<Membership>,
    /// Neighbours by kind, most first.
    kinds: Vec<Counted>,
    /// All neighbours.
    neighbours: usize,
    /// Facts that link it, by month.
    months: Vec<Month>,
    /// The first day of any fact.
    first: Option<String>,
    /// The last day of any fact.
    last: Option<String>,
    /// All facts.
    facts: usize,
}

/// A ring of a party.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Membership {
    ring: RingRow,
    /// What it does in it.
    role: String,
    strength: f64,
}

/// What links a party in one month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Month {
    /// Such as `2024-03`.
    month: String,
    facts: usize,
    total_fen: i64,
}

/// Neighbours of a party.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeighboursAnswer {
    graph_epoch: u64,
    party: PartyRef,
    /// Neighbours that fit.
    total: usize,
    offset: usize,
    neighbours: Vec<Neighbour>,
}

/// A neighbour.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Neighbour {
    party: PartyRef,
    /// Facts between the two.
    facts: usize,
    total_fen: i64,
    first: Option<String>,
    last: Option<String>,
    /// Its neighbours in turn.
    neighbours: u32,
    /// Rings it is in.
    rings: Vec<String>,
}

/// Which neighbours.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NeighboursAsked {
    /// Only of this kind, such as `person`.
    kind: Option<String>,
    /// `fen` (default: most money first), `facts` or `last`.
    order: Option<String>,
    /// Only those who are in a ring.
    in_ring: Option<bool>,
    /// From this one on.
    offset: Option<usize>,
    /// At most this many, up to 500; 50 by default.
    limit: Option<usize>,
}

/// One party.
#[utoipa::path(get, path = "/v1/entities/{party}", params(("party" = String, Path, description = "token")), responses(
    (status = 200, body = EntityAnswer), (status = 404, body = Refusal), (status = 503, body = Refusal)))]
pub(super) async fn entity(asking: Asking, Path(token): Path<String>) -> Result<Json<EntityAnswer>, Trouble> {
    asking.work(move |shared| one(shared, &token).map(Json)).await
}

/// Whom a party is linked to.
#[utoipa::path(get, path = "/v1/entities/{party}/neighbours",
    params(("party" = String, Path, description = "token"), NeighboursAsked),
    responses((status = 200, body = NeighboursAnswer), (status = 404, body = Refusal), (status = 503, body = Refusal)))]
pub(super) async fn neighbours(
    asking: Asking,
    Path(token): Path<String>,
    query: Result<Query<NeighboursAsked>, QueryRejection>,
) -> Result<Json<NeighboursAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| list(shared, &token, &asked).map(Json)).await
}

/// What links a party and one neighbour.
#[derive(Clone, Copy)]
struct Linked {
    party: Party,
    node: u32,
    facts: usize,
    total_fen: i64,
    first: Option<Day>,
    last: Option<Day>,
}

fn linked(graph: &Graph, of: Party) -> Vec<Linked> {
    let snapshot = &graph.snapshot;
    let Some(node) = snapshot.node(of) else { return Vec::new() };
    let pairs = snapshot.neighbours(node).iter().zip(snapshot.links_of(node));
    let one = |(other, link): (&u32, &u32)| {
        let meetings = snapshot.meetings(*link);
        let dated = || meetings.iter().map(|meeting| meeting.day).filter(|day| day.0 != i32::MIN);
        Linked {
            party: snapshot.party(*other),
            node: *other,
            facts: meetings.len(),
            total_fen: meetings.iter().map(|meeting| meeting.fen).sum(),
            first: dated().min(),
            last: dated().max(),
        }
    };
    pairs.map(one).collect()
}

fn one(shared: &Asking, token: &str) -> Result<EntityAnswer, Trouble> {
    let (graph, view, of) = (shared.graph()?, shared.view()?, party(shared, token)?);
    let linked = linked(&graph, of);
    if linked.is_empty() && !view.rings_of.contains_key(&of) {
        return Err(Trouble::NoSuchParty);
    }
    let names = names(shared, &view, &BTreeSet::new(), &BTreeSet::from([of]))?;
    let mut kinds: BTreeMap<PartyKind, usize> = BTreeMap::new();
    for one in &linked {
        *kinds.entry(shown_kind(one.party, &view.references)).or_default() += 1;
    }
    let mut kinds: Vec<Counted> =
        kinds.into_iter().map(|(kind, count)| Counted { name: kind.word().to_owned(), count }).collect();
    kinds.sort_by_key(|one| Reverse(one.count));
    let (months, facts) = months(&graph, of);
    Ok(EntityAnswer {
        epoch: view.epoch,
        graph_epoch: graph.epoch,
        party: Naming { shared, view: &view, names: &names }.party(of),
        rings: memberships(&view, of),
        kinds,
        neighbours: linked.len(),
        months,
        first: linked.iter().filter_map(|one| one.first).min().map(|day| day.to_string()),
        last: linked.iter().filter_map(|one| one.last).max().map(|day| day.to_string()),
        facts,
    })
}

fn memberships(view: &View, of: Party) -> Vec<Membership> {
    let rings = view.rings_of.get(&of).into_iter().flatten().map(|at| view.rings[*at].as_ref());
    let member = |listed: &Listed| {
        let member = listed.ring.finding.members.iter().find(|member| member.party == of)?;
        Some(Membership {
            ring: row(listed, view),
            role: member.role.word().to_owned(),
            strength: f64::from(member.strength) / 100.0,
        })
    };
    rings.filter_map(member).collect()
}

/// Facts by month, each once: a settlement links a person with a place and with a doctor.
fn months(graph: &Graph, of: Party) -> (Vec<Month>, usize) {
    let snapshot = &graph.snapshot;
    let Some(node) = snapshot.node(of) else { return (Vec::new(), 0) };
    let facts: BTreeSet<_> = snapshot.links_of(node).iter().flat_map(|link| snapshot.meetings(*link)).collect();
    let mut months: BTreeMap<i32, (usize, i64)> = BTreeMap::new();
    for meeting in facts.iter().filter(|meeting| meeting.day.0 != i32::MIN) {
        let month = months.entry(meeting.day.month()).or_default();
        month.0 += 1;
        month.1 += meeting.fen;
    }
    let named = |(month, (facts, total_fen)): (i32, (usize, i64))| Month {
        month: format!("{:04}-{:02}", 1970 + month.div_euclid(12), month.rem_euclid(12) + 1),
        facts,
        total_fen,
    };
    (months.into_iter().map(named).collect(), facts.len())
}

fn list(shared: &Asking, token: &str, asked: &NeighboursAsked) -> Result<NeighboursAnswer, Trouble> {
    let (graph, view, of) = (shared.graph()?, shared.view()?, party(shared, token)?);
    let kind = asked.kind.as_deref().filter(|kind| !kind.is_empty());
    let mut linked = linked(&graph, of);
    linked.retain(|one| kind.is_none_or(|kind| shown_kind(one.party, &view.references).word() == kind));
    linked.retain(|one| !asked.in_ring.unwrap_or(false) || view.rings_of.contains_key(&one.party));
    match asked.order.as_deref().unwrap_or("fen") {
        "fen" => linked.sort_by_key(|one| (Reverse(one.total_fen), Reverse(one.facts), one.party)),
        "facts" => linked.sort_by_key(|one| (Reverse(one.facts), Reverse(one.total_fen), one.party)),
        "last" => linked.sort_by_key(|one| (Reverse(one.last), one.party)),
        _ => return Err(question("order", "可用 fen facts last", "fen, facts or last")),
    }
    let (offset, limit) = (asked.offset.unwrap_or(0), asked.limit.unwrap_or(LIMIT.1).min(LIMIT.0));
    let shown: Vec<Linked> = linked.iter().skip(offset).take(limit).copied().collect();
    let parties = shown.iter().map(|one| one.party).chain([of]).collect();
    let names = names(shared, &view, &BTreeSet::new(), &parties)?;
    let naming = Naming { shared, view: &view, names: &names };
    let neighbours = shown.into_iter().map(|one| Neighbour {
        party: naming.party(one.party),
        facts: one.facts,
        total_fen: one.total_fen,
        first: one.first.map(|day| day.to_string()),
        last: one.last.map(|day| day.to_string()),
        neighbours: graph.snapshot.degree(one.node),
        rings: view.ring_ids(one.party),
    });
    let neighbours = neighbours.collect();
    Ok(NeighboursAnswer { graph_epoch: graph.epoch, party: naming.party(of), total: linked.len(), offset, neighbours })
}
