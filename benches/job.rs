//! How does medring do the whole job beside what a user would pick instead?
//!
//! `cargo bench --profile release --bench job -- [VISITS …] [--batches B] [--check]` (1,000,000 visits and 100 batches unless
//! told otherwise). All contenders get the same visits: medring in memory (1 and 2 workers), in a workspace on disk, and as the
//! program on Parquet (two threads, and two processes on the loopback), a single-purpose loop, and DuckDB + igraph (installed
//! for it; «absent» where that fails). Its reader alone is measured too. Estimate before measuring: medring
//! keeps 75 bytes of rows, three channel entries of 16–24 bytes each and their groups a visit, about 200; the loop keeps a
//! group and a pair, about 80. medring works out three to four times as many occasions as the loop. Before anything is
//! measured, small answers are compared: incremental against fresh, the loop against counting. A figure is written to
//! `benches/runs/` as it is printed.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "job/claims.rs"]
mod claims;
#[path = "job/contenders.rs"]
mod contenders;
#[path = "job/durable.rs"]
mod durable;
#[path = "job/files.rs"]
mod files;
#[path = "job/measure.rs"]
mod measure;
#[path = "shared/page.rs"]
mod page;
#[path = "job/plain.rs"]
mod plain;
#[path = "shared/python.rs"]
mod python;
#[path = "job/quality.rs"]
mod quality;
#[path = "job/reading.rs"]
mod reading;
#[path = "job/river.rs"]
mod river;
#[path = "job/table.rs"]
mod table;
#[path = "job/targets.rs"]
mod targets;
#[path = "job/text.rs"]
mod text;
#[path = "job/world.rs"]
mod world;

use python::Figures;
use std::error::Error;
use table::Runs;
use world::World;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [flag, name, size, batches] = words.as_slice()
        && flag == "--part"
    {
        return part(name, size.parse()?, batches.parse()?);
    }
    check();
    if words.iter().any(|word| word == "--check") {
        return Ok(());
    }
    let mut numbers: Vec<u64> = words.iter().filter_map(|word| word.replace('_', "").parse().ok()).collect();
    let mut batches = 100;
    if let Some(at) = words.iter().position(|word| word == "--batches") {
        batches = words.get(at + 1).and_then(|word| word.parse().ok()).unwrap_or(batches);
        numbers.pop();
    }
    if numbers.is_empty() {
        numbers.push(1_000_000);
    }
    numbers.into_iter().try_for_each(|size| measure_all(size, batches))
}

fn check() {
    let world = World::new(20_000);
    plain::check(&world);
    river::check(&world);
    durable::check(&world);
    println!("self-check: incremental equals fresh, in memory and in a workspace; the loop equals counting");
}

/// What a process of its own does.
fn part(name: &str, size: u64, batches: u32) -> Result<(), Box<dyn Error>> {
    let mut say = |name: &str, value: f64| println!("{name}={value}");
    match name {
        "plain" => plain::run(size, batches, &mut say),
        "unjudged" => river::run_unjudged(size, batches, &mut say),
        "two" => river::run_bulk(size, 2, &mut say),
        "durable" => durable::run(size, batches, &mut say),
        "reading" => return reading::run(size, &mut say),
        _ => river::run(size, batches, &mut say),
    }
    Ok(())
}

fn measure_all(size: u64, batches: u32) -> Result<(), Box<dyn Error>> {
    let load = page::load();
    let folder = tempfile::tempdir()?;
    let mut runs = Runs::default();
    let mut absent = Vec::new();
    let mut keep = |name: &str, ran: Result<Figures, String>| {
        println!("… {name}");
        ran.unwrap_or_else(|error| {
            absent.push(format!("{name} ({error})"));
            Figures::new()
        })
    };
    runs.plain = keep("single-purpose loop", contenders::part("plain", size, batches));
    runs.river = keep("medring, 1 worker", contenders::part("river", size, batches));
    runs.unjudged = keep("medring without typologies", contenders::part("unjudged", size, batches));
    runs.two = keep("medring, 2 workers", contenders::part("two", size, batches));
    runs.durable = keep("medring in a workspace", contenders::part("durable", size, batches));
    runs.reading = keep("reading", contenders::part("reading", size, batches));
    files::write(size, batches.min(30), folder.path())?;
    for _ in 0..rounds(size) {
        runs.threads.push(keep("medring detect", contenders::detect(folder.path())));
        runs.processes.push(keep("medring detect, two processes", contenders::processes(folder.path())));
    }
    runs.duckdb = keep("DuckDB + igraph", contenders::duckdb_igraph(folder.path(), batches.min(30)));
    runs.absent = absent;
    page::keep(&format!("job-{size}"), &table::text(size, &runs, &load))?;
    Ok(())
}

/// Threads and processes run by turns, because the machine is shared.
fn rounds(size: u64) -> usize {
    if size > 2_000_000 { 1 } else { 3 }
}
