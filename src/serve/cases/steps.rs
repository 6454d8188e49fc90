//! How does a case go on? Somebody asks for a stage; where it needs that, somebody else agrees.

use super::answers::CaseAnswer;
use super::routes::{Answer, Body, known, not_so_far, now, read};
use super::rules::{hindered, missing};
use crate::serve::access::{Asking, now_s};
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::Step;
use axum::extract::Path;
use serde::Deserialize;
use utoipa::ToSchema;

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
