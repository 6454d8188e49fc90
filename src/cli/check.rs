//! Are these tables readable, and what became of every row?

use super::conservation::{TableOutcome, conservation_table, of_tallies};
use super::{FOUND_PROBLEMS, Failure, INTERRUPTED, REJECTED, UNAVAILABLE, USAGE};
use crate::engine::take_stock;
use crate::ingest::{IngestError, Progress, ReadOptions, Source};
use crate::model::Outcome;
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The language of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The text in this language.
    #[must_use]
    pub fn choose<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// `medring check`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folders or files with tables named as in the schema: setl_d.csv, setl_d.parquet, setl_d/part-1.csv.gz …
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Write rows that were set aside to this folder, a CSV per table.
    #[arg(long)]
    reject_dir: Option<PathBuf>,
    /// Per cent of the rows of a table that may be set aside before the exit code is 4.
    #[arg(long, value_name = "PCT", default_value_t = 5.0, allow_negative_numbers = true)]
    max_reject: f64,
    /// Threads that work, 1 to 256 [default: one per core].
    #[arg(long, alias = "workers", value_name = "W")]
    threads: Option<usize>,
    /// A file written as dataset.toml (columns, dictionary, encoding …), for inputs that have none.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The language of the table.
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Reads everything and prints the conservation table.
///
/// # Errors
/// With exit code 1 when rows were set aside, 4 when more than `--max-reject` were, and others when reading failed.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    percentage(arguments.max_reject)?;
    let threads = super::cluster::workers(arguments.threads, "--threads")?;
    let source = Source::open_configured(&arguments.input, arguments.config.as_deref()).map_err(failure)?;
    let options = ReadOptions {
        rows_per_batch: ROWS_PER_BATCH,
        threads,
        reject_dir: arguments.reject_dir.clone(),
        progress: Progress::Auto,
        stop: Some(stop_on_interrupt()),
        ..ReadOptions::default()
    };
    let (tally, decided) = take_stock(&source, &options).map_err(super::detect::failure)?;
    if let Some(folder) = &arguments.reject_dir {
        source.reject(folder, &decided.set_aside).map_err(failure)?;
    }
    let outcomes = of_tallies(&tally, &decided, arguments.lang);
    let mut out = std::io::stdout().lock();
    let text = conservation_table(&outcomes, arguments.lang);
    let ignored: Vec<String> = source.ignored().iter().map(|path| path.display().to_string()).collect();
    let printed = write!(out, "{text}").and_then(|()| match ignored.as_slice() {
        [] => Ok(()),
        files => writeln!(out, "{} {}", say(arguments.lang, "未读取:", "not read:"), files.join(", ")),
    });
    printed.map_err(|error| Failure::new(UNAVAILABLE, error))?;
    for (path, manifest) in source.manifests().iter().filter(|(_, manifest)| !manifest.ignored.is_empty()) {
        let what = say(arguments.lang, "未使用的键:", "keys not used:");
        writeln!(out, "{} {what} {}", path.display(), manifest.ignored.join(", "))
            .map_err(|error| Failure::new(UNAVAILABLE, error))?;
    }
    verdict(&outcomes, arguments)
}

/// Rows handed to the ledgers at once.
const ROWS_PER_BATCH: usize = 100_000;

/// Whether `--max-reject` is a percentage.
pub(super) fn percentage(given: f64) -> Result<(), Failure> {
    if (0.0..=100.0).contains(&given) {
        return Ok(());
    }
    Err(Failure::new(USAGE, format!("--max-reject {given}: takes a percentage from 0 to 100 / 应为 0 至 100 的百分数")))
}

fn verdict(tables: &BTreeMap<&'static str, TableOutcome>, arguments: &Arguments) -> Result<(), Failure> {
    let aside = |table: &TableOutcome| table.outcomes.get(&Outcome::Quarantined).copied().unwrap_or(0);
    for (name, table) in tables {
        let percent = percent(aside(table), table.read);
        if percent > arguments.max_reject {
            let most = arguments.max_reject;
            return Err(Failure::new(
                REJECTED,
                match arguments.lang {
                    Language::Zh => {
                        format!("{name}: 隔离 {percent:.2} % > --max-reject {most} %; 用 --reject-dir 查看原因")
                    }
                    Language::En => {
                        format!(
                            "{name}: {percent:.2} % set aside, more than --max-reject {most} %; see why with --reject-dir"
                        )
                    }
                },
            ));
        }
    }
    if tables.values().any(|table| aside(table) > 0) {
        let text = say(
            arguments.lang,
            "有行被隔离; 用 --reject-dir 查看",
            "some rows were set aside; see them with --reject-dir",
        );
        return Err(Failure::new(FOUND_PROBLEMS, text));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a percentage shown to people")]
fn percent(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

/// The exit code of a reading that failed.
#[must_use]
pub fn failure(error: IngestError) -> Failure {
    let code = match error {
        IngestError::Manifest { .. } => super::CONFIGURATION,
        IngestError::Read { .. } | IngestError::Write { .. } => UNAVAILABLE,
        IngestError::Damaged { .. } => super::INTEGRITY,
        IngestError::Interrupted { .. } => INTERRUPTED,
        IngestError::NoTables { .. } | IngestError::NotTable { .. } | IngestError::MissingColumn { .. } => REJECTED,
    };
    Failure::new(code, error)
}

/// A flag that Ctrl-C sets.
#[must_use]
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // A handler that is already there (a second command in one process) stays.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            eprintln!("ended at once; nothing of this run was kept / 已立即结束, 未保存本次结果");
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    stop
}

/// Worker threads when nobody says how many: one per core.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn say(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    language.choose(zh, en)
}
