//! In which groups of a channel are more people marked than in the others?
//!
//! A group is a counter, clerk, employer or caregiver; the channel is what makes groups comparable: one hospital, one city. What
//! is usual is the share of the marked among the people of the other groups, or a stated base rate where those tell nothing.
//!
//! Cost: [`marked`] looks at all people of the channel, so its kinds keep to channels of some thousand people; [`beside`] knows
//! the marked by their group's number, and looks at the people of unusual groups only.

use super::channels::{Channel, Group, Participant};
use super::contexts::{CHANNEL_SURPRISE_MIN, count, distinct, distinct_where, gathered};
use super::surprise::{select, tail};
use crate::model::{Day, Party, Tie};
use std::collections::BTreeMap;

/// Where the groups of a channel stand for themselves, less than one in a hundred: the others of a bad station are not bad.
const GROUP_SURPRISE_MIN: i64 = 500;
const MILLION: u64 = 1_000_000;
/// Marks weigh like so many entries seen before, so that a small rest does not swing the rate.
const BEFORE: u64 = 10;
/// What is usual in a city is at most so many times what is usual at its middle place, and the base rate.
const ABOVE_MIDDLE: u64 = 3;
/// Bits of a group's number for its part of a place, for [`parts`].
const PART_BITS: u32 = 16;
/// Bits of a group's number that say how its people are marked, for [`beside`].
const MARK_BITS: u32 = 2;
const MARKS: i32 = (1 << MARK_BITS) - 1;

/// The number of the group of a part of a place: a caregiver of a station.
pub(super) fn part_of(place: Party, part: Party) -> i32 {
    let bits = |party: Party, bits: u32| u32::try_from(party.0 >> 4 & ((1 << bits) - 1)).unwrap_or(0);
    (bits(place, 31 - PART_BITS) << PART_BITS | bits(part, PART_BITS)).cast_signed()
}

/// The detail of somebody who does not count, and is tied where the group is unusual.
pub(super) const ALONG: u32 = u32::MAX;

/// How somebody is marked, for [`beside`] and where a group holds those who are marked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Not at all.
    Plain = 0,
    /// What they did fits, but says nothing alone: tied where the group is unusual.
    Fits = 1,
    /// Marked.
    Marked = 2,
    /// Marked time and again.
    Often = 3,
}

/// The number of the group of those who are marked in one way at a place.
pub(super) fn beside_group(place: Party, mark: Mark) -> i32 {
    let bits = u32::try_from(place.0 >> 4 & 0x3fff_ffff).unwrap_or(0) << MARK_BITS | mark as u32;
    bits.cast_signed()
}

/// The number of the place of such a group.
pub(super) fn beside_place(group: i32) -> i32 {
    group >> MARK_BITS
}

/// Whether those of such a group are marked that way.
pub(super) fn beside_is(group: i32, mark: Mark) -> bool {
    group & MARKS == mark as i32
}

/// What the other groups of a channel say about how often people are marked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// What is usual in one group is usual in all: counters of one hospital, clerks of one office.
    Tells,
    /// The same, but several groups may be bad at once: where most are marked says nothing, and what is usual is not far above the
    /// middle group.
    TellsMostly,
    /// The groups stand for themselves.
    Nothing,
}

/// Groups of a channel: number, marked people, people.
pub(super) type Counts = Vec<(i32, u64, u64)>;

/// The groups that hold more marked people than usual, by each of some degrees of being marked, with the surprise of the degree that
/// says most. Honest people are marked now and then, hardly ever time and again: each degree has its own usual share, per million.
pub(super) fn whichever_says_more(degrees: impl Iterator<Item = (Counts, u64)>, rest: Rest) -> Vec<(i32, i64)> {
    let mut found: BTreeMap<i32, i64> = BTreeMap::new();
    for (group, surprise) in degrees.flat_map(|(counts, per_million)| unusual(&counts, rest, per_million)) {
        let held = found.entry(group).or_insert(surprise);
        *held = surprise.max(*held);
    }
    found.into_iter().collect()
}

/// The groups that hold more marked people than usual, with their surprise: `per_million` of all, or, where the other groups tell, as
/// many as there (never less than a quarter of `per_million`).
pub(super) fn unusual(counts: &[(i32, u64, u64)], rest: Rest, per_million: u64) -> Vec<(i32, i64)> {
    let tells = |marks: u64, size: u64| match rest {
        Rest::Nothing => false,
        Rest::Tells => true,
        Rest::TellsMostly => marks * 2 < size,
    };
    let told = counts.iter().filter(|one| tells(one.1, one.2));
    let (all_marks, all): (u64, u64) = told.fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
    let most = if rest == Rest::TellsMostly { middle(counts) * ABOVE_MIDDLE + per_million } else { MILLION };
    let expected_micro = |marks: u64, size: u64| {
        let own = if tells(marks, size) { (marks, size) } else { (0, 0) };
        let (rest_marks, rest_size) = (all_marks - own.0, all - own.1);
        let usual = (rest_marks * MILLION + per_million * BEFORE) / (rest_size + BEFORE);
        size * usual.min(most).max(per_million / 4)
    };
    let expected = counts.iter().map(|(group, marks, size)| (*group, *marks, expected_micro(*marks, *size)));
    beyond(expected)
}

