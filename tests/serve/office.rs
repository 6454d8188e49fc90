//! A served workspace with an account of each role: what the tests of access and cases ask.

use super::{Answer, ask, served, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use medring::serve::{ServeOptions, Server};
use medring::store::{AccountRole, Office};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(super) const PASSWORD: &str = "correct horse battery";

/// A served workspace with accounts, and the cookie of each.
pub(super) struct Guarded {
    pub(super) server: Server,
    pub(super) workspace: PathBuf,
    pub(super) cookies: BTreeMap<&'static str, String>,
}

/// Name, role, regions: one of each role, and some whose regions are elsewhere.
pub(super) const ACCOUNTS: [(&str, AccountRole, &[&str]); 9] = [
    ("lin", AccountRole::Investigator, &[]),
    ("luo", AccountRole::Investigator, &[]),
    ("far", AccountRole::Investigator, &["99"]),
    ("ren", AccountRole::Reviewer, &[]),
    ("yuan", AccountRole::Reviewer, &["99"]),
    ("team", AccountRole::CaseTeam, &[]),
    ("report", AccountRole::ReportReader, &[]),
    ("root", AccountRole::Administrator, &[]),
    ("audit", AccountRole::Auditor, &[]),
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else if !["office.db", "audit.head", "medring.lock"].iter().any(|own| name.starts_with(own)) {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// The world of the other tests, in a workspace of its own with these options.
pub(super) fn guarded_with(name: &str, options: ServeOptions) -> Guarded {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&workspace);
    copy(&served().workspace, &workspace);
    guarded_at(workspace, options)
}

/// A workspace, served with an account of each role.
pub(super) fn guarded_at(workspace: PathBuf, options: ServeOptions) -> Guarded {
    let mut office = Office::open(&workspace).unwrap();
    for (name, role, regions) in ACCOUNTS {
        let regions: Vec<String> = regions.iter().map(|part| (*part).to_owned()).collect();
        office.add_account(name, role, &regions, PASSWORD, 0).unwrap();
    }
    let server = Server::start(session(&workspace), options).unwrap();
    server.wait_ready();
    let cookies = ACCOUNTS.iter().map(|(name, _, _)| (*name, signed_in(&server, name))).collect();
    Guarded { server, workspace, cookies }
}

/// Made once for the tests of access.
pub(super) fn guarded() -> &'static Guarded {
    static GUARDED: OnceLock<Guarded> = OnceLock::new();
    GUARDED
        .get_or_init(|| guarded_with("guarded", ServeOptions { sign_ins_per_minute: 1_000, ..ServeOptions::default() }))
}

pub(super) fn login(server: &Server, name: &str, password: &str) -> Answer {
    let body = serde_json::json!({"name": name, "password": password}).to_string();
    let asked = Request::post("/v1/login").header("content-type", "application/json").header("x-medring", "page");
    ask(server, asked.body(Body::from(body)).unwrap())
}

fn signed_in(server: &Server, name: &str) -> String {
    let answer = login(server, name, PASSWORD);
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

impl Guarded {
    /// Asks as somebody, with a body for writes.
    pub(super) fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut asked = Request::builder().method(method).uri(path).header("x-medring", "page");
        if let Some(cookie) = self.cookies.get(who) {
            asked = asked.header("cookie", cookie);
        }
        let body = match body {
            Some(body) => {
                asked = asked.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        ask(&self.server, asked.body(body).unwrap())
    }

    pub(super) fn told(&self, who: &str, path: &str) -> Value {
        let answer = self.ask(who, "GET", path, None);
        assert_eq!(answer.status, StatusCode::OK, "{who} {path}: {}", answer.text);
        answer.json()
    }

    /// A write that must succeed.
    pub(super) fn done(&self, who: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(who, "POST", path, Some(body));
        assert!(answer.status.is_success(), "{who} {path}: {} {}", answer.status, answer.text);
        answer.json()
    }

    /// A write that must be refused.
    pub(super) fn refused(&self, who: &str, path: &str, body: Value, code: &str) {
        let answer = self.ask(who, "POST", path, Some(body));
        assert_eq!(answer.json()["code"], code, "{who} {path}: {}", answer.text);
    }
}
