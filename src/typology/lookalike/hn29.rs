//! HN29, not in the catalogue: do workmates go to a cure together once a year? The firm's coach, its telephone, its price; for two weeks, at
//! the same time of the year, and everybody pays a share.

use super::{LookAlike, TREATED_ALIKE, share, with_more};
use crate::model::Day;
use crate::typology::bench::{Bench, arrivals};
use crate::typology::odds::{median, percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeSet;

/// A yearly cure.
pub(crate) struct YearlyCure;

/// Days from one cure to the next, at least.
const YEAR_DAYS: i32 = 300;
/// Percent of the people who came back, from nobody of whom it can be told to enough.
const CAME_BACK: (i32, i32) = (10, 35);
/// Nights of a cure: too few, enough.
const NIGHTS: (i32, i32) = (6, 9);
/// People on one coach, at least.
const COACH_MIN: usize = 6;
/// What would follow from it as well.
const AT_WILL: &[&str] = &["admitted_at_will", "same_diagnoses"];
const CURED_ALIKE: [&str; TREATED_ALIKE.len() + AT_WILL.len()] = with_more(TREATED_ALIKE, AT_WILL);

impl LookAlike for YearlyCure {
    fn code(&self) -> &'static str {
        "HN29"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("单位疗养", "a firm's yearly cure")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &CURED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (yearly, back) = returns(suspicion);
        let pays = 100 - ramp(without_cash(suspicion), 20, 60, 100);
        let long = ramp(nights(suspicion), NIGHTS.0, NIGHTS.1, 100);
        // Members of a mill come once a year as well, but not by the coach.
        let by_coach = ramp(by_coach(suspicion), 60, 95, 100);
        ramp(yearly, 80, 97, 100) * ramp(back, CAME_BACK.0, CAME_BACK.1, 100) / 100 * long / 100 * pays / 100 * by_coach
            / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (yearly, back) = returns(suspicion);
        let nights = nights(suspicion);
        let holds = self.holds(bench, suspicion);
        (holds > 0).then(|| {
            (
                -holds / 2,
                format!("{back}%的人再次来住,其中{yearly}%相隔{YEAR_DAYS}天以上,每次约{nights}晚且自付一部分:可能为单位组织的年度疗养"),
                format!(
                    "{back}% of the people came back, {yearly}% of the times after {YEAR_DAYS} days and more, for about {nights} nights and paying a share: perhaps a firm's yearly cure"
                ),
            )
        })
    }
}

/// Percent of the returns that were a year after, and of the people who came back.
fn returns(suspicion: &Suspicion) -> (i32, i32) {
    let (mut yearly, mut all, mut back) = (0, 0, 0);
    for (_, stays) in suspicion.people.values() {
        let mut days: Vec<Day> = stays.iter().map(|(fact, _)| fact.begin).collect();
        days.sort_unstable();
        days.dedup();
        let after = |pair: &&[Day]| pair[1].since(pair[0]) >= YEAR_DAYS;
        yearly += days.windows(2).filter(after).count();
        all += days.len().saturating_sub(1);
        back += usize::from(days.len() > 1);
    }
    (percent(yearly, all), percent(back, suspicion.people.len()))
}

/// Percent of the stays that began on a day on which as many came as a coach brings.
fn by_coach(suspicion: &Suspicion) -> i32 {
    let days = arrivals(suspicion.settlements().map(|(fact, _)| fact));
    let coaches = days.values().map(BTreeSet::len).filter(|people| *people >= COACH_MIN);
    percent(coaches.sum(), days.values().map(BTreeSet::len).sum())
}

/// Percent of the stays that were paid almost without cash, of those for which that is known; half where it is not.
fn without_cash(suspicion: &Suspicion) -> i32 {
    let known = share(suspicion, |_| true, |fact| fact.cash().is_some());
    if known < 50 { 40 } else { share(suspicion, |fact| fact.cash().is_some(), |fact| fact.without_cash()) }
}

/// Nights of a stay, in the middle.
fn nights(suspicion: &Suspicion) -> i32 {
    let mut nights: Vec<i64> = suspicion.settlements().map(|(fact, _)| i64::from(fact.nights())).collect();
    i32::try_from(median(&mut nights)).unwrap_or(0)
}
