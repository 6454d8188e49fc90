//! HN15: does a village doctor or a nursing home fetch everybody's refill? One place, one day a month.

use super::{LookAlike, places};
use crate::typology::bench::{Bench, by_place};
use crate::typology::odds::{even, percent, ramp};
use crate::typology::suspicion::Suspicion;

/// A bulk refill.
pub(crate) struct BulkRefill;

impl LookAlike for BulkRefill {
    fn code(&self) -> &'static str {
        "HN15"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["card_pool", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        100 - ramp(spread(suspicion).1, 200, 300, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (busiest, _) = spread(suspicion);
        let places = places(suspicion);
        Some((
            -ramp(busiest, 70, 98, 150),
            format!("{busiest}%的结算在同一处(共{places}处),可能为集中代配"),
            format!("{busiest}% of the settlements are at one of {places} places: perhaps a refill fetched for all"),
        ))
    }
}

/// Percent of the settlements at the busiest place, and how many places there would be if all were used alike, in hundredths.
fn spread(suspicion: &Suspicion) -> (i32, i32) {
    let at = by_place(suspicion.settlements());
    (percent(at.values().max().copied().unwrap_or(0), at.values().sum()), even(at.values()))
}
