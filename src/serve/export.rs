//! How does a table leave for a spreadsheet? CSV with a mark for Chinese, masked as on the page, and no cell that runs.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: an identifier in a source table may have
//! been written by the people who are looked into.

use super::access::Asking;
use super::evidence::all_rows;
use super::parties::{PartyRef, asked};
use super::rings::{AsOf, member_rows};
use super::trouble::{Refusal, Trouble};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A text that a spreadsheet shows and does not run.
fn cell(text: &str) -> String {
    let runs = |letter: char| matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    if text.trim_start_matches(' ').starts_with(runs) { format!("'{text}") } else { text.to_owned() }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

fn table(name: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Response, Trouble> {
    let failed = |error: String| Trouble::Failed(error);
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    writer.write_record(heads).map_err(|error| failed(error.to_string()))?;
    for row in rows {
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    let file = format!("attachment; filename=\"{name}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)], bytes)
        .into_response())
}

/// The members of a ring, for a spreadsheet.
#[utoipa::path(get, path = "/v1/rings/{id}/members.csv", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Refusal)))]
pub(super) async fn members_csv(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<AsOf>, QueryRejection>,
) -> Result<Response, Trouble> {
    let asked = asked(query)?;
    asking
        .work(move |asking| {
            let view = asking.view_at(asked.as_of)?;
            let listed = view.ring(&id).ok_or_else(|| Trouble::NoSuchRing(id.clone()))?;
            let heads = ["ring", "epoch", "kind", "id", "region", "role", "strength", "ties", "why_zh", "why_en"];
            let rows = member_rows(asking, listed, &view).into_iter().map(|row| {
                vec![
                    listed.ring.id.clone(),
                    view.epoch.to_string(),
                    row.party.kind,
                    cell(&row.party.id),
                    cell(&row.party.region.unwrap_or_default()),
                    row.role,
                    format!("{:.2}", row.strength),
                    row.ties.to_string(),
                    cell(&row.why.zh),
                    cell(&row.why.en),
                ]
            });
            table(&format!("{}-members", listed.ring.id), &heads, rows)
        })
        .await
}

/// The source rows that a ring's reasons cite, for a spreadsheet.
#[utoipa::path(get, path = "/v1/rings/{id}/facts.csv", params(("id" = String, Path, description = "R-…"), AsOf),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Refusal)))]
pub(super) async fn facts_csv(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<AsOf>, QueryRejection>,
) -> Result<Response, Trouble> {
    let asked = asked(query)?;
    asking
        .work(move |asking| {
            let view = asking.view_at(asked.as_of)?;
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
            let named = |party: &PartyRef| format!("{}:{}", party.kind, party.id);
            let rows = all_rows(asking, &view, listed)?.into_iter().map(|(_, row)| {
                vec![
                    listed.ring.id.clone(),
                    view.epoch.to_string(),
                    cell(&row.row),
                    row.table,
                    row.day.unwrap_or_default(),
                    row.end.unwrap_or_default(),
                    row.class.unwrap_or_default(),
                    cell(&row.parties.iter().map(named).collect::<Vec<_>>().join(" ")),
                    row.total_fen.map(yuan).unwrap_or_default(),
                    row.fund_fen.map(yuan).unwrap_or_default(),
                    cell(&row.factors.join(" ")),
                    cell(&row.file.unwrap_or_default()),
                    row.file_row.map(|row| row.to_string()).unwrap_or_default(),
                    row.read_in.map(|epoch| epoch.to_string()).unwrap_or_default(),
                ]
            });
            table(&format!("{}-facts", listed.ring.id), &heads, rows)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs() {
        for bad in ["=1+1", "+86", "-1", "@x", "\t=1", "  =1", "＝1"] {
            assert!(cell(bad).starts_with('\''), "{bad:?}");
        }
        assert_eq!((cell("340***").as_str(), yuan(-105).as_str()), ("340***", "-1.05"));
    }
}
