//! Which parties may a chain pass, and which facts may it stand on? A question in terms of node and link numbers.

use super::question::{Order, Question, Restriction, VIA_MAX};
use super::snapshot::{Meeting, Snapshot};
use crate::model::Day;

/// The restrictions of a question on one snapshot.
pub(super) struct Rules<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Start, parties to pass, end.
    pub(super) stops: Vec<u32>,
    pub(super) hops_max: usize,
    pub(super) timed: bool,
    /// Facts that a link must have.
    pub(super) strength_min: usize,
    pub(super) penalty_milli: u32,
    window: Option<(Day, Day)>,
    avoid: Vec<u32>,
    degree_max: u32,
}

impl<'a> Rules<'a> {
    /// `stops` are the numbers of start, parties to pass and end.
    pub(super) fn of(snapshot: &'a Snapshot, question: &Question, mut stops: Vec<u32>) -> Rules<'a> {
        if let Some(end) = stops.pop() {
            stops.truncate(1 + VIA_MAX);
            stops.push(end);
        }
        let mut avoid: Vec<u32> = question.avoid.iter().filter_map(|&party| snapshot.node(party)).collect();
        avoid.sort_unstable();
        Rules {
            snapshot,
            stops,
            hops_max: question.hops_max,
            timed: question.order == Order::TimeIncreasing,
            strength_min: 1,
            penalty_milli: question.hub_penalty_milli,
            window: question.window,
            avoid,
            degree_max: question.degree_max.unwrap_or(u32::MAX),
        }
    }

    /// The facts of a link that lie in the window.
    pub(super) fn meetings(&self, link: u32) -> &'a [Meeting] {
        let all = self.snapshot.meetings(link);
        let Some((first, last)) = self.window else { return all };
        let begin = all.partition_point(|meeting| meeting.day < first);
        let end = all.partition_point(|meeting| meeting.day <= last);
        &all[begin..end.max(begin)]
    }

    /// Whether a link may be used at all.
    pub(super) fn allows_link(&self, link: u32) -> bool {
        (self.window.is_none() && self.strength_min <= 1) || self.meetings(link).len() >= self.strength_min
    }

    /// Whether a chain may pass a party; its stops it always may.
    pub(super) fn allows_node(&self, node: u32) -> bool {
        (self.degree_max == u32::MAX || self.snapshot.degree(node) <= self.degree_max || self.stops.contains(&node))
            && (self.avoid.is_empty() || self.avoid.binary_search(&node).is_err())
    }

    /// The first day, not before `day`, on which a link can be taken.
    pub(super) fn earliest(&self, link: u32, day: Day) -> Option<Day> {
        let meetings = self.meetings(link);
        meetings.get(meetings.partition_point(|meeting| meeting.day < day)).map(|meeting| meeting.day)
    }

    /// The last day, not after `day`, on which a link can be taken.
    pub(super) fn latest(&self, link: u32, day: Day) -> Option<Day> {
        let meetings = self.meetings(link);
        let fitting = meetings.partition_point(|meeting| meeting.day <= day);
        fitting.checked_sub(1).map(|at| meetings[at].day)
    }

    /// What it costs to step onto a node, thousandths of a hop. The end of a chain is free of penalty.
    pub(super) fn cost_milli(&self, node: u32) -> u32 {
        if self.penalty_milli == 0 || self.stops.last() == Some(&node) {
            return 1_000;
        }
        self.penalty_milli.saturating_mul(self.snapshot.degree(node).max(1).ilog2()).saturating_add(1_000)
    }

    /// The restrictions in force.
    pub(super) fn restrictions(&self) -> Vec<Restriction> {
        let mut all = Vec::new();
        all.extend(self.timed.then_some(Restriction::TimeOrder));
        all.extend(self.window.is_some().then_some(Restriction::Window));
        all.extend((self.degree_max < u32::MAX).then_some(Restriction::Degree));
        all.extend((!self.avoid.is_empty()).then_some(Restriction::Avoid));
        all.extend((self.stops.len() > 2).then_some(Restriction::Via));
        all.push(Restriction::Hops);
        all
    }
}
