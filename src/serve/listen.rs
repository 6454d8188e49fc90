//! How are connections taken, so that a slow or silent client costs a socket and nothing else?
//!
//! Headers must arrive within [`HEADERS`]; a body must keep coming (see `batches.rs`); an answer that nobody reads ends with
//! the connection. When the server ends, connections finish the request they are at.

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long a client may take to send the headers of a request, also of the next on a kept connection.
const HEADERS: Duration = Duration::from_secs(30);
/// How long requests may go on after the server was told to end.
const FAREWELL: Duration = Duration::from_secs(600);
/// Connections at a time; further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 1_000;

/// Takes connections until `ended`, then waits for the requests under way.
pub(super) async fn listen(listener: TcpListener, router: Router, ended: impl Future<Output = ()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    tokio::pin!(ended);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (stream, place) = tokio::select! {
            (accepted, place) = accepted => match accepted {
                Ok((stream, _)) => (stream, place),
                // Out of descriptors, or the client is gone already: there will be others.
                Err(error) => {
                    tracing::warn!("a connection could not be taken: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut ended => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is its own affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were broken off");
    }
}
