//! What do readers of reports see? The ring report of each week and month with batches, as a page, a workbook or JSON.
//!
//! A report is gathered when it is asked for (`src/report/periodic`): it is a function of the workspace, so the same address
//! gives the same bytes. Whoever has regions gets the report of those regions.

use super::ServeError;
use super::access::{Asking, Noted, Viewer};
use super::cases::Stages;
use super::parties::asked;
use super::shared::Shared;
use super::trouble::{Refusal, Trouble, question};
use crate::engine::EngineError;
use crate::model::{Ring, Sentence};
use crate::report::periodic::{Asked, Period, Report, Rhythm, Sees, StageName, gather, html, xlsx};
use crate::store::{Case, Office, Workspace};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The periods that have reports.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportsAnswer {
    /// Weeks and months with batches, newest first.
    reports: Vec<ReportRow>,
}

/// A period with batches.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportRow {
    /// `2026-W47` or `2026-11`.
    period: String,
    /// `weekly` or `monthly`.
    rhythm: String,
    /// First day.
    first_day: String,
    /// Last day.
    last_day: String,
    /// Batches committed in it.
    batches: usize,
    /// The last epoch committed in it.
    epoch: u64,
}

/// As of when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportAsked {
    /// What to look at instead of the last epoch of the period: an epoch, or a day or moment of Beijing.
    as_of: Option<String>,
}

/// The ring report of a period, of everything: what the command line writes.
///
/// # Errors
/// When the workspace does not answer, its stages cannot be read, or `as_of` is yet to come.
pub fn ring_report(
    root: &std::path::Path,
    period: Option<Period>,
    rhythm: Rhythm,
    as_of: Option<u64>,
) -> Result<Report, ServeError> {
    let workspace = Workspace::open_reader(root).map_err(EngineError::from)?;
    let period = match period {
        Some(period) => period,
        None => {
            let epochs = workspace.epochs().map_err(EngineError::from)?;
            let looked_at = epochs.iter().rfind(|one| as_of.is_none_or(|epoch| one.epoch <= epoch));
            Period::at(rhythm, looked_at.map_or(0, |one| one.committed_at))
        }
    };
    let cases = Office::open(root).and_then(|office| office.cases()).map_err(EngineError::from)?;
    let stages = names(&Stages::open(root)?);
    Ok(gather(&workspace, &Asked { period, as_of, stages: &stages, cases: &cases, seen: None })?)
}

fn names(stages: &Stages) -> Vec<StageName> {
    let name = |stage: &super::cases::Stage| StageName {
        id: stage.id.clone(),
        name: Sentence { zh: stage.zh.clone(), en: stage.en.clone() },
        hours: stage.hours,
    };
    stages.all.iter().map(name).collect()
}

/// Weeks and months with batches.
#[utoipa::path(get, path = "/v1/reports", responses((status = 200, body = ReportsAnswer), (status = 403, body = Refusal)))]
pub(super) async fn reports(asking: Asking) -> Result<Json<ReportsAnswer>, Trouble> {
    asking.work(|asking| Ok(Json(list(asking)))).await
}

fn list(shared: &Shared) -> ReportsAnswer {
    let mut periods: BTreeMap<(i32, bool), (Period, usize, u64)> = BTreeMap::new();
    for epoch in &shared.view().epochs {
        for rhythm in [Rhythm::Weekly, Rhythm::Monthly] {
            let period = Period::at(rhythm, epoch.committed_at);
            let entry = periods.entry((period.days().1.0, rhythm == Rhythm::Monthly)).or_insert((period, 0, 0));
            (entry.1, entry.2) = (entry.1 + 1, epoch.epoch);
        }
    }
    let row = |(period, batches, epoch): (Period, usize, u64)| {
        let (first, last) = period.days();
        let rhythm = if period.rhythm() == Rhythm::Weekly { "weekly" } else { "monthly" };
        let (first_day, last_day) = (first.to_string(), last.to_string());
        ReportRow { period: period.to_string(), rhythm: rhythm.to_owned(), first_day, last_day, batches, epoch }
    };
    ReportsAnswer { reports: periods.into_values().rev().map(row).collect() }
}

