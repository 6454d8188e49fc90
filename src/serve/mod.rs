//! How do people and programs look at a workspace, and push batches into it, over HTTP?
//!
//! ```text
//! POST /v1/batches ─► bounded queue ─► writer (owns the session) ─► view of an epoch ─┐
//!                                                └► graph of an epoch (own thread) ───┤
//! GET /v1/… ◄──────────────── any number of readers ◄─── published, never changed ◄───┘
//! ```
//!
//! Watched folders and databases (`source/`) hand batches to the same queue. `listen.rs` takes connections and bounds how long a
//! silent one may last.
//!
//! One writer, many readers. A view and a graph are whole and belong to one epoch, which every answer names; a reader
//! never waits for the writer. Nothing here finds anything: rings come from the engine, texts from the report.
//! The page under `web/` is embedded and asks nobody but this server.
//!
//! Cost: a view holds the rings, their ties and the names of their members; the graph holds all links
//! ([`crate::path::snapshot`]) and is built anew after a batch, while the old one answers.

mod access;
mod as_of;
mod batches;
mod cases;
mod compactor;
mod desk;
mod entities;
mod evidence;
mod export;
mod graph;
mod guard;
mod listen;
mod metrics;
mod openapi;
mod page;
mod parties;
mod paths;
mod picture;
mod reports;
mod rings;
mod search;
mod shared;
mod source;
mod status;
mod timeline;
mod token;
mod trouble;
mod view;
mod words;
mod writer;

pub use cases::verdict_lines;
pub use desk::{Bundle, Desk, DeskError};
pub use openapi::document;
pub use reports::ring_report;
pub use shared::ServeOptions;
pub use source::postgres::PostgresOptions;
pub use trouble::Trouble;

use crate::engine::{EngineError, Session};
use crate::store::Office;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use shared::Shared;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

