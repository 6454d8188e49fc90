//! How does medring do the whole job beside what a user would pick instead?
//!
//! `cargo bench --profile release --bench job -- [VISITS …] [--batches B] [--check]` (1,000,000 visits and 100 batches unless
//! told otherwise). All contenders get the same visits: medring in memory (1 and 2 workers) and as the program on Parquet, a
//! single-purpose loop, and DuckDB + igraph (installed for it; «absent» where that fails). Estimate before measuring: medring
//! keeps 75 bytes of rows, three channel entries of 16–24 bytes each and their groups a visit, about 200; the loop keeps a
//! group and a pair, about 80. medring works out three to four times as many occasions as the loop. Before anything is
//! measured, small answers are compared: incremental against fresh, the loop against counting. A figure is written to
//! `benches/runs/` as it is printed.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "job/contenders.rs"]
mod contenders;
#[path = "job/files.rs"]
mod files;
#[path = "job/measure.rs"]
mod measure;
#[path = "job/plain.rs"]
mod plain;
#[path = "job/quality.rs"]
mod quality;
#[path = "job/river.rs"]
mod river;
#[path = "job/table.rs"]
mod table;
#[path = "job/world.rs"]
mod world;

use contenders::Figures;
use medring::model::Day;
use std::error::Error;
use std::path::Path;
use std::time::SystemTime;
use table::Runs;
use world::World;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [flag, name, size, batches] = words.as_slice()
        && flag == "--part"
    {
        part(name, size.parse()?, batches.parse()?);
        return Ok(());
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
    println!("self-check: incremental equals fresh, the loop equals counting");
}

/// What a process of its own does.
fn part(name: &str, size: u64, batches: u32) {
    let mut say = |name: &str, value: f64| println!("{name}={value}");
    match name {
        "plain" => plain::run(size, batches, &mut say),
        "unjudged" => river::run_unjudged(size, batches, &mut say),
        "two" => river::run_bulk(size, 2, &mut say),
        _ => river::run(size, batches, &mut say),
    }
}

fn measure_all(size: u64, batches: u32) -> Result<(), Box<dyn Error>> {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
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
    files::write(size, batches.min(30), folder.path())?;
    runs.detect = keep("medring detect", contenders::detect(folder.path()));
    runs.duckdb = keep("DuckDB + igraph", contenders::duckdb_igraph(folder.path(), batches.min(30)));
    runs.absent = absent;
    let text = table::text(size, &runs, &load);
    println!("{text}");
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/runs");
    std::fs::create_dir_all(&runs)?;
    std::fs::write(runs.join(format!("{}-job-{size}.txt", today())), text)?;
    Ok(())
}

fn today() -> Day {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Day(i32::try_from(seconds / 86_400).unwrap_or(0))
}
