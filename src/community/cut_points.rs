//! Without whom, or without which tie, would a piece fall apart? Articulation points and bridges, by petgraph.
//!
//! Cost: one copy of the graph and one depth-first search.

use super::graph::Graph;
use petgraph::algo::articulation_points::articulation_points;
use petgraph::algo::bridges::bridges;
use petgraph::visit::EdgeRef;

/// The nodes whose removal disconnects their piece, ascending. Directions are ignored. Paper: Tarjan (1972).
#[must_use]
pub fn articulation(graph: &Graph) -> Vec<usize> {
    let mut points: Vec<usize> =
        articulation_points(&graph.to_undirected_petgraph()).into_iter().map(|node| node.index()).collect();
    points.sort_unstable();
    points
}

/// The ties whose removal disconnects their piece, as `(a, b)` with `a < b`, ascending. The graph must be undirected.
#[must_use]
pub fn bridge_ties(graph: &Graph) -> Vec<(usize, usize)> {
    let copy = graph.to_undirected_petgraph();
    let ends = |a: usize, b: usize| (a.min(b), a.max(b));
    let mut ties: Vec<_> = bridges(&copy).map(|tie| ends(tie.source().index(), tie.target().index())).collect();
    ties.sort_unstable();
    ties
}
