//! At which addresses are cases worked on? Each is one deed of `deeds.rs`, which answers the case as it is then.

use super::answers::{CaseAnswer, CasesAnswer};
use super::deeds::{self, CaseAsked, DecisionAsked, DoneAsked, NoteAsked, RingAsked, StaffAsked, StepAsked, TaskAsked};
use super::rearrange::{self, MergeAsked, SplitAsked};
use crate::model::Sentence;
use crate::serve::access::Asking;
use crate::serve::guard::json;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;

type Body<T> = Result<Json<T>, JsonRejection>;
type Answer = Result<Json<CaseAnswer>, Trouble>;

fn read<T>(body: Body<T>) -> Result<T, Trouble> {
    json(body, |en| Trouble::Question("body", Sentence { zh: en.clone(), en }))
}

/// The board: stages, and the cases that the account sees.
#[utoipa::path(get, path = "/v1/cases", responses((status = 200, body = CasesAnswer), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn cases(asking: Asking) -> Result<Json<CasesAnswer>, Trouble> {
    asking.work(|asking| deeds::board(asking).map(Json)).await
}

/// One case.
#[utoipa::path(get, path = "/v1/cases/{id}", params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn case(asking: Asking, Path(id): Path<String>) -> Answer {
    asking.work(move |asking| deeds::now(asking, &id).map(Json)).await
}

/// Opens a case; whoever opens it owns it.
#[utoipa::path(post, path = "/v1/cases", request_body = CaseAsked, responses(
    (status = 201, body = CaseAnswer), (status = 403, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn open_case(
    asking: Asking,
    body: Body<CaseAsked>,
) -> Result<(StatusCode, Json<CaseAnswer>), Trouble> {
    let asked = read(body)?;
    asking.work(move |asking| Ok((StatusCode::CREATED, Json(deeds::open(asking, &asked)?)))).await
}

/// Attaches a ring: its reasons become claims, the rows they cite are frozen.
#[utoipa::path(post, path = "/v1/cases/{id}/rings", request_body = RingAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn attach_ring(asking: Asking, Path(id): Path<String>, body: Body<RingAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::attach(asking, &id, &asked).map(Json)).await
}

/// Adds a remark.
#[utoipa::path(post, path = "/v1/cases/{id}/notes", request_body = NoteAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn note_case(asking: Asking, Path(id): Path<String>, body: Body<NoteAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::note(asking, &id, &asked).map(Json)).await
}

/// Adds something to be done, by somebody of the case.
#[utoipa::path(post, path = "/v1/cases/{id}/tasks", request_body = TaskAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn task_case(asking: Asking, Path(id): Path<String>, body: Body<TaskAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::task(asking, &id, asked).map(Json)).await
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
    asking.work(move |asking| deeds::set_task(asking, &id, number, &asked).map(Json)).await
}

/// Says who works on a case. The second officer is somebody else than the owner.
#[utoipa::path(post, path = "/v1/cases/{id}/staff", request_body = StaffAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 400, body = Refusal), (status = 404, body = Refusal)))]
pub(in crate::serve) async fn staff_case(asking: Asking, Path(id): Path<String>, body: Body<StaffAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::staff(asking, &id, asked).map(Json)).await
}

/// Asks for the next stage. Where nobody has to agree, the case is in it at once.
#[utoipa::path(post, path = "/v1/cases/{id}/steps", request_body = StepAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn step_case(asking: Asking, Path(id): Path<String>, body: Body<StepAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::step(asking, &id, asked).map(Json)).await
}

/// Agrees to a step, a merge or a split that was asked for, or refuses it. Whoever asked cannot.
#[utoipa::path(post, path = "/v1/cases/{id}/steps/{number}", request_body = DecisionAsked,
    params(("id" = String, Path, description = "C-…"), ("number" = i64, Path, description = "of the step")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn decide_step(
    asking: Asking,
    Path((id, number)): Path<(String, i64)>,
    body: Body<DecisionAsked>,
) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| deeds::decide(asking, &id, number, &asked).map(Json)).await
}

/// Asks for another case to come into this one; somebody else agrees, as to a step. Both must be in one stage, neither handed
/// over nor decided. The other one stays as it is and is only read from then on.
#[utoipa::path(post, path = "/v1/cases/{id}/merge", request_body = MergeAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn merge_case(asking: Asking, Path(id): Path<String>, body: Body<MergeAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| rearrange::merge(asking, &id, &asked).map(Json)).await
}

/// Asks for some rings to leave for a case of their own; somebody else agrees, as to a step. The new case is in the same stage,
/// with the same officers and clock.
#[utoipa::path(post, path = "/v1/cases/{id}/split", request_body = SplitAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn split_case(asking: Asking, Path(id): Path<String>, body: Body<SplitAsked>) -> Answer {
    let asked = read(body)?;
    asking.work(move |asking| rearrange::split(asking, &id, asked).map(Json)).await
}
