//! How are reasons added up? Log-odds in hundredths, as integers, so that a sum does not depend on its order.

use std::sync::LazyLock;

/// 100 · ln(numerator / denominator), rounded towards zero; both taken as at least 1.
#[must_use]
pub(crate) fn ln_ratio(numerator: u64, denominator: u64) -> i32 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let ratio = numerator.max(1) as f64 / denominator.max(1) as f64;
    // libm, not the platform's: the same bits on every machine.
    #[expect(clippy::cast_possible_truncation, reason = "at most 100 · ln(2^64)")]
    let hundredths = (100.0 * libm::log(ratio)) as i32;
    hundredths
}

/// `part` of `whole` in percent; 0 of nothing is 0.
#[must_use]
pub(crate) fn percent(part: usize, whole: usize) -> i32 {
    i32::try_from((part * 100).checked_div(whole).unwrap_or(0)).unwrap_or(i32::MAX)
}

/// `most` hundredths at `full` percent and above, nothing at `none` percent and below, a straight line between.
#[must_use]
pub(crate) fn ramp(percent: i32, none: i32, full: i32, most: i32) -> i32 {
    (percent.clamp(none, full) - none) * most / (full - none)
}

/// The log-odds that something drawn `seen` times of `drawn` in a ring, and with `usual` percent elsewhere, speaks for the
/// ring. Smoothed; fifteen percent of every ring's stays are taken to be ordinary, so nothing rules anybody out alone.
#[must_use]
pub(crate) fn likeness(seen: usize, drawn: usize, usual: u64) -> i32 {
    let (seen, drawn) = (u64::try_from(seen).unwrap_or(0), u64::try_from(drawn).unwrap_or(0));
    let ring = 850 * (seen * 100 / usual.max(1) + 2) / (drawn + 2);
    ln_per_mille(ring + 150)
}

/// 100 · ln(parts per thousand), looked up: members are weighed stay by stay, three times over.
fn ln_per_mille(parts: u64) -> i32 {
    const KNOWN: u64 = 16_384;
    static TABLE: LazyLock<Vec<i32>> = LazyLock::new(|| (0..KNOWN).map(|parts| ln_ratio(parts, 1_000)).collect());
    let known = usize::try_from(parts).ok().and_then(|parts| TABLE.get(parts));
    known.copied().unwrap_or_else(|| ln_ratio(parts, 1_000))
}

/// The log-odds that a share of `percent` of `drawn` speaks for something else than the usual share, in thousandths: how many
/// times more often than usual, smoothed by three usual ones, `weight` percent of it, between a small doubt and `most`.
#[must_use]
pub(crate) fn lift(percent: i32, drawn: usize, usual_milli: i64, weight: i32, most: i32) -> i32 {
    lift_between(percent, drawn, usual_milli, weight, (-30, most))
}

/// [`lift`] between a doubt of its own and `most`: for reasons whose absence speaks as loudly as their presence.
#[must_use]
pub(crate) fn lift_between(
    percent: i32,
    drawn: usize,
    usual_milli: i64,
    weight: i32,
    (least, most): (i32, i32),
) -> i32 {
    let drawn = i64::try_from(drawn).unwrap_or(i64::MAX).min(1_000_000);
    let usual = usual_milli.clamp(1, 1_000);
    let seen = (i64::from(percent) * 10 * drawn + 3 * usual) / (drawn + 3);
    (ln_ratio(seen.max(1).unsigned_abs(), usual.unsigned_abs()) * weight / 100).clamp(least, most)
}

/// How many there would be if all were used alike, in hundredths: 100 when nearly everything is with one (the inverse Simpson
/// index).
#[must_use]
pub(crate) fn even<'c>(counts: impl Iterator<Item = &'c usize> + Clone) -> i32 {
    let all: usize = counts.clone().sum();
    let squares: usize = counts.map(|count| count * count).sum();
    percent(all * all, squares.max(1))
}

/// A count as a number for sums.
#[must_use]
pub(crate) fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The middle of some values; 0 of none.
#[must_use]
pub(crate) fn median(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_ring_shares_speaks_for_it_and_what_it_lacks_against() {
        assert!(likeness(40, 50, 10) > 180);
        assert!(likeness(0, 50, 10) < -100);
        assert_eq!(likeness(0, 0, 10), 0);
    }

    #[test]
    fn a_ramp_is_bounded() {
        assert_eq!((ramp(10, 20, 60, 100), ramp(40, 20, 60, 100), ramp(90, 20, 60, 100)), (0, 50, 100));
    }
}
