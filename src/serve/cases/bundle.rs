//! How is a case handed over from the page? What it would hold is shown first; when the second officer has agreed it is sealed and
//! downloaded, which stays in the case with its hash; and the receipt that comes back stops the clock.

use super::answers::CaseAnswer;
use super::deeds::{known, not_so_far};
use super::handover::{Handover, handover, seal};
use super::papers::{answered, file, has_room, media, too_many};
use super::rules::agreed;
use crate::model::Sentence;
use crate::serve::access::{Action, Asking, Noted, Resource, now_s};
use crate::serve::guard::json;
use crate::serve::parties::Text;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Item, Sealed, sha256};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Members of one answer.
const NAMED_MAX: usize = 500;
/// Letters of a reason, at least and at most.
const REASON: (usize, usize) = (4, 400);

/// What a case would hand over.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct BundleAnswer {
    /// The files, in the order of the archive; manifest and signature come to them.
    files: Vec<FileRow>,
    /// Members by kind, each once.
    kinds: Vec<KindRow>,
    /// Who is named, masked, at most 500.
    named: Vec<NamedRow>,
    named_all: usize,
    /// What is missing before it may be sealed.
    missing: Option<Text>,
    /// The key that it is sealed with, ed25519, 64 hexadecimal digits: the receiver is told it by another way.
    public_key: String,
}

/// A file of a hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct FileRow {
    path: String,
    bytes: usize,
    sha256: String,
}

/// Members of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct KindRow {
    kind: String,
    count: usize,
}

/// Somebody who is named.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct NamedRow {
    ring: String,
    token: String,
    kind: String,
    /// Masked.
    id: String,
    role: String,
}

/// How to seal.
#[derive(Default, Deserialize, ToSchema)]
pub(in crate::serve) struct SealAsked {
    /// Why personal identifiers stand in the list of members in full; without it they are masked.
    reveal: Option<String>,
}

/// What a receipt is called, and what it is for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::serve) struct ReceiptAsked {
    /// The name of its file, such as `回执.pdf`; its ending says what it is.
    name: String,
    /// The number of the sealed hand-over it is for; the last one without it.
    sealed: Option<i64>,
}

type Answer = Result<Response, Trouble>;

/// What a case would hand over, and what is missing before it may be sealed. Nothing is sealed.
#[utoipa::path(get, path = "/v1/cases/{id}/bundle", params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = BundleAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn bundle(asking: Asking, Path(id): Path<String>) -> Answer {
    asking.work(move |asking| look(asking, &id)).await
}

fn look(asking: &Asking, id: &str) -> Answer {
    let key = asking.office(|office| office.seal())?;
    let Handover { files, kinds, members, missing } = handover(asking, id, false, &key)?;
    let file = |one: &crate::report::bundle::File| FileRow {
        path: one.path.clone(),
        bytes: one.bytes.len(),
        sha256: sha256(&one.bytes),
    };
    let named = members.iter().take(NAMED_MAX).map(|(ring, one)| NamedRow {
        ring: ring.clone(),
        token: one.token.clone(),
        kind: one.kind.clone(),
        id: one.id.clone(),
        role: one.role.to_owned(),
    });
    let answer = BundleAnswer {
        files: files.iter().map(file).collect(),
        kinds: kinds.into_iter().map(|(kind, count)| KindRow { kind, count }).collect(),
        named: named.collect(),
        named_all: members.len(),
        missing: missing.map(Text::from),
        public_key: key.public(),
    };
    let mut response = Json(answer).into_response();
    let detail = serde_json::json!({"dry_run": true, "revealed": false}).to_string();
    response.extensions_mut().insert(Noted { object: id.to_owned(), detail });
    Ok(response)
}

/// Seals what the second officer agreed to hand over: one zip, which `medring bundle verify` checks.
#[utoipa::path(post, path = "/v1/cases/{id}/bundle", request_body = SealAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 404, body = Refusal),
        (status = 409, body = Refusal), (status = 429, body = Refusal)))]
