//! What would these bills be like if they were ordinary ones of their counters?
//!
//! As in `usual`: each share is that of the place's other customers, the group's own bills taken out first; where few others are
//! left, what is usual anywhere counts as [`LEAN`] further bills, so that a counter that lives on a ring does not excuse it.

use super::bench::{Bench, Cited};
use super::odds::{median, percent};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Party, Sale, SaleCounts, Settlement};
use std::collections::{BTreeMap, BTreeSet};

/// Bills that count for what is usual anywhere.
const LEAN: i64 = 15;
/// Seconds between two bills of a row.
pub(crate) const ROW_SECONDS: i64 = 600;
/// Seconds a counter is open on a day.
const OPEN_SECONDS: i64 = 43_200;
/// Hours are quiet that together see at most this much of the others, thousandths.
const QUIET_MILLI: i64 = 120;
/// Bills of a day by three hours, anywhere, thousandths.
const HOURS: [i64; 8] = [8, 4, 60, 300, 200, 250, 150, 28];
/// Shares of bills anywhere, thousandths: near one total, from the account, electronic, of people from elsewhere.
const ANYWHERE: [i64; 4] = [220, 300, 450, 50];

/// What some bills are like, in percent, and what is usual, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    /// Of the group's bills.
    pub(crate) own: i32,
    /// Bills for which it is known.
    pub(crate) known: usize,
    /// Of the other bills of the places.
    pub(crate) usual: i64,
}

/// The shares of a group's bills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    /// Within a fifth of the group's median.
    pub(crate) narrow: Share,
    /// Paid from the account.
    pub(crate) account: Share,
    /// With an electronic voucher.
    pub(crate) electronic: Share,
    /// Of people insured in another city.
    pub(crate) far: Share,
    /// In hours that are quiet at their place.
    pub(crate) quiet: Share,
    /// The median, fen.
    pub(crate) median_fen: i64,
}

/// What these bills are like beside those of the other customers of their places.
pub(crate) fn sold<'s>(bench: &Bench, bills: impl Iterator<Item = &'s Cited> + Clone) -> Sold {
    let median_fen = median(&mut bills.clone().map(|(fact, _)| fact.total_fen).collect::<Vec<_>>());
    let mut places: BTreeMap<Party, Vec<Sale>> = BTreeMap::new();
    let mut near = 0;
    for (fact, _) in bills {
        places.entry(fact.place).or_default().push(Sale::of(fact, bench.away(fact)));
        near += usize::from(super::membership::near(fact.total_fen, median_fen));
    }
    let all: usize = places.values().map(Vec::len).sum();
    let (mut own, mut quiet, mut sums) = (SaleCounts::default(), 0, [0_i64; 5]);
    for (place, sales) in &places {
        let mut mine = SaleCounts::default();
        sales.iter().for_each(|sale| mine.take(sale, 1));
        sales.iter().for_each(|sale| own.take(sale, 1));
        let mut others = bench.counter(*place).map(|baseline| baseline.sale).unwrap_or_default();
        for (other, mine) in others.each_mut().zip(mine.each_mut()) {
            *other = (*other - *mine).max(0);
        }
        let hours = quiet_hours(&others);
        quiet += sales.iter().filter(|sale| hours.contains(&usize::from(sale.hours))).count();
        let rates = rates(&others, median_fen, &hours);
        let weight = i64::try_from(sales.len()).unwrap_or(0);
        sums.iter_mut().zip(rates).for_each(|(sum, rate)| *sum += rate * weight);
    }
    let usual = sums.map(|sum| (sum / i64::try_from(all.max(1)).unwrap_or(1)).clamp(5, 1_000));
    let pair = |of: [i32; 2], usual: i64| {
        let [known, holds] = of.map(|count| usize::try_from(count).unwrap_or(0));
        Share { own: percent(holds, known), known, usual }
    };
    Sold {
        narrow: Share { own: percent(near, all), known: all, usual: usual[0] },
        account: pair(own.account, usual[1]),
        electronic: pair(own.electronic, usual[2]),
        far: pair(own.far, usual[3]),
        quiet: Share { own: percent(quiet, all), known: all, usual: usual[4] },
        median_fen,
    }
}

/// A medicine for less may well be everybody's, fen.
const DEAR_ENOUGH: i64 = 20_000;
/// People with one bill at one place on one day that are a pattern.
const ALIKE_MIN: usize = 3;

/// Percent of equal purchases that are no reason yet, and a full one.
pub(crate) const ONE_TOTAL: (i32, i32) = (30, 80);

/// Purchases of medicine with the very same total as others' at one place on one day, to the fen.
pub(crate) struct ToTheFen<'a> {
    /// Percent of all purchases of medicine.
    pub(crate) share: i32,
    /// How many purchases of medicine there are.
    pub(crate) all: usize,
    /// The purchases.
    pub(crate) equal: Vec<&'a Cited>,
}

/// Which purchases of medicine several had at the very same total: who fetches everybody's refill has as many sums as patients.
pub(crate) fn to_the_fen<'a>(bills: impl Iterator<Item = &'a Cited>) -> ToTheFen<'a> {
    let mut at: BTreeMap<(Party, Day, i64), Vec<&Cited>> = BTreeMap::new();
    let medicine = |fact: &Settlement| matches!(fact.class, CareClass::Chronic | CareClass::Drugstore);
    for bill in bills.filter(|(fact, _)| medicine(fact) && fact.total_fen >= DEAR_ENOUGH) {
        at.entry((bill.0.place, bill.0.settled.day(), bill.0.total_fen)).or_default().push(bill);
    }
    let all = at.values().map(Vec::len).sum();
    let people = |bills: &[&Cited]| bills.iter().map(|(fact, _)| fact.person).collect::<BTreeSet<_>>().len();
    let equal: Vec<&Cited> = at.into_values().filter(|bills| people(bills) >= ALIKE_MIN).flatten().collect();
    ToTheFen { share: percent(equal.len(), all), all, equal }
}