/// A report: `2026-W47` or `2026-W47.json` as JSON, `2026-W47.html` as a page, `2026-W47.xlsx` as a workbook.
#[utoipa::path(get, path = "/v1/reports/{report}",
    params(("report" = String, Path, description = "2026-W47, 2026-11, also with .json, .html or .xlsx"), ReportAsked),
    responses((status = 200, body = serde_json::Value), (status = 400, body = Refusal), (status = 403, body = Refusal)))]
pub(super) async fn report(
    asking: Asking,
    Path(name): Path<String>,
    query: Result<Query<ReportAsked>, QueryRejection>,
) -> Result<Response, Trouble> {
    let asked = asked(query)?;
    asking.work(move |asking| file(asking, &name, asking.epoch_at(asked.as_of.as_deref())?)).await
}

fn file(asking: &Asking, name: &str, as_of: Option<u64>) -> Result<Response, Trouble> {
    let (period, form) = name.split_once('.').unwrap_or((name, "json"));
    let wrong = || {
        question(
            "report",
            "写作 2026-W47 或 2026-11, 可带 .json .html .xlsx",
            "write 2026-W47 or 2026-11, with .json, .html or .xlsx if you like",
        )
    };
    let period = Period::named(period).ok_or_else(wrong)?;
    let report = seen(asking, period, as_of)?;
    let failed = |error: &dyn std::fmt::Display| Trouble::Failed(error.to_string());
    let (kind, bytes) = match form {
        "json" => ("application/json", serde_json::to_vec(&report).map_err(|error| failed(&error))?),
        "html" => ("text/html; charset=utf-8", html(&report).map_err(|error| failed(&error))?.into_bytes()),
        "xlsx" => (super::export::XLSX, xlsx(&report).map_err(|error| failed(&error))?),
        _ => return Err(wrong()),
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if form != "json" {
        let named = format!("attachment; filename=\"rings-{period}.{form}\"");
        let named = named.parse().map_err(|error: header::InvalidHeaderValue| failed(&error))?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    let detail = json!({"report": period.to_string(), "form": form, "epoch": report.epoch}).to_string();
    response.extensions_mut().insert(Noted { object: String::new(), detail });
    Ok(response)
}

/// The report as far as the one who asks sees it.
fn seen(asking: &Asking, period: Period, as_of: Option<u64>) -> Result<Report, Trouble> {
    if as_of.is_some_and(|epoch| epoch > asking.shared.view().epoch) {
        return Err(question("as_of", "该批次尚未产生", "this epoch is yet to come"));
    }
    let mut cases = asking.office(|office| office.cases())?;
    cases.retain(|case| lies_in(case, &asking.viewer));
    let stages = names(&asking.stages);
    // The two epochs that a report looks at are not known before: views are asked for once each.
    let views = std::cell::RefCell::new(BTreeMap::<u64, BTreeSet<String>>::new());
    let sees = |epoch: u64, ring: &Ring| {
        let mut views = views.borrow_mut();
        let known = views.entry(epoch).or_insert_with(|| {
            // What cannot be asked is not shown.
            asking.view_at(Some(epoch)).map(|view| view.by_id.keys().cloned().collect()).unwrap_or_default()
        });
        known.contains(&ring.id)
    };
    // Rings that came and went within the period are told only to whoever sees every ring there is.
    let (own, whole) = (asking.view()?, asking.shared.view());
    let everywhere = asking.viewer.is_everywhere() && Arc::ptr_eq(&own, &whole) && !whole.rings.is_empty();
    let seen: Option<&Sees<'_>> = if everywhere { None } else { Some(&sees) };
    let asked = Asked { period, as_of, stages: &stages, cases: &cases, seen };
    asking.read(|workspace| Ok(gather(workspace, &asked)?))
}

/// Whether a case lies in the regions of the one who asks.
fn lies_in(case: &Case, viewer: &Viewer) -> bool {
    let mut regions = case.rings.iter().flat_map(|ring| &ring.facts.regions);
    viewer.is_everywhere() || regions.any(|region| viewer.regions().contains(region))
}
