//! `medring ring ls`: which rings are there, and which of them are new?

use super::{Reading, count, score};
use crate::cli::check::Language;
use crate::cli::detect::store_failure;
use crate::cli::output::{self, Listing, Shape};
use crate::cli::{Failure, USAGE};
use crate::model::{PartyKind, Ring};
use crate::report::yuan;
use crate::store::lineage::EventKind;
use clap::{Args, ValueEnum};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// `medring ring ls`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// Only rings that the last batch brought: born, split off or revived
    #[arg(long)]
    new: bool,
    /// Only rings that something happened to after this epoch; with --new, only those born since
    #[arg(long, value_name = "EPOCH")]
    since: Option<u64>,
    /// Only rings of this typology
    #[arg(long, value_name = "T")]
    typology: Option<String>,
    /// The rings as they were after this epoch
    #[arg(long, value_name = "EPOCH")]
    as_of: Option<u64>,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Sort::Rank)]
    sort: Sort,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table's head
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    /// Score, then money.
    Rank,
    /// Most fund money.
    Fund,
    /// Most insured persons.
    Persons,
    /// Latest activity.
    Last,
    /// Earliest begin.
    First,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(typology) = &arguments.typology {
        known(typology)?;
    }
    let reading = Reading::open(&arguments.workspace)?;
    let epoch = match arguments.as_of {
        Some(epoch) => epoch,
        None => reading.workspace.latest().map_err(store_failure)?,
    };
    let mut rings = reading.workspace.rings(Some(epoch)).map_err(store_failure)?;
    if arguments.new || arguments.since.is_some() {
        let touched = touched(&reading, arguments, epoch)?;
        rings.retain(|ring| touched.contains(&ring.id));
    }
    if let Some(typology) = &arguments.typology {
        rings.retain(|ring| ring.finding.typology == *typology);
    }
    let key = |ring: &Ring| match arguments.sort {
        Sort::Rank => i64::from(ring.rank),
        Sort::Fund => -ring.finding.amount.fund_fen,
        Sort::Persons => -i64::try_from(count(ring, PartyKind::Person)).unwrap_or(0),
        Sort::Last => -i64::from(ring.finding.last_day.0),
        Sort::First => i64::from(ring.finding.first_day.0),
    };
    rings.sort_by_key(|ring| (key(ring), Reverse(ring.finding.score), ring.rank));
    let shape = output::shape(arguments.output);
    // Programs read the same names in either language.
    let heads = if arguments.lang == Some(Language::Zh) && shape == Shape::Table {
        vec!["序", "编号", "手法类型", "评分", "随机预期", "参保人", "机构", "基金支付", "起", "止"]
    } else {
        vec!["rank", "ring", "typology", "score", "by chance", "persons", "places", "fund", "first", "last"]
    };
    let rows = rings.iter().map(row).collect();
    // The texts behind members and facts are looked up only where they are shown.
    let lines = if matches!(shape, Shape::Json | Shape::Jsonl) { reading.lines(&rings)? } else { Vec::new() };
    output::print(&Listing { heads, rows, lines }.text(shape)?)
}

/// Whether there is such a typology.
fn known(typology: &str) -> Result<(), Failure> {
    let slugs: Vec<&str> = crate::typology::registry().iter().map(|one| one.slug()).collect();
    if slugs.contains(&typology) {
        return Ok(());
    }
    Err(Failure::new(
        USAGE,
        format!(
            "--typology «{typology}» does not exist; choose one of: {} / 没有这种手法, 请从以上所列中选择",
            slugs.join(", ")
        ),
    ))
}

/// The rings that something happened to.
fn touched(reading: &Reading, arguments: &Arguments, epoch: u64) -> Result<BTreeSet<String>, Failure> {
    let after = arguments.since.unwrap_or(epoch.saturating_sub(1));
    let events = reading.workspace.events(after).map_err(store_failure)?;
    let came = |kind: EventKind| matches!(kind, EventKind::Born | EventKind::Split | EventKind::Revived);
    let wanted = events.into_iter().filter(|(at, event)| {
        // A ring that let others go has split as well, but is not new.
        let new = came(event.kind) && (event.kind != EventKind::Split || !event.from.is_empty());
        *at <= epoch && (new || !arguments.new)
    });
    Ok(wanted.map(|(_, event)| event.ring).collect())
}

fn row(ring: &Ring) -> Vec<String> {
    vec![
        ring.rank.to_string(),
        ring.id.clone(),
        ring.finding.typology.clone(),
        score(ring.finding.score),
        format!("{:.3}", f64::from(ring.expected_by_chance_milli) / 1_000.0),
        count(ring, PartyKind::Person).to_string(),
        count(ring, PartyKind::Institution).to_string(),
        yuan(ring.finding.amount.fund_fen),
        ring.finding.first_day.to_string(),
        ring.finding.last_day.to_string(),
    ]
}
