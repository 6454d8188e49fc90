//! Who always stands in line at a till where others seldom do?
//!
//! Who is driven to a clinic, and whose card lies in a drawer, is settled for minutes after the one before and minutes before the one
//! behind, with another few each time: no two of them meet often, but all of them nearly always stand in line. What is usual is how
//! often those stand in line who come often and mostly do not, with market days and full mornings in it, and no more than so full a till
//! has by the clock. A person is one of them when so many of his visits in line are beyond that by far ([`share`]); a till has a line when
//! there are several such people, more than a family or two, and the others of the same days do not stand there as often.
//!
//! Cost: the people of the till's days; nothing where the till is busy.

use super::channels::{Channel, Group, OPEN_SECONDS, Participant, RUN_GAP_SECONDS};
use super::contexts::{assemble, surprise_min};
use super::surprise::{share, uneven};
use crate::model::{Day, Occasion, OccasionKind, Party, PartyKind, Tie};
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// Fewer people are a couple.
const LINE_MIN: usize = 3;
/// People who always stand in line at one till, or always come along, at least.
pub(super) const PEOPLE_MIN: usize = 8;
/// A till with more settlements a day has lines by itself.
const BUSY: usize = 60;
/// Who came so often says what is usual.
const REGULAR_MIN: u64 = 4;
/// Their visits, at least, for that; otherwise everybody's.
const TOLD_MIN: u64 = 40;
/// Usual share of visits in line, per mille, at least.
const USUAL_MIN: u64 = 20;
/// Where so many of the others, per mille, are in line on the same days, the place enters its bills that way.
const MOST_OTHERS: u64 = 500;
/// The fullest hours see so many times the people of the others.
const FULLEST: u64 = 2;
/// −ln p in hundredths beyond which somebody is no accident: one in ten thousand.
const PERSON_SURPRISE_MIN: i64 = 900;
/// What a day adds to a tie.
const LIFT: u32 = 100;

/// Ties of people to a till at which they nearly always stood in line.
pub(super) fn lines<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let days = || channel.groups.iter().filter(|(_, size)| usize::try_from(*size).is_ok_and(|size| size >= LINE_MIN));
    let entries = usize::try_from(channel.entries()).unwrap_or(usize::MAX);
    if days().next().is_none() || entries > channel.groups.len().saturating_mul(BUSY) {
        return Vec::new();
    }
    let mut stood: HashMap<Party, (u64, u64)> = HashMap::new();
    for (day, _) in &channel.groups {
        for run in runs(people(*day)) {
            // Most come alone: nothing is gathered for them.
            let in_line = u64::from(run.len() >= LINE_MIN && distinct(run).len() >= LINE_MIN);
            for one in run {
                let held = stood.entry(one.person).or_default();
                *held = (held.0 + in_line, held.1 + 1);
            }
        }
    }
    let usual = uneven(usual(&stood).min(by_the_clock(&stood, channel.groups.len()))).max(USUAL_MIN);
    let mut always = beyond_usual(&stood, usual);
    // Where bills are entered together in the evening, whoever came on a full day is in line.
    if let Some(then) = others_in_line(channel, &people, &always).filter(|then| *then > usual.max(MOST_OTHERS)) {
        always = beyond_usual(&stood, then);
    }
    let beyond: i64 = always.values().sum();
    if always.len() < PEOPLE_MIN || beyond < surprise_min(channel) {
        return Vec::new();
    }
    let of_them = |run: &[Participant]| -> BTreeSet<Party> {
        distinct(run).into_iter().filter(|person| always.contains_key(person)).collect()
    };
    let long = |run: &&[Participant]| run.len() >= LINE_MIN;
    let of_day = |day: i32| runs(people(day)).filter(long).map(of_them).filter(|line| line.len() >= LINE_MIN).flatten();
    let lines = days()
        .map(|(day, _)| (*day, of_day(*day).collect::<BTreeSet<Party>>().into_iter().collect::<Vec<Party>>()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    tied_to_till(id, channel, OccasionKind::Line, beyond, lines)
}

/// Those who stood in line beyond what is usual, per mille, with how far beyond an accident that is.
fn beyond_usual(stood: &HashMap<Party, (u64, u64)>, usual: u64) -> HashMap<Party, i64> {
    let surprise = |(in_line, all): (u64, u64)| share(in_line, all, usual) - PERSON_SURPRISE_MIN;
    let beyond = stood.iter().map(|(person, held)| (*person, surprise(*held)));
    beyond.filter(|(_, beyond)| *beyond > 0).collect()
}

/// How often, per mille, everybody else is in line on the days on which some people are; `None` where hardly anybody else comes then.
fn others_in_line<'g>(
    channel: &Channel,
    people: &impl Fn(i32) -> &'g Group,
    always: &HashMap<Party, i64>,
) -> Option<u64> {
    let (mut in_line, mut all) = (0, 0);
    for (day, _) in &channel.groups {
        let (mut theirs, mut others) = (0, (0, 0));
        for run in runs(people(*day)) {
            let own = run.iter().filter(|one| always.contains_key(&one.person)).count();
            let rest = u64::try_from(run.len() - own).unwrap_or(u64::MAX);
            let long = distinct(run).len() >= LINE_MIN;
            theirs += if long { own } else { 0 };
            others = (others.0 + if long { rest } else { 0 }, others.1 + rest);
        }
        if theirs > 0 {
            (in_line, all) = (in_line + others.0, all + others.1);
        }
    }
    (all >= TOLD_MIN).then(|| in_line * 1_000 / all)
}

