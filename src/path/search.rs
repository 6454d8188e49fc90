//! Which chains are the best ones? All chains of one hop, of two, of three …, as far as they can still be among the best.
//!
//! ```text
//! from ─► a ─► b ─► …            one neighbour after the other while more than three hops are left
//!               b ─► c ─► d ─► to     the last three: numbers in both N(b) and N(d), for each d in N(to)
//!                    c ─► d ─► to     the last two: numbers in both N(c) and N(to)
//! ```
//! Neighbours are read in ascending order and a begun chain that cannot beat the last of the best is dropped, so large
//! nodes are opened only as far as needed. In a piece with two sides, lengths that cannot fit are skipped.
//! Cost: numbers read, bounded by the question.

use super::meet::Meet;
use super::question::HOPS_MAX;
use super::rules::{Rules, UNDATED};
use crate::model::Day;

/// A stop with at most this many neighbours lets the last three hops be found by comparing lists.
const LISTS_MAX: usize = 16;

/// A chain of nodes, with its cost and its last day; ordered as the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Begun {
    /// Cost of the chain, or, while it is being made, the least that it can cost; thousandths of a hop.
    pub(super) cost_milli: u32,
    /// The day of the last hop, or, while the chain is being made, the first day on which it can end.
    day: Day,
    nodes: [u32; HOPS_MAX + 1],
    hops: usize,
    paid_milli: u32,
    /// The day of the last hop so far.
    now: Day,
}

impl Begun {
    /// The nodes of the chain.
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes[..=self.hops]
    }

    fn last(&self) -> u32 {
        self.nodes[self.hops]
    }
}

/// Chains in order, and whether the search had to stop.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) chains: Vec<Begun>,
    pub(super) stopped: bool,
    pub(super) work: u64,
}

/// The first `count` chains that `wanted` agrees to, reading no more than about `work_max` numbers.
pub(super) fn search(rules: &Rules<'_>, count: usize, work_max: u64, wanted: &dyn Fn(&Begun) -> bool) -> Found {
    let (found, lengths, ends) = (Found::default(), Vec::new(), rules.end_days());
    let mut run = Run { rules, count, work_max, wanted, found, lengths, hops: 0, ends };
    let stages = rules.stops.len() - 1;
    for hops in stages..=rules.hops_max {
        if run.is_full() && run.found.chains[count - 1].cost_milli < rules.cost_min_milli(hops) {
            break;
        }
        run.hops = hops;
        run.every_split(hops, stages);
    }
    run.found
}

struct Run<'a> {
    rules: &'a Rules<'a>,
    count: usize,
    work_max: u64,
    wanted: &'a dyn Fn(&Begun) -> bool,
    found: Found,
    /// Hops from stop to stop.
    lengths: Vec<usize>,
    /// Hops of the whole chain.
    hops: usize,
    /// In time order, the days on which anything leads to the end, ascending.
    ends: Vec<Day>,
}

/// Whether later neighbours can be better than the one just tried.
#[derive(PartialEq, Eq)]
enum Then {
    Next,
    Leave,
}