pub(in crate::serve) async fn seal_bundle(
    asking: Asking,
    Path(id): Path<String>,
    body: Result<Json<SealAsked>, JsonRejection>,
) -> Answer {
    let asked = json(body, |en| Trouble::Question("body", Sentence { zh: en.clone(), en }))?;
    asking.work(move |asking| send(asking, &id, &asked)).await
}

fn send(asking: &Asking, id: &str, asked: &SealAsked) -> Answer {
    if let Some(reason) = &asked.reveal {
        reveal(asking, id, reason)?;
    }
    let (_, archive, sum) = seal(asking, id, asked.reveal.is_some())?;
    let heads = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.zip\"")),
    ];
    let mut response = (heads, archive).into_response();
    let detail = serde_json::json!({"dry_run": false, "revealed": asked.reveal.is_some(), "sha256": sum});
    response.extensions_mut().insert(Noted { object: id.to_owned(), detail: detail.to_string() });
    Ok(response)
}

/// That identifiers stand in a hand-over in full is a reveal: permitted, bounded and in the log as one.
fn reveal(asking: &Asking, id: &str, reason: &str) -> Result<(), Trouble> {
    let (reason, account) = (reason.trim(), asking.account()?);
    if !asking.may(Action::Reveal, &Resource::Server) {
        return Err(Trouble::NotPermitted(Action::Reveal.word()));
    }
    if !(REASON.0..=REASON.1).contains(&reason.chars().count()) {
        return Err(question("reveal", "请写明理由, 4 至 400 字", "say why, in 4 to 400 letters"));
    }
    if !asking.limiter.takes(&format!("reveal {account}"), asking.options.reveals_per_minute, now_s()) {
        return Err(Trouble::TooOften);
    }
    let detail = serde_json::json!({"case": id, "reason": reason}).to_string();
    asking.log(&asking.viewer, Action::Reveal.word(), Noted { object: id.to_owned(), detail }, true)
}

/// Attaches what the receiver gave for a sealed hand-over: the body is the file itself, at most 16 MiB. The clock of the stage stops.
#[utoipa::path(post, path = "/v1/cases/{id}/receipts", params(("id" = String, Path, description = "C-…"), ReceiptAsked),
    request_body(content = Vec<u8>, description = "PDF, PNG, JPEG, XLSX, DOCX or UTF-8 text", content_type = "application/octet-stream"),
    responses((status = 201, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal),
        (status = 413, body = Refusal)))]
pub(in crate::serve) async fn add_receipt(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<ReceiptAsked>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let asked = crate::serve::parties::asked(query)?;
    let bytes = file(body)?;
    asking.work(move |asking| receive(asking, &id, &asked, &bytes)).await
}

fn receive(asking: &Asking, id: &str, asked: &ReceiptAsked, bytes: &[u8]) -> Answer {
    let name = asked.name.trim();
    let (media, account, case) = (media(name, bytes)?, asking.account()?, known(asking, id)?);
    let step = agreed(&case, &asking.stages).map(|step| step.number);
    let fits =
        |one: &&Item<Sealed>| Some(one.content.step) == step && asked.sealed.is_none_or(|number| number == one.number);
    let Some(sealed) = case.sealed.iter().rfind(fits) else {
        let en = "nothing was sealed since the hand-over was agreed to, or not under this number";
        return Err(not_so_far("本次移送获批后尚未封装，或没有该编号的交接包", en));
    };
    let place = (sealed.number, case.head.stage.as_str());
    let number = asking.office(|office| {
        if !has_room(office, id, bytes.len())? {
            return Ok(None);
        }
        office.add_receipt(id, (account, now_s()), (name, media), bytes, place).map(Some)
    })?;
    let number = number.ok_or_else(too_many)?;
    let detail = serde_json::json!({"document": number, "sha256": sha256(bytes), "bytes": bytes.len(),
        "receipt_for": sealed.content.sha256});
    answered(asking, id, StatusCode::CREATED, &detail)
}
