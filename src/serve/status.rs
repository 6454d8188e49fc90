//! Does the server live, is it up to date, and what became of the data?

use super::access::Asking;
use super::shared::{Shared, work};
use super::source::SourceState;
use super::trouble::Trouble;
use crate::model::Sentence;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// How the server is doing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusAnswer {
    /// Of medring.
    version: String,
    /// The last epoch published.
    epoch: u64,
    /// The epoch of links and paths, once they are built.
    graph_epoch: Option<u64>,
    /// Whether every question can be answered; links and paths may be behind, see `graph_epoch`.
    ready: bool,
    /// Why nothing more is taken in; readers go on.
    lost: Option<String>,
    /// Suspected leads.
    rings: usize,
    /// The last day of any lead.
    last_day: Option<String>,
    /// When the last batch was committed, seconds since 1970-01-01 UTC.
    committed_at: Option<i64>,
    /// Batches that wait or are under way.
    waiting: i64,
    /// Batches that may wait.
    queue_max: usize,
    /// Bytes of a pushed batch at most.
    body_max: u64,
    /// The data are made up.
    demo: bool,
    /// Parties that are linked.
    parties: Option<usize>,
    /// Pairs of parties that are linked.
    links: Option<usize>,
    /// Sources that flow in by themselves.
    sources: Vec<SourceState>,
}

/// What became of the data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DataAnswer {
    epoch: u64,
    /// Batches, newest first; at most 200.
    batches: Vec<BatchRow>,
    /// How many batches there are.
    batches_all: usize,
    /// What became of the rows of each table.
    tables: Vec<TableRow>,
    /// Why rows were set aside or noted.
    reasons: Vec<ReasonRow>,
}

/// A committed batch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchRow {
    epoch: u64,
    batch_id: Option<String>,
    rows: u64,
    /// Seconds since 1970-01-01 UTC.
    committed_at: i64,
}

/// A row of the conservation table: read is the sum of the others.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct TableRow {
    table: String,
    read: i64,
    accepted: i64,
    corrected: i64,
    stale: i64,
    duplicate: i64,
    retracted: i64,
    quarantined: i64,
}

/// A reason and how many rows it concerned.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReasonRow {
    table: String,
    code: String,
    zh: String,
    en: String,
    rows: i64,
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Every question can be answered, and batches are taken.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, body = String, content_type = "text/plain"), (status = 503, body = String, content_type = "text/plain")))]
pub(super) async fn readyz(State(shared): State<Arc<Shared>>) -> Response {
    match (shared.lost(), shared.is_ready()) {
        (None, true) => "ready\n".into_response(),
        (None, false) => (StatusCode::SERVICE_UNAVAILABLE, "building\n").into_response(),
        (Some(_), _) => {
            (StatusCode::SERVICE_UNAVAILABLE, "no more batches are taken; see /v1/status\n").into_response()
        }
    }
}

/// Counts for Prometheus.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], shared.metrics.text(&shared)).into_response()
}

/// How the server is doing.
#[utoipa::path(get, path = "/v1/status", responses((status = 200, body = StatusAnswer)))]
pub(super) async fn status(asking: Asking) -> Result<Json<StatusAnswer>, Trouble> {
    asking.work(|asking| Ok(Json(now(asking)?))).await
}

fn now(shared: &Asking) -> Result<StatusAnswer, Trouble> {
    let (view, graph) = (shared.view()?, shared.graph().ok());
    Ok(StatusAnswer {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        epoch: view.epoch,
        graph_epoch: shared.graph_epoch(),
        ready: shared.is_ready(),
        lost: shared.lost(),
        rings: view.rings.len(),
        last_day: view.last_day.map(|day| day.to_string()),
        committed_at: view.epochs.last().map(|epoch| epoch.committed_at),
        waiting: shared.metrics.waiting(),
        queue_max: shared.options.queue_max,
        body_max: shared.options.body_max,
        demo: shared.options.demo,
        parties: graph.as_ref().map(|graph| graph.snapshot.parties()),
        links: graph.as_ref().map(|graph| graph.snapshot.links()),
        sources: shared.sources.all(),
    })
}

/// Batches, and what became of their rows.
#[utoipa::path(get, path = "/v1/data", responses((status = 200, body = DataAnswer)))]
pub(super) async fn data(State(shared): State<Arc<Shared>>) -> Result<Json<DataAnswer>, Trouble> {
    work(shared, |shared| Ok(Json(conservation(shared)))).await
}

fn conservation(shared: &Shared) -> DataAnswer {
    let view = shared.view();
    let mut tables: BTreeMap<&str, TableRow> = BTreeMap::new();
    let mut reasons: BTreeMap<(&str, &str), (Sentence, i64)> = BTreeMap::new();
    for tally in &view.tallies {
        let rows = tally.rows.cast_signed();
        let table = tables.entry(tally.table.name()).or_default();
        if let Some(reason) = tally.reason {
            let (zh, en) = reason.sentence();
            let said = Sentence { zh: zh.to_owned(), en: en.to_owned() };
            reasons.entry((tally.table.name(), reason.code())).or_insert((said, 0)).1 += rows;
        }
        table.read += rows;
        *match tally.outcome {
            crate::model::Outcome::Accepted => &mut table.accepted,
            crate::model::Outcome::Corrected => &mut table.corrected,
            crate::model::Outcome::Stale => &mut table.stale,
            crate::model::Outcome::Duplicate => &mut table.duplicate,
            crate::model::Outcome::Retracted => &mut table.retracted,
            crate::model::Outcome::Quarantined => &mut table.quarantined,
        } += rows;
    }
    let batches = view.epochs.iter().rev().take(200).map(|entry| BatchRow {
        epoch: entry.epoch,
        batch_id: entry.batch_id.clone(),
        rows: entry.rows,
        committed_at: entry.committed_at,
    });
    let reason = |((table, code), (said, rows)): ((&str, &str), (Sentence, i64))| ReasonRow {
        table: table.to_owned(),
        code: code.to_owned(),
        zh: said.zh,
        en: said.en,
        rows,
    };
    DataAnswer {
        epoch: view.epoch,
        batches: batches.collect(),
        batches_all: view.epochs.len(),
        tables: tables.into_iter().map(|(name, row)| TableRow { table: name.to_owned(), ..row }).collect(),
        reasons: reasons.into_iter().map(reason).filter(|one| one.rows != 0).collect(),
    }
}
