//! HN11: are they loyal elders of a small hospital, or poor people who pay the deductible only? Small bills, hardship on record.

use super::{LookAlike, people, share};
use crate::model::{CareClass, Day, Settlement};
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeSet;

/// Loyal elders; people for whom assistance pays the rest.
pub(crate) struct Loyal;

/// What one price for all says, where it is the law's.
const FLAT_BY_LAW: i32 = 300;
/// Bills of a small hospital.
const SMALL_FEN_MAX: i64 = 150_000;

impl LookAlike for Loyal {
    fn code(&self) -> &'static str {
        "HN11"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("社区医院老病号", "loyal elders of a small hospital")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["membership_mill", "recruited_fake_admission", "clinic_card_swiping"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["batches", "same_people_again", "same_doctors", "share_of_the_place", "shared_identifier"]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        // The cold brings everybody on a day of his own.
        ramp(winter(suspicion), 65, 90, 60) * ramp(days(suspicion), 30, 70, 100) / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let poor = people(suspicion, |person| {
            bench.file(person).and_then(|file| file.record).is_some_and(|(record, _)| record.hardship)
        });
        let admitted = |fact: &Settlement| fact.class == CareClass::Inpatient;
        let small = share(suspicion, admitted, |fact| fact.total_fen < SMALL_FEN_MAX);
        let winter = winter(suspicion);
        // Whom assistance pays for is left with the same sum by law, whatever the bill.
        let by_law = if suspicion.typology == "membership_mill" { ramp(poor, 50, 90, FLAT_BY_LAW) } else { 0 };
        Some((
            -ramp(poor, 30, 80, 250) - by_law - ramp(small, 40, 90, 100),
            format!("{poor}%的人为困难人员(其余由救助支付),{small}%的住院为小额费用,{winter}%在冬季"),
            format!(
                "{poor}% are in hardship, so that assistance pays the rest; {small}% of the hospital bills are small; {winter}% of the stays are in the cold season"
            ),
        ))
    }
}

/// Days of admission, in percent of the stays.
fn days(suspicion: &Suspicion) -> i32 {
    let days: BTreeSet<Day> = suspicion.settlements().map(|(fact, _)| fact.begin).collect();
    percent(days.len(), suspicion.settlements().count())
}

/// Percent of the stays from November to March; nothing when less than most of a year is seen.
fn winter(suspicion: &Suspicion) -> i32 {
    let days = || suspicion.settlements().map(|(fact, _)| fact.begin);
    let span = days().max().unwrap_or_default().since(days().min().unwrap_or_default());
    if span < 300 {
        return 0;
    }
    let cold = days().filter(|day| matches!(day.date().1, 11 | 12 | 1..=3)).count();
    percent(cold, days().count())
}
