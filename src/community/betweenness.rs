//! Who stands between the others? How many shortest chains lead over a party.
//!
//! Chains count ties, not weights. Above [`EXACT_MAX`] parties chains start at [`SOURCES`] parties only, those with the
//! smallest hash, and the sums are scaled up. Each source's share is rounded to millionths before it is added, so the
//! result does not depend on the number of threads.
//! Cost: sources × ties, in parallel. Paper: Brandes, *A faster algorithm for betweenness centrality* (2001); Brandes and
//! Pich (2007) for sampling.

use super::graph::Graph;
use crate::model::hash_words;
use rayon::prelude::*;

/// A piece of up to this many parties is measured exactly.
pub const EXACT_MAX: usize = 2_000;
/// Sources in a larger piece.
pub const SOURCES: usize = 500;

/// For each node the number of pairs of others whose shortest chains lead over it, in millionths; a pair with several
/// shortest chains counts with the part that leads over the node. In an undirected graph each pair counts once.
#[must_use]
pub fn betweenness(graph: &Graph) -> Vec<u64> {
    let sources = sources(graph);
    let add = |mut one: Vec<u64>, other: Vec<u64>| {
        one.iter_mut().zip(other).for_each(|(sum, share)| *sum += share);
        one
    };
    let mut sums = if graph.len() <= 200 {
        sources.iter().map(|&source| shares(graph, source)).fold(vec![0; graph.len()], add)
    } else {
        sources.par_iter().map(|&source| shares(graph, source)).reduce(|| vec![0; graph.len()], add)
    };
    let (all, taken) = (graph.len() as u128, sources.len().max(1) as u128);
    for sum in &mut sums {
        let scaled = u128::from(*sum) * all / taken / if graph.is_directed() { 1 } else { 2 };
        *sum = u64::try_from(scaled).unwrap_or(u64::MAX);
    }
    sums
}

fn sources(graph: &Graph) -> Vec<usize> {
    let mut sources: Vec<usize> = (0..graph.len()).collect();
    if graph.len() > EXACT_MAX {
        sources.sort_unstable_by_key(|&node| (hash_words(&[graph.parties()[node].0]), node));
        sources.truncate(SOURCES);
    }
    sources
}

/// What the chains from one source add to each node, in millionths.
fn shares(graph: &Graph, source: usize) -> Vec<u64> {
    let mut hops = vec![u32::MAX; graph.len()];
    let mut chains = vec![0.0_f64; graph.len()];
    let mut order = vec![source];
    hops[source] = 0;
    chains[source] = 1.0;
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        for next in graph.outgoing().targets(node).iter().map(|&next| next as usize) {
            if hops[next] == u32::MAX {
                hops[next] = hops[node] + 1;
                order.push(next);
            }
            if hops[next] == hops[node] + 1 {
                chains[next] += chains[node];
            }
        }
    }
    let mut share = vec![0.0_f64; graph.len()];
    for &node in order.iter().rev() {
        for next in graph.outgoing().targets(node).iter().map(|&next| next as usize) {
            if hops[next] == hops[node] + 1 {
                share[node] += chains[node] / chains[next] * (1.0 + share[next]);
            }
        }
    }
    share[source] = 0.0;
    share.into_iter().map(millionths).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounding is the purpose; never negative")]
fn millionths(share: f64) -> u64 {
    (share * 1e6).round() as u64
}
