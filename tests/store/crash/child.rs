//! How does a test run the program as a child, push to it, and kill it?

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program with these words; with a fail point, it dies there by itself.
pub(super) fn start(words: &[&str], fail_point: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_medring"));
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.env_remove("MEDRING_FAIL_POINT");
    if let Some(point) = fail_point {
        command.env("MEDRING_FAIL_POINT", point);
    }
    command.spawn().expect("starts")
}

/// Waits for the end; kills at the moment given. Answers whether it ended well, and what it said.
pub(super) fn end(mut child: Child, kill_after: Option<Duration>) -> (Option<i32>, String) {
    if let Some(after) = kill_after {
        let started = Instant::now();
        while started.elapsed() < after && child.try_wait().expect("waits").is_none() {
            std::thread::yield_now();
        }
        // It may have ended by itself in the meantime.
        let _ = child.kill();
    }
    let mut said = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut said).expect("reads");
    (child.wait().expect("ends").code(), said)
}

/// A running `medring serve`.
pub(super) struct Server {
    child: Child,
    /// Where it listens; `None` when it died before that.
    pub(super) address: Option<String>,
    said: BufReader<std::process::ChildStderr>,
}

impl Server {
    pub(super) fn start(workspace: &str, more: &[&str], fail_point: Option<&str>) -> Server {
        let words =
            [&["serve", workspace, "--listen", "127.0.0.1:0", "--workers", "1", "--max-reject", "100"], more].concat();
        let mut child = start(&words, fail_point);
        let mut said = BufReader::new(child.stderr.take().expect("stderr"));
        let mut address = None;
        let mut line = String::new();
        while address.is_none() && said.read_line(&mut line).expect("reads") > 0 {
            let rest = line.split_once("http://").map(|(_, rest)| rest.to_owned());
            address = rest.and_then(|rest| Some(rest.split_once('/')?.0.to_owned()));
            line.clear();
        }
        Server { child, address, said }
    }

    /// Pushes all tables of a folder. Answers the status, or `None` when nothing came back.
    pub(super) fn push(&self, folder: &Path, key: &str) -> Option<u16> {
        send(self.address.as_deref()?, folder, key)
    }

    pub(super) fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("waits").is_none()
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, unless it is dead. Answers whether it was killed, and what it had said.
    pub(super) fn kill(mut self) -> (bool, String) {
        // Dead already is as good.
        let _ = self.child.kill();
        let ended = self.child.wait().expect("ends");
        let mut said = String::new();
        self.said.read_to_string(&mut said).expect("reads");
        (ended.code().is_none(), said)
    }

    /// Waits until it ends by itself.
    pub(super) fn wait(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.said.read_to_string(&mut said).expect("reads");
        (self.child.wait().expect("ends").code(), said)
    }
}

/// Pushes a folder's tables as one batch.
pub(super) fn send(address: &str, folder: &Path, key: &str) -> Option<u16> {
    const BOUNDARY: &str = "3f1b7c9a";
    let mut body = Vec::new();
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        let (name, file) = (path.file_stem().expect("a name"), path.file_name().expect("a name"));
        let (name, file) = (name.to_string_lossy(), file.to_string_lossy());
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n")
            .expect("writes");
        body.extend(fs::read(&path).expect("reads"));
        body.extend(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").expect("writes");
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "POST /v1/batches HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nIdempotency-Key: {key}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).ok()?;
    let mut answer = Vec::new();
    // A server that dies resets the connection: what came before is the answer.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

/// Asks for a page. Answers the whole answer, empty when none came.
pub(super) fn look(address: &str, path: &str) -> String {
    let mut answer = String::new();
    if let Ok(mut stream) = TcpStream::connect(address) {
        let asked = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(asked.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    }
    answer
}
