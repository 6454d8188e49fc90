//! Does a seed always give the same bytes, on any number of threads and in both formats?

use super::{preset, world};
use medring::synth::{Format, Parameters};
use std::collections::BTreeMap;

fn bytes(parameters: &Parameters, threads: usize) -> BTreeMap<String, Vec<u8>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let folder = pool.install(|| world(parameters));
    std::fs::read_dir(folder.path())
        .expect("the folder exists")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect()
}

#[test]
fn one_and_two_threads_write_the_same() {
    for format in [Format::Csv, Format::Parquet] {
        let mut parameters = preset("demo", 11, &[]);
        parameters.format = format;
        let (one, two) = (bytes(&parameters, 1), bytes(&parameters, 2));
        assert!(one.len() >= 14, "all tables, labels, world and manifest");
        for (name, content) in &one {
            assert!(two.get(name) == Some(content), "{name} differs");
        }
    }
}

#[test]
fn another_seed_is_another_world() {
    let (a, b) = (bytes(&preset("demo", 11, &["setl_d"]), 2), bytes(&preset("demo", 12, &["setl_d"]), 2));
    assert_ne!(a["setl_d.csv"], b["setl_d.csv"]);
}
