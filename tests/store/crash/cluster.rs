//! Do three processes that maintain one workspace say what one process says, fall together when one is killed, and go on
//! where they were?

use super::child::{self, Server};
use super::{BATCHES, SEED, Trial, done, program, text};
use crate::store::dice::Dice;
use medring::store::Workspace;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const PROCESSES: usize = 3;
/// How soon the others must have ended when one is killed.
const TOGETHER: Duration = Duration::from_secs(10);

pub(super) struct Cluster {
    pub(super) first: Server,
    others: Vec<Child>,
}

fn follower(process: usize, hosts: &str) -> Vec<String> {
    let (processes, process) = (PROCESSES.to_string(), process.to_string());
    let cluster = ["--workers", "1", "--processes", &processes, "--process", &process, "--hosts", hosts];
    let words = ["serve", "--lang", "en"].into_iter().chain(cluster);
    words.map(str::to_owned).collect()
}

impl Cluster {
    /// Starts all processes, each with a port of its own.
    pub(super) fn start(folder: &Path, workspace: &str, fail_point: Option<&str>) -> Cluster {
        let free = [(); PROCESSES].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let lines = free.map(|listener| format!("{}\n", listener.local_addr().expect("an address")));
        let hosts = text(&folder.join("hosts"));
        std::fs::write(&hosts, lines.concat()).expect("writes");
        let start = |process| {
            let words = follower(process, &hosts);
            child::start(&words.iter().map(String::as_str).collect::<Vec<_>>(), None)
        };
        let others = (1..PROCESSES).map(start).collect();
        let more = ["--lang", "en", "--processes", "3", "--process", "0", "--hosts", &hosts];
        Cluster { first: Server::start(workspace, &more, fail_point), others }
    }

    pub(super) fn ids(&self) -> Vec<u32> {
        [self.first.id()].into_iter().chain(self.others.iter().map(Child::id)).collect()
    }

    /// Waits until all have ended. Answers how each ended and what it said.
    fn ended(self) -> Vec<(Option<i32>, String)> {
        let others: Vec<_> = self.others.into_iter().map(|other| child::end(other, None)).collect();
        [self.first.wait()].into_iter().chain(others).collect()
    }

    /// One was killed: the others must end by themselves, and say why.
    pub(super) fn falls_together(self, victim: usize) {
        for (process, (code, said)) in self.ended().iter().enumerate() {
            if process == victim {
                assert_eq!(*code, None, "process {process}: {said}");
            } else {
                assert_eq!(*code, Some(6), "process {process}: {said}");
                assert!(said.contains("start all processes again"), "process {process}: {said}");
                assert!(!said.contains("panicked"), "process {process}: {said}");
            }
        }
    }

    /// Pushes batches and ends all processes.
    pub(super) fn takes(self, trial: &mut Trial, batches: &[usize]) {
        for batch in batches {
            let key = format!("batch-{batch:02}");
            let status = self.first.push(&trial.batches[*batch], &key);
            assert!(matches!(status, Some(200 | 201)), "{key} was answered {status:?}");
            trial.acknowledged.insert(key);
        }
        signal(self.first.id(), "-TERM");
        for (process, (code, said)) in self.ended().into_iter().enumerate() {
            assert_eq!(code, Some(0), "process {process}: {said}");
        }
    }
}

pub(super) fn signal(id: u32, signal: &str) {
    assert!(Command::new("kill").args([signal, &id.to_string()]).status().expect("kill runs").success());
}

fn digests(workspace: &str) -> String {
    done(&["db", "digest", workspace, "--all", "-o", "jsonl"])
}

/// Kills one process while a batch is pushed; the others must end by themselves, soon, and say why.
fn one_is_killed(trial: &mut Trial, batch: usize, victim: usize, point: Option<&str>) -> Duration {
    let cluster = Cluster::start(&trial.folder, &trial.workspace, point);
    let (ids, key) = (cluster.ids(), format!("batch-{batch:02}"));
    let (address, folder) = (cluster.first.address.clone(), trial.batches[batch].clone());
    let pushing = std::thread::spawn(move || child::send(&address?, &folder, &key));
    let started = Instant::now();
    if point.is_none() {
        std::thread::sleep(trial.moment());
        signal(ids[victim], "-KILL");
    }
    let status = pushing.join().expect("pushes");
    cluster.falls_together(victim);
    let took = started.elapsed();
    trial.kills += 1;
    if matches!(status, Some(200 | 201)) {
        trial.acknowledged.insert(format!("batch-{batch:02}"));
    }
    assert!(took < TOGETHER + trial.usual, "the others ended {took:?} later");
    trial.survived(&format!("batch-{batch:02} with process {victim} killed at {point:?}"));
    took
}

#[test]
fn three_processes_answer_like_one_fall_together_and_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut trial = Trial::new(folder.path(), SEED + 5);
    trial.dice = Dice(SEED + 6);
    let mut longest = Duration::ZERO;
    let points = [None, None, Some("database-commit:1"), None, Some("acknowledging:1")];
    for (turn, some) in (0..BATCHES).collect::<Vec<_>>().chunks(4).enumerate() {
        let point = points[turn % points.len()];
        let victim = if point.is_some() { 0 } else { turn % PROCESSES };
        longest = longest.max(one_is_killed(&mut trial, some[0], victim, point));
        Cluster::start(&trial.folder, &trial.workspace, None).takes(&mut trial, some);
    }
    trial.ends_well();
    // One process that takes the same batches says the same of every epoch.
    let alone = text(&folder.path().join("alone"));
    done(&["init", &alone]);
    let epochs = Workspace::open_reader(Path::new(&trial.workspace)).expect("opens").epochs().expect("epochs");
    for epoch in epochs {
        let name = epoch.batch_id.expect("a name");
        let batch = text(&trial.folder.join("sent").join(&name));
        let words = ["ingest", "run", "--workspace", &alone, &batch, "--batch-id", &name, "--max-reject", "100"];
        done(&[&words[..], &["--workers", "2"]].concat());
    }
    let (together, alone) = (digests(&trial.workspace), digests(&alone));
    assert_eq!(together.lines().count(), BATCHES);
    assert_eq!(together, alone);
    eprintln!("{} kills; the others ended after {longest:.0?} at most", trial.kills);
}

#[test]
fn a_process_that_was_started_otherwise_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, _, err) = program(&["serve", "--process", "1"]);
    assert_eq!(code, Some(2), "{err}");
    let hosts = text(&folder.path().join("hosts"));
    std::fs::write(&hosts, "127.0.0.1:1\n127.0.0.1:2\n").expect("writes");
    let (code, _, err) = program(&["serve", "--processes", "3", "--process", "1", "--hosts", &hosts]);
    assert!(code == Some(2) && err.contains("names 2 hosts"), "{code:?} {err}");
    let (code, _, err) = program(&["serve", "--processes", "2", "--hosts", &hosts]);
    assert!(code == Some(2) && err.contains("WS"), "{code:?} {err}");
}
