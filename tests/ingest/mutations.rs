//! Do readers stand any bytes? The seeds of the fuzz targets and what deterministic changes make of them go through the functions
//! that are fuzzed, so that every run of the tests is a short run of the fuzzer. `MEDRING_MUTATIONS=20000` makes it a longer one,
//! from another seed for each number; `tests/fuzz/README.md` says how to run the fuzzer itself.

use crate::fuzz::{ENTRIES, Entry};
use crate::store::dice::Dice;
use std::fs;
use std::path::{Path, PathBuf};

/// Changed inputs made of each seed; fewer where an input costs a server's commit.
const CHANGES: usize = 150;
const CHANGES_DEAR: usize = 15;
/// Longer inputs are cut: what a change does shows in the beginning.
const LENGTH: usize = 64 << 10;

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut seeds: Vec<(PathBuf, Vec<u8>)> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), fs::read(path).expect("reads")))
        .collect();
    seeds.sort();
    seeds
}

/// Bytes that mean something to one of the readers.
const WORDS: [&[u8]; 14] = [
    b"\"",
    b"\n",
    b",",
    b"\t",
    b"{",
    b"}",
    b"\\",
    b"\0",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"PAR1",
    b"9999999999999999999",
    b"\xff\xff\xff\xff",
    b"\x81\x30",
];

/// A seed with up to eight changes.
fn changed(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed[..seed.len().min(LENGTH)].to_vec();
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.next().to_le_bytes()[0],
            2 => bytes.truncate(at),
            3 => {
                let end = (at + dice.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + dice.below(300)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            5 => {
                let word = WORDS[dice.below(WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            _ => {
                let from = dice.below(other.len() + 1);
                let end = (from + dice.below(300)).min(other.len());
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
    }
    bytes
}

fn stands((target, entry): Entry, changes: usize) {
    let seeds = seeds(target);
    assert!(seeds.len() >= 3, "{target} has hardly any seeds");
    let asked = std::env::var("MEDRING_MUTATIONS").ok().and_then(|asked| asked.parse().ok());
    let changes = asked.unwrap_or(changes);
    let dice = &mut Dice(20_261_128 + asked.unwrap_or(0) as u64);
    for (path, seed) in &seeds {
        entry(seed);
        for change in 0..changes {
            let other = &seeds[dice.below(seeds.len())].1;
            let bytes = changed(seed, other, dice);
            let done = std::panic::catch_unwind(|| entry(&bytes));
            if let Err(panic) = done {
                let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{target}-found"));
                fs::write(&kept, &bytes).expect("written");
                eprintln!("{target}: change {change} of {} is kept as {}", path.display(), kept.display());
                std::panic::resume_unwind(panic);
            }
        }
    }
}

macro_rules! targets {
    ($($name:ident: $changes:expr;)*) => {
        $(#[test]
        fn $name() {
            let entry = ENTRIES.into_iter().find(|(target, _)| *target == stringify!($name)).expect("a target");
            stands(entry, $changes);
        })*

        #[test]
        fn every_target_is_among_them() {
            let tested = [$(stringify!($name)),*];
            for (target, _) in ENTRIES {
                assert!(tested.contains(&target), "{target}");
                let source = format!("tests/fuzz/fuzz_targets/{target}.rs");
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&source).is_file(), "{source}");
            }
        }
    };
}

targets! {
    delimited: CHANGES;
    json_lines: CHANGES;
    parquet: CHANGES;
    packed: CHANGES;
    archive: CHANGES;
    gb18030: CHANGES;
    manifest: CHANGES;
    segment: CHANGES;
    http: CHANGES_DEAR;
}
