//! HN25: was there an accident or a disaster? Many injured, admitted within the day, once each.

use super::{LookAlike, diagnosed, once};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// A mass-casualty event.
pub(crate) struct Disaster;

/// All are brought in by then.
const EVENT_DAYS: i32 = 2;

impl LookAlike for Disaster {
    fn code(&self) -> &'static str {
        "HN25"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("灾害、群体伤", "disaster, mass casualty")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (hurt, peak) = event(suspicion);
        ramp(hurt, 40, 85, 100) * ramp(peak, 50, 90, 100) / 100 * ramp(once(suspicion), 50, 90, 100) / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (hurt, peak) = event(suspicion);
        (hurt >= 40).then(|| {
            (
                -self.holds(bench, suspicion),
                format!("{hurt}%为外伤,{peak}%在{EVENT_DAYS}天之内入院,可能为事故或灾害"),
                format!(
                    "{hurt}% are injuries, {peak}% came in within {EVENT_DAYS} days: perhaps an accident or a disaster"
                ),
            )
        })
    }
}

/// Percent of injuries, and of settlements within the days of one event.
fn event(suspicion: &Suspicion) -> (i32, i32) {
    let hurt = diagnosed(suspicion, &[Explains::Injury]);
    let mut days: Vec<i32> = suspicion.settlements().map(|(fact, _)| fact.begin.0).collect();
    days.sort_unstable();
    let upto = |from: &i32| days.partition_point(|day| day - from < EVENT_DAYS);
    let most = (0..).zip(&days).map(|(at, from)| upto(from) - at).max().unwrap_or(0);
    (hurt, percent(most, days.len()))
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn a_crash_is_one_day_and_injuries_in_batches_are_not() {
        let crash = |person| Stay { person, code: "S52.500", ..Stay::default() };
        let batches = |person| Stay { day: (2024, 1 + person % 6, 3), ..crash(person) };
        let backs = |person| Stay { code: "M51.202", ..crash(person) };
        assert_eq!(held(&Disaster, (1..=9).map(crash)), 100);
        assert_eq!(held(&Disaster, (1..=9).map(batches)), 0);
        assert_eq!(held(&Disaster, (1..=9).map(backs)), 0);
    }
}
