//! How do the workers of this process run, and how does one talk to them?
//!
//! ```text
//! caller ─bounded queue─► worker 0 ─┐
//!        ─bounded queue─► worker 1 ─┴─ exchange (threads or TCP) ─► answers of an epoch ─► caller
//! ```
//!
//! One writer feeds batches and closes epochs; at most two commands wait per worker, so a slow dataflow slows the reader
//! and not the memory. A worker without work parks.

use crate::flow::{Baselines, Epoch, Feed, Found, Limits, Live, Output, SLICES, Settings, Stage, Tally, assemble};
use crate::model::{Batch, Party, Tie};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use timely::communication::WorkerGuards;
use timely::worker::Worker;
use timely::{CommunicationConfig, Config, WorkerConfig};

/// How many workers there are, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Worker threads per process.
    pub workers: usize,
    /// The number of this process, from 0.
    pub process: usize,
    /// `host:port` of every process; empty for one process.
    pub hosts: Vec<String>,
}

impl Cluster {
    /// One process with so many worker threads.
    #[must_use]
    pub fn local(workers: usize) -> Cluster {
        Cluster { workers: workers.max(1), process: 0, hosts: Vec::new() }
    }

    /// Number of processes.
    #[must_use]
    pub fn processes(&self) -> usize {
        self.hosts.len().max(1)
    }
}

/// What changed with an epoch, as seen by the workers of this process. Findings arrive at process 0.
#[derive(Default)]
pub struct Answer {
    /// Changes of the findings.
    pub found: Vec<(Found, i32)>,
    /// Changes of the ties.
    pub ties: Vec<(Tie, i32)>,
    /// What became of all rows so far.
    pub tally: Tally,
    /// Where a bound cut something.
    pub limits: Limits,
    /// Persons known so far to all processes; told to the first.
    pub persons: usize,
    /// Live settlements known so far to all processes; told to the first.
    pub live: Live,
    /// What is usual, when it was asked for.
    pub baselines: Baselines,
    /// All that other processes ever sent to the first.
    pub notes: Vec<Vec<u8>>,
}

/// The river did not flow to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RiverError {
    /// The workers could not start: a host does not answer, a port is taken, processes differ.
    #[error(
        "the workers could not start: {0}. Remedy: start all processes, with the same version, list of hosts and numbers of processes and workers / 工作线程无法启动; 请启动全部进程, 其版本、主机列表、进程数和线程数须一致"
    )]
    Start(String),
    /// A worker, or another process, ended before its time.
    #[error(
        "a worker or another process of the cluster ended early. Remedy: start all processes again; nothing is lost / 集群中的工作线程或另一进程提前结束; 请重新启动全部进程, 数据没有丢失"
    )]
    Lost,
}

pub(super) enum Command {
    Feed(Arc<Batch>, i32),
    /// Close this epoch and answer.
    Settle(Epoch),
    /// Answer what is usual in these channels and places.
    Baselines(Arc<BTreeSet<Party>>),
    /// Send this to the first process.
    Note(Vec<u8>),
}

/// Running workers.
pub struct River {
    commands: Vec<SyncSender<Command>>,
    answers: Receiver<Answer>,
    stage: Stage,
    workers: Option<WorkerGuards<()>>,
}

