//! Who is meant by this identifier? Asked in the body, so that no identifier ever stands in an address or a log.

use super::access::{Asking, Noted, now_s};
use super::guard::{json, short};
use super::parties::{Naming, PartyRef, names};
use super::rings::{RingRow, row};
use super::trouble::{Refusal, Trouble, question};
use crate::model::{Party, PartyKind};
use axum::extract::rejection::JsonRejection;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Rings of one answer.
const RINGS: usize = 20;

/// What to look for.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SearchAsked {
    /// An identifier in full, as it stands in the source (`psn_no`, `fixmedins_code`, a telephone …), or the id of a lead.
    text: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchAnswer {
    epoch: u64,
    /// Parties with exactly this identifier.
    parties: Vec<PartyRef>,
    /// Leads whose id begins so.
    rings: Vec<RingRow>,
}

/// Finds parties by their whole identifier, and leads by the beginning of their id.
#[utoipa::path(post, path = "/v1/search", request_body = SearchAsked, responses(
    (status = 200, body = SearchAnswer), (status = 400, body = Refusal), (status = 429, body = Refusal)))]
pub(super) async fn search(
    asking: Asking,
    body: Result<Json<SearchAsked>, JsonRejection>,
) -> Result<(Extension<Noted>, Json<SearchAnswer>), Trouble> {
    let asked = json(body, |_| question("text", "需要 JSON: {\"text\": …}", "JSON is wanted: {\"text\": …}"))?;
    short("text", &asked.text)?;
    let answer = asking.work(move |shared| find(shared, asked.text.trim())).await?;
    // Who was found, by the names that addresses use; never what was typed.
    let found: Vec<&str> = answer.parties.iter().map(|party| party.token.as_str()).collect();
    let noted = Noted { object: found.join(","), ..Noted::default() };
    Ok((Extension(noted), Json(answer)))
}

fn find(shared: &Asking, text: &str) -> Result<SearchAnswer, Trouble> {
    if let Ok(account) = shared.account()
        && !shared.limiter.takes(&format!("search {account}"), shared.options.searches_per_minute, now_s())
    {
        return Err(Trouble::TooOften);
    }
    let view = shared.view()?;
    let graph = shared.graph().ok();
    // The page shows kinds as words; somebody may type `person:ID`, as on the command line.
    let text =
        text.split_once(':').filter(|(kind, _)| kind.chars().all(char::is_alphabetic)).map_or(text, |(_, id)| id);
    let known = |party: &Party| {
        let linked = graph.as_ref().is_some_and(|graph| graph.snapshot.node(*party).is_some());
        linked || view.rings_of.contains_key(party)
    };
    let kinds = PartyKind::ALL.into_iter().filter(|kind| !kind.is_context() && *kind != PartyKind::Pharmacy);
    let found: BTreeSet<Party> =
        kinds.map(|kind| Party::of(kind, text)).filter(|party| party.is_some()).filter(known).collect();
    let mut seen = BTreeSet::new();
    for party in found {
        if shared.sees(party)? {
            seen.insert(party);
        }
    }
    let found = seen;
    let names = names(shared, &view, &BTreeSet::new(), &found)?;
    let naming = Naming { shared, view: &view, names: &names };
    let wanted = text.to_lowercase();
    let rings = view.rings.iter().filter(|one| wanted.len() >= 3 && one.ring.id.to_lowercase().starts_with(&wanted));
    Ok(SearchAnswer {
        epoch: view.epoch,
        parties: found.into_iter().map(|party| naming.party(party)).collect(),
        rings: rings.take(RINGS).map(|one| row(one, &view)).collect(),
    })
}
