//! `medring ingest`: how does a batch come into a workspace, and what did it change?

use super::check::{self, Language};
use super::cluster::workers;
use super::conservation::open_ends;
use super::detect::failure;
use super::output::{self, Listing, Shape};
use super::ring::{event_word, score};
use super::{FOUND_PROBLEMS, Failure};
use crate::engine::{AppendOptions, Appended, Count, EngineError, Session, Taken};
use crate::ingest::Progress;
use crate::model::{Outcome, Reason, Table};
use crate::typology::{self, counted};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What to do with batches.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Take a batch: read it, find the rings that it changes, keep both
    Run(Arguments),
}

/// `medring ingest run`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// Folders or files with tables named as in the schema, and optionally dataset.toml
    #[arg(required = true, value_name = "INPUT")]
    input: Vec<PathBuf>,
    /// Every INPUT is a batch of its own; they are taken in the order given, and what was taken before a failure stays
    #[arg(long, conflicts_with_all = ["batch_id", "dry_run", "reject_dir"])]
    each: bool,
    /// Say what would happen, and keep nothing; exit code 1 when rows would be set aside
    #[arg(long)]
    dry_run: bool,
    /// Write rows that were set aside to this folder, a CSV per table; in a dry run only those that cannot be read
    #[arg(long, value_name = "DIR")]
    reject_dir: Option<PathBuf>,
    /// What the batch is called; a batch of a known name is not taken again [default: a hash of its contents]
    #[arg(long, value_name = "B")]
    batch_id: Option<String>,
    /// Per cent of the rows of a table that may be set aside; beyond it nothing is kept and the exit code is 4
    #[arg(long, value_name = "PCT", default_value_t = 5.0, allow_negative_numbers = true)]
    max_reject: f64,
    /// Rows of a batch at most; one with more is refused, with exit code 4 [default: as many as there are]
    #[arg(long, value_name = "N")]
    rows_max: Option<u64>,
    /// Worker threads, 1 to 256 [default: one per core]
    #[arg(long, value_name = "W")]
    workers: Option<usize>,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Runs `medring ingest`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    let Verb::Run(arguments) = verb;
    check::percentage(arguments.max_reject)?;
    let workers = workers(arguments.workers, "--workers")?;
    let options = AppendOptions {
        batch_id: arguments.batch_id.clone(),
        dry_run: arguments.dry_run,
        reject_percent_max: arguments.max_reject,
        reject_dir: arguments.reject_dir.clone(),
        rows_max: arguments.rows_max.unwrap_or(u64::MAX),
        settings: Vec::new(),
        progress: Progress::Auto,
        stop: check::stop_on_interrupt(),
    };
    let mut session =
        Session::open(&arguments.workspace, workers, typology::judge, typology::REPORT_SCORE_MIN).map_err(failure)?;
    let shape = output::shape(arguments.output);
    let batches: Vec<&[PathBuf]> =
        if arguments.each { arguments.input.chunks(1).collect() } else { vec![&arguments.input] };
    batches.into_iter().enumerate().try_for_each(|(done, batch)| {
        let appended = session.append(batch, &options).map_err(|error| stopped(error, done, arguments.lang))?;
        tell(appended, shape, arguments)
    })
}

/// What became of the batches before the one that failed.
fn stopped(error: EngineError, done: usize, lang: Language) -> Failure {
    let mut failure = failure(error);
    if done > 0 {
        let before = match lang {
            Language::Zh => format!("此前的 {done} 个批次已入库, 从下一个批次继续即可"),
            Language::En => format!("the {} before it: kept; go on with the next", counted(done, "batch", "batches")),
        };
        failure.message = format!("{}\n{before}", failure.message);
    }
    failure
}

fn tell(appended: Appended, shape: Shape, arguments: &Arguments) -> Result<(), Failure> {
    match appended {
        Appended::Already { epoch, batch_id } => already(epoch, &batch_id, shape, arguments.lang),
        Appended::Taken(taken) => {
            say(&taken, shape, arguments)?;
            for table in taken.read.tables.iter().filter(|(_, read)| read.read == 0).map(|(table, _)| table.name()) {
                match arguments.lang {
                    Language::Zh => eprintln!("警告: {table} 只有表头没有行; 请检查导出"),
                    Language::En => eprintln!("warning: {table} has no rows; check the export"),
                }
            }
            for end in open_ends(&taken.read) {
                eprintln!("{}", arguments.lang.choose(&end.zh, &end.en));
            }
            if let Some(error) = &taken.rejects_unwritten {
                eprintln!("{error}");
            }
            let aside = taken.counts.iter().any(|count| count.outcome == Outcome::Quarantined && count.rows > 0);
            if arguments.dry_run && aside {
                let text = arguments.lang.choose("试运行: 有行将被隔离", "dry run: some rows would be set aside");
                return Err(Failure::new(FOUND_PROBLEMS, text));
            }
            Ok(())
        }
    }
}

fn already(epoch: u64, batch_id: &str, shape: Shape, lang: Language) -> Result<(), Failure> {
    let text = match lang {
        Language::Zh => format!("该批次已入库, 批次序号 {epoch}"),
        Language::En => format!("already in, epoch {epoch}"),
    };
    let line = json!({"schema_version": 1, "epoch": epoch, "batch_id": batch_id, "already": true});
    match shape {
        Shape::Table => output::print(&format!("{text}\n")),
        _ => {
            eprintln!("{text}");
            let (heads, rows) = (vec!["epoch", "batch_id"], vec![vec![epoch.to_string(), batch_id.to_owned()]]);
            output::print(&Listing { heads, rows, lines: vec![line.to_string()] }.text(shape)?)
        }
    }
}

