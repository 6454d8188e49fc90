//! Which numbers were to be beaten, which were, and where is somebody else faster?

use super::page::{Mark, least, line, marks, most};
use super::table::{Runs, get, quickest};

/// Adds the numbers to beat, and in words who is faster than medring.
pub(crate) fn targets(out: &mut String, size: u64, runs: &Runs) {
    let mut rows = bulk(size, runs);
    rows.extend(changes(runs));
    rows.extend(scale(runs));
    rows.push(least("precision of reported findings", get(&runs.river, "precision"), 0.9));
    rows.push(least("recall of planted rings", get(&runs.river, "recall"), 0.9));
    marks(out, &rows);
    faster(out, runs);
}

fn bulk(size: u64, runs: &Runs) -> Vec<Mark> {
    let (river, plain, duckdb, detect) = (&runs.river, &runs.plain, &runs.duckdb, &runs.detect());
    vec![
        most("detect: cpu over DuckDB + igraph's", get(detect, "cpu") / get(duckdb, "cpu"), 1.0),
        most("detect: cpu over the single-purpose loop's", get(detect, "cpu") / get(plain, "cpu"), 4.0),
        most("bulk in memory: cpu over the single-purpose loop's", get(river, "cpu") / get(plain, "cpu"), 4.0),
        most("detect: peak bytes a settlement", get(detect, "peak") / size as f64, 150.0),
        most("bulk in memory: peak bytes a settlement", get(river, "peak") / size as f64, 150.0),
    ]
}

fn changes(runs: &Runs) -> Vec<Mark> {
    let (river, duckdb) = (&runs.river, &runs.duckdb);
    let batch = get(river, "batch_p50");
    vec![
        most("1,000 rows p50 ms", batch, 6.0),
        most("1,000 rows p99 ms", get(river, "batch_p99"), 15.0),
        most("1,000 rows with a durable commit p99 ms", get(&runs.durable, "durable_p99"), 60.0),
        least("1,000 rows: time of DuckDB + igraph's increment over ours", get(duckdb, "batch_p50") / batch, 100.0),
        least("1,000 rows: time from scratch over ours", get(river, "again_wall") * 1_000.0 / batch, 1_000.0),
        most("one row p50 µs", get(river, "row_p50") * 1_000.0, 100.0),
        most("one row p99 µs", get(river, "row_p99") * 1_000.0, 1_000.0),
        most("long run: last memory over first", get(river, "long_last") / get(river, "long_first"), 1.1),
    ]
}

fn scale(runs: &Runs) -> Vec<Mark> {
    let workers = get(&runs.river, "wall") / get(&runs.two, "wall");
    let processes = get(&quickest(&runs.threads), "wall") / get(&quickest(&runs.processes), "wall");
    vec![
        least("2 workers against 1, throughput (two free cores)", workers, 1.7),
        least("2 processes on the loopback against 2 threads, throughput", processes, 0.9),
        least("reading CSV: million rows per cpu second", get(&runs.reading, "csv"), 3.0),
        least("reading Parquet: million rows per cpu second", get(&runs.reading, "parquet"), 10.0),
    ]
}

/// Where somebody else is faster by more than a twentieth, in words: a ratio below one is easily misread.
fn faster(out: &mut String, runs: &Runs) {
    let detect = &runs.detect();
    let cases = [
        ("1,000 rows: DuckDB + igraph's increments are", &runs.duckdb, &runs.river, "batch_p50"),
        ("1,000 rows: the single-purpose loop's increments are", &runs.plain, &runs.river, "batch_p50"),
        ("bulk: DuckDB + igraph need less processor time; they are", &runs.duckdb, detect, "cpu"),
    ];
    for (name, other, ours, figure) in cases {
        let times = get(ours, figure) / get(other, figure);
        if times > 1.05 {
            line(out, &format!("{name} {times:.1} times faster than medring"));
        }
    }
    line(out, "Neither judges anything, holds evidence, or can take a row back; medring does all three.");
}
