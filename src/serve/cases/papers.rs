//! What is attached to a case: documents of any officer, and arrangements of its graph with what somebody wrote about them.
//!
//! A document is taken by what it is, not by what it says it is: PDF, pictures, workbooks and letters without programs in them, plain
//! text. It goes out only as a file to keep, never as something that a browser shows, and every one that is read stands in the log.
//! The owner takes one out of the case with a reason; it stays listed, and can be put back.

use super::answers::{CaseAnswer, answer};
use super::deeds::{known, not_so_far};
use super::rules::agreed;
use crate::model::Sentence;
use crate::serve::access::{Asking, Noted, now_s};
use crate::serve::guard::json;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Canvas, Office, StoreError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Bytes of a document at most.
pub(in crate::serve) const DOCUMENT_BYTES_MAX: usize = 16 << 20;
/// Documents of a case, and canvases of a case, at most.
pub(super) const PAPERS_MAX: usize = 200;
/// Bytes of all documents of a case at most: what is handed over is made in memory.
pub(super) const CASE_BYTES_MAX: u64 = 128 << 20;
/// Letters of a file's name, of a title and of a note at most.
const LETTERS: (usize, usize, usize) = (120, 120, 4_000);
/// Bytes of the steps of a canvas at most.
const STEPS_MAX: usize = 48 << 10;

/// What a document is called.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::serve) struct DocumentAsked {
    /// The name of its file, such as `询问笔录.pdf`; its ending says what it is.
    name: String,
}

/// An arrangement to keep.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct CanvasAsked {
    /// What it is called.
    title: String,
    /// What there is to say about it.
    #[serde(default)]
    note: String,
    /// The lead it begins with, or else a party.
    ring: Option<String>,
    /// The token of the party it begins with.
    party: Option<String>,
    /// The steps from there, as the page writes them.
    #[serde(default)]
    steps: String,
}

/// Whether a document is taken out of its case.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct RemovalAsked {
    /// Taken out, or else put back.
    removed: bool,
    /// Why, in words.
    why: String,
}

type Answer = Result<Response, Trouble>;

/// The ending of a document, and its media type by its contents.
fn kind(name: &str, bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
    let begins = |mark: &[u8]| bytes.starts_with(mark);
    let found = match ending.as_str() {
        "pdf" if begins(b"%PDF-") => ("pdf", "application/pdf"),
        "png" if begins(b"\x89PNG\r\n\x1a\n") => ("png", "image/png"),
        "jpg" | "jpeg" if begins(b"\xff\xd8\xff") => ("jpg", "image/jpeg"),
        "xlsx" if holds(bytes, "xl/") => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "docx" if holds(bytes, "word/") => {
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        "txt" | "csv" if is_text(bytes) => ("txt", "text/plain; charset=utf-8"),
        _ => return None,
    };
    Some(found)
}

/// Whether bytes are a document of an office, with this part and without programs.
fn holds(bytes: &[u8], part: &str) -> bool {
    crate::report::bundle::listed(bytes).is_some_and(|names| {
        names.iter().any(|name| name.starts_with(part))
            && names.iter().any(|name| name == "[Content_Types].xml")
            && !names.iter().any(|name| name.to_ascii_lowercase().contains("vba") || name.contains("activeX"))
    })
}

fn is_text(bytes: &[u8]) -> bool {
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
}

/// A name that is one: no folder, nothing that cannot be seen or that turns the direction of writing round.
fn is_name(name: &str) -> bool {
    let odd = |letter: char| {
        letter.is_control()
            || "/\\:*?\"<>|".contains(letter)
            || ('\u{200b}'..='\u{200f}').contains(&letter)
            || ('\u{202a}'..='\u{202e}').contains(&letter)
            || ('\u{2066}'..='\u{2069}').contains(&letter)
    };
    !name.starts_with('.') && !name.is_empty() && name.chars().count() <= LETTERS.0 && !name.chars().any(odd)
}

pub(super) fn too_many() -> Trouble {
    Trouble::NotSoFar(Sentence {
        zh: format!("每案最多 {PAPERS_MAX} 份, 文书合计不超过 {} MiB", CASE_BYTES_MAX >> 20),
        en: format!("a case holds {PAPERS_MAX} of them, and documents of {} MiB, at most", CASE_BYTES_MAX >> 20),
    })
}

/// Takes a document out of its case, or puts it back. It stays in the workspace with its hash, who did it and why; what was agreed to
/// be handed over, and the receipt for it, stay in the case.
#[utoipa::path(post, path = "/v1/cases/{id}/documents/{number}", request_body = RemovalAsked,
    params(("id" = String, Path, description = "C-…"), ("number" = i64, Path, description = "of the document")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn change_document(
    asking: Asking,
    Path((id, number)): Path<(String, i64)>,
    body: Result<Json<RemovalAsked>, JsonRejection>,
) -> Answer {
    let asked = json(body, |en| Trouble::Question("body", Sentence { zh: en.clone(), en }))?;
    asking.work(move |asking| remove(asking, &id, number, &asked)).await
}

fn remove(asking: &Asking, id: &str, number: i64, asked: &RemovalAsked) -> Answer {
    let why = super::deeds::words("why", &asked.why, 2_000)?;
    let case = known(asking, id)?;
    let all = asking.office(|office| office.documents(id))?;
    let document = all.iter().find(|one| one.number == number).ok_or(Trouble::NoSuchPage)?;
    let agreed = agreed(&case, &asking.stages).map(|step| step.content.decided_at.unwrap_or(step.at));
    if agreed.is_some_and(|agreed| document.at <= agreed) {
        let en = "the second officer agreed to hand it over: the case has to go back first";
        return Err(not_so_far("协办人已审批移交此文书，须先退回", en));
    }
    if case.receipts.iter().any(|one| one.content.document == number) {
        return Err(not_so_far(
            "此文书是移送回执，须留在案件中",
            "it is the receipt for a hand-over, which stays in the case",
        ));
    }
    let account = asking.account()?;
    let change = (asked.removed, why.as_str());
    if !asking.office(|office| office.change_document(id, number, (account, now_s()), change))? {
        return Err(not_so_far("文书已是该状态", "it is so already"));
    }
    let detail = serde_json::json!({"document": number, "sha256": document.sha256, "removed": asked.removed});
    answered(asking, id, StatusCode::OK, &detail)
}

/// The case as it is then, and what the log says.
pub(super) fn answered(asking: &Asking, id: &str, status: StatusCode, detail: &serde_json::Value) -> Answer {
    let case: CaseAnswer = answer(asking, &known(asking, id)?)?;
    let mut response = (status, Json(case)).into_response();
    response.extensions_mut().insert(Noted { object: id.to_owned(), detail: detail.to_string() });
    Ok(response)
}

/// Attaches a document: the body is the file itself, at most 16 MiB.
#[utoipa::path(post, path = "/v1/cases/{id}/documents", params(("id" = String, Path, description = "C-…"), DocumentAsked),
    request_body(content = Vec<u8>, description = "PDF, PNG, JPEG, XLSX, DOCX or UTF-8 text", content_type = "application/octet-stream"),
    responses((status = 201, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal),
        (status = 413, body = Refusal)))]