fn say(taken: &Taken, shape: Shape, arguments: &Arguments) -> Result<(), Failure> {
    let lang = arguments.lang;
    let conservation = conservation(taken);
    if shape == Shape::Table {
        let state = match (arguments.dry_run, lang) {
            (true, Language::Zh) => format!("试运行, 未保存; 将成为批次 {}", taken.epoch),
            (true, Language::En) => format!("dry run, nothing kept; would be epoch {}", taken.epoch),
            (false, Language::Zh) => format!("已入库, 批次 {}", taken.epoch),
            (false, Language::En) => format!("committed as epoch {}", taken.epoch),
        };
        let rings = match lang {
            Language::Zh => format!("疑似线索 {} 个, 其中 {} 个有变化", taken.rings.len(), taken.changed),
            Language::En => {
                let leads = counted(taken.rings.len(), "suspected lead", "suspected leads");
                format!("{leads}, {} of them changed", taken.changed)
            }
        };
        let waiting = regions_awaited(taken, lang);
        let events = events(taken, lang);
        let events = if events.rows.is_empty() { String::new() } else { events.text(shape)? };
        return output::print(&format!("{}\n{waiting}{state}\n{rings}\n{events}", conservation.text(shape)?));
    }
    if shape == Shape::Csv {
        return output::print(&conservation.text(shape)?);
    }
    let line = json!({
        "schema_version": 1,
        "epoch": taken.epoch,
        "batch_id": taken.batch_id,
        "already": false,
        "committed": !arguments.dry_run,
        "tables": tables(&taken.counts),
        "rings": taken.rings.len(),
        "rings_changed": taken.changed,
        "events": taken.events,
        "limits": {
            "groups_not_paired": taken.limits.groups_not_paired,
            "identifiers_stopped": taken.limits.identifiers_stopped,
        },
    });
    output::print(&Listing { lines: vec![line.to_string()], ..Listing::default() }.text(shape)?)
}

/// Per table: rows read and what became of them. A negative figure is about rows of earlier batches.
fn conservation(taken: &Taken) -> Listing {
    let mut listing = Listing { heads: vec!["table", "read"], ..Listing::default() };
    listing.heads.extend(Outcome::ALL.iter().map(|outcome| outcome.word()));
    let read = |table: Table| taken.read.tables.get(&table).map_or(0, |read| read.read);
    let touched = taken.read.tables.keys().copied().chain(taken.counts.iter().map(|count| count.table));
    for table in touched.collect::<BTreeSet<Table>>() {
        let of = |outcome: Outcome| {
            let counts = taken.counts.iter().filter(|count| count.table == table && count.outcome == outcome);
            counts.map(|count| count.rows).sum::<i64>()
        };
        let mut row = vec![table.name().to_owned(), read(table).to_string()];
        row.extend(Outcome::ALL.iter().map(|outcome| of(*outcome).to_string()));
        listing.rows.push(row);
    }
    listing
}

/// How many rows began or ceased to wait for their region (E05), and what to do. They are in the workspace already.
fn regions_awaited(taken: &Taken, lang: Language) -> String {
    let of = |count: &&Count| count.reason == Some(Reason::E05) && count.rows != 0;
    let line = |count: &Count| match (count.rows > 0, lang) {
        (true, Language::Zh) => format!(
            "{}: {} 行的行政区划代码不在 admdvs_b 中(E05), 已保存待用; 补入 admdvs_b 后自动采用\n",
            count.table.name(),
            count.rows
        ),
        (true, Language::En) => format!(
            "{}: rows whose region admdvs_b does not list (E05): {}; they are kept and taken in once admdvs_b lists it\n",
            count.table.name(),
            count.rows
        ),
        (false, Language::Zh) => format!("{}: {} 行此前待区划代码(E05)的行现已采用\n", count.table.name(), -count.rows),
        (false, Language::En) => {
            format!(
                "{}: rows that waited for their region (E05) and are taken in now: {}\n",
                count.table.name(),
                -count.rows
            )
        }
    };
    taken.counts.iter().filter(of).map(line).collect()
}

/// The counts by table, outcome and reason.
fn tables(counts: &[Count]) -> Value {
    let mut tables: BTreeMap<&str, BTreeMap<String, i64>> = BTreeMap::new();
    for count in counts {
        let name = match count.reason {
            Some(reason) => format!("{}_{}", count.outcome.word(), reason.code()),
            None => count.outcome.word().to_owned(),
        };
        *tables.entry(count.table.name()).or_default().entry(name).or_default() += count.rows;
    }
    json!(tables)
}

fn events(taken: &Taken, lang: Language) -> Listing {
    let heads = vec!["ring", "event", "joined", "left", "typology", "score"];
    let mut listing = Listing { heads, ..Listing::default() };
    for event in &taken.events {
        let ring = taken.rings.iter().find(|ring| ring.id == event.ring);
        listing.rows.push(vec![
            event.ring.clone(),
            event_word(event.kind, lang).to_owned(),
            event.joined.to_string(),
            event.left.to_string(),
            ring.map(|ring| ring.finding.typology.clone()).unwrap_or_default(),
            ring.map(|ring| score(ring.finding.score)).unwrap_or_default(),
        ]);
    }
    listing
}
