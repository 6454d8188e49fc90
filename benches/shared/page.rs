//! How do figures become a page of `benches/runs`? The machine first, the numbers to beat last.

use medring::model::Day;
use std::fmt::Write as _;
use std::fs::read_to_string;
use std::path::Path;
use std::time::SystemTime;

/// Adds a line.
pub(crate) fn line(out: &mut String, words: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{words}");
}

/// How busy the machine is.
pub(crate) fn load() -> String {
    read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

/// What was measured on which machine, and how busy it was before and is now.
pub(crate) fn machine(out: &mut String, what: &str, before: &str) {
    let model = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    line(out, &format!("{what}; {cores} cores, {}", model.trim_start_matches([' ', '\t', ':'])));
    line(out, &format!("load average before: {before}; after: {}", load()));
    line(
        out,
        "The machine was shared; where the load is above 0.1, it was busy with other work: compare processor time.",
    );
}

/// A number to beat.
pub(crate) struct Mark {
    name: String,
    value: f64,
    target: f64,
    at_most: bool,
}

/// What should be no more than the target.
pub(crate) fn most(name: &str, value: f64, target: f64) -> Mark {
    Mark { name: name.to_owned(), value, target, at_most: true }
}

/// What should be no less than the target.
pub(crate) fn least(name: &str, value: f64, target: f64) -> Mark {
    Mark { name: name.to_owned(), value, target, at_most: false }
}

/// The numbers to beat.
pub(crate) fn marks(out: &mut String, marks: &[Mark]) {
    line(out, "\nnumbers to beat                                                        measured    target");
    for Mark { name, value, target, at_most } in marks {
        let met = if *at_most { value <= target } else { value >= target };
        let verdict = match (value.is_nan(), met) {
            (true, _) => "absent",
            (_, true) => "met",
            (_, false) => "FALLS SHORT",
        };
        let sign = if *at_most { '≤' } else { '≥' };
        line(out, &format!("{name:<64} {value:>14.2}  {sign} {target:<7} {verdict}"));
    }
}

/// Prints a page and writes it to `benches/runs`, with the day before its name.
pub(crate) fn keep(name: &str, text: &str) -> std::io::Result<()> {
    println!("{text}");
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let today = Day(i32::try_from(seconds / 86_400).unwrap_or(0));
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/runs");
    std::fs::create_dir_all(&runs)?;
    std::fs::write(runs.join(format!("{today}-{name}.txt")), text)
}
