//! `medring expand`: who else belongs to these known members, and why?

use super::check::{self, Language};
use super::detect::failure;
use super::output::{self, Listing, Shape};
use super::party::{Named, Where, named};
use super::ring::score;
use super::{FOUND_PROBLEMS, Failure};
use crate::engine::{Added, Expanded, grow};
use crate::model::{Names, Party};
use crate::report::{masked, shown_id, shown_kind, shown_row};
use crate::typology;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `medring expand`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Known members: person:ID, phone:ID, institution:ID …
    #[arg(required = true, value_name = "SEED", value_parser = named)]
    seeds: Vec<Named>,
    #[command(flatten)]
    facts: Where,
    /// Write the JSON lines to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "W")]
    workers: Option<usize>,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// What is said of a seed that nothing ties: a number mistyped is no acquittal.
const UNTIED: (&str, &str) = (
    "数据中没有与任何人的可疑关联, 或没有此编号; 请核对编号",
    "no suspicious tie to anybody in these data, or no such number in them; check the number",
);

/// Grows the ring and prints it.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let facts = arguments.facts.open()?;
    let workers = super::cluster::workers(arguments.workers, "--workers")?;
    let seeds = arguments.seeds.iter().map(|seed| seed.party).collect();
    let mut expanded = grow(&facts, &seeds, workers, typology::judge, &check::stop_on_interrupt()).map_err(failure)?;
    // What the user wrote is known without looking it up.
    let given: BTreeMap<Party, String> = arguments.seeds.iter().map(|seed| (seed.party, seed.id.clone())).collect();
    given.iter().for_each(|(party, id)| {
        expanded.names.parties.entry(*party).or_insert_with(|| id.clone());
    });
    for party in &expanded.unknown {
        let text = arguments.lang.choose(UNTIED.0, UNTIED.1);
        eprintln!("{}:{}: {text}", party.kind().word(), given.get(party).map_or("", String::as_str));
    }
    let listing = listing(&expanded, arguments.lang);
    match &arguments.out {
        Some(file) => output::save(file, &listing.text(Shape::Jsonl)?)?,
        None => output::print(&listing.text(output::shape(arguments.output))?)?,
    }
    if expanded.unknown.len() == seeds.len() {
        return Err(Failure::new(FOUND_PROBLEMS, arguments.lang.choose("未找到团伙", "no ring was found")));
    }
    Ok(())
}

fn listing(expanded: &Expanded, lang: Language) -> Listing {
    let heads = vec!["", "kind", "id", "role", "strength", "why"];
    let mut listing = Listing { heads, ..Listing::default() };
    for added in &expanded.added {
        let kind = shown_kind(added.party, &expanded.references).word();
        let role = added.role.map_or("", crate::model::Role::word);
        let why = lang.choose(&added.why.zh, &added.why.en);
        let mark = if added.seed { "*" } else { "" };
        let id = masked(added.party, &expanded.names);
        listing.rows.push(vec![
            mark.to_owned(),
            kind.to_owned(),
            id,
            role.to_owned(),
            score(added.strength),
            why.to_owned(),
        ]);
        listing.lines.push(line(added, kind, &expanded.names, expanded));
    }
    listing
}

fn line(added: &Added, kind: &str, names: &Names, expanded: &Expanded) -> String {
    let with = added.with.filter(|with| !with.kind().is_context());
    let with =
        with.map(|with| json!({"kind": shown_kind(with, &expanded.references).word(), "id": shown_id(with, names)}));
    let facts: Vec<String> = added.facts.iter().map(|row| shown_row(*row, names)).collect();
    json!({
        "schema_version": 1,
        "kind": kind,
        "id": shown_id(added.party, names),
        "seed": added.seed,
        "role": added.role.map(crate::model::Role::word),
        "strength": f64::from(added.strength) / 100.0,
        "typology": added.typology,
        "with": with,
        "why_zh": added.why.zh,
        "why_en": added.why.en,
        "facts": facts,
    })
    .to_string()
}