/// Ties of people to a till on the days on which they were there in one way, which share what is unlikely about all of them.
pub(super) fn tied_to_till(
    id: Party,
    channel: &Channel,
    kind: OccasionKind,
    surprise: i64,
    days: Vec<(i32, Vec<Party>)>,
) -> Vec<Tie> {
    let each = surprise / i64::try_from(days.len()).unwrap_or(1).max(1);
    let till = Party::context(PartyKind::Circumstance, &[id.0, kind as u64]);
    let occasions = days.into_iter().map(|(day, there)| {
        let occasion = Occasion {
            day: Day(day),
            place: channel.place,
            kind,
            size: u32::try_from(there.len()).unwrap_or(u32::MAX),
            surprise: u32::try_from(each).unwrap_or(0),
        };
        (occasion, LIFT, there)
    });
    assemble(till, occasions)
}

/// The settlements of a day that follow one another within minutes.
fn runs(group: &Group) -> impl Iterator<Item = &[Participant]> {
    group.chunk_by(|one, next| next.detail - one.detail <= RUN_GAP_SECONDS)
}

fn distinct(run: &[Participant]) -> BTreeSet<Party> {
    run.iter().map(|one| one.person).collect()
}

/// How often, per mille, somebody would stand in line if all who do not came to a till as full as in its fullest hours: with one behind
/// and one before him, or two on either side. Where most of a clinic's visitors are brought, the others say little.
fn by_the_clock(stood: &HashMap<Party, (u64, u64)>, days: usize) -> u64 {
    let (in_line, all) = stood.values().fold((0, 0), |sum, held| (sum.0 + held.0, sum.1 + held.1));
    let others = (all - in_line) * 1_000 / u64::try_from(days).unwrap_or(1).max(1);
    let next = (others * u64::from(RUN_GAP_SECONDS) * FULLEST / OPEN_SECONDS).min(1_000);
    (3 * next * next / 1_000).min(1_000)
}

/// How often, per mille, those stand in line who come often and mostly do not; everybody, where these are few.
fn usual(stood: &HashMap<Party, (u64, u64)>) -> u64 {
    let sum = |holds: &dyn Fn(&(u64, u64)) -> bool| {
        stood.values().filter(|held| holds(held)).fold((0, 0), |sum, held| (sum.0 + held.0, sum.1 + held.1))
    };
    let told = sum(&|(in_line, all)| *all >= REGULAR_MIN && in_line * 2 < *all);
    let (in_line, all) = if told.1 >= TOLD_MIN { told } else { sum(&|_| true) };
    in_line * 1_000 / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::channels::channel_of;
    use crate::flow::entries::Entry;

    /// How many people are tied to a till with these settlements: person, day, second.
    fn tied(settled: impl Iterator<Item = (u64, i32, u32)>) -> usize {
        let till = Party::context(PartyKind::Circumstance, &[7]);
        let entry = |(person, day, second): (u64, i32, u32)| Entry {
            channel: till,
            kind: OccasionKind::TillRun,
            place: Party(1 << 4),
            group: day,
            person: Party(person << 4),
            visits: 1,
            detail: second,
        };
        let (channel, groups) = channel_of(&settled.map(entry).collect::<Vec<_>>());
        lines(till, &channel, |day| &groups[&day]).len()
    }

    /// Ten people who come on their own on each of 200 days, an hour apart.
    fn alone() -> impl Iterator<Item = (u64, i32, u32)> {
        let of_day = |day: u32| {
            (0..10).map(move |at| (u64::from(100 + (day * 7 + at) % 60), day.cast_signed(), 28_000 + at * 3_600))
        };
        (0..200).flat_map(of_day)
    }

    /// On every fifth day four of so many people, another four each time, minutes apart.
    fn carloads(people: u32) -> impl Iterator<Item = (u64, i32, u32)> {
        let of_day = move |day: u32| {
            (0..4).map(move |at| (u64::from((day * 3 + at) % people), (day * 5).cast_signed(), 45_000 + at * 120))
        };
        (0..40).flat_map(of_day)
    }

    #[test]
    fn who_comes_by_the_carload_is_tied_and_nobody_else() {
        assert_eq!(tied(alone()), 0);
        assert_eq!(tied(alone().chain(carloads(16))), 16);
    }

    #[test]
    fn a_family_is_no_line_nor_is_a_busy_till() {
        assert_eq!(tied(alone().chain(carloads(4))), 0);
        let of_day = |day: i32| (0..80_u32).map(move |at| (u64::from(at * 3 % 80), day, 28_000 + at * 180));
        let busy = (0..100).flat_map(of_day);
        assert_eq!(tied(busy), 0);
    }

    #[test]
    fn bills_entered_together_in_the_evening_are_the_place_s_way() {
        // On market days ten come, some of them only then, and four who are ill; on others two. Whoever came is entered after six.
        let of_day = |day: u32| {
            let market = day.is_multiple_of(5);
            let evening = move |at: u32| {
                let who = match (market, at) {
                    (true, 10..) => 1_000 + day * 4 + at,
                    (true, _) => (day + at * 3) % 20,
                    (false, _) => 10 + (day * 7 + at * 3) % 30,
                };
                (u64::from(who), day.cast_signed(), 65_000 + at * 70)
            };
            (0..if market { 14 } else { 2 }).map(evening)
        };
        assert_eq!(tied((0..300).flat_map(of_day)), 0);
    }
}
