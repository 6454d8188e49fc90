//! HN24: did a hospital merge, change its number or open? Then everybody moves on one day, once.

use super::LookAlike;
use crate::model::{Day, Party};
use crate::typology::bench::{Bench, Cited};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// A registry event.
pub(crate) struct Merger;

/// Days around the event.
const AROUND_DAYS: i32 = 10;

impl LookAlike for Merger {
    fn code(&self) -> &'static str {
        "HN24"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("机构合并、编码变更、新开业", "merger, code change, new opening")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "membership_mill", "relay_admission", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["same_places"]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        if one_after_the_other(suspicion) { 100 } else { 0 }
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let around = |day: i32, event: i32| (i64::from(day) - i64::from(event)).abs() <= i64::from(AROUND_DAYS);
        let moved = |(fact, _): &Cited| {
            bench
                .references
                .places
                .get(&fact.place)
                .is_some_and(|entry| around(fact.begin.0, entry.opened.0) || around(fact.end.0, entry.closed.0))
        };
        let all = suspicion.settlements().count();
        let share = percent(suspicion.settlements().filter(|cited| moved(cited)).count(), all);
        let (after_zh, after) = if one_after_the_other(suspicion) {
            (
                "两家机构先后使用而不同时,患者可能随床位迁移;",
                "The two places were used one after the other, as when patients move along with the beds; ",
            )
        } else {
            ("", "")
        };
        let score = ramp(share, 25, 80, 200);
        let (around_zh, around_en) = if score > 0 {
            (
                format!("{share}%的结算恰在机构开业或停业前后{AROUND_DAYS}天,"),
                format!(
                    "{share}% of the settlements lie within {AROUND_DAYS} days of the place's opening or closing: "
                ),
            )
        } else {
            Default::default()
        };
        Some((
            -score,
            format!("{after_zh}{around_zh}可能为合并或换码"),
            format!("{after}{around_en}perhaps a merger or a new code"),
        ))
    }
}

/// Whether the two busiest places were used one after the other: patients moved along with the beds, or the code changed.
fn one_after_the_other(suspicion: &Suspicion) -> bool {
    let mut at: BTreeMap<Party, Vec<Day>> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| at.entry(fact.place).or_default().push(fact.begin));
    let mut places: Vec<Vec<Day>> = at.into_values().collect();
    places.sort_by_key(|days| std::cmp::Reverse(days.len()));
    let [one, other, ..] = places.as_mut_slice() else { return false };
    one.sort_unstable();
    other.sort_unstable();
    let early = |days: &[Day]| days[days.len() / 10];
    let late = |days: &[Day]| days[days.len() * 9 / 10];
    late(one) < early(other) || late(other) < early(one)
}
