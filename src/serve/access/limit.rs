//! How often may somebody try? Counts by minute, for attempts to sign in, searches and reveals.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Names that are counted; beyond it those of past minutes go.
const KEPT: usize = 10_000;

/// Counts of the present minute.
#[derive(Default)]
pub(in crate::serve) struct Limiter {
    counts: Mutex<BTreeMap<String, (i64, u32)>>,
}

impl Limiter {
    /// Whether one more is within the limit of a minute; counts it.
    pub(in crate::serve) fn takes(&self, who: &str, per_minute: u32, now: i64) -> bool {
        let minute = now / 60;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= KEPT {
            counts.retain(|_, (of, _)| *of == minute);
        }
        let count = counts.entry(who.to_owned()).or_insert((minute, 0));
        if count.0 != minute {
            *count = (minute, 0);
        }
        count.1 = count.1.saturating_add(1);
        count.1 <= per_minute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_a_limit_and_the_next_begins_anew() {
        let limiter = Limiter::default();
        let taken: Vec<bool> = [0, 1, 2, 59, 60].into_iter().map(|now| limiter.takes("a", 3, now)).collect();
        assert_eq!(taken, [true, true, true, false, true]);
        assert!(limiter.takes("b", 3, 59));
    }
}
