//! How is a world cut into batches? Every row goes to one of them, in any order; nothing is left out.

use medring::synth::{Parameters, generate};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
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
        let name = table.file_name().unwrap();
        let mut parts = vec![String::new(); batches];
        for row in rows {
            let part = &mut parts[random.random_range(0..batches)];
            part.push_str(row);
            part.push('\n');
        }
        for (folder, part) in folders.iter().zip(parts).filter(|(_, part)| !part.is_empty()) {
            fs::write(folder.join(name), format!("{head}\n{part}")).unwrap();
        }
    }
    folders
}
