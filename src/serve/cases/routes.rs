//! What can be done with a case? Each address is one deed: it checks, writes, and answers the case as it is then.

use super::answers::{CaseAnswer, CasesAnswer, answer, row};
use super::may;
use super::rules::{hindered, missing};
use crate::model::Sentence;
use crate::report::masked_sentence;
use crate::serve::access::{Action, Asking, now_s};
use crate::serve::evidence::all_rows;
use crate::serve::parties::Text;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Account, Case, CaseRing, Claim, Frozen, Note, RingFacts, Step, Task, sha256};
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

/// A stage to go to.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct StepAsked {
    to: String,
    /// Why, in words.
    #[serde(default)]
    why: String,
    /// `confirmed` or `refuted`, where the case closes.
    verdict: Option<String>,
    /// A code of a reason that goes with it.
    reason: Option<String>,
}

/// Whether somebody agrees.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct DecisionAsked {
    approve: bool,
    #[serde(default)]
    why: String,
}

type Body<T> = Result<Json<T>, JsonRejection>;
type Answer = Result<Json<CaseAnswer>, Trouble>;

fn read<T>(body: Body<T>) -> Result<T, Trouble> {
    match body {
        Ok(Json(asked)) => Ok(asked),
        Err(error) => {
            let en = error.body_text();
            Err(Trouble::Question("body", Sentence { zh: en.clone(), en }))
        }
    }
}

/// A text of some length: what somebody writes is kept as it is, trimmed.
fn words(name: &'static str, text: &str, most: usize) -> Result<String, Trouble> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(question(name, "不能为空, 也不能过长", "it may be neither empty nor longer than allowed"));
    }
    Ok(text.to_owned())
}

fn not_so_far(zh: &str, en: &str) -> Trouble {
    Trouble::NotSoFar(Sentence { zh: zh.to_owned(), en: en.to_owned() })
}

fn known(asking: &Asking, id: &str) -> Result<Case, Trouble> {
    asking.office(|office| office.case(id))?.ok_or(Trouble::NoSuchCase)
}

fn now(asking: &Asking, id: &str) -> Answer {
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

/// A ring as it is now, with the rows that its reasons cite, each with its hash.
fn frozen(asking: &Asking, id: &str, at: i64) -> Result<(CaseRing, Vec<Frozen>), Trouble> {
    let view = asking.view()?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let whole = asking.shared.view_at(Some(view.epoch))?;
    let place = whole.by_id.get(id).copied();
    let regions = whole.regions(asking)?;
    let finding = &listed.ring.finding;
    let parties: Vec<_> = finding.members.iter().take(200).map(|member| member.party).collect();
    let claim = |factor: &crate::model::Factor| {
        let Text { zh, en } = masked_sentence(&factor.text, &parties, &view.names).into();
        Claim { code: factor.code.clone(), score: factor.score, zh, en }
    };
    let facts = RingFacts {
        typology: finding.typology.clone(),
        score: finding.score,
        fund_fen: finding.amount.fund_fen,
        total_fen: finding.amount.total_fen,
        persons: listed.counts.get(&crate::model::PartyKind::Person).copied().unwrap_or(0),
        regions: place.and_then(|at| regions.get(at)).into_iter().flatten().cloned().collect(),
        claims: finding.factors.iter().map(claim).collect(),
        counter_evidence: finding.counter_evidence.iter().map(|one| (one.code.clone(), one.score)).collect(),
    };
    let mut rows = Vec::new();
    for (reference, row) in all_rows(asking, &view, listed)? {
        let claims = row.factors.clone();
        let mut said = serde_json::to_value(&row).map_err(|error| Trouble::Failed(error.to_string()))?;
        // In how many rings a party is changes from epoch to epoch; the row does not.
        for party in said["parties"].as_array_mut().into_iter().flatten() {
            if let Some(party) = party.as_object_mut() {
                party.remove("rings");
            }
        }
        let said = said.to_string();
        let sha256 = sha256(said.as_bytes());
        rows.push(Frozen { ring: id.to_owned(), reference: reference.0, claims, said, sha256 });
    }
    let added_by = asking.account()?.to_owned();
    Ok((CaseRing { ring: id.to_owned(), epoch: view.epoch, facts, added_at: at, added_by }, rows))
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

/// Asks for the next stage. Where nobody has to agree, the case is in it at once.
#[utoipa::path(post, path = "/v1/cases/{id}/steps", request_body = StepAsked, params(("id" = String, Path, description = "C-…")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn step_case(asking: Asking, Path(id): Path<String>, body: Body<StepAsked>) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let case = known(asking, &id)?;
            if case.asked().is_some() {
                return Err(not_so_far("已有待审批的流转", "a step is waiting for a decision already"));
            }
            let why = asked.why.trim().chars().take(2_000).collect();
            let (from, to) = (case.head.stage.clone(), asked.to);
            let state = "asked".to_owned();
            let (verdict, reason) = (asked.verdict, asked.reason);
            let step = Step { from, to, state, why, verdict, reason, decided_by: None, decided_at: None };
            if let Some(why) = hindered(&case, &asking.stages, &step) {
                return Err(Trouble::NotSoFar(why));
            }
            let waits = asking.stages.stage(&step.to).is_some_and(|stage| stage.approval);
            let step = if waits { step } else { Step { state: "made".to_owned(), ..step } };
            let account = asking.account()?;
            asking.office(|office| office.step(&id, None, (account, now_s()), &step))?;
            now(asking, &id)
        })
        .await
}

/// Agrees to a step that was asked for, or refuses it. Whoever asked cannot.
#[utoipa::path(post, path = "/v1/cases/{id}/steps/{number}", request_body = DecisionAsked,
    params(("id" = String, Path, description = "C-…"), ("number" = i64, Path, description = "of the step")),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Refusal), (status = 409, body = Refusal)))]
pub(in crate::serve) async fn decide_step(
    asking: Asking,
    Path((id, number)): Path<(String, i64)>,
    body: Body<DecisionAsked>,
) -> Answer {
    let asked = read(body)?;
    asking
        .work(move |asking| {
            let case = known(asking, &id)?;
            let step = case.asked().filter(|step| step.number == number);
            let step = step.ok_or_else(|| not_so_far("没有待审批的流转", "no such step is waiting for a decision"))?;
            let account = asking.account()?;
            if step.by == account {
                return Err(not_so_far("审批人不能是申请人", "whoever asked for a step cannot agree to it"));
            }
            let to = asking.stages.stage(&step.content.to).ok_or(Trouble::NoSuchPage)?;
            if asked.approve
                && let Some(why) = missing(&case, to).into_iter().next()
            {
                return Err(Trouble::NotSoFar(why));
            }
            if !asked.approve && asked.why.trim().is_empty() {
                return Err(question("why", "退回须写明理由", "a refusal needs a reason"));
            }
            let said = asked.why.trim();
            let why = if said.is_empty() {
                step.content.why.clone()
            } else {
                format!("{} / {account}: {}", step.content.why, said.chars().take(2_000).collect::<String>())
            };
            let decided = Step {
                state: if asked.approve { "made" } else { "refused" }.to_owned(),
                decided_by: Some(account.to_owned()),
                decided_at: Some(now_s()),
                why,
                ..step.content.clone()
            };
            asking.office(|office| office.step(&id, Some(number), (account, now_s()), &decided))?;
            now(asking, &id)
        })
        .await
}
