//! HN10: is it a cohort of tumour patients around one counter? They were in hospital for what they fetch.

use super::{LookAlike, people};
use crate::model::{CareClass, Explains, Party, Settlement, explains};
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Chemotherapy, biologics, rare diseases.
pub(crate) struct DearCohort;

impl LookAlike for DearCohort {
    fn code(&self) -> &'static str {
        "HN10"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["forged_prescription", "special_drug_resale"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["never_seen", "untreated", "one_hand", "same_hospitals", "shared_identifier"]
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(treated(bench, suspicion), 30, 90, 100)
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = treated(bench, suspicion);
        (share > 0).then(|| {
            (
                -ramp(share, 30, 90, 100),
                format!("{share}%的人曾因肿瘤住院或在医院治疗(有处方者,限其开方医院)"),
                format!(
                    "{share}% of the people were treated for a tumour in a hospital, one that prescribed for them where prescriptions are given"
                ),
            )
        })
    }
}

/// Percent of the people who were treated for a tumour, at a hospital that prescribed for them as far as prescriptions are given: one that
/// never saw them explains nothing.
fn treated(bench: &Bench, suspicion: &Suspicion) -> i32 {
    people(suspicion, |person: Party| {
        let prescriptions = || bench.file(person).into_iter().flat_map(|file| &file.prescriptions);
        let prescribed =
            |place: Party| prescriptions().next().is_none() || prescriptions().any(|(slip, _)| slip.place == place);
        let treats =
            |fact: &Settlement| fact.class != CareClass::Drugstore && explains(fact.diagnosis) == Explains::Tumour;
        bench.settlements(person).any(|(fact, _)| treats(fact) && prescribed(fact.place))
    })
}
