//! HN02: do they live there? Long-term filings, and everyday care at the place of the stays.

use super::{LookAlike, people};
use crate::model::{CareClass, Party};
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Elders with their children, people who winter in the south.
pub(crate) struct LivesThere;

impl LookAlike for LivesThere {
    fn code(&self) -> &'static str {
        "HN02"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("随迁老人、候鸟老人", "transplanted or wintering elders")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip"]
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let filed = people(suspicion, |person| {
            bench.file(person).is_some_and(|file| file.filings.iter().any(|(filing, _)| matches!(filing.reason, 2 | 8)))
        });
        let settled = people(suspicion, |person| everyday(bench, suspicion, person));
        Some((
            -ramp(filed, 20, 80, 300) - ramp(settled, 25, 80, 250),
            format!("{filed}%的人有异地安置或长期居住备案,{settled}%的人在当地有日常门诊"),
            format!("{filed}% filed as living there, {settled}% have their everyday care there"),
        ))
    }
}

/// Most of the everyday care lies in the pool of the stays.
fn everyday(bench: &Bench, suspicion: &Suspicion, person: Party) -> bool {
    let Some((_, stays)) = suspicion.people.get(&person) else { return false };
    let Some(area) = stays.first().map(|stay| bench.references.regions.pool(stay.0.area)) else { return false };
    let daily = bench.settlements(person).filter(|(fact, _)| !matches!(fact.class, CareClass::Inpatient));
    let there = daily.clone().filter(|(fact, _)| bench.references.regions.pool(fact.area) == area).count();
    there >= 3 && there * 2 > daily.count()
}
