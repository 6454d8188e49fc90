//! How does a table leave for a spreadsheet? As CSV with a mark for Chinese, or as XLSX, masked as on the page; no cell runs.

use super::access::{Asking, Noted};
use super::evidence::all_rows;
use super::guard::json;
use super::parties::{PartyRef, asked};
use super::rings::{AsOf, member_rows};
use super::trouble::{Refusal, Trouble, question};
use crate::report::{Cell, Sheet, workbook};
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Bytes of what somebody sees at most: 10,000 parties and their ties.
pub(super) const SEEN_BYTES_MAX: usize = 16 << 20;
/// Rows of one of its tables at most.
const SEEN_ROWS_MAX: usize = 100_000;

/// What somebody sees on the canvas: the page's own tables, as the page shows them.
#[derive(Deserialize, ToSchema)]
pub(super) struct SeenAsked {
    /// At most four.
    sheets: Vec<SeenSheet>,
}

/// A table of what is seen.
#[derive(Deserialize, ToSchema)]
pub(super) struct SeenSheet {
    /// `parties` or `ties`, or another word.
    name: String,
    heads: Vec<String>,
    /// As many texts, numbers and yes or no as there are heads.
    rows: Vec<Vec<serde_json::Value>>,
}

/// What is seen on the canvas, as a workbook. It is made here and not in the browser, so that the log knows of it.
#[utoipa::path(post, path = "/v1/seen.xlsx", request_body = SeenAsked, responses(
    (status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (status = 400, body = Refusal)))]
pub(super) async fn seen_xlsx(
    asking: Asking,
    body: Result<Json<SeenAsked>, JsonRejection>,
) -> Result<Response, Trouble> {
    let asked =
        json(body, |_| question("sheets", "需要 JSON: {\"sheets\": […]}", "JSON is wanted: {\"sheets\": […]}"))?;
    asking.work(move |_| seen(asked)).await
}

fn seen(asked: SeenAsked) -> Result<Response, Trouble> {
    let wrong =
        || question("sheets", "1 至 4 张表, 各行与表头等长", "one to four tables, each row as long as its head");
    let is_name = |name: &str| (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let names: BTreeSet<&str> = asked.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if !(1..=4).contains(&asked.sheets.len()) || names.len() != asked.sheets.len() {
        return Err(wrong());
    }
    let rows: Vec<usize> = asked.sheets.iter().map(|sheet| sheet.rows.len()).collect();
    let mut sheets = Vec::with_capacity(asked.sheets.len());
    for SeenSheet { name, heads, rows } in asked.sheets {
        let fits = rows.len() <= SEEN_ROWS_MAX && (1..=64).contains(&heads.len());
        if !is_name(&name) || !fits || rows.iter().any(|row| row.len() != heads.len()) {
            return Err(wrong());
        }
        let rows = rows.into_iter().map(|row| row.into_iter().map(seen_cell).collect()).collect();
        sheets.push(Sheet { name, heads, rows });
    }
    let bytes = workbook(&sheets).map_err(|error| Trouble::Failed(error.to_string()))?;
    let heads = [(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, "attachment; filename=\"medring.xlsx\"")];
    let mut response = (heads, bytes).into_response();
    let detail = serde_json::json!({"seen": true, "rows": rows}).to_string();
    response.extensions_mut().insert(Noted { object: String::new(), detail });
    Ok(response)
}

fn seen_cell(value: serde_json::Value) -> Cell {
    use serde_json::Value;
    match value {
        Value::Null => Cell::Empty,
        Value::String(text) => text.into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Cell::Count(whole),
            (None, Some(real)) => Cell::Real(real),
            (None, None) => Cell::Empty,
        },
        other => other.to_string().into(),
    }
}

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which form a table leaves in.
#[derive(Clone, Copy, Debug)]
enum Form {
    Csv,
    Xlsx,
}

