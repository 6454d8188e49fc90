//! How do several processes maintain the river of one workspace? The first leads, the others follow.
//!
//! ```text
//! process 0: log, batches ─rows─► workers of all processes (exchanged by person, as always)
//!            worker 0 ─orders: start, settle, close, end─► workers of the others
//!            worker 0 ◄─ties, tallies, bounds of an epoch─ workers of the others
//! ```
//!
//! Only the first process has a workspace; it reads it and feeds all rows. The others hold their share of the river and nothing
//! on disk. Orders and answers are a dataflow of their own beside the river, so that there is one kind of traffic, on the
//! addresses of the list of hosts, and orders of one sender arrive in order. A follower takes no step that it was not told:
//! therefore every worker builds the same dataflows in the same order, and turns of a bulk load begin when all are told.
//!
//! What breaks first: process 0 decodes, sends and ranks all alone, and keeps the ties and the graph for paths.

use super::Cluster;
use super::detect::{Recognise, settings};
use super::link;
use super::river::{Answer, Command, River, RiverError, answer, next};
use crate::flow::{Epoch, Feed, Limits, Output, Settings, Stage, Tally, assemble};
use crate::model::{Judgement, Outcome, Reason, References, RowRef, Table, Tie};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use timely::communication::WorkerGuards;
use timely::dataflow::InputHandleVec;
use timely::dataflow::operators::{Exchange, Input, Inspect};
use timely::worker::Worker;

/// What all processes of such a cluster are started for.
const PURPOSE: &str = "serve";
/// Ties of an answer that travel at a time.
const TIES_AT_ONCE: usize = 10_000;
/// A worker that waits is woken by what arrives; this is for the case that nothing does.
const NAP: Duration = Duration::from_millis(100);

/// What the first process tells the workers of the others.
#[derive(Clone, Serialize, Deserialize)]
enum Order {
    /// Build a river with these references; judge what is found, or only keep account of rows.
    Start(Box<References>, bool),
    /// Close this epoch and answer; before, begin the next turn of a bulk load.
    Settle(Epoch, bool),
    /// The river is of no further use.
    Close,
    /// No river will come any more.
    End,
}

/// What a worker of another process answers, or a part of it.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Part {
    ties: Vec<(Tie, i32)>,
    counts: BTreeMap<(Table, Outcome), i64>,
    set_aside: BTreeMap<RowRef, Reason>,
    orphan_fen: i64,
    limits: Limits,
    last: bool,
}

/// The way between worker 0 and those of the other processes, as one worker sees it.
struct Line {
    orders: InputHandleVec<u64, (u64, Order)>,
    parts: InputHandleVec<u64, Part>,
    told: Rc<RefCell<VecDeque<Order>>>,
    answered: Rc<RefCell<VecDeque<Part>>>,
}

impl Line {
    fn lay(worker: &mut Worker) -> Line {
        let (told, answered) = (Rc::<RefCell<VecDeque<Order>>>::default(), Rc::<RefCell<VecDeque<Part>>>::default());
        let (told_sink, answered_sink) = (Rc::clone(&told), Rc::clone(&answered));
        let (orders, parts) = worker.dataflow::<u64, _, _>(|scope| {
            let (orders, sent) = scope.new_input::<Vec<(u64, Order)>>();
            sent.exchange(|(to, _)| *to).inspect(move |(_, order)| told_sink.borrow_mut().push_back(order.clone()));
            let (parts, sent) = scope.new_input::<Vec<Part>>();
            sent.exchange(|_| 0).inspect(move |part| answered_sink.borrow_mut().push_back(part.clone()));
            (orders, parts)
        });
        Line { orders, parts, told, answered }
    }

    /// Tells the workers of the other processes.
    fn tell(&mut self, others: std::ops::Range<usize>, order: &Order) {
        for to in others {
            self.orders.send((u64::try_from(to).unwrap_or(0), order.clone()));
        }
        let now = *self.orders.time();
        self.orders.advance_to(now + 1);
    }

    /// The next order.
    fn hear(&self, worker: &mut Worker) -> Order {
        loop {
            let order = self.told.borrow_mut().pop_front();
            match order {
                Some(order) => return order,
                None => worker.step_or_park(Some(NAP)),
            };
        }
    }

    /// Answers an order to settle.
    fn report(&mut self, output: &Output) {
        let Answer { ties, tally, limits, .. } = answer(output);
        let mut pieces = ties.chunks(TIES_AT_ONCE).map(<[_]>::to_vec);
        let first = pieces.next().unwrap_or_default();
        for ties in pieces {
            self.parts.send(Part { ties, ..Part::default() });
        }
        let Tally { counts, set_aside, orphan_fen } = tally;
        self.parts.send(Part { ties: first, counts, set_aside, orphan_fen, limits, last: true });
        let now = *self.parts.time();
        self.parts.advance_to(now + 1);
    }

    /// Adds what so many workers of other processes answer.
    fn gather(&self, worker: &mut Worker, others: usize, whole: &mut Answer) {
        let mut missing = others;
        while missing > 0 {
            let part = self.answered.borrow_mut().pop_front();
            let Some(part) = part else {
                worker.step_or_park(Some(NAP));
                continue;
            };
            whole.ties.extend(part.ties);
            let tally = Tally { counts: part.counts, set_aside: part.set_aside, orphan_fen: part.orphan_fen };
            whole.tally.merge(&tally);
            whole.limits.groups_not_paired += part.limits.groups_not_paired;
            whole.limits.identifiers_stopped += part.limits.identifiers_stopped;
            missing -= usize::from(part.last);
        }
    }
}

/// A river that all processes are to build.
struct Plan {
    settings: Settings,
    references: References,
    judging: bool,
    commands: Receiver<Command>,
    answers: SyncSender<Answer>,
}

