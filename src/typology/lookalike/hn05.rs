//! HN05: is it a course of treatment? Chemotherapy, radiotherapy and childbirth explain short, regular, equal stays.

use super::{LookAlike, diagnosed};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Day surgery, chemotherapy, and other treatment that explains itself.
pub(crate) struct Oncology;

impl LookAlike for Oncology {
    fn code(&self) -> &'static str {
        "HN05"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(diagnosed(suspicion, &[Explains::Tumour, Explains::Childbirth]), 15, 75, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let tumours = diagnosed(suspicion, &[Explains::Tumour]);
        let births = diagnosed(suspicion, &[Explains::Childbirth]);
        Some((
            -ramp(tumours + births, 15, 75, 150),
            format!("{tumours}%为肿瘤放化疗、{births}%为分娩,疗程本身短而规律"),
            format!("{tumours}% are tumour treatment and {births}% childbirth: short and regular by themselves"),
        ))
    }
}
