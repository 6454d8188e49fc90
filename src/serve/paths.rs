//! Through whom and what are two parties connected? The path finder, with what cut it short and what to lift.

use super::access::Asking;
use super::parties::{Naming, PartyRef, Text, asked, names, party};
use super::trouble::{Refusal, Trouble, question};
use crate::model::{Day, Party, RowRef};
use crate::path::question::{Answer, HOPS_MAX, Hop, NoChain, Order, Question};
use crate::path::ranked::ranked;
use crate::report::{hop_sentence, limit_sentence, no_chain_sentence};
use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PathsAsked {
    /// Token of the party that paths begin at.
    from: String,
    /// Token of the party that they end at.
    to: String,
    /// How many, up to 20; 5 by default.
    k: Option<usize>,
    /// `shortest` (default), `strongest` (strongest weakest hop) or `time` (days never go back).
    order: Option<String>,
    /// Tokens that paths must pass in this order, separated by commas.
    via: Option<String>,
    /// Tokens that paths must not pass, separated by commas.
    avoid: Option<String>,
    /// Only facts of these days: `2024-01-01..2024-06-30`, or the last days of the data: `90d`.
    within: Option<String>,
    /// Hops at most, up to 8.
    max_hops: Option<usize>,
    /// Do not pass parties with more neighbours than this.
    skip_hubs: Option<u32>,
    /// What passing a party costs, in hops for each doubling of its number of neighbours.
    hub_penalty: Option<f64>,
}

/// Paths, best first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PathsAnswer {
    graph_epoch: u64,
    from: PartyRef,
    to: PartyRef,
    paths: Vec<PathRow>,
    /// Why there is none, and the nearest relaxation.
    none: Option<Text>,
    /// What cut the answer short.
    limits: Vec<Text>,
    /// Numbers read.
    work: u64,
}

/// A path.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PathRow {
    /// Hops and hub penalties.
    cost: f64,
    /// Facts of its weakest hop.
    weakest: u32,
    hops: Vec<HopRow>,
}

/// A step of a path.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HopRow {
    from: PartyRef,
    to: PartyRef,
    /// The day it takes, in time order.
    day: Option<String>,
    /// As a sentence.
    text: Text,
    /// Facts between the two.
    facts: u32,
    /// The first of them.
    shown: Vec<MeetingRow>,
}

/// A fact of a step.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeetingRow {
    row: String,
    day: Option<String>,
    fen: i64,
}

/// Ranked paths between two parties.
#[utoipa::path(get, path = "/v1/paths", params(PathsAsked), responses(
    (status = 200, body = PathsAnswer), (status = 400, body = Refusal), (status = 404, body = Refusal), (status = 503, body = Refusal)))]
pub(super) async fn paths(
    asking: Asking,
    query: Result<Query<PathsAsked>, QueryRejection>,
) -> Result<Json<PathsAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| find(shared, &asked).map(Json)).await
}

fn find(shared: &Asking, asked: &PathsAsked) -> Result<PathsAnswer, Trouble> {
    let (graph, view) = (shared.graph()?, shared.view()?);
    let question = wanted(shared, asked, graph.last)?;
    let answer = ranked(&graph.snapshot, &question);
    let hops = || answer.chains.iter().flat_map(|chain| &chain.hops);
    let rows: BTreeSet<RowRef> = hops().flat_map(|hop| hop.shown.iter().map(|meeting| meeting.fact)).collect();
    let mut parties: BTreeSet<Party> = hops().flat_map(|hop| [hop.from, hop.to]).collect();
    parties.extend([question.from, question.to]);
    if let Some(NoChain::Unknown(party)) = answer.none {
        parties.insert(party);
    }
    let names = names(shared, &view, &rows, &parties)?;
    let naming = Naming { shared, view: &view, names: &names };
    Ok(PathsAnswer {
        graph_epoch: graph.epoch,
        from: naming.party(question.from),
        to: naming.party(question.to),
        paths: rows_of(&answer, &naming),
        none: answer.none.as_ref().map(|none| no_chain_sentence(none, &|party| naming.word(party)).into()),
        limits: answer.limits.iter().map(|limit| limit_sentence(*limit).into()).collect(),
        work: answer.work,
    })
}

fn rows_of(answer: &Answer, naming: &Naming) -> Vec<PathRow> {
    let hop = |hop: &Hop| HopRow {
        from: naming.party(hop.from),
        to: naming.party(hop.to),
        day: hop.day.map(|day| day.to_string()),
        text: hop_sentence(hop, &naming.view.references, &|party| naming.word(party)).into(),
        facts: hop.facts,
        shown: hop
            .shown
            .iter()
            .map(|meeting| MeetingRow {
                row: naming.row(meeting.fact),
                day: (meeting.day.0 != i32::MIN).then(|| meeting.day.to_string()),
                fen: meeting.fen,
            })
            .collect(),
    };
    let chains = answer.chains.iter().map(|chain| PathRow {
        cost: f64::from(chain.cost_milli) / 1_000.0,
        weakest: chain.weakest,
        hops: chain.hops.iter().map(hop).collect(),
    });
    chains.collect()
}

fn wanted(shared: &Asking, asked: &PathsAsked, last: Day) -> Result<Question, Trouble> {
    let parties = |tokens: &Option<String>| -> Result<Vec<Party>, Trouble> {
        let tokens = tokens.as_deref().unwrap_or_default().split(',').filter(|token| !token.trim().is_empty());
        tokens.map(|token| party(shared, token)).collect()
    };
    let order = match asked.order.as_deref().unwrap_or("shortest") {
        "shortest" | "" => Order::Shortest,
        "strongest" => Order::Strongest,
        "time" => Order::TimeIncreasing,
        _ => return Err(question("order", "可用 shortest strongest time", "shortest, strongest or time")),
    };
    let penalty = asked.hub_penalty.unwrap_or(0.0);
    if !(0.0..=100.0).contains(&penalty) {
        return Err(question("hub_penalty", "取值 0 至 100", "from 0 to 100"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100,000")]
    let hub_penalty_milli = (penalty * 1_000.0).round() as u32;
    let window = match asked.within.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(window(text, last)?),
        None => None,
    };
    Ok(Question {
        count: asked.k.unwrap_or(5),
        hops_max: asked.max_hops.unwrap_or(HOPS_MAX),
        order,
        window,
        via: parties(&asked.via)?,
        avoid: parties(&asked.avoid)?,
        degree_max: asked.skip_hubs,
        hub_penalty_milli,
        ..Question::new(party(shared, &asked.from)?, party(shared, &asked.to)?)
    })
}

fn window(text: &str, last: Day) -> Result<(Day, Day), Trouble> {
    let wrong = || question("within", "写作 2024-01-01..2024-06-30 或 90d", "write 2024-01-01..2024-06-30 or 90d");
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<i32>().ok()) {
        return Ok((Day(last.0.saturating_sub(days.max(1) - 1)), last));
    }
    let (first, end) = text.split_once("..").ok_or_else(wrong)?;
    Ok((day(first).ok_or_else(wrong)?, day(end).ok_or_else(wrong)?))
}

fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Day::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).filter(|_| parts.next().is_none())
}
