//! How long until a batch is durable and its rings are published? A workspace on disk, taken through its session.
//!
//! A batch is a CSV file, as a push leaves it: visits that come, and visits sent again with `vali_flag` 0, which takes them back.
//! An epoch is measured from the file to the commit: read, written, worked out, judged, synced together with its rings. Beside
//! it stands what no engine can save: the same files taken by a workspace that works nothing out, and as many bytes
//! written and synced. Estimate: three syncs of 2 ms each and some inserts, 10 ms above the same batch in memory.

use super::claims::Claims;
use super::measure::{percentiles, spent};
use super::world::{Visit, World};
use super::{files, river, text};
use medring::engine::{AppendOptions, Appended, Session, Taken};
use medring::ingest::{self, ReadOptions};
use medring::model::Ring;
use medring::store::{Begin, Outcomes, Source, Workspace};
use medring::typology::{REPORT_SCORE_MIN, judge};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use tempfile::TempDir;

const DISK: &str = "the workspace takes what it is given";
/// Epochs before those that are measured.
const FIRST: u32 = 3;

/// Measures batches of 900 visits that come and 100 that go.
pub(crate) fn run(size: u64, batches: u32, say: &mut dyn FnMut(&str, f64)) {
    let (world, folder) = (World::new(size), folder());
    let mut claims = Claims::of(&world);
    load(&world, folder.path());
    let mut session = open(folder.path());
    let (begun, before) = (Instant::now(), spent());
    session.warm(&AtomicBool::new(false)).expect(DISK);
    say("replay_wall", begun.elapsed().as_secs_f64());
    say("replay_cpu", spent() - before);
    let (mut took, mut inputs, mut cpu) = (Vec::new(), Vec::new(), 0.0);
    for at in 0..FIRST + batches {
        let input = written(&world, &claims.come(900), &claims.go(100), &folder.path().join(at.to_string()));
        let (begun, before) = (Instant::now(), spent());
        append(&mut session, &input);
        if at >= FIRST {
            took.push(begun.elapsed().as_secs_f64());
            cpu += spent() - before;
            inputs.push(input);
        }
    }
    percentiles("durable", took, say);
    say("durable_cpu", cpu * 1_000.0 / f64::from(batches.max(1)));
    drop(session);
    percentiles("stored", kept_only(&folder.path().join("kept"), &inputs), say);
    percentiles("synced", synced_only(&folder.path().join("bytes"), &inputs), say);
}

/// On a disk rather than in memory, as the temporary folder may be.
fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect(DISK)
}

/// A new workspace with the whole world as its first epoch.
fn load(world: &World, folder: &Path) {
    Workspace::create(&folder.join("workspace")).expect(DISK);
    files::bulk(world, &folder.join("tables")).expect(DISK);
    append(&mut open(folder), &folder.join("tables/setl_d.parquet"));
}

fn open(folder: &Path) -> Session {
    Session::open(&folder.join("workspace"), 1, judge, REPORT_SCORE_MIN).expect(DISK)
}

/// A batch as a file in a folder of its own.
fn written(world: &World, come: &[(u64, Visit)], go: &[(u64, Visit)], folder: &Path) -> PathBuf {
    let path = folder.join("setl_d.csv");
    std::fs::create_dir(folder).and_then(|()| text::batch(world, come, go, &path)).expect(DISK);
    path
}

fn append(session: &mut Session, input: &Path) -> Box<Taken> {
    match session.append(&[input.to_owned()], &AppendOptions::default()).expect(DISK) {
        Appended::Taken(taken) => taken,
        Appended::Already { .. } => unreachable!("every batch has rows of its own"),
    }
}

/// Seconds of each batch where it is read, written and committed, and nothing is worked out.
fn kept_only(path: &Path, inputs: &[PathBuf]) -> Vec<f64> {
    Workspace::create(path).expect(DISK);
    let mut workspace = Workspace::open(path).expect(DISK);
    let read = ReadOptions { keep_names: true, ..ReadOptions::default() };
    let one = |input: &PathBuf| {
        let begun = Instant::now();
        let source = ingest::Source::open(std::slice::from_ref(input)).expect(DISK);
        let Begin::New(mut pending) = workspace.begin(None).expect(DISK) else { unreachable!("it has no name") };
        let files = BTreeMap::from([(0, input.display().to_string())]);
        let said = Source { dataset: "bench".to_owned(), files };
        let each = &mut |batch| {
            pending.append(batch, &said).expect(DISK);
            ControlFlow::Continue(())
        };
        source.read(&read, each).expect(DISK);
        workspace.commit(*pending, &Outcomes::default()).expect(DISK);
        begun.elapsed().as_secs_f64()
    };
    inputs.iter().map(one).collect()
}

/// Seconds of each batch where its bytes are written to a file and synced.
fn synced_only(path: &Path, inputs: &[PathBuf]) -> Vec<f64> {
    let one = |(at, input): (usize, &PathBuf)| {
        let bytes = std::fs::read(input)?;
        let begun = Instant::now();
        let mut file = File::create(path.with_extension(at.to_string()))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        Ok(begun.elapsed().as_secs_f64())
    };
    inputs.iter().enumerate().map(one).collect::<std::io::Result<_>>().expect(DISK)
}

/// What the workspace publishes after batches is what a fresh river says of the rows that stand.
pub(crate) fn check(world: &World) {
    let folder = folder();
    let mut claims = Claims::of(world);
    load(world, folder.path());
    let mut session = open(folder.path());
    let mut rings: Vec<Ring> = Vec::new();
    for at in 0..5 {
        let input = written(world, &claims.come(200), &claims.go(150), &folder.path().join(at.to_string()));
        rings = append(&mut session, &input).rings;
    }
    let published = rings.into_iter().map(|ring| (ring.finding.members, ring.finding.score)).collect();
    let fresh = river::reported(&claims);
    assert!(!fresh.is_empty(), "the small world has rings to publish");
    assert_eq!(fresh, published);
}
