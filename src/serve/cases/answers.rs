//! What does the page see of a case?

use super::may;
use super::rules::{approval, clock, missing, unproven};
use super::stages::{Reason, Stage, Stages};
use crate::serve::access::{Action, Asking, now_s};
use crate::serve::parties::Text;
use crate::serve::trouble::Trouble;
use crate::store::{
    Canvas, Case, Change, Document, DocumentChange, Drawn, Frozen, Item, Note, Receipt, Sealed, Step, Task, sha256,
};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Frozen rows of one answer.
const ROWS: usize = 500;
/// What an account is told that it may do with a case.
const ACTIONS: [Action; 7] = [
    Action::WorkCase,
    Action::MoveCase,
    Action::DecideCase,
    Action::StaffCase,
    Action::RearrangeCase,
    Action::RemoveDocument,
    Action::BuildBundle,
];

/// The board.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct CasesAnswer {
    /// The way of a case, in order.
    pub(super) stages: Vec<Stage>,
    /// Reasons for a verdict.
    pub(super) reasons: Vec<Reason>,
    /// Who can be named in a case: accounts that are not disabled.
    pub(super) officers: Vec<String>,
    /// Cases that the account sees, newest first.
    pub(super) cases: Vec<CaseRow>,
}

/// A card of the board.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct CaseRow {
    id: String,
    title: String,
    stage: String,
    /// Seconds since 1970-01-01 UTC.
    stage_since: i64,
    /// When the clock of the stage runs out, seconds since 1970-01-01 UTC.
    due_at: Option<i64>,
    /// `green`, `amber`, `red`, `met` where a receipt stopped it, or `none`.
    clock: String,
    owner: String,
    second: Option<String>,
    members: Vec<String>,
    opened_at: i64,
    opened_by: String,
    rings: usize,
    fund_fen: i64,
    /// What somebody has to agree to: the stage that was asked for, and by whom.
    asked: Option<AskedFor>,
    verdict: Option<String>,
    reason: Option<String>,
    decided_at: Option<i64>,
    /// The case that it went into: it is only read any more.
    merged_into: Option<String>,
}

/// A step that waits for somebody's decision.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct AskedFor {
    number: i64,
    to: String,
    by: String,
    /// `takes_in` or `splits`, where it is no step to another stage.
    change: Option<String>,
}

/// A case with everything in it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct CaseAnswer {
    pub(super) case: CaseRow,
    /// What the account may do: `work_case`, `move_case`, `decide_case`, `staff_case`, `rearrange_case`, `remove_document`, `build_bundle`.
    may: Vec<String>,
    /// Stages that may follow, each with what is missing.
    next: Vec<NextRow>,
    rings: Vec<RingOfCase>,
    /// Frozen rows, at most 500.
    evidence: Vec<EvidenceRow>,
    evidence_all: usize,
    /// SHA-256 over the hashes of all frozen rows in order: names the whole chain in one line.
    evidence_sha256: String,
    notes: Vec<NoteRow>,
    tasks: Vec<TaskRow>,
    steps: Vec<StepRow>,
    documents: Vec<DocumentRow>,
    canvases: Vec<CanvasRow>,
    /// Whether the second officer stands behind a hand-over.
    handover: HandoverRow,
    /// Hand-overs that were sealed.
    sealed: Vec<SealedRow>,
    /// Receipts for them.
    receipts: Vec<ReceiptRow>,
}

/// The agreement to a hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct HandoverRow {
    /// The step by which the second officer agreed.
    step: Option<i64>,
    /// When, seconds since 1970-01-01 UTC.
    agreed_at: Option<i64>,
    /// What is missing before one may be sealed.
    missing: Option<Text>,
}

/// A sealed hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct SealedRow {
    number: i64,
    at: i64,
    by: String,
    /// SHA-256 of the archive.
    sha256: String,
    bytes: u64,
    files: usize,
    /// Whether personal identifiers stand in its list of members in full.
    revealed: bool,
    /// The step by which the second officer agreed.
    step: i64,
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct ReceiptRow {
    at: i64,
    by: String,
    /// Its number among the documents.
    document: i64,
    /// The sealed hand-over that it is for.
    sealed: i64,
    /// The stage whose clock it stopped.
    stage: String,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct DocumentRow {
    number: i64,
    at: i64,
    by: String,
    /// What its file is called.
    name: String,
    /// Its media type.
    media: String,
    bytes: u64,
    sha256: String,
    /// Whether it is taken out of the case.
    removed: bool,
    /// When it was taken out and put back, in that order.
    changes: Vec<DocumentChangeRow>,
}

/// A document was taken out, or put back.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct DocumentChangeRow {
    at: i64,
    by: String,
    removed: bool,
    why: String,
}

