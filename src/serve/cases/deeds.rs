//! What can be done with a case? Each deed checks, writes, and answers the case as it is then; behind an address and on the
//! command line alike. Who may do it is asked before.

use super::answers::{CaseAnswer, CasesAnswer, answer, row};
use super::freeze::frozen;
use super::may;
use super::rearrange::carry_out;
use super::rules::{hindered, missing};
use crate::model::Sentence;
use crate::serve::access::{Action, Asking, now_s};
use crate::serve::trouble::{Trouble, question};
use crate::store::{Account, Case, Item, Note, Step, Task};
use serde::Deserialize;
use utoipa::ToSchema;

/// A case to open.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct CaseAsked {
    /// What it is called.
    pub(in crate::serve) title: String,
    /// Rings to begin with.
    #[serde(default)]
    pub(in crate::serve) rings: Vec<String>,
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
    pub(in crate::serve) owner: String,
    pub(in crate::serve) second: Option<String>,
    #[serde(default)]
    pub(in crate::serve) members: Vec<String>,
}

/// A stage to go to.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct StepAsked {
    pub(in crate::serve) to: String,
    /// Why, in words.
    #[serde(default)]
    pub(in crate::serve) why: String,
    /// `confirmed` or `refuted`, where the case closes.
    pub(in crate::serve) verdict: Option<String>,
    /// A code of a reason that goes with it.
    pub(in crate::serve) reason: Option<String>,
}

/// Whether somebody agrees.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct DecisionAsked {
    pub(in crate::serve) approve: bool,
    #[serde(default)]
    pub(in crate::serve) why: String,
}

type Answer = Result<CaseAnswer, Trouble>;

/// A text of some length: what somebody writes is kept as it is, trimmed.
pub(super) fn words(name: &'static str, text: &str, most: usize) -> Result<String, Trouble> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(question(name, "不能为空, 也不能过长", "it may be neither empty nor longer than allowed"));
    }
    Ok(text.to_owned())
}

pub(super) fn not_so_far(zh: &str, en: &str) -> Trouble {
    Trouble::NotSoFar(Sentence { zh: zh.to_owned(), en: en.to_owned() })
}

/// The case as the store holds it.
pub(in crate::serve) fn known(asking: &Asking, id: &str) -> Result<Case, Trouble> {
    asking.office(|office| office.case(id))?.ok_or(Trouble::NoSuchCase)
}

/// The case as it is now.
pub(in crate::serve) fn now(asking: &Asking, id: &str) -> Answer {
    answer(asking, &known(asking, id)?)
}

/// An account that can work on a case.
fn officer(asking: &Asking, name: &str) -> Result<Account, Trouble> {
    let found = asking.office(|office| office.account(name))?.filter(|account| !account.disabled);
    found.ok_or_else(|| question("account", "没有这个可用账号", "there is no such account, or it is disabled"))
}

/// Stages, reasons, officers, and the cases that the account sees.
pub(in crate::serve) fn board(asking: &Asking) -> Result<CasesAnswer, Trouble> {
    let (all, accounts) = asking.office(|office| Ok((office.cases()?, office.accounts()?)))?;
    let seen = all.iter().filter(|case| may(asking, &asking.viewer, Action::ReadCase, case));
    Ok(CasesAnswer {
        stages: asking.stages.all.clone(),
        reasons: asking.stages.reasons.clone(),
        officers: accounts.into_iter().filter(|one| !one.disabled).map(|one| one.name).collect(),
        cases: seen.map(|case| row(asking, case)).collect(),
    })
}

/// Opens a case; whoever opens it owns it.
pub(in crate::serve) fn open(asking: &Asking, asked: &CaseAsked) -> Answer {
    let (title, at) = (words("title", &asked.title, 200)?, now_s());
    // All rings are looked at before anything is written.
    let rings: Vec<_> = asked.rings.iter().map(|ring| frozen(asking, ring, at)).collect::<Result<_, _>>()?;
    let (stage, account) = (asking.stages.first(), asking.account()?);
    let id = asking.office(|office| office.open_case(&title, stage, (account, at), year(at)))?;
    for (ring, rows) in rings {
        asking.office(|office| office.attach(&id, &ring, &rows))?;
    }
    now(asking, &id)
}

/// The year in which a moment lies.
pub(super) fn year(at: i64) -> i32 {
    let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
    1970 + crate::model::Day(day).month().div_euclid(12)
}

/// Attaches a ring: its reasons become claims, the rows they cite are frozen.
pub(super) fn attach(asking: &Asking, id: &str, asked: &RingAsked) -> Answer {
    if let Some((ring, to)) = known(asking, id)?.left.iter().find(|left| left.0 == asked.ring) {
        let en = format!("{ring} left for {to}: it comes back when that case is merged into this one");
        return Err(not_so_far(&format!("{ring} 已分出到 {to}，并案后方可回到本案"), &en));
    }
    let (ring, rows) = frozen(asking, &asked.ring, now_s())?;
    if !asking.office(|office| office.attach(id, &ring, &rows))? {
        return Err(not_so_far("该线索已在案件中", "this ring is in the case already"));
    }
    now(asking, id)
}