/// The server did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is not this machine's own.
    #[error(
        "{address} can be reached from other machines, and {why}. Remedy: `medring user add` makes the first account, --tls-cert and --tls-key turn TLS on; or listen on 127.0.0.1, or add --insecure if a gateway in front does all that / 其他机器可以访问 {address}, 但尚无账号或未启用 TLS; 请用 `medring user add` 建立首个账号, 用 --tls-cert 和 --tls-key 启用 TLS; 或改为监听 127.0.0.1; 前置网关已处理这些时可加 --insecure"
    )]
    Exposed {
        /// The address.
        address: SocketAddr,
        /// What is missing.
        why: &'static str,
    },
    /// The workspace's own policies cannot be read.
    #[error(
        "the policies cannot be read: {0}. Remedy: correct the file, or take it away: the program has its own / 权限策略无法读取; 请更正该文件, 或移除它而使用程序自带的策略"
    )]
    Policies(String),
    /// The workspace's own stages of a case cannot be read.
    #[error(
        "the stages of a case cannot be read: {0}. Remedy: correct the file, or take it away: the program has its own / 案件阶段无法读取; 请更正该文件, 或移除它而使用程序自带的阶段"
    )]
    Stages(String),
    /// Certificate or key cannot be used.
    #[error(
        "TLS cannot be turned on: {0}. Remedy: name a certificate chain and its key, both PEM / 无法启用 TLS; 请指定证书链及其私钥, 均为 PEM 格式"
    )]
    Tls(String),
    /// The address cannot be listened on.
    #[error(
        "{address}: cannot listen: {source}. Remedy: choose another --listen address, or end what listens there / 无法监听 {address}; 请换一个 --listen 地址, 或结束占用该地址的程序"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server's threads failed.
    #[error("the server stopped: {0} / 服务器已停止")]
    Run(#[from] std::io::Error),
    /// A watched folder does not answer.
    #[error("{folder}: cannot be watched: {source}. Remedy: make the folder, and let this user write in it / 无法监视该文件夹; 请建立该文件夹, 并给当前用户写权限", folder = .folder.display())]
    Watch {
        /// The folder.
        folder: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Opaque names of parties need a key.
    #[error("no key for opaque names: {0} / 无法取得生成匿名标识所需的密钥")]
    Key(String),
    /// The workspace did not answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A running server, without its socket: what [`run`] listens with, and what tests ask directly.
pub struct Server {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Publishes what the workspace holds and starts the writer and the graph's thread.
    ///
    /// # Errors
    /// When the workspace does not answer.
    pub fn start(mut session: Session, options: ServeOptions) -> Result<Server, ServeError> {
        let (shared, jobs, epochs) = Shared::open(&mut session, options)?;
        let writer = writer::start(Arc::clone(&shared), session, jobs)?;
        let graph = graph::start(Arc::clone(&shared), epochs)?;
        let mut threads = vec![writer, graph, compactor::start(Arc::clone(&shared))?];
        for folder in &shared.options.watch {
            let started = source::watch::start(&shared, folder, shared.options.watch_quiet);
            threads.push(started.map_err(|source| ServeError::Watch { folder: folder.clone(), source })?);
        }
        for options in &shared.options.postgres {
            threads.push(source::postgres::start(&shared, options.clone())?);
        }
        Ok(Server { shared, threads })
    }

    /// All routes.
    pub fn router(&self) -> Router {
        let body_max = usize::try_from(self.shared.options.body_max).unwrap_or(usize::MAX);
        Router::new()
            .route("/healthz", get(status::healthz))
            .route("/readyz", get(status::readyz))
            .route("/metrics", get(status::metrics))
            .route("/openapi.json", get(openapi::openapi))
            .route("/v1/status", get(status::status))
            .route("/v1/data", get(status::data))
            .route("/v1/words", get(words::words))
            .route("/v1/rings", get(rings::rings))
            .route("/v1/rings/{id}", get(rings::ring))
            .route("/v1/rings/{id}/graph", get(picture::graph))
            .route("/v1/rings/{id}/facts", get(evidence::facts))
            .route("/v1/rings/{id}/timeline", get(timeline::timeline))
            .route("/v1/entities/{party}", get(entities::entity))
            .route("/v1/entities/{party}/neighbours", get(entities::neighbours))
            .route("/v1/paths", get(paths::paths))
            .route("/v1/search", post(search::search))
            .route("/v1/batches", post(batches::batches).layer(DefaultBodyLimit::max(body_max)))
            .route("/v1/session", get(access::session))
            .route("/v1/login", post(access::login))
            .route("/v1/logout", post(access::logout))
            .route("/v1/password", post(access::password))
            .route("/v1/reveal", post(access::reveal))
            .route("/v1/audit", get(access::audit))
            .route("/v1/audit/verify", get(access::audit_verified))
            .route("/v1/audit.jsonl", get(access::audit_lines))
            .route("/v1/rings/{id}/members.csv", get(export::members_csv))
            .route("/v1/rings/{id}/members.xlsx", get(export::members_xlsx))
            .route("/v1/rings/{id}/facts.csv", get(export::facts_csv))
            .route("/v1/rings/{id}/facts.xlsx", get(export::facts_xlsx))
            .route("/v1/accounts", get(access::accounts).post(access::add_account))
            .route("/v1/accounts/{name}", post(access::change_account))
            .route("/v1/reports", get(reports::reports))
            .route("/v1/reports/{report}", get(reports::report))
            .route("/v1/cases", get(cases::cases).post(cases::open_case))
            .route("/v1/cases/{id}", get(cases::case))
            .route("/v1/cases/{id}/rings", post(cases::attach_ring))
            .route("/v1/cases/{id}/notes", post(cases::note_case))
            .route("/v1/cases/{id}/tasks", post(cases::task_case))
            .route("/v1/cases/{id}/tasks/{number}", post(cases::set_task))
            .route("/v1/cases/{id}/staff", post(cases::staff_case))
            .route("/v1/cases/{id}/steps", post(cases::step_case))
            .route("/v1/cases/{id}/steps/{number}", post(cases::decide_step))
            .route("/v1/cases/{id}/merge", post(cases::merge_case))
            .route("/v1/cases/{id}/split", post(cases::split_case))
            .route("/v1/cases/{id}/bundle", get(cases::bundle).post(cases::seal_bundle))
            .route(
                "/v1/cases/{id}/receipts",
                post(cases::add_receipt).layer(DefaultBodyLimit::max(cases::DOCUMENT_BYTES_MAX)),
            )
            .route(
                "/v1/cases/{id}/documents",
                post(cases::add_document).layer(DefaultBodyLimit::max(cases::DOCUMENT_BYTES_MAX)),
            )
            .route("/v1/cases/{id}/documents/{number}", get(cases::document).post(cases::change_document))
            .route("/v1/cases/{id}/canvases", post(cases::add_canvas))
            .route("/v1/seen.xlsx", post(export::seen_xlsx).layer(DefaultBodyLimit::max(export::SEEN_BYTES_MAX)))
            .route("/v1/verdicts.jsonl", get(cases::verdicts))
            // What has an address passes the door; the files of the page are for everybody.
            .route_layer(axum::middleware::from_fn_with_state(Arc::clone(&self.shared), access::door))
            .fallback(page::page)
            // Questions are short; only batches may be large.
            .layer(DefaultBodyLimit::max(guard::QUESTION_BYTES_MAX))
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&self.shared), guard::guard))
            .with_state(Arc::clone(&self.shared))
    }

    /// Waits until the view and the graph show the workspace's last epoch, or the writer gave up.
    pub fn wait_ready(&self) {
        self.shared.wait_ready();
    }

    /// Takes no more batches, finishes those that wait, and ends the threads.
    pub fn stop(mut self) {
        self.shared.close();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so; there is nothing left to end.
            let _ = thread.join();
        }
    }
}

