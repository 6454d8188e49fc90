//! From input to rings in one shot.
//!
//! ```text
//! references ─► settings ─► river ◄─ batches of the reader, in epochs of a bulk load ── the river opens ─► rings
//! ```
//!
//! Eight to thirty-two epochs are right for a bulk load: each costs a little, and what waits for an epoch costs memory.

use super::names::names;
use super::ranking::{Calibration, rings};
use super::references::{ReferenceBook, references_with};
use super::standing::{Standing, members};
use super::{Answer, Cluster, River, RiverError};
use crate::flow::{Baselines, Epoch, Found, Judge, Limits, Live, Settings, Stage, Tally, touched};
use crate::ingest::{self, IngestError, Progress, ReadOptions, Source};
use crate::model::{Batch, Dossier, Judgement, Names, Outcome, Reason, References, Ring, RowRef, Table, Tie};
use crate::store::StoreError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// From this epoch on the river opens, on all processes together, however many batches each of them had.
pub(crate) const LAST_EPOCH: Epoch = 1 << 20;
/// Rows of one epoch of a bulk load.
const ROWS_PER_EPOCH: usize = 750_000;

/// How to detect.
pub struct DetectOptions {
    /// Workers and processes.
    pub cluster: Cluster,
    /// Keep findings below the score that a supervisor should look at.
    pub all: bool,
    /// The score, in hundredths, from which a finding is reported.
    pub score_min: i32,
    /// Baselines of an earlier run, taken where there are any.
    pub baselines: Option<Baselines>,
    /// How many findings chance gives, by score.
    pub calibration: Calibration,
    /// Write rows that were set aside to this folder.
    pub reject_dir: Option<PathBuf>,
    /// Show how far it is.
    pub progress: Progress,
    /// Stop when this becomes true.
    pub stop: Arc<AtomicBool>,
}

impl DetectOptions {
    fn shows(&self, found: &Found) -> bool {
        self.all || found.finding.score >= self.score_min
    }
}

/// What the recognisers say, given the references.
pub type Recognise = fn(&Dossier, &References) -> Judgement;

/// What was detected. Empty of rings on all processes but the first.
pub struct Detected {
    /// Rings in rank order.
    pub rings: Vec<Ring>,
    /// The findings behind them, in the same order.
    pub found: Vec<Found>,
    /// Findings, reported or not.
    pub candidates: usize,
    /// The texts behind the hashes of what is shown.
    pub names: Names,
    /// What was usual where the rings' facts are, to try a ring on its own facts.
    pub baselines: Baselines,
    /// What the expected number of leads by chance was measured on.
    pub calibration: String,
    /// The references.
    pub references: References,
    /// What the reader did.
    pub read: ingest::Tally,
    /// What became of the rows that the reader passed on.
    pub tally: Tally,
    /// Where a bound cut something.
    pub limits: Limits,
    /// Persons seen.
    pub persons: usize,
    /// Settlements that stand, and their days.
    pub live: Live,
    /// Name, seconds and peak bytes of each stage.
    pub stages: Vec<(String, f64, u64)>,
}

/// Detection did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The input could not be read.
    #[error(transparent)]
    Input(#[from] IngestError),
    /// The workers did not come to their end.
    #[error(transparent)]
    River(#[from] RiverError),
    /// The workspace did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// More rows were set aside than the caller allows; nothing was kept.
    #[error(
        "{table}: {percent:.2} % of the rows were set aside ({reasons}), more than {most} %; nothing was kept. Remedy: see the rows with --reject-dir, give the tables that they wait for together with them, or allow more with --max-reject / 被隔离的行超过上限, 未保存任何数据; 请用 --reject-dir 查看原因, 将所依赖的表一并导入, 或提高 --max-reject"
    )]
    Rejected {
        /// The table.
        table: &'static str,
        /// Rows set aside, per cent.
        percent: f64,
        /// Rows that may be, per cent.
        most: f64,
        /// Why, the commonest first: «E06 812, E09 3».
        reasons: String,
    },
    /// A file ends in the middle of a row; nothing was kept.
    #[error(
        "{file}: the last row is cut off: {fields} of {columns} columns; nothing was kept. Remedy: export or copy the file again, or take its last line out / 文件在最后一行中间截断, 未保存任何数据; 请重新导出或复制该文件, 或删去最后一行"
    )]
    CutOff {
        /// The file.
        file: String,
        /// Fields of its last row.
        fields: u64,
        /// Columns of its header.
        columns: u64,
    },
    /// A batch has more rows than one may have.
    #[error(
        "the batch has more than {most} rows; nothing was kept. Remedy: cut it into batches, or allow more with --rows-max / 批次超过 {most} 行, 未保存任何数据; 请拆成多个批次, 或提高 --rows-max"
    )]
    TooManyRows {
        /// Rows at most.
        most: u64,
    },
    /// A batch of that name was committed before, with other rows.
    #[error(
        "batch {batch_id} was committed as epoch {epoch} with other content; nothing was kept. Remedy: give these rows a name of their own (one name for each table and file), or none / 批次 {batch_id} 已提交, 内容不同, 请换用新的批次名"
    )]
    OtherContent {
        /// Its name.
        batch_id: String,
        /// When it was committed.
        epoch: u64,
    },
    /// A file of verdicts is not one.
    #[error(
        "{path}: row {row}, column {column}: {detail}. Remedy: give the lines that medring case verdicts prints / 结论文件有误"
    )]
    Verdict {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        row: usize,
        /// The key.
        column: &'static str,
        /// What is expected there.
        detail: String,
    },
    /// The workspace holds a calibration that cannot be read.
    #[error(
        "the calibration of the workspace cannot be read: {source}. Remedy: write it anew with medring calibrate --workspace / 工作区中的校准无法读取"
    )]
    Calibration {
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The caller asked to stop.
    #[error("interrupted; nothing was kept, and a workspace is as it was before / 已中断, 未保存任何结果")]
    Interrupted,
}

