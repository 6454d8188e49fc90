//! HN14: is it true chronic mental illness? Long stays, the same ward for years, back soon after each discharge.

use super::{LookAlike, diagnosed};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Chronic psychosis and dementia.
pub(crate) struct Psychosis;

impl LookAlike for Psychosis {
    fn code(&self) -> &'static str {
        "HN14"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "membership_mill", "relay_admission", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(diagnosed(suspicion, &[Explains::Mind]), 30, 80, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = diagnosed(suspicion, &[Explains::Mind]);
        Some((
            -ramp(share, 30, 80, 100),
            format!("{share}%的诊断为慢性精神障碍,长期住院、同病房、出院后很快再入院属常情"),
            format!(
                "{share}% of the diagnoses are chronic mental illness: the same ward for years, back soon after discharge"
            ),
        ))
    }
}
