//! Do some pay, or stay, quite otherwise than the others at the same place? Whoever sells admissions has one price and one length of
//! stay; two who use one hospital have two, and their people do not come together.
//!
//! Bill, cash and nights of each person at a place are put in order and cut in two where the halves lie far apart for their spread.
//! Many cuts will do; that one counts whose halves meet least on one day, and only if they meet much less than chance would have it.
//! Cost: for each place the batches, and for each cut the days of one person and a sort.

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
        let uncut = Halves::uncut(batches, place, &there);
        let manners: Vec<(Party, [i32; 3])> = there.iter().map(|(person, stays)| (*person, manner(stays))).collect();
        for axis in 0..3 {
            let mut along: Vec<(i32, Party)> = manners.iter().map(|(person, manner)| (manner[axis], *person)).collect();
            along.sort_unstable();
            let mut halves = uncut.clone();
            for at in 1..=along.len().saturating_sub(CREW_MIN) {
                halves.lower(along[at - 1].1);
                let cut = along.split_at(at);
                let Some(meet) = (at >= CREW_MIN && far_apart(cut)).then(|| halves.meet()).flatten() else { continue };
                if strangest.as_ref().is_none_or(|(least, _)| meet < *least) {
                    let people = |half: &Along| half.iter().map(|(_, person)| *person).collect();
                    strangest = Some((meet, [people(cut.0), people(cut.1)]));
                }
            }
        }
    }
    strangest.map(|(_, seeds)| seeds)
}

/// People sorted by a value.
type Along = [(i32, Party)];

/// Whether the halves of a cut through sorted values lie far apart for their spread.
fn far_apart((low, high): (&Along, &Along)) -> bool {
    let middle = |half: &Along| half[half.len() / 2].0;
    let far = middle(high) - middle(low);
    // Half of a half lie at least so far from its middle.
    let spread = |half: &Along| {
        let mut off: Vec<i32> = half.iter().map(|(value, _)| (value - middle(half)).abs()).collect();
        off.sort_unstable();
        off[off.len() / 2].max(SPREAD_MIN)
    };
    far >= APART_MIN && far >= (spread(low) + spread(high)) * APART
}

/// The days on which some of a place's people came, there or elsewhere: how many of the lower and of the upper half did. One
/// person after the other goes down, so that the next cut costs that person's days.
#[derive(Clone)]
struct Halves {
    days: Vec<DayHalves>,
    /// The days of each person, as indices.
    of: BTreeMap<Party, Vec<usize>>,
    /// Arrivals of either half, and days of the place that have any.
    arrivals: [usize; 2],
    came: [usize; 2],
    /// Pairs that meet: any two, and one of either half.
    pairs: usize,
    met: usize,
}

/// One day, and whether it is one of the place's.
#[derive(Clone, Copy)]
struct DayHalves {
    here: bool,
    halves: [usize; 2],
}

impl Halves {
    /// Everybody in the upper half.
    fn uncut(batches: &Arrivals, place: Party, there: &BTreeMap<Party, Vec<&Cited>>) -> Halves {
        let mut uncut =
            Halves { days: Vec::new(), of: BTreeMap::new(), arrivals: [0; 2], came: [0; 2], pairs: 0, met: 0 };
        for ((at, _), people) in batches {
            let mut count = 0;
            for person in people.iter().filter(|person| there.contains_key(person)) {
                uncut.of.entry(*person).or_default().push(uncut.days.len());
                count += 1;
            }
            if count > 0 {
                let here = *at == place;
                uncut.days.push(DayHalves { here, halves: [0, count] });
                uncut.arrivals[1] += count;
                uncut.came[1] += usize::from(here);
                uncut.pairs += count * (count - 1) / 2;
            }
        }
        uncut
    }

    /// Moves a person to the lower half.
    fn lower(&mut self, person: Party) {
        for at in self.of.get(&person).into_iter().flatten() {
            let DayHalves { here, halves: [below, above] } = &mut self.days[*at];
            // One fewer above meets those below, and is met by those above that stay.
            self.met = self.met + *above - 1 - *below;
            self.came[0] += usize::from(*here && *below == 0);
            self.came[1] -= usize::from(*here && *above == 1);
            (*below, *above) = (*below + 1, *above - 1);
            self.arrivals[0] += 1;
            self.arrivals[1] -= 1;
        }
    }

    /// How often people of the two halves come on one day, per mille of what it would be if halves did not matter; `None` where
    /// it is not much less.
    fn meet(&self) -> Option<usize> {
        if self.came.iter().any(|days| *days < DAYS_MIN) {
            return None;
        }
        let [low, high] = self.arrivals;
        let all = (low + high).max(1);
        let expected = self.pairs * 200 * low / all * high / all;
        (expected >= MEET_MIN && self.met * 100 * MEET_ONE_IN <= expected).then(|| self.met * 100_000 / expected)
    }
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
