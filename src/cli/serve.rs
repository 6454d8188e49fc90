//! `medring serve`: where do investigators open a workspace in a browser, and programs push batches?

use super::check::{self, Language};
use super::detect::failure;
use super::{CONFIGURATION, Failure, UNAVAILABLE, USAGE};
use crate::engine::Session;
use crate::serve::{self, ServeError, ServeOptions};
use crate::typology;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where the page listens without being told.
pub(super) const LISTEN: &str = "127.0.0.1:7878";

/// `medring serve`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The workspace
    #[arg(value_name = "WS")]
    workspace: PathBuf,
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
    /// Per cent of the rows of a table that may be set aside; beyond it a batch is refused
    #[arg(long, value_name = "PCT", default_value_t = 5.0)]
    max_reject: f64,
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "W")]
    workers: Option<usize>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Serves until it is interrupted.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(0.0..=100.0).contains(&arguments.max_reject) {
        return Err(Failure::new(USAGE, "--max-reject takes a percentage from 0 to 100"));
    }
    let options = ServeOptions {
        insecure: arguments.insecure,
        tls: arguments.tls_cert.clone().zip(arguments.tls_key.clone()),
        queue_max: arguments.queue.clamp(1, 1_000),
        body_max: arguments.body_max.clamp(1, 1 << 20) << 20,
        reject_percent_max: arguments.max_reject,
        ..ServeOptions::default()
    };
    serve(open(&arguments.workspace, arguments.workers)?, arguments.listen, options, arguments.lang)
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
