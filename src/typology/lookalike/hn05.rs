//! HN05: is it a course of treatment? Chemotherapy, radiotherapy and childbirth explain short, regular, equal stays.

use super::{LookAlike, diagnosed};
use crate::model::{Explains, Settlement};
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// Day surgery, chemotherapy, and other treatment that explains itself.
pub(crate) struct Oncology;

impl LookAlike for Oncology {
    fn code(&self) -> &'static str {
        "HN05"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("日间手术、化疗、透析、白内障", "day surgery, chemotherapy, dialysis, cataract")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "membership_mill", "ghost_doctor", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(diagnosed(suspicion, &[Explains::Tumour, Explains::Childbirth]), 15, 75, 100)
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        if !bench.known.diagnoses {
            let share = cycles(suspicion);
            let paid = super::share(suspicion, |fact| fact.cash().is_some(), pays);
            return (share >= 50).then(|| {
                (
                    -ramp(share, 50, 90, 150) - ramp(paid, 50, 90, 100),
                    format!("数据中没有诊断;{share}%的再次住院与上次相隔两至五周,{paid}%自付一成以上,不能排除放化疗疗程"),
                    format!("No diagnoses are given; {share}% of the returns come two to five weeks after the stay before, {paid}% were paid in cash for a tenth or more: a course of treatment cannot be excluded"),
                )
            });
        }
        let tumours = diagnosed(suspicion, &[Explains::Tumour]);
        let births = diagnosed(suspicion, &[Explains::Childbirth]);
        Some((
            -ramp(tumours + births, 15, 75, 150),
            format!("{tumours}%为肿瘤放化疗、{births}%为分娩,疗程本身短而规律"),
            format!("{tumours}% are tumour treatment and {births}% childbirth: short and regular by themselves"),
        ))
    }
}

/// A tenth of the bill or more in cash.
fn pays(fact: &Settlement) -> bool {
    fact.cash().unwrap_or(0) * 10 >= fact.total_fen
}

/// Percent of the returns that follow the stay before as cycles of a treatment do.
fn cycles(suspicion: &Suspicion) -> i32 {
    let (mut in_time, mut all) = (0, 0);
    for pair in suspicion.people.values().flat_map(|(_, stays)| stays.windows(2)) {
        all += 1;
        in_time += usize::from((12..=36).contains(&pair[1].0.begin.since(pair[0].0.begin)));
    }
    percent(in_time, all)
}