/// The first process of a cluster: its workers, and those of the others by way of them.
pub(super) struct Leader {
    plans: Vec<SyncSender<Plan>>,
    workers: Option<WorkerGuards<()>>,
}

impl Leader {
    /// Waits for the other processes and starts the workers of this one.
    ///
    /// # Errors
    /// When another process does not come, or was started otherwise.
    pub(super) fn start(cluster: &Cluster) -> Result<Leader, RiverError> {
        let (plans, waiting): (Vec<_>, Vec<_>) = (0..cluster.workers).map(|_| sync_channel::<Plan>(1)).unzip();
        let waiting = Mutex::new(waiting.into_iter().map(Some).collect::<Vec<_>>());
        let threads = cluster.workers;
        let work = move |worker: &mut Worker| {
            let local = worker.index();
            let plans = waiting.lock().ok().and_then(|mut waiting| waiting[local].take());
            if let Some(plans) = plans {
                lead(worker, &plans, (local, threads));
            }
        };
        let workers = link::run(cluster, PURPOSE, work).map_err(RiverError::Start)?;
        Ok(Leader { plans, workers: Some(workers) })
    }

    /// A river on all processes.
    fn river(&self, references: &References, recognise: Recognise, judging: bool) -> Result<River, RiverError> {
        let stage = Stage::load();
        let (answer_sender, answers) = sync_channel(self.plans.len());
        let mut commands = Vec::new();
        for plans in &self.plans {
            let (sender, receiver) = sync_channel(2);
            commands.push(sender);
            let plan = Plan {
                settings: settings(references, recognise, stage.clone()),
                references: references.clone(),
                judging,
                commands: receiver,
                answers: answer_sender.clone(),
            };
            plans.send(plan).map_err(|_| RiverError::Lost)?;
        }
        Ok(River::of(commands, answers, stage))
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.plans.clear();
        // Joining waits until the others have heard that this is the end.
        drop(self.workers.take());
    }
}

/// What a worker of the first process does.
fn lead(worker: &mut Worker, plans: &Receiver<Plan>, (local, threads): (usize, usize)) {
    let mut line = Line::lay(worker);
    let all = threads..worker.peers();
    // Worker 0 speaks for all of them.
    let others = if local == 0 { all.clone() } else { all.end..all.end };
    while let Some(plan) = next(worker, plans, true) {
        line.tell(others.clone(), &Order::Start(Box::new(plan.references), plan.judging));
        let (mut feed, output) = assemble(worker, &plan.settings);
        let mut turn = plan.settings.stage.now();
        while let Some(command) = next(worker, &plan.commands, true) {
            let told = match command {
                Command::Feed(batch, difference) => {
                    feed.give(&batch, difference, local, threads);
                    drop(batch);
                    feed.flush(worker);
                    continue;
                }
                Command::Note(note) => {
                    feed.note(note);
                    continue;
                }
                Command::Baselines(of) => Answer { baselines: output.baselines(&of), ..answer(&output) },
                Command::Settle(epoch) => {
                    let now = plan.settings.stage.now();
                    line.tell(others.clone(), &Order::Settle(epoch, now != turn));
                    turn = now;
                    feed.settle(worker, epoch);
                    let mut whole = answer(&output);
                    line.gather(worker, others.len(), &mut whole);
                    whole
                }
            };
            if plan.answers.send(told).is_err() {
                break;
            }
        }
        line.tell(others.clone(), &Order::Close);
    }
    line.tell(others, &Order::End);
}

/// Follows the first process until it ends.
///
/// # Errors
/// When another process does not come, was started otherwise, or is lost.
pub fn follow(cluster: &Cluster, recognise: Recognise) -> Result<(), RiverError> {
    let work = move |worker: &mut Worker| {
        let mut line = Line::lay(worker);
        let mut river: Option<(Feed, Output, Stage)> = None;
        loop {
            match line.hear(worker) {
                Order::Start(references, judging) => {
                    let stage = Stage::load();
                    let recognise = if judging { recognise } else { silent };
                    let (feed, output) = assemble(worker, &settings(&references, recognise, stage.clone()));
                    river = Some((feed, output, stage));
                }
                Order::Settle(epoch, next_turn) => {
                    let Some((feed, output, stage)) = &mut river else { continue };
                    if next_turn {
                        stage.advance();
                    }
                    feed.settle(worker, epoch);
                    line.report(output);
                }
                Order::Close => river = None,
                Order::End => return,
            }
        }
    };
    let workers = link::run(cluster, PURPOSE, work).map_err(RiverError::Start)?;
    if workers.join().into_iter().any(|ended| ended.is_err()) { Err(RiverError::Lost) } else { Ok(()) }
}

fn silent(_: &crate::model::Dossier, _: &References) -> Judgement {
    Judgement::default()
}

/// Where the rivers of a session run.
pub(super) enum Site {
    /// In this process, on so many threads.
    Here(usize),
    /// On a cluster that this process leads, with so many threads each.
    Cluster(Leader, usize),
}

impl Site {
    /// Threads of this process.
    pub(super) fn workers(&self) -> usize {
        match self {
            Site::Here(workers) | Site::Cluster(_, workers) => *workers,
        }
    }

    /// A river that waits for a bulk load; without a recogniser it only keeps account of rows.
    pub(super) fn river(&self, references: &References, recognise: Option<Recognise>) -> Result<River, RiverError> {
        let (judging, recognise) = (recognise.is_some(), recognise.unwrap_or(silent));
        match self {
            Site::Here(workers) => {
                River::start(&Cluster::local(*workers), settings(references, recognise, Stage::load()))
            }
            Site::Cluster(leader, _) => leader.river(references, recognise, judging),
        }
    }
}
