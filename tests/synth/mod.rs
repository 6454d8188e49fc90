//! Are the made-up worlds reproducible, plausible, honest about their truth, and not too easy?

mod base_rates;
mod no_single_feature;
mod same_bytes;
mod truth;

use medring::synth::{Parameters, generate};
use std::path::Path;

/// Makes a world in a folder of its own.
pub(crate) fn world(parameters: &Parameters) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    generate(parameters, folder.path()).expect("a world can be made");
    folder
}

/// The preset with some of its tables.
pub(crate) fn preset(name: &str, seed: u64, tables: &[&str]) -> Parameters {
    let mut parameters = Parameters::preset(name, seed).expect("the preset exists");
    parameters.tables = tables.iter().map(|table| (*table).to_owned()).collect();
    parameters
}

/// Calls `each` with every row of a table, as cells by position of the columns asked for.
pub(crate) fn rows(folder: &Path, table: &str, columns: &[&str], mut each: impl FnMut(&[&str])) {
    let text = std::fs::read_to_string(folder.join(format!("{table}.csv"))).expect("the table was written");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at: Vec<usize> = columns
        .iter()
        .map(|name| header.iter().position(|column| column == name).expect("the column exists"))
        .collect();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), header.len(), "{table}: {line}");
        let chosen: Vec<&str> = at.iter().map(|at| cells[*at]).collect();
        each(&chosen);
    }
}
