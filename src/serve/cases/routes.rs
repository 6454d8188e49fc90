//! What can be done with a case? Each address is one deed: it checks, writes, and answers the case as it is then.

use super::answers::{CaseAnswer, CasesAnswer, answer, row};
use super::freeze::frozen;
use super::may;
use crate::model::Sentence;
use crate::serve::access::{Action, Asking, now_s};
use crate::serve::guard::json;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Account, Case, Note, Task};
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// A case to open.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct CaseAsked {
    /// What it is called.
    title: String,
    /// Rings to begin with.
    #[serde(default)]
    rings: Vec<String>,
}

/// A ring to attach.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct RingAsked {
    ring: String,
}

/// A remark.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct NoteAsked {
    text: String,
}

/// Something to be done.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct TaskAsked {
    text: String,
    assignee: String,
    /// `2026-12-31`.
    due: Option<String>,
}

/// Whether a task is done.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct DoneAsked {
    done: bool,
}

/// Who works on it.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct StaffAsked {
    owner: String,
    second: Option<String>,
    #[serde(default)]
    members: Vec<String>,
}

pub(super) type Body<T> = Result<Json<T>, JsonRejection>;
pub(super) type Answer = Result<Json<CaseAnswer>, Trouble>;

pub(super) fn read<T>(body: Body<T>) -> Result<T, Trouble> {
    json(body, |en| Trouble::Question("body", Sentence { zh: en.clone(), en }))
}

/// A text of some length: what somebody writes is kept as it is, trimmed.
fn words(name: &'static str, text: &str, most: usize) -> Result<String, Trouble> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(question(name, "不能为空, 也不能过长", "it may be neither empty nor longer than allowed"));
    }
    Ok(text.to_owned())
}

pub(super) fn not_so_far(zh: &str, en: &str) -> Trouble {
    Trouble::NotSoFar(Sentence { zh: zh.to_owned(), en: en.to_owned() })
}

pub(super) fn known(asking: &Asking, id: &str) -> Result<Case, Trouble> {
    asking.office(|office| office.case(id))?.ok_or(Trouble::NoSuchCase)
}

pub(super) fn now(asking: &Asking, id: &str) -> Answer {
    Ok(Json(answer(asking, &known(asking, id)?)?))
}

/// An account that can work on a case.
fn officer(asking: &Asking, name: &str) -> Result<Account, Trouble> {
    let found = asking.office(|office| office.account(name))?.filter(|account| !account.disabled);
    found.ok_or_else(|| question("account", "没有这个可用账号", "there is no such account, or it is disabled"))
}

/// The board: stages, and the cases that the account sees.
#[utoipa::path(get, path = "/v1/cases", responses((status = 200, body = CasesAnswer), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn cases(asking: Asking) -> Result<Json<CasesAnswer>, Trouble> {
    asking
        .work(|asking| {
            let (all, accounts) = asking.office(|office| Ok((office.cases()?, office.accounts()?)))?;
            let seen = all.iter().filter(|case| may(asking, &asking.viewer, Action::ReadCase, case));
            Ok(Json(CasesAnswer {
                stages: asking.stages.all.clone(),
                reasons: asking.stages.reasons.clone(),
                officers: accounts.into_iter().filter(|one| !one.disabled).map(|one| one.name).collect(),
                cases: seen.map(|case| row(asking, case)).collect(),
            }))
        })
        .await
}

/// One case.
#[utoipa::path(get, path = "/v1/cases/{id}", params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn case(asking: Asking, Path(id): Path<String>) -> Answer {
    asking.work(move |asking| now(asking, &id)).await
}

/// Opens a case; whoever opens it owns it.
#[utoipa::path(post, path = "/v1/cases", request_body = CaseAsked, responses(
    (status = 201, body = CaseAnswer), (status = 403, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn open_case(
    asking: Asking,
    body: Body<CaseAsked>,
) -> Result<(StatusCode, Json<CaseAnswer>), Trouble> {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let (title, at) = (words("title", &asked.title, 200)?, now_s());
            // All rings are looked at before anything is written.
            let rings: Vec<_> = asked.rings.iter().map(|ring| frozen(asking, ring, at)).collect::<Result<_, _>>()?;
            let (stage, account) = (asking.stages.first(), asking.account()?);
            let id = asking.office(|office| office.open_case(&title, stage, (account, at), year(at)))?;
            for (ring, rows) in rings {
                asking.office(|office| office.attach(&id, &ring, &rows))?;
            }
            Ok((StatusCode::CREATED, now(asking, &id)?))
        })
        .await
}