/// The groups (number, marked people, expected in millionths) that hold unlikely many marked people, with their surprise.
fn beyond(counts: impl Iterator<Item = (i32, u64, u64)>) -> Vec<(i32, i64)> {
    let mut groups = 0;
    let tails = counts
        .inspect(|_| groups += 1)
        .filter(|(_, marks, _)| *marks >= 2)
        .map(|(group, marks, expected)| (group, tail(u32::try_from(marks).unwrap_or(u32::MAX), expected)));
    let tails: Vec<(i32, i64)> = tails.filter(|(_, tail)| *tail > 0).collect();
    let mut chosen = select(tails, groups);
    chosen.retain(|(_, surprise)| *surprise >= GROUP_SURPRISE_MIN);
    if chosen.iter().map(|(_, surprise)| surprise).sum::<i64>() < CHANNEL_SURPRISE_MIN {
        chosen.clear();
    }
    chosen
}

/// The share of the marked, per million, at the group of the person in the middle, when groups are sorted by it.
fn middle(counts: &[(i32, u64, u64)]) -> u64 {
    let mut shares: Vec<(u64, u64)> =
        counts.iter().filter(|one| one.2 > 0).map(|one| (one.1 * MILLION / one.2, one.2)).collect();
    shares.sort_unstable();
    let all: u64 = shares.iter().map(|(_, size)| size).sum();
    let mut below = 0;
    let at = shares.iter().find(|(_, size)| {
        below += size;
        below * 2 >= all
    });
    at.map_or(0, |(share, _)| *share)
}

/// The groups of a channel: number, marked people, people. People, not rows: who comes often is marked often. Those who are only tied
/// along do not count.
fn counted<'g>(channel: &Channel, people: &impl Fn(i32) -> &'g Group) -> Counts {
    let told = |one: &Participant| one.detail != ALONG;
    let counted = channel.groups.iter().map(|(group, _)| {
        let all = people(*group);
        (*group, count(&distinct_where(all, |one| one.detail != 0 && told(one))), count(&distinct_where(all, told)))
    });
    counted.collect()
}

/// Marked people of groups that hold more of them than usual. With `alone`, the others of such a group are not tied.
pub(super) fn marked<'g>(
    id: Party,
    channel: &Channel,
    people: impl Fn(i32) -> &'g Group,
    rest: Rest,
    per_million: u64,
    alone: bool,
) -> Vec<Tie> {
    let counts = counted(channel, &people);
    let groups = unusual(&counts, rest, per_million).into_iter().map(|(group, surprise)| {
        let members = distinct_where(people(group), |one| !alone || one.detail != 0);
        (Day(group), surprise, surprise / 2, members)
    });
    gathered(id, channel, groups)
}

/// Everybody at places of which some parts hold more marked people than usual: `per_million`, or as many as at the other places of the
/// channel. A place does not excuse itself, however many of its parts are bad.
pub(super) fn parts<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group, per_million: u64) -> Vec<Tie> {
    let place = |group: i32| group >> PART_BITS;
    let counts = counted(channel, &people);
    let sum = |of: &[(i32, u64, u64)]| of.iter().fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
    let all: (u64, u64) = sum(&counts);
    let tied = counts.chunk_by(|one, next| place(one.0) == place(next.0)).filter_map(|own| {
        let (marks, size): (u64, u64) = sum(own);
        let usual = ((all.0 - marks) * MILLION + per_million * BEFORE) / (all.1 - size + BEFORE);
        let expected = own.iter().map(|(group, marks, size)| (*group, *marks, size * usual.max(per_million)));
        let bad = beyond(expected);
        let mut members: Vec<Party> = bad.iter().flat_map(|(group, _)| distinct(people(*group))).collect();
        members.sort_unstable();
        members.dedup();
        let surprise: i64 = bad.iter().map(|(_, surprise)| surprise).sum();
        bad.first().map(|(group, _)| (Day(place(*group)), surprise, surprise / 2, members))
    });
    gathered(id, channel, tied)
}

/// The same for channels of a whole city, where each person is in one group of [`beside_group`] per place: what is usual, per million by
/// degree, is what the other places of the city show. Those who are not marked but fit are tied along.
pub(super) fn beside<'g>(
    id: Party,
    channel: &Channel,
    people: impl Fn(i32) -> &'g Group,
    usual: &[(Mark, u64)],
) -> Vec<Tie> {
    let places = || channel.groups.chunk_by(|(left, _), (right, _)| beside_place(*left) == beside_place(*right));
    let size = |ways: &[(i32, u32)], from: Mark| -> u64 {
        let marked = ways.iter().filter(|(group, _)| group & MARKS >= from as i32);
        marked.map(|(_, size)| u64::from(*size)).sum()
    };
    let counts = |from: Mark| -> Counts {
        let of_place = |ways: &[(i32, u32)]| {
            let number = ways.first().map_or(0, |(group, _)| beside_place(*group));
            (number, size(ways, from), size(ways, Mark::Plain))
        };
        places().map(of_place).collect()
    };
    let ways = |number: i32| {
        let from = channel.groups.partition_point(|(group, _)| beside_place(*group) < number);
        channel.groups[from..].iter().map(|(group, _)| *group).take_while(move |group| beside_place(*group) == number)
    };
    let degrees = usual.iter().map(|(from, per_million)| (counts(*from), *per_million));
    let tied = whichever_says_more(degrees, Rest::TellsMostly).into_iter().map(|(number, surprise)| {
        let fitting = ways(number).filter(|group| !beside_is(*group, Mark::Plain));
        let mut members: Vec<Party> = fitting.flat_map(|group| distinct(people(group))).collect();
        members.sort_unstable();
        members.dedup();
        (Day(number), surprise, surprise / 2, members)
    });
    gathered(id, channel, tied)
}
