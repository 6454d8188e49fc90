//! How unlikely is an occasion if everybody comes on their own?
//!
//! All figures are −ln p in hundredths, integers, so that sums do not depend on order. Rates come from baselines that are
//! rounded to coarse steps ([`coarse`]), so that one new claim does not change every weight.
//!
//! * A **batch**: `n` people of one channel (an institution and a home area) on one day, when `λ` come on such a day.
//!   Chernoff's bound of the Poisson tail, `n ln(n/λ) − (n − λ)`, less the price of choosing the days (see [`select`]).
//!   `λ` is the rate of that weekday times [`UNEVEN`], because honest days differ too.
//! * A **meeting** of two people: with `m` and `k` visits to a channel open for `D` days, `m k / D` meetings are expected;
//!   each meeting weighs `−ln(m k / D)`, floored at 0. So a dialysis pair that meets three times a week for years weighs
//!   nothing, and two people who meet at three hospitals weigh a lot. No credit is given for the order of repeats, as
//!   `ln j!` would: visits of one habit are not independent.
//! * A **tie** adds the meetings up and pays for the pairs that could have met: `2 ln P` for a channel of `P` people.
//!
//! `benches/null.rs` checks the rule against dates shuffled within institution, month and home area.

/// Honest days are uneven (seasons, holidays, an epidemic): the rate is taken this much higher, in percent.
const UNEVEN: i64 = 160;

/// Days that a channel is taken to be open at least; a single day of arrivals says nothing about a rate.
pub(crate) const SPAN_DAYS_MIN: i64 = 180;

/// Rounds down to a power of two times 1, 1¼, 1½ or 1¾.
#[must_use]
pub(crate) fn coarse(value: u32) -> u32 {
    rounded(value, 3)
}

/// Rounds down by less than one in 256; what is below 512 stays as it is. A ring's own share is taken out of such counts: what is left
/// must be right where it is little.
#[must_use]
pub(crate) fn fine(value: u32) -> u32 {
    rounded(value, 9)
}

/// Keeps so many leading bits.
fn rounded(value: u32, bits: u32) -> u32 {
    let shift = (32 - bits).saturating_sub(value.leading_zeros());
    value >> shift << shift
}

/// 100 · ln(value), rounded; 0 for values up to 1.
#[must_use]
pub(crate) fn ln_hundredths(value: u64) -> i64 {
    ratio_ln(value.max(1), 1)
}

/// 100 · ln(numerator / denominator), rounded towards zero; both at least 1.
#[must_use]
pub(crate) fn ratio_ln(numerator: u64, denominator: u64) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let ratio = numerator.max(1) as f64 / denominator.max(1) as f64;
    // libm, not the platform's: the same bits on every machine.
    #[expect(clippy::cast_possible_truncation, reason = "at most 100 · ln(2^64)")]
    let hundredths = (100.0 * libm::log(ratio)) as i64;
    hundredths
}

/// Surprise of `people` on one day, when `per_day_micro` millionths of a person come on such a day, over `days` looked at.
#[must_use]
pub(crate) fn batch(people: u32, per_day_micro: u64, days: i64) -> i64 {
    (tail(people, per_day_micro) - ln_hundredths(days.unsigned_abs())).max(0)
}

/// A rate as high as it is on honest busy days.
pub(super) fn uneven(rate: u64) -> u64 {
    rate * UNEVEN.unsigned_abs() / 100
}

/// The same before paying for the days looked at.
#[must_use]
pub(crate) fn tail(people: u32, per_day_micro: u64) -> i64 {
    let rate = uneven(per_day_micro).max(20_000);
    let people = u64::from(people);
    if people < 2 || people * 1_000_000 <= rate {
        return 0;
    }
    let excess = i64::try_from((people * 1_000_000 - rate) / 10_000).unwrap_or(i64::MAX);
    i64::try_from(people).unwrap_or(i64::MAX) * ratio_ln(people * 1_000_000, rate) - excess
}

