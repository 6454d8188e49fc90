//! `medring serve`: where do investigators open a workspace in a browser, and programs push batches?

use super::check::{self, Language};
use super::cluster::{ClusterArguments, end_together};
use super::detect::failure;
use super::{CONFIGURATION, Failure, UNAVAILABLE, USAGE};
use crate::engine::{Session, follow};
use crate::serve::{self, PostgresOptions, ServeError, ServeOptions};
use crate::typology;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the page listens without being told.
pub(super) const LISTEN: &str = "127.0.0.1:7878";

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Log {
    /// A line each, for people.
    #[default]
    Text,
    /// A JSON object each, for collectors.
    Json,
}

impl Log {
    /// Sends what happens to stderr: batches, sources, starts and ends; never what a row or a request held.
    fn start(self) {
        let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false);
        // A second server in one process keeps the first one's.
        let _ = match self {
            Log::Text => lines.with_ansi(false).try_init(),
            Log::Json => lines.json().flatten_event(true).try_init(),
        };
    }
}

/// `medring serve`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The workspace; of several processes only the first has one
    #[arg(value_name = "WS", required_unless_present = "process")]
    workspace: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    listen: SocketAddr,
    /// Listen where other machines can reach it, although there are no accounts or no TLS
    #[arg(long)]
    insecure: bool,
    /// Speak TLS with this certificate, and those above it, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Batches that may wait; beyond it pushes are answered with 429
    #[arg(long, value_name = "N", default_value_t = 8)]
    queue: usize,
    /// Size of a pushed batch at most, MiB
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    body_max: u64,
    /// Rows of a batch at most
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    rows_max: u64,
    /// Seconds that a question may take at most
    #[arg(long, value_name = "S", default_value_t = 60)]
    question_max: u64,
    /// Per cent of the rows of a table that may be set aside; beyond it a batch is refused
    #[arg(long, value_name = "PCT", default_value_t = 5.0)]
    max_reject: f64,
    /// A folder whose finished files and folders become batches; may be given more than once
    #[arg(long, value_name = "DIR")]
    watch: Vec<PathBuf>,
    /// A PostgreSQL database whose tables flow in: postgres://user@host/database, or a file of settings; may be given more than once
    #[arg(long, value_name = "URL|FILE")]
    postgres: Vec<String>,
    /// Seconds that a file in a watched folder must have stayed as it is; 0 when it is renamed into place
    #[arg(long, value_name = "S", default_value_t = 5)]
    watch_quiet: u64,
    /// How messages are written to stderr
    #[arg(long, value_enum, default_value_t)]
    log: Log,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Serves until it is interrupted.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(0.0..=100.0).contains(&arguments.max_reject) {
        let (zh, en) = ("--max-reject 应为 0 至 100 的百分数", "--max-reject takes a percentage from 0 to 100");
        return Err(Failure::new(USAGE, arguments.lang.choose(zh, en)));
    }
    let postgres = arguments.postgres.iter().map(|text| PostgresOptions::of(text));
    let postgres = postgres.collect::<Result<Vec<_>, _>>().map_err(|why| Failure::new(CONFIGURATION, why))?;
    let options = ServeOptions {
        postgres,
        insecure: arguments.insecure,
        tls: arguments.tls_cert.clone().zip(arguments.tls_key.clone()),
        queue_max: arguments.queue.clamp(1, 1_000),
        body_max: arguments.body_max.clamp(1, 1 << 20) << 20,
        rows_max: arguments.rows_max.max(1),
        question_max: Duration::from_secs(arguments.question_max.clamp(1, 3_600)),
        reject_percent_max: arguments.max_reject,
        watch: arguments.watch.clone(),
        watch_quiet: Duration::from_secs(arguments.watch_quiet),
        ..ServeOptions::default()
    };
    arguments.log.start();
    let cluster = arguments.cluster.cluster()?;
    if cluster.processes() > 1 {
        end_together(arguments.lang);
    }
    if cluster.process > 0 {
        tracing::info!(process = cluster.process, "this process follows the first one of the cluster");
        return follow(&cluster, typology::judge).map_err(|error| failure(error.into()));
    }
    let workspace = arguments.workspace.as_deref();
    let workspace = workspace.ok_or_else(|| {
        let (zh, en) = ("首个进程需要工作区: serve WS", "the first process needs a workspace: serve WS");
        Failure::new(USAGE, arguments.lang.choose(zh, en))
    })?;
    let session = Session::lead(workspace, &cluster, typology::judge, typology::REPORT_SCORE_MIN).map_err(failure)?;
    serve(session, arguments.listen, options, arguments.lang)
}

/// Opens a workspace for writing.
pub(super) fn open(workspace: &Path, workers: Option<usize>) -> Result<Session, Failure> {
    let workers = workers.unwrap_or_else(check::cores);
    Session::open(workspace, workers, typology::judge, typology::REPORT_SCORE_MIN).map_err(failure)
}

/// Serves a session and says where.
pub(super) fn serve(
    session: Session,
    listen: SocketAddr,
    options: ServeOptions,
    lang: Language,
) -> Result<(), Failure> {
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let listening = |address: SocketAddr| {
        let text = lang.choose("页面", "page");
        let end = lang.choose("按 Ctrl-C 结束", "Ctrl-C ends it");
        eprintln!("{text}: {scheme}://{address}/  ({end})");
    };
    serve::run(session, listen, options, listening).map_err(|error| match error {
        ServeError::Engine(error) => failure(error),
        error @ (ServeError::Exposed { .. } | ServeError::Tls(_)) => Failure::new(USAGE, error),
        error @ (ServeError::Policies(_) | ServeError::Stages(_)) => Failure::new(CONFIGURATION, error),
        error => Failure::new(UNAVAILABLE, error),
    })
}
