//! `medring ring diff`: who and what came and went between two epochs?

use super::{Reading, score};
use crate::cli::Failure;
use crate::cli::USAGE;
use crate::cli::check::Language;
use crate::cli::output::{self, Listing, Shape};
use crate::model::{Factor, Member, Party, Ring};
use crate::report::{masked, shown_id, shown_kind};
use clap::Args;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// `medring ring diff`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Arguments {
    /// The ring
    #[arg(value_name = "R-…")]
    ring: String,
    /// Two epochs, such as 3..7
    #[arg(value_name = "A..B", value_parser = epochs)]
    epochs: (u64, u64),
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
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

fn epochs(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("«{text}»: two epochs are wanted, such as 3..7 / 应为两个批次, 如 3..7");
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    Ok((from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?))
}

/// One thing that changed.
struct Change {
    what: &'static str,
    change: &'static str,
    kind: &'static str,
    party: Option<Party>,
    text: String,
    before: String,
    after: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (from, to) = arguments.epochs;
    if from > to {
        let text = arguments.lang.choose("较早的批次在前: A..B", "the earlier epoch comes first: A..B");
        return Err(Failure::new(USAGE, text));
    }
    let reading = Reading::open(&arguments.workspace)?;
    let after = reading.ring(&arguments.ring, Some(to))?;
    let before = reading.ring(&arguments.ring, Some(from))?;
    let mut changes = figures(&before, &after);
    changes.extend(members(&before, &after, &reading));
    changes.extend(factors(&before, &after, arguments.lang));
    let parties: BTreeSet<Party> = changes.iter().filter_map(|change| change.party).collect();
    let names = reading.parties(&parties)?;
    let shape = output::shape(arguments.output);
    let heads = vec!["what", "change", "kind", "id", "before", "after"];
    let mut listing = Listing { heads, ..Listing::default() };
    for change in changes {
        let shown = |reveal: bool| match change.party {
            Some(party) if reveal => shown_id(party, &names),
            Some(party) => masked(party, &names),
            None => change.text.clone(),
        };
        let (what, how, kind) = (change.what, change.change, change.kind);
        let id = shown(arguments.reveal || shape == Shape::Csv);
        listing.rows.push([what, how, kind, &id, &change.before, &change.after].map(str::to_owned).to_vec());
        let line = json!({
            "schema_version": 1, "ring_id": arguments.ring, "from": from, "to": to, "what": what, "change": how,
            "kind": kind, "id": shown(true), "before": change.before, "after": change.after,
        });
        listing.lines.push(line.to_string());
    }
    output::print(&listing.text(shape)?)
}

/// Score, money, rank and typology, where they differ.
fn figures(before: &Ring, after: &Ring) -> Vec<Change> {
    let of = |ring: &Ring| {
        let finding = &ring.finding;
        [
            ("typology", finding.typology.clone()),
            ("score", score(finding.score)),
            ("rank", ring.rank.to_string()),
            ("total_fen", finding.amount.total_fen.to_string()),
            ("fund_fen", finding.amount.fund_fen.to_string()),
            ("first_day", finding.first_day.to_string()),
            ("last_day", finding.last_day.to_string()),
        ]
    };
    let pairs = of(before).into_iter().zip(of(after)).filter(|(old, new)| old != new);
    let change = |((kind, before), (_, after))| Change {
        what: "figure",
        change: "changed",
        kind,
        party: None,
        text: String::new(),
        before,
        after,
    };
    pairs.map(change).collect()
}

fn members(before: &Ring, after: &Ring, reading: &Reading) -> Vec<Change> {
    let of = |ring: &Ring| -> BTreeMap<Party, &'static str> {
        let seen = |member: &&Member| !member.party.kind().is_context();
        ring.finding.members.iter().filter(seen).map(|member| (member.party, member.role.word())).collect()
    };
    changes(&of(before), &of(after))
        .into_iter()
        .map(|(party, change, old, new)| Change {
            what: "member",
            change,
            kind: shown_kind(party, &reading.references).word(),
            party: Some(party),
            text: String::new(),
            before: old.unwrap_or_default().to_owned(),
            after: new.unwrap_or_default().to_owned(),
        })
        .collect()
}

fn factors(before: &Ring, after: &Ring, lang: Language) -> Vec<Change> {
    let said = |factor: &Factor| {
        let text = lang.choose(&factor.text.zh, &factor.text.en);
        format!("{} {text}", score(factor.score))
    };
    let of = |ring: &Ring| -> BTreeMap<String, String> {
        let factors = ring.finding.factors.iter().map(|factor| (factor.code.clone(), said(factor)));
        let counters = ring.finding.counter_evidence.iter().map(|counter| {
            let text = lang.choose(&counter.text.zh, &counter.text.en);
            (counter.code.clone(), format!("{} {text}", score(counter.score)))
        });
        factors.chain(counters).collect()
    };
    changes(&of(before), &of(after))
        .into_iter()
        .map(|(code, change, old, new)| Change {
            what: "factor",
            change,
            kind: "",
            party: None,
            text: code,
            before: old.unwrap_or_default(),
            after: new.unwrap_or_default(),
        })
        .collect()
}

/// Keys whose value came, went or changed.
fn changes<K: Ord + Clone, V: PartialEq + Clone>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> Vec<(K, &'static str, Option<V>, Option<V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let change = |key: &K| {
        let (old, new) = (before.get(key).cloned(), after.get(key).cloned());
        let change = match (&old, &new) {
            (None, _) => "came",
            (_, None) => "went",
            _ => "changed",
        };
        (old != new).then(|| (key.clone(), change, old, new))
    };
    keys.into_iter().filter_map(change).collect()
}