/// Surprise of `marked` among `people`, when `usual_milli` thousandths are usual: Chernoff's bound of the binomial tail,
/// `n KL(m/n ‖ p)`.
#[must_use]
pub(crate) fn share(marked: u64, people: u64, usual_milli: u64) -> i64 {
    let usual = usual_milli.clamp(1, 999);
    if people == 0 || marked * 1_000 <= people * usual {
        return 0;
    }
    let part = |count: u64, milli: u64| {
        let count_signed = i64::try_from(count).unwrap_or(i64::MAX);
        if count == 0 { 0 } else { count_signed * ratio_ln(count * 1_000, people * milli) }
    };
    part(marked, usual) + part(people - marked.min(people), 1_000 - usual)
}

/// The days that are unlikely together, ascending, each with its tail less its share of the choice: there are at most
/// `(e D / k)^k` ways to choose `k` of `D` days, so `k` days pay `k (1 + ln(D / k))`. One day alone pays as in [`batch`],
/// many small batches pay less each than one large one.
#[must_use]
pub(crate) fn select(mut tails: Vec<(i32, i64)>, days: i64) -> Vec<(i32, i64)> {
    tails.sort_unstable_by_key(|(day, tail)| (std::cmp::Reverse(*tail), *day));
    let price = |count: usize| 100 + ratio_ln(days.unsigned_abs(), u64::try_from(count).unwrap_or(1));
    let (mut best, mut chosen, mut sum) = (0, 0, 0);
    for (at, (_, tail)) in tails.iter().enumerate() {
        sum += tail;
        let net = sum - i64::try_from(at + 1).unwrap_or(0) * price(at + 1);
        if net > best {
            (best, chosen) = (net, at + 1);
        }
    }
    tails.truncate(chosen);
    let paid = price(chosen.max(1));
    tails.iter_mut().for_each(|(_, tail)| *tail = (*tail - paid).max(1));
    tails.sort_unstable();
    tails
}

/// Surprise of one meeting of two people with `m` and `k` visits to a channel open for `days`.
#[must_use]
pub(crate) fn meeting(m: u32, k: u32, days: i64) -> i64 {
    ratio_ln(days.unsigned_abs(), u64::from(m.max(1)) * u64::from(k.max(1))).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_steps_are_monotone_and_within_a_quarter() {
        let mut last = 0;
        for value in 0..100_000 {
            let step = coarse(value);
            assert!(step >= last && step <= value && step * 5 >= value * 4);
            last = step;
        }
    }

    #[test]
    fn fine_steps_are_exact_below_512_and_within_one_in_256() {
        assert!((0..512).all(|value| fine(value) == value));
        assert!((512..100_000).all(|value| fine(value) <= value && (value - fine(value)) * 256 < value));
    }

    #[test]
    fn a_busload_to_a_distant_hospital_is_a_surprise_and_a_busy_monday_is_not() {
        assert!(batch(15, 100_000, 730) > 4_000);
        assert_eq!(batch(30, 20_000_000, 730), 0);
        assert_eq!(batch(1, 1, 730), 0);
    }

    #[test]
    fn most_of_twenty_is_a_surprise_where_a_tenth_is_usual() {
        assert!(share(15, 21, 100) > 1_400);
        assert!(share(4, 21, 100) < 300);
        assert_eq!(share(2, 21, 100), 0);
        assert_eq!(share(0, 0, 100), 0);
        assert!(share(21, 21, 900) < 300);
    }

    #[test]
    fn many_small_batches_are_a_surprise_together() {
        let days: Vec<(i32, i64)> = (0..20).map(|day| (day, 600)).collect();
        assert_eq!(select(days, 730).len(), 20);
        assert!(select(vec![(0, 600)], 730).is_empty());
    }

    #[test]
    fn a_dialysis_pair_weighs_nothing() {
        assert_eq!(meeting(312, 312, 730), 0);
        assert!(meeting(2, 2, 730) > 500);
    }
}
