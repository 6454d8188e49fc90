//! How fast does the workspace take and give back settlements, and what does compaction gain?
//! `cargo bench --bench store -- ROWS [DAYS]` (default 1,000,000 rows, and 400 days of 250 settlements with visits, diagnoses
//! and fee lines).
//!
//! Estimate before measuring: about 300 bytes a row as columns, half of it hashes that do not compress; 1 M rows are
//! 150 MB on disk, so writing is bound by encoding (about 1 µs a row on one core) and reading by decoding (0.3 µs).
//! A file costs some 5 KB and a tenth of a millisecond however few rows it holds: four tables of 400 days are 1,600 files.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use medring::model::{
    Batch, CareClass, Day, Diagnosis, FeeLine, Party, PartyKind, Row, RowRef, Settlement, Stamp, Table, Visit,
    hash_words,
};
use medring::store::{Begin, Outcomes, Source, StoreError, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS_PER_BATCH: u64 = 100_000;

fn main() -> Result<(), StoreError> {
    let mut numbers = std::env::args().filter_map(|word| word.parse().ok());
    let (rows, days) = (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(400));
    daily(days)?;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("workspace");
    Workspace::create(&path)?;
    let source = Source { dataset: "bench".to_owned(), files: BTreeMap::from([(0, "setl_d.csv".to_owned())]) };
    let batches: Vec<Batch> = (0..rows).step_by(100_000).map(|from| settlements(from, rows)).collect();

    let mut store = Workspace::open(&path)?;
    let start = Instant::now();
    let Begin::New(mut pending) = store.begin(None)? else { unreachable!("a new workspace has no batch") };
    let mut numbered = Vec::new();
    for batch in batches {
        numbered.push(pending.append(batch, &source)?);
    }
    report("append", rows, start);
    let start = Instant::now();
    store.commit(*pending, &Outcomes::default())?;
    report("commit", rows, start);

    let start = Instant::now();
    let mut at = 0;
    let equal = &mut |_, batch: Batch| {
        at += batch.rows() as u64;
        ControlFlow::Continue(())
    };
    store.replay(0, 65_536, equal)?;
    report("replay", at, start);
    assert_eq!(at, rows);
    let mut again = Vec::new();
    store.replay(0, 65_536, &mut |_, batch| {
        again.extend(batch.settlements);
        ControlFlow::Continue(())
    })?;
    assert!(again.iter().eq(numbered.iter().flat_map(|batch| &batch.settlements)), "replay gives what was appended");

    let some: BTreeSet<RowRef> = again.iter().step_by(again.len().div_ceil(500)).map(|row| row.origin).collect();
    let start = Instant::now();
    let names = store.names(&some, &BTreeSet::new())?;
    report("names of rows", some.len() as u64, start);
    assert_eq!(names.rows.len(), some.len());
    let bytes: u64 = store.segments(0)?.iter().map(|segment| segment.bytes).sum();
    println!("{:>14}  {:.1} bytes a row", "segments", bytes as f64 / rows as f64);
    let start = Instant::now();
    assert!(store.verify()?.is_empty());
    report("verify", rows, start);
    for epoch in [1_000, 1_000, 1_000] {
        let start = Instant::now();
        let Begin::New(mut pending) = store.begin(None)? else { unreachable!("it has no id") };
        pending.append(settlements(rows, rows + epoch), &source)?;
        store.commit(*pending, &Outcomes::default())?;
        report("small epoch", epoch, start);
    }
    Ok(())
}

/// Files, bytes and the time to open and replay, before and after compaction of so many daily batches.
fn daily(days: u64) -> Result<(), StoreError> {
    const A_DAY: u64 = 250;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("workspace");
    Workspace::create(&path)?;
    let source = Source { dataset: "bench".to_owned(), files: BTreeMap::from([(0, "day".to_owned())]) };
    let mut store = Workspace::open(&path)?;
    for day in 0..days {
        let Begin::New(mut pending) = store.begin(None)? else { unreachable!("it has no id") };
        pending.append(with_visits(settlements(day * A_DAY, (day + 1) * A_DAY)), &source)?;
        store.commit(*pending, &Outcomes::default())?;
    }
    drop(store);
    let look = |what: &str| -> Result<Vec<(u64, u64)>, StoreError> {
        let start = Instant::now();
        let store = Workspace::open(&path)?;
        let opened = start.elapsed();
        let mut rows: Vec<(u64, u64)> = Vec::new();
        store.replay(0, 65_536, &mut |epoch, batch| {
            let keys = batch.settlements.iter().map(|row| row.key).chain(batch.fee_lines.iter().map(|row| row.key));
            rows.extend(keys.map(|key| (epoch, key)));
            ControlFlow::Continue(())
        })?;
        let (ready, segments) = (start.elapsed(), store.segments(0)?);
        let bytes: u64 = segments.iter().map(|segment| segment.bytes).sum();
        let (opened, ready) = (opened.as_secs_f64() * 1e3, ready.as_secs_f64() * 1e3);
        println!(
            "{what:>14}  {} files, {bytes} bytes, open {opened:.1} ms, open and replay {ready:.1} ms",
            segments.len()
        );
        Ok(rows)
    };
    let before = look("days apart")?;
    let start = Instant::now();
    let done = Workspace::open(&path)?.compact()?;
    println!(
        "{:>14}  {} files became {} in {:.2} s",
        "compaction",
        done.replaced,
        done.written,
        start.elapsed().as_secs_f64()
    );
    assert!(look("compacted")? == before, "compaction changes what is replayed");
    Ok(())
}

/// Settlements with the visits, diagnoses and fee lines that belong to them.
fn with_visits(mut batch: Batch) -> Batch {
    let of = |table: Table, row: &Row<Settlement>| RowRef::new(table, 0, row.origin.row());
    for row in &batch.settlements {
        let Settlement { person, visit, place, .. } = row.fact;
        let begin = Stamp::midnight(row.fact.begin);
        let (key, version, content, live) = (row.key, row.version, row.content, true);
        let fact = Visit { person, place, id: visit, begin, end: begin, ..Visit::default() };
        batch.visits.push(Row { key, version, content, live, origin: of(Table::MdtrtD, row), fact });
        let fact = Diagnosis { person, visit, code: row.fact.diagnosis, main: true, order: 1 };
        batch.diagnoses.push(Row { key, version, content, live, origin: of(Table::SetlDiagListD, row), fact });
        let fact = FeeLine { person, visit, amount_fen: row.fact.total_fen, at: begin, ..FeeLine::default() };
        batch.fee_lines.push(Row { key, version, content, live, origin: of(Table::FeeListD, row), fact });
    }
    batch
}

fn report(what: &str, rows: u64, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what:>14}  {rows} rows in {seconds:.3} s, {:.2} M/s", rows as f64 / seconds / 1e6);
}

