//! `medring calibrate`: how many leads would chance alone give in these data?

use super::check::{self, Language};
use super::cluster::workers;
use super::detect::failure;
use super::output::{self, Listing, Shape};
use super::{Failure, UNAVAILABLE, USAGE};
use crate::engine::{Calibration, NullOptions, calibrate};
use crate::ingest::{Progress, Source};
use crate::typology;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// `medring calibrate`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Folders or files with tables named as in the schema; only `setl_d` is required
    #[arg(required = true, value_name = "INPUT")]
    input: Vec<PathBuf>,
    /// Where the calibration goes: give this file to `medring detect --calibration`
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How often the dates are shuffled
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: u64,
    /// The seed: the same data and seed give the same calibration
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Worker threads, 1 to 256 [default: one per core]
    #[arg(long, value_name = "W")]
    workers: Option<usize>,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// The scores that the printed table goes through, hundredths.
const STEPS: [i32; 7] = [0, 100, typology::REPORT_SCORE_MIN, 200, 300, 500, 800];

/// Measures, writes and prints.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.rounds == 0 {
        return Err(Failure::new(USAGE, "--rounds takes a number from 1"));
    }
    let source = Source::open(&arguments.input).map_err(check::failure)?;
    let options = NullOptions {
        workers: workers(arguments.workers, "--workers")?,
        rounds: arguments.rounds,
        seed: arguments.seed,
        progress: Progress::Auto,
        stop: check::stop_on_interrupt(),
    };
    let lang = arguments.lang;
    let mut told = |round: u64, scores: &[i32]| {
        let leads = scores.iter().filter(|score| **score >= typology::REPORT_SCORE_MIN).count();
        let (zh, en) = (format!("第{round}轮: {leads}个线索"), format!("round {round}: {leads} leads"));
        eprintln!("{}", lang.choose(&zh, &en));
    };
    let calibration = calibrate(&source, &options, typology::judge, &mut told).map_err(failure)?;
    let text = serde_json::to_string(&calibration).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    std::fs::write(&arguments.out, text + "\n")
        .map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", arguments.out.display())))?;
    output::print(&listing(&calibration).text(output::shape(arguments.output))?)
}

/// How many findings of at least each score chance gives among 100,000 persons.
fn listing(calibration: &Calibration) -> Listing {
    let mut listing = Listing { heads: vec!["score", "per_100000_persons"], ..Listing::default() };
    for step in STEPS {
        let milli = calibration.expected_milli(step, 100_000);
        let figure = format!("{}.{:03}", milli / 1_000, milli % 1_000);
        listing.lines.push(json!({"schema_version": 1, "score": f64::from(step) / 100.0, "per_100000_persons": f64::from(milli) / 1_000.0}).to_string());
        listing.rows.push(vec![super::ring::score(step), figure]);
    }
    listing
}
