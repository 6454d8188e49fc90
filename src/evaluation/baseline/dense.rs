//! Which blocks of people and place-days are too dense? FRAUDAR (Hooi et al., *KDD* 2016): greedy peeling with a discount
//! for hubs, repeated on what is left.
//!
//! ```text
//! people × (place, day), a column's edges weigh 1 / log₂(degree + 5)
//! take away the node with the least weight, again and again; keep the densest state; report; remove its edges; repeat
//! ```
//!
//! Weights are integers, so that the answer depends on nothing but the rows.

use super::{Presence, SMALLEST, Sets};
use crate::model::Party;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// One in the fixed-point scale of weights.
const ONE: u64 = 1 << 20;

/// The densest blocks, densest first, at most `blocks`; each is the block's people and places.
/// Cost: blocks × edges × log(nodes).
#[must_use]
pub fn dense_blocks(rows: &[Presence], blocks: usize) -> Sets {
    let mut edges: Vec<(Party, (Party, i32))> = rows.iter().map(|row| (row.person, (row.place, row.begin.0))).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut sets = Vec::new();
    while sets.len() < blocks && !edges.is_empty() {
        let graph = Graph::of(&edges);
        let kept = graph.densest();
        let inside = |edge: &(Party, (Party, i32))| kept[graph.row(edge.0)] && kept[graph.column(edge.1)];
        let persons: BTreeSet<Party> = edges.iter().filter(|edge| inside(edge)).map(|edge| edge.0).collect();
        if persons.len() < SMALLEST {
            break;
        }
        let places = edges.iter().filter(|edge| inside(edge)).map(|edge| edge.1.0);
        sets.push(persons.iter().copied().chain(places).collect());
        edges.retain(|edge| !inside(edge));
    }
    sets
}

/// Rows are persons, columns are place-days; both are numbered, columns after rows.
struct Graph {
    rows: Vec<Party>,
    columns: Vec<(Party, i32)>,
    neighbours: Vec<Vec<usize>>,
    column_weight: Vec<u64>,
}

impl Graph {
    /// Place-days with a single person are left out of the numbering: no block needs them.
    fn of(edges: &[(Party, (Party, i32))]) -> Graph {
        let mut degrees: BTreeMap<(Party, i32), u64> = BTreeMap::new();
        edges.iter().for_each(|edge| *degrees.entry(edge.1).or_default() += 1);
        let rows: Vec<Party> = edges.iter().map(|edge| edge.0).collect::<BTreeSet<_>>().into_iter().collect();
        let mut graph = Graph {
            neighbours: vec![Vec::new(); rows.len() + degrees.len()],
            rows,
            columns: degrees.keys().copied().collect(),
            column_weight: degrees.values().map(|degree| ONE * ONE / log2(degree + 5)).collect(),
        };
        for edge in edges.iter().filter(|edge| degrees[&edge.1] > 1) {
            let (row, column) = (graph.row(edge.0), graph.column(edge.1));
            graph.neighbours[row].push(column);
            graph.neighbours[column].push(row);
        }
        graph
    }

    fn row(&self, person: Party) -> usize {
        self.rows.binary_search(&person).expect("every person of an edge is a row")
    }

    fn column(&self, column: (Party, i32)) -> usize {
        self.rows.len() + self.columns.binary_search(&column).expect("every place-day of an edge is a column")
    }

    /// Weight of an edge, by its column.
    fn weight(&self, a: usize, b: usize) -> u64 {
        self.column_weight[a.max(b) - self.rows.len()]
    }

    /// Which nodes the densest state of the peeling holds.
    fn densest(&self) -> Vec<bool> {
        let nodes = self.neighbours.len();
        let mut load: Vec<u64> =
            (0..nodes).map(|node| self.neighbours[node].iter().map(|other| self.weight(node, *other)).sum()).collect();
        let mut total = load.iter().sum::<u64>() / 2;
        let mut heap: BinaryHeap<Reverse<(u64, usize)>> = (0..nodes).map(|node| Reverse((load[node], node))).collect();
        let mut gone = vec![false; nodes];
        let mut order = Vec::with_capacity(nodes);
        let mut best = (total, nodes, 0);
        while let Some(Reverse((weight, node))) = heap.pop() {
            if gone[node] || weight != load[node] {
                continue;
            }
            gone[node] = true;
            order.push(node);
            total -= load[node];
            for other in self.neighbours[node].iter().copied().filter(|other| !gone[*other]) {
                load[other] -= self.weight(node, other);
                heap.push(Reverse((load[other], other)));
            }
            let left = nodes - order.len();
            if left > 0 && denser((total, left), (best.0, best.1)) {
                best = (total, left, order.len());
            }
        }
        let mut kept = vec![true; nodes];
        order[..best.2].iter().for_each(|node| kept[*node] = false);
        kept
    }
}

/// Compares two densities, weight over nodes, without dividing.
fn denser(a: (u64, usize), b: (u64, usize)) -> bool {
    let nodes = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    u128::from(a.0) * nodes(b.1) > u128::from(b.0) * nodes(a.1)
}

/// The binary logarithm of a number from 1 in the scale of [`ONE`], by repeated squaring.
fn log2(number: u64) -> u64 {
    let whole = u64::from(number.ilog2());
    let mut rest = (u128::from(number) * u128::from(ONE)) >> whole;
    let mut result = whole * ONE;
    let mut bit = ONE / 2;
    while bit > 0 {
        rest = rest * rest / u128::from(ONE);
        if rest >= u128::from(2 * ONE) {
            rest /= 2;
            result += bit;
        }
        bit /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_book() {
        assert_eq!((log2(1), log2(2), log2(1024)), (0, ONE, 10 * ONE));
        let of_six = 2_710_503; // 2.5849625 × 2²⁰
        assert!(log2(6).abs_diff(of_six) < 40, "{}", log2(6));
    }
}
