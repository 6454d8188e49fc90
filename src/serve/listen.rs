//! How are connections taken, so that a slow or silent client costs a socket and nothing else?
//!
//! A TLS handshake must be done within [`HANDSHAKE`], headers must arrive within [`HEADERS`]; a body must keep coming (see
//! `batches.rs`); an answer that nobody reads ends with the connection. When the server ends, connections finish the request
//! they are at.

use super::access::Peer;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a client may take to send the headers of a request, also of the next on a kept connection.
const HEADERS: Duration = Duration::from_secs(30);
/// How long requests may go on after the server was told to end.
const FAREWELL: Duration = Duration::from_secs(600);
/// Connections at a time; further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 1_000;

/// Takes connections until `ended`, encrypted ones where there is an acceptor, then waits for the requests under way.
pub(super) async fn listen(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    ended: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    tokio::pin!(ended);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (stream, from, place) = tokio::select! {
            (accepted, place) = accepted => match accepted {
                Ok((stream, from)) => (stream, from, place),
                // Out of descriptors, or the client is gone already: there will be others.
                Err(error) => {
                    tracing::warn!("a connection could not be taken: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut ended => break,
        };
        let router = router.clone().layer(Extension(ConnectInfo(Peer(from))));
        let (builder, watcher, tls) = (builder.clone(), graceful.watcher(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => answer(stream, router, builder, watcher).await,
                // A client that breaks off its handshake is its own affair.
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        answer(stream, router, builder, watcher).await;
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were broken off");
    }
}

/// Answers the requests of one connection until it ends.
async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    builder: Builder<TokioExecutor>,
    watcher: Watcher,
) {
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // A client that breaks off is its own affair.
    let _ = watcher.watch(connection.into_owned()).await;
}
