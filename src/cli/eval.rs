//! `medring eval`: how do reported rings compare with planted ones?

use super::check::{self, Language};
use super::{Failure, REJECTED, UNAVAILABLE};
use crate::community::communities;
use crate::evaluation::baseline::{self, Rows};
use crate::evaluation::{Headings, Labels, Reported, Scores, beside, judge, print};
use crate::ingest::{Progress, ReadOptions, Source};
use crate::model::{Batch, Table};
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Compare reported rings with planted ones.
#[derive(clap::Args, Debug)]
pub(super) struct EvalArguments {
    /// Planted rings: ring_id, typology, party_kind, party_id, role
    #[arg(long, value_name = "labels.csv")]
    labels: PathBuf,
    /// Reported rings
    #[arg(long, value_name = "rings.jsonl")]
    rings: PathBuf,
    /// The tables the rings were found in: puts the simple detectors beside them
    #[arg(long, value_name = "INPUT")]
    input: Vec<PathBuf>,
    /// Insured persons in the data; without it, taken from run.json beside the rings
    #[arg(long, value_name = "N")]
    persons: Option<u64>,
    /// Seed of the bootstrap intervals
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum, default_value_t = Shape::Table)]
    output: Shape,
    /// The language of the headings [default: both]
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Shape {
    Table,
    Json,
}

/// Runs `medring eval`.
#[expect(clippy::print_stdout, reason = "the table is the command's output")]
pub(super) fn run(arguments: &EvalArguments) -> Result<(), Failure> {
    let labels = Labels::read(&arguments.labels.display().to_string(), open(&arguments.labels)?)
        .map_err(|error| Failure::new(REJECTED, error))?;
    let reported = Reported::read(&arguments.rings.display().to_string(), BufReader::new(open(&arguments.rings)?))
        .map_err(|error| Failure::new(REJECTED, error))?;
    let population = arguments.persons.or_else(|| persons_of_run(&arguments.rings));
    let mut all = vec![judge("medring", &labels, &reported, population, arguments.seed)];
    let mut simple = baselines(arguments, &labels, population)?;
    beside(&all[0], &mut simple);
    all.append(&mut simple);
    let headings = match arguments.lang {
        None => Headings::Both,
        Some(Language::Zh) => Headings::Zh,
        Some(Language::En) => Headings::En,
    };
    match arguments.output {
        Shape::Table => print!("{}", print(&all, headings)),
        Shape::Json => println!("{}", json(&all)?),
    }
    Ok(())
}

/// The simple detectors on the same tables; none when no tables are given.
fn baselines(arguments: &EvalArguments, labels: &Labels, population: Option<u64>) -> Result<Vec<Scores>, Failure> {
    if arguments.input.is_empty() {
        return Ok(Vec::new());
    }
    let source = Source::open(&arguments.input).map_err(check::failure)?;
    let options = ReadOptions {
        threads: check::cores(),
        progress: Progress::Auto,
        stop: Some(check::stop_on_interrupt()),
        ..ReadOptions::default()
    };
    let mut rows = Rows::default();
    let tables = [Table::PsnInfoB, Table::XIdent, Table::OutAppyD, Table::SetlD, Table::MdtrtD];
    let mut take = |batch: Batch| {
        rows.take(&batch);
        ControlFlow::Continue(())
    };
    source.read_tables(&tables, &options, &mut take).map_err(check::failure)?;
    let (rows, identifiers) = rows.live();
    let detectors = baseline::all(&rows, &identifiers, communities);
    let judged = |(name, sets)| judge(name, labels, &Reported::from_sets(sets), population, arguments.seed);
    Ok(detectors.into_iter().map(judged).collect())
}

fn json(all: &[Scores]) -> Result<String, Failure> {
    serde_json::to_string_pretty(&serde_json::json!({ "schema_version": 1, "detectors": all }))
        .map_err(|error| Failure::new(UNAVAILABLE, error))
}

/// The number of persons in `run.json` beside the rings, when there is one.
fn persons_of_run(rings: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(rings.parent()?.join("run.json")).ok()?;
    let run: serde_json::Value = serde_json::from_str(&text).ok()?;
    run.get("persons")?.as_u64().filter(|persons| *persons > 0)
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path)
        .map_err(|error| Failure::new(UNAVAILABLE, format!("cannot read {}: {error} / 无法读取", path.display())))
}
