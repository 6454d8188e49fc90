//! How is a world cut into batches? Every row goes to one of them, in any order; nothing is left out.

use medring::synth::{Parameters, generate};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A small world with rings of all kinds, corrections, reversals and repeated rows.
pub(super) fn world(folder: &Path, seed: u64) {
    let parameters = Parameters::preset("demo", seed).unwrap().with_persons(4_000);
    generate(&parameters, folder).unwrap();
    fs::remove_file(folder.join("labels.csv")).unwrap();
}

/// The same rows in so many folders, shuffled, in an order drawn from the seed: those of the references too.
pub(super) fn cut(world: &Path, into: &Path, batches: usize, seed: u64) -> Vec<PathBuf> {
    dealt(world, into, batches, seed, |_, _, random| random.random_range(0..batches))
}

/// The same rows in so many folders in the order of their days, a tenth of them late by up to nine batches; references in the first,
/// since each change of them replays a workspace, and others without a visit, identifiers above all, at any time.
pub(super) fn daily(world: &Path, into: &Path, batches: usize, seed: u64) -> Vec<PathBuf> {
    let due = due(world, batches);
    dealt(world, into, batches, seed, |table, [head, row], random| {
        match field(head, row, "mdtrt_id").and_then(|id| due.get(id)) {
            Some(due) if random.random_ratio(1, 10) => (due + random.random_range(1..10)).min(batches - 1),
            Some(due) => *due,
            None if matches!(table, "fixmedins_b" | "admdvs_b" | "dr_b") => 0,
            None => random.random_range(0..batches),
        }
    })
}

/// Which of so many batches each visit is due in: the days of settlement, the last one of each visit, cut evenly.
fn due(world: &Path, batches: usize) -> BTreeMap<String, usize> {
    let text = fs::read_to_string(world.join("setl_d.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let settled = |row| Some((field(head, row, "mdtrt_id")?.to_owned(), field(head, row, "setl_time")?.get(..10)?));
    let of: BTreeMap<String, &str> = rows.lines().filter_map(settled).collect();
    let days: BTreeSet<&str> = of.values().copied().collect();
    let rank: BTreeMap<&str, usize> = days.iter().enumerate().map(|(at, day)| (*day, at)).collect();
    of.into_iter().map(|(visit, day)| (visit, rank[day] * batches / days.len())).collect()
}

/// The value of a row in a column, given the head of its table.
fn field<'r>(head: &str, row: &'r str, column: &str) -> Option<&'r str> {
    head.split(',').position(|name| name == column).and_then(|at| row.split(',').nth(at))
}

/// The rows in so many folders, shuffled, each in the one that `part` says, given the name and the head of its table and the row.
fn dealt(
    world: &Path,
    into: &Path,
    batches: usize,
    seed: u64,
    part: impl Fn(&str, [&str; 2], &mut ChaCha8Rng) -> usize,
) -> Vec<PathBuf> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let folders: Vec<PathBuf> = (0..batches).map(|at| into.join(at.to_string())).collect();
    let mut tables: Vec<PathBuf> = fs::read_dir(world).unwrap().map(|entry| entry.unwrap().path()).collect();
    tables.sort();
    for folder in &folders {
        fs::create_dir_all(folder).unwrap();
        fs::copy(world.join("dataset.toml"), folder.join("dataset.toml")).unwrap();
    }
    for table in tables.iter().filter(|path| path.extension().is_some_and(|kind| kind == "csv")) {
        let text = fs::read_to_string(table).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.shuffle(&mut random);
        let (name, stem) = (table.file_name().unwrap(), table.file_stem().unwrap().to_str().unwrap());
        let mut parts = vec![String::new(); batches];
        for row in rows {
            let part = &mut parts[part(stem, [head, row], &mut random)];
            part.push_str(row);
            part.push('\n');
        }
        for (folder, part) in folders.iter().zip(parts).filter(|(_, part)| !part.is_empty()) {
            fs::write(folder.join(name), format!("{head}\n{part}")).unwrap();
        }
    }
    folders
}
