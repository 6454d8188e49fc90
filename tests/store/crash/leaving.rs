//! Do facts leave a workspace that three processes maintain as they leave one of a single process, also when a process is killed
//! in the middle of it?

use super::cluster::{Cluster, signal};
use super::{BATCHES, SEED, Trial, care, child, done, text};
use std::path::Path;

/// The windows, one after the other: each is narrower, so that facts leave at the start, before any batch, as well.
const WINDOWS: [u32; 4] = [150, 110, 70, 40];
/// Where the first process is killed under each window, while facts leave.
const POINTS: [&str; WINDOWS.len()] = ["retiring:1", "database-commit:1", "retiring:1", "committed:1"];

/// Starts all processes, which let facts leave by themselves, and kills one: the first at a place, another at a moment drawn by
/// chance.
fn one_is_killed(trial: &mut Trial, batch: usize, victim: usize, point: Option<&str>) {
    let cluster = Cluster::start(&trial.folder, &trial.workspace, point);
    let (id, key) = (cluster.ids()[victim], format!("batch-{batch:02}"));
    let (address, folder, sent) = (cluster.first.address.clone(), trial.batches[batch].clone(), key.clone());
    let pushing = std::thread::spawn(move || child::send(&address?, &folder, &sent));
    if point.is_none() {
        std::thread::sleep(trial.moment());
        signal(id, "-KILL");
    }
    if matches!(pushing.join().expect("pushes"), Some(200 | 201)) {
        trial.acknowledged.insert(key);
    }
    cluster.falls_together(victim);
    trial.kills += 1;
    trial.kept(&format!("process {victim} killed at {point:?}"));
}

/// The day before which facts left with a batch of this name.
fn day(name: &str) -> Option<&str> {
    Some(name.strip_prefix("retention-")?.rsplit_once('-')?.0)
}

#[test]
fn facts_leave_three_processes_as_they_leave_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut trial = Trial::new(folder.path(), SEED + 7);
    let all: Vec<usize> = (0..BATCHES).collect();
    let parts = all.chunks(BATCHES.div_ceil(WINDOWS.len()));
    for ((window, point), some) in WINDOWS.into_iter().zip(POINTS).zip(parts) {
        let settings = Path::new(&trial.workspace).join("medring.toml");
        std::fs::write(settings, format!("retention_days = {window}\n")).expect("writes");
        one_is_killed(&mut trial, some[0], 0, Some(point));
        one_is_killed(&mut trial, some[0], 1, None);
        one_is_killed(&mut trial, some[0], 2, None);
        Cluster::start(&trial.folder, &trial.workspace, None).takes(&mut trial, some);
    }
    let together = trial.kept("at the end");
    assert!(together.rows_gone().expect("counts") > 100);
    // One process that takes the same batches and lets facts leave for the same days says the same of every epoch.
    let alone = text(&folder.path().join("alone"));
    done(&["init", &alone]);
    let epochs = together.epochs().expect("epochs");
    let mut left = 0;
    for epoch in &epochs {
        let name = epoch.batch_id.as_deref().expect("a name");
        if let Some(before) = day(name) {
            left += 1;
            done(&["db", "retain", &alone, "--before", before, "--workers", "1"]);
            continue;
        }
        let batch = text(&trial.folder.join("sent").join(name));
        let words = ["ingest", "run", "--workspace", &alone, &batch, "--batch-id", name, "--max-reject", "100"];
        done(&[&words[..], &["--workers", "1"]].concat());
    }
    assert_eq!(epochs.len(), BATCHES + left);
    assert!(left >= WINDOWS.len(), "facts left {left} times only");
    let at = |epoch: u64| epochs.iter().find(|entry| entry.epoch == epoch).and_then(|entry| entry.batch_id.as_deref());
    let said = care::says(&trial.workspace);
    assert!(
        said.2.iter().any(|(epoch, _)| at(*epoch).is_some_and(|name| day(name).is_some())),
        "no ring lost anything"
    );
    assert_eq!(said, care::says(&alone));
}