/// The year in which a moment lies.
fn year(at: i64) -> i32 {
    let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
    1970 + crate::model::Day(day).month().div_euclid(12)
}

/// Attaches a ring: its reasons become claims, the rows they cite are frozen.
#[utoipa::path(post, path = "/v1/cases/{id}/rings", request_body = RingAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn attach_ring(asking: Asking, Path(id): Path<String>, body: Body<RingAsked>) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let (ring, rows) = frozen(asking, &asked.ring, now_s())?;
            if !asking.office(|office| office.attach(&id, &ring, &rows))? {
                return Err(not_so_far("该线索已在案件中", "this ring is in the case already"));
            }
            now(asking, &id)
        })
        .await
}

/// Adds a remark.
#[utoipa::path(post, path = "/v1/cases/{id}/notes", request_body = NoteAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn note_case(asking: Asking, Path(id): Path<String>, body: Body<NoteAsked>) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let note = Note { text: words("text", &asked.text, 4_000)? };
            let account = asking.account()?;
            asking.office(|office| office.add_note(&id, (account, now_s()), &note))?;
            now(asking, &id)
        })
        .await
}

/// Adds something to be done, by somebody of the case.
#[utoipa::path(post, path = "/v1/cases/{id}/tasks", request_body = TaskAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn task_case(asking: Asking, Path(id): Path<String>, body: Body<TaskAsked>) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            if !known(asking, &id)?.has_member(&asked.assignee) {
                return Err(question("assignee", "须为本案成员", "somebody of the case"));
            }
            let text = words("text", &asked.text, 1_000)?;
            let due = asked.due.filter(|due| !due.is_empty());
            if due.as_deref().is_some_and(|due| due.len() != 10 || due.split('-').count() != 3) {
                return Err(question("due", "写作 2026-12-31", "write 2026-12-31"));
            }
            let task = Task { text, assignee: asked.assignee, due, done_at: None, done_by: None };
            let account = asking.account()?;
            asking.office(|office| office.add_task(&id, (account, now_s()), &task))?;
            now(asking, &id)
        })
        .await
}

/// Says that a task is done, or that it is not.
#[utoipa::path(post, path = "/v1/cases/{id}/tasks/{number}", request_body = DoneAsked,
    params(("id" = String, Path, description = "C-…"), ("number" = i64, Path, description = "of the task")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn set_task(
    asking: Asking,
    Path((id, number)): Path<(String, i64)>,
    body: Body<DoneAsked>,
) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let case = known(asking, &id)?;
            let task = case.tasks.iter().find(|task| task.number == number).ok_or(Trouble::NoSuchPage)?;
            let account = asking.account()?.to_owned();
            let done = asked.done.then(|| (now_s(), account));
            let (done_at, done_by) = (done.as_ref().map(|done| done.0), done.map(|done| done.1));
            let task = Task { done_at, done_by, ..task.content.clone() };
            asking.office(|office| office.set_task(&id, number, &task))?;
            now(asking, &id)
        })
        .await
}

/// Says who works on a case. The second officer is somebody else than the owner.
#[utoipa::path(post, path = "/v1/cases/{id}/staff", request_body = StaffAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn staff_case(asking: Asking, Path(id): Path<String>, body: Body<StaffAsked>) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let second = asked.second.filter(|name| !name.is_empty());
            if second.as_ref() == Some(&asked.owner) {
                return Err(question("second", "协办人须为另一人", "somebody else than the owner"));
            }
            for name in [&asked.owner].into_iter().chain(&second).chain(&asked.members) {
                officer(asking, name)?;
            }
            asking.office(|office| office.staff(&id, &asked.owner, second.as_deref(), &asked.members))?;
            now(asking, &id)
        })
        .await
}
