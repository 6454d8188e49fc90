//! HN01: is it a county whose people go there anyhow? Then they are few among many, with mixed diagnoses and stays.

use super::{LookAlike, share};
use crate::model::Explains;
use crate::typology::bench::{Bench, busiest_place};
use crate::typology::membership::Habits;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// A county that drains to the big city's hospitals.
pub(crate) struct CareDrain;

impl LookAlike for CareDrain {
    fn code(&self) -> &'static str {
        "HN01"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("外流就医县", "care-drain county")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission"]
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let habits = Habits::of(suspicion.settlements().map(|(fact, _)| fact));
        let commonest = habits.diagnoses.values().max().copied().unwrap_or(0);
        let diagnosed: usize = habits.diagnoses.values().sum();
        let mixed = 100 - percent(commonest, diagnosed);
        let usual =
            habits.nights.iter().max_by_key(|(nights, count)| (**count, **nights)).map_or(0, |(nights, _)| *nights);
        let length: usize = (usual - 1..=usual + 1).filter_map(|nights| habits.nights.get(&nights)).sum();
        let varied = 100 - percent(length, habits.stays);
        let fees = 100 - percent(habits.near_fee, habits.stays);
        let paid =
            share(suspicion, |fact| fact.cash().is_some(), |fact| fact.cash().unwrap_or(0) * 10 > fact.total_fen);
        let [stays, bills, cash] = [ramp(varied, 45, 80, 120), ramp(fees, 50, 85, 120), ramp(paid, 40, 90, 60)];
        let at_will = super::diagnosed(suspicion, &[Explains::AtWill]);
        let known = bench.known.diagnoses && diagnosed >= 5;
        let illness = if known { ramp(mixed, 60, 90, 120) * (150 - at_will) / 150 } else { 0 };
        // People of a place who seek care do not meet again, day for day, at the next hospital.
        let score = -(stays + bills + cash + illness) * (100 - suspicion.met_again(bench)) / 100;
        // And where a county drains to, others of it go as well.
        let score = score * (100 - ramp(alone(bench, suspicion), 40, 90, 100)) / 100;
        let parts = [
            (illness, format!("病种分散{mixed}%"), format!("mixed diagnoses {mixed}%")),
            (stays, format!("住院天数分散{varied}%"), format!("mixed stays {varied}%")),
            (bills, format!("费用分散{fees}%"), format!("mixed bills {fees}%")),
            (
                cash,
                format!("{paid}%的住院自付现金达一成以上"),
                format!("{paid}% of the stays paid a tenth and more in cash"),
            ),
        ];
        let told = || parts.iter().filter(|(counts, ..)| *counts > 0);
        let zh: Vec<&str> = told().map(|(_, zh, _)| zh.as_str()).collect();
        let en: Vec<&str> = told().map(|(.., en)| en.as_str()).collect();
        let (zh, en) = match zh.is_empty() {
            true => Default::default(),
            false => (format!("({})", zh.join("、")), format!(" ({})", en.join(", "))),
        };
        Some((score, format!("像当地人正常外出就医{zh}"), format!("As people of a place seek care{en}")))
    }
}

/// Percent of the stays from outside at the place they went to most that are theirs; where they live near, nobody drains.
fn alone(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let away = suspicion.settlements().filter(|(fact, _)| bench.away(fact));
    let Some((place, count)) = busiest_place(away) else { return 0 };
    let outside = bench.place(place).map_or(0, |baseline| usize::try_from(baseline.stays_from_outside).unwrap_or(0));
    percent(count, outside.max(count))
}
