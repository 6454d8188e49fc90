//! Who comes to a quiet clinic on the same days as the same others?
//!
//! Who is driven to a clinic need not stand in line there: some are treated while others wait. But those of one car come on the same
//! days, by a calendar of their own. Two who come to a clinic with `E` visits meet by chance `m Σ (n − 1) / E` times, when one
//! comes on `m` days and the sum goes over the `n` people of each of the other's days: market days and weekly hours are in it. What
//! they meet beyond that (Chernoff's bound of the Poisson tail), less `ln` of the pairs that come as often, makes them
//! companions. A clinic has cars when several people, more than a family or two, come mostly with two companions at least.
//!
//! A channel is an outpatient place, whoever sits at the till there, or a hospital to whose beds people come back; a group is a day.
//!
//! Cost: the square of the people of a day; nothing where the place is busy.

use super::channels::{Channel, Group};
use super::contexts::{count, distinct, surprise_min};
use super::lines::{PEOPLE_MIN, tied_to_till};
use super::surprise::{ln_hundredths, tail};
use crate::model::{Party, Tie};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A place with more visits on its open days has everybody meet.
const BUSY: usize = 12;
/// Days of somebody whose company is looked at, and one in so many of the place's open days at most.
const DAYS_MIN: usize = 5;
const DAYS_ONE_IN: usize = 3;
/// Days on which two met, at least.
const MEETINGS_MIN: u32 = 4;
/// −ln p in hundredths beyond the number of pairs.
const COMPANION_SURPRISE_MIN: i64 = 150;
/// Companions: one is a spouse.
const COMPANIONS_MIN: usize = 2;

/// Ties of people to a clinic to which they come with the same others.
pub(super) fn along<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let entries = usize::try_from(channel.entries()).unwrap_or(usize::MAX);
    if entries > channel.groups.len().saturating_mul(BUSY) || channel.groups.iter().all(|(_, size)| *size < 3) {
        return Vec::new();
    }
    let days: Vec<(i32, Vec<Party>)> = channel.groups.iter().map(|(day, _)| (*day, distinct(people(*day)))).collect();
    let company = companions(channel, &days);
    if company.len() < PEOPLE_MIN {
        return Vec::new();
    }
    let with_company = |person: &Party, there: &[Party]| {
        company.get(person).is_some_and(|others| there.iter().any(|other| others.contains_key(other)))
    };
    let mut mostly: BTreeMap<Party, (usize, usize)> = BTreeMap::new();
    for (_, there) in &days {
        for person in there.iter().filter(|person| company.contains_key(*person)) {
            let held = mostly.entry(*person).or_default();
            *held = (held.0 + usize::from(with_company(person, there)), held.1 + 1);
        }
    }
    let come_along: BTreeSet<Party> =
        mostly.into_iter().filter(|(_, (with, all))| with * 2 >= *all).map(|(person, _)| person).collect();
    let best = |person: &Party| company[person].values().copied().max().unwrap_or(0);
    // Each pair is told of both.
    let surprise: i64 = come_along.iter().map(best).sum::<i64>() / 2;
    if come_along.len() < PEOPLE_MIN || surprise < surprise_min(channel) {
        return Vec::new();
    }
    let of_day = |there: &Vec<Party>| -> Vec<Party> {
        there.iter().filter(|person| come_along.contains(*person) && with_company(person, there)).copied().collect()
    };
    let cars: Vec<(i32, Vec<Party>)> =
        days.iter().map(|(day, there)| (*day, of_day(there))).filter(|(_, there)| there.len() > 1).collect();
    tied_to_till(id, channel, channel.kind, surprise, cars)
}

