//! From tables to explained rings in one command.

use super::check::{self, Language};
use super::cluster::ClusterArguments;
use super::conservation::{conservation_table, cut_off, of_tallies, remarks};
use super::outcomes::outcomes;
use super::output::Listing;
use super::{CONFIGURATION, Failure, INTEGRITY, INTERRUPTED, REJECTED, UNAVAILABLE, USAGE};
use crate::engine::{Calibration, DetectOptions, Detected, EngineError, detect, ties};
use crate::flow::Baselines;
use crate::ingest::{Progress, Source, TableTally};
use crate::model::{Sentence, Table};
use crate::report::{Edition, InputFile, LimitHit, NotRun, RingActivity, RunSummary, Stage, TableCount};
use crate::store::StoreError;
use crate::typology::{self, Gone, Lack, LeftOut, counted};
use clap::Args;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// `medring detect`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Folders or files with tables named as in the schema; only `setl_d` is required.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Where rings.jsonl, report.html and the tables go.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// An earlier OUT whose baselines are taken, to try a ring on its own facts.
    #[arg(long, value_name = "RUN")]
    baselines: Option<PathBuf>,
    /// What `medring calibrate` wrote: how many findings chance gives, and what verdicts taught [default: measured on made-up worlds].
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
    /// Every candidate, not only what a supervisor should look at.
    #[arg(long)]
    all: bool,
    /// Write rows that were set aside to this folder, a CSV per table.
    #[arg(long)]
    reject_dir: Option<PathBuf>,
    /// Per cent of the rows of a table that may be set aside before the exit code is 4.
    #[arg(long, value_name = "PCT", default_value_t = 5.0, allow_negative_numbers = true)]
    max_reject: f64,
    /// A file written as dataset.toml (columns, dictionary, encoding …), for inputs that have none.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The language of what is printed.
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Detects rings and writes what was found.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check::percentage(arguments.max_reject)?;
    let cluster = arguments.cluster.cluster()?;
    let first = cluster.process == 0;
    if cluster.processes() > 1 {
        super::cluster::end_together(arguments.lang);
    }
    if first {
        crate::report::writable(&arguments.out).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    }
    let source = Source::open_configured(&arguments.input, arguments.config.as_deref()).map_err(check::failure)?;
    if !source.tables().contains(&Table::SetlD) {
        return Err(Failure::new(REJECTED, no_settlements(&source, arguments.lang)));
    }
    let stop = check::stop_on_interrupt();
    let options = DetectOptions {
        cluster,
        all: arguments.all,
        score_min: typology::REPORT_SCORE_MIN,
        baselines: arguments.baselines.as_deref().map(baselines).transpose()?,
        calibration: arguments.calibration.as_deref().map_or_else(|| Ok(Calibration::shipped()), calibration)?,
        reject_dir: arguments.reject_dir.clone(),
        progress: Progress::Auto,
        stop: Arc::clone(&stop),
    };
    let detected = detect(&source, &options, typology::judge).map_err(failure)?;
    if stop.load(Ordering::Relaxed) {
        return Err(failure(EngineError::Interrupted));
    }
    let run = summary(&source, &detected);
    if first && detected.read.tables.get(&Table::SetlD).is_some_and(|read| read.read == 0) {
        let lang = arguments.lang;
        eprintln!(
            "{}",
            lang.choose(
                "警告: setl_d 只有表头没有行, 因此没有线索; 请检查导出",
                "warning: setl_d has no rows, so there are no leads; check the export"
            )
        );
    }
    if first {
        for end in cut_off(&detected.read) {
            eprintln!("{}", arguments.lang.choose(&end.zh, &end.en));
        }
        let kept = within(&run, arguments.max_reject, arguments.lang).is_ok();
        if kept {
            // The baselines of several processes lie with those who own them: a part of them would try a ring on the wrong facts.
            let baselines = (options.cluster.processes() == 1).then_some(&detected.baselines);
            write(&detected, baselines, &run, &arguments.out)?;
        }
        let text = if kept { overview(&detected, &run, arguments.lang) } else { balance(&detected, arguments.lang) };
        let printed = std::io::stdout().lock().write_all(text.as_bytes());
        printed.map_err(|error| Failure::new(UNAVAILABLE, error))?;
    }
    // The first process knows what became of the rows of all, and decides.
    if let Some(folder) = arguments.reject_dir.as_ref().filter(|_| first) {
        source.reject(folder, &detected.tally.set_aside).map_err(check::failure)?;
    }
    if first { within(&run, arguments.max_reject, arguments.lang) } else { Ok(()) }
}

