//! HN07: was there an outbreak, an accident, a heat wave? Contagion and injury, once each, within weeks.

use super::{LookAlike, diagnosed, once};
use crate::typology::bench::Bench;
use crate::typology::diagnosis::Explains;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// An epidemic or mass-casualty cluster.
pub(crate) struct Outbreak;

/// An outbreak is over by then.
const OUTBREAK_DAYS: i32 = 45;

impl LookAlike for Outbreak {
    fn code(&self) -> &'static str {
        "HN07"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let ill = diagnosed(suspicion, &[Explains::Infection, Explains::Injury]);
        let mut days: Vec<i32> = suspicion.settlements().map(|(fact, _)| fact.begin.0).collect();
        days.sort_unstable();
        let span = days.last().unwrap_or(&0) - days.first().unwrap_or(&0);
        // An outbreak is most of it within a few weeks; contagion and injury all year round explain no batches.
        let within = |from: &i32| days.iter().filter(|day| (0..OUTBREAK_DAYS).contains(&(**day - from))).count();
        let peak = percent(days.iter().map(within).max().unwrap_or(0), days.len());
        let once = once(suspicion);
        let sudden = if span <= OUTBREAK_DAYS { ramp(once, 50, 95, 150) } else { 0 };
        Some((
            -ramp(ill, 20, 75, 500) * ramp(peak, 20, 70, 100) / 100 - sudden,
            format!("{ill}%为传染病或外伤,前后{span}天({peak}%在{OUTBREAK_DAYS}天之内),{once}%的人只住院一次"),
            format!(
                "{ill}% are infections or injuries, within {span} days ({peak}% in {OUTBREAK_DAYS}), {once}% of the people once only"
            ),
        ))
    }
}