pub(in crate::serve) async fn add_document(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<DocumentAsked>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let asked = crate::serve::parties::asked(query)?;
    let bytes = file(body)?;
    asking.work(move |asking| attach(asking, &id, asked.name.trim(), &bytes)).await
}

/// The media type of a document that may be attached under this name.
pub(super) fn media(name: &str, bytes: &[u8]) -> Result<&'static str, Trouble> {
    if !is_name(name) {
        let en = "a name of a file of at most 120 letters, without folders";
        return Err(question("name", "文件名最长 120 字, 不含路径和不可见字符", en));
    }
    let Some((_, media)) = kind(name, bytes) else {
        let zh = "内容须与扩展名相符: pdf png jpg xlsx docx txt csv, 不含宏";
        let en = "what is in it must be what its ending says: pdf, png, jpg, xlsx, docx, txt or csv, without macros";
        return Err(question("document", zh, en));
    };
    Ok(media)
}

/// Whether a case has room for so many bytes more.
pub(super) fn has_room(office: &Office, id: &str, bytes: usize) -> Result<bool, StoreError> {
    let known = office.documents(id)?;
    let held = known.iter().map(|one| one.length).sum::<u64>() + bytes as u64;
    Ok(known.len() < PAPERS_MAX && held <= CASE_BYTES_MAX)
}

/// The bytes of a file that is sent as the body.
pub(super) fn file(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Trouble> {
    body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge(DOCUMENT_BYTES_MAX as u64),
        _ => question("body", "请求体中断", "the body broke off"),
    })
}

fn attach(asking: &Asking, id: &str, name: &str, bytes: &[u8]) -> Answer {
    let (media, account) = (media(name, bytes)?, asking.account()?);
    let number = asking.office(|office| {
        if !has_room(office, id, bytes.len())? {
            return Ok(None);
        }
        office.add_document(id, (account, now_s()), (name, media), bytes).map(Some)
    })?;
    let number = number.ok_or_else(too_many)?;
    // Neither name nor contents stand in the log: both may name somebody.
    let detail = serde_json::json!({"document": number, "sha256": crate::store::sha256(bytes), "bytes": bytes.len()});
    answered(asking, id, StatusCode::CREATED, &detail)
}

/// A document, as it was attached.
#[utoipa::path(get, path = "/v1/cases/{id}/documents/{number}",
    params(("id" = String, Path, description = "C-…"), ("number" = i64, Path, description = "of the document")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "it is not what was attached any more")))]
