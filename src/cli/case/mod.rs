//! `medring case`: which cases are there, what was decided, and how does a named account work on one without the page?

mod work;

use super::Failure;
use super::check::Language;
use super::detect::store_failure;
use super::output::{self, Listing, Shape};
use crate::serve::verdict_lines;
use crate::store::Office;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

/// What to do with cases.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// List cases
    Ls(Ls),
    /// Print a JSON line for each ring of each decided case: what measuring and calibrating read
    Verdicts(Verdicts),
    /// Open a case with rings, whose rows are frozen with their hashes; whoever opens it owns it
    New(work::New),
    /// Show a case: its rings and claims, evidence, steps, and what may follow
    Show(work::Show),
    /// Ask for the next stage; where nobody has to agree, the case is in it at once
    Move(work::Move),
    /// Say who is responsible, who the second officer is, and who else is of the team
    Assign(work::Assign),
    /// Agree to the step that waits, or refuse it; whoever asked for it cannot
    Approve(work::Approve),
}

/// `medring case ls`.
#[derive(Args, Debug)]
pub(super) struct Ls {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// `medring case verdicts`.
#[derive(Args, Debug)]
pub(super) struct Verdicts {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
}

/// Runs `medring case`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Ls(arguments) => list(arguments),
        Verb::New(arguments) => arguments.run(),
        Verb::Show(arguments) => arguments.run(),
        Verb::Move(arguments) => arguments.run(),
        Verb::Assign(arguments) => arguments.run(),
        Verb::Approve(arguments) => arguments.run(),
        Verb::Verdicts(arguments) => {
            let cases = Office::open(&arguments.workspace).and_then(|office| office.cases()).map_err(store_failure)?;
            output::print(&verdict_lines(&cases).iter().map(|line| format!("{line}\n")).collect::<String>())
        }
    }
}

fn list(arguments: &Ls) -> Result<(), Failure> {
    let cases = Office::open(&arguments.workspace).and_then(|office| office.cases()).map_err(store_failure)?;
    let heads = vec!["case", "title", "stage", "owner", "second", "rings", "evidence", "verdict"];
    let mut listing = Listing { heads, ..Listing::default() };
    for case in cases {
        let head = case.head;
        let (rings, rows) = (case.rings.len(), case.evidence.len());
        let line = json!({"schema_version": 1, "case": head, "rings": rings, "evidence": rows});
        listing.lines.push(line.to_string());
        let verdict = head.verdict.unwrap_or_default();
        let second = head.second.unwrap_or_default();
        let (rings, rows) = (rings.to_string(), rows.to_string());
        // One that went into another is in no stage any more.
        let stage = head.merged_into.map_or(head.stage, |into| format!("→ {into}"));
        listing.rows.push(vec![head.id, head.title, stage, head.owner, second, rings, rows, verdict]);
    }
    if listing.rows.is_empty() {
        let zh = "还没有案件: 在页面的线索档案中按 n 立案，或用 medring case new";
        let en = "there is no case yet: press n in a dossier on the page, or use medring case new";
        eprintln!("{}", arguments.lang.choose(zh, en));
    }
    output::print(&listing.text(output::shape(arguments.output))?)
}