/// How the others' bills are spread over the day, thousandths.
fn day(others: &SaleCounts) -> [i64; 8] {
    let all: i64 = others.hours.iter().map(|count| i64::from(*count)).sum();
    let mut shares = HOURS;
    for (share, count) in shares.iter_mut().zip(others.hours) {
        *share = (i64::from(count) * 1_000 + *share * LEAN) / (all + LEAN);
    }
    shares
}

/// The hours that see least of the others, as many as see little together.
fn quiet_hours(others: &SaleCounts) -> Vec<usize> {
    let shares = day(others);
    let mut steps: Vec<usize> = (0..shares.len()).collect();
    steps.sort_by_key(|step| (shares[*step], *step));
    let mut sum = 0;
    steps.retain(|step| {
        sum += shares[*step];
        sum <= QUIET_MILLI
    });
    steps
}

fn rates(others: &SaleCounts, median_fen: i64, quiet: &[usize]) -> [i64; 5] {
    let lean = |part: i64, whole: i64, anywhere: i64| {
        // Counts are coarse: a part may be rounded less than its whole.
        (part.min(whole) * 1_000 + anywhere * LEAN) / (whole + LEAN)
    };
    let pair = |of: [i32; 2], anywhere: i64| lean(i64::from(of[1]), i64::from(of[0]), anywhere);
    let all: i64 = others.totals.iter().map(|count| i64::from(*count)).sum();
    let shares = day(others);
    [
        lean(near_totals(others, median_fen), all, ANYWHERE[0]),
        pair(others.account, ANYWHERE[1]),
        pair(others.electronic, ANYWHERE[2]),
        pair(others.far, ANYWHERE[3]),
        quiet.iter().map(|step| shares[*step]).sum(),
    ]
}

/// Bills within a fifth of a median, by the parts of the steps that are.
fn near_totals(others: &SaleCounts, median_fen: i64) -> i64 {
    let (low, high) = (median_fen * 4 / 5, median_fen * 6 / 5);
    let inside = |(step, count): (i64, &i32)| {
        let (from, to) = (Sale::edge(step), Sale::edge(step + 1));
        let both = (to.min(high) - from.max(low)).max(0);
        i64::from(*count) * both / (to - from)
    };
    (0..).zip(&others.totals).map(inside).sum()
}

/// Percent of the bills that follow another person's within minutes, how many would by chance in thousandths, percent of those
/// gaps within a quarter of their middle, and how many gaps.
pub(crate) fn rows(suspicion: &Suspicion) -> (i32, i64, i32, usize) {
    let mut at: BTreeMap<Party, Vec<(i64, Party)>> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| at.entry(fact.place).or_default().push((fact.settled.0, fact.person)));
    let (mut gaps, mut all, mut chance_milli) = (Vec::new(), 0_usize, 0_i64);
    for bills in at.values_mut() {
        bills.sort_unstable();
        let follow = bills.windows(2).filter(|pair| pair[0].1 != pair[1].1);
        gaps.extend(follow.map(|pair| pair[1].0 - pair[0].0).filter(|gap| *gap <= ROW_SECONDS));
        let days = bills.last().zip(bills.first()).map_or(1, |(last, first)| (last.0 - first.0) / 86_400 + 1);
        let count = i64::try_from(bills.len()).unwrap_or(0);
        let expected = (count * ROW_SECONDS * 1_000 / (days * OPEN_SECONDS)).min(1_000);
        chance_milli += expected * count;
        all += bills.len();
    }
    let middle = median(&mut gaps.clone());
    let even = gaps.iter().filter(|gap| (**gap - middle).abs() * 4 <= middle).count();
    let expected = chance_milli / i64::try_from(all.max(1)).unwrap_or(1);
    (percent(gaps.len(), all), expected, percent(even, gaps.len()), gaps.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartyKind, RowRef, Stamp};

    #[test]
    fn a_refill_for_all_has_as_many_sums_as_patients() {
        let bill = |card: u64, total_fen: i64| {
            let fact = Settlement {
                person: Party::of(PartyKind::Person, &card.to_string()),
                class: CareClass::Drugstore,
                settled: Stamp(86_400 * 19_000 + i64::try_from(card).unwrap_or(0) * 170),
                total_fen,
                ..Settlement::default()
            };
            (fact, RowRef(card))
        };
        let equal: Vec<Cited> = (0..40).map(|card| bill(card, 77_781)).collect();
        let various: Vec<Cited> = (0..40_u32).map(|card| bill(card.into(), 20_000 + i64::from(card) * 1_731)).collect();
        let small: Vec<Cited> = (0..40).map(|card| bill(card, 4_500)).collect();
        let told = [&equal, &various, &small].map(|bills| to_the_fen(bills.iter()));
        assert_eq!(told.map(|told| (told.share, told.all, told.equal.len())), [(100, 40, 40), (0, 40, 0), (0, 0, 0)]);
    }
}
