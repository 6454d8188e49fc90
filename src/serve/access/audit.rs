//! What does the log say, and does its chain hold?

use super::door::Noted;
use super::viewer::Asking;
use crate::serve::parties::asked;
use crate::serve::shared::work;
use crate::serve::trouble::{Refusal, Trouble};
use crate::store::{AuditEntry, Flaw};
use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Entries of one answer, and what it lists without being asked.
const LIMIT: (usize, usize) = (1_000, 100);
/// Entries that are read at once, and those that one search looks at before it answers with what it has.
const STEP: i64 = 1_000;
const LOOKED: usize = 50_000;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::serve) struct AuditAsked {
    /// Only entries before this number: the log is listed from its end.
    before: Option<i64>,
    /// At most this many, up to 1,000; 100 by default.
    limit: Option<usize>,
    /// Only what this account did.
    actor: Option<String>,
    /// Only this kind of deed, such as `reveal`.
    action: Option<String>,
    /// Only what was `done`, or `refused`.
    outcome: Option<String>,
    /// Only entries whose object or details hold this text.
    q: Option<String>,
}

impl AuditAsked {
    fn fits(&self, entry: &AuditEntry) -> bool {
        let is =
            |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|asked| asked.is_empty() || asked == own);
        is(&self.actor, &entry.actor)
            && is(&self.action, &entry.action)
            && is(&self.outcome, &entry.outcome)
            && self.q.as_deref().is_none_or(|text| entry.object.contains(text) || entry.detail.contains(text))
    }
}

/// Entries, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct AuditAnswer {
    /// How many there are.
    total: i64,
    entries: Vec<EntryRow>,
    /// Where to go on: entries before this number are not looked at yet.
    older: Option<i64>,
}

/// An entry.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct EntryRow {
    seq: i64,
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    actor: String,
    role: String,
    action: String,
    object: String,
    detail: String,
    /// `done` or `refused`.
    outcome: String,
    /// SHA-256 of the hash before and this entry.
    hash: String,
}

/// Whether the chain holds.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct AuditVerified {
    whole: bool,
    /// How many entries there are.
    count: i64,
    /// The hash of the last: noted elsewhere, it shows a log that was worked out anew.
    head: String,
    /// What is wrong: `edited 17`, `deleted 3-5`, `cut_off 9 of 12` …
    flaws: Vec<String>,
}

fn row(entry: AuditEntry) -> EntryRow {
    let AuditEntry { seq, at_ms, actor, role, action, object, detail, outcome, hash, .. } = entry;
    EntryRow { seq, at_ms, actor, role, action, object, detail, outcome, hash }
}

/// The log, from its end.
#[utoipa::path(get, path = "/v1/audit", params(AuditAsked), responses(
    (status = 200, body = AuditAnswer), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn audit(
    asking: Asking,
    query: Result<Query<AuditAsked>, QueryRejection>,
) -> Result<Json<AuditAnswer>, Trouble> {
    let asked = asked(query)?;
    work(Arc::clone(&asking.shared), move |shared| {
        let limit = asked.limit.unwrap_or(LIMIT.1).clamp(1, LIMIT.0);
        shared.office(|office| {
            let total = office.audit_count()?;
            let mut before = asked.before.unwrap_or(i64::MAX).clamp(1, total + 1);
            let (mut entries, mut looked) = (Vec::new(), 0);
            while before > 1 && entries.len() < limit && looked < LOOKED {
                let step = (before - 1).min(STEP);
                let mut some = office.audit(before - 1 - step, usize::try_from(step).unwrap_or(0))?;
                some.retain(|entry| entry.seq < before);
                some.reverse();
                looked += some.len().max(1);
                let room = limit - entries.len();
                before = before.saturating_sub(step).max(1);
                let mut fitting = some.into_iter().filter(|entry| asked.fits(entry));
                entries.extend(fitting.by_ref().take(room).map(row));
                if entries.len() == limit {
                    before = entries.last().map_or(before, |last: &EntryRow| last.seq);
                }
            }
            Ok(Json(AuditAnswer { total, entries, older: (before > 1).then_some(before) }))
        })
    })
    .await
}

/// The whole log, oldest first, one entry a line. Exporting it is an entry, too.
#[utoipa::path(get, path = "/v1/audit.jsonl", responses(
    (status = 200, body = String, content_type = "application/x-ndjson"), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn audit_lines(asking: Asking) -> Result<Response, Trouble> {
    work(Arc::clone(&asking.shared), |shared| {
        let entries = shared.office(|office| office.audit(0, usize::MAX))?;
        let count = entries.len();
        let line = |entry: &AuditEntry| serde_json::to_string(entry).map(|line| line + "\n");
        let text: Result<String, _> = entries.iter().map(line).collect();
        let text = text.map_err(|error| Trouble::Failed(error.to_string()))?;
        let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
        let mut response = (kind, text).into_response();
        let detail = serde_json::json!({"exported": count}).to_string();
        response.extensions_mut().insert(Noted { object: "audit".to_owned(), detail });
        Ok(response)
    })
    .await
}

/// Whether the chain holds; each entry that does not fit is named.
#[utoipa::path(get, path = "/v1/audit/verify", responses((status = 200, body = AuditVerified), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn audit_verified(asking: Asking) -> Result<Json<AuditVerified>, Trouble> {
    work(Arc::clone(&asking.shared), |shared| {
        let found = shared.office(|office| office.verify_audit(None))?;
        Ok(Json(AuditVerified {
            whole: found.flaws.is_empty(),
            count: found.head.count,
            head: found.head.hash,
            flaws: found.flaws.iter().map(Flaw::to_string).collect(),
        }))
    })
    .await
}
