//! How are the contenders started? Each in a process of its own, so that none holds another's memory.

use super::measure::{children, status};
use super::python::{Figures, python, said};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs a part of this bench in a process of its own.
pub(crate) fn part(name: &str, size: u64, batches: u32) -> Result<Figures, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    said(Command::new(this).args(["--part", name, &size.to_string(), &batches.to_string()]))
}

/// Runs the job in DuckDB and igraph, which are installed for it unless they were before.
pub(crate) fn duckdb_igraph(folder: &Path, batches: u32) -> Result<Figures, String> {
    let python = python("medring-bench-job", &["duckdb", "igraph", "numpy"])?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/job/duckdb_igraph.py");
    said(Command::new(&python).arg(script).arg(folder).arg(batches.to_string()))
}

/// Runs `medring detect` on the Parquet file with two threads: reading, ties, all typologies that it allows, evidence written.
pub(crate) fn detect(folder: &Path) -> Result<Figures, String> {
    watch(vec![detecting(folder, "threads", &["--workers", "2"])])
}

/// The same by two processes of one thread each, which talk over the loopback. The answer must be that of the threads.
pub(crate) fn processes(folder: &Path) -> Result<Figures, String> {
    let hosts = folder.join("hosts");
    std::fs::write(&hosts, free_hosts().map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    let one = |number: &str| {
        let words = ["--workers", "1", "--processes", "2", "--process", number, "--hosts"];
        let mut command = detecting(folder, "processes", &words);
        command.arg(&hosts);
        command
    };
    let figures = watch(vec![one("0"), one("1")])?;
    let rings = |out: &str| std::fs::read(folder.join(out).join("rings.jsonl")).map_err(|error| error.to_string());
    if rings("threads")? == rings("processes")? { Ok(figures) } else { Err("another answer".to_owned()) }
}

/// Two ports that nobody uses now, a line each.
fn free_hosts() -> std::io::Result<String> {
    let (one, two) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok(format!("{}\n{}\n", one.local_addr()?, two.local_addr()?))
}

fn detecting(folder: &Path, out: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_medring"));
    command.arg("detect").arg(folder.join("tables")).arg("--out").arg(folder.join(out)).args(words);
    command.stdout(Stdio::null());
    command
}

/// Runs programs side by side: wall time until the last has ended, processor time and peak memory of all together.
fn watch(commands: Vec<Command>) -> Result<Figures, String> {
    let (before, begun) = (children(), Instant::now());
    let spawned = commands.into_iter().map(|mut command| command.spawn().map_err(|error| error.to_string()));
    let mut running: Vec<Child> = spawned.collect::<Result<_, _>>()?;
    let mut peaks = vec![0; running.len()];
    let mut alive = true;
    while alive {
        std::thread::sleep(Duration::from_millis(5));
        alive = false;
        for (child, peak) in running.iter_mut().zip(&mut peaks) {
            *peak = status(&format!("/proc/{}/status", child.id()), "VmHWM:").max(*peak);
            match child.try_wait().map_err(|error| error.to_string())? {
                Some(ended) if !ended.success() => return Err(format!("medring detect: {ended}")),
                ended => alive |= ended.is_none(),
            }
        }
    }
    let wall = begun.elapsed().as_secs_f64();
    let figures = [("wall", wall), ("cpu", children() - before), ("peak", peaks.iter().sum::<u64>() as f64)];
    Ok(figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
