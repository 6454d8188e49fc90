//! What is a case? Its head, its rings with what they claimed, and what is in it.

use serde::{Deserialize, Serialize};

/// A case without what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHead {
    /// `C-2026-0001`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The stage it is in: an id of the configuration.
    pub stage: String,
    /// Since when, seconds since 1970-01-01 UTC.
    pub stage_since: i64,
    /// When it was opened, seconds since 1970-01-01 UTC.
    pub opened_at: i64,
    /// By whom.
    pub opened_by: String,
    /// Who is responsible.
    pub owner: String,
    /// The second officer.
    pub second: Option<String>,
    /// `confirmed` or `refuted`, once it is decided.
    pub verdict: Option<String>,
    /// The code of the reason.
    pub reason: Option<String>,
    /// When it was decided, seconds since 1970-01-01 UTC.
    pub decided_at: Option<i64>,
    /// The case that it went into: nothing is done with it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
}

/// A ring of a case, as it was when it was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRing {
    /// Its id.
    pub ring: String,
    /// The epoch it was looked at.
    pub epoch: u64,
    /// What it was then: see [`RingFacts`].
    pub facts: RingFacts,
    /// When it was attached, seconds since 1970-01-01 UTC.
    pub added_at: i64,
    /// By whom.
    pub added_by: String,
}

/// What a ring was when it was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingFacts {
    /// The typology that fitted best.
    pub typology: String,
    /// Log-odds in hundredths.
    pub score: i32,
    /// Fund money, fen.
    pub fund_fen: i64,
    /// All fees, fen.
    pub total_fen: i64,
    /// Insured persons.
    pub persons: usize,
    /// All beginnings of the codes of the regions it lay in.
    pub regions: Vec<String>,
    /// Why it was a lead.
    pub claims: Vec<Claim>,
    /// Codes of look-alikes with what they took off, hundredths.
    pub counter_evidence: Vec<(String, i32)>,
    /// What earlier verdicts had added to the score, hundredths.
    #[serde(default)]
    pub taught: i32,
}

/// A reason of a ring: it is proven by the evidence that cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Code of the reason.
    pub code: String,
    /// Log-odds in hundredths.
    pub score: i32,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Something in a case, with its number among its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item<T> {
    /// From 1.
    pub number: i64,
    /// When, seconds since 1970-01-01 UTC.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// What.
    pub content: T,
}

/// A frozen source row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The ring that cites it.
    pub ring: String,
    /// Its number in the workspace.
    pub reference: u64,
    /// Codes of the reasons that cite it.
    pub claims: Vec<String>,
    /// What it said, as JSON.
    pub said: String,
    /// SHA-256 of `said`.
    pub sha256: String,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What.
    pub text: String,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What.
    pub text: String,
    /// By whom.
    pub assignee: String,
    /// Until which day, `2026-12-31`.
    pub due: Option<String>,
    /// When it was done, seconds since 1970-01-01 UTC.
    pub done_at: Option<i64>,
    /// Who did it.
    pub done_by: Option<String>,
}

/// A way from one stage to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The stage it was in.
    pub from: String,
    /// The stage it is to be in.
    pub to: String,
    /// `asked`, `made` or `refused`.
    pub state: String,
    /// Why, in words.
    pub why: String,
    /// `confirmed` or `refuted`, where the step decides the case.
    pub verdict: Option<String>,
    /// The code of the reason.
    pub reason: Option<String>,
    /// Who decided it, where somebody else had to.
    pub decided_by: Option<String>,
    /// When, seconds since 1970-01-01 UTC.
    pub decided_at: Option<i64>,
    /// Where the step merges or splits cases instead of moving one; then `from` and `to` are the same stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// How a step merges or splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The other case comes into this one.
    TakesIn,
    /// This case went into the other one.
    GoneInto,
    /// Rings leave for a case of their own.
    Splits,
    /// This case was made of rings of the other one.
    CameFrom,
}

impl ChangeKind {
    /// The word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::TakesIn => "takes_in",
            ChangeKind::GoneInto => "gone_into",
            ChangeKind::Splits => "splits",
            ChangeKind::CameFrom => "came_from",
        }
    }
}

/// A merge or a split, as a step of each of the two cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which.
    pub kind: ChangeKind,
    /// The other case; none as long as a split waits.
    pub case: Option<String>,
    /// What the case is called that a split makes.
    pub title: Option<String>,
    /// The rings that go from one case to the other.
    pub rings: Vec<String>,
    /// Numbers of the documents that are copied into the case that a split makes.
    pub documents: Vec<i64>,
    /// From when on the clock of the stage counts afterwards, seconds since 1970-01-01 UTC; none as long as it waits.
    pub since: Option<i64>,
}

/// A sealed hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// SHA-256 of the archive.
    pub sha256: String,
    /// How long the archive is.
    pub bytes: u64,
    /// Files in it.
    pub files: usize,
    /// Whether personal identifiers stand in its list of members in full.
    pub revealed: bool,
    /// The step by which the second officer agreed.
    pub step: i64,
}

/// What the receiver of a hand-over gave for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number among the documents of the case.
    pub document: i64,
    /// The sealed hand-over that it is for.
    pub sealed: i64,
    /// The stage the case was in: the clock of that stage stops.
    pub stage: String,
}

/// A case with everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Title, stage, officers, verdict.
    pub head: CaseHead,
    /// The other members of its team.
    pub members: Vec<String>,
    /// Its rings.
    pub rings: Vec<CaseRing>,
    /// Frozen rows.
    pub evidence: Vec<Item<Frozen>>,
    /// Remarks.
    pub notes: Vec<Item<Note>>,
    /// What is to be done.
    pub tasks: Vec<Item<Task>>,
    /// Steps asked for, made and refused.
    pub steps: Vec<Item<Step>>,
    /// Hand-overs that were sealed.
    pub sealed: Vec<Item<Sealed>>,
    /// Receipts for them.
    pub receipts: Vec<Item<Receipt>>,
    /// Rings that left for another case, and which. Their rows stay where they were frozen, and are no part of this case.
    pub left: Vec<(String, String)>,
}

impl Case {
    /// Whether this account is its owner, second officer or of its team.
    #[must_use]
    pub fn has_member(&self, account: &str) -> bool {
        self.head.owner == account
            || self.head.second.as_deref() == Some(account)
            || self.members.iter().any(|member| member == account)
    }

    /// The step that waits for somebody's decision.
    #[must_use]
    pub fn asked(&self) -> Option<&Item<Step>> {
        self.steps.iter().rev().find(|step| step.content.state == "asked")
    }

    /// Whether a receipt stopped the clock of a stage that counts since a moment, until another.
    #[must_use]
    pub fn received(&self, stage: &str, since: i64, until: i64) -> bool {
        self.receipts.iter().any(|one| one.content.stage == stage && (since..=until).contains(&one.at))
    }
}
