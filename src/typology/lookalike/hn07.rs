//! HN07: was there an outbreak, an accident, a heat wave? Contagion and injury, once each, within weeks.

use super::{LookAlike, diagnosed, once};
use crate::model::Explains;
use crate::typology::bench::Bench;
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

    fn name(&self) -> (&'static str, &'static str) {
        ("季节性聚集发病", "seasonal or epidemic cluster")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (ill, _, peak) = sudden_illness(suspicion);
        ramp(ill, 20, 75, 100) * ramp(peak, 20, 70, 100) / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (ill, span, peak) = sudden_illness(suspicion);
        let once = once(suspicion);
        let sudden = if span <= OUTBREAK_DAYS { ramp(once, 50, 95, 150) } else { 0 };
        let outbreak = ramp(ill, 20, 75, 150) * ramp(peak, 20, 70, 100) / 100;
        let (ill_zh, ill_en) = if outbreak > 0 {
            (format!("{ill}%为传染病或外伤,"), format!("{ill}% are infections or injuries; "))
        } else {
            Default::default()
        };
        Some((
            -outbreak - sudden,
            format!("{ill_zh}前后{span}天({peak}%在{OUTBREAK_DAYS}天之内),{once}%的人只住院一次;可能为突发事件"),
            format!(
                "{ill_en}all within {span} days ({peak}% in {OUTBREAK_DAYS}), {once}% of the people once only: perhaps something that struck them together"
            ),
        ))
    }
}

/// Percent of infections and injuries, days from first to last, percent within an outbreak's length.
fn sudden_illness(suspicion: &Suspicion) -> (i32, i32, i32) {
    let ill = diagnosed(suspicion, &[Explains::Infection, Explains::Injury]);
    let mut days: Vec<i32> = suspicion.settlements().map(|(fact, _)| fact.begin.0).collect();
    days.sort_unstable();
    let span = days.last().unwrap_or(&0) - days.first().unwrap_or(&0);
    // An outbreak is most of it within a few weeks; contagion and injury all year round explain no batches.
    let upto = |from: &i32| days.partition_point(|day| day - from < OUTBREAK_DAYS);
    let most = (0..).zip(&days).map(|(at, from)| upto(from) - at).max().unwrap_or(0);
    (ill, span, percent(most, days.len()))
}
