//! Is anything lost, half there or counted twice when the program is killed again and again while batches come in?
//!
//! Real processes are killed: at every named place of the commit (`medring::store::FAIL_POINTS` and those of the server), and
//! with SIGKILL at moments drawn by chance. Batches come by `ingest run`, by push, and through a watched folder; facts leave and
//! files are compacted in between (`care.rs`), on three processes as on one (`leaving.rs`).

mod batches;
mod care;
mod child;
mod cluster;
mod disk;
mod leaving;

use super::dice::Dice;
use child::Server;
use medring::store::{FAIL_POINTS, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many batches each way takes, and how often each is cut short before it may end.
const BATCHES: usize = 23;
const CUTS: usize = 7;
const SEED: u64 = 20_261_128;

fn program(words: &[&str]) -> (Option<i32>, String, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_medring")).args(words).output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn done(words: &[&str]) -> String {
    let (code, out, err) = program(words);
    assert_eq!(code, Some(0), "medring {}: {out} {err}", words.join(" "));
    out
}

fn text(path: &Path) -> String {
    path.to_str().expect("a plain name").to_owned()
}

/// What is killed in one of the three ways, and what it had acknowledged.
struct Trial {
    folder: PathBuf,
    workspace: String,
    batches: Vec<PathBuf>,
    dice: Dice,
    kills: usize,
    acknowledged: BTreeSet<String>,
    /// How long an undisturbed batch takes at most: random moments are drawn from it.
    usual: Duration,
}

impl Trial {
    fn new(folder: &Path, seed: u64) -> Trial {
        let workspace = text(&folder.join("ws"));
        done(&["init", &workspace]);
        let batches = batches::write(&folder.join("sent"), BATCHES, SEED);
        let (kills, acknowledged, usual) = (0, BTreeSet::new(), Duration::from_millis(300));
        Trial { folder: folder.to_owned(), workspace, batches, dice: Dice(seed), kills, acknowledged, usual }
    }

    /// A place to die at, or `None` for a moment drawn by chance.
    fn cut(&mut self, points: &[&str], number: usize) -> Option<String> {
        if number % 4 == 3 {
            return None;
        }
        let point = points[number % points.len()];
        let nth = if point.starts_with("segment") { 1 + self.dice.below(3) } else { 1 };
        Some(format!("{point}:{nth}"))
    }

    fn moment(&mut self) -> Duration {
        let most = usize::try_from(self.usual.as_micros()).expect("short");
        Duration::from_micros(self.dice.below(most) as u64)
    }

    /// After a kill: all that was acknowledged is there once, nothing is damaged.
    fn kept(&self, what: &str) -> Workspace {
        let store = Workspace::open_reader(Path::new(&self.workspace)).expect("opens after a kill");
        let epochs = store.epochs().expect("epochs");
        let ids: Vec<String> = epochs.iter().filter_map(|epoch| epoch.batch_id.clone()).collect();
        let known: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!((known.len(), epochs.len()), (ids.len(), ids.len()), "{what}: a batch is in twice, or has no name");
        let lost: Vec<&String> = self.acknowledged.difference(&known).collect();
        assert!(lost.is_empty(), "{what}: acknowledged and lost: {lost:?}");
        assert_eq!(store.verify().expect("verifies"), [], "{what}");
        store
    }

    /// The same, and every epoch is whole.
    fn survived(&self, what: &str) {
        let store = self.kept(what);
        let mut rows: BTreeMap<u64, u64> = BTreeMap::new();
        let count = &mut |epoch, batch: medring::model::Batch| {
            *rows.entry(epoch).or_default() += batch.rows() as u64;
            std::ops::ControlFlow::Continue(())
        };
        store.replay(0, 10_000, count).expect("replays");
        for epoch in store.epochs().expect("epochs") {
            assert_eq!(
                rows.get(&epoch.epoch).copied().unwrap_or(0),
                epoch.rows,
                "{what}: epoch {} is half there",
                epoch.epoch
            );
        }
    }

    /// At the end: every row is in once, and the rings are those of one look at all rows.
    fn ends_well(&self) {
        self.survived("at the end");
        let checked = done(&["db", "check", &self.workspace, "-o", "jsonl"]);
        assert_eq!(checked, "");
        let whole = text(&self.folder.join("sent/whole"));
        let out = text(&self.folder.join("out"));
        let (code, _, err) = program(&["detect", &whole, "--out", &out, "--max-reject", "100", "--workers", "1"]);
        assert_eq!(code, Some(0), "{err}");
        let expected = without_id(&fs::read_to_string(format!("{out}/rings.jsonl")).expect("reads"));
        assert!(!expected.is_empty(), "the data have no ring");
        assert_eq!(without_id(&done(&["ring", "ls", "--workspace", &self.workspace, "-o", "jsonl"])), expected);
        let store = Workspace::open_reader(Path::new(&self.workspace)).expect("opens");
        let read: u64 = store.tallies(None).expect("tallies").iter().map(|tally| tally.rows).sum();
        let sent: usize = fs::read_dir(&whole)
            .expect("lists")
            .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("reads").lines().count() - 1)
            .sum();
        assert_eq!(read, sent as u64, "rows were lost or counted twice");
    }
}

