//! What did it cost? Processor time and memory as the system counts them, and percentiles.

use std::fs::read_to_string;
use std::time::{Duration, Instant};

/// Processor time of the threads that are alive: of the caller's, and of all others.
pub(crate) fn processor() -> (Duration, Duration) {
    let (mut own, mut others) = (0, 0);
    let this = std::process::id().to_string();
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let text = read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let spent: u64 = text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let sum = if task.file_name().to_string_lossy() == this { &mut own } else { &mut others };
        *sum += spent;
    }
    (Duration::from_nanos(own), Duration::from_nanos(others))
}

/// Memory that this process holds, in bytes.
pub(crate) fn held() -> u64 {
    status("/proc/self/status", "VmRSS:")
}

/// The most memory that this process has held, in bytes.
pub(crate) fn peak() -> u64 {
    status("/proc/self/status", "VmHWM:")
}

/// A figure of a process's status, in bytes.
pub(crate) fn status(path: &str, name: &str) -> u64 {
    let text = read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Seconds of processor time of this process, threads that have ended included.
pub(crate) fn spent() -> f64 {
    ticks(11)
}

/// Seconds of processor time of children that have ended.
pub(crate) fn children() -> f64 {
    ticks(13)
}

/// Two neighbouring figures of the process's statistics, in seconds.
fn ticks(at: usize) -> f64 {
    let text = read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(at).take(2).filter_map(|word| word.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Wall time and the processor time of the other threads since a moment.
pub(crate) struct Since(Instant, Duration);

impl Since {
    pub(crate) fn now() -> Since {
        Since(Instant::now(), processor().1)
    }

    /// Wall and processor seconds.
    pub(crate) fn seconds(&self) -> (f64, f64) {
        let wall = self.0.elapsed().as_secs_f64();
        (wall, processor().1.saturating_sub(self.1).as_secs_f64())
    }
}

/// Says half, ninety-nine in a hundred, and most, of values in seconds, as milliseconds.
pub(crate) fn percentiles(name: &str, mut seconds: Vec<f64>, say: &mut dyn FnMut(&str, f64)) {
    seconds.sort_by(f64::total_cmp);
    for (word, permille) in [("p50", 500), ("p99", 990), ("max", 1_000)] {
        let at = (seconds.len() * permille).div_ceil(1_000).saturating_sub(1);
        say(&format!("{name}_{word}"), seconds.get(at).copied().unwrap_or(0.0) * 1_000.0);
    }
}