impl River {
    /// Starts the workers of this process.
    ///
    /// # Errors
    /// When a thread cannot be made or another process cannot be reached.
    pub fn start(cluster: &Cluster, settings: Settings) -> Result<River, RiverError> {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..cluster.workers).map(|_| sync_channel(2)).unzip();
        let receivers = Mutex::new(receivers.into_iter().map(Some).collect::<Vec<_>>());
        let (answer_sender, answers) = sync_channel::<Answer>(cluster.workers);
        let stage = settings.stage.clone();
        let (threads, shared) = (cluster.workers, cluster.processes() > 1);
        let run = move |worker: &mut Worker| {
            let local = worker.index() % threads;
            let taken = receivers.lock().ok().and_then(|mut receivers| receivers[local].take());
            if let Some(commands) = taken {
                serve(worker, &settings, &commands, &answer_sender, (local, threads), shared);
            }
        };
        let workers = if shared {
            super::link::run(cluster, "detect", run)
        } else {
            timely::execute(configuration(cluster.workers), run)
        };
        let workers = workers.map_err(RiverError::Start)?;
        Ok(River { commands: senders, answers, stage, workers: Some(workers) })
    }

    /// A river whose workers somebody else started.
    pub(super) fn of(commands: Vec<SyncSender<Command>>, answers: Receiver<Answer>, stage: Stage) -> River {
        River { commands, answers, stage, workers: None }
    }

    /// Adds (1) or takes back (−1) the rows of a batch in the open epoch.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn feed(&self, batch: Batch, difference: i32) -> Result<(), RiverError> {
        let batch = Arc::new(batch);
        for worker in &self.commands {
            worker.send(Command::Feed(Arc::clone(&batch), difference)).map_err(|_| RiverError::Lost)?;
        }
        Ok(())
    }

    /// Ends a bulk load: works out what was fed, a turn per epoch from `epoch` on. Answers when the river is open, with the
    /// next epoch.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn open(&self, epoch: Epoch) -> Result<(Answer, Epoch), RiverError> {
        Ok(self.open_unless(epoch, &AtomicBool::new(false))?.expect("nobody asks to stop"))
    }

    /// The same, turn by turn until somebody asks to stop: then nothing, and the river is of no further use.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn open_unless(&self, epoch: Epoch, stop: &AtomicBool) -> Result<Option<(Answer, Epoch)>, RiverError> {
        // Every row has arrived, on all workers of all processes, before the first turn begins.
        let (mut whole, mut turn) = (self.settle(epoch)?, epoch + 1);
        while self.stage.advance() {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let next = self.settle(turn)?;
            whole.found.extend(next.found);
            whole.ties.extend(next.ties);
            (whole.tally, whole.limits) = (next.tally, next.limits);
            (whole.persons, whole.live) = (next.persons, next.live);
            turn += 1;
        }
        Ok(Some((whole, turn)))
    }

    /// What became of all rows of a bulk load: the people's turns only. Nothing is tied, and the river is of no further use.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn decide(&self, epoch: Epoch) -> Result<Answer, RiverError> {
        let mut answer = self.settle(epoch)?;
        for turn in 1..=SLICES {
            self.stage.advance();
            answer = self.settle(epoch + turn)?;
        }
        Ok(answer)
    }

    /// Closes the epoch and waits for its answer. Epochs count up; some may be left out.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn settle(&self, epoch: Epoch) -> Result<Answer, RiverError> {
        for worker in &self.commands {
            worker.send(Command::Settle(epoch)).map_err(|_| RiverError::Lost)?;
        }
        self.collect()
    }

    /// What is usual in these channels and places, as far as the workers of this process own them.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn baselines(&self, of: BTreeSet<Party>) -> Result<Baselines, RiverError> {
        let of = Arc::new(of);
        for worker in &self.commands {
            worker.send(Command::Baselines(Arc::clone(&of))).map_err(|_| RiverError::Lost)?;
        }
        let whole = self.collect()?;
        Ok(Baselines { persons: u64::try_from(whole.persons).unwrap_or(0), ..whole.baselines })
    }

    /// Sends something to the first process, where it is part of the answer to the next settling.
    ///
    /// # Errors
    /// When a worker is lost.
    pub fn note(&self, note: Vec<u8>) -> Result<(), RiverError> {
        let worker = self.commands.first().ok_or(RiverError::Lost)?;
        worker.send(Command::Note(note)).map_err(|_| RiverError::Lost)
    }

    fn collect(&self) -> Result<Answer, RiverError> {
        let mut whole = Answer::default();
        for _ in &self.commands {
            let part = self.answers.recv().map_err(|_| RiverError::Lost)?;
            whole.found.extend(part.found);
            whole.ties.extend(part.ties);
            whole.tally.merge(&part.tally);
            whole.limits.groups_not_paired += part.limits.groups_not_paired;
            whole.limits.identifiers_stopped += part.limits.identifiers_stopped;
            whole.persons += part.persons;
            whole.live.merge(part.live);
            whole.baselines.merge(part.baselines);
            whole.notes.extend(part.notes);
        }
        Ok(whole)
    }
}

impl Drop for River {
    fn drop(&mut self) {
        self.commands.clear();
        // Joining waits until the workers have seen that no command comes any more.
        drop(self.workers.take());
    }
}

fn configuration(workers: usize) -> Config {
    let communication = if workers > 1 { CommunicationConfig::Process(workers) } else { CommunicationConfig::Thread };
    Config { communication, worker: WorkerConfig::default() }
}

/// What one worker does until no more commands come.
fn serve(
    worker: &mut Worker,
    settings: &Settings,
    commands: &Receiver<Command>,
    answers: &SyncSender<Answer>,
    (local, threads): (usize, usize),
    shared: bool,
) {
    let (mut feed, output) = assemble(worker, settings);
    while let Some(command) = next(worker, commands, shared) {
        match command {
            Command::Feed(batch, difference) => {
                feed.give(&batch, difference, local, threads);
                drop(batch);
                feed.flush(worker);
            }
            Command::Baselines(of) => {
                let asked = Answer { baselines: output.baselines(&of), ..answer(&output) };
                if answers.send(asked).is_err() {
                    return;
                }
            }
            Command::Note(note) => feed.note(note),
            Command::Settle(epoch) => {
                feed.settle(worker, epoch);
                if answers.send(answer(&output)).is_err() {
                    return;
                }
            }
        }
    }
    close(worker, feed);
}

/// The next command; in a cluster the worker keeps working for the others while it waits.
pub(super) fn next<T>(worker: &mut Worker, commands: &Receiver<T>, shared: bool) -> Option<T> {
    if !shared {
        return commands.recv().ok();
    }
    loop {
        match commands.try_recv() {
            Ok(command) => return Some(command),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {
                worker.step_or_park(Some(Duration::from_millis(1)));
            }
        }
    }
}

pub(super) fn answer(output: &Output) -> Answer {
    Answer {
        found: output.found.take(),
        ties: output.ties.take(),
        tally: output.tally(),
        limits: output.limits(),
        persons: output.persons(),
        live: output.live(),
        baselines: Baselines::default(),
        // Kept: a note may come before the first process asks for it.
        notes: output.notes.borrow().clone(),
    }
}

fn close(worker: &mut Worker, feed: Feed) {
    drop(feed);
    while worker.step_or_park(Some(Duration::from_millis(10))) {}
}
