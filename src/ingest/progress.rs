//! How far is the reading? A bar on a terminal, a line every ten seconds otherwise, nothing when not wanted.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// Whether to show how far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// No.
    #[default]
    Off,
    /// On stderr: a bar on a terminal, a line every ten seconds otherwise.
    Auto,
}

/// Shows how far the reading is.
pub(super) struct Meter {
    taken: Arc<AtomicU64>,
    total: u64,
    bar: Option<ProgressBar>,
    lines: bool,
    last: Instant,
}

impl Meter {
    /// For so many bytes, of which `taken` counts those that were read.
    pub(super) fn new(progress: Progress, taken: Arc<AtomicU64>, total: u64) -> Meter {
        let terminal = std::io::stderr().is_terminal();
        let shown = progress == Progress::Auto;
        let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {msg} ETA {eta}");
        let bar = (shown && terminal)
            .then(|| ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())));
        Meter { taken, total, bar, lines: shown && !terminal, last: Instant::now() }
    }

    /// After some more rows.
    pub(super) fn show(&mut self, rows: u64, rejected: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.taken.load(Ordering::Relaxed).min(self.total));
            bar.set_message(format!("{rows} rows, {rejected} set aside"));
        } else if self.lines && self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            let percent = self.taken.load(Ordering::Relaxed).min(self.total) * 100 / self.total.max(1);
            let _ = writeln!(std::io::stderr(), "reading: {percent} %, {rows} rows, {rejected} set aside");
        }
    }

    /// At the end.
    pub(super) fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