/// Why nothing can be detected in tables without settlements.
fn no_settlements(source: &Source, lang: Language) -> String {
    let found: Vec<&str> = source.tables().iter().map(|table| table.name()).collect();
    let found = found.join(", ");
    match lang {
        Language::Zh => {
            format!("缺少表 setl_d(结算), 无法检测; 现有: {found}。请加上 setl_d.csv、setl_d.parquet 或文件夹 setl_d/")
        }
        Language::En => format!(
            "table setl_d (settlements) is absent and nothing can be detected without it; there is {found}. Remedy: add setl_d.csv, setl_d.parquet or a folder setl_d/"
        ),
    }
}

/// The exit code of an engine that failed.
pub(super) fn failure(error: EngineError) -> Failure {
    match error {
        EngineError::Input(error) => check::failure(error),
        EngineError::Store(error) => store_failure(error),
        error @ (EngineError::Rejected { .. }
        | EngineError::CutOff { .. }
        | EngineError::TooManyRows { .. }
        | EngineError::OtherContent { .. }) => Failure::new(REJECTED, error),
        error @ EngineError::Verdict { .. } => Failure::new(CONFIGURATION, error),
        error @ EngineError::Interrupted => Failure::new(INTERRUPTED, error),
        error => Failure::new(UNAVAILABLE, error),
    }
}

/// The exit code of a workspace that did not answer.
pub(super) fn store_failure(error: StoreError) -> Failure {
    let code = match error {
        StoreError::Damaged { .. } => INTEGRITY,
        StoreError::NotAWorkspace { .. } | StoreError::Refused { .. } => USAGE,
        StoreError::Settings { .. } => CONFIGURATION,
        _ => UNAVAILABLE,
    };
    Failure::new(code, error)
}

/// The name of the file of baselines in OUT.
const BASELINES: &str = "baselines.json";

fn baselines(run: &Path) -> Result<Baselines, Failure> {
    let file = run.join(BASELINES);
    let told = |error: &dyn std::fmt::Display| {
        format!(
            "{}: {error}. Remedy: --baselines takes the --out folder of an earlier run by one process / --baselines 须为此前单进程运行的 --out 文件夹",
            file.display()
        )
    };
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::new(UNAVAILABLE, told(&error)))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(CONFIGURATION, told(&error)))
}

pub(super) fn calibration(file: &Path) -> Result<Calibration, Failure> {
    let told = |error: &dyn std::fmt::Display| {
        let remedy = "--calibration takes the file that medring calibrate wrote";
        format!("{}: {error}. Remedy: {remedy} / --calibration 须为 medring calibrate 写出的文件", file.display())
    };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::new(UNAVAILABLE, told(&error)))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(CONFIGURATION, told(&error)))
}

/// Writes all files of a run together; `rings.jsonl` last.
pub(super) fn write(
    detected: &Detected,
    baselines: Option<&Baselines>,
    run: &RunSummary,
    out: &Path,
) -> Result<(), Failure> {
    let text = baselines.map(serde_json::to_vec).transpose().map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let (ties, activity) = (ties(&detected.found), activity(detected));
    let edition = Edition {
        rings: &detected.rings,
        names: &detected.names,
        ties: &ties,
        activity: &activity,
        references: &detected.references,
        run,
    };
    let more: Vec<(&str, &[u8])> = text.iter().map(|text| (BASELINES, text.as_slice())).collect();
    crate::report::write_with(&edition, &more, out).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    // Those of an older run would be taken for this one's.
    let older = out.join(BASELINES);
    if text.is_none() && older.exists() {
        std::fs::remove_file(older).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    }
    Ok(())
}

fn activity(detected: &Detected) -> Vec<RingActivity> {
    let of = |(ring, found): (usize, &crate::flow::Found)| {
        let one = move |(fact, origin): &(crate::model::Settlement, crate::model::RowRef)| RingActivity {
            ring,
            day: fact.begin,
            end: fact.end,
            person: fact.person,
            place: fact.place,
            doctor: fact.doctor,
            fact: *origin,
            total_fen: fact.total_fen,
            fund_fen: fact.fund_fen,
            class: fact.class,
        };
        found.settlements.iter().map(one).collect::<Vec<_>>()
    };
    detected.found.iter().enumerate().flat_map(of).collect()
}

