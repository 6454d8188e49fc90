//! HN07: was there an outbreak, an accident, a heat wave? Contagion and injury, once each, within weeks.

use super::{LookAlike, diagnosed, once};
use crate::typology::bench::Bench;
use crate::typology::diagnosis::Explains;
use crate::typology::odds::ramp;
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
        let days = || suspicion.settlements().map(|(fact, _)| fact.begin.0);
        let span = days().max().unwrap_or(0) - days().min().unwrap_or(0);
        let once = once(suspicion);
        let sudden = if span <= OUTBREAK_DAYS { ramp(once, 50, 95, 150) } else { 0 };
        Some((
            -ramp(ill, 20, 75, 500) - sudden,
            format!("{ill}%为传染病或外伤,前后{span}天,{once}%的人只住院一次"),
            format!("{ill}% are infections or injuries, within {span} days, {once}% of the people once only"),
        ))
    }
}
