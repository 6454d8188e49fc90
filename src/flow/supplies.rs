//! Where are boxes sold that nobody delivered, and to whom?
//!
//! A place that reports its deliveries badly sells such boxes to everybody alike. Who collects for a counter that bills what it
//! never had is billed for little else. So people count, not boxes: those of whose boxes at the place a good part was never delivered,
//! more than the place's other customers miss at the time and of the same medicine, held against the other places. A box that the
//! place had sold before is another matter: it cannot be there a second time, whatever the place reports.
//!
//! Cost: the people of the places with several such boxes; of the others the sizes.

use super::channels::{Channel, Group, Participant};
use super::contexts::gathered;
use super::crowds::{Mark, Rest, beside_is, beside_place, whichever_says_more};
use super::surprise::share;
use crate::model::{Day, Party, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// A place that reports fewer deliveries than this does not report them. A ring tried on its own facts brings no deliveries
/// along: there the earlier run has seen them.
const DELIVERED_MIN: u32 = 10;
/// What a place had in stock before its first reported delivery is sold within so many days; it says nothing of how careless it is.
const STOCK_DAYS: u32 = 90;
/// Boxes that nobody delivered before somebody is one of whom it says something.
const BOXES_MIN: u32 = 2;
/// Places begin and cease to report: what the others bought within so many days says whether one did.
const PERIOD_DAYS: u32 = 60;
/// Boxes of the others in such a time that say it.
const OTHERS_MIN: u64 = 5;
/// Percent of them that nobody delivered, at most: where more is missing, the place does not report.
const OTHERS_PERCENT: u64 = 40;
/// A good part of somebody's boxes is one in so many: whoever takes one medicine that is delivered another way takes others too.
const GOOD_PART_ONE_IN: u64 = 3;
/// How unlikely it is that somebody misses so many of his boxes by the place's careless reports alone (−ln p in hundredths, one in a
/// hundred at least), and of how many customers, per million, that is true for another reason: a medicine that is delivered another way.
const MISSING: [(i64, u64); 4] = [(460, 10_000), (1_500, 2_000), (3_000, 300), (8_000, 50)];
/// Pairs of boxes of one sale that the rate of careless reports is known by as if seen before, per mille of them missing.
const BEFORE: (u64, u64) = (20, 10);
/// So many such boxes of one person, and the usual share, per million, of those with as many among those who were sold one.
const STRUCK: [(u32, u64); 2] = [(BOXES_MIN, 50_000), (5, 10_000)];
/// A sale, and whether nobody delivered the box (1) or somebody did (0). The detail is the day, and the number of visits stands for the
/// medicine.
type Sale<'g> = (&'g Participant, u32);
/// Boxes of one person, for places whose people are not looked at.
const BOXES_EACH: u64 = 4;

/// Ties of people to places that sold them what nobody delivered.
pub(super) fn unsupplied<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut counts = MISSING.map(|_| Vec::new());
    let mut billed: BTreeMap<i32, Vec<Party>> = BTreeMap::new();
    for groups in channel.groups.chunk_by(|(left, _), (right, _)| beside_place(*left) == beside_place(*right)) {
        let of = |mark: Mark| groups.iter().find(|(group, _)| beside_is(*group, mark));
        let size = |mark: Mark| of(mark).map_or(0, |(_, size)| *size);
        let place = groups.first().map_or(0, |(group, _)| beside_place(*group));
        if size(Mark::Plain) < DELIVERED_MIN && !channel.was_known() {
            continue;
        }
        match of(Mark::Marked).filter(|(_, without)| *without >= BOXES_MIN) {
            None => {
                counts.iter_mut().for_each(|counts| counts.push((place, 0, u64::from(size(Mark::Plain)) / BOXES_EACH)))
            }
            Some((marked, _)) => {
                let delivered = of(Mark::Plain).map(|(plain, _)| people(*plain));
                let (these, all) = for_whom_little_was_delivered(delivered, people(*marked));
                for ((least, _), counts) in MISSING.iter().zip(&mut counts) {
                    counts.push((place, number(these.values().filter(|unlikely| *unlikely >= least).count()), all));
                }
                billed.insert(place, these.into_keys().collect());
            }
        }
    }
    let degrees = counts.into_iter().zip(MISSING.map(|(_, per_million)| per_million));
    tied(id, channel, whichever_says_more(degrees, Rest::TellsMostly), billed)
}

