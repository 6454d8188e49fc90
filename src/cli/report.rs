//! `medring report build`: the ring report of a week or a month, for its readers.

use super::check::Language;
use super::detect::failure;
use super::output::{self, Listing, Shape};
use super::{CONFIGURATION, Failure, UNAVAILABLE, USAGE};
use crate::report::periodic::{Period, Report, Rhythm, html, xlsx};
use crate::report::writable;
use crate::serve::{ServeError, ring_report};
use crate::store::sha256;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to do with reports.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Write the report of a week or a month: figures, changes, top rings, regions, verdicts, cases, data quality, corrections
    Build(Build),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Every {
    /// A week, Monday to Sunday.
    Weekly,
    /// A calendar month.
    Monthly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Format {
    /// A page of its own, both languages.
    Html,
    /// A workbook, a sheet for each section.
    Xlsx,
    /// For programs.
    Json,
}

/// `medring report build`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example / 示例:\n  medring report build weekly --week 2026-W47 --workspace ws --format html,xlsx,json --out reports\n\nA report depends on the workspace alone: the same input gives the same bytes. It looks at the last epoch committed in\nthe period (time of Beijing), or at --as-of. Identifiers are masked.\n报告只取决于工作区内容，输入相同则字节相同；以期间内（北京时间）最后入库的批次为准，或以 --as-of 为准；个人标识已脱敏。"
)]
pub(super) struct Build {
    /// How long the period is
    #[arg(value_enum, value_name = "weekly|monthly")]
    every: Every,
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// The week [default: the one of the last batch]
    #[arg(long, value_name = "2026-W47", conflicts_with = "month")]
    week: Option<String>,
    /// The month [default: the one of the last batch]
    #[arg(long, value_name = "2026-11")]
    month: Option<String>,
    /// The epoch to look at instead of the last one of the period
    #[arg(long, value_name = "EPOCH")]
    as_of: Option<u64>,
    /// Which files to write
    #[arg(long, value_enum, value_delimiter = ',', default_value = "html,xlsx,json")]
    format: Vec<Format>,
    /// The folder to write into; files of the same period are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Runs `medring report`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Build(arguments) => build(arguments),
    }
}

fn build(arguments: &Build) -> Result<(), Failure> {
    let rhythm = match arguments.every {
        Every::Weekly => Rhythm::Weekly,
        Every::Monthly => Rhythm::Monthly,
    };
    let named = arguments.week.as_deref().or(arguments.month.as_deref());
    let period = match named {
        Some(text) => Some(Period::named(text).filter(|period| period.rhythm() == rhythm).ok_or_else(|| {
            let zh = format!("«{text}»: 周报写作 --week 2026-W47, 月报写作 --month 2026-11");
            let en = format!("«{text}»: write weekly --week 2026-W47 or monthly --month 2026-11");
            Failure::new(USAGE, arguments.lang.choose(&zh, &en))
        })?),
        None => None,
    };
    writable(&arguments.out).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let report = ring_report(&arguments.workspace, period, rhythm, arguments.as_of).map_err(|error| match error {
        ServeError::Engine(error) => failure(error),
        error @ ServeError::Stages(_) => Failure::new(CONFIGURATION, error),
        error => Failure::new(UNAVAILABLE, error),
    })?;
    let mut formats = arguments.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let mut listing = Listing { heads: vec!["file", "bytes", "sha256"], ..Listing::default() };
    for format in formats {
        let (bytes, end) = rendered(&report, format)?;
        let path = arguments.out.join(format!("rings-{}.{end}", report.period));
        write(&path, &bytes)?;
        let (file, sum) = (path.display().to_string(), sha256(&bytes));
        let line = json!({"schema_version": 1, "file": file, "bytes": bytes.len(), "sha256": sum,
            "period": report.period, "epoch": report.epoch, "epoch_before": report.epoch_before});
        listing.lines.push(line.to_string());
        listing.rows.push(vec![file, bytes.len().to_string(), sum]);
    }
    output::print(&listing.text(output::shape(arguments.output))?)
}

fn rendered(report: &Report, format: Format) -> Result<(Vec<u8>, &'static str), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(UNAVAILABLE, error);
    Ok(match format {
        Format::Html => (html(report).map_err(|error| failed(&error))?.into_bytes(), "html"),
        Format::Xlsx => (xlsx(report).map_err(|error| failed(&error))?, "xlsx"),
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(report).map_err(|error| failed(&error))?;
            bytes.push(b'\n');
            (bytes, "json")
        }
    })
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", path.display())))
}
