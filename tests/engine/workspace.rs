//! A workspace that was given a world in batches knows the rings that one look at the whole world finds.

use super::cuts::{cut, daily, world};
use medring::engine::{
    AppendOptions, Appended, Calibration, Cluster, Count, DetectOptions, EngineError, Session, Taken, book_of, detect,
    members,
};
use medring::ingest::{Progress, Source};
use medring::model::{Outcome, Reason, Ring, RowRef, Table};
use medring::report::ring_line;
use medring::store::Workspace;
use medring::typology::{REPORT_SCORE_MIN, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn open(path: &Path, workers: usize) -> Session {
    Session::open(path, workers, judge, REPORT_SCORE_MIN).unwrap()
}

/// Rows are cut by chance, so a small table may be bad by a larger part.
pub(super) fn options() -> AppendOptions {
    AppendOptions { reject_percent_max: 100.0, ..AppendOptions::default() }
}

pub(super) fn take(session: &mut Session, inputs: &[PathBuf], options: &AppendOptions) -> Taken {
    match session.append(inputs, options).unwrap() {
        Appended::Taken(taken) => *taken,
        Appended::Already { epoch, .. } => panic!("already in, epoch {epoch}"),
    }
}

/// What the rings say, but for their ids: those depend on the past.
fn without_id(mut ring: Ring, line: impl Fn(&Ring) -> String) -> String {
    ring.id.clear();
    line(&ring)
}

fn at_once(folder: &Path) -> Vec<String> {
    let source = Source::open(&[folder.to_owned()]).unwrap();
    let options = DetectOptions {
        cluster: Cluster::local(2),
        all: false,
        score_min: REPORT_SCORE_MIN,
        baselines: None,
        calibration: Calibration::shipped(),
        reject_dir: None,
        progress: Progress::Off,
        stop: Arc::default(),
    };
    let detected = detect(&source, &options, judge).unwrap();
    let line = |ring: &Ring| ring_line(ring, &detected.names, &detected.references);
    detected.rings.iter().cloned().map(|ring| without_id(ring, line)).collect()
}

pub(super) fn kept(path: &Path) -> Vec<String> {
    let workspace = Workspace::open_reader(path).unwrap();
    let rings = workspace.rings(None).unwrap();
    let factors = rings.iter().flat_map(|ring| &ring.finding.factors);
    let rows: BTreeSet<RowRef> = factors.flat_map(|factor| factor.facts.iter().copied()).collect();
    let names = workspace.names(&rows, &members(&rings)).unwrap();
    let references = book_of(&workspace).unwrap().references();
    let line = |ring: &Ring| ring_line(ring, &names, &references);
    rings.iter().cloned().map(|ring| without_id(ring, line)).collect()
}

#[test]
fn any_cut_in_any_order_gives_the_rings_of_the_whole() {
    for (seed, batches) in [(1, 1), (2, 3), (3, 5)] {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("world");
        world(&whole, seed);
        let expected = at_once(&whole);
        assert!(expected.len() >= 2, "seed {seed}: the world is too tame to test anything");
        let path = folder.path().join("ws");
        Workspace::create(&path).unwrap();
        let mut session = open(&path, 1);
        for (at, batch) in cut(&whole, &folder.path().join("cuts"), batches, seed).into_iter().enumerate() {
            let taken = take(&mut session, &[batch], &options());
            for (table, read) in &taken.read.tables {
                let ends: i64 = taken.counts.iter().filter(|count| count.table == *table).map(|count| count.rows).sum();
                assert_eq!(u64::try_from(ends), Ok(read.read), "seed {seed}, batch {at}, {}", table.name());
            }
            if at % 2 == 1 {
                drop(session);
                session = open(&path, 2);
            }
        }
        assert_eq!(kept(&path), expected, "seed {seed}");
        assert!(session.workspace().verify().unwrap().is_empty(), "seed {seed}: the workspace is damaged");
    }
}

#[test]
fn four_hundred_daily_batches_with_late_rows_give_the_rings_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 7);
    let expected = at_once(&whole);
    assert!(expected.len() >= 2, "the world is too tame to test anything");
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut session = open(&path, 1);
    let mut changed = 0;
    for batch in daily(&whole, &folder.path().join("days"), 400, 7) {
        changed += usize::from(take(&mut session, &[batch], &options()).changed > 0);
    }
    assert_eq!((session.workspace().epoch(), kept(&path)), (400, expected));
    assert!(changed > 10, "rings grow over the days, not at once: {changed} batches changed any");
}

/// What became of all rows, summed over batches or at once, without what came to nothing.
fn totals<'c>(counts: impl Iterator<Item = &'c Count>) -> BTreeMap<(Table, Outcome, Option<Reason>), i64> {
    let mut sums = BTreeMap::new();
    counts.for_each(|count| *sums.entry((count.table, count.outcome, count.reason)).or_default() += count.rows);
    sums.retain(|_, rows| *rows != 0);
    sums
}