fn table(name: &str, sheet: &Sheet, form: Form) -> Result<Response, Trouble> {
    let (bytes, kind, end) = match form {
        Form::Csv => (sheet.csv(), "text/csv; charset=utf-8", "csv"),
        Form::Xlsx => (workbook(std::slice::from_ref(sheet)), XLSX, "xlsx"),
    };
    let bytes = bytes.map_err(|error| Trouble::Failed(error.to_string()))?;
    let file = format!("attachment; filename=\"{name}.{end}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)], bytes).into_response())
}

/// The members of a ring, for a spreadsheet.
#[utoipa::path(get, path = "/v1/rings/{id}/members.csv", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Refusal)))]
pub(super) async fn members_csv(asking: Asking, id: Path<String>, query: AsOfQuery) -> Result<Response, Trouble> {
    members(asking, id, query, Form::Csv).await
}

/// The members of a ring, as a workbook.
#[utoipa::path(get, path = "/v1/rings/{id}/members.xlsx", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 404, body = Refusal)))]
pub(super) async fn members_xlsx(asking: Asking, id: Path<String>, query: AsOfQuery) -> Result<Response, Trouble> {
    members(asking, id, query, Form::Xlsx).await
}

/// The source rows that a ring's reasons cite, for a spreadsheet.
#[utoipa::path(get, path = "/v1/rings/{id}/facts.csv", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Refusal)))]
pub(super) async fn facts_csv(asking: Asking, id: Path<String>, query: AsOfQuery) -> Result<Response, Trouble> {
    facts(asking, id, query, Form::Csv).await
}

/// The source rows that a ring's reasons cite, as a workbook.
#[utoipa::path(get, path = "/v1/rings/{id}/facts.xlsx", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 404, body = Refusal)))]
pub(super) async fn facts_xlsx(asking: Asking, id: Path<String>, query: AsOfQuery) -> Result<Response, Trouble> {
    facts(asking, id, query, Form::Xlsx).await
}

type AsOfQuery = Result<Query<AsOf>, QueryRejection>;

async fn members(asking: Asking, Path(id): Path<String>, query: AsOfQuery, form: Form) -> Result<Response, Trouble> {
    let asked = asked(query)?;
    asking
        .work(move |asking| {
            let view = asking.view_at(asking.epoch_at(asked.as_of.as_deref())?)?;
            let listed = view.ring(&id).ok_or_else(|| Trouble::NoSuchRing(id.clone()))?;
            let heads = ["ring", "epoch", "kind", "id", "region", "role", "strength", "ties", "why_zh", "why_en"];
            let mut sheet = Sheet::new("members", &heads);
            sheet.rows.extend(member_rows(asking, listed, &view).into_iter().map(|row| {
                vec![
                    listed.ring.id.clone().into(),
                    view.epoch.into(),
                    row.party.kind.into(),
                    row.party.id.into(),
                    row.party.region.unwrap_or_default().into(),
                    row.role.into(),
                    Cell::Real(row.strength),
                    row.ties.into(),
                    row.why.zh.into(),
                    row.why.en.into(),
                ]
            }));
            table(&format!("{}-members", listed.ring.id), &sheet, form)
        })
        .await
}

async fn facts(asking: Asking, Path(id): Path<String>, query: AsOfQuery, form: Form) -> Result<Response, Trouble> {
    let asked = asked(query)?;
    asking
        .work(move |asking| {
            let view = asking.view_at(asking.epoch_at(asked.as_of.as_deref())?)?;
            let listed = view.ring(&id).ok_or_else(|| Trouble::NoSuchRing(id.clone()))?;
            let heads = [
                "ring",
                "epoch",
                "row",
                "table",
                "day",
                "end",
                "class",
                "parties",
                "total_yuan",
                "fund_yuan",
                "reasons",
                "file",
                "file_row",
                "read_in",
            ];
            let mut sheet = Sheet::new("facts", &heads);
            let named = |party: &PartyRef| format!("{}:{}", party.kind, party.id);
            sheet.rows.extend(all_rows(asking, &view, listed)?.into_iter().map(|(_, row)| {
                vec![
                    listed.ring.id.clone().into(),
                    view.epoch.into(),
                    row.row.into(),
                    row.table.into(),
                    row.day.unwrap_or_default().into(),
                    row.end.unwrap_or_default().into(),
                    row.class.unwrap_or_default().into(),
                    row.parties.iter().map(named).collect::<Vec<_>>().join(" ").into(),
                    row.total_fen.map_or(Cell::Empty, Cell::Fen),
                    row.fund_fen.map_or(Cell::Empty, Cell::Fen),
                    row.factors.join(" ").into(),
                    row.file.unwrap_or_default().into(),
                    row.file_row.map_or(Cell::Empty, Cell::from),
                    row.read_in.map_or(Cell::Empty, Cell::from),
                ]
            }));
            table(&format!("{}-facts", listed.ring.id), &sheet, form)
        })
        .await
}
