//! Which chains are the best ones? Best first, under a bound that rises, guided by rings around the stops.
//!
//! ```text
//! bound = fewest hops possible
//!   ┌► grow begun chains in the order (cost + hops still needed, day, parties); drop what must exceed the bound
//!   │     enough chains? done.  too much work? add a ring around a stop and start again
//!   └── raise the bound to the cheapest chain that was dropped
//! ```
//! What a begun chain needs at least is never overestimated, so chains come out in exactly the order asked for. A large
//! node is read from the shorter side: its neighbours, or the ring they must lie in.
//! Cost: links looked at, bounded by the question; a begun chain counts as eight.

use super::ball::Ball;
use super::question::HOPS_MAX;
use super::rules::Rules;
use crate::model::Day;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a begun chain costs, in links looked at.
const PUSH_WORK: u64 = 8;

/// A chain of nodes, with its cost and its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Begun {
    /// Cost so far and at least to come, thousandths of a hop.
    pub(super) cost_milli: u32,
    /// The day of the last hop, in time order.
    pub(super) day: Day,
    nodes: [u32; HOPS_MAX + 1],
    hops: usize,
    stage: usize,
    paid_milli: u32,
}

impl Begun {
    /// The nodes of the chain.
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes[..=self.hops]
    }
}

/// Chains in order, and whether the search had to stop.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) chains: Vec<Begun>,
    pub(super) stopped: bool,
    pub(super) work: u64,
}

enum Pass {
    Enough,
    Bound(Option<u32>),
    TooMuchWork,
}

/// The first `count` chains that `wanted` agrees to, looking at no more than `work_max` links.
pub(super) fn search(
    balls: &mut Vec<Ball>,
    rules: &Rules<'_>,
    count: usize,
    work_max: u64,
    wanted: impl Fn(&Begun) -> bool,
) -> Found {
    /// Each pass may at least look at this many links, so that small questions never start again.
    const PASS_WORK_MIN: u64 = 64;
    /// Bounds rise by at least this much, thousandths of a hop.
    const STEP_MILLI: u32 = 250;
    let stages = rules.stops.len() - 1;
    balls.resize_with(stages.max(balls.len()), Ball::default);
    let balls = &mut balls[..stages];
    for (ball, &stop) in balls.iter_mut().zip(&rules.stops[1..]) {
        ball.begin(rules, stop);
    }
    let mut found = Found::default();
    let mut bound = 0;
    loop {
        found.chains.clear();
        let narrowest = (0..stages).filter(|&at| !balls[at].is_whole() && balls[at].hops < rules.hops_max);
        let left = work_max.saturating_sub(found.work);
        let narrowest = narrowest.map(|at| (balls[at].width(rules), at)).min().filter(|&(width, _)| 2 * width <= left);
        let allowed = narrowest.map_or(left, |(width, _)| width.max(PASS_WORK_MIN).min(left));
        let mut pass = Run { rules, balls, found: &mut found, work: 0, allowed, bound, next: None };
        let end = pass.run(count, &wanted);
        let work = pass.work;
        found.work += work;
        match (end, narrowest) {
            (Pass::Enough | Pass::Bound(None), _) => return found,
            (Pass::Bound(Some(next)), _) => bound = next.max(bound.saturating_add(STEP_MILLI)),
            (Pass::TooMuchWork, Some((_, at))) => found.work += balls[at].grow(rules),
            (Pass::TooMuchWork, None) => {
                found.stopped = true;
                return found;
            }
        }
    }
}

struct Run<'a, 'b> {
    rules: &'a Rules<'a>,
    balls: &'b [Ball],
    found: &'b mut Found,
    work: u64,
    allowed: u64,
    bound: u32,
    /// The lowest cost that was beyond the bound.
    next: Option<u32>,
}

impl Run<'_, '_> {
    fn run(&mut self, count: usize, wanted: &impl Fn(&Begun) -> bool) -> Pass {
        let mut heap = BinaryHeap::new();
        let mut start =
            Begun { cost_milli: 0, day: Day(i32::MIN), nodes: [0; HOPS_MAX + 1], hops: 0, stage: 0, paid_milli: 0 };
        start.nodes[0] = self.rules.stops[0];
        heap.extend(self.weighed(start).map(Reverse));
        while let Some(Reverse(begun)) = heap.pop() {
            if begun.stage == self.balls.len() {
                if wanted(&begun) {
                    self.found.chains.push(begun);
                }
                if self.found.chains.len() >= count {
                    return Pass::Enough;
                }
                continue;
            }
            self.extend(&begun, &mut heap);
            if self.work > self.allowed {
                return Pass::TooMuchWork;
            }
        }
        Pass::Bound(self.next)
    }

