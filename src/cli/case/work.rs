//! `medring case new|show|move|assign|approve`: what a named account does with a case, by the rules of the page.

use crate::cli::Failure;
use crate::cli::check::Language;
use crate::cli::officer::{Officer, refused};
use crate::cli::output::{self, Listing, Shape};
use crate::report::yuan;
use crate::serve::{Desk, DeskError};
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

/// Which workspace, by whom, and how to print.
#[derive(Args, Debug)]
struct At {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    #[command(flatten)]
    officer: Officer,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// `medring case new`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring case new '一案' --ring R-1a2b3c4d5e6f --workspace ws --as lin")]
pub(in crate::cli) struct New {
    /// What it is called
    #[arg(value_name = "TITLE")]
    title: String,
    /// A ring to begin with; may be given more than once
    #[arg(long, value_name = "R-…")]
    ring: Vec<String>,
    #[command(flatten)]
    at: At,
}

/// `medring case show`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring case show C-2026-0001 --workspace ws --as lin --lang en")]
pub(in crate::cli) struct Show {
    /// The case
    #[arg(value_name = "C-…")]
    case: String,
    #[command(flatten)]
    at: At,
}

/// `medring case move`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example / 示例:\n  medring case move C-2026-0001 --to check --why '先核查' --workspace ws --as lin\n  medring case move C-2026-0001 --to closed --verdict refuted --reason family --workspace ws --as lin"
)]
pub(in crate::cli) struct Move {
    /// The case
    #[arg(value_name = "C-…")]
    case: String,
    /// The stage to go to: an id of cases.toml
    #[arg(long, value_name = "STAGE")]
    to: String,
    /// Why, in words
    #[arg(long, value_name = "TEXT", default_value = "")]
    why: String,
    /// Where the case closes: confirmed or refuted
    #[arg(long, value_name = "V", requires = "reason")]
    verdict: Option<String>,
    /// The reason code that goes with the verdict
    #[arg(long, value_name = "CODE", requires = "verdict")]
    reason: Option<String>,
    #[command(flatten)]
    at: At,
}

/// `medring case assign`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring case assign C-2026-0001 --second luo --workspace ws --as lin")]
pub(in crate::cli) struct Assign {
    /// The case
    #[arg(value_name = "C-…")]
    case: String,
    /// Who is responsible [default: who is]
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The second officer [default: who is]
    #[arg(long, value_name = "NAME")]
    second: Option<String>,
    /// The other members of the team, all of them; may be given more than once [default: who are]
    #[arg(long, value_name = "NAME")]
    member: Option<Vec<String>>,
    #[command(flatten)]
    at: At,
}

/// `medring case approve`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example / 示例:\n  medring case approve C-2026-0001 --workspace ws --as luo\n  medring case approve C-2026-0001 --refuse --why '证据不足' --workspace ws --as luo"
)]
pub(in crate::cli) struct Approve {
    /// The case
    #[arg(value_name = "C-…")]
    case: String,
    /// Do not agree; --why says why
    #[arg(long, requires = "why")]
    refuse: bool,
    /// Why, in words
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    #[command(flatten)]
    at: At,
}

impl At {
    fn done(&self, deed: impl FnOnce(&Desk) -> Result<Value, DeskError>) -> Result<(), Failure> {
        let desk = self.officer.sign_in(&self.workspace, self.lang)?;
        let answer = deed(&desk).map_err(|error| refused(error, self.lang))?;
        print(&answer, output::shape(self.output), self.lang)
    }
}

impl New {
    pub(super) fn run(&self) -> Result<(), Failure> {
        self.at.done(|desk| desk.open_case(&self.title, &self.ring))
    }
}

impl Show {
    pub(super) fn run(&self) -> Result<(), Failure> {
        self.at.done(|desk| desk.case(&self.case))
    }
}

impl Move {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let verdict = self.verdict.as_deref().zip(self.reason.as_deref());
        self.at.done(|desk| desk.move_case(&self.case, &self.to, &self.why, verdict))
    }
}

impl Assign {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let (owner, second) = (self.owner.as_deref(), self.second.as_deref());
        self.at.done(|desk| desk.assign_case(&self.case, owner, second, self.member.as_deref()))
    }
}

impl Approve {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let why = self.why.as_deref().unwrap_or_default();
        self.at.done(|desk| desk.decide_case(&self.case, !self.refuse, why))
    }
}

/// A case: its head and a table of what is in it for people, the answer of the HTTP interface for programs.
fn print(answer: &Value, shape: Shape, lang: Language) -> Result<(), Failure> {
    let mut line = serde_json::json!({"schema_version": 1});
    if let (Some(line), Some(answer)) = (line.as_object_mut(), answer.as_object()) {
        line.extend(answer.clone());
    }
    let heads = vec!["section", "what", "state", "by", "said"];
    let listing = Listing { heads, rows: rows(answer, lang), lines: vec![line.to_string()] };
    let text = listing.text(shape)?;
    output::print(&if shape == Shape::Table { format!("{}\n{text}", head(&answer["case"], lang)) } else { text })
}

fn head(case: &Value, lang: Language) -> String {
    let word = |key: &str| case[key].as_str().unwrap_or("–").to_owned();
    let fund = yuan(case["fund_fen"].as_i64().unwrap_or(0));
    format!(
        "{}  {}\n{} {} ({})  {} {}  {} {}  {} {fund}\n",
        word("id"),
        word("title"),
        lang.choose("阶段", "stage"),
        word("stage"),
        word("clock"),
        lang.choose("承办人", "owner"),
        word("owner"),
        lang.choose("协办人", "second officer"),
        word("second"),
        lang.choose("基金支付", "fund"),
    )
}

fn rows(answer: &Value, lang: Language) -> Vec<Vec<String>> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let said = |value: &Value| text(&value[lang.choose("zh", "en")]);
    let mut rows = Vec::new();
    let mut row = |section: &str, cells: [String; 4]| {
        rows.push([section.to_owned()].into_iter().chain(cells).collect());
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for ring in list(&answer["rings"]) {
        row("ring", [text(&ring["ring"]), text(&ring["typology"]), text(&ring["added_by"]), text(&ring["score"])]);
        for claim in list(&ring["claims"]) {
            let state = if claim["proven"] == true { "proven" } else { "unproven" };
            let count = format!("{} {}", text(&claim["rows"]), lang.choose("行", "rows"));
            row("claim", [text(&claim["code"]), state.to_owned(), count, said(&claim["text"])]);
        }
    }
    let whole = [text(&answer["evidence_all"]), "sha256".to_owned(), String::new(), text(&answer["evidence_sha256"])];
    row("evidence", whole);
    for step in list(&answer["steps"]) {
        let change = &step["change"];
        let way = match change["kind"].as_str() {
            Some(kind) => format!("{kind} {}", text(&change["case"])).trim_end().to_owned(),
            None => format!("{} → {}", text(&step["from"]), text(&step["to"])),
        };
        let by = format!("{} {}", text(&step["by"]), text(&step["decided_by"]));
        row("step", [way, text(&step["state"]), by.trim().to_owned(), text(&step["why"])]);
    }
    for next in list(&answer["next"]) {
        let missing: Vec<String> = list(&next["missing"]).iter().map(said).collect();
        let state = if missing.is_empty() { "open" } else { "blocked" };
        let needs = if next["approval"] == true { lang.choose("须他人同意", "somebody else agrees") } else { "" };
        row("next", [text(&next["stage"]), state.to_owned(), needs.to_owned(), missing.join("; ")]);
    }
    rows
}