/// Settlements as a county has them: every person comes a few times a year, hashes look like noise, money varies.
fn settlements(from: u64, until: u64) -> Batch {
    let mut batch = Batch::default();
    for number in from..until.min(from + ROWS_PER_BATCH) {
        let noise = hash_words(&[number]);
        let pick = |among: u64, salt: u64| hash_words(&[noise, salt]) % among;
        let person = format!("3401{:014}", pick(300_000, 1));
        let origin = RowRef::new(Table::SetlD, 0, number + 1);
        let begin = Day(19_000 + i32::try_from(number / 3_000 % 700).unwrap_or(0));
        let total_fen = 3_000 + pick(200_000, 2).cast_signed();
        let fact = Settlement {
            person: Party::of(PartyKind::Person, &person),
            place: Party::of(PartyKind::Institution, &pick(400, 3).to_string()),
            id: noise,
            visit: hash_words(&[noise, 9]),
            doctor: Party::of(PartyKind::Doctor, &pick(6_000, 4).to_string()),
            settled: Stamp(Stamp::midnight(begin).0 + pick(86_400, 5).cast_signed()),
            total_fen,
            fund_fen: total_fen / 10 * 7,
            cash_fen: total_fen - total_fen / 10 * 7,
            account_fen: i64::MIN,
            begin,
            end: begin,
            home: 340_100 + u32::try_from(pick(9, 6)).unwrap_or(0),
            area: 340_100 + u32::try_from(pick(9, 7)).unwrap_or(0),
            till: u32::try_from(pick(2_000, 8)).unwrap_or(0),
            diagnosis: u32::try_from(pick(900, 10)).unwrap_or(0),
            class: CareClass::Outpatient,
            card: 1,
            settled_by: 2,
            ..Settlement::default()
        };
        batch.names.rows.insert(origin, format!("setl_d:34010020240{number:012}"));
        batch.names.parties.insert(fact.person, person);
        let version = fact.settled;
        batch.settlements.push(Row { key: noise, version, content: noise ^ 1, origin, live: true, fact });
    }
    batch
}
