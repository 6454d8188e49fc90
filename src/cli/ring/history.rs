//! `medring ring history`: what happened to this ring, batch by batch?

use super::{Reading, event_word, score};
use crate::cli::check::Language;
use crate::cli::detect::store_failure;
use crate::cli::output::{self, Listing, Shape};
use crate::cli::{FOUND_PROBLEMS, Failure};
use crate::report::yuan;
use crate::store::lineage::Event;
use crate::store::{History, Version};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// `medring ring history`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// The ring
    #[arg(value_name = "R-…")]
    ring: String,
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let reading = Reading::open(&arguments.workspace)?;
    let history = reading.workspace.history(&arguments.ring).map_err(store_failure)?;
    if history.events.is_empty() && history.versions.is_empty() {
        let ring = &arguments.ring;
        let zh = format!("没有线索 {ring}; 用 `medring ring ls` 列出全部线索");
        let en = format!("there is no ring {ring}; `medring ring ls` lists the rings");
        return Err(Failure::new(FOUND_PROBLEMS, arguments.lang.choose(&zh, &en)));
    }
    output::print(&listing(&history, arguments).text(output::shape(arguments.output))?)
}

/// Events and versions, by epoch.
fn listing(history: &History, arguments: &Arguments) -> Listing {
    let heads = vec!["epoch", "event", "joined", "left", "other rings", "rank", "score", "members", "fund"];
    let mut entries: Vec<(u64, u8, Vec<String>, String)> = Vec::new();
    for (epoch, event) in &history.events {
        let line = json!({
            "schema_version": 1, "ring_id": event.ring, "epoch": epoch, "event": event.kind.word(),
            "joined": event.joined, "left": event.left, "from": event.from, "to": event.to,
        });
        entries.push((*epoch, 0, of_event(*epoch, event, arguments.lang), line.to_string()));
    }
    for version in &history.versions {
        let line = json!({
            "schema_version": 1, "ring_id": arguments.ring, "epoch": version.from, "event": "version",
            "until": version.to.map(|to| to - 1), "rank": version.rank, "typology": version.typology,
            "score": f64::from(version.score) / 100.0, "members": version.members,
            "total_fen": version.total_fen, "fund_fen": version.fund_fen,
            "expected_by_chance": f64::from(version.expected_by_chance_milli) / 1_000.0,
        });
        entries.push((version.from, 1, of_version(version, arguments.lang), line.to_string()));
    }
    entries.sort();
    let (rows, lines) = entries.into_iter().map(|(_, _, row, line)| (row, line)).unzip();
    Listing { heads, rows, lines }
}

fn of_event(epoch: u64, event: &Event, lang: Language) -> Vec<String> {
    let others: Vec<&str> = event.from.iter().chain(&event.to).map(String::as_str).collect();
    let mut row = vec![epoch.to_string(), event_word(event.kind, lang).to_owned()];
    row.extend([event.joined.to_string(), event.left.to_string(), others.join(" ")]);
    row.extend(std::iter::repeat_n(String::new(), 4));
    row
}

fn of_version(version: &Version, lang: Language) -> Vec<String> {
    let mut row = vec![version.from.to_string(), lang.choose("版本", "version").to_owned()];
    row.extend(std::iter::repeat_n(String::new(), 3));
    row.extend([version.rank.to_string(), score(version.score), version.members.to_string(), yuan(version.fund_fen)]);
    row
}
