//! Facts that are older than the window leave; what is left is what a workspace says that never had them.

use super::cuts::{cut, world};
use super::workspace::{kept, open, options, take};
use medring::engine::{Session, data_day, leaving, members};
use medring::model::{Day, Outcome, RowRef};
use medring::store::lineage::EventKind;
use medring::store::{Extent, Settings, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

static STOP: AtomicBool = AtomicBool::new(false);

/// Where the rows that are still replayed were read: file, row.
fn standing(workspace: &Workspace) -> BTreeMap<PathBuf, BTreeSet<u64>> {
    let mut origins: BTreeSet<RowRef> = BTreeSet::new();
    let every = &mut |_, batch: medring::model::Batch| {
        origins.extend(crate::store::origins(&batch));
        ControlFlow::Continue(())
    };
    workspace.replay(0, 10_000, every).unwrap();
    let mut rows: BTreeMap<PathBuf, BTreeSet<u64>> = BTreeMap::new();
    for said in workspace.sources_of(&origins).unwrap().into_values() {
        rows.entry(said.file.into()).or_default().insert(said.row);
    }
    rows
}

/// A batch with some of its rows only.
fn part(batch: &Path, into: &Path, rows: &BTreeMap<PathBuf, BTreeSet<u64>>) {
    fs::create_dir_all(into).unwrap();
    for entry in fs::read_dir(batch).unwrap() {
        let path = entry.unwrap().path();
        let to = into.join(path.file_name().unwrap());
        let Some(wanted) = rows.get(&path) else {
            if path.extension().is_some_and(|kind| kind == "toml") {
                fs::copy(&path, to).unwrap();
            }
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let (head, lines) = text.split_once('\n').unwrap();
        let stay = lines.lines().zip(1..).filter(|(_, number)| wanted.contains(number));
        let stay: Vec<&str> = stay.map(|(line, _)| line).collect();
        fs::write(to, format!("{head}\n{}\n", stay.join("\n"))).unwrap();
    }
}

#[test]
fn what_left_was_never_there() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 6);
    let batches = cut(&whole, &folder.path().join("cuts"), 4, 6);
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut session = open(&path, 1);
    for batch in &batches[..3] {
        take(&mut session, std::slice::from_ref(batch), &options());
    }
    let before_rings = kept(&path);
    let day = data_day(session.workspace()).unwrap().unwrap();
    let half = Day(day.0 - 30);
    let would = leaving(session.workspace(), half, &STOP).unwrap();
    assert!(would.rows.len() > 1_000 && !would.rings.is_empty(), "{} rows, {:?}", would.rows.len(), would.rings);

    let tallied = |session: &Session| {
        session.workspace().tallies(None).unwrap().iter().fold(0_u64, |sum, one| sum.wrapping_add(one.rows))
    };
    let rows = tallied(&session);
    let retired = session.retire(half, &STOP).unwrap();
    assert_eq!((retired.epoch, &retired.leaving), (Some(4), &would));
    assert_eq!(tallied(&session), rows, "what left is counted as retracted, nothing twice");
    let taken_back = session.workspace().tallies(Some(4)).unwrap();
    assert!(taken_back.iter().any(|tally| tally.outcome == Outcome::Retracted && tally.rows > 1_000));
    let ended = retired.events.iter().filter(|event| event.kind == EventKind::Dissolved);
    assert!(ended.count() > 0, "{:?}", retired.events);
    let again = session.retire(half, &STOP).unwrap();
    assert_eq!((again.epoch, again.leaving.rows.len(), again.changed), (None, 0, 0));

    // A workspace that is given only what stayed, batch by batch, says the same.
    let rows = standing(session.workspace());
    let other = folder.path().join("other");
    Workspace::create(&other).unwrap();
    let mut never = open(&other, 2);
    for (at, batch) in batches[..3].iter().enumerate() {
        let some = folder.path().join(format!("stays/{at}"));
        part(batch, &some, &rows);
        take(&mut never, &[some], &options());
    }
    assert_eq!(kept(&path), kept(&other));
    assert_ne!(kept(&path), before_rings);

    // What the rings cited then can still be looked up, also when the rest was dropped.
    let then = session.workspace().rings(Some(3)).unwrap();
    let cited: BTreeSet<RowRef> =
        then.iter().flat_map(|ring| &ring.finding.factors).flat_map(|factor| factor.facts.clone()).collect();
    let said =
        (session.workspace().sources_of(&cited).unwrap(), session.workspace().names(&cited, &members(&then)).unwrap());
    assert_eq!(said.0.len(), cited.len());
    let done = session.workspace_mut().compact().unwrap();
    assert!(done.dropped > 1_000 && done.bytes_after < done.bytes_before, "{done:?}");
    assert_eq!(
        (session.workspace().sources_of(&cited).unwrap(), session.workspace().names(&cited, &members(&then)).unwrap()),
        said
    );
    assert!(session.workspace().prepare_compaction(Extent::Whole).unwrap().is_none(), "nothing is left to do");
    assert_eq!(session.workspace().verify().unwrap(), []);

    // The next batch meets the same facts, in the river that goes on and in one that is replayed.
    let last = take(&mut session, &batches[3..], &options());
    take(&mut never, &batches[3..], &options());
    assert_eq!(kept(&path), kept(&other));
    drop(session);
    let mut session = open(&path, 2);
    session.warm(&STOP).unwrap();
    let ids =
        |rings: &[medring::model::Ring]| -> BTreeSet<String> { rings.iter().map(|ring| ring.id.clone()).collect() };
    assert_eq!(ids(&session.workspace().rings(None).unwrap()), ids(&last.rings));
    let late = session.retire(Day(half.0 + 1), &STOP).unwrap();
    assert!(late.epoch.is_some(), "the last batch brought old facts again");
}

#[test]
fn a_window_is_due_once_for_each_day_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 7);
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut session = open(&path, 1);
    let set = Settings { retention_days: Some(90), retention_dry_run: false };
    assert_eq!(session.retention_due(&set).unwrap(), None, "these data have no day yet");
    take(&mut session, &[whole], &options());
    assert_eq!(session.retention_due(&Settings::default()).unwrap(), None);
    let due = session.retention_due(&set).unwrap().expect("due");
    assert_eq!(due, Day(data_day(session.workspace()).unwrap().unwrap().0 - 90));
    session.retire(due, &STOP).unwrap();
    assert_eq!(session.retention_due(&set).unwrap(), None);
    let longer = Settings { retention_days: Some(60), ..set };
    assert_eq!(session.retention_due(&longer).unwrap(), Some(Day(due.0 + 30)));
}
