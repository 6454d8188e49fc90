//! Who is behind a mask? Raw identifiers for a stated reason and a few minutes, by those who may, and in the log.
//!
//! The answer is the only place where the server says a raw identifier. The page shows a watermark with who and when, and
//! forgets what it was told when the time is up.

use super::door::{Noted, now_s};
use super::viewer::Asking;
use crate::serve::guard::json;
use crate::serve::parties::{names, party};
use crate::serve::shared::work;
use crate::serve::trouble::{Refusal, Trouble, question};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Parties of one reveal.
const PARTIES: usize = 200;
/// Minutes of one reveal.
const MINUTES: u32 = 60;
/// Letters of a reason at least.
const REASON: usize = 4;

/// Whom to show, why, and for how long.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct RevealAsked {
    /// Tokens, up to 200.
    parties: Vec<String>,
    /// Why.
    reason: String,
    /// For how many minutes, up to 60.
    minutes: u32,
}

/// Who they are.
#[derive(Serialize, ToSchema)]
pub(in crate::serve) struct RevealAnswer {
    /// Who asked.
    account: String,
    /// When, seconds since 1970-01-01 UTC.
    at: i64,
    /// Until when it may be shown.
    until: i64,
    /// By token.
    parties: Vec<Revealed>,
}

/// A party by name.
#[derive(Serialize, ToSchema)]
pub(in crate::serve) struct Revealed {
    token: String,
    /// The identifier as it stands in the source.
    id: String,
}

/// Raw identifiers of some parties.
#[utoipa::path(post, path = "/v1/reveal", request_body = RevealAsked, responses(
    (status = 200, body = RevealAnswer), (status = 403, body = Refusal), (status = 404, body = Refusal), (status = 429, body = Refusal)))]
pub(in crate::serve) async fn reveal(
    asking: Asking,
    body: Result<Json<RevealAsked>, JsonRejection>,
) -> Result<Response, Trouble> {
    let wanted = "{\"parties\": […], \"reason\": …, \"minutes\": …}";
    let asked = json(body, |_| question("parties", wanted, wanted))?;
    let shared = std::sync::Arc::clone(&asking.shared);
    work(shared, move |_| show(&asking, &asked)).await
}

fn show(asking: &Asking, asked: &RevealAsked) -> Result<Response, Trouble> {
    let account = asking.account()?.to_owned();
    let reason = asked.reason.trim();
    if reason.chars().count() < REASON || reason.chars().count() > 400 {
        return Err(question("reason", "请写明理由, 4 至 400 字", "say why, in 4 to 400 letters"));
    }
    if !(1..=MINUTES).contains(&asked.minutes) {
        return Err(question("minutes", "取值 1 至 60", "from 1 to 60"));
    }
    if asked.parties.is_empty() || asked.parties.len() > PARTIES {
        return Err(question("parties", "1 至 200 个主体", "1 to 200 parties"));
    }
    let now = now_s();
    if !asking.limiter.takes(&format!("reveal {account}"), asking.options.reveals_per_minute, now) {
        return Err(Trouble::TooOften);
    }
    // One that is out of sight makes the whole a refusal: nobody learns by halves.
    let parties: BTreeSet<_> = asked.parties.iter().map(|token| party(asking, token)).collect::<Result<_, _>>()?;
    let view = asking.view()?;
    let names = names(asking, &view, &BTreeSet::new(), &parties)?;
    let revealed = parties.iter().filter_map(|party| {
        let id = names.parties.get(party)?.clone();
        Some(Revealed { token: asking.tokens.token(*party), id })
    });
    let until = now + i64::from(asked.minutes) * 60;
    let answer = RevealAnswer { account, at: now, until, parties: revealed.collect() };
    let tokens: Vec<&str> = answer.parties.iter().map(|one| one.token.as_str()).collect();
    let detail = serde_json::json!({"parties": tokens, "reason": reason, "minutes": asked.minutes}).to_string();
    let object = tokens.first().map(|token| (*token).to_owned()).unwrap_or_default();
    let mut response = Json(answer).into_response();
    response.extensions_mut().insert(Noted { object, detail });
    Ok(response)
}
