//! How many rings does chance alone give? Worlds without rings, with dates shuffled within institution, month, home area and kind
//! of care: every honest habit stays, only togetherness is lost.
//!
//! `cargo bench --profile release --bench null -- 10` runs ten worlds and prints the calibration; with `--write` it becomes
//! `src/engine/calibration.json`. `--check` runs one small world twice and checks that the scores are the same.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use medring::engine::{Calibration, NullOptions, calibrate};
use medring::ingest::{Progress, Source};
use medring::synth::{Parameters, generate};
use medring::typology;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--check") {
        let (once, again) = (null_world(9_000, "demo"), null_world(9_000, "demo"));
        assert_eq!(once, again, "the same world and seed give the same scores");
        println!("self-check: {} persons, {} findings, the same twice", once.persons, once.scores.len());
        return;
    }
    let worlds: u64 = words.iter().find_map(|word| word.parse().ok()).unwrap_or(3);
    let mut all = Calibration::default();
    for seed in 9_000..9_000 + worlds {
        let one = null_world(seed, "clean");
        println!("seed {seed}: {} persons, {} findings, best {:?}", one.persons, one.scores.len(), one.scores.first());
        all.persons += one.persons;
        all.scores.extend(one.scores);
    }
    all.scores.sort_unstable_by(|left, right| right.cmp(left));
    all.source = format!(
        "{worlds} made-up worlds without rings, dates shuffled within institution, month, home area and kind of care"
    );
    let text = serde_json::to_string(&all).expect("plain numbers");
    println!("{text}");
    if words.iter().any(|word| word == "--write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engine/calibration.json");
        std::fs::write(file, text + "\n").expect("the repository can be written");
    }
}

/// A world in which only chance is left.
fn null_world(seed: u64, preset: &str) -> Calibration {
    let folder = tempfile::tempdir().expect("a folder for a world");
    let parameters = Parameters { rings: 0, ..Parameters::preset(preset, seed).expect("a preset") };
    generate(&parameters, folder.path()).expect("a world");
    let source = Source::open(&[folder.path().to_owned()]).expect("tables");
    let options = NullOptions { workers: 2, rounds: 1, seed, progress: Progress::Off, stop: Default::default() };
    calibrate(&source, &options, typology::judge, &mut |_, _| ()).expect("a world that can be read")
}