/// Serves until the user interrupts. `listening` is called once with the address that is listened on. The first interrupt
/// finishes requests and batches, the second drops the batch under way.
///
/// # Errors
/// When the address is exposed or taken, or the workspace does not answer.
pub fn run(
    session: Session,
    address: SocketAddr,
    options: ServeOptions,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let tls = match &options.tls {
        Some((certificate, key)) => Some(access::acceptor(certificate, key)?),
        None => None,
    };
    if !address.ip().is_loopback() && !options.insecure {
        let office = Office::open(session.workspace().path()).map_err(EngineError::from)?;
        let accounts = office.has_accounts().map_err(EngineError::from)?;
        let why = match (accounts, tls.is_some()) {
            (true, true) => None,
            (false, _) => Some("nobody has an account yet: everybody who reaches it would see everything"),
            (true, false) => Some("passwords and answers would travel unencrypted"),
        };
        if let Some(why) = why {
            return Err(ServeError::Exposed { address, why });
        }
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(16).enable_all().build()?;
    let server = Server::start(session, ServeOptions { loopback: address.ip().is_loopback(), ..options })?;
    let (router, stop) = (server.router(), Arc::clone(&server.shared.stop));
    let served = runtime.block_on(async move {
        let listener =
            tokio::net::TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
        listening(listener.local_addr()?);
        let ended = async {
            interrupted().await;
            // From here on a second interrupt drops what is under way.
            tokio::spawn(async move {
                interrupted().await;
                stop.store(true, Ordering::Relaxed);
            });
        };
        listen::listen(listener, router, tls, ended).await;
        tracing::info!("the server ends: batches that wait are finished");
        Ok(())
    });
    server.stop();
    served
}

/// Waits for SIGINT or SIGTERM.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler for signals the process ends as the system sees fit.
    let _ = tokio::signal::ctrl_c().await;
}
