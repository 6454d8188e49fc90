//! Do some pay, or stay, quite otherwise than the others at the same place? Whoever sells admissions has one price and one length of
//! stay; two who use one hospital have two, and their people do not come together.
//!
//! Bill, cash and nights of each person at a place are put in order and cut in two where the halves lie far apart for their spread.
//! Many cuts will do; that one counts whose halves meet least on one day, and only if they meet much less than chance would have it.
//! Cost: for each place and cut, the batches.

use super::bench::{Arrivals, Cited};
use super::crews::CREW_MIN;
use super::odds::{ln_ratio, median};
use crate::model::Party;
use std::collections::{BTreeMap, BTreeSet};

/// The middles of two manners lie so many times as far apart as half of the people lie from theirs: the halves of an even spread
/// lie twice as far apart, those of a bell 1.7 times.
const APART: i32 = 3;
/// And at least a fifth, in hundredths of the logarithm: nearer ones are a rise of prices.
const APART_MIN: i32 = 20;
/// Half of the people of one manner lie at least so far from their middle: a sum to the fen would make anything far away.
const SPREAD_MIN: i32 = 4;
/// Companions of two manners are at most one in so many of those that would meet if manners did not matter,
const MEET_ONE_IN: usize = 5;
/// of so many at least, in hundredths,
const MEET_MIN: usize = 1_000;
/// and either comes on so many days: what is common to a few days is the days', not the crew's.
const DAYS_MIN: usize = 10;

/// How somebody pays and stays at a place: the bill, the cash and the nights in the middle, as logarithms in hundredths.
fn manner(stays: &[&Cited]) -> [i32; 3] {
    let middle = |values: &mut Vec<i64>| ln_ratio(median(values).max(0).unsigned_abs(), 1);
    [
        middle(&mut stays.iter().map(|(fact, _)| fact.total_fen / 100).collect()),
        middle(&mut stays.iter().map(|(fact, _)| fact.cash().unwrap_or(0) / 100).collect()),
        middle(&mut stays.iter().map(|(fact, _)| i64::from(fact.nights()) + 1).collect()),
    ]
}

/// Two groups of people who pay or stay quite differently at one place: of all such, those who meet least.
pub(super) fn manners(people: &BTreeMap<Party, Vec<&Cited>>, batches: &Arrivals) -> Option<[BTreeSet<Party>; 2]> {
    let mut at: BTreeMap<Party, BTreeMap<Party, Vec<&Cited>>> = BTreeMap::new();
    for (person, stay) in people.iter().flat_map(|(person, stays)| stays.iter().map(move |stay| (*person, *stay))) {
        at.entry(stay.0.place).or_default().entry(person).or_default().push(stay);
    }
    let mut strangest: Option<(usize, [BTreeSet<Party>; 2])> = None;
    for (place, there) in at.into_iter().filter(|(_, there)| there.len() >= 2 * CREW_MIN) {
        let manners: Vec<(Party, [i32; 3])> = there.iter().map(|(person, stays)| (*person, manner(stays))).collect();
        for axis in 0..3 {
            for seeds in cuts(manners.iter().map(|(person, manner)| (manner[axis], *person)).collect()) {
                let meet = meet(batches, place, &seeds);
                strangest = match (meet, strangest) {
                    (Some(meet), known) if known.as_ref().is_none_or(|(least, _)| meet < *least) => Some((meet, seeds)),
                    (_, known) => known,
                };
            }
        }
    }
    strangest.map(|(_, seeds)| seeds)
}

/// The places where some values fall apart.
fn cuts(mut along: Vec<(i32, Party)>) -> Vec<[BTreeSet<Party>; 2]> {
    along.sort_unstable();
    let cuts = (CREW_MIN..=along.len().saturating_sub(CREW_MIN)).filter_map(|at| {
        let (low, high) = along.split_at(at);
        let ((below, spread_below), (above, spread_above)) = (middle_and_spread(low), middle_and_spread(high));
        let (far, spread) = (above - below, spread_below.max(SPREAD_MIN) + spread_above.max(SPREAD_MIN));
        let people = |part: &[(i32, Party)]| part.iter().map(|(_, person)| *person).collect();
        (far >= APART_MIN && far >= spread * APART).then(|| [people(low), people(high)])
    });
    cuts.collect()
}

