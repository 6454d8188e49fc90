//! HN20: is it childbirth? Mother and child lie together, twins are admitted together, and a firm of young women has births.

use super::{LookAlike, share};
use crate::model::{CareClass, Explains, explains};
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Mothers, newborns and multiples.
pub(crate) struct Childbed;

impl LookAlike for Childbed {
    fn code(&self) -> &'static str {
        "HN20"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("双胞胎、母婴", "twins, mother and newborn")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "relay_admission", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(births(suspicion), 30, 90, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = births(suspicion);
        (share >= 30).then(|| {
            (
                -ramp(share, 30, 90, 100),
                format!("{share}%为分娩或新生儿住院,母婴或多胞胎本就同住"),
                format!("{share}% are births or newborns: mother and child, or twins, lie together"),
            )
        })
    }
}

/// Percent of the settlements that are births or newborns.
fn births(suspicion: &Suspicion) -> i32 {
    share(
        suspicion,
        |_| true,
        |fact| fact.class == CareClass::Maternity || explains(fact.diagnosis) == Explains::Childbirth,
    )
}
