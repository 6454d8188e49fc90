//! HN15: does a village doctor or a nursing home fetch everybody's refill? One place, one day a month, at what a month's
//! medicine costs.

use super::{LookAlike, places, share};
use crate::model::{CareClass, Day, Party, Settlement};
use crate::typology::bench::{Bench, Cited, by_place};
use crate::typology::odds::{even, median, percent, ramp};
use crate::typology::sold::{ONE_TOTAL, to_the_fen};
use crate::typology::suspicion::Suspicion;
use std::collections::{BTreeMap, BTreeSet};

/// What a month's medicine costs at most.
const REFILL_FEN_MAX: i64 = 50_000;

/// People whose refill is fetched on one day: more than a pool's cards at one stop.
const BULK_MIN: usize = 10;

/// A bulk refill.
pub(crate) struct BulkRefill;

impl LookAlike for BulkRefill {
    fn code(&self) -> &'static str {
        "HN15"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["card_pool", "clinic_card_swiping", "identity_misuse", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        (100 - ramp(spread(suspicion).1, 130, 200, 100)) * refills(suspicion) / 100 * monthly(suspicion) / 100
            * various(suspicion)
            / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (busiest, _) = spread(suspicion);
        let places = places(suspicion);
        Some((
            -ramp(busiest, 70, 98, 150) * refills(suspicion) / 100 * various(suspicion) / 100 * monthly(suspicion)
                / 100,
            format!("{busiest}%的结算在同一处(共{places}处),可能为集中代配"),
            format!("{busiest}% of the settlements are at one of {places} places: perhaps a refill fetched for all"),
        ))
    }
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
