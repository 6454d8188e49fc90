//! How are the contenders started? Each in a process of its own, so that none holds another's memory.

use super::measure::{children, status};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a contender says of itself.
pub(crate) type Figures = BTreeMap<String, f64>;

/// Runs a part of this bench in a process of its own.
pub(crate) fn part(name: &str, size: u64, batches: u32) -> Result<Figures, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    said(Command::new(this).args(["--part", name, &size.to_string(), &batches.to_string()]))
}

/// Runs the job in DuckDB and igraph, which are installed for it into the folder unless they were before.
pub(crate) fn duckdb_igraph(folder: &Path, batches: u32) -> Result<Figures, String> {
    let environment = std::env::temp_dir().join("medring-bench-job");
    let python = environment.join("bin/python");
    let ready = || quiet(Command::new(&python).args(["-c", "import duckdb, igraph, numpy"]));
    if ready().is_err() {
        quiet(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        quiet(Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb", "igraph", "numpy"]))?;
        ready()?;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/job/duckdb_igraph.py");
    said(Command::new(&python).arg(script).arg(folder).arg(batches.to_string()))
}

/// Runs `medring detect` on the Parquet file: reading, ties, all typologies that it allows, evidence written.
pub(crate) fn detect(folder: &Path) -> Result<Figures, String> {
    let (before, begun, mut peak) = (children(), Instant::now(), 0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_medring"))
        .arg("detect")
        .arg(folder.join("tables"))
        .arg("--out")
        .arg(folder.join("out"))
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let path = format!("/proc/{}/status", child.id());
    let ended = loop {
        peak = status(&path, "VmHWM:").max(peak);
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(ended) => break ended,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if !ended.success() {
        return Err(format!("medring detect: {ended}"));
    }
    let wall = begun.elapsed().as_secs_f64();
    let figures = [("wall", wall), ("cpu", children() - before), ("peak", peak as f64)];
    Ok(figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn said(command: &mut Command) -> Result<Figures, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(output.status.to_string());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let figure =
        |line: &str| line.split_once('=').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
    Ok(text.lines().filter_map(figure).collect())
}

fn quiet(command: &mut Command) -> Result<(), String> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|error| error.to_string())?;
    status.success().then_some(()).ok_or_else(|| status.to_string())
}