/// Adds a remark.
pub(super) fn note(asking: &Asking, id: &str, asked: &NoteAsked) -> Answer {
    let note = Note { text: words("text", &asked.text, 4_000)? };
    let account = asking.account()?;
    asking.office(|office| office.add_note(id, (account, now_s()), &note))?;
    now(asking, id)
}

/// Adds something to be done, by somebody of the case.
pub(super) fn task(asking: &Asking, id: &str, asked: TaskAsked) -> Answer {
    if !known(asking, id)?.has_member(&asked.assignee) {
        return Err(question("assignee", "须为本案成员", "somebody of the case"));
    }
    let text = words("text", &asked.text, 1_000)?;
    let due = asked.due.filter(|due| !due.is_empty());
    if due.as_deref().is_some_and(|due| due.len() != 10 || due.split('-').count() != 3) {
        return Err(question("due", "写作 2026-12-31", "write 2026-12-31"));
    }
    let task = Task { text, assignee: asked.assignee, due, done_at: None, done_by: None };
    let account = asking.account()?;
    asking.office(|office| office.add_task(id, (account, now_s()), &task))?;
    now(asking, id)
}

/// Says that a task is done, or that it is not.
pub(super) fn set_task(asking: &Asking, id: &str, number: i64, asked: &DoneAsked) -> Answer {
    let case = known(asking, id)?;
    let task = case.tasks.iter().find(|task| task.number == number).ok_or(Trouble::NoSuchPage)?;
    let account = asking.account()?.to_owned();
    let done = asked.done.then(|| (now_s(), account));
    let (done_at, done_by) = (done.as_ref().map(|done| done.0), done.map(|done| done.1));
    let task = Task { done_at, done_by, ..task.content.clone() };
    asking.office(|office| office.set_task(id, number, &task))?;
    now(asking, id)
}

/// Says who works on a case. The second officer is somebody else than the owner.
pub(in crate::serve) fn staff(asking: &Asking, id: &str, asked: StaffAsked) -> Answer {
    let second = asked.second.filter(|name| !name.is_empty());
    if second.as_ref() == Some(&asked.owner) {
        return Err(question("second", "协办人须为另一人", "somebody else than the owner"));
    }
    for name in [&asked.owner].into_iter().chain(&second).chain(&asked.members) {
        officer(asking, name)?;
    }
    asking.office(|office| office.staff(id, &asked.owner, second.as_deref(), &asked.members))?;
    now(asking, id)
}

/// Asks for the next stage. Where nobody has to agree, the case is in it at once.
pub(in crate::serve) fn step(asking: &Asking, id: &str, asked: StepAsked) -> Answer {
    let case = known(asking, id)?;
    if case.asked().is_some() {
        return Err(not_so_far("已有待审批的流转", "a step is waiting for a decision already"));
    }
    let why = asked.why.trim().chars().take(2_000).collect();
    let (from, to) = (case.head.stage.clone(), asked.to);
    let state = "asked".to_owned();
    let (verdict, reason) = (asked.verdict, asked.reason);
    let step = Step { from, to, state, why, verdict, reason, decided_by: None, decided_at: None, change: None };
    if let Some(why) = hindered(&case, &asking.stages, &step) {
        return Err(Trouble::NotSoFar(why));
    }
    let waits = asking.stages.stage(&step.to).is_some_and(|stage| stage.approval);
    let step = if waits { step } else { Step { state: "made".to_owned(), ..step } };
    let account = asking.account()?;
    asking.office(|office| office.step(id, None, (account, now_s()), &step))?;
    now(asking, id)
}

/// Agrees to a step, a merge or a split that was asked for, or refuses it. Whoever asked cannot.
pub(in crate::serve) fn decide(asking: &Asking, id: &str, number: i64, asked: &DecisionAsked) -> Answer {
    let case = known(asking, id)?;
    let step = case.asked().filter(|step| step.number == number);
    let step = step.ok_or_else(|| not_so_far("没有待审批的流转", "no such step is waiting for a decision"))?;
    let account = asking.account()?;
    if step.by == account {
        return Err(not_so_far("审批人不能是申请人", "whoever asked for a step cannot agree to it"));
    }
    let to = asking.stages.stage(&step.content.to).ok_or(Trouble::NoSuchPage)?;
    let rearranges = step.content.change.is_some();
    if asked.approve
        && !rearranges
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
    if asked.approve && rearranges {
        carry_out(asking, &case, &Item { content: decided, ..step.clone() })?;
    } else {
        asking.office(|office| office.step(id, Some(number), (account, now_s()), &decided))?;
    }
    now(asking, id)
}
