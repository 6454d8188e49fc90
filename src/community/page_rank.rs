//! To whom do ties lead most often? PageRank in integers, as LDBC Graphalytics defines it.
//!
//! A fixed number of rounds; who points to nobody points to everybody. petgraph's own costs nodes × ties and treats such
//! nodes otherwise. Cost: rounds × ties. Paper: Iosup et al., *LDBC Graphalytics* (2016).

use super::graph::Graph;

/// All rank there is; a node's rank is its part of this.
pub const WHOLE: u64 = 1_000_000_000_000_000_000;

/// For each node its rank as a part of [`WHOLE`]. Arguments: the graph, the damping in hundredths (85 is usual, at most
/// 100), the number of rounds. Weights do not matter.
#[must_use]
pub fn page_rank(graph: &Graph, damping_percent: u32, rounds: usize) -> Vec<u64> {
    let nodes = graph.len() as u64;
    if nodes == 0 {
        return Vec::new();
    }
    let damping = u128::from(damping_percent.min(100));
    let part = |sum: u128, of: u128| u64::try_from(sum / of).expect("a part of the whole");
    let targets = |node: usize| graph.outgoing().targets(node).len() as u64;
    let mut rank = vec![WHOLE / nodes; graph.len()];
    for _ in 0..rounds {
        let nowhere: u64 = (0..graph.len()).filter(|&node| targets(node) == 0).map(|node| rank[node]).sum();
        let base = part((100 - damping) * u128::from(WHOLE) + damping * u128::from(nowhere), 100 * u128::from(nodes));
        let given: Vec<u64> = (0..graph.len()).map(|node| rank[node] / targets(node).max(1)).collect();
        for (node, rank) in rank.iter_mut().enumerate() {
            let got: u64 = graph.incoming().targets(node).iter().map(|&from| given[from as usize]).sum();
            *rank = base + part(damping * u128::from(got), 100);
        }
    }
    rank
}