/// Ties of people to places that sold them several boxes which the place had sold before: once is a slip, a return that nobody entered.
/// Of those whom it strikes few are struck twice, and hardly any time and again: whichever says more. Whether a clerk only scans one box
/// for all is for others to say.
pub(super) fn sold_twice<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut counts = STRUCK.map(|_| Vec::new());
    let mut billed: BTreeMap<i32, Vec<Party>> = BTreeMap::new();
    for (group, _) in &channel.groups {
        let held = boxes(people(*group).iter().map(|sale| (sale, 1)));
        let all = number(held.len());
        for ((least, _), counts) in STRUCK.iter().zip(&mut counts) {
            counts.push((*group, number(held.values().filter(|(_, all)| all >= least).count()), all));
        }
        let several = held.iter().filter(|(_, (_, all))| *all >= BOXES_MIN);
        billed.insert(*group, several.map(|(person, _)| *person).collect());
    }
    let degrees = counts.into_iter().zip(STRUCK.map(|(_, per_million)| per_million));
    tied(id, channel, whichever_says_more(degrees, Rest::Nothing), billed)
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Ties to the unusual among some groups, of the people who were billed there.
fn tied(id: Party, channel: &Channel, unusual: Vec<(i32, i64)>, mut billed: BTreeMap<i32, Vec<Party>>) -> Vec<Tie> {
    let tied = unusual.into_iter().filter_map(|(group, surprise)| {
        billed.remove(&group).map(|people| (Day(group), surprise, surprise / 2, people))
    });
    gathered(id, channel, tied)
}

/// The people of whose boxes at a place a good part was never delivered, far more than of the others' at the time and of the same medicine,
/// with how unlikely that is; and how many people bought there.
fn for_whom_little_was_delivered(delivered: Option<&Group>, without: &Group) -> (BTreeMap<Party, i64>, u64) {
    let delivered = || delivered.into_iter().flatten();
    let sales: Vec<Sale> = delivered().map(|sale| (sale, 0)).chain(without.iter().map(|sale| (sale, 1))).collect();
    let settled = delivered().map(|sale| sale.detail).min().map(|first| first + STOCK_DAYS);
    let late: Vec<Sale> = sales.iter().copied().filter(|(sale, _)| Some(sale.detail) >= settled).collect();
    let careless = careless(&late);
    let seldom = struck(sales.iter().map(|(sale, missing)| (sale.person, *missing, careless)));
    let others = Others::of(sales.iter().copied().filter(|(sale, _)| !seldom.contains_key(&sale.person)));
    let told = sales.iter().filter_map(|(sale, missing)| {
        let usual = if settled.is_none() { careless } else { others.usual(sale)?.max(careless) };
        Some((sale.person, *missing, usual))
    });
    let all: BTreeSet<Party> = sales.iter().map(|(sale, _)| sale.person).collect();
    (struck(told), number(all.len()))
}

/// The people of whose boxes far more are missing than usual, with how unlikely that is: each box with its buyer, whether it is missing, and
/// how often such a one is, per mille.
fn struck(boxes: impl Iterator<Item = (Party, u32, u64)>) -> BTreeMap<Party, i64> {
    let mut sums: BTreeMap<Party, (u64, u64, u64)> = BTreeMap::new();
    for (person, missing, usual) in boxes {
        let held = sums.entry(person).or_default();
        *held = (held.0 + u64::from(missing), held.1 + 1, held.2 + usual);
    }
    let unlikely = sums.into_iter().filter_map(|(person, (missing, all, usual))| {
        let unlikely = share(missing, all, usual / all);
        let good_part = missing >= u64::from(BOXES_MIN) && missing * GOOD_PART_ONE_IN >= all;
        (good_part && unlikely >= MISSING[0].0).then_some((person, unlikely))
    });
    unlikely.collect()
}

/// How many boxes of the others at a place are missing: all in a time, and of one medicine whenever.
struct Others {
    periods: BTreeMap<u32, (u64, u64)>,
    items: BTreeMap<u32, (u64, u64)>,
}

