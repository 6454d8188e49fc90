//! How many nats does it take to write a graph down, given its communities? The fewer, the truer the communities.
//!
//! The message: how the parties fall into communities; how many ties lie inside and outside of them; which pairs inside,
//! and which outside, have a tie; how heavy ties are inside, and outside, and which weight each of them has. Splitting pays only when
//! it saves more on the ties than naming the communities costs, so noise is not split and there is nothing to tune.
//! Cost: one pass over the ties, `ln Γ` from pure Rust (bit-identical everywhere), rounded to billionths of a nat.
//! Paper: Zhang and Peixoto, *Statistical inference of assortative community structures* (2020), the planted partition
//! with Bernoulli pairs; weights as in Peixoto, *Nonparametric weighted stochastic block models* (2018): geometric, each
//! mean a priori as likely as another.

use super::graph::Graph;

/// What a partition puts inside and outside of its communities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Parties of each community.
    pub sizes: Vec<u64>,
    /// Pairs, ties and weight inside communities.
    pub inside: Side,
    /// Pairs, ties and weight between communities.
    pub outside: Side,
}

/// Pairs, how many of them have a tie, and the weight of those ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Pairs of parties.
    pub pairs: u64,
    /// Pairs with a tie.
    pub ties: u64,
    /// Sum of the ties' weights; a weight of 0 counts as 1.
    pub weight: u64,
}

impl Tally {
    /// Counts a partition. Arguments: the graph; for each node its community, numbered from 0 without gaps.
    #[must_use]
    pub fn of(graph: &Graph, community: &[u32]) -> Tally {
        let communities = community.iter().max().map_or(0, |&last| last as usize + 1);
        let mut tally = Tally { sizes: vec![0; communities], ..Tally::default() };
        for &own in community {
            tally.sizes[own as usize] += 1;
        }
        for (a, b, weight) in graph.pairs() {
            let side = if community[a] == community[b] { &mut tally.inside } else { &mut tally.outside };
            side.ties += 1;
            side.weight += u64::from(weight.max(1));
        }
        let parties = community.len() as u64;
        tally.inside.pairs = tally.sizes.iter().map(|size| size * (size - 1) / 2).sum();
        tally.outside.pairs = parties * parties.saturating_sub(1) / 2 - tally.inside.pairs;
        tally
    }

    /// Length of the message in billionths of a nat.
    #[must_use]
    pub fn nanonats(&self) -> i128 {
        let parties: u64 = self.sizes.iter().sum();
        if parties == 0 {
            return 0;
        }
        let communities = self.sizes.len() as u64;
        let names = ln_factorial(parties) + ln_choose(parties - 1, communities - 1) + libm::log(float(parties));
        let inside: f64 = self.sizes.iter().map(|&size| ln_factorial(size)).sum();
        nano(names - inside) + self.inside.nanonats() + self.outside.nanonats()
    }
}

impl Side {
    fn nanonats(&self) -> i128 {
        let which = libm::log(float(self.pairs + 1)) + ln_choose(self.pairs, self.ties);
        let dealt = libm::log(float(self.weight + 1)) + ln_choose(self.weight, self.ties);
        nano(which) + nano(dealt)
    }
}

/// `ln n!`.
fn ln_factorial(n: u64) -> f64 {
    libm::lgamma(float(n) + 1.0)
}

/// `ln C(n, k)`; by Stirling's series where the difference of factorials would lose digits.
fn ln_choose(n: u64, k: u64) -> f64 {
    if k == 0 || k >= n {
        return 0.0;
    }
    if n < 1_000_000 {
        return ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    }
    let (all, rest) = (float(n), float(n - k));
    let few = float(k);
    let tail = (libm::log(all) - libm::log(rest)) / 2.0 + (1.0 / all - 1.0 / rest) / 12.0;
    few * libm::log(all) - few - ln_factorial(k) - rest * libm::log1p(-few / all) + tail
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^53 or lose less than they matter")]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "rounding is the purpose; nats stay far below 2^127 billionths")]
fn nano(nats: f64) -> i128 {
    libm::round(nats * 1e9) as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirling_agrees_with_factorials() {
        for (n, k) in [(1_000_000_u64, 1_u64), (1_200_000, 7), (5_000_000, 12_345), (2_000_000, 1_999_000)] {
            let plain: f64 = (0..k.min(n - k)).map(|i| libm::log(float(n - i)) - libm::log(float(i + 1))).sum();
            assert!((ln_choose(n, k) - plain).abs() < 1e-6 * plain, "{n} over {k}");
        }
    }
}
