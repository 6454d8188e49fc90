//! How many hops is it at least from here to a stop? Rings around the stop, grown only as far as it pays.
//!
//! A node inside the ball knows its hops exactly, and, in time order, the last day on which one can leave it and still
//! arrive in that many hops; a node outside is at least one hop further than the last ring.
//! Cost: 8 bytes a party, kept from question to question.

use super::rules::Rules;
use crate::model::Day;

/// Rings around one stop.
#[derive(Clone, Debug, Default)]
pub(super) struct Ball {
    /// Turn and hops of each node.
    seen: Vec<u32>,
    /// Last day to leave, where seen.
    latest: Vec<Day>,
    turn: u32,
    pub(super) hops: usize,
    /// All nodes by ring; ring `h` is `nodes[rings[h]..rings[h + 1]]`, ascending.
    nodes: Vec<u32>,
    rings: Vec<usize>,
}

impl Ball {
    /// Starts again around a stop.
    pub(super) fn begin(&mut self, rules: &Rules<'_>, stop: u32) {
        let parties = rules.snapshot.parties();
        self.turn += 1;
        if self.seen.len() != parties || self.turn >= 1 << 28 {
            self.seen = vec![0; parties];
            self.latest = vec![Day(0); parties];
            self.turn = 1;
        }
        self.hops = 0;
        self.nodes = vec![stop];
        self.rings = vec![0, 1];
        self.seen[stop as usize] = self.turn << 4;
        self.latest[stop as usize] = Day(i32::MAX);
    }

    /// Hops from a node to the stop, if it lies in the ball.
    pub(super) fn inside(&self, node: u32) -> Option<usize> {
        let seen = self.seen[node as usize];
        (seen >> 4 == self.turn).then_some((seen & 15) as usize)
    }

    /// At least this many hops from a node, left not before `day`; `None` when the stop cannot be reached.
    pub(super) fn at_least(&self, node: u32, day: Day) -> Option<usize> {
        match self.inside(node) {
            Some(hops) if day <= self.latest[node as usize] => Some(hops),
            Some(hops) => Some(hops + 1),
            None if self.is_whole() => None,
            None => Some(self.hops + 1),
        }
    }

    /// Whether there is nothing outside the ball that leads to the stop.
    pub(super) fn is_whole(&self) -> bool {
        self.ring().is_empty()
    }

    /// The nodes of the ball up to a ring; for a ring beyond the ball, all of them.
    pub(super) fn nodes_within(&self, hops: usize) -> &[u32] {
        &self.nodes[..self.rings[(hops + 1).min(self.rings.len() - 1)]]
    }

    /// How many links the next ring takes to look at.
    pub(super) fn width(&self, rules: &Rules<'_>) -> u64 {
        self.ring().iter().map(|&node| u64::from(rules.snapshot.degree(node))).sum()
    }

    /// Adds a ring; returns how many links were looked at.
    pub(super) fn grow(&mut self, rules: &Rules<'_>) -> u64 {
        let ring = self.rings[self.hops]..self.rings[self.hops + 1];
        let mark = self.turn << 4 | u32::try_from(self.hops + 1).expect("at most eight hops");
        let mut work = 0;
        for at in ring {
            let node = self.nodes[at];
            let leave = self.latest[node as usize];
            let neighbours = rules.snapshot.neighbours(node);
            work += neighbours.len() as u64;
            for (&next, &link) in neighbours.iter().zip(rules.snapshot.links_of(node)) {
                let seen = self.seen[next as usize];
                let new = seen >> 4 != self.turn;
                if !new && (seen != mark || !rules.timed) {
                    continue;
                }
                if new {
                    if !rules.allows_node(next) || !rules.allows_link(link) {
                        continue;
                    }
                    self.seen[next as usize] = mark;
                    self.latest[next as usize] = if rules.timed { Day(i32::MIN) } else { Day(i32::MAX) };
                    self.nodes.push(next);
                }
                if rules.timed
                    && let Some(day) = rules.latest(link, leave)
                {
                    let own = &mut self.latest[next as usize];
                    *own = day.max(*own);
                }
            }
        }
        self.hops += 1;
        let begin = self.rings[self.hops];
        self.nodes[begin..].sort_unstable();
        self.rings.push(self.nodes.len());
        work
    }

    fn ring(&self) -> &[u32] {
        &self.nodes[self.rings[self.hops]..]
    }
}