impl Others {
    fn of<'g>(sales: impl Iterator<Item = Sale<'g>>) -> Others {
        let mut others = Others { periods: BTreeMap::new(), items: BTreeMap::new() };
        for (sale, missing) in sales {
            let period = others.periods.entry(sale.detail / PERIOD_DAYS).or_default();
            let item = others.items.entry(sale.visits).or_default();
            for held in [period, item] {
                *held = (held.0 + u64::from(missing), held.1 + 1);
            }
        }
        others
    }

    /// How many in a thousand like this one are missing; `None` where the place does not report at the time, or nobody else bought.
    fn usual(&self, sale: &Participant) -> Option<u64> {
        let (missing, all) = self.periods.get(&(sale.detail / PERIOD_DAYS)).copied().unwrap_or_default();
        if all < OTHERS_MIN || missing * 100 > all * OTHERS_PERCENT {
            return None;
        }
        let now = missing * 1_000 / all;
        let (missing, all) = self.items.get(&sale.visits).copied().unwrap_or_default();
        Some(now.max((missing * 1_000 + BEFORE.0 * now) / (all + BEFORE.0)))
    }
}

/// How many boxes per mille the place forgets to report. Careless reports miss one box of a sale and hold the other; who bills what
/// was never there misses all. So pairs of boxes of one sale tell: those of which one is missing, and those of which none is.
fn careless(sales: &[Sale]) -> u64 {
    let mut bills: BTreeMap<(Party, u32), (u64, u64)> = BTreeMap::new();
    for (sale, missing) in sales {
        let held = bills.entry((sale.person, sale.detail)).or_default();
        *held = if *missing == 0 { (held.0 + 1, held.1) } else { (held.0, held.1 + 1) };
    }
    let mixed: u64 = bills.values().map(|(held, missing)| held * missing).sum();
    let whole: u64 = bills.values().map(|(held, _)| held * held.saturating_sub(1) / 2).sum();
    // Of n pairs 2 p (1 - p) n are mixed and (1 - p)² n are whole.
    (mixed * 1_000 + 2 * BEFORE.0 * BEFORE.1) / (mixed + 2 * whole + 2 * BEFORE.0)
}

/// Boxes that were never delivered and all boxes, by person.
fn boxes<'g>(sales: impl Iterator<Item = (&'g Participant, u32)>) -> BTreeMap<Party, (u32, u32)> {
    let mut boxes: BTreeMap<Party, (u32, u32)> = BTreeMap::new();
    for (sale, missing) in sales {
        let held = boxes.entry(sale.person).or_default();
        *held = (held.0 + missing, held.1 + 1);
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is struck at a place where forty people buy two boxes a month, and these besides: person, day, medicine, whether it is missing.
    fn struck_at(besides: &[(u64, u32, u32, bool)]) -> Vec<u64> {
        let usual = (0..40_u64).flat_map(|person| (0..12).flat_map(move |month| [(person, month), (person, month)]));
        let bought =
            usual.zip(0_u32..).map(|((person, month), at)| (person, 90 + month * 30 + at % 20, at % 5, at % 25 == 0));
        let sale = |(person, day, medicine, missing): (u64, u32, u32, bool)| {
            (Participant { detail: day, visits: medicine, person: Party((person + 1) << 4) }, missing)
        };
        let sales: Vec<(Participant, bool)> = bought.chain(besides.iter().copied()).map(sale).collect();
        let group = |missing: bool| -> Group {
            let mut held: Vec<Participant> =
                sales.iter().filter(|(_, one)| *one == missing).map(|(sale, _)| *sale).collect();
            held.sort_unstable();
            Group::from_vec(held)
        };
        let (these, _) = for_whom_little_was_delivered(Some(&group(false)), &group(true));
        these.into_keys().map(|person| (person.0 >> 4) - 1).collect()
    }

    #[test]
    fn who_misses_what_the_others_have_is_struck() {
        let kept: Vec<_> = (0..12).map(|at| (99, 100 + at * 25, 2, at % 3 != 0)).collect();
        assert_eq!(struck_at(&kept), [99]);
        let careful: Vec<_> = (0..12).map(|at| (99, 100 + at * 25, 2, at == 5)).collect();
        assert!(struck_at(&careful).is_empty());
    }

    #[test]
    fn a_medicine_that_is_delivered_another_way_strikes_nobody() {
        let often = (60..64).flat_map(|person| (0..8).map(move |at| (person, 100 + at * 30, 9, at % 4 != 3)));
        let now_and_then = (0..40).flat_map(|person| (0..2).map(move |at| (person, 120 + at * 90, 9, person % 4 != 3)));
        let insulin: Vec<_> = often.chain(now_and_then).collect();
        assert!(struck_at(&insulin).is_empty());
    }
}
