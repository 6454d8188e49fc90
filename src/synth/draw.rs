//! How is chance drawn? One seeded stream per piece of work, so that a seed gives the same world on any number of threads.
//!
//! Transcendental functions come from `libm`, not from the platform, so that two machines agree to the last bit. All
//! conversions between floats and integers of this room live here.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of chance.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream with this number in the world with this seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Draw {
        Draw(ChaCha8Rng::seed_from_u64(mix(seed, stream)))
    }

    /// A whole number in `0..n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n < 2 { 0 } else { self.0.random_range(0..n) }
    }

    /// A whole number in `low..=high`.
    pub(crate) fn int(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// A day or another small number in `low..=high`.
    pub(crate) fn day(&mut self, low: i32, high: i32) -> i32 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// A real number in `0..1`.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// A real number in `low..high`.
    pub(crate) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A number in `low..high` whose logarithm is uniform: wide ranges without a preference for the large end.
    pub(crate) fn wide(&mut self, low: f64, high: f64) -> f64 {
        libm::exp(self.real(libm::log(low), libm::log(high)))
    }

    /// [`Draw::wide`], rounded.
    pub(crate) fn wide_int(&mut self, low: i64, high: i64) -> i64 {
        whole(self.wide(low as f64, high as f64 + 1.0)).clamp(low, high)
    }

    /// A standard normal number (Box–Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// A lognormal number with this median and this sigma of the logarithm.
    pub(crate) fn spread(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// How often something with this mean happens.
    pub(crate) fn count(&mut self, mean: f64) -> usize {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 40.0 {
            return usize::try_from(whole(mean + libm::sqrt(mean) * self.normal()).max(0)).unwrap_or(0);
        }
        let (limit, mut product, mut times) = (libm::exp(-mean), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            times += 1;
        }
        times
    }

    /// One of the items; the slice must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// The place of one weight, chosen in proportion.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Puts items in random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Some of the items, in random order.
    pub(crate) fn some<T: Copy>(&mut self, items: &[T], n: usize) -> Vec<T> {
        let mut chosen = items.to_vec();
        self.shuffle(&mut chosen);
        chosen.truncate(n);
        chosen
    }

    /// A number that names something new.
    pub(crate) fn key(&mut self) -> u64 {
        self.0.next_u64() | 1
    }
}

/// A well-mixed number from two (splitmix64's finaliser).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
    z = (z ^ (z >> 30)).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in `0..n` that a hash stands for.
pub(crate) fn slot(hash: u64, n: usize) -> usize {
    usize::try_from(hash % (n.max(1) as u64)).unwrap_or(0)
}

/// A length as a compact index.
pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "amounts and days are far inside the range of i64")]
pub(crate) fn whole(x: f64) -> i64 {
    libm::round(x) as i64
}

/// The nearest whole number of days.
pub(crate) fn days(x: f64) -> i32 {
    i32::try_from(whole(x)).unwrap_or(i32::MAX)
}

/// Yuan as fen.
pub(crate) fn fen(yuan: f64) -> i64 {
    whole(yuan * 100.0)
}
