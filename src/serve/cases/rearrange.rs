//! How are cases merged and split? Asked for by somebody of the case, agreed to by somebody else, and in the history of both.
//!
//! Nothing gets out of a clock or an agreement that way: both cases of a merge are in one stage and the earlier clock goes on, a
//! split leaves stage, clock and officers as they are, and what is handed over or decided stays as it was.

use super::answers::CaseAnswer;
use super::deeds::{known, not_so_far, now, words, year};
use super::papers::{CASE_BYTES_MAX, PAPERS_MAX, too_many};
use super::permitted;
use super::rules::fixed;
use crate::serve::access::{Action, Asking, now_s};
use crate::serve::trouble::{Trouble, question};
use crate::store::{Case, Change, ChangeKind, Item, Step};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A case to take in.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct MergeAsked {
    /// The case that comes into this one.
    case: String,
    /// Why, in words.
    why: String,
}

/// A case to make of rings of another.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct SplitAsked {
    /// What the new case is called.
    title: String,
    /// The rings that leave; at least one stays.
    rings: Vec<String>,
    /// Numbers of documents to copy into the new case.
    #[serde(default)]
    documents: Vec<i64>,
    /// Why, in words.
    why: String,
}

/// Asks for another case to come into this one.
pub(super) fn merge(asking: &Asking, id: &str, asked: &MergeAsked) -> Result<CaseAnswer, Trouble> {
    if asked.case == id {
        return Err(question("case", "须为另一案件", "another case than this one"));
    }
    permitted(&asking.shared, &asking.viewer, Action::RearrangeCase, &asked.case)?;
    let (into, from) = (known(asking, id)?, known(asking, &asked.case)?);
    mergeable(asking, &from, &into)?;
    if from.asked().is_some() {
        return Err(waits(&from));
    }
    let change = Change {
        kind: ChangeKind::TakesIn,
        case: Some(asked.case.clone()),
        title: None,
        rings: from.rings.iter().map(|ring| ring.ring.clone()).collect(),
        documents: Vec::new(),
        since: None,
    };
    ask(asking, &into, &asked.why, change)
}

/// Asks for some rings to leave for a case of their own.
pub(super) fn split(asking: &Asking, id: &str, asked: SplitAsked) -> Result<CaseAnswer, Trouble> {
    let case = known(asking, id)?;
    let title = words("title", &asked.title, 200)?;
    let change = Change {
        kind: ChangeKind::Splits,
        case: None,
        title: Some(title),
        rings: asked.rings,
        documents: asked.documents,
        since: None,
    };
    splittable(asking, &case, &change)?;
    ask(asking, &case, &asked.why, change)
}

/// Keeps the step that waits for somebody else.
fn ask(asking: &Asking, case: &Case, why: &str, change: Change) -> Result<CaseAnswer, Trouble> {
    if case.asked().is_some() {
        return Err(waits(case));
    }
    let why = words("why", why, 2_000)?;
    let (from, to) = (case.head.stage.clone(), case.head.stage.clone());
    let (state, change) = ("asked".to_owned(), Some(change));
    let step = Step { from, to, state, why, verdict: None, reason: None, decided_by: None, decided_at: None, change };
    let account = asking.account()?;
    asking.office(|office| office.step(&case.head.id, None, (account, now_s()), &step))?;
    now(asking, &case.head.id)
}

/// Merges or splits as `step` says, which somebody else than whoever asked has just agreed to.
pub(super) fn carry_out(asking: &Asking, case: &Case, step: &Item<Step>) -> Result<(), Trouble> {
    let Some(change) = &step.content.change else { return Ok(()) };
    let by = (asking.account()?, now_s());
    if change.kind == ChangeKind::Splits {
        splittable(asking, case, change)?;
        asking.office(|office| office.split_case(&case.head, step, by, year(by.1)))?;
        return Ok(());
    }
    let other = change.case.as_deref().ok_or(Trouble::NoSuchCase)?;
    // Whoever agrees answers for both.
    permitted(&asking.shared, &asking.viewer, Action::DecideCase, other)?;
    let from = known(asking, other)?;
    mergeable(asking, &from, case)?;
    if from.asked().is_some() {
        return Err(waits(&from));
    }
    asking.office(|office| office.merge_cases((&from.head, &case.head), step, by))?;
    Ok(())
}

fn waits(case: &Case) -> Trouble {
    let id = &case.head.id;
    not_so_far(&format!("{id} 已有待审批的流转"), &format!("a step of {id} is waiting for a decision already"))
}

fn mergeable(asking: &Asking, from: &Case, into: &Case) -> Result<(), Trouble> {
    if let Some(why) = fixed(from, &asking.stages).or_else(|| fixed(into, &asking.stages)) {
        return Err(Trouble::NotSoFar(why));
    }
    if from.head.stage != into.head.stage {
        let en = "the two cases are in different stages: bring them into one before they are merged";
        return Err(not_so_far("两案阶段不同，先流转到同一阶段再并案", en));
    }
    let (one, other) =
        asking.office(|office| Ok((office.documents(&from.head.id)?, office.documents(&into.head.id)?)))?;
    let coming: Vec<_> = one.iter().filter(|one| !one.is_removed()).collect();
    let bytes = coming.iter().map(|one| one.length).sum::<u64>() + other.iter().map(|one| one.length).sum::<u64>();
    if coming.len() + other.len() > PAPERS_MAX || bytes > CASE_BYTES_MAX {
        return Err(too_many());
    }
    Ok(())
}

fn splittable(asking: &Asking, case: &Case, change: &Change) -> Result<(), Trouble> {
    if let Some(why) = fixed(case, &asking.stages) {
        return Err(Trouble::NotSoFar(why));
    }
    let there: BTreeSet<&str> = case.rings.iter().map(|ring| ring.ring.as_str()).collect();
    let leave: BTreeSet<&str> = change.rings.iter().map(String::as_str).collect();
    if leave.is_empty() || leave.len() != change.rings.len() || !leave.is_subset(&there) {
        return Err(question("rings", "须为本案线索, 每条一次", "rings of this case, each once"));
    }
    if leave.len() == there.len() {
        return Err(question("rings", "至少一条线索留在本案", "at least one ring stays in this case"));
    }
    let papers = asking.office(|office| office.documents(&case.head.id))?;
    let copied: BTreeSet<i64> = change.documents.iter().copied().collect();
    let there: BTreeSet<i64> = papers.iter().filter(|one| !one.is_removed()).map(|one| one.number).collect();
    if copied.len() != change.documents.len() || !copied.is_subset(&there) {
        return Err(question(
            "documents",
            "须为本案文书编号, 每份一次",
            "numbers of documents of this case, each once",
        ));
    }
    Ok(())
}
