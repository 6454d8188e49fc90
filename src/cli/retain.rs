//! `medring db retain`: which facts are older than the window, and out of the workspace with them?

use super::check::{self, Language};
use super::cluster::workers;
use super::detect::{failure, store_failure};
use super::output::{self, Listing, Shape};
use super::path::day;
use super::ring::event_word;
use super::{Failure, UNAVAILABLE, USAGE};
use crate::engine::{EngineError, Leaving, Retired, Session, data_day, leaving};
use crate::model::Day;
use crate::store::{Settings, StoreError, Workspace};
use crate::typology;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `medring db retain`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The workspace
    #[arg(value_name = "WS")]
    workspace: PathBuf,
    /// Facts whose last day is earlier leave [default: the data's own day less `retention_days` of medring.toml]
    #[arg(long, value_name = "DATE", value_parser = date)]
    before: Option<Day>,
    /// Say what would leave, and let it stay; works while the workspace is served
    #[arg(long)]
    dry_run: bool,
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

fn date(text: &str) -> Result<Day, String> {
    day(text).ok_or_else(|| format!("«{text}»: write 2024-01-01 / 应写作 2024-01-01"))
}

/// Runs `medring db retain`.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let workers = workers(arguments.workers, "--workers")?;
    let stop = check::stop_on_interrupt();
    if arguments.dry_run {
        let workspace = Workspace::open_reader(&arguments.workspace).map_err(store_failure)?;
        let found = leaving(&workspace, before(&workspace, arguments)?, &stop).map_err(failure)?;
        return say(&found, None, arguments);
    }
    let session = Session::open(&arguments.workspace, workers, typology::judge, typology::REPORT_SCORE_MIN);
    let mut session = session.map_err(|error| busy(error, arguments.lang))?;
    let before = before(session.workspace(), arguments)?;
    let retired = session.retire(before, &stop).map_err(failure)?;
    say(&retired.leaving, Some(&retired), arguments)
}

/// Whoever serves a workspace writes to it until it ends: the remedy is not to wait.
fn busy(error: EngineError, lang: Language) -> Failure {
    let EngineError::Store(StoreError::Busy { path }) = &error else { return failure(error) };
    let path = path.display();
    let zh = format!(
        "另一进程正在写入 {path}, 而 db retain 须由一个进程单独运行。处理: 在 medring.toml 中设置 retention_days 并重新启动 serve, 由它移出到期数据 (单进程或多进程均可); 或先结束该进程"
    );
    let en = format!(
        "another process is writing to {path}, and db retain runs alone, in one process. Remedy: set retention_days in medring.toml and start serve again, which lets facts leave by itself, on one process or several; or end that process first"
    );
    Failure::new(UNAVAILABLE, lang.choose(&zh, &en))
}

/// The day before which facts leave.
fn before(workspace: &Workspace, arguments: &Arguments) -> Result<Day, Failure> {
    let known = data_day(workspace).map_err(failure)?;
    if let (Some(asked), Some(known)) = (arguments.before, known)
        && asked > known
    {
        let zh = format!("--before {asked} 晚于数据自身的日期 {known}: 数据将全部移出");
        let en = format!("--before {asked} is later than the data's own day, {known}: nothing would be left");
        return Err(Failure::new(USAGE, arguments.lang.choose(&zh, &en)));
    }
    if let Some(asked) = arguments.before {
        return Ok(asked);
    }
    let settings = Settings::read(workspace.path()).map_err(store_failure)?;
    let Some(days) = settings.retention_days else {
        let zh = "未设置保留期。处理: 给出 --before DATE, 或在 medring.toml 中设置 retention_days";
        let en = "no window is set. Remedy: give --before DATE, or set retention_days in medring.toml";
        return Err(Failure::new(USAGE, arguments.lang.choose(zh, en)));
    };
    let known = known.ok_or_else(|| {
        let zh = "数据自身的日期未知, 尚无含结算的批次入库。处理: 给出 --before DATE";
        let en = "the day of these data is not known, no batch with settlements came yet. Remedy: give --before DATE";
        Failure::new(USAGE, arguments.lang.choose(zh, en))
    })?;
    Ok(Day(known.0.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX))))
}

fn say(leaving: &Leaving, retired: Option<&Retired>, arguments: &Arguments) -> Result<(), Failure> {
    let (lang, shape) = (arguments.lang, output::shape(arguments.output));
    let tables: BTreeMap<&str, u64> = leaving.tables().into_iter().map(|(table, rows)| (table.name(), rows)).collect();
    let mut listing = Listing { heads: vec!["table", "rows"], ..Listing::default() };
    listing.rows.extend(tables.iter().map(|(table, rows)| vec![(*table).to_owned(), rows.to_string()]));
    listing.lines.push(
        json!({
            "schema_version": 1,
            "before": leaving.before.to_string(),
            "dry_run": retired.is_none(),
            "epoch": retired.and_then(|retired| retired.epoch),
            "rows": leaving.rows.len(),
            "tables": tables,
            "rings_cited": leaving.rings,
            "rings_changed": retired.map(|retired| retired.changed),
            "events": retired.map(|retired| &retired.events),
        })
        .to_string(),
    );
    if shape != Shape::Table {
        return output::print(&listing.text(shape)?);
    }
    let (rows, rings, before) = (leaving.rows.len(), leaving.rings.len(), leaving.before);
    let state = match (retired.map(|retired| retired.epoch), lang) {
        (None, Language::Zh) => format!("试运行: {before} 之前的 {rows} 行将移出, {rings} 个疑似线索引用其中的行"),
        (None, Language::En) => {
            format!(
                "dry run: {rows} rows of days before {before} would leave; suspected leads that cite any of them: {rings}"
            )
        }
        (Some(None), Language::Zh) => format!("没有 {before} 之前的记录, 未作改动"),
        (Some(None), Language::En) => format!("nothing is older than {before}; nothing changed"),
        (Some(Some(epoch)), Language::Zh) => format!("{before} 之前的 {rows} 行已移出, 批次 {epoch}"),
        (Some(Some(epoch)), Language::En) => format!("{rows} rows of days before {before} have left, epoch {epoch}"),
    };
    let mut events = Listing { heads: vec!["ring", "event", "joined", "left"], ..Listing::default() };
    for event in retired.iter().flat_map(|retired| &retired.events) {
        let word = event_word(event.kind, lang).to_owned();
        events.rows.push(vec![event.ring.clone(), word, event.joined.to_string(), event.left.to_string()]);
    }
    let events = if events.rows.is_empty() { String::new() } else { events.text(shape)? };
    output::print(&format!("{}\n{state}\n{events}", listing.text(shape)?))
}
