//! HN03: are they workmates? One employer, working age, or filings as working elsewhere.

use super::{LookAlike, people};
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// Migrant workers of one employer or site.
pub(crate) struct Workmates;

impl LookAlike for Workmates {
    fn code(&self) -> &'static str {
        "HN03"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("同一单位务工人员", "migrant workers of one employer")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(together(bench, suspicion), 40, 90, 100)
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let together = together(bench, suspicion);
        let filed = people(suspicion, |person| {
            bench.file(person).is_some_and(|file| file.filings.iter().any(|(filing, _)| filing.reason == 7))
        });
        Some((
            -ramp(together, 30, 80, 100) - ramp(filed, 20, 80, 150),
            format!("{together}%的人同属一个单位,{filed}%的人有常驻异地工作备案"),
            format!("{together}% work for one employer, {filed}% filed as working there"),
        ))
    }
}

/// Percent of the people who work for the commonest employer.
fn together(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let mut employers = BTreeMap::new();
    let files = || suspicion.people.keys().filter_map(|person| bench.file(*person));
    for record in files().filter_map(|file| file.record.map(|(record, _)| record)).filter(|one| one.employer.is_some())
    {
        *employers.entry(record.employer).or_insert(0_usize) += 1;
    }
    percent(employers.values().max().copied().unwrap_or(0), suspicion.people.len())
}