/// Reads the input, lets the river run, and ranks what it found.
///
/// # Errors
/// When the input cannot be read, the user interrupts, or a worker or process is lost.
pub fn detect(source: &Source, options: &DetectOptions, recognise: Recognise) -> Result<Detected, EngineError> {
    let mut stages = Stages::default();
    let verdicts = options.calibration.verdicts.clone();
    let references = References { verdicts, ..references(source)? };
    stages.done("references");
    let taken = options.baselines.as_ref().map(|baselines| Arc::new(baselines.clone()));
    let with = Settings { baselines: taken, one_batch: true, ..settings(&references, recognise, Stage::load()) };
    let river = River::start(&options.cluster, with)?;
    let (mut read, book) = pour(source, options, &river)?;
    stages.done("read");
    let (mut answer, next) = river.open_unless(LAST_EPOCH, &options.stop)?.ok_or(EngineError::Interrupted)?;
    let mut standing = Standing::default();
    standing.apply(&mut answer);
    let shown: Vec<Found> = standing.found().filter(|found| options.shows(found)).cloned().collect();
    answer.baselines = river.baselines(touched(&shown, &references.regions))?;
    book.tell(&references.regions, &mut answer.tally);
    if options.cluster.processes() > 1 {
        balance(&river, next, &options.cluster, (&mut read, &mut answer.tally))?;
    }
    drop(river);
    source.point_out(&answer.tally.set_aside, &mut read);
    stages.done("tie and judge");
    let candidates = standing.found().count();
    Ok(Detected { candidates, ..select(source, options, shown, (references, read, answer), stages)? })
}

/// What one process read of the input, and what became of it, for the first.
#[derive(Serialize, Deserialize)]
struct Share {
    read: ingest::Tally,
    counts: Vec<((Table, Outcome), i64)>,
    set_aside: Vec<(RowRef, Reason)>,
    orphan_fen: i64,
}

/// Adds up on the first process what all of them read and decided; the others keep their share.
fn balance(
    river: &River,
    epoch: Epoch,
    cluster: &Cluster,
    (read, decided): (&mut ingest::Tally, &mut Tally),
) -> Result<(), EngineError> {
    if cluster.process > 0 {
        let counts = decided.counts.iter().map(|(key, count)| (*key, *count)).collect();
        let set_aside = decided.set_aside.iter().map(|(row, reason)| (*row, *reason)).collect();
        let share = Share { read: read.clone(), counts, set_aside, orphan_fen: decided.orphan_fen };
        river.note(serde_json::to_vec(&share).unwrap_or_default())?;
    }
    for note in river.settle(epoch)?.notes {
        // What another process of this version sent is what it was.
        let Ok(share) = serde_json::from_slice::<Share>(&note) else { continue };
        read.add(&share.read);
        decided.merge(&Tally {
            counts: share.counts.into_iter().collect(),
            set_aside: share.set_aside.into_iter().collect(),
            orphan_fen: share.orphan_fen,
        });
    }
    Ok(())
}

/// The references of a source, read ahead of everything else.
///
/// # Errors
/// When a reference table cannot be read.
pub fn references(source: &Source) -> Result<References, EngineError> {
    references_with(&ReferenceBook::default(), source)
}

