//! Which parties may a chain pass, and which facts may it stand on? A question in terms of node and link numbers.

use super::question::{Order, Question, Restriction, VIA_MAX};
use super::snapshot::{Meeting, Snapshot};
use crate::model::Day;

/// The day of a fact that has none.
pub(super) const UNDATED: Day = Day(i32::MIN);

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

    /// The facts of a link that lie in the window; those without a day come first.
    pub(super) fn meetings(&self, link: u32) -> impl Iterator<Item = Meeting> + Clone + 'a {
        let all = self.snapshot.meetings(link);
        let undated = all.partition_point(|meeting| meeting.day == UNDATED);
        let (begin, end) = self.window.map_or((undated, all.len()), |(first, last)| {
            let begin = undated + all[undated..].partition_point(|meeting| meeting.day < first);
            (begin, begin + all[begin..].partition_point(|meeting| meeting.day <= last))
        });
        all[..undated].iter().chain(&all[begin..end]).copied()
    }

    /// How many facts of the window a link has.
    pub(super) fn facts(&self, link: u32) -> usize {
        if self.window.is_none() { self.snapshot.meetings(link).len() } else { self.meetings(link).count() }
    }

    /// Whether an arc may be used, and the first day, not before `day`, on which it can be.
    pub(super) fn allows_arc(&self, arc: usize, day: Day) -> Option<Day> {
        if self.snapshot.facts(arc) < self.strength_min {
            return None;
        }
        let link = self.snapshot.link_of(arc);
        if self.window.is_some() && self.facts(link) < self.strength_min {
            return None;
        }
        if !self.timed {
            return Some(day);
        }
        let (first, last) = self.snapshot.span(arc);
        if first == UNDATED {
            return Some(day);
        }
        if self.window.is_none() {
            if first >= day {
                return Some(first);
            }
            if last < day {
                return None;
            }
        }
        self.earliest(link, day)
    }

    /// Whether an arc's facts all lie before a day.
    pub(super) fn is_over(&self, arc: usize, day: Day) -> bool {
        let (first, last) = self.snapshot.span(arc);
        last < day && first != UNDATED
    }

    /// The first day, not before `day`, on which a link can be taken.
    pub(super) fn earliest(&self, link: u32, day: Day) -> Option<Day> {
        let mut meetings = self.meetings(link);
        meetings.find(|meeting| meeting.day == UNDATED || meeting.day >= day).map(|meeting| meeting.day.max(day))
    }

    /// Whether a chain may pass a party; its stops it always may.
    pub(super) fn allows_node(&self, node: u32) -> bool {
        (self.degree_max == u32::MAX || self.snapshot.degree(node) <= self.degree_max || self.stops.contains(&node))
            && (self.avoid.is_empty() || self.avoid.binary_search(&node).is_err())
    }

    /// In time order, the days on which the end of a chain can be reached, ascending; [`UNDATED`] first if on any day.
    /// Empty when days do not matter, or when the end has so many links that it is not worth asking.
    pub(super) fn end_days(&self) -> Vec<Day> {
        /// An end with more links than this is taken to be open on any day.
        const LINKS_MAX: u32 = 1_000;
        let Some(&end) = self.stops.last().filter(|&&end| self.timed && self.snapshot.degree(end) <= LINKS_MAX) else {
            return Vec::new();
        };
        let meetings = self.snapshot.links_of(end).iter().flat_map(|&link| self.meetings(link));
        let mut days: Vec<Day> = meetings.map(|meeting| meeting.day).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// What it costs to step onto a node, thousandths of a hop. The end of a chain is free of penalty.
    pub(super) fn cost_milli(&self, node: u32) -> u32 {
        if self.penalty_milli == 0 || self.stops.last() == Some(&node) {
            return 1_000;
        }
        self.penalty_milli.saturating_mul(self.snapshot.degree(node).max(1).ilog2()).saturating_add(1_000)
    }

    /// What so many more hops to the end cost at least: every party that is passed has two neighbours.
    pub(super) fn cost_min_milli(&self, hops: usize) -> u32 {
        let hops = u32::try_from(hops).unwrap_or(u32::MAX);
        hops.saturating_mul(1_000).saturating_add(hops.saturating_sub(1).saturating_mul(self.penalty_milli))
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
