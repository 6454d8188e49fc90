//! How long does networkit take over the same questions, and are its answers the same?

use super::python::{Figures, python, said};
use medring::path::snapshot::Snapshot;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;
use std::process::Command;

/// Asks networkit; `hops` are the answers that it must give as well.
pub(crate) fn networkit(
    snapshot: &Snapshot,
    pairs: &[(u32, u32)],
    hops: &[Option<usize>],
    rounds: usize,
) -> std::result::Result<Figures, String> {
    let python = python("medring-bench-paths", &["networkit", "numpy"])?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    write(snapshot, pairs, hops, folder.path()).map_err(|error| error.to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/paths/networkit_bfs.py");
    said(Command::new(python).arg(script).arg(folder.path()).arg(rounds.to_string()))
}

fn write(snapshot: &Snapshot, pairs: &[(u32, u32)], hops: &[Option<usize>], folder: &Path) -> Result<()> {
    let nodes = 0..u32::try_from(snapshot.parties()).unwrap_or(u32::MAX);
    let above = |node: u32| snapshot.neighbours(node).iter().filter(move |other| **other > node);
    let links = nodes.flat_map(|node| above(node).flat_map(move |other| [node, *other]));
    numbers(&folder.join("links.u32"), links)?;
    numbers(&folder.join("pairs.u32"), pairs.iter().flat_map(|(from, to)| [*from, *to]))?;
    let hops = hops.iter().map(|hops| hops.map_or(u32::MAX, |hops| u32::try_from(hops).unwrap_or(u32::MAX)));
    numbers(&folder.join("hops.u32"), hops)
}

fn numbers(path: &Path, numbers: impl Iterator<Item = u32>) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for number in numbers {
        out.write_all(&number.to_le_bytes())?;
    }
    out.flush()
}