fn without_id(lines: &str) -> BTreeSet<String> {
    let parsed = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let bare = parsed.map(|mut ring| {
        ring.as_object_mut().expect("a ring").remove("ring_id");
        ring.to_string()
    });
    bare.collect()
}

fn by_ingest(folder: &Path) -> usize {
    let mut trial = Trial::new(folder, SEED + 1);
    let mut number = 0;
    for batch in trial.batches.clone() {
        let name = batch.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = text(&batch);
        for cut in 0..=CUTS {
            let workspace = trial.workspace.clone();
            let words = ["ingest", "run", "--workspace", &workspace, &folder, "--batch-id", &name]
                .into_iter()
                .chain(["--workers", "1", "--max-reject", "100"])
                .collect::<Vec<_>>();
            let point = if cut == CUTS { None } else { trial.cut(&FAIL_POINTS[..14], number) };
            number += usize::from(cut < CUTS);
            let moment = (cut < CUTS && point.is_none()).then(|| trial.moment());
            let started = Instant::now();
            let (code, said) = child::end(child::start(&words, point.as_deref()), moment);
            match code {
                Some(0) => {
                    trial.acknowledged.insert(name.clone());
                    trial.usual = trial.usual.max(started.elapsed());
                }
                None => trial.kills += 1,
                other => panic!("{name} at {point:?} ended with {other:?}: {said}"),
            }
            trial.survived(&format!("ingest of {name}, {point:?} {moment:?}"));
            if code == Some(0) {
                break;
            }
        }
    }
    trial.ends_well();
    trial.kills
}

fn by_push(folder: &Path) -> usize {
    let mut trial = Trial::new(folder, SEED + 2);
    let points: Vec<&str> = FAIL_POINTS[..14].iter().copied().chain(["acknowledging"]).collect();
    let mut number = 0;
    for batch in trial.batches.clone() {
        let name = batch.file_name().expect("a name").to_string_lossy().into_owned();
        for cut in 0..=CUTS {
            let point = if cut == CUTS { None } else { trial.cut(&points, number) };
            number += usize::from(cut < CUTS);
            let moment = (cut < CUTS && point.is_none()).then(|| trial.moment());
            let server = Server::start(&trial.workspace, &[], point.as_deref());
            let started = Instant::now();
            let status = match moment {
                None => server.push(&batch, &name),
                Some(after) => {
                    let (address, pushed, key) = (server.address.clone(), batch.clone(), name.clone());
                    let pushing = std::thread::spawn(move || child::send(&address?, &pushed, &key));
                    std::thread::sleep(after);
                    let killed = std::process::Command::new("kill").args(["-KILL", &server.id().to_string()]).status();
                    assert!(killed.expect("kill runs").success());
                    pushing.join().expect("pushes")
                }
            };
            if matches!(status, Some(200 | 201)) {
                trial.acknowledged.insert(name.clone());
                trial.usual = trial.usual.max(started.elapsed());
            }
            let (killed, said) = server.kill();
            assert!(killed, "{name} at {point:?}, answered {status:?}: {said}");
            trial.kills += 1;
            trial.survived(&format!("push of {name}, {point:?} {moment:?}"));
            if matches!(status, Some(200 | 201)) {
                break;
            }
            assert!(status.is_none(), "{name} at {point:?} was answered {status:?}");
            assert!(cut < CUTS, "{name} is not taken: {said}");
        }
    }
    trial.ends_well();
    trial.kills
}

