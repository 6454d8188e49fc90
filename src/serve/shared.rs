//! What do all requests share? The published view and graph, the queue to the writer, and handles for reading.

use super::ServeError;
use super::access::{Asking, Limiter, Permissions, Scoped};
use super::cases::Stages;
use super::graph::Graph;
use super::metrics::Metrics;
use super::source::SourceState;
use super::source::postgres::PostgresOptions;
use super::token::Tokens;
use super::trouble::{Trouble, question};
use super::view::View;
use super::writer::Work;
use crate::engine::{EngineError, Session, book_of};
use crate::store::{Office, SessionLimits, Settings, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Listen where other machines can reach it, although there are no accounts or no TLS.
    pub insecure: bool,
    /// Certificate and key, both PEM: speak TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How long a browser stays signed in.
    pub sessions: SessionLimits,
    /// Attempts to sign in from one address in a minute.
    pub sign_ins_per_minute: u32,
    /// Searches for whole identifiers by one account in a minute.
    pub searches_per_minute: u32,
    /// Reveals by one account in a minute.
    pub reveals_per_minute: u32,
    /// Whether only this machine reaches the server; then requests for another host's name are refused.
    pub loopback: bool,
    /// Batches that may wait; beyond it pushes are answered with 429.
    pub queue_max: usize,
    /// Bytes of a pushed batch at most.
    pub body_max: u64,
    /// Rows of a batch at most.
    pub rows_max: u64,
    /// How long a question may take.
    pub question_max: Duration,
    /// Per cent of the rows of a table that may be set aside.
    pub reject_percent_max: f64,
    /// The data are made up; the page says so.
    pub demo: bool,
    /// Folders whose files become batches.
    pub watch: Vec<PathBuf>,
    /// Databases whose tables flow in.
    pub postgres: Vec<PostgresOptions>,
    /// How long a file in a watched folder must have stayed as it is.
    pub watch_quiet: Duration,
}

impl Default for ServeOptions {
    fn default() -> ServeOptions {
        ServeOptions {
            insecure: false,
            tls: None,
            sessions: SessionLimits::default(),
            sign_ins_per_minute: 30,
            searches_per_minute: 60,
            reveals_per_minute: 20,
            loopback: true,
            queue_max: 8,
            body_max: 256 << 20,
            rows_max: 20_000_000,
            question_max: Duration::from_secs(60),
            reject_percent_max: 5.0,
            demo: false,
            watch: Vec::new(),
            postgres: Vec::new(),
            watch_quiet: Duration::from_secs(5),
        }
    }
}

/// The folder of the workspace that holds pushed batches until they are taken.
pub(super) const INCOMING: &str = "incoming";
/// Views of earlier epochs that are kept.
const PAST_KEPT: usize = 4;
/// Handles that wait for the next question.
const READERS_KEPT: usize = 16;

/// How the sources are doing.
#[derive(Default)]
pub(super) struct Sources(Mutex<Vec<SourceState>>);

impl Sources {
    /// A further source; answers its number.
    pub(super) fn add(&self, state: SourceState) -> usize {
        let mut all = held(&self.0);
        all.push(state);
        all.len() - 1
    }

    pub(super) fn change(&self, number: usize, change: impl FnOnce(&mut SourceState)) {
        if let Some(state) = held(&self.0).get_mut(number) {
            change(state);
        }
    }

    pub(super) fn all(&self) -> Vec<SourceState> {
        held(&self.0).clone()
    }
}

/// What all requests share.
pub(super) struct Shared {
    pub(super) root: PathBuf,
    pub(super) options: ServeOptions,
    /// What `medring.toml` says.
    pub(super) settings: Settings,
    pub(super) tokens: Tokens,
    pub(super) metrics: Metrics,
    pub(super) sources: Sources,
    /// Accounts, sessions, the log, cases.
    pub(super) office: Mutex<Office>,
    /// Whether anybody has an account; once true, always.
    pub(super) has_accounts: AtomicBool,
    pub(super) permissions: Permissions,
    /// The stages of a case.
    pub(super) stages: Stages,
    pub(super) limiter: Limiter,
    /// Passwords that are looked at at once.
    sign_ins: Semaphore,
    /// Views of accounts.
    pub(super) scoped: Mutex<Vec<Scoped>>,
    /// Drops the batch under way.
    pub(super) stop: Arc<AtomicBool>,
    view: RwLock<Arc<View>>,
    graph: RwLock<Option<Arc<Graph>>>,
    jobs: Mutex<Option<SyncSender<Work>>>,
    epochs: Mutex<Option<Sender<u64>>>,
    readers: Mutex<Vec<Workspace>>,
    past: Mutex<BTreeMap<u64, Arc<View>>>,
    /// Why the writer gave up.
    lost: Mutex<Option<String>>,
    changed: Condvar,
}

pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is replaced whole, never left half done.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Publishes what the workspace holds. Answers also the ends of the queues that the threads read.
    #[expect(clippy::type_complexity, reason = "three parts that are taken apart at once")]
    pub(super) fn open(
        session: &mut Session,
        options: ServeOptions,
    ) -> Result<(Arc<Shared>, Receiver<Work>, Receiver<u64>), ServeError> {
        // Batches that were under way when a server was killed: nobody got an answer, so they will be sent again.
        let incoming = session.workspace().path().join(INCOMING);
        if incoming.is_dir() {
            std::fs::remove_dir_all(&incoming)?;
        }
        let view = View::of(session)?;
        let tokens = Tokens::open(session.workspace_mut())?;
        let (jobs, waiting) = sync_channel(options.queue_max.max(1));
        let (epochs, published) = channel();
        let root = session.workspace().path().to_owned();
        let shared = Shared::with(root, options, view, tokens, Some((jobs, epochs)))?;
        Ok((Arc::new(shared), waiting, published))
    }

    /// What a question needs that is asked beside any server: rings without their ties, no writer, no graph.
    pub(super) fn beside(root: &Path) -> Result<Arc<Shared>, ServeError> {
        let reader = Workspace::open_reader(root).map_err(EngineError::from)?;
        let references = Arc::new(book_of(&reader)?.references());
        let view = View::past(&reader, reader.epoch(), references)?;
        let tokens = Tokens::beside(&reader)?;
        Ok(Arc::new(Shared::with(root.to_owned(), ServeOptions::default(), view, tokens, None)?))
    }

    fn with(
        root: PathBuf,
        options: ServeOptions,
        view: View,
        tokens: Tokens,
        queues: Option<(SyncSender<Work>, Sender<u64>)>,
    ) -> Result<Shared, ServeError> {
        let (office, permissions) = (Office::open(&root).map_err(EngineError::from)?, Permissions::open(&root)?);
        let stages = Stages::open(&root)?;
        let settings = Settings::read(&root).map_err(EngineError::from)?;
        let (jobs, epochs) = queues.unzip();
        Ok(Shared {
            root,
            options,
            settings,
            tokens,
            metrics: Metrics::default(),
            sources: Sources::default(),
            office: Mutex::new(office),
            has_accounts: AtomicBool::new(false),
            permissions,
            stages,
            limiter: Limiter::default(),
            sign_ins: Semaphore::new(2),
            scoped: Mutex::default(),
            stop: Arc::default(),
            view: RwLock::new(Arc::new(view)),
            graph: RwLock::default(),
            jobs: Mutex::new(jobs),
            epochs: Mutex::new(epochs),
            readers: Mutex::default(),
            past: Mutex::default(),
            lost: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// The view of an epoch; without one, of the last.
    pub(super) fn view_at(&self, epoch: Option<u64>) -> Result<Arc<View>, Trouble> {
        let now = self.view();
        let Some(epoch) = epoch.filter(|epoch| *epoch != now.epoch) else { return Ok(now) };
        if let Some(view) = held(&self.past).get(&epoch) {
            return Ok(Arc::clone(view));
        }
        if epoch > now.epoch {
            return Err(question("as_of", "该批次尚未产生", "this epoch is yet to come"));
        }
        let view = self.read(|workspace| Ok(View::past(workspace, epoch, Arc::clone(&now.references))?))?;
        let view = Arc::new(view);
        let mut past = held(&self.past);
        if past.len() >= PAST_KEPT {
            past.clear();
        }
        past.insert(epoch, Arc::clone(&view));
        Ok(view)
    }

    pub(super) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The graph of the last epoch that one was built for.
    pub(super) fn graph(&self) -> Result<Arc<Graph>, Trouble> {
        let graph = self.graph.read().unwrap_or_else(PoisonError::into_inner);
        graph.clone().ok_or(Trouble::NotReady)
    }

    /// The epoch of the graph, once there is one.
    pub(super) fn graph_epoch(&self) -> Option<u64> {
        self.graph().ok().map(|graph| graph.epoch)
    }

    pub(super) fn publish(&self, view: View) {
        let (epoch, whole) = (view.epoch, view.has_ties);
        let view = view.after(&self.view());
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        if let Some(epochs) = &*held(&self.epochs)
            && whole
        {
            // When the graph's thread is gone the server is ending.
            let _ = epochs.send(epoch);
        }
        self.tell();
    }

    pub(super) fn publish_graph(&self, graph: Graph) {
        *self.graph.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(graph));
        self.tell();
    }

    /// The writer gave up; readers go on with what was published.
    pub(super) fn lose(&self, why: String) {
        tracing::error!("no more batches are taken: {why}");
        *held(&self.lost) = Some(why);
        self.changed.notify_all();
    }

    pub(super) fn lost(&self) -> Option<String> {
        held(&self.lost).clone()
    }

    fn tell(&self) {
        drop(held(&self.lost));
        self.changed.notify_all();
    }

    /// Whether every question can be answered, though links and paths may be an epoch behind.
    pub(super) fn is_ready(&self) -> bool {
        self.view().has_ties && self.graph_epoch().is_some()
    }

    /// Whether the view is whole and the graph shows the same epoch.
    fn is_current(&self) -> bool {
        let view = self.view();
        view.has_ties && self.graph_epoch() == Some(view.epoch)
    }

    pub(super) fn wait_ready(&self) {
        let mut lost = held(&self.lost);
        while lost.is_none() && !self.is_current() {
            lost = self.changed.wait(lost).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A password costs memory and time on purpose: two at a time.
    pub(super) async fn password_turn(&self) -> Result<SemaphorePermit<'_>, Trouble> {
        self.sign_ins.acquire().await.map_err(|_| Trouble::TooOften)
    }

    /// The queue to the writer; `None` once the server is ending.
    pub(super) fn jobs(&self) -> Option<SyncSender<Work>> {
        held(&self.jobs).clone()
    }

    /// Takes no more batches: the writer ends when its queue is empty, the graph's thread after it.
    pub(super) fn close(&self) {
        *held(&self.jobs) = None;
        self.tell();
    }

    /// The writer has ended.
    pub(super) fn close_epochs(&self) {
        *held(&self.epochs) = None;
    }

    /// Asks the workspace, beside the writer.
    pub(super) fn read<T>(&self, ask: impl FnOnce(&Workspace) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let kept = held(&self.readers).pop();
        let reader = match kept {
            Some(reader) => reader,
            None => Workspace::open_reader(&self.root)?,
        };
        let answer = ask(&reader)?;
        // A handle that failed is not kept.
        let mut readers = held(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        Ok(answer)
    }

    /// Whether no more batches are taken.
    pub(super) fn is_closing(&self) -> bool {
        held(&self.jobs).is_none()
    }

    /// Waits a while, and not longer when the server is ending or the writer gave up.
    pub(super) fn rest(&self, most: Duration) {
        let end = Instant::now() + most;
        let mut lost = held(&self.lost);
        while lost.is_none() && !self.is_closing() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            lost = self.changed.wait_timeout(lost, left).map_or_else(|held| held.into_inner().0, |(held, _)| held);
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Works a question out on a thread that may block, so that one slow answer delays no other.
pub(super) async fn work<T: Send + 'static>(
    shared: Arc<Shared>,
    ask: impl FnOnce(&Shared) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let started = std::time::Instant::now();
    let kept = Arc::clone(&shared);
    let most = kept.options.question_max;
    let answer = tokio::time::timeout(most, tokio::task::spawn_blocking(move || ask(&shared))).await;
    kept.metrics.answered(started.elapsed());
    answer.map_err(|_| Trouble::TooLong(most))?.map_err(|error| Trouble::Failed(error.to_string()))?
}

impl Asking {
    /// Works a question of somebody out on a thread that may block.
    pub(super) async fn work<T: Send + 'static>(
        self,
        ask: impl FnOnce(&Asking) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        work(Arc::clone(&self.shared), move |_| ask(&self)).await
    }
}
