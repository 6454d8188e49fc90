//! Do my neighbours know one another? The local clustering coefficient, as LDBC Graphalytics defines it.
//!
//! Cost: Σ over nodes of the degrees of their neighbours. Paper: Watts and Strogatz (1998), Iosup et al. (2016).

use super::graph::Graph;

/// How many arcs there are between the neighbours of a node, out of how many there could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closed {
    /// Arcs between neighbours; a tie of an undirected graph counts as two.
    pub arcs: u64,
    /// Ordered pairs of neighbours; 0 when there are fewer than two.
    pub pairs: u64,
}

impl Closed {
    /// The coefficient in millionths; 0 when there are fewer than two neighbours.
    #[must_use]
    pub fn millionths(self) -> u64 {
        (self.arcs * 1_000_000).checked_div(self.pairs).unwrap_or(0)
    }
}

/// For each node how closed its neighbourhood is; neighbours are all that an arc leads to or comes from.
#[must_use]
pub fn clustering(graph: &Graph) -> Vec<Closed> {
    let mut near = vec![false; graph.len()];
    let mut neighbours: Vec<u32> = Vec::new();
    let mut closed = Vec::with_capacity(graph.len());
    for node in 0..graph.len() {
        neighbours.clear();
        neighbours.extend_from_slice(graph.outgoing().targets(node));
        if graph.is_directed() {
            neighbours.extend_from_slice(graph.incoming().targets(node));
            neighbours.sort_unstable();
            neighbours.dedup();
        }
        neighbours.iter().for_each(|&other| near[other as usize] = true);
        let arcs = |&other: &u32| {
            graph.outgoing().targets(other as usize).iter().filter(|&&next| near[next as usize]).count() as u64
        };
        let arcs = neighbours.iter().map(arcs).sum();
        let count = neighbours.len() as u64;
        closed.push(Closed { arcs, pairs: count * count.saturating_sub(1) });
        neighbours.iter().for_each(|&other| near[other as usize] = false);
    }
    closed
}
