//! How far is everybody from one party? In hops, or along the cheapest chain.
//!
//! Cost: one breadth-first search; or petgraph's Dijkstra on a copy of the graph.

use super::graph::Graph;
use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;

/// For each node its hops from `source`, `None` where no chain leads.
#[must_use]
pub fn hops(graph: &Graph, source: usize) -> Vec<Option<u32>> {
    let mut hops = vec![None; graph.len()];
    let mut order = vec![source];
    hops[source] = Some(0);
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        let next = hops[node].map(|so_far| so_far + 1);
        for &other in graph.outgoing().targets(node) {
            if hops[other as usize].is_none() {
                hops[other as usize] = next;
                order.push(other as usize);
            }
        }
    }
    hops
}

/// For each node the smallest sum of weights along a chain from `source`, `None` where no chain leads.
#[must_use]
pub fn cheapest(graph: &Graph, source: usize) -> Vec<Option<u64>> {
    let copy = graph.to_directed_petgraph();
    let reached = dijkstra(&copy, NodeIndex::new(source), None, |arc| u64::from(*arc.weight()));
    (0..graph.len()).map(|node| reached.get(&NodeIndex::new(node)).copied()).collect()
}
