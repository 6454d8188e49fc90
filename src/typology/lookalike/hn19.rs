//! HN19: was it a charity's bus? Eye operations, one stay per eye. Where no diagnosis is exported a free operation bus looks
//! like a batch of fake admissions, and that is said.

use super::{LookAlike, admissions, diagnosed};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::goods::lensless;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// What it takes back where no diagnosis is told: as much as a free bus alone looks like a ring.
const BLIND: i32 = 400;

/// Percent of the operations without a lens: as always, too many.
const WITHOUT_LENS: (i32, i32) = (30, 70);

/// A charity's cataract bus or medical tour.
pub(crate) struct Charity;

impl LookAlike for Charity {
    fn code(&self) -> &'static str {
        "HN19"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("光明行等公益医疗", "charity surgery bus")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::TREATED_ALIKE
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        // A third operation on two eyes is nobody's charity, nor is one without a lens: where many had one, the bus tells another story
        // for all.
        let operated = 100 - ramp(lensless(bench, suspicion), WITHOUT_LENS.0, WITHOUT_LENS.1, 100);
        ramp(diagnosed(suspicion, &[Explains::Cataract]), 20, 75, 100) * ramp(few(suspicion), 40, 90, 100) / 100
            * operated
            / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        if !admissions(suspicion) {
            return None;
        }
        let (eyes, few) = (diagnosed(suspicion, &[Explains::Cataract]), few(suspicion));
        let lensless = lensless(bench, suspicion);
        let operated =
            ramp(eyes, 20, 75, 200) * few / 100 * (100 - ramp(lensless, WITHOUT_LENS.0, WITHOUT_LENS.1, 100)) / 100;
        // Where no diagnosis is exported nobody can say that these were not eyes.
        if !bench.known.diagnoses {
            return Some((
                -ramp(few, 60, 95, BLIND),
                format!("未提供诊断,{few}%的人不超过两次(每眼一次);不能排除光明行等公益车"),
                format!(
                    "no diagnosis is told, and {few}% of the people have two stays at most, one per eye: a charity's bus cannot be ruled out"
                ),
            ));
        }
        Some((
            -operated,
            format!("{eyes}%为眼科手术,{few}%的人不超过两次(每眼一次);不能排除光明行等公益车"),
            format!(
                "{eyes}% are eye operations, {few}% of the people have two stays at most, one per eye: perhaps a charity's bus"
            ),
        ))
    }
}

/// Percent of the people with two stays at most, one per eye.
fn few(suspicion: &Suspicion) -> i32 {
    percent(suspicion.people.values().filter(|(_, stays)| stays.len() <= 2).count(), suspicion.people.len())
}
