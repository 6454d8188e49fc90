//! What do the figures say? One plain table with ratios and, beside it, the number to beat.

use super::contenders::Figures;
use std::fmt::Write as _;
use std::fs::read_to_string;

/// All contenders' figures; those that are absent say nothing.
#[derive(Default)]
pub(crate) struct Runs {
    pub(crate) river: Figures,
    /// Nobody judges what the dataflow ties.
    pub(crate) unjudged: Figures,
    pub(crate) two: Figures,
    pub(crate) plain: Figures,
    pub(crate) duckdb: Figures,
    pub(crate) detect: Figures,
    /// Who did not run, and why.
    pub(crate) absent: Vec<String>,
}

/// A table as text.
pub(crate) fn text(size: u64, runs: &Runs, load: &str) -> String {
    let mut out = String::new();
    machine(&mut out, size, load);
    bulk(&mut out, size, runs);
    changes(&mut out, runs);
    quality(&mut out, runs);
    targets(&mut out, size, runs);
    for absent in &runs.absent {
        line(&mut out, &format!("absent: {absent}"));
    }
    out
}

fn line(out: &mut String, words: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{words}");
}

fn machine(out: &mut String, size: u64, load: &str) {
    let model = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let after = read_to_string("/proc/loadavg").unwrap_or_default();
    line(out, &format!("job: {size} visits; {cores} cores, {}", model.trim_start_matches([' ', '\t', ':'])));
    line(out, &format!("load average before: {}; after: {}", load.trim(), after.trim()));
    line(
        out,
        "The machine was shared; where the load is above 0.1, it was busy with other work: compare processor time.",
    );
}

fn get(figures: &Figures, name: &str) -> f64 {
    figures.get(name).copied().unwrap_or(f64::NAN)
}

fn bulk(out: &mut String, size: u64, runs: &Runs) {
    line(out, "\nbulk                              wall s    cpu s   peak MB  peak bytes/visit");
    let rows = [
        ("medring, 1 worker", &runs.river),
        ("medring, 1 worker, no typologies", &runs.unjudged),
        ("medring, 2 workers", &runs.two),
        ("medring detect, Parquet, 2 workers", &runs.detect),
        ("single-purpose loop", &runs.plain),
        ("DuckDB + igraph", &runs.duckdb),
    ];
    for (name, figures) in rows {
        let (wall, cpu, peak) = (get(figures, "wall"), get(figures, "cpu"), get(figures, "peak"));
        let (megabytes, each) = (peak / 1e6, peak / size as f64);
        line(out, &format!("{name:<34} {wall:>5.2} {cpu:>8.2} {megabytes:>9.0} {each:>12.0}"));
    }
    let steady = get(&runs.river, "steady") / size as f64;
    let more =
        "medring keeps every row with its money, judges all typologies that the table allows, and holds the evidence";
    line(out, &format!("medring steady {steady:.0} bytes/visit; {more}"));
}

fn changes(out: &mut String, runs: &Runs) {
    line(out, "\nnew answer after …, ms                                  p50       p99       max");
    let rows = [
        ("1,000 rows, a tenth late, a tenth taken back: medring", &runs.river, "batch"),
        ("  the same, processor time", &runs.river, "batch_cpu"),
        ("  without typologies: the dataflow alone", &runs.unjudged, "batch"),
        ("  without typologies, processor time", &runs.unjudged, "batch_cpu"),
        ("1,000 more: single-purpose loop, nothing taken back", &runs.plain, "batch"),
        ("1,000 more: DuckDB + igraph, nothing taken back", &runs.duckdb, "batch"),
        ("1 row: medring", &runs.river, "row"),
        ("  the same, processor time", &runs.river, "row_cpu"),
    ];
    for (name, figures, of) in rows {
        let [half, most, last] = ["p50", "p99", "max"].map(|word| get(figures, &format!("{of}_{word}")));
        line(out, &format!("{name:<53} {half:>9.3} {most:>9.3} {last:>9.3}"));
    }
    let river = &runs.river;
    line(out, &format!("findings that went or came with 1,000 rows: {:.0} on average", get(river, "changed")));
    let (wall, cpu) = (get(river, "again_wall"), get(river, "again_cpu"));
    let same = if get(river, "same") > 0.5 { "equal" } else { "NOT EQUAL" };
    line(
        out,
        &format!(
            "from scratch (a fresh river): wall {wall:.2} s, cpu {cpu:.2} s; its answer and the standing one are {same}"
        ),
    );
    let (first, last) = (get(river, "long_first") / 1e6, get(river, "long_last") / 1e6);
    line(
        out,
        &format!(
            "long run of {:.0} batches, half additions, half retractions: {first:.0} MB at first, {last:.0} MB at last",
            get(river, "long_batches")
        ),
    );
}

