//! How is the server doing? Counts for Prometheus, without a word about anybody.

use super::shared::Shared;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the classes of answer times, milliseconds.
const ANSWER_MS: [u64; 8] = [1, 5, 20, 50, 100, 500, 2_000, 10_000];

/// Counts since the server started.
#[derive(Default)]
pub(super) struct Metrics {
    requests: AtomicU64,
    refused: AtomicU64,
    answers: [AtomicU64; ANSWER_MS.len()],
    answers_all: AtomicU64,
    answers_us: AtomicU64,
    waiting: AtomicI64,
    batches: AtomicU64,
    batches_again: AtomicU64,
    batches_refused: AtomicU64,
    rows: AtomicU64,
    rows_aside: AtomicU64,
    batch_ms: AtomicU64,
    graph_ms: AtomicU64,
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

fn whole(time: u128) -> u64 {
    u64::try_from(time).unwrap_or(u64::MAX)
}

impl Metrics {
    /// A request came, and whether it was refused.
    pub(super) fn asked(&self, refused: bool) {
        add(&self.requests, 1);
        add(&self.refused, u64::from(refused));
    }

    /// A question was worked out.
    pub(super) fn answered(&self, took: Duration) {
        add(&self.answers_all, 1);
        add(&self.answers_us, whole(took.as_micros()));
        for (class, most) in self.answers.iter().zip(ANSWER_MS) {
            add(class, u64::from(took <= Duration::from_millis(most)));
        }
    }

    /// A batch was queued (1) or is done (−1).
    pub(super) fn queued(&self, change: i64) {
        self.waiting.fetch_add(change, Ordering::Relaxed);
    }

    /// Batches that wait or are under way.
    pub(super) fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A batch was committed.
    pub(super) fn taken(&self, rows: u64, aside: u64, took: Duration) {
        add(&self.batches, 1);
        add(&self.rows, rows);
        add(&self.rows_aside, aside);
        add(&self.batch_ms, whole(took.as_millis()));
    }

    /// A batch was known already.
    pub(super) fn known(&self) {
        add(&self.batches_again, 1);
    }

    /// A batch was refused.
    pub(super) fn refused(&self) {
        add(&self.batches_refused, 1);
    }

    /// A graph was built.
    pub(super) fn built(&self, took: Duration) {
        self.graph_ms.store(whole(took.as_millis()), Ordering::Relaxed);
    }

    /// All counts in Prometheus' text format.
    pub(super) fn text(&self, shared: &Shared) -> String {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed).to_string();
        let view = shared.view();
        let lag = shared.graph_epoch().map_or(view.epoch, |epoch| view.epoch - epoch.min(view.epoch));
        let mut text = String::new();
        let mut one = |name: &str, kind: &str, help: &str, value: &str| {
            let (name, kind) = (format!("medring_{name}"), kind.to_owned());
            // A String takes every write.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        };
        one("epoch", "gauge", "Last epoch published.", &view.epoch.to_string());
        one("graph_lag_epochs", "gauge", "Epochs that the graph is behind.", &lag.to_string());
        one("rings", "gauge", "Suspected leads in the last epoch.", &view.rings.len().to_string());
        one("ready", "gauge", "1 when every question can be answered.", &u8::from(shared.is_ready()).to_string());
        one("queue_batches", "gauge", "Batches that wait or are under way.", &self.waiting().to_string());
        one("requests_total", "counter", "Requests.", &of(&self.requests));
        one("requests_refused_total", "counter", "Requests answered with an error.", &of(&self.refused));
        one("batches_total", "counter", "Batches committed.", &of(&self.batches));
        one("batches_known_total", "counter", "Batches that were known already.", &of(&self.batches_again));
        one("batches_refused_total", "counter", "Batches refused.", &of(&self.batches_refused));
        one("rows_total", "counter", "Rows of committed batches.", &of(&self.rows));
        one("rows_set_aside_total", "counter", "Rows of committed batches that were set aside.", &of(&self.rows_aside));
        one("batch_milliseconds_total", "counter", "Time spent on committed batches.", &of(&self.batch_ms));
        one("graph_milliseconds", "gauge", "Time the last graph took.", &of(&self.graph_ms));
        one("memory_peak_bytes", "gauge", "Most memory held.", &crate::engine::peak_bytes().to_string());
        let name = "medring_answer_milliseconds";
        let _ = write!(text, "# HELP {name} Time to work out an answer.\n# TYPE {name} histogram\n");
        for (class, most) in self.answers.iter().zip(ANSWER_MS) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{most}\"}} {}", of(class));
        }
        let all = of(&self.answers_all);
        let sum = self.answers_us.load(Ordering::Relaxed) / 1_000;
        let _ = write!(text, "{name}_bucket{{le=\"+Inf\"}} {all}\n{name}_sum {sum}\n{name}_count {all}\n");
        text
    }
}
