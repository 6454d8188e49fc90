//! Which parties are connected at all? Pieces of a graph, by petgraph's union-find.
//!
//! Cost: near-linear in the ties.

use super::graph::Graph;
use petgraph::unionfind::UnionFind;

/// For each node the number of its piece; pieces count up in the order of their smallest party. Directions are ignored.
#[must_use]
pub fn components(graph: &Graph) -> Vec<u32> {
    labels(graph.len(), graph.pairs().map(|(a, b, _)| (a, b)))
}

/// The same for pairs of nodes below `nodes`.
pub(super) fn labels(nodes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<u32> {
    let mut union = UnionFind::<usize>::new(nodes);
    for (a, b) in pairs {
        union.union(a, b);
    }
    let mut labels: Vec<u32> =
        union.into_labeling().into_iter().map(|label| u32::try_from(label).expect("fewer than 2^32 parties")).collect();
    super::leiden::renumber(&mut labels);
    labels
}
