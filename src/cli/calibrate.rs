//! `medring calibrate`: how many leads would chance alone give in these data, and what did verdicts on earlier ones teach?

use super::check::{self, Language};
use super::cluster::workers;
use super::detect::{self, failure, store_failure};
use super::output::{self, Listing, Shape};
use super::{Failure, UNAVAILABLE, USAGE};
use crate::engine::{Calibration, NullOptions, SHIFT_MAX, Verdicts, calibrate};
use crate::ingest::{Progress, Source};
use crate::model::Learned;
use crate::store::Workspace;
use crate::typology;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// `medring calibrate`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Folders or files with tables named as in the schema, to measure chance on; only `setl_d` is required
    #[arg(value_name = "INPUT", required_unless_present = "verdicts")]
    input: Vec<PathBuf>,
    /// Where the calibration goes: give this file to `medring detect --calibration`
    #[arg(long, value_name = "FILE", required_unless_present = "workspace")]
    out: Option<PathBuf>,
    /// A workspace that keeps the calibration: it is judged by it from its next batch on
    #[arg(long, value_name = "WS")]
    workspace: Option<PathBuf>,
    /// What was decided of earlier leads, as `medring case verdicts` prints it: moves the prior of each typology, at most by 1.5 either way
    #[arg(long, value_name = "FILE")]
    verdicts: Vec<PathBuf>,
    /// An earlier calibration, kept where nothing new is given [default: that of the workspace, or the one shipped]
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
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

/// Measures, learns, writes and prints.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.rounds == 0 {
        let text = arguments.lang.choose("--rounds 的值至少为 1", "--rounds takes a number from 1");
        return Err(Failure::new(USAGE, text));
    }
    // Everything that may be wrong with what is given is found before minutes are spent.
    let verdicts = Verdicts::read(&arguments.verdicts).map_err(failure)?;
    let mut workspace = arguments.workspace.as_deref().map(Workspace::open).transpose().map_err(store_failure)?;
    let mut calibration = match (&arguments.calibration, &workspace) {
        (Some(file), _) => detect::calibration(file)?,
        (None, Some(workspace)) => Calibration::of(workspace).map_err(failure)?,
        (None, None) => Calibration::shipped(),
    };
    if !arguments.verdicts.is_empty() {
        calibration.verdicts = verdicts.learned();
    }
    if !arguments.input.is_empty() {
        calibration = Calibration { verdicts: calibration.verdicts, ..measured(arguments)? };
    }
    if let Some(out) = &arguments.out {
        let text = serde_json::to_string(&calibration).map_err(|error| Failure::new(UNAVAILABLE, error))?;
        output::save(out, &(text + "\n"))?;
    }
    if let Some(workspace) = &mut workspace {
        calibration.keep(workspace).map_err(failure)?;
    }
    let learned = !arguments.verdicts.is_empty();
    let listing = if learned { moved(&calibration, &verdicts) } else { listing(&calibration) };
    output::print(&listing.text(output::shape(arguments.output))?)
}

/// How many findings chance gives in the data.
fn measured(arguments: &Arguments) -> Result<Calibration, Failure> {
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
    calibrate(&source, &options, typology::judge, &mut told).map_err(failure)
}

/// How verdicts moved the priors: leads decided and how many the scores said would be confirmed; log-odds and per cent before and after.
fn moved(calibration: &Calibration, verdicts: &Verdicts) -> Listing {
    let heads = vec!["typology", "confirmed", "refuted", "expected", "prior", "new prior", "prior %", "new prior %"];
    let mut listing = Listing { heads, ..Listing::default() };
    let known = typology::registry().iter().filter_map(|one| Some((*one, calibration.verdicts.get(one.slug())?)));
    for (one, Learned { confirmed, refuted, shift }) in known {
        let (slug, before, after) = (one.slug(), one.prior(), one.prior() + shift);
        let expected = verdicts.expected(slug);
        let odds = |prior: i32| f64::from(prior) / 100.0;
        let percent = |prior: i32| 100.0 / (1.0 + (-odds(prior)).exp());
        let line = json!({
            "schema_version": 1, "typology": slug, "confirmed": confirmed, "refuted": refuted,
            "expected_confirmed": (expected * 100.0).round() / 100.0, "prior_before": odds(before), "prior_after": odds(after),
            "shift": odds(*shift), "at_bound": shift.abs() == SHIFT_MAX,
        });
        listing.lines.push(line.to_string());
        let counts = [slug.to_owned(), confirmed.to_string(), refuted.to_string(), format!("{expected:.1}")];
        let priors = [super::ring::score(before), super::ring::score(after)];
        let shares = [before, after].map(|prior| format!("{:.2}", percent(prior)));
        listing.rows.push(counts.into_iter().chain(priors).chain(shares).collect());
    }
    listing
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
