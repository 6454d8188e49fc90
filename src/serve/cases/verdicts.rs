//! What was decided? A line for each ring of each decided case, for whoever measures how good the leads are.
//!
//! ```json
//! {"schema_version":1,"case":"C-2026-0001","ring_id":"R-…","epoch":3,"typology":"card_pool","score":9.4,
//!  "taught":0.0,"verdict":"refuted","reason":"family","decided_at":1790000000,
//!  "factors":[{"code":"…","score":2.1}],"counter_evidence":[{"code":"HN09","score":-0.4}]}
//! ```
//!
//! Typology, score, reasons and counter-evidence are those of the ring when it was attached, at that epoch. `taught` is the part of
//! the score that earlier verdicts had added; `medring calibrate --verdicts` takes it off again. `verdict` is `confirmed` or
//! `refuted`; codes of reasons are those of `cases.toml`. No line names a person.

use super::may;
use crate::serve::access::{Action, Asking, Noted};
use crate::serve::trouble::{Refusal, Trouble};
use crate::store::Case;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The lines of cases that are decided.
#[must_use]
pub fn verdict_lines(cases: &[Case]) -> Vec<String> {
    let mut lines = Vec::new();
    for case in cases {
        let head = &case.head;
        let (Some(verdict), Some(reason)) = (&head.verdict, &head.reason) else { continue };
        for ring in &case.rings {
            let odds = |score: i32| f64::from(score) / 100.0;
            let facts = &ring.facts;
            let factors = facts.claims.iter().map(|claim| json!({"code": claim.code, "score": odds(claim.score)}));
            let counter = facts.counter_evidence.iter();
            let counter = counter.map(|(code, score)| json!({"code": code, "score": odds(*score)}));
            let line = json!({
                "schema_version": 1, "case": head.id, "ring_id": ring.ring, "epoch": ring.epoch,
                "typology": facts.typology, "score": odds(facts.score), "taught": odds(facts.taught), "verdict": verdict, "reason": reason,
                "decided_at": head.decided_at, "factors": factors.collect::<Vec<_>>(),
                "counter_evidence": counter.collect::<Vec<_>>(),
            });
            lines.push(line.to_string());
        }
    }
    lines
}

/// What was decided, one ring of a decided case a line.
#[utoipa::path(get, path = "/v1/verdicts.jsonl", responses(
    (status = 200, body = String, content_type = "application/x-ndjson"), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn verdicts(asking: Asking) -> Result<Response, Trouble> {
    asking
        .work(|asking| {
            let mut cases = asking.office(|office| office.cases())?;
            cases.retain(|case| may(asking, &asking.viewer, Action::ReadCase, case));
            let lines = verdict_lines(&cases);
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let mut response = ([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response();
            let detail = json!({"exported": lines.len()}).to_string();
            response.extensions_mut().insert(Noted { object: "verdicts".to_owned(), detail });
            Ok(response)
        })
        .await
}
