//! HN15: does a village doctor or a nursing home fetch everybody's refill? One place, or two on one errand, one day a month, at
//! what a month's medicine costs.

use super::{LookAlike, places, share};
use crate::model::{CareClass, Day, Party, Settlement};
use crate::typology::bench::{Bench, Cited, by_place};
use crate::typology::odds::{even, median, percent, ramp};
use crate::typology::sold::{ONE_TOTAL, to_the_fen};
use crate::typology::suspicion::Suspicion;
use std::collections::{BTreeMap, BTreeSet};

/// What a month's medicine costs at most.
const REFILL_FEN_MAX: i64 = 50_000;

/// Places of one errand, such as a hospital's clinic and a pharmacy.
const ERRAND_PLACES: usize = 2;

/// People whose refill is fetched on one day: more than a pool's cards at one stop.
const BULK_MIN: usize = 10;

/// A bulk refill.
pub(crate) struct BulkRefill;

impl LookAlike for BulkRefill {
    fn code(&self) -> &'static str {
        "HN15"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("村医、养老院集中取药", "collective refill by a village doctor")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["card_pool", "clinic_card_swiping", "identity_misuse", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let one_place = 100 - ramp(spread(suspicion).1, 130, 200, 100);
        one_place.max(one_errand(suspicion)) * refill_for_all(suspicion) / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (busiest, _) = spread(suspicion);
        let (places, refill) = (places(suspicion), refill_for_all(suspicion));
        let one_place = -ramp(busiest, 70, 98, 150) * refill / 100;
        let one_errand = -(one_errand(suspicion) * 150 / 100) * refill / 100;
        if one_errand < one_place {
            return Some((
                one_errand,
                format!("每人每次在{places}处合计所付不超过一个月药费,可能为集中代配"),
                format!(
                    "What each takes at {places} places in a day costs no more than a month's medicine: perhaps a refill fetched for all"
                ),
            ));
        }
        Some((
            one_place,
            format!("{busiest}%的结算在同一处(共{places}处),可能为集中代配"),
            format!("{busiest}% of the settlements are at one of {places} places: perhaps a refill fetched for all"),
        ))
    }
}

/// How far they look like refills fetched for all, wherever it is: of what is refilled, by the month, and no two bills the same.
fn refill_for_all(suspicion: &Suspicion) -> i32 {
    refills(suspicion) * monthly(suspicion) / 100 * various(suspicion) / 100
}

/// How far two places are one errand: what most take in a day at both is what a month's medicine costs.
fn one_errand(suspicion: &Suspicion) -> i32 {
    let mut taken: BTreeMap<(Party, Day), i64> = BTreeMap::new();
    for (fact, _) in suspicion.settlements() {
        *taken.entry((fact.person, fact.settled.day())).or_default() += fact.total_fen;
    }
    let taken = median(&mut taken.into_values().collect::<Vec<_>>());
    let of_a_month = i32::try_from(taken * 100 / REFILL_FEN_MAX).unwrap_or(i32::MAX);
    if places(suspicion) == ERRAND_PLACES { 100 - ramp(of_a_month, 100, 140, 100) } else { 0 }
}

/// How far the settlements are refills: of a registered disease, at a pharmacy, or for little money.
fn refills(suspicion: &Suspicion) -> i32 {
    let refill = |fact: &Settlement| {
        matches!(fact.class, CareClass::Chronic | CareClass::Drugstore) || fact.total_fen < REFILL_FEN_MAX
    };
    ramp(share(suspicion, |_| true, refill), 20, 60, 100)
}

/// How far the bills differ, as patients do.
fn various(suspicion: &Suspicion) -> i32 {
    100 - ramp(to_the_fen(suspicion.settlements()).share, ONE_TOTAL.0, ONE_TOTAL.1, 100)
}

/// How far they come by the month, or less often: a prescription lasts for four weeks and more. All on the same days; or, where one
/// fetches for several villages, each by the month on days on which many come.
fn monthly(suspicion: &Suspicion) -> i32 {
    let by_day = by_the_month(suspicion.settlements().map(|(fact, _)| fact.settled.day()));
    let each = |(_, used): &(i32, Vec<&Cited>)| by_the_month(used.iter().map(|(fact, _)| fact.settled.day()));
    let mut own: Vec<i64> = suspicion.people.values().map(|one| i64::from(each(one))).collect();
    let own = i32::try_from(median(&mut own)).unwrap_or(0);
    by_day.max(own * ramp(in_bulk(suspicion), 50, 85, 100) / 100)
}

/// How far some days are no more than one or two a month.
fn by_the_month(days: impl Iterator<Item = Day>) -> i32 {
    let days: BTreeSet<Day> = days.collect();
    let span = days.first().zip(days.last()).map_or(0, |(first, last)| last.since(*first));
    let times = i32::try_from(days.len()).unwrap_or(i32::MAX / 3_000).saturating_sub(1);
    // Times in thirty days, in hundredths.
    100 - ramp(times * 3_000 / span.max(30), 150, 250, 100)
}

/// Percent of the settlements on days on which many of them came to one place.
fn in_bulk(suspicion: &Suspicion) -> i32 {
    let mut days: BTreeMap<(Party, Day), usize> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| *days.entry((fact.place, fact.settled.day())).or_default() += 1);
    percent(days.values().filter(|came| **came >= BULK_MIN).sum(), days.values().sum())
}

/// Percent of the settlements at the busiest place, and how many places there would be if all were used alike, in hundredths.
fn spread(suspicion: &Suspicion) -> (i32, i32) {
    let at = by_place(suspicion.settlements());
    (percent(at.values().max().copied().unwrap_or(0), at.values().sum()), even(at.values()))
}