#[test]
fn a_row_waits_for_its_region_and_is_taken_in_when_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 6);
    let regions = std::fs::read_to_string(whole.join("admdvs_b.csv")).unwrap();
    // One region that people live in never arrives.
    let (head, rows) = regions.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let settlements = std::fs::read_to_string(whole.join("setl_d.csv")).unwrap();
    let lived_in = |row: &&&str| settlements.contains(&format!(",{},", row.split(',').next().unwrap()));
    let missing = *rows.iter().rev().find(lived_in).expect("somebody lives somewhere");
    let rows: Vec<&str> = rows.into_iter().filter(|row| *row != missing).collect();
    std::fs::write(whole.join("admdvs_b.csv"), format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    let expected = at_once(&whole);
    assert!(!expected.is_empty(), "the world is too tame to test anything");

    let facts = folder.path().join("facts");
    std::fs::create_dir(&facts).unwrap();
    for entry in
        std::fs::read_dir(&whole).unwrap().map(Result::unwrap).filter(|entry| entry.file_name() != "admdvs_b.csv")
    {
        std::fs::copy(entry.path(), facts.join(entry.file_name())).unwrap();
    }
    let part = |name: &str, rows: &[&str]| {
        let into = folder.path().join(name);
        std::fs::create_dir(&into).unwrap();
        std::fs::write(into.join("admdvs_b.csv"), format!("{head}\n{}\n", rows.join("\n"))).unwrap();
        into
    };
    let (few, rest) = (part("few", &rows[..3]), part("rest", &rows[3..]));
    let all_at_once = totals(take(&mut fresh(&folder, "once"), &[whole], &strict()).counts.iter());
    let waits = |sums: &BTreeMap<(Table, Outcome, Option<Reason>), i64>| {
        sums.get(&(Table::SetlD, Outcome::Quarantined, Some(Reason::E05))).copied().unwrap_or(0)
    };
    assert!(waits(&all_at_once) > 0, "nobody lives in the region that is missing: {all_at_once:?}");
    for (name, order) in
        [("late", [&facts, &few, &rest]), ("early", [&few, &facts, &rest]), ("between", [&rest, &facts, &few])]
    {
        for warm in [true, false] {
            let name = format!("{name}-{warm}");
            let mut session = fresh(&folder, &name);
            let mut counts: Vec<Count> = Vec::new();
            for batch in order {
                // Rows that wait are kept: a batch is not refused because of them.
                counts.extend(take(&mut session, std::slice::from_ref(batch), &strict()).counts);
                if !warm {
                    drop(session);
                    session = open(&folder.path().join(&name), 2);
                }
            }
            assert_eq!(totals(counts.iter()), all_at_once, "{name}");
            assert_eq!(kept(&folder.path().join(&name)), expected, "{name}");
        }
    }
}

/// As a user would: five per cent of a table may be set aside.
fn strict() -> AppendOptions {
    AppendOptions::default()
}

fn fresh(folder: &tempfile::TempDir, name: &str) -> Session {
    let path = folder.path().join(name);
    Workspace::create(&path).unwrap();
    open(&path, 1)
}

#[test]
fn a_batch_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 4);
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut session = open(&path, 1);
    let first = take(&mut session, std::slice::from_ref(&whole), &options());
    assert_eq!((first.epoch, first.rings.is_empty()), (1, false));

    let moved = folder.path().join("moved");
    std::fs::rename(&whole, &moved).unwrap();
    let again = session.append(std::slice::from_ref(&moved), &options()).unwrap();
    assert!(matches!(again, Appended::Already { epoch: 1, .. }), "{again:?}");

    let renamed = AppendOptions { batch_id: Some("again".to_owned()), ..options() };
    let second = take(&mut session, &[moved], &renamed);
    assert_eq!(second.rings, first.rings);
    assert_eq!((second.epoch, second.changed, second.events.len()), (2, 0, 0));
    let accepted = second.counts.iter().filter(|count| count.outcome == Outcome::Accepted);
    let flowing = accepted.filter(|count| second.read.tables[&count.table].counted_only || count.rows > 0);
    let names: Vec<&str> = flowing.map(|count| count.table.name()).collect();
    assert_eq!(names, ["fixmedins_b", "dr_b", "admdvs_b"], "only references are counted as accepted twice");
}

#[test]
fn what_was_not_committed_was_never_there() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole, 5);
    let parts = cut(&whole, &folder.path().join("cuts"), 2, 5);
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut session = open(&path, 1);
    take(&mut session, &parts[..1], &options());
    let before = kept(&path);

    let dry = take(&mut session, &parts[1..], &AppendOptions { dry_run: true, ..options() });
    assert_eq!(dry.epoch, 2);
    let stopped = AppendOptions { stop: Arc::new(AtomicBool::new(true)), ..options() };
    assert!(session.append(&parts[1..], &stopped).is_err());
    let strict = AppendOptions { reject_percent_max: -1.0, ..options() };
    let refused = session.append(&parts[1..], &strict);
    assert!(matches!(refused, Err(EngineError::Rejected { .. })));
    assert_eq!((session.workspace().epoch(), kept(&path)), (1, before));

    let taken = take(&mut session, &parts[1..], &options());
    assert_eq!((taken.epoch, taken.rings), (2, dry.rings));
    assert_eq!(kept(&path), at_once(&whole));
}
