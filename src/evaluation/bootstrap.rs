//! How far could a figure be off by luck of which rings were in the sample? Percentile bootstrap over rings.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// Resamples drawn.
const RESAMPLES: usize = 1000;

/// A 95 % interval of a mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The interval of the mean of `values`, one value per ring; `None` without rings. The same seed gives the same answer.
pub(super) fn interval(values: &[u64], seed: u64) -> Option<Interval> {
    if values.is_empty() {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut sums: Vec<u64> =
        (0..RESAMPLES).map(|_| (0..values.len()).map(|_| values[random.random_range(0..values.len())]).sum()).collect();
    sums.sort_unstable();
    let mean = |sum: u64| super::measure::quotient(sum, u64::try_from(values.len()).unwrap_or(u64::MAX));
    Some(Interval { low: mean(sums[RESAMPLES * 25 / 1000]), high: mean(sums[RESAMPLES * 975 / 1000 - 1]) })
}
