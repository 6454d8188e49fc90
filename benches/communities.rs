//! How long does it take to find the communities of a piece?
//!
//! `cargo bench --bench communities -- [PIECES]` (10,000 small pieces of 2–50 parties unless told otherwise), then one
//! graph of the size for which `igraph` takes 16 ms for one resolution: 6,346 parties, 29,192 ties. Estimate: a piece of
//! 20 parties and 60 ties takes some ten runs of Leiden of 5 µs each; the large graph 20 runs of 20 ms.
//! Before anything is measured, planted groups are found again.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use medring::community::communities;
use medring::model::{Party, Tie, hash_words};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

fn tie(a: u64, b: u64, weight: u32) -> Tie {
    let (a, b) = (Party(hash_words(&[a])), Party(hash_words(&[b])));
    Tie { a: a.min(b), b: a.max(b), weight, occasions: smallvec::SmallVec::new() }
}

/// Groups in which each pair is tied with a chance of `inside` percent, and `across` ties between groups.
fn planted(dice: &mut ChaCha8Rng, groups: u64, size: u64, inside: u32, across: u64) -> Vec<Tie> {
    let parties = groups * size;
    let mut ties = Vec::new();
    for a in 0..parties {
        for b in a + 1..(a / size + 1) * size {
            if b == a + 1 || dice.random_ratio(inside, 100) {
                ties.push(tie(a, b, dice.random_range(600..3_000)));
            }
        }
    }
    for _ in 0..across {
        let (a, b) = (dice.random_range(0..parties), dice.random_range(0..parties));
        if a != b {
            ties.push(tie(a, b, dice.random_range(300..900)));
        }
    }
    ties
}

fn report(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |permille: usize| took[(took.len() * permille / 1_000).min(took.len() - 1)].as_secs_f64() * 1e6;
    let mean = took.iter().sum::<Duration>().as_secs_f64() * 1e6 / took.len() as f64;
    println!("{name:<40} mean {mean:>9.1} µs   p50 {:>9.1} µs   p99 {:>9.1} µs", at(500), at(990));
}

fn timed(pieces: &[Vec<Tie>]) -> Vec<Duration> {
    let one = |ties: &Vec<Tie>| {
        let begun = Instant::now();
        assert!(!communities(ties).is_empty());
        begun.elapsed()
    };
    pieces.iter().map(one).collect()
}

fn main() {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok()).unwrap_or(10_000);
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let found = communities(&planted(&mut dice, 12, 15, 80, 60));
    assert_eq!(found.iter().filter(|members| members.len() >= 15).count(), 12);
    println!("self-check: 12 planted groups found");
    for (name, size) in [("2–4 parties", 2..=4), ("5–15 parties", 5..=15), ("16–50 parties", 16..=50)] {
        let mut piece = |_| {
            let size = dice.random_range(size.clone());
            planted(&mut dice, 1, size, 40, 0)
        };
        let pieces: Vec<Vec<Tie>> = (0..count).map(&mut piece).collect();
        report(name, timed(&pieces));
    }
    let star: Vec<Vec<Tie>> =
        (0..count).map(|n| (1..40).map(|leaf| tie(n * 100, n * 100 + leaf, 700)).collect()).collect();
    report("star of 40 parties", timed(&star));
    let large = planted(&mut dice, 323, 20, 45, 1_500);
    println!("large: {} ties", large.len());
    report("6,460 parties", timed(&[large]));
}
