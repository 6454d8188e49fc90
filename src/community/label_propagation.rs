//! Which label do most of my neighbours carry? Synchronous label propagation, as LDBC Graphalytics defines it.
//!
//! Not used to find communities (it fails on sparse graphs, see `resolution`), but a cheap cross-check with a public
//! reference. Cost: rounds × ties × the logarithm of the degree. Paper: Raghavan et al. (2007), Iosup et al. (2016).

use super::graph::Graph;
use crate::model::Party;

/// For each node its label after a number of rounds; labels are parties, equal counts go to the smallest. An arc counts at
/// both of its ends, so two arcs between the same nodes count twice. Weights do not matter.
#[must_use]
pub fn label_propagation(graph: &Graph, rounds: usize) -> Vec<Party> {
    let mut labels = graph.parties().to_vec();
    let mut around = Vec::new();
    for _ in 0..rounds {
        let before = labels.clone();
        for (node, label) in labels.iter_mut().enumerate() {
            around.clear();
            around.extend(graph.outgoing().targets(node).iter().map(|&other| before[other as usize]));
            if graph.is_directed() {
                around.extend(graph.incoming().targets(node).iter().map(|&other| before[other as usize]));
            }
            around.sort_unstable();
            *label = most_frequent(&around).unwrap_or(*label);
        }
        if labels == before {
            break;
        }
    }
    labels
}

/// The smallest of the most frequent in a sorted list.
fn most_frequent(sorted: &[Party]) -> Option<Party> {
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.max_by(|a, b| a.len().cmp(&b.len()).then(b[0].cmp(&a[0]))).map(|run| run[0])
}