/// What the run did, for `run.json` and the report.
pub(super) fn summary(source: &Source, detected: &Detected) -> RunSummary {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let left_out: LeftOut = detected.read.tables.iter().map(|(table, read)| (*table, gone(read))).collect();
    let not_run: Vec<NotRun> = typology::not_run(&left_out)
        .into_iter()
        .map(|(slug, lack)| NotRun { typology: slug.to_owned(), reason: absent(lack, ("未运行", "not run")) })
        .collect();
    let mut limited: Vec<NotRun> = Vec::new();
    for (slug, lack, sight) in typology::unseen(&left_out) {
        let more = absent(lack, (&format!("看不到{}", sight.zh), &format!("{} not seen", sight.en)));
        match limited.last_mut().filter(|last| last.typology == slug) {
            Some(NotRun { reason, .. }) => {
                reason.zh.push_str(&format!("; {}", more.zh));
                reason.en.push_str(&format!("; {}", more.en));
            }
            None => limited.push(NotRun { typology: slug.to_owned(), reason: more }),
        }
    }
    let ran = |slug: &&str| not_run.iter().all(|not| not.typology != *slug);
    let day = |day: Option<crate::model::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    RunSummary {
        schema_version: 1,
        versions: [("medring", env!("CARGO_PKG_VERSION")), ("calibration", &detected.calibration)]
            .map(|(name, version)| (name.to_owned(), version.to_owned()))
            .into(),
        input: inputs(source, detected),
        persons: count(detected.persons),
        settlements: detected.live.settlements,
        first_day: day(detected.live.first),
        last_day: day(detected.live.last),
        conservation: conservation(detected),
        typologies_run: typology::registry().iter().map(|one| one.slug()).filter(ran).map(str::to_owned).collect(),
        typologies_not_run: not_run,
        typologies_limited: limited,
        candidates: count(detected.candidates),
        rings: count(detected.rings.len()),
        stages: detected
            .stages
            .iter()
            .map(|(name, seconds, peak_bytes)| Stage { name: name.clone(), seconds: *seconds, peak_bytes: *peak_bytes })
            .collect(),
        limits: limits(detected),
    }
}

/// The columns that tell nothing. A table without any row tells that there is nothing.
fn gone(read: &TableTally) -> BTreeMap<String, Gone> {
    let blank = read.blank_columns.iter().filter(|_| read.read > 0).map(|column| (column.clone(), Gone::Blank));
    blank.chain(read.missing_columns.iter().map(|column| (column.clone(), Gone::Absent))).collect()
}

/// What follows from something that is not there.
fn absent(lack: Lack, (zh, en): (&str, &str)) -> Sentence {
    let (lacks_zh, lacks_en) = match lack {
        Lack::Table(table) => (format!("缺少表 {}", table.name()), format!("table {} absent", table.name())),
        Lack::Column(table, column, Gone::Absent) => (
            format!("缺少表 {} 的列 {column}", table.name()),
            format!("column {column} of table {} absent", table.name()),
        ),
        Lack::Column(table, column, Gone::Blank) => (
            format!("表 {} 的列 {column} 每行都为空", table.name()),
            format!("column {column} of table {} is empty in every row", table.name()),
        ),
    };
    Sentence { zh: format!("{zh}: {lacks_zh}"), en: format!("{en}: {lacks_en}") }
}

/// The files read; the rows of a table in several parts are told once, in `conservation`.
fn inputs(source: &Source, detected: &Detected) -> Vec<InputFile> {
    let rows = |table| detected.read.tables.get(&table).filter(|read| read.files == 1).map_or(0, |read| read.read);
    let file = |file: &crate::ingest::SourceFile| InputFile {
        table: file.table.name().to_owned(),
        file: file.path.display().to_string(),
        rows: rows(file.table),
        bytes: file.bytes,
    };
    source.files().iter().map(file).collect()
}