pub(in crate::serve) async fn document(asking: Asking, Path((id, number)): Path<(String, i64)>) -> Answer {
    asking.work(move |asking| read(asking, &id, number)).await
}

fn read(asking: &Asking, id: &str, number: i64) -> Answer {
    let found = asking.office(|office| office.document(id, number))?;
    let (document, bytes, whole) = found.ok_or(Trouble::NoSuchPage)?;
    if document.is_removed() {
        let (zh, en) = ("文书已移出本案".to_owned(), "it was taken out of the case".to_owned());
        return Err(Trouble::NotSoFar(Sentence { zh, en }));
    }
    if !whole {
        let zh = "文书内容与登记的 SHA-256 不符, 不予提供".to_owned();
        let en = "it does not match the SHA-256 that it was attached with".to_owned();
        return Err(Trouble::NotSoFar(Sentence { zh, en }));
    }
    let named = format!("attachment; filename=\"document-{number}\"; filename*=UTF-8''{}", percent(&document.name));
    let heads = [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_DISPOSITION, named)];
    let mut response = (heads, bytes).into_response();
    let detail = serde_json::json!({"document": number, "sha256": document.sha256}).to_string();
    response.extensions_mut().insert(Noted { object: id.to_owned(), detail });
    Ok(response)
}

/// A name as a header takes it.
fn percent(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Keeps an arrangement of a graph with what there is to say about it.
#[utoipa::path(post, path = "/v1/cases/{id}/canvases", request_body = CanvasAsked,
    params(("id" = String, Path, description = "C-…")), responses(
    (status = 201, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn add_canvas(
    asking: Asking,
    Path(id): Path<String>,
    body: Result<Json<CanvasAsked>, JsonRejection>,
) -> Answer {
    let asked = json(body, |en| Trouble::Question("body", Sentence { zh: en.clone(), en }))?;
    asking.work(move |asking| draw(asking, &id, asked)).await
}

fn draw(asking: &Asking, id: &str, asked: CanvasAsked) -> Answer {
    let title = super::deeds::words("title", &asked.title, LETTERS.1)?;
    let note = asked.note.trim();
    if note.chars().count() > LETTERS.2 {
        return Err(question("note", "最长 4000 字", "at most 4,000 letters"));
    }
    // Tokens, numbers and marks: nothing that somebody typed.
    if asked.steps.len() > STEPS_MAX || !asked.steps.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(question("steps", "画布的步骤", "steps as the page writes them"));
    }
    let view = asking.view()?;
    match (&asked.ring, &asked.party) {
        (Some(ring), None) => drop(view.ring(ring).ok_or_else(|| Trouble::NoSuchRing(ring.clone()))?),
        (None, Some(token)) => drop(crate::serve::parties::party(asking, token)?),
        _ => return Err(question("ring", "线索与主体任选其一", "a lead or a party")),
    }
    let canvas = Canvas {
        title,
        note: note.to_owned(),
        ring: asked.ring,
        party: asked.party,
        epoch: view.epoch,
        steps: asked.steps,
    };
    let account = asking.account()?;
    let number = asking.office(|office| {
        if office.canvases(id)?.len() >= PAPERS_MAX {
            return Ok(None);
        }
        office.add_canvas(id, (account, now_s()), &canvas).map(Some)
    })?;
    let number = number.ok_or_else(too_many)?;
    answered(asking, id, StatusCode::CREATED, &serde_json::json!({"canvas": number}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_what_its_contents_say() {
        let good: [(&str, &[u8]); 4] = [
            ("a.PDF", b"%PDF-1.7"),
            ("b.png", b"\x89PNG\r\n\x1a\nx"),
            ("c.jpeg", b"\xff\xd8\xff\xe0"),
            ("d.txt", "一\n".as_bytes()),
        ];
        for (name, bytes) in good {
            assert!(kind(name, bytes).is_some(), "{name}");
        }
        let bad: [(&str, &[u8]); 7] = [
            ("a.pdf", b"<html>"),
            ("a.html", b"<html>"),
            ("a.svg", b"<svg/>"),
            ("a", b"%PDF-"),
            ("a.txt", b"\0"),
            ("a.xlsx", b"PK\x03\x04"),
            ("a.exe", b"MZ"),
        ];
        for (name, bytes) in bad {
            assert!(kind(name, bytes).is_none(), "{name}");
        }
    }

    #[test]
    fn a_name_leads_nowhere() {
        assert!(is_name("询问笔录 1.pdf"));
        for odd in
            ["", ".pdf", "../a.pdf", "a/b.pdf", "a\\b.pdf", "a\n.pdf", "a\u{202e}fdp.exe", "<b>.pdf", &"长".repeat(121)]
        {
            assert!(!is_name(odd), "{odd}");
        }
        assert_eq!(percent("a 一\".pdf"), "a%20%E4%B8%80%22.pdf");
    }
}