impl Run<'_> {
    fn is_full(&self) -> bool {
        self.found.chains.len() >= self.count
    }

    /// All ways to spread the hops over the stages.
    fn every_split(&mut self, hops: usize, stages: usize) {
        let at = self.lengths.len();
        let lengths = if stages == 1 { hops..=hops } else { 1..=(hops + 1).saturating_sub(stages) };
        for length in lengths {
            if !self.rules.snapshot.parity_fits(self.rules.stops[at], self.rules.stops[at + 1], length) {
                continue;
            }
            self.lengths.push(length);
            if stages > 1 {
                self.every_split(hops - length, stages - 1);
            } else {
                let mut start = Begun {
                    cost_milli: 0,
                    day: Day(i32::MIN),
                    nodes: [0; HOPS_MAX + 1],
                    hops: 0,
                    paid_milli: 0,
                    now: UNDATED,
                };
                start.nodes[0] = self.rules.stops[0];
                self.walk(&start, 0, self.lengths[0]);
            }
            self.lengths.pop();
        }
    }

    /// Goes on from the end of a begun chain; `left` hops lead to the stop of this stage.
    fn walk(&mut self, begun: &Begun, stage: usize, left: usize) -> Then {
        let stop = self.rules.stops[stage + 1];
        let snapshot = self.rules.snapshot;
        let node = begun.last();
        match left {
            1 => {
                self.found.work += 8;
                let Ok(at) = snapshot.neighbours(node).binary_search(&stop) else { return Then::Next };
                self.arrive(begun, stage, snapshot.first_arc(node) + at)
            }
            2 => self.last_two(begun, stage),
            3 if snapshot.degree(stop) as usize <= LISTS_MAX => self.last_three(begun, stage),
            _ => {
                let first = snapshot.first_arc(node);
                for (at, &next) in snapshot.neighbours(node).iter().enumerate() {
                    self.found.work += 1;
                    let then = match self.step(begun, stage, next, first + at) {
                        Ok(longer) => {
                            self.walk(&longer, stage, left - 1);
                            Then::Next
                        }
                        Err(then) => then,
                    };
                    if then == Then::Leave || self.found.stopped {
                        return Then::Next;
                    }
                }
                Then::Next
            }
        }
    }

    fn last_two(&mut self, begun: &Begun, stage: usize) -> Then {
        let (snapshot, node, stop) = (self.rules.snapshot, begun.last(), self.rules.stops[stage + 1]);
        let mut meet = Meet::of(snapshot.neighbours(node), snapshot.neighbours(stop));
        while let Some((middle, at, across)) = meet.next() {
            let then = match self.step(begun, stage, middle, snapshot.first_arc(node) + at) {
                Ok(longer) => self.arrive(&longer, stage, snapshot.first_arc(stop) + across),
                Err(then) => then,
            };
            if then == Then::Leave || self.is_too_much(meet.passed()) {
                break;
            }
        }
        self.found.work += meet.passed() + 8;
        self.found.stopped |= self.is_too_much(0);
        Then::Next
    }

    /// One gate to the stop after the other, those that open earliest first.
    fn last_three(&mut self, begun: &Begun, stage: usize) -> Then {
        let (snapshot, node, stop) = (self.rules.snapshot, begun.last(), self.rules.stops[stage + 1]);
        let own = snapshot.first_arc(stop);
        let open = |at: usize| self.rules.allows_arc(own + at, begun.now).map(|day| (day, at));
        let mut gates: Vec<(Day, usize)> = (0..snapshot.neighbours(stop).len()).filter_map(open).collect();
        gates.sort_unstable();
        for (day, which) in gates {
            let gate = snapshot.neighbours(stop)[which];
            if begun.nodes().contains(&gate) || !self.rules.allows_node(gate) {
                continue;
            }
            let mut meet = Meet::of(snapshot.neighbours(node), snapshot.neighbours(gate));
            while let Some((middle, at, across)) = meet.next() {
                if self.is_late(begun, day, middle) || self.is_too_much(meet.passed()) {
                    break;
                }
                let (here, there) = (snapshot.first_arc(node) + at, snapshot.first_arc(gate) + across);
                if self.rules.timed && (self.rules.is_over(here, begun.now) || snapshot.span(there).0 > self.last_end())
                {
                    continue;
                }
                let Ok(longer) = self.step(begun, stage, middle, here) else { continue };
                let Ok(longer) = self.step(&longer, stage, gate, there) else { continue };
                self.arrive(&longer, stage, own + which);
            }
            self.found.work += meet.passed() + 8;
            if self.is_too_much(0) {
                self.found.stopped = true;
                break;
            }
        }
        Then::Next
    }

    /// Whether a chain over this middle, or over a later one, that cannot end before `day` is too late to be among the best.
    fn is_late(&self, begun: &Begun, day: Day, middle: u32) -> bool {
        if !self.is_full() {
            return false;
        }
        let rest = self.rules.cost_min_milli(self.hops - begun.hops);
        let mut least = Begun { cost_milli: begun.paid_milli.saturating_add(rest), ..*begun };
        least.day = least.day.max(day);
        least.nodes[least.hops + 1] = middle;
        least >= self.found.chains[self.count - 1]
    }

    fn is_too_much(&self, more: u64) -> bool {
        self.found.work + more > self.work_max
    }

    /// One hop more, unless a rule forbids it or it cannot be among the best.
    fn step(&mut self, begun: &Begun, stage: usize, next: u32, arc: usize) -> Result<Begun, Then> {
        let stop = self.rules.stops[stage + 1];
        if self.is_too_much(0) {
            self.found.stopped = true;
            return Err(Then::Leave);
        }
        if begun.nodes().contains(&next)
            || (next != stop && self.rules.stops.contains(&next))
            || !self.rules.allows_node(next)
        {
            return Err(Then::Next);
        }
        let Some(now) = self.rules.allows_arc(arc, begun.now) else { return Err(Then::Next) };
        let mut longer = Begun { now, hops: begun.hops + 1, ..*begun };
        if longer.hops == self.hops {
            longer.day = now;
        } else if let Some(day) = self.first_end(now) {
            longer.day = day;
        } else {
            return Err(Then::Next);
        }
        longer.nodes[longer.hops] = next;
        longer.paid_milli = begun.paid_milli.saturating_add(self.rules.cost_milli(next));
        longer.cost_milli = longer.paid_milli.saturating_add(self.rules.cost_min_milli(self.hops - longer.hops));
        if self.is_full() && longer >= self.found.chains[self.count - 1] {
            // Neighbours come in ascending order: without days and penalties the next ones are no better.
            let ordered = !self.rules.timed && self.rules.penalty_milli == 0;
            return Err(if ordered { Then::Leave } else { Then::Next });
        }
        Ok(longer)
    }

    /// The last day on which a chain of these hops can end and be among the best.
    fn last_end(&self) -> Day {
        let known = self.ends.last().copied().filter(|_| self.ends[0] != UNDATED).unwrap_or(Day(i32::MAX));
        match self.found.chains.get(self.count - 1) {
            Some(worst) if worst.cost_milli <= self.rules.cost_min_milli(self.hops) => known.min(worst.day),
            _ => known,
        }
    }

    /// The first day, not before `now`, on which a chain can end; `None` when there is none.
    fn first_end(&self, now: Day) -> Option<Day> {
        if self.ends.first().is_none_or(|&first| first == UNDATED) {
            return Some(now);
        }
        self.ends.get(self.ends.partition_point(|&day| day < now)).copied()
    }

    /// The hop to the stop of a stage: the chain ends, or the next stage begins.
    fn arrive(&mut self, begun: &Begun, stage: usize, arc: usize) -> Then {
        let stop = self.rules.stops[stage + 1];
        let longer = match self.step(begun, stage, stop, arc) {
            Ok(longer) => longer,
            Err(then) => return then,
        };
        if stage + 2 < self.rules.stops.len() {
            return self.walk(&longer, stage + 1, self.lengths[stage + 1]);
        }
        if (self.wanted)(&longer) {
            let at = self.found.chains.partition_point(|chain| *chain < longer);
            self.found.chains.insert(at, longer);
            self.found.chains.truncate(self.count);
        }
        Then::Next
    }
}
