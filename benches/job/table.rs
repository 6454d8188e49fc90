//! What do the figures say? One plain table with ratios and, beside it, the number to beat.

use super::page::{line, machine};
use super::python::Figures;
use super::targets::targets;

/// All contenders' figures; those that are absent say nothing.
#[derive(Default)]
pub(crate) struct Runs {
    pub(crate) river: Figures,
    /// Nobody judges what the dataflow ties.
    pub(crate) unjudged: Figures,
    pub(crate) two: Figures,
    pub(crate) plain: Figures,
    pub(crate) duckdb: Figures,
    /// Batches until they are durable.
    pub(crate) durable: Figures,
    pub(crate) reading: Figures,
    /// The program with two threads, and as two processes, by turns.
    pub(crate) threads: Vec<Figures>,
    pub(crate) processes: Vec<Figures>,
    /// Who did not run, and why.
    pub(crate) absent: Vec<String>,
}

impl Runs {
    /// The first run of the program, for comparisons with those who run once.
    pub(crate) fn detect(&self) -> Figures {
        self.threads.first().cloned().unwrap_or_default()
    }
}

/// The quickest of several runs.
pub(crate) fn quickest(runs: &[Figures]) -> Figures {
    let wall = |run: &&Figures| get(run, "wall");
    runs.iter().min_by(|left, right| wall(left).total_cmp(&wall(right))).cloned().unwrap_or_default()
}

/// A table as text.
pub(crate) fn text(size: u64, runs: &Runs, load: &str) -> String {
    let mut out = String::new();
    machine(&mut out, &format!("job: {size} visits"), load);
    bulk(&mut out, size, runs);
    changes(&mut out, runs);
    standing(&mut out, runs);
    reading(&mut out, &runs.reading);
    quality(&mut out, runs);
    targets(&mut out, size, runs);
    for absent in &runs.absent {
        line(&mut out, &format!("absent: {absent}"));
    }
    out
}

pub(crate) fn get(figures: &Figures, name: &str) -> f64 {
    figures.get(name).copied().unwrap_or(f64::NAN)
}

fn bulk(out: &mut String, size: u64, runs: &Runs) {
    line(out, "\nbulk                              wall s    cpu s   peak MB  peak bytes/visit");
    let rows = [
        ("medring, 1 worker", &runs.river),
        ("medring, 1 worker, no typologies", &runs.unjudged),
        ("medring, 2 workers", &runs.two),
        ("medring detect, Parquet, 2 workers", &runs.detect()),
        ("  the quickest run", &quickest(&runs.threads)),
        ("  by 2 processes on the loopback", &quickest(&runs.processes)),
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
        ("  in a workspace: from a CSV file to the commit", &runs.durable, "durable"),
        ("  the same file kept durably, nothing worked out", &runs.durable, "stored"),
        ("  as many bytes written to a file and synced", &runs.durable, "synced"),
        ("1,000 more: single-purpose loop, nothing taken back", &runs.plain, "batch"),
        ("1,000 more: DuckDB + igraph, nothing taken back", &runs.duckdb, "batch"),
        ("1 row: medring", &runs.river, "row"),
        ("  the same, processor time", &runs.river, "row_cpu"),
    ];
    for (name, figures, of) in rows {
        let [half, most, last] = ["p50", "p99", "max"].map(|word| get(figures, &format!("{of}_{word}")));
        line(out, &format!("{name:<53} {half:>9.3} {most:>9.3} {last:>9.3}"));
    }
}

fn standing(out: &mut String, runs: &Runs) {
    let (river, durable) = (&runs.river, &runs.durable);
    let (cpu, wall, all) = (get(durable, "durable_cpu"), get(durable, "replay_wall"), get(durable, "replay_cpu"));
    line(
        out,
        &format!("workspace: {cpu:.0} ms of processor time a batch; it was ready after {wall:.1} s, {all:.1} s of cpu"),
    );
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

fn reading(out: &mut String, figures: &Figures) {
    line(out, "\nreading the 13 required columns with one thread, million rows per cpu second   CSV   Parquet");
    for (name, csv, parquet) in [
        ("into facts, batches thrown away", "csv", "parquet"),
        ("csv crate: records taken apart; parquet crate: columns decoded", "csv_split", "parquet_decoded"),
    ] {
        line(out, &format!("{name:<75} {:>7.2} {:>9.2}", get(figures, csv), get(figures, parquet)));
    }
    let (csv, parquet) = (get(figures, "csv_bytes"), get(figures, "parquet_bytes"));
    line(out, &format!("{:<75} {csv:>7.0} {parquet:>9.0}", "bytes a row"));
}
