//! `medring synth`: which made-up world does the user want, and where?

use super::check::{self, Language};
use super::{Failure, INTERRUPTED, UNAVAILABLE, USAGE};
use crate::synth::{Format, Parameters, SynthError, generate_until, make_room};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Make a world in which the rings are known: tables as a bureau exports them, and labels.csv with the truth.
#[derive(Args, Debug)]
pub(super) struct Synth {
    /// Folder to write to; made when absent.
    out: PathBuf,
    /// demo (8,000 people), county (20,000), city (100,000, with all tables and rings of all kinds), careful (a city whose
    /// rings hide), clean (a city without rings and with twice the look-alikes), claims (a city with the tables of care
    /// alone, and the rings that these show).
    #[arg(long, default_value = "city")]
    preset: String,
    /// Insured persons, at least 500.
    #[arg(long)]
    persons: Option<usize>,
    /// About how many settlements; sets the number of persons.
    #[arg(long, conflicts_with = "persons")]
    settlements: Option<usize>,
    /// Seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = Kind::Csv)]
    format: Kind,
    /// Tables to write, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "all")]
    tables: Vec<String>,
    /// Genuine care that ring members add, per planted settlement (0 to 2).
    #[arg(long)]
    camouflage: Option<f64>,
    /// Share of a batch that is replaced each time (0 to 0.5).
    #[arg(long)]
    rotate: Option<f64>,
    /// Days by which members of a batch differ (0 to 30).
    #[arg(long, value_name = "DAYS")]
    jitter: Option<i32>,
    /// Typologies to plant, separated by commas: T01, card_pool, florida …
    #[arg(long, value_delimiter = ',')]
    typologies: Vec<String>,
    /// Rings to plant, at most one for 100 persons.
    #[arg(long)]
    rings: Option<usize>,
    /// Honest look-alike groups, as a multiple of the usual number (0 to 20).
    #[arg(long)]
    lookalikes: Option<f64>,
    /// Untidy text: upper-case headers, a byte-order mark, tabs, the word null, bad dates.
    #[arg(long)]
    dirty: bool,
    /// Replace the world that lies in the folder: its tables, answers and manifest are removed first.
    #[arg(long)]
    force: bool,
    /// The language of what is printed.
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Csv,
    Parquet,
}

/// Makes the world and prints what was written.
pub(super) fn run(wanted: Synth) -> Result<(), Failure> {
    let parameters = parameters(&wanted).map_err(failure)?;
    let start = std::time::Instant::now();
    parameters.check().map_err(failure)?;
    sensible(&wanted, parameters.persons)?;
    make_room(&wanted.out, wanted.force).map_err(failure)?;
    let made = generate_until(&check::stop_on_interrupt(), &parameters, &wanted.out).map_err(failure)?;
    let (persons, places, rows, rings, alike) =
        (made.persons, made.places, made.settlements, made.rings, made.lookalikes);
    let seconds = start.elapsed().as_secs_f64();
    let text = match wanted.lang {
        Language::Zh => format!(
            "虚构世界: {persons} 人, {places} 家机构和药店, setl_d {rows} 行, 团伙 {rings} 个, 相似的正常群体 {alike} 个, 用时 {seconds:.1} 秒"
        ),
        Language::En => format!(
            "synthetic world of {persons} persons, {places} places, {rows} rows of setl_d, {rings} rings, {alike} look-alike groups in {seconds:.1} s"
        ),
    };
    eprintln!("{text}");
    for (table, bytes) in &made.tables {
        eprintln!("  {table:<18} {:>9.1} MB", *bytes as f64 / 1e6);
    }
    Ok(())
}

/// Persons beyond which a world is a slip of the keyboard: two provinces. It is held in memory while it is made.
const PERSONS_MAX: usize = 100_000_000;
/// Persons from which making them takes long enough to say so.
const PERSONS_MANY: usize = 1_000_000;

/// Refuses a world that no machine holds, before anything is removed or written, and says when it will take long.
fn sensible(wanted: &Synth, persons: usize) -> Result<(), Failure> {
    if persons > PERSONS_MAX {
        let flag = if wanted.settlements.is_some() { "--settlements" } else { "--persons" };
        let text = match wanted.lang {
            Language::Zh => format!("{flag}: {persons} 人过多, 最多 {PERSONS_MAX} 人; 请减少"),
            Language::En => format!("{flag}: {persons} persons are too many, at most {PERSONS_MAX}; ask for fewer"),
        };
        return Err(Failure::new(USAGE, text));
    }
    if persons >= PERSONS_MANY {
        eprintln!(
            "{}",
            match wanted.lang {
                Language::Zh => format!("正在生成 {persons} 人的虚构世界, 需要一段时间; Ctrl-C 可中止"),
                Language::En => format!("making a world of {persons} persons; this takes a while, Ctrl-C ends it"),
            }
        );
    }
    Ok(())
}

fn parameters(wanted: &Synth) -> Result<Parameters, SynthError> {
    let mut parameters = Parameters::preset(&wanted.preset, wanted.seed)?;
    if let Some(persons) = wanted.persons {
        parameters = parameters.with_persons(persons);
    }
    if let Some(settlements) = wanted.settlements {
        parameters = parameters.with_settlements(settlements);
    }
    parameters.rings = wanted.rings.unwrap_or(parameters.rings);
    parameters.camouflage = wanted.camouflage.unwrap_or(parameters.camouflage);
    parameters.rotate = wanted.rotate.unwrap_or(parameters.rotate);
    parameters.jitter = wanted.jitter.unwrap_or(parameters.jitter);
    parameters.lookalikes = wanted.lookalikes.unwrap_or(parameters.lookalikes);
    parameters.typologies.clone_from(&wanted.typologies);
    parameters.tables.clone_from(&wanted.tables);
    parameters.dirty = wanted.dirty;
    parameters.format = match wanted.format {
        Kind::Csv => Format::Csv,
        Kind::Parquet => Format::Parquet,
    };
    Ok(parameters)
}

/// The exit code of a world that was not made.
pub(super) fn failure(error: SynthError) -> Failure {
    let code = match error {
        SynthError::Unknown { .. } | SynthError::Range { .. } | SynthError::Occupied { .. } => USAGE,
        SynthError::Interrupted => INTERRUPTED,
        _ => UNAVAILABLE,
    };
    Failure::new(code, error)
}
