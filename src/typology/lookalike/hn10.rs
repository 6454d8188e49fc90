//! HN10: is it a cohort of tumour patients around one counter? They were in hospital for what they fetch.

use super::{LookAlike, people};
use crate::model::{CareClass, Explains, Party, Settlement, explains, was_seen};
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Chemotherapy, biologics, rare diseases.
pub(crate) struct DearCohort;

impl LookAlike for DearCohort {
    fn code(&self) -> &'static str {
        "HN10"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("化疗、罕见病患者群", "chemotherapy or rare-disease cohort")
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

/// Percent of the people who were treated for a tumour, at a hospital that prescribed for them as far as prescriptions are given (where
/// some were issued to nobody seen, one that issued these): one that never saw them explains nothing.
fn treated(bench: &Bench, suspicion: &Suspicion) -> i32 {
    people(suspicion, |person: Party| {
        let file = bench.file(person);
        let slips = || file.into_iter().flat_map(|file| file.prescriptions.iter().map(move |(slip, _)| (file, slip)));
        // Whoever is treated somewhere may have had other prescriptions forged elsewhere.
        let unseen = slips().any(|(file, slip)| !was_seen(file, slip));
        let asked = || slips().filter(|(file, slip)| !unseen || !was_seen(file, slip));
        let prescribed = |place: Party| asked().next().is_none() || asked().any(|(_, slip)| slip.place == place);
        let treats =
            |fact: &Settlement| fact.class != CareClass::Drugstore && explains(fact.diagnosis) == Explains::Tumour;
        bench.settlements(person).any(|(fact, _)| treats(fact) && prescribed(fact.place))
    })
}