/// Those who have two companions and more, with each and how unlikely that is.
fn companions(channel: &Channel, days: &[(i32, Vec<Party>)]) -> BTreeMap<Party, BTreeMap<Party, i64>> {
    let mut came: HashMap<Party, (usize, u64)> = HashMap::new();
    for (_, there) in days {
        for person in there {
            let held = came.entry(*person).or_default();
            *held = (held.0 + 1, held.1 + count(there) - 1);
        }
    }
    let open = usize::try_from(channel.seen()).unwrap_or(usize::MAX);
    came.retain(|_, (days, _)| *days >= DAYS_MIN && days.saturating_mul(DAYS_ONE_IN) <= open);
    let mut met: HashMap<(Party, Party), u32> = HashMap::new();
    for (_, there) in days {
        let regulars: Vec<Party> = there.iter().filter(|person| came.contains_key(*person)).copied().collect();
        for (at, one) in regulars.iter().enumerate() {
            regulars[at + 1..].iter().for_each(|other| *met.entry((*one, *other)).or_default() += 1);
        }
    }
    let pairs = u64::try_from(came.len()).unwrap_or(u64::MAX);
    let choice = ln_hundredths(pairs.saturating_mul(pairs) / 2);
    let entries = u64::from(channel.entries().max(1));
    let expected = |one: &Party, other: &Party| {
        let ((_, seen), (days, _)) = (came[one], came[other]);
        seen * u64::try_from(days).unwrap_or(u64::MAX) * 1_000_000 / entries
    };
    let mut company: BTreeMap<Party, BTreeMap<Party, i64>> = BTreeMap::new();
    for ((one, other), times) in met.into_iter().filter(|(_, times)| *times >= MEETINGS_MIN) {
        let surprise = tail(times, expected(&one, &other).max(expected(&other, &one))) - choice;
        if surprise >= COMPANION_SURPRISE_MIN {
            company.entry(one).or_default().insert(other, surprise);
            company.entry(other).or_default().insert(one, surprise);
        }
    }
    company.retain(|_, others| others.len() >= COMPANIONS_MIN);
    company
}

#[cfg(test)]
mod tests {
    use super::super::channels::channel_of;
    use super::super::entries::Entry;
    use super::*;
    use crate::model::OccasionKind;
    use crate::model::{PartyKind, hash_words};

    /// Who is tied to a clinic with three patients a day, on whose days these come besides: person, day.
    fn tied(besides: impl Iterator<Item = (u64, i32)>) -> usize {
        let till = Party::context(PartyKind::Circumstance, &[7]);
        let alone = (0..300).flat_map(|day: i32| {
            (0..3).map(move |at| (1_000 + u64::from(day.unsigned_abs()) * 7 % 90 + at * 100, day))
        });
        let entry = |(person, day): (u64, i32)| Entry {
            channel: till,
            kind: OccasionKind::TillRun,
            place: Party(1 << 4),
            group: day,
            person: Party::context(PartyKind::Person, &[person]),
            visits: 1,
            detail: u32::try_from(person % 1_000).unwrap_or(0) * 30,
        };
        let (channel, groups) = channel_of(&alone.chain(besides).map(entry).collect::<Vec<_>>());
        along(till, &channel, |day| &groups[&day]).len()
    }

    /// Cars of so many people, each every 24 days from a day of its own.
    fn cars(cars: i32, seats: u64) -> impl Iterator<Item = (u64, i32)> {
        let of_car = move |car: i32| {
            let days = (0..12).map(move |time| (time * 24 + car * 5) % 300);
            days.flat_map(move |day| (0..seats).map(move |seat| (u64::from(car.unsigned_abs()) * 10 + seat, day)))
        };
        (0..cars).flat_map(of_car)
    }

    #[test]
    fn cars_are_tied_and_couples_a_family_and_market_days_are_not() {
        assert_eq!(tied(cars(3, 4)), 12);
        assert_eq!(tied(cars(6, 2)), 0, "couples");
        assert_eq!(tied(cars(1, 4)), 0, "a family");
        let market = (0..60).flat_map(|week: u64| {
            (0..6).map(move |at| (hash_words(&[week, at]) % 40, i32::try_from(week * 5).unwrap_or(0)))
        });
        assert_eq!(tied(market), 0, "market days");
    }
}