    /// Adds every way to make a begun chain one hop longer.
    fn extend(&mut self, begun: &Begun, heap: &mut BinaryHeap<Reverse<Begun>>) {
        let node = begun.nodes[begun.hops];
        let (neighbours, links) = (self.rules.snapshot.neighbours(node), self.rules.snapshot.links_of(node));
        let ball = &self.balls[begun.stage];
        let reach = self.reach(begun);
        if reach <= ball.hops {
            let near = ball.nodes_within(reach);
            let search = u64::from(neighbours.len().max(1).ilog2()) + 1;
            if near.len() as u64 * search < neighbours.len() as u64 {
                self.work += near.len() as u64 * search;
                // Whatever is further away costs more than the bound; a whole hop more is the least it can cost.
                self.drop_beyond(begun, reach + 1);
                for &next in near {
                    if let Ok(at) = neighbours.binary_search(&next) {
                        self.step(begun, next, links[at], heap);
                    }
                }
                return;
            }
        }
        self.work += neighbours.len() as u64;
        for (&next, &link) in neighbours.iter().zip(links) {
            self.step(begun, next, link, heap);
        }
    }

    /// How many hops to the next stop the bound leaves after one more hop.
    fn reach(&self, begun: &Begun) -> usize {
        let rest = self.rest(begun.stage).unwrap_or(0);
        let hops = (self.bound.saturating_sub(begun.paid_milli) / 1_000) as usize;
        hops.saturating_sub(1 + rest)
    }

    fn drop_beyond(&mut self, begun: &Begun, hops: usize) {
        let rest = self.rest(begun.stage).unwrap_or(0);
        if begun.hops + 1 + hops + rest <= self.rules.hops_max {
            self.drop(
                begun.paid_milli.saturating_add(1_000 * u32::try_from(1 + hops + rest).unwrap_or(u32::MAX / 1_000)),
            );
        }
    }

    fn drop(&mut self, cost_milli: u32) {
        self.next = Some(self.next.map_or(cost_milli, |next| next.min(cost_milli)));
    }

    /// At least so many hops from the stop that ends a stage to the end of the chain.
    fn rest(&self, stage: usize) -> Option<usize> {
        let later =
            (stage + 1..self.balls.len()).map(|at| self.balls[at].at_least(self.rules.stops[at], Day(i32::MIN)));
        later.sum()
    }

    fn step(&mut self, begun: &Begun, next: u32, link: u32, heap: &mut BinaryHeap<Reverse<Begun>>) {
        if begun.hops >= self.rules.hops_max {
            return;
        }
        let stop = self.rules.stops[begun.stage + 1];
        let stage = begun.stage + usize::from(next == stop);
        let mut longer = Begun { hops: begun.hops + 1, stage, ..*begun };
        longer.nodes[longer.hops] = next;
        longer.paid_milli = begun.paid_milli.saturating_add(self.rules.cost_milli(next));
        let Some(possible) = self.weighed(longer) else { return };
        let early_stop = next != stop && self.rules.stops[begun.stage + 2..].contains(&next);
        if early_stop || begun.nodes().contains(&next) || !self.rules.allows_node(next) || !self.rules.allows_link(link)
        {
            return;
        }
        if !self.rules.timed {
            heap.push(Reverse(possible));
        } else if let Some(day) = self.rules.earliest(link, begun.day) {
            longer.day = day;
            heap.extend(self.weighed(longer).map(Reverse));
        }
        self.work += PUSH_WORK;
    }

    /// The same chain with what it must cost at least; `None` when that is beyond the bound or the hops allowed.
    fn weighed(&mut self, begun: Begun) -> Option<Begun> {
        let needed = if begun.stage == self.balls.len() {
            0
        } else {
            let node = begun.nodes[begun.hops];
            self.balls[begun.stage].at_least(node, begun.day)? + self.rest(begun.stage)?
        };
        if begun.hops + needed > self.rules.hops_max {
            return None;
        }
        let cost_milli = begun.paid_milli.saturating_add(1_000 * u32::try_from(needed).ok()?);
        if cost_milli > self.bound {
            self.drop(cost_milli);
            return None;
        }
        Some(Begun { cost_milli, ..begun })
    }
}
