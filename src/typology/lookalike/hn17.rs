//! HN17: is it a pharmacy at a station, or one that sends by post? Customers from everywhere, each once or for something else.

use super::LookAlike;
use crate::model::{Day, Party};
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::sold::rows;
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeSet;

/// A pharmacy of travellers, or an online one.
pub(crate) struct Travellers;

impl LookAlike for Travellers {
    fn code(&self) -> &'static str {
        "HN17"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("车站、景区、网上药店", "station, tourist or online pharmacy")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["pharmacy_cash_out"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["accounts_from_elsewhere", "paid_from_the_account", "two_cities_in_a_day", "never_there_otherwise"]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (once, sorts) = figures(suspicion);
        ramp(once, 60, 95, 100).max(ramp(sorts, 60, 95, 100)) * alone(suspicion) / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (once, sorts) = figures(suspicion);
        Some((
            -(ramp(once, 70, 98, 80) + ramp(sorts, 70, 98, 80)) * alone(suspicion) / 100,
            format!("{once}%的人只来过一天,{sorts}%的账单金额各不相同,可能为车站、机场药店或网上药店"),
            format!(
                "{once}% of the people came on one day only, {sorts}% of the bills have a total of their own: perhaps a station's or an online pharmacy"
            ),
        ))
    }
}

/// How far the people come on their own rather than in rows, percent.
fn alone(suspicion: &Suspicion) -> i32 {
    let (row, chance_milli, ..) = rows(suspicion);
    100 - ramp(row - i32::try_from(chance_milli / 10).unwrap_or(0), 5, 25, 100)
}

/// Percent of the people with bills of one day only, and of the bills with a total of their own.
fn figures(suspicion: &Suspicion) -> (i32, i32) {
    let days =
        |held: &[&crate::typology::Cited]| held.iter().map(|(fact, _)| fact.settled.day()).collect::<BTreeSet<Day>>();
    let once = suspicion.people.values().filter(|(_, held)| days(held).len() <= 1).count();
    let totals: BTreeSet<(Party, i64)> =
        suspicion.settlements().map(|(fact, _)| (fact.place, fact.total_fen)).collect();
    (percent(once, suspicion.people.len()), percent(totals.len(), suspicion.settlements().count()))
}
