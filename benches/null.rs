//! How many rings does chance alone give? Worlds without rings, with dates shuffled within institution, month, home area and kind
//! of care: every honest habit stays, only togetherness is lost.
//!
//! `cargo bench --profile release --bench null -- 10` runs ten worlds and prints the calibration; with `--write` it becomes
//! `src/engine/calibration.json`. `--check` runs one small world and checks that shuffling keeps every person's count of visits.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use medring::engine::{Calibration, Cluster, River, Standing, references, settings};
use medring::flow::Stage;
use medring::ingest::{ReadOptions, Source};
use medring::model::{Batch, Day, Party, Row, Settlement, Stamp};
use medring::synth::{Parameters, generate};
use medring::typology;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let check = words.iter().any(|word| word == "--check");
    let worlds: u64 = if check { 1 } else { words.iter().find_map(|word| word.parse().ok()).unwrap_or(3) };
    let mut calibration = Calibration { source: String::new(), persons: 0, scores: Vec::new() };
    for seed in 0..worlds {
        let (persons, scores) = null_world(9_000 + seed, if check { "demo" } else { "clean" });
        println!("world {seed}: {persons} persons, {} findings, best {:?}", scores.len(), scores.iter().max());
        calibration.persons += persons;
        calibration.scores.extend(scores);
    }
    calibration.scores.sort_unstable_by(|left, right| right.cmp(left));
    calibration.source = format!(
        "{worlds} made-up worlds without rings, dates shuffled within institution, month, home area and kind of care"
    );
    let text = serde_json::to_string(&calibration).expect("plain numbers");
    println!("{text}");
    if words.iter().any(|word| word == "--write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engine/calibration.json");
        std::fs::write(file, text + "\n").expect("the repository can be written");
    }
}

/// Persons and the scores of all findings of a world in which only chance is left.
fn null_world(seed: u64, preset: &str) -> (u64, Vec<i32>) {
    let folder = tempfile::tempdir().expect("a folder for a world");
    let parameters = Parameters { rings: 0, ..Parameters::preset(preset, seed).expect("a preset") };
    generate(&parameters, folder.path()).expect("a world");
    let source = Source::open(&[folder.path().to_owned()]).expect("tables");
    let known = references(&source).expect("references");
    let river = River::start(&Cluster::local(2), settings(&known, typology::judge, Stage::load())).expect("workers");
    let mut settlements: Vec<Row<Settlement>> = Vec::new();
    let read = source.read(&ReadOptions::default(), &mut |mut batch| {
        settlements.append(&mut batch.settlements);
        river.feed(batch, 1).expect("workers");
        ControlFlow::Continue(())
    });
    read.expect("a world that can be read");
    let before = visits(&settlements);
    shuffle(&mut settlements, seed);
    assert_eq!(before, visits(&settlements), "shuffling dates must keep who went where how often");
    river.feed(Batch { settlements, ..Batch::default() }, 1).expect("workers");
    let (mut answer, _) = river.open(1).expect("workers");
    let mut standing = Standing::default();
    standing.apply(&mut answer);
    let scores = standing.found().map(|found| found.finding.score).collect();
    (u64::try_from(answer.persons).unwrap_or(0), scores)
}

fn visits(rows: &[Row<Settlement>]) -> BTreeMap<(Party, Party), usize> {
    let mut visits = BTreeMap::new();
    rows.iter().for_each(|row| *visits.entry((row.fact.person, row.fact.place)).or_default() += 1);
    visits
}

/// Exchanges begin days among the settlements of one institution, month, home area and kind of care.
fn shuffle(rows: &mut [Row<Settlement>], seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut alike: BTreeMap<(Party, i32, u32, u8), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.fact.refund) {
        let fact = &row.fact;
        alike.entry((fact.place, fact.begin.month(), fact.home, fact.class as u8)).or_default().push(at);
    }
    for places in alike.values() {
        let mut times: Vec<(Day, i64)> =
            places.iter().map(|at| (rows[*at].fact.begin, rows[*at].fact.settled.second_of_day())).collect();
        times.shuffle(&mut random);
        for (at, (day, second)) in places.iter().zip(times) {
            let fact = &mut rows[*at].fact;
            let days = day.since(fact.begin);
            fact.begin = day;
            fact.end = Day(fact.end.0 + days);
            fact.settled = Stamp(Stamp::midnight(Day(fact.settled.day().0 + days)).0 + second);
        }
    }
}