/// An arrangement of a graph.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct CanvasRow {
    number: i64,
    at: i64,
    by: String,
    title: String,
    note: String,
    /// The lead it begins with; or else a party.
    ring: Option<String>,
    party: Option<String>,
    /// The epoch it was drawn from.
    epoch: u64,
    /// The steps from there, as the page writes them.
    steps: String,
}

/// A stage that may follow.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct NextRow {
    stage: String,
    approval: bool,
    verdict: bool,
    missing: Vec<Text>,
}

/// A ring as it was attached.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct RingOfCase {
    ring: String,
    epoch: u64,
    typology: String,
    /// Log-odds.
    score: f64,
    fund_fen: i64,
    persons: usize,
    added_at: i64,
    added_by: String,
    /// Whether the workspace still has it, and so.
    unchanged: bool,
    claims: Vec<ClaimRow>,
}

/// A reason of a ring.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct ClaimRow {
    code: String,
    score: f64,
    text: Text,
    /// Frozen rows that show it.
    rows: usize,
    proven: bool,
}

/// A frozen row.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct EvidenceRow {
    number: i64,
    ring: String,
    claims: Vec<String>,
    /// What it said, masked, as it was hashed.
    said: String,
    sha256: String,
    /// Whether it still is what it was.
    intact: bool,
    at: i64,
    by: String,
}

/// A remark.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct NoteRow {
    number: i64,
    at: i64,
    by: String,
    text: String,
}

/// Something to be done.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct TaskRow {
    number: i64,
    at: i64,
    by: String,
    text: String,
    assignee: String,
    due: Option<String>,
    done_at: Option<i64>,
    done_by: Option<String>,
}

/// A step, asked for, made or refused.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct StepRow {
    number: i64,
    at: i64,
    by: String,
    from: String,
    to: String,
    state: String,
    why: String,
    verdict: Option<String>,
    reason: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    /// A merge or a split.
    change: Option<ChangeRow>,
}

/// A merge or a split.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct ChangeRow {
    /// `takes_in`, `gone_into`, `splits` or `came_from`.
    kind: String,
    /// The other case; none as long as a split waits.
    case: Option<String>,
    /// What the case is called that a split makes.
    title: Option<String>,
    /// The rings that go from one case to the other.
    rings: Vec<String>,
    /// Numbers of the documents that a split copies.
    documents: Vec<i64>,
}

/// A card.
pub(super) fn row(asking: &Asking, case: &Case) -> CaseRow {
    let head = &case.head;
    let stage = asking.stages.stage(&head.stage).filter(|_| head.merged_into.is_none());
    let received = case.received(&head.stage, head.stage_since, i64::MAX);
    let (clock, due_at) = clock(stage, head.stage_since, received, now_s());
    let asked = |step: &Item<Step>| AskedFor {
        number: step.number,
        to: step.content.to.clone(),
        by: step.by.clone(),
        change: step.content.change.as_ref().map(|change| change.kind.word().to_owned()),
    };
    CaseRow {
        id: head.id.clone(),
        title: head.title.clone(),
        stage: head.stage.clone(),
        stage_since: head.stage_since,
        due_at,
        clock: clock.word().to_owned(),
        owner: head.owner.clone(),
        second: head.second.clone(),
        members: case.members.clone(),
        opened_at: head.opened_at,
        opened_by: head.opened_by.clone(),
        rings: case.rings.len(),
        fund_fen: case.rings.iter().map(|ring| ring.facts.fund_fen).sum(),
        asked: case.asked().map(asked),
        verdict: head.verdict.clone(),
        reason: head.reason.clone(),
        decided_at: head.decided_at,
        merged_into: head.merged_into.clone(),
    }
}

/// A case as the one who asks sees it.
pub(super) fn answer(asking: &Asking, case: &Case) -> Result<CaseAnswer, Trouble> {
    // A case that went into another is only read.
    let actions = if case.head.merged_into.is_none() { &ACTIONS[..] } else { &[] };
    let permitted = actions.iter().filter(|action| may(asking, &asking.viewer, **action, case));
    let stages = &asking.stages;
    let next = stages.stage(&case.head.stage).into_iter().flat_map(|stage| &stage.next);
    let next = next.filter_map(|id| stages.stage(id)).map(|stage| NextRow {
        stage: stage.id.clone(),
        approval: stage.approval,
        verdict: stage.verdict,
        missing: missing(case, stage).into_iter().map(Text::from).collect(),
    });
    let (documents, canvases) =
        asking.office(|office| Ok((office.documents(&case.head.id)?, office.canvases(&case.head.id)?)))?;
    let hashes: String = case.evidence.iter().map(|one| one.content.sha256.as_str()).collect();
    Ok(CaseAnswer {
        may: permitted.map(|action| action.word().to_owned()).collect(),
        next: next.collect(),
        rings: rings(asking, case),
        evidence: case.evidence.iter().take(ROWS).map(evidence).collect(),
        evidence_all: case.evidence.len(),
        evidence_sha256: sha256(hashes.as_bytes()),
        notes: case.notes.iter().map(note).collect(),
        tasks: case.tasks.iter().map(task).collect(),
        steps: case.steps.iter().map(step).collect(),
        documents: documents.into_iter().map(document).collect(),
        canvases: canvases.into_iter().map(canvas).collect(),
        handover: handover(case, stages),
        sealed: case.sealed.iter().map(sealed).collect(),
        receipts: case.receipts.iter().map(receipt).collect(),
        case: row(asking, case),
    })
}

