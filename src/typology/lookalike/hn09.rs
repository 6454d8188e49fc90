//! HN09: are they dialysis patients? Kidney failure explains the same peers, the same weekday, for years.

use super::{LookAlike, TREATED_ALIKE, diagnosed, with_more};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// What follows for people on dialysis together, besides what does for all who are treated alike: they leave one after the other, each
/// with the same session, and with the same medicine.
const SESSIONS: &[&str] = &["one_total", "same_basket", "tandem", "rounds", "in_line"];
const SAME_CHAIRS: [&str; TREATED_ALIKE.len() + SESSIONS.len()] = with_more(TREATED_ALIKE, SESSIONS);

/// A dialysis cohort.
pub(crate) struct Dialysis;

impl LookAlike for Dialysis {
    fn code(&self) -> &'static str {
        "HN09"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("透析患者群", "dialysis cohort")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &[
            "cross_region_day_trip",
            "recruited_fake_admission",
            "membership_mill",
            "card_pool",
            "relay_admission",
            "phantom_dialysis",
            "unclassified",
        ]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &SAME_CHAIRS
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(diagnosed(suspicion, &[Explains::Kidney]), 15, 75, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = diagnosed(suspicion, &[Explains::Kidney]);
        // Sessions can only be made up for dialysis patients: that they are says little about whether some were.
        let most = if suspicion.typology == "phantom_dialysis" { 30 } else { 150 };
        Some((
            -ramp(share, 15, 75, most),
            format!("{share}%的诊断为肾功能衰竭,规律透析时同伴固定"),
            format!("{share}% of the diagnoses are kidney failure: on dialysis the same peers meet for years"),
        ))
    }
}
