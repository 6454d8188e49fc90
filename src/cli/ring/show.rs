//! `medring ring show`: why is this a ring, who is in it, and what speaks against it?

use super::{Reading, score};
use crate::cli::Failure;
use crate::cli::check::Language;
use crate::cli::detect::store_failure;
use crate::cli::output::{self, Listing, Shape};
use crate::model::{Names, Ring, RowRef, Sentence};
use crate::report::{masked, ring_line, shown_id, shown_kind, shown_row, yuan};
use crate::store::ReadAt;
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// `medring ring show`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// The ring
    #[arg(value_name = "R-…")]
    ring: String,
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// The ring as it was after this epoch
    #[arg(long, value_name = "EPOCH")]
    as_of: Option<u64>,
    /// Also the rows behind each reason, with the file and row they were read from
    #[arg(long)]
    explain: bool,
    /// Show identifiers in full in the table; JSON always has them, because programs join on them
    #[arg(long)]
    reveal: bool,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let reading = Reading::open(&arguments.workspace)?;
    let ring = reading.ring(&arguments.ring, arguments.as_of)?;
    let names = reading.names(std::slice::from_ref(&ring))?;
    let shape = output::shape(arguments.output);
    let sources = if arguments.explain { sources(&reading, &ring)? } else { BTreeMap::new() };
    let mut listing = members(&ring, &names, &reading, arguments.reveal || shape == Shape::Csv, arguments.lang);
    match shape {
        Shape::Table => {
            let head = head(&ring, arguments.lang);
            let reasons = reasons(&ring, &names, &sources, arguments);
            output::print(&format!("{head}\n{reasons}\n{}", listing.text(shape)?))
        }
        Shape::Csv => output::print(&listing.text(shape)?),
        Shape::Json | Shape::Jsonl => {
            let mut line = ring_line(&ring, &names, &reading.references);
            if arguments.explain {
                line.pop();
                line.push_str(&format!(r#","sources":{}}}"#, origins(&sources, &names)));
            }
            listing.lines = vec![line];
            output::print(&listing.text(shape)?)
        }
    }
}

/// Where the rows behind a ring were read.
fn sources(reading: &Reading, ring: &Ring) -> Result<BTreeMap<RowRef, ReadAt>, Failure> {
    let rows: BTreeSet<RowRef> = ring.finding.factors.iter().flat_map(|factor| factor.facts.iter().copied()).collect();
    reading.workspace.sources_of(&rows).map_err(store_failure)
}

fn origins(sources: &BTreeMap<RowRef, ReadAt>, names: &Names) -> Value {
    let one = |(row, at): (&RowRef, &ReadAt)| {
        let said = json!({"dataset": at.dataset, "file": at.file, "row": at.row, "epoch": at.epoch});
        (shown_row(*row, names), said)
    };
    Value::Object(sources.iter().map(one).collect())
}

fn head(ring: &Ring, lang: Language) -> String {
    let finding = &ring.finding;
    let label = |zh, en| lang.choose(zh, en);
    format!(
        "{}  #{}  {}\n{} {}  {} {:.3}\n{} – {}\n{} {}  {} {}\n",
        ring.id,
        ring.rank,
        finding.typology,
        label("得分", "score"),
        score(finding.score),
        label("随机预期", "expected by chance"),
        f64::from(ring.expected_by_chance_milli) / 1_000.0,
        finding.first_day,
        finding.last_day,
        match finding.amount.orphan_fen {
            0 => label("总费用(元, 已扣冲销)", "fees (yuan, net of reversals)"),
            _ => label("总费用(元, 有冲销未找到原单, 未扣)", "fees (yuan, before reversals without an original)"),
        },
        yuan(finding.amount.total_fen),
        label("基金支付", "fund"),
        yuan(finding.amount.fund_fen),
    )
}

/// Reasons for and against, strongest first.
fn reasons(ring: &Ring, names: &Names, sources: &BTreeMap<RowRef, ReadAt>, arguments: &Arguments) -> String {
    let lang = arguments.lang;
    let sentence = |text: &Sentence| lang.choose(&text.zh, &text.en).to_owned();
    let mut text = format!("{}\n", lang.choose("为何", "why"));
    for factor in &ring.finding.factors {
        let rows = format!("{} {}", factor.facts.len(), lang.choose("行", "rows"));
        text.push_str(&format!("  {:>7}  {}  [{rows}]\n", score(factor.score), sentence(&factor.text)));
        if !arguments.explain {
            continue;
        }
        for fact in &factor.facts {
            let at = sources.get(fact).map(|at| format!("{}:{} (epoch {})", at.file, at.row, at.epoch));
            let shown = if arguments.reveal { shown_row(*fact, names) } else { fact.table().name().to_owned() };
            text.push_str(&format!("           {shown}  {}\n", at.unwrap_or_default()));
        }
    }
    if !ring.finding.counter_evidence.is_empty() {
        text.push_str(&format!("{}\n", lang.choose("反证", "counter-evidence")));
    }
    for counter in &ring.finding.counter_evidence {
        text.push_str(&format!("  {:>7}  {} {}\n", score(counter.score), counter.code, sentence(&counter.text)));
    }
    text
}

fn members(ring: &Ring, names: &Names, reading: &Reading, reveal: bool, lang: Language) -> Listing {
    let mut listing = Listing { heads: vec!["kind", "id", "role", "strength", "why"], ..Listing::default() };
    for member in ring.finding.members.iter().filter(|member| !member.party.kind().is_context()) {
        listing.rows.push(vec![
            shown_kind(member.party, &reading.references).word().to_owned(),
            if reveal { shown_id(member.party, names) } else { masked(member.party, names) },
            member.role.word().to_owned(),
            score(member.strength),
            lang.choose(&member.why.zh, &member.why.en).to_owned(),
        ]);
    }
    listing
}
