//! HN12: is it a course of rehabilitation or acupuncture? Ten or twenty visits to one place, one episode, then no more.

use super::LookAlike;
use crate::model::{Day, Party, is_visit};
use crate::typology::bench::{Bench, Cited};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeSet;

/// A course of treatment.
pub(crate) struct Course;

/// A course has at most so many visits, and is over within so many days, or with a session a week.
const VISITS_MAX: usize = 24;
const DAYS_MAX: i32 = 100;
const A_WEEK_NOW_AND_THEN_MISSED: i32 = 10;

impl LookAlike for Course {
    fn code(&self) -> &'static str {
        "HN12"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("康复、中医疗程", "rehabilitation course")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "identity_misuse", "card_pool", "ghost_doctor", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &[
            "strict_beat",
            "one_beat",
            "within_minutes",
            "narrow_fee",
            "tandem",
            "rounds",
            "same_order",
            "beyond_chance",
            "in_line",
            "nobody_but_these",
        ]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(courses(suspicion), 50, 95, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = courses(suspicion);
        (share >= 50).then(|| {
            (
                -ramp(share, 50, 95, 50),
                format!("{share}%的人只有一个疗程:至多{VISITS_MAX}次,{DAYS_MAX}天内或每周一次结束"),
                format!(
                    "{share}% of the people had one course: at most {VISITS_MAX} visits, over within {DAYS_MAX} days or weekly"
                ),
            )
        })
    }
}

/// Percent of the people whose visits are one course: several at one place, no purchases, at most so many, and over.
fn courses(suspicion: &Suspicion) -> i32 {
    let is_course = |held: &[&Cited]| {
        let days: BTreeSet<Day> = held.iter().map(|(fact, _)| fact.begin).collect();
        let span = days.first().zip(days.last()).map_or(0, |(first, last)| last.since(*first));
        let places: BTreeSet<Party> = held.iter().map(|(fact, _)| fact.place).collect();
        let seen = held.iter().all(|(fact, _)| is_visit(fact));
        let weekly = i32::try_from(days.len()).unwrap_or(0) * A_WEEK_NOW_AND_THEN_MISSED;
        (6..=VISITS_MAX).contains(&days.len()) && span <= DAYS_MAX.max(weekly) && places.len() == 1 && seen
    };
    percent(suspicion.people.values().filter(|(_, held)| is_course(held)).count(), suspicion.people.len())
}
