//! Who is in the hard core? A party is in the k-core if it has k ties to others who are in it too.
//!
//! Cost: linear in the ties. Paper: Batagelj and Zaveršnik, *An O(m) algorithm for cores decomposition* (2003); petgraph
//! has none.

use super::graph::Graph;

/// For each node the largest k whose k-core holds it. The graph must be undirected; weights do not matter.
#[must_use]
pub fn core_numbers(graph: &Graph) -> Vec<u32> {
    let neighbours = |node: usize| graph.outgoing().targets(node);
    let mut left: Vec<usize> = (0..graph.len()).map(|node| neighbours(node).len()).collect();
    let most = left.iter().copied().max().unwrap_or(0);
    let mut by_degree = vec![Vec::new(); most + 1];
    for (node, &degree) in left.iter().enumerate() {
        by_degree[degree].push(node);
    }
    let mut core = vec![0; graph.len()];
    let mut done = vec![false; graph.len()];
    let mut at = 0;
    while at <= most {
        let Some(node) = by_degree[at].pop() else {
            at += 1;
            continue;
        };
        if done[node] || left[node] != at {
            continue;
        }
        done[node] = true;
        core[node] = u32::try_from(at).expect("a piece has fewer than 2^32 ties");
        for other in neighbours(node).iter().map(|&other| other as usize) {
            if !done[other] && left[other] > at {
                left[other] -= 1;
                by_degree[left[other]].push(other);
            }
        }
    }
    core
}
