//! Does the server answer what the workspace holds, refuse what it should, and say nothing that it must not? The router as
//! a function, without a socket.

mod access;
mod answers;
mod batches;
mod cases;
mod handover;
mod hostile;
mod office;
mod postgres;
mod rearrange;
mod refusals;
mod reports;
mod watch;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use medring::engine::{AppendOptions, Session};
use medring::serve::{ServeOptions, Server};
use medring::store::Workspace;
use medring::synth::{Parameters, generate};
use medring::typology::{REPORT_SCORE_MIN, judge};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tower::ServiceExt;

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: head.status, headers: head.headers, text, bytes: bytes.to_vec() }
}

fn ask(server: &Server, request: Request<Body>) -> Answer {
    runtime().block_on(send(server.router(), request))
}

fn look(server: &Server, path: &str) -> Answer {
    ask(server, Request::get(path).body(Body::empty()).unwrap())
}

/// A successful answer.
fn told(server: &Server, path: &str) -> Value {
    let answer = look(server, path);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

fn session(path: &Path) -> Session {
    Session::open(path, 1, judge, REPORT_SCORE_MIN).unwrap()
}

/// A small world with rings, as tables.
fn world(folder: &Path) {
    let parameters = Parameters::preset("demo", 1).unwrap().with_persons(4_000);
    generate(&parameters, folder).unwrap();
    std::fs::remove_file(folder.join("labels.csv")).unwrap();
}

/// A served workspace that holds the world, made once for the tests that only look.
struct Served {
    server: Server,
    world: PathBuf,
    workspace: PathBuf,
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (tables, workspace) = (folder.join("world"), folder.join("ws"));
        world(&tables);
        Workspace::create(&workspace).unwrap();
        let mut session = session(&workspace);
        session.append(std::slice::from_ref(&tables), &AppendOptions::default()).unwrap();
        let server = Server::start(session, ServeOptions::default()).unwrap();
        server.wait_ready();
        Served { server, world: tables, workspace }
    })
}

/// The first ring of the served workspace, as the server describes it.
fn first_ring() -> Value {
    let rings = told(&served().server, "/v1/rings?limit=1");
    let id = rings["rings"][0]["id"].as_str().unwrap().to_owned();
    told(&served().server, &format!("/v1/rings/{id}"))
}

/// Tokens of members of a kind.
fn tokens(ring: &Value, kind: &str) -> Vec<String> {
    let members = ring["members"].as_array().unwrap().iter().map(|member| &member["party"]);
    members.filter(|party| party["kind"] == kind).map(|party| party["token"].as_str().unwrap().to_owned()).collect()
}
