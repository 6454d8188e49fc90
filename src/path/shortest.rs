//! What is the shortest chain between two parties? Search from both ends, smaller side first.
//!
//! ```text
//! from ─► ring ─► ring  ╳  ring ◄─ ring ◄─ to       before a ring is widened: do two lists of neighbours already meet?
//! ```
//! Reading two sorted lists side by side is far cheaper than marking the hundreds of thousands of patients of a large
//! hospital, and most chains end there. Parties in different pieces are answered without a search.
//! Cost: 8 bytes a party per [`Searcher`]; measured in `benches/paths.rs`.

use super::meet::Meet;
use super::snapshot::Snapshot;

/// Two rings of at most this many pairs of parties are compared list by list before one of them is widened.
const PAIRS_MAX: usize = 64;

/// Room to search in, used again by the next question.
#[derive(Clone, Debug, Default)]
pub struct Searcher {
    sides: [Side; 2],
    turn: u32,
}

/// What one end has seen: for each node the turn in which, and the neighbour from which, it was reached.
#[derive(Clone, Debug, Default)]
struct Side {
    seen: Vec<(u32, u32)>,
    ring: Vec<u32>,
}

impl Searcher {
    /// The nodes of a shortest chain, ends included; `None` when there is none. Of several shortest chains it always gives
    /// the same one. Arguments: numbers of nodes of the snapshot.
    pub fn shortest(&mut self, snapshot: &Snapshot, from: u32, to: u32) -> Option<Vec<u32>> {
        if from == to {
            return Some(vec![from]);
        }
        if !snapshot.connected(from, to) {
            return None;
        }
        self.begin(snapshot, from, to);
        loop {
            let [near, far] = [&self.sides[0].ring, &self.sides[1].ring];
            if near.is_empty() || far.is_empty() {
                return None;
            }
            if near.len() * far.len() <= PAIRS_MAX {
                if let Some((x, y)) = adjacent(snapshot, near, far) {
                    return Some(self.chain(x, None, y));
                }
                if let Some((x, middle, y)) = common(snapshot, near, far) {
                    return Some(self.chain(x, Some(middle), y));
                }
            }
            let width = |ring: &[u32]| ring.iter().map(|&node| u64::from(snapshot.degree(node))).sum::<u64>();
            let side = usize::from(width(near) > width(far));
            if let Some((inner, outer)) = self.widen(snapshot, side) {
                let (x, y) = if side == 0 { (inner, outer) } else { (outer, inner) };
                return Some(self.chain(x, None, y));
            }
        }
    }

    fn begin(&mut self, snapshot: &Snapshot, from: u32, to: u32) {
        self.turn = self.turn.wrapping_add(1);
        let turn = self.turn;
        for (side, start) in self.sides.iter_mut().zip([from, to]) {
            if side.seen.len() != snapshot.parties() || turn == 0 {
                side.seen = vec![(turn.wrapping_sub(1), 0); snapshot.parties()];
            }
            side.seen[start as usize] = (turn, start);
            side.ring.clear();
            side.ring.push(start);
        }
    }

    /// Takes one side a step further; returns a link into the other side's territory if there is one.
    fn widen(&mut self, snapshot: &Snapshot, side: usize) -> Option<(u32, u32)> {
        let turn = self.turn;
        let [first, second] = &mut self.sides;
        let (own, other) = if side == 0 { (first, second) } else { (second, first) };
        let mut next = Vec::new();
        for &node in &own.ring {
            for &neighbour in snapshot.neighbours(node) {
                let seen = &mut own.seen[neighbour as usize];
                if seen.0 == turn {
                    continue;
                }
                if other.seen[neighbour as usize].0 == turn {
                    return Some((node, neighbour));
                }
                *seen = (turn, node);
                next.push(neighbour);
            }
        }
        own.ring = next;
        None
    }

    fn chain(&self, x: u32, middle: Option<u32>, y: u32) -> Vec<u32> {
        let walk = |side: &Side, mut node: u32| {
            let mut nodes = vec![node];
            while side.seen[node as usize].1 != node {
                node = side.seen[node as usize].1;
                nodes.push(node);
            }
            nodes
        };
        let mut chain = walk(&self.sides[0], x);
        chain.reverse();
        chain.extend(middle);
        chain.extend(walk(&self.sides[1], y));
        chain
    }
}

/// A link between two rings.
fn adjacent(snapshot: &Snapshot, near: &[u32], far: &[u32]) -> Option<(u32, u32)> {
    near.iter().find_map(|&x| {
        far.iter().find_map(|&y| {
            let (few, other) = if snapshot.degree(x) <= snapshot.degree(y) { (x, y) } else { (y, x) };
            snapshot.neighbours(few).binary_search(&other).ok().map(|_| (x, y))
        })
    })
}

/// A common neighbour of two rings.
fn common(snapshot: &Snapshot, near: &[u32], far: &[u32]) -> Option<(u32, u32, u32)> {
    near.iter().find_map(|&x| {
        far.iter().find_map(|&y| {
            Meet::of(snapshot.neighbours(x), snapshot.neighbours(y)).next().map(|(middle, ..)| (x, middle, y))
        })
    })
}
