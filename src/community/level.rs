//! What does a graph look like when several parties are one node? The level of a hierarchy that Leiden works on.
//!
//! Ties inside a node are dropped: they are in every partition of the level alike. Cost: 12 bytes a tie and direction.

use super::graph::Graph;

/// One unit of weight or resolution is 1 / `UNIT`.
pub const UNIT: i64 = 1 << 16;

/// A weighted graph whose nodes stand for several parties.
#[derive(Clone, Debug)]
pub struct Level {
    start: Vec<u32>,
    target: Vec<u32>,
    weight: Vec<i64>,
    pub(super) size: Vec<i64>,
}

impl Level {
    /// One node per party, with weights as given. Arguments: the graph, and what a tie of some weight is worth in 1 /
    /// [`UNIT`] (may be negative). Cost: one copy.
    #[must_use]
    pub fn of(graph: &Graph, worth: impl Fn(u32) -> i64) -> Level {
        let mut level = Level { start: vec![0], target: Vec::new(), weight: Vec::new(), size: vec![1; graph.len()] };
        for node in 0..graph.len() {
            level.target.extend_from_slice(graph.outgoing().targets(node));
            level.weight.extend(graph.outgoing().weights(node).iter().map(|&weight| worth(weight)));
            level.start.push(number(level.target.len()));
        }
        level
    }

    pub(super) fn len(&self) -> usize {
        self.size.len()
    }

    pub(super) fn neighbours(&self, node: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let range = self.start[node] as usize..self.start[node + 1] as usize;
        self.target[range.clone()].iter().zip(&self.weight[range]).map(|(&target, &weight)| (target as usize, weight))
    }

    /// One node for each of `count` parts.
    pub(super) fn aggregated(&self, part: &[u32], count: usize) -> Level {
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut level = Level { start: vec![0], target: Vec::new(), weight: Vec::new(), size: vec![0; count] };
        for node in 0..self.len() {
            level.size[part[node] as usize] += self.size[node];
            members[part[node] as usize].push(number(node));
        }
        let mut toward = Toward::new(count);
        for (own, nodes) in members.iter().enumerate() {
            for &node in nodes {
                for (other, weight) in self.neighbours(node as usize) {
                    toward.add(part[other], weight);
                }
            }
            toward.seen.sort_unstable();
            for &other in toward.seen.iter().filter(|&&other| other as usize != own) {
                level.target.push(other);
                level.weight.push(toward.weight[other as usize]);
            }
            toward.clear();
            level.start.push(number(level.target.len()));
        }
        level
    }
}

/// Weight from one node towards each community; cleared in the time it took to fill.
pub(super) struct Toward {
    pub(super) weight: Vec<i64>,
    met: Vec<bool>,
    pub(super) seen: Vec<u32>,
}

impl Toward {
    pub(super) fn new(count: usize) -> Toward {
        Toward { weight: vec![0; count], met: vec![false; count], seen: Vec::new() }
    }

    pub(super) fn add(&mut self, label: u32, weight: i64) {
        let at = label as usize;
        if !self.met[at] {
            self.met[at] = true;
            self.seen.push(label);
        }
        self.weight[at] += weight;
    }

    pub(super) fn clear(&mut self) {
        for label in self.seen.drain(..) {
            self.weight[label as usize] = 0;
            self.met[label as usize] = false;
        }
    }
}

/// A node or tie as a number.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a piece has fewer than 2^32 parties and ties")
}