fn rings(asking: &Asking, case: &Case) -> Vec<RingOfCase> {
    let now = asking.shared.view();
    let open: BTreeSet<(String, String)> = unproven(case).into_iter().collect();
    let of = |ring: &crate::store::CaseRing| {
        let facts = &ring.facts;
        let cites = |code: &str| {
            let rows = case.evidence.iter().filter(|one| one.content.ring == ring.ring);
            rows.filter(|one| one.content.claims.iter().any(|claim| claim == code)).count()
        };
        let claims = facts.claims.iter().map(|claim| ClaimRow {
            code: claim.code.clone(),
            score: f64::from(claim.score) / 100.0,
            text: Text { zh: claim.zh.clone(), en: claim.en.clone() },
            rows: cites(&claim.code),
            proven: !open.contains(&(ring.ring.clone(), claim.code.clone())),
        });
        RingOfCase {
            unchanged: now.ring(&ring.ring).is_some_and(|listed| {
                let finding = &listed.ring.finding;
                finding.score == facts.score && finding.amount.fund_fen == facts.fund_fen
            }),
            ring: ring.ring.clone(),
            epoch: ring.epoch,
            typology: facts.typology.clone(),
            score: f64::from(facts.score) / 100.0,
            fund_fen: facts.fund_fen,
            persons: facts.persons,
            added_at: ring.added_at,
            added_by: ring.added_by.clone(),
            claims: claims.collect(),
        }
    };
    case.rings.iter().map(of).collect()
}

fn evidence(one: &Item<Frozen>) -> EvidenceRow {
    EvidenceRow {
        number: one.number,
        ring: one.content.ring.clone(),
        claims: one.content.claims.clone(),
        intact: sha256(one.content.said.as_bytes()) == one.content.sha256,
        said: one.content.said.clone(),
        sha256: one.content.sha256.clone(),
        at: one.at,
        by: one.by.clone(),
    }
}

fn note(one: &Item<Note>) -> NoteRow {
    NoteRow { number: one.number, at: one.at, by: one.by.clone(), text: one.content.text.clone() }
}

fn task(one: &Item<Task>) -> TaskRow {
    let Task { text, assignee, due, done_at, done_by } = one.content.clone();
    TaskRow { number: one.number, at: one.at, by: one.by.clone(), text, assignee, due, done_at, done_by }
}

fn document(one: Document) -> DocumentRow {
    let removed = one.is_removed();
    let Document { number, at, by, name, media, sha256, length, changes } = one;
    let change = |one| {
        let DocumentChange { at, by, removed, why } = one;
        DocumentChangeRow { at, by, removed, why }
    };
    let changes = changes.into_iter().map(change).collect();
    DocumentRow { number, at, by, name, media, bytes: length, sha256, removed, changes }
}

fn canvas(one: Drawn) -> CanvasRow {
    let Canvas { title, note, ring, party, epoch, steps } = one.canvas;
    CanvasRow { number: one.number, at: one.at, by: one.by, title, note, ring, party, epoch, steps }
}

fn step(one: &Item<Step>) -> StepRow {
    let Step { from, to, state, why, verdict, reason, decided_by, decided_at, change } = one.content.clone();
    let (number, at, by) = (one.number, one.at, one.by.clone());
    let change = change.map(|change| {
        let Change { kind, case, title, rings, documents, .. } = change;
        ChangeRow { kind: kind.word().to_owned(), case, title, rings, documents }
    });
    StepRow { number, at, by, from, to, state, why, verdict, reason, decided_by, decided_at, change }
}

fn handover(case: &Case, stages: &Stages) -> HandoverRow {
    match approval(case, stages) {
        Ok(step) => HandoverRow { step: Some(step.number), agreed_at: step.content.decided_at, missing: None },
        Err(missing) => HandoverRow { step: None, agreed_at: None, missing: Some(missing.into()) },
    }
}

fn sealed(one: &Item<Sealed>) -> SealedRow {
    let Sealed { sha256, bytes, files, revealed, step } = one.content.clone();
    SealedRow { number: one.number, at: one.at, by: one.by.clone(), sha256, bytes, files, revealed, step }
}

fn receipt(one: &Item<Receipt>) -> ReceiptRow {
    let Receipt { document, sealed, stage } = one.content.clone();
    ReceiptRow { at: one.at, by: one.by.clone(), document, sealed, stage }
}