/// What the river needs to know.
#[must_use]
pub fn settings(references: &References, recognise: Recognise, stage: Stage) -> Settings {
    let references = Arc::new(references.clone());
    let regions = Arc::new(references.regions.clone());
    let seats = Arc::new(references.seats());
    let judge: Judge = Arc::new(move |dossier: &Dossier| recognise(dossier, &references));
    Settings { regions, seats, judge, stage, baselines: None, one_batch: false }
}

/// Feeds all rows, in epochs.
fn pour(
    source: &Source,
    options: &DetectOptions,
    river: &River,
) -> Result<(ingest::Tally, ReferenceBook), EngineError> {
    let cluster = &options.cluster;
    let read = ReadOptions {
        rows_per_batch: 100_000,
        threads: cluster.workers.max(1),
        share: (cluster.process, cluster.processes()),
        keep_names: false,
        reject_dir: options.reject_dir.clone(),
        progress: options.progress,
        stop: Some(Arc::clone(&options.stop)),
    };
    feed_all(source, &read, river)
}

/// Reads everything into the river, in epochs. Gives the references of this process's share as well.
pub(super) fn feed_all(
    source: &Source,
    read: &ReadOptions,
    river: &River,
) -> Result<(ingest::Tally, ReferenceBook), EngineError> {
    let (mut epoch, mut waiting, mut lost) = (0, 0, None);
    let mut book = ReferenceBook::default();
    let mut feed = |batch: Batch| -> Result<(), RiverError> {
        book.take(&batch, 0);
        waiting += batch.rows();
        river.feed(batch, 1)?;
        if waiting >= ROWS_PER_EPOCH {
            river.settle(epoch)?;
            (epoch, waiting) = (epoch + 1, 0);
        }
        Ok(())
    };
    let tally = source.read(read, &mut |batch| match feed(batch) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            lost = Some(error);
            ControlFlow::Break(())
        }
    });
    match lost {
        Some(error) => Err(error.into()),
        None => Ok((tally?, book)),
    }
}

fn select(
    source: &Source,
    options: &DetectOptions,
    chosen: Vec<Found>,
    (mut references, read, answer): (References, ingest::Tally, Answer),
    mut stages: Stages,
) -> Result<Detected, EngineError> {
    let persons = match &options.baselines {
        Some(baselines) => baselines.persons,
        None => u64::try_from(answer.persons).unwrap_or(0),
    };
    let findings = chosen.iter().map(|found| found.finding.clone()).collect();
    let (rings, _) = rings(findings, &[], &options.calibration, persons);
    let found = in_rank_order(&rings, chosen);
    stages.done("rank");
    references.learn(found.iter().flat_map(|found| &found.settlements).map(|(fact, _)| fact));
    let cited: BTreeSet<RowRef> = found.iter().flat_map(cited).collect();
    let names = names(source, &cited, members(&rings))?;
    stages.done("names");
    Ok(Detected {
        rings,
        found,
        candidates: 0,
        names,
        baselines: answer.baselines,
        calibration: options.calibration.name(),
        references,
        read,
        tally: answer.tally,
        limits: answer.limits,
        persons: answer.persons,
        live: answer.live,
        stages: stages.done,
    })
}

/// All rows that a finding cites.
pub fn cited(found: &Found) -> impl Iterator<Item = RowRef> + '_ {
    found.finding.factors.iter().flat_map(|factor| factor.facts.iter().copied())
}

fn in_rank_order(rings: &[Ring], found: Vec<Found>) -> Vec<Found> {
    let mut rest: Vec<Option<Found>> = found.into_iter().map(Some).collect();
    let take = |ring: &Ring| {
        let held = |one: &&mut Option<Found>| one.as_ref().is_some_and(|found| found.finding == ring.finding);
        rest.iter_mut().find(held).and_then(Option::take)
    };
    rings.iter().filter_map(take).collect()
}

/// The ties shown with the rings, each once.
#[must_use]
pub fn ties(found: &[Found]) -> Vec<Tie> {
    let ties: BTreeSet<&Tie> = found.iter().flat_map(|found| found.ties.iter()).collect();
    ties.into_iter().cloned().collect()
}

/// Seconds and peak memory per stage.
struct Stages {
    last: Instant,
    done: Vec<(String, f64, u64)>,
}

impl Default for Stages {
    fn default() -> Stages {
        Stages { last: Instant::now(), done: Vec::new() }
    }
}

impl Stages {
    fn done(&mut self, name: &str) {
        self.done.push((name.to_owned(), self.last.elapsed().as_secs_f64(), peak_bytes()));
        self.last = Instant::now();
    }
}

/// The most memory this process has held so far, in bytes; 0 where the system does not tell.
#[must_use]
pub fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1_024
}
