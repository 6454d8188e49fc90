//! Is anything lost, dropped too early or back again when the program is killed while facts leave and files are compacted?
//!
//! Two workspaces take the same batches and let the same facts leave. One is never disturbed and never compacted; of the other
//! every step is killed first, at each named place and at moments drawn by chance. They must say the same.

use super::child::{self, Server};
use super::{BATCHES, SEED, batches, done, program, text};
use crate::store::dice::Dice;
use medring::model::{Batch, RowRef};
use medring::store::lineage::Event;
use medring::store::{Digest, FAIL_POINTS, Workspace};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// Days before which facts leave, one after the other. The data set spans about a year.
const BEFORE: [&str; 3] = ["2024-02-15", "2024-04-01", "2024-06-15"];

/// Rows with their epochs, rings, what happened to them, and all of it in short.
pub(super) type Said = (Vec<(u64, Batch)>, String, Vec<(u64, Event)>, Vec<Digest>);

/// What a workspace says.
pub(super) fn says(workspace: &str) -> Said {
    let store = Workspace::open_reader(Path::new(workspace)).expect("opens");
    let mut rows: Vec<(u64, Batch)> = Vec::new();
    let keep = &mut |epoch, batch: Batch| {
        if rows.last().is_none_or(|(last, _)| *last != epoch) {
            rows.push((epoch, Batch::default()));
        }
        crate::store::dice::join(&mut rows.last_mut().expect("just pushed").1, batch);
        ControlFlow::Continue(())
    };
    store.replay(0, 10_000, keep).expect("replays");
    let rings = done(&["ring", "ls", "--workspace", workspace, "-o", "jsonl"]);
    (rows, rings, store.events(0).expect("events"), store.digests(0..=store.epoch()).expect("digests"))
}

/// The rows that any version of any ring cites, with where they were read.
fn cited(workspace: &str) -> usize {
    let store = Workspace::open_reader(Path::new(workspace)).expect("opens");
    let mut rows: BTreeSet<RowRef> = BTreeSet::new();
    for epoch in 1..=store.epoch() {
        for ring in store.rings(Some(epoch)).expect("rings") {
            rows.extend(ring.finding.factors.iter().flat_map(|factor| factor.facts.iter().copied()));
        }
    }
    assert_eq!(store.sources_of(&rows).expect("sources").len(), rows.len(), "a cited row was dropped");
    rows.len()
}

struct Killed<'a> {
    workspace: &'a str,
    dice: Dice,
    kills: usize,
}

impl Killed<'_> {
    /// Runs a command that is killed at each place, and twice at a moment drawn by chance, and then to its end.
    fn again_and_again(&mut self, words: &[&str], points: &[&str]) {
        let usual = Duration::from_millis(200);
        let cuts = points.iter().map(|point| Some(format!("{point}:1"))).chain([None, None]);
        for point in cuts {
            let most = usize::try_from(usual.as_micros()).expect("short");
            let moment = point.is_none().then(|| Duration::from_micros(self.dice.below(most) as u64));
            let (code, said) = child::end(child::start(words, point.as_deref()), moment);
            match code {
                None => self.kills += 1,
                // There was nothing left to do, or it was quicker.
                Some(0) => {}
                other => panic!("{words:?} at {point:?} ended with {other:?}: {said}"),
            }
            let store = Workspace::open_reader(Path::new(self.workspace)).expect("opens after a kill");
            assert_eq!(store.verify().expect("verifies"), [], "{words:?} at {point:?}");
        }
        done(words);
        let (code, out, err) = program(&["db", "check", self.workspace, "-o", "jsonl"]);
        assert_eq!((code, out.as_str()), (Some(0), ""), "{err}");
    }
}

/// Answers how often something was killed.
pub(super) fn in_between(folder: &Path) -> usize {
    let (undisturbed, workspace) = (text(&folder.join("twin")), text(&folder.join("ws")));
    let sent = batches::write(&folder.join("sent"), BATCHES, SEED);
    for workspace in [&undisturbed, &workspace] {
        done(&["init", workspace]);
    }
    let mut killed = Killed { workspace: &workspace, dice: Dice(SEED + 4), kills: 0 };
    let compact = ["db", "compact", &workspace];
    let of_compaction = ["compact-written", "compact-renamed", "compact-commit", "compacted", "compact-removing"];
    let of_retention: Vec<&str> = FAIL_POINTS
        .iter()
        .copied()
        .filter(|point| {
            matches!(
                *point,
                "begun" | "retiring" | "vault-committed" | "database-write" | "database-commit" | "committed"
            )
        })
        .collect();
    for (turn, some) in sent.chunks(BATCHES.div_ceil(BEFORE.len())).enumerate() {
        for workspace in [&undisturbed, &workspace] {
            let folders: Vec<String> = some.iter().map(|batch| text(batch)).collect();
            let words = ["ingest", "run", "--each", "--workspace", workspace, "--workers", "1", "--max-reject", "100"];
            done(&words.into_iter().chain(folders.iter().map(String::as_str)).collect::<Vec<_>>());
        }
        if turn == 1 {
            killed.again_and_again(&compact, &of_compaction);
        }
        done(&["db", "retain", &undisturbed, "--before", BEFORE[turn], "--workers", "1"]);
        let retain = ["db", "retain", &workspace, "--before", BEFORE[turn], "--workers", "1"];
        killed.again_and_again(&retain, &of_retention);
        killed.again_and_again(&compact, &of_compaction);
        assert!(cited(&workspace) > 0, "no ring cites anything");
        assert_eq!(says(&workspace), says(&undisturbed), "turn {turn}");
    }
    served(&undisturbed, &workspace);
    killed.kills
}

/// A server that finds a window set lets facts leave by itself, once a batch has come.
fn served(undisturbed: &str, workspace: &str) {
    let few = |workspace: &str| {
        Workspace::open_reader(Path::new(workspace)).expect("opens").segments(0).expect("segments").len()
    };
    assert!(few(workspace) < few(undisturbed) / 4, "{} files of {}", few(workspace), few(undisturbed));
    std::fs::write(Path::new(workspace).join("medring.toml"), "retention_days = 30\n").expect("writes");
    let gone = || Workspace::open_reader(Path::new(workspace)).expect("opens").rows_gone().expect("counts");
    let before = gone();
    let server = Server::start(workspace, &[], None);
    let started = Instant::now();
    while gone() == before {
        assert!(started.elapsed() < Duration::from_secs(60), "nothing leaves by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill();
    let (code, _, err) = program(&["db", "check", workspace]);
    assert_eq!(code, Some(0), "{err}");
}
