//! Where are boxes sold that nobody delivered, and to whom?
//!
//! A place that reports its deliveries badly sells such boxes to everybody alike. Who collects for a counter that bills what it
//! never had is billed for little else. So people count, not boxes: those of whose boxes at the place most were never delivered,
//! held against the other places. A box that the place had sold before is another matter: it cannot be there a second time, whatever
//! the place reports.
//!
//! Cost: the people of the places with several such boxes; of the others the sizes.

use super::channels::{Channel, Group, Participant};
use super::contexts::gathered;
use super::crowds::{Mark, Rest, beside_is, beside_place, whichever_says_more};
use super::surprise::share;
use crate::model::{Day, Party, Tie};
use std::collections::BTreeMap;

/// A place that reports fewer deliveries than this does not report them. A ring tried on its own facts brings no deliveries
/// along: there the earlier run has seen them.
const DELIVERED_MIN: u32 = 10;
/// What a place had in stock before its first reported delivery is sold within so many days.
const STOCK_DAYS: u32 = 90;
/// Boxes that nobody delivered before somebody is one of whom it says something.
const BOXES_MIN: u32 = 2;
/// Places begin and cease to report: what the others bought within so many days says whether one did.
const PERIOD_DAYS: u32 = 60;
/// Boxes of the others in such a time that say it.
const OTHERS_MIN: u32 = 5;
/// Percent of them that nobody delivered, at most: where more is missing, the place reports badly.
const OTHERS_PERCENT: u32 = 14;
/// How unlikely it is that somebody misses so many of his boxes by the place's careless reports alone (−ln p in hundredths, one in a
/// hundred at least), and of how many customers, per million, that is true for another reason: a medicine that is delivered another way.
const MISSING: [(i64, u64); 4] = [(460, 10_000), (1_500, 2_000), (3_000, 300), (8_000, 50)];
/// Pairs of boxes of one sale that the rate of careless reports is known by as if seen before, per mille of them missing.
const BEFORE: (u64, u64) = (20, 10);
/// So many such boxes of one person, and the usual share, per million, of those with as many among those who were sold one.
const STRUCK: [(u32, u64); 2] = [(BOXES_MIN, 50_000), (5, 10_000)];
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

/// The people of whose boxes at a place at least half were never delivered, as far as the place reported the deliveries of the
/// others' boxes at the time, with how unlikely that is; and how many people bought there.
fn for_whom_little_was_delivered(delivered: Option<&Group>, without: &Group) -> (BTreeMap<Party, i64>, u64) {
    let delivered = || delivered.into_iter().flatten();
    let from = delivered().map(|sale| sale.detail).min().map_or(0, |first| first + STOCK_DAYS);
    let sales = delivered().map(|sale| (sale, 0)).chain(without.iter().map(|sale| (sale, 1)));
    let sales: Vec<(&Participant, u32)> = sales.filter(|(sale, _)| sale.detail >= from).collect();
    let careless = careless(&sales);
    let most = |of: &BTreeMap<Party, (u32, u32)>, person| {
        let (missing, all) = of.get(&person).copied().unwrap_or_default();
        let unlikely = share(u64::from(missing), u64::from(all), careless);
        (missing >= BOXES_MIN && missing * 2 >= all && unlikely >= MISSING[0].0).then_some(unlikely)
    };
    let all = boxes(sales.iter().copied());
    let mut others: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for (sale, missing) in sales.iter().filter(|(sale, _)| most(&all, sale.person).is_none()) {
        let held = others.entry(sale.detail / PERIOD_DAYS).or_default();
        *held = (held.0 + missing, held.1 + 1);
    }
    let alone = from == 0;
    let reports = |day: u32| {
        let (missing, all) = others.get(&(day / PERIOD_DAYS)).copied().unwrap_or_default();
        alone || all >= OTHERS_MIN && missing * 100 <= all * OTHERS_PERCENT
    };
    let told = boxes(sales.iter().copied().filter(|(sale, _)| reports(sale.detail)));
    let these = told.keys().filter_map(|person| Some((*person, most(&told, *person)?)));
    (these.collect(), number(all.len()))
}

/// How many boxes per mille the place forgets to report. Careless reports miss one box of a sale and hold the other; who bills what
/// was never there misses all. So pairs of boxes of one sale tell: those of which one is missing, and those of which none is.
fn careless(sales: &[(&Participant, u32)]) -> u64 {
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