fn limits(detected: &Detected) -> Vec<LimitHit> {
    let times = |count: i64| u64::try_from(count).unwrap_or(0);
    let all = [
        LimitHit {
            name: "groups_not_paired".to_owned(),
            limit: 64,
            times: times(detected.limits.groups_not_paired),
            text: Sentence {
                zh: "同一时间同一机构的人数过多, 不逐对比较, 改用更窄的分组".to_owned(),
                en: "groups too large to compare everybody with everybody; narrower groups were used instead"
                    .to_owned(),
            },
        },
        LimitHit {
            name: "identifiers_stopped".to_owned(),
            limit: 3_000,
            times: times(detected.limits.identifiers_stopped),
            text: Sentence {
                zh: "持有人过多的电话、账户或代办人(总机、村委会)不作为关联".to_owned(),
                en: "phones, accounts or agents with too many holders (switchboards, offices) tie nobody".to_owned(),
            },
        },
    ];
    all.into_iter().filter(|limit| limit.times > 0).collect()
}

fn conservation(detected: &Detected) -> Vec<TableCount> {
    let outcomes = outcomes(&detected.read, &detected.tally);
    let mut lines = Vec::new();
    for (table, (outcomes, mut reasons)) in outcomes {
        let warned = detected.read.tables.get(&table).into_iter().flat_map(|read| &read.warnings);
        warned.for_each(|(reason, rows)| *reasons.entry(*reason).or_default() += rows);
        let orphan_reversal_fen = if table == Table::SetlD { detected.tally.orphan_fen } else { 0 };
        let remarks = detected.read.tables.get(&table).map(remarks).unwrap_or_default();
        lines.push(TableCount { orphan_reversal_fen, remarks, ..TableCount::of(table, &outcomes, &reasons) });
    }
    lines
}

/// Rings that are printed; all are in the files.
const SHOWN: usize = 20;

/// What became of every row.
fn balance(detected: &Detected, lang: Language) -> String {
    conservation_table(&of_tallies(&detected.read, &detected.tally, lang), lang)
}

/// What is printed at the end: the conservation table and the first rings.
pub(super) fn overview(detected: &Detected, run: &RunSummary, lang: Language) -> String {
    let mut text = balance(detected, lang);
    for not in run.typologies_not_run.iter().chain(&run.typologies_limited) {
        let reason = if lang == Language::Zh { &not.reason.zh } else { &not.reason.en };
        text.push_str(&format!("{:<28}{reason}\n", not.typology));
    }
    let rings = detected.rings.len();
    let rings = match lang {
        Language::Zh => format!("{rings} 疑似线索"),
        Language::En => counted(rings, "suspected lead", "suspected leads"),
    };
    let heads = vec!["rank", "ring", "typology", "score", "by chance", "persons", "fund"];
    let mut listing = Listing { heads, ..Listing::default() };
    for ring in detected.rings.iter().take(SHOWN) {
        let persons =
            ring.finding.members.iter().filter(|one| one.party.kind() == crate::model::PartyKind::Person).count();
        listing.rows.push(vec![
            ring.rank.to_string(),
            ring.id.clone(),
            ring.finding.typology.clone(),
            format!("{:.2}", f64::from(ring.finding.score) / 100.0),
            format!("{:.3}", f64::from(ring.expected_by_chance_milli) / 1_000.0),
            persons.to_string(),
            crate::report::yuan(ring.finding.amount.fund_fen),
        ]);
    }
    text.push_str(&format!("\n{rings}\n{}", listing.table(lang == Language::Zh)));
    let all = detected.rings.len();
    if all > SHOWN {
        text.push_str(&match lang {
            Language::Zh => format!("以上为 {all} 个中的 {SHOWN} 个, 其余见 rings.jsonl\n"),
            Language::En => format!("{SHOWN} of {all}, the others in rings.jsonl\n"),
        });
    }
    text
}

/// Whether few enough rows were set aside.
fn within(run: &RunSummary, max_reject: f64, lang: Language) -> Result<(), Failure> {
    for table in &run.conservation {
        #[expect(clippy::cast_precision_loss, reason = "a percentage shown to people")]
        let percent = table.quarantined as f64 * 100.0 / table.read.max(1) as f64;
        if percent > max_reject {
            let name = &table.table;
            let text = match lang {
                Language::Zh => {
                    format!("{name}: 隔离 {percent:.2} % > --max-reject {max_reject} %; 用 --reject-dir 查看原因")
                }
                Language::En => format!(
                    "{name}: {percent:.2} % of the rows were set aside, more than --max-reject {max_reject} %. Remedy: see why with --reject-dir"
                ),
            };
            return Err(Failure::new(REJECTED, text));
        }
    }
    Ok(())
}