/// The middle of some sorted values, and how far half of them lie from it.
fn middle_and_spread(part: &[(i32, Party)]) -> (i32, i32) {
    let middle = part[part.len() / 2].0;
    let mut far: Vec<i32> = part.iter().map(|(value, _)| (value - middle).abs()).collect();
    far.sort_unstable();
    (middle, far[far.len() / 2])
}

/// How often people of two groups come on one day, per mille of what it would be if groups did not matter; `None` where it is
/// not much less.
fn meet(batches: &Arrivals, place: Party, [one, other]: &[BTreeSet<Party>; 2]) -> Option<usize> {
    let of = |people: &BTreeSet<Party>, group: &BTreeSet<Party>| people.intersection(group).count();
    let days: Vec<(usize, usize)> = batches.values().map(|people| (of(people, one), of(people, other))).collect();
    let (first, second) = days.iter().fold((0, 0), |sums, day| (sums.0 + day.0, sums.1 + day.1));
    let all = (first + second).max(1);
    let pairs: usize = days.iter().map(|(one, other)| (one + other) * (one + other).saturating_sub(1) / 2).sum();
    let met: usize = days.iter().map(|(one, other)| one * other).sum();
    let there = || batches.iter().filter(|((at, _), _)| *at == place).map(|(_, people)| people);
    let came = |group| there().filter(|people| of(people, group) > 0).count();
    if came(one) < DAYS_MIN || came(other) < DAYS_MIN {
        return None;
    }
    let expected = pairs * 200 * first / all * second / all;
    (expected >= MEET_MIN && met * 100 * MEET_ONE_IN <= expected).then(|| met * 100_000 / expected)
}

#[cfg(test)]
mod tests {
    use super::super::bench::arrivals;
    use super::*;
    use crate::model::{CareClass, Day, PartyKind, RowRef, Settlement};

    /// Two groups of six at one hospital, admitted on so many days each: the bill of each, and how many days later the second comes.
    fn stays(fen: [i64; 2], later: i32, days: i32) -> Vec<Cited> {
        let place = Party::of(PartyKind::Institution, "H1");
        let mut stays = Vec::new();
        for (group, fen) in (0_i32..).zip(fen) {
            for at in 0..days * 3 {
                let person = Party::of(PartyKind::Person, &format!("{group}-{}", at % 6));
                let begin = Day(100 + at / 3 * 10 + group * later);
                let total_fen = fen + i64::from(at % 5) * 1_000;
                let class = CareClass::Inpatient;
                let fact = Settlement {
                    person,
                    place,
                    begin,
                    end: Day(begin.0 + 7),
                    total_fen,
                    class,
                    ..Settlement::default()
                };
                stays.push((fact, RowRef::default()));
            }
        }
        stays
    }

    /// How many are on either side.
    fn parted(stays: &[Cited]) -> Option<[usize; 2]> {
        let mut people: BTreeMap<Party, Vec<&Cited>> = BTreeMap::new();
        stays.iter().for_each(|stay| people.entry(stay.0.person).or_default().push(stay));
        manners(&people, &arrivals(stays.iter().map(|(fact, _)| fact))).map(|seeds| seeds.map(|people| people.len()))
    }

    #[test]
    fn two_prices_that_never_meet_are_two_crews() {
        assert_eq!(parted(&stays([400_000, 900_000], 4, 12)), Some([6, 6]));
    }

    #[test]
    fn two_prices_on_the_same_days_are_one_crew() {
        assert_eq!(parted(&stays([400_000, 900_000], 0, 12)), None);
    }

    #[test]
    fn one_price_on_days_of_their_own_is_one_crew() {
        assert_eq!(parted(&stays([400_000, 420_000], 4, 12)), None);
    }

    #[test]
    fn what_is_common_to_a_few_days_is_the_days() {
        assert_eq!(parted(&stays([400_000, 900_000], 4, 6)), None);
    }
}
