//! `medring db`: is a workspace whole, how is it kept small, and how is it copied and brought back?

use super::check::Language;
use super::detect::store_failure;
use super::output::{self, Listing, Shape};
use super::{Failure, INTEGRITY, USAGE, retain};
use crate::store::{Checked, Compacted, Digest, Segments, Workspace, restore, verify_backup};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to do with a workspace as a whole.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Compare everything with its checksums; exit code 7 when something is damaged
    Check {
        /// The workspace
        #[arg(value_name = "WS")]
        workspace: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Copy a workspace as of its last epoch, also while it is served
    Backup {
        /// The workspace
        #[arg(value_name = "WS")]
        workspace: PathBuf,
        /// A new file ending with .tar, or a new folder; readable by the owner only, because it holds identifiers
        #[arg(value_name = "FILE|DIR")]
        to: PathBuf,
        /// Compare the copy with its checksums afterwards
        #[arg(long)]
        verify: bool,
        /// Give the segments a further name instead of copying them: quick, but no help when the disk is lost
        #[arg(long)]
        link: bool,
        #[command(flatten)]
        how: How,
    },
    /// Let facts leave that are older than a window; rings whose facts left dissolve
    ///
    /// This runs in one process, which holds the whole graph in its memory, and while nobody else writes to the workspace.
    /// `serve`, on one process or several, does the same by itself: set `retention_days` in medring.toml and start it again.
    Retain(retain::Arguments),
    /// Make few files of many, and drop rows that have left and that nothing cites; a served workspace does so by itself
    Compact {
        /// The workspace
        #[arg(value_name = "WS")]
        workspace: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// What epochs say, in short: two workspaces that took the same batches have the same digests
    Digest {
        /// The workspace
        #[arg(value_name = "WS")]
        workspace: PathBuf,
        /// All epochs; without it the last
        #[arg(long)]
        all: bool,
        /// This epoch
        #[arg(long, value_name = "EPOCH", conflicts_with = "all")]
        epoch: Option<u64>,
        #[command(flatten)]
        how: How,
    },
    /// Make a workspace of a backup; it is compared with its checksums first
    Restore {
        /// The backup
        #[arg(value_name = "FILE|DIR")]
        from: PathBuf,
        /// A folder that does not exist or is empty
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        #[command(flatten)]
        how: How,
    },
}

/// How to print.
#[derive(Args, Debug)]
pub(super) struct How {
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Runs `medring db`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Check { workspace, how } => check(workspace, how),
        Verb::Backup { workspace, to, verify, link, how } => {
            let segments = if *link { Segments::Link } else { Segments::Copy };
            let store = Workspace::open_reader(workspace).map_err(store_failure)?;
            let made = store.backup(to, segments).map_err(store_failure)?;
            if *verify {
                verify_backup(to).map_err(store_failure)?;
            }
            let line = json!({"schema_version": 1, "backup": made.path.display().to_string(), "epoch": made.epoch,
                "segments": made.segments, "bytes": made.bytes, "verified": verify});
            let head = how.lang.choose("已备份", "backed up").to_owned();
            let row = vec![made.path.display().to_string(), made.epoch.to_string(), made.bytes.to_string(), head];
            print(vec!["backup", "epoch", "bytes", "state"], vec![row], vec![line.to_string()], how)
        }
        Verb::Retain(arguments) => retain::run(arguments),
        Verb::Compact { workspace, how } => {
            let mut store = Workspace::open(workspace).map_err(store_failure)?;
            let Compacted { replaced, written, bytes_before, bytes_after, dropped } =
                store.compact().map_err(store_failure)?;
            let segments = store.segments(0).map_err(store_failure)?.len();
            let line = json!({"schema_version": 1, "replaced": replaced, "written": written, "bytes_before": bytes_before,
                "bytes_after": bytes_after, "rows_dropped": dropped, "segments": segments});
            let heads = vec!["replaced", "written", "bytes before", "bytes after", "rows dropped", "segments"];
            let numbers = [replaced as u64, written as u64, bytes_before, bytes_after, dropped, segments as u64];
            print(heads, vec![numbers.iter().map(u64::to_string).collect()], vec![line.to_string()], how)
        }
        Verb::Digest { workspace, all, epoch, how } => digest(workspace, *all, *epoch, how),
        Verb::Restore { from, into, how } => {
            let checked = restore(from, into).map_err(store_failure)?;
            let line = json!({"schema_version": 1, "restored": into.display().to_string(), "epoch": checked.epoch,
                "segments": checked.segments, "rows": checked.rows});
            let state = how.lang.choose("已核对并恢复", "checked and restored").to_owned();
            let row = vec![into.display().to_string(), checked.epoch.to_string(), checked.rows.to_string(), state];
            print(vec!["workspace", "epoch", "rows", "state"], vec![row], vec![line.to_string()], how)
        }
    }
}