fn by_watch(folder: &Path) -> usize {
    let mut trial = Trial::new(folder, SEED + 3);
    let points: Vec<&str> =
        FAIL_POINTS[..14].iter().copied().chain(["watch-claimed", "watch-taken", "watch-moved"]).collect();
    let watched = folder.join("watched");
    fs::create_dir_all(&watched).expect("creates");
    let mut number = 0;
    for batch in trial.batches.clone() {
        let name = batch.file_name().expect("a name").to_owned();
        // The sender copies under a hidden name and renames: only a whole batch is ever seen.
        let hidden = watched.join(".coming");
        fs::create_dir(&hidden).expect("creates");
        for entry in fs::read_dir(&batch).expect("lists") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, hidden.join(path.file_name().expect("a name"))).expect("copies");
        }
        fs::rename(&hidden, watched.join(&name)).expect("renames");
        let processed = watched.join("processed").join(&name);
        for cut in 0..=CUTS {
            let point = if cut == CUTS { None } else { trial.cut(&points, number) };
            number += usize::from(cut < CUTS);
            let moment = (cut < CUTS && point.is_none()).then(|| trial.moment());
            let more = ["--watch", &text(&watched), "--watch-quiet", "0"];
            let mut server = Server::start(&trial.workspace, &more, point.as_deref());
            let started = Instant::now();
            while server.is_alive() && !processed.exists() && moment.is_none_or(|after| started.elapsed() < after) {
                assert!(started.elapsed() < Duration::from_secs(60), "{} is not taken", name.display());
                std::thread::sleep(Duration::from_millis(1));
            }
            let (killed, said) = server.kill();
            assert!(killed, "{} at {point:?}: {said}", name.display());
            trial.kills += 1;
            trial.survived(&format!("watched {}, {point:?} {moment:?}", name.display()));
            assert_eq!(fs::read_dir(watched.join("failed")).map_or(0, Iterator::count), 0, "a good batch was refused");
            if processed.exists() {
                break;
            }
            assert!(cut < CUTS, "{} is not taken: {said}", name.display());
        }
    }
    assert_eq!(fs::read_dir(watched.join("processed")).expect("lists").count(), BATCHES);
    assert_eq!(fs::read_dir(watched.join("processing")).expect("lists").count(), 0);
    trial.ends_well();
    trial.kills
}

#[test]
fn killed_two_hundred_times_nothing_is_lost_and_nothing_counts_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let way = |name: &str| {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).expect("creates");
        folder
    };
    let (ingest, push, watch, kept) = (way("ingest"), way("push"), way("watch"), way("care"));
    let started = Instant::now();
    let kills = std::thread::scope(|scope| {
        let ways = [
            scope.spawn(|| by_ingest(&ingest)),
            scope.spawn(|| by_push(&push)),
            scope.spawn(|| by_watch(&watch)),
            scope.spawn(|| care::in_between(&kept)),
        ];
        ways.map(|way| way.join().expect("a way ends"))
    });
    assert!(kills[3] >= 30, "only {} of {kills:?} while facts left and files were compacted", kills[3]);
    eprintln!("killed {kills:?} times in {:.0?} (seed {SEED})", started.elapsed());
    assert!(kills.iter().sum::<usize>() >= 200, "only {kills:?} kills");
}