fn quality(out: &mut String, runs: &Runs) {
    line(out, "\nplanted rings (half of all people in common)  precision   recall");
    let rows = [
        ("medring, reported findings", get(&runs.river, "precision"), get(&runs.river, "recall")),
        ("three shared occasions, pieces of 2 and more", get(&runs.plain, "precision_2"), get(&runs.plain, "recall_2")),
        ("three shared occasions, pieces of 3 and more", get(&runs.plain, "precision_3"), get(&runs.plain, "recall_3")),
    ];
    for (name, precision, recall) in rows {
        line(out, &format!("{name:<46} {precision:>8.3} {recall:>8.3}"));
    }
    let (found, ties) = (get(&runs.river, "found"), get(&runs.river, "ties"));
    line(
        out,
        &format!(
            "medring reports {found:.0} findings from {ties:.0} ties in {:.0} pieces, the largest of {:.0} parties; flat ties {:.0}",
            get(&runs.river, "pieces"),
            get(&runs.river, "largest"),
            get(&runs.plain, "ties")
        ),
    );
}

fn targets(out: &mut String, size: u64, runs: &Runs) {
    line(out, "\nnumbers to beat                                                        measured    target");
    let (river, plain, duckdb) = (&runs.river, &runs.plain, &runs.duckdb);
    let batch = get(river, "batch_p50");
    let most = |name: &str, value: f64, target: f64| (name.to_owned(), value, target, value <= target, "≤");
    let least = |name: &str, value: f64, target: f64| (name.to_owned(), value, target, value >= target, "≥");
    let rows = [
        most("detect: cpu over DuckDB + igraph's", get(&runs.detect, "cpu") / get(duckdb, "cpu"), 1.0),
        most("detect: cpu over the single-purpose loop's", get(&runs.detect, "cpu") / get(plain, "cpu"), 4.0),
        most("bulk in memory: cpu over the single-purpose loop's", get(river, "cpu") / get(plain, "cpu"), 4.0),
        most("detect: peak bytes a settlement", get(&runs.detect, "peak") / size as f64, 150.0),
        most("bulk in memory: peak bytes a settlement", get(river, "peak") / size as f64, 150.0),
        most("1,000 rows p50 ms", batch, 6.0),
        most("1,000 rows p99 ms", get(river, "batch_p99"), 15.0),
        least("1,000 rows: times faster than DuckDB's increments", get(duckdb, "batch_p50") / batch, 100.0),
        least("1,000 rows: times faster than from scratch", get(river, "again_wall") * 1_000.0 / batch, 1_000.0),
        most("one row p50 µs", get(river, "row_p50") * 1_000.0, 100.0),
        most("one row p99 µs", get(river, "row_p99") * 1_000.0, 1_000.0),
        most("long run: last memory over first", get(river, "long_last") / get(river, "long_first"), 1.1),
        least("2 workers against 1, throughput (two free cores)", get(river, "wall") / get(&runs.two, "wall"), 1.7),
        least("precision of reported findings", get(river, "precision"), 0.9),
        least("recall of planted rings", get(river, "recall"), 0.9),
    ];
    for (name, value, target, met, sign) in rows {
        let verdict = match (value.is_nan(), met) {
            (true, _) => "absent",
            (_, true) => "met",
            (_, false) => "FALLS SHORT",
        };
        line(out, &format!("{name:<64} {value:>14.2}  {sign} {target:<7} {verdict}"));
    }
}