fn print(heads: Vec<&'static str>, rows: Vec<Vec<String>>, lines: Vec<String>, how: &How) -> Result<(), Failure> {
    output::print(&Listing { heads, rows, lines }.text(output::shape(how.output))?)
}

fn digest(workspace: &Path, all: bool, epoch: Option<u64>, how: &How) -> Result<(), Failure> {
    let store = Workspace::open_reader(workspace).map_err(store_failure)?;
    let last = store.epoch();
    let of = match epoch {
        _ if all => 0..=last,
        Some(epoch) if epoch > last => {
            let zh = format!("--epoch {epoch}: 尚无该批次, 最后一个批次为 {last}");
            let en = format!("--epoch {epoch} is yet to come, the last one is {last}");
            return Err(Failure::new(USAGE, how.lang.choose(&zh, &en)));
        }
        Some(epoch) => epoch..=epoch,
        None => last..=last,
    };
    let mut listing = Listing { heads: vec!["epoch", "digest", "rings", "batch"], ..Listing::default() };
    for Digest { epoch, batch_id, rings, digest } in store.digests(of).map_err(store_failure)? {
        let line = json!({"schema_version": 1, "epoch": epoch, "digest": digest, "rings": rings, "batch_id": batch_id});
        listing.lines.push(line.to_string());
        listing.rows.push(vec![epoch.to_string(), digest, rings.to_string(), batch_id.unwrap_or_default()]);
    }
    output::print(&listing.text(output::shape(how.output))?)
}

fn check(workspace: &Path, how: &How) -> Result<(), Failure> {
    let checked = Workspace::open_reader(workspace).and_then(|store| store.check()).map_err(store_failure)?;
    let mut listing = Listing { heads: vec!["file", "problem"], ..Listing::default() };
    for problem in &checked.problems {
        let path = problem.path.display().to_string();
        listing.lines.push(json!({"schema_version": 1, "file": path, "problem": problem.what}).to_string());
        listing.rows.push(vec![path, problem.what.clone()]);
    }
    if !listing.rows.is_empty() {
        output::print(&listing.text(output::shape(how.output))?)?;
    }
    eprintln!("{}", summary(&checked, how.lang));
    if checked.problems.is_empty() {
        return Ok(());
    }
    let remedy = how.lang.choose(
        "工作区有损坏。处理: 停止写入, 用 medring db restore 从备份恢复",
        "the workspace is damaged. Remedy: stop writing, and bring back a backup with medring db restore",
    );
    Err(Failure::new(INTEGRITY, remedy))
}

fn summary(checked: &Checked, lang: Language) -> String {
    let Checked { format, epoch, segments, rows, bytes, .. } = checked;
    let (problems, leftovers) = (checked.problems.len(), checked.leftovers.len());
    match lang {
        Language::Zh => format!(
            "磁盘格式 {format}, 批次 {epoch}, 数据文件 {segments} 个 {rows} 行 {bytes} 字节; 问题 {problems} 个; 未提交批次的文件 {leftovers} 个"
        ),
        Language::En => format!(
            "disk format {format}, epoch {epoch}, {segments} segments with {rows} rows and {bytes} bytes; {problems} problems; {leftovers} files of a batch that is not committed"
        ),
    }
}
