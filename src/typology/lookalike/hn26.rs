//! HN26, not in the catalogue: are they miners sent to a cure in turns? One register of dust lungs, fourteen days each, twice a
//! year, the same workmates every time, paid by the scheme.

use super::{ADMISSIONS, LookAlike, TREATED_ALIKE, diagnosed};
use crate::model::Explains;
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Occupational disease, treated in turns.
pub(crate) struct Miners;

impl LookAlike for Miners {
    fn code(&self) -> &'static str {
        "HN26"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("职业病疗养轮次", "miners sent to a cure in turns")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        ADMISSIONS
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        TREATED_ALIKE
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(diagnosed(suspicion, &[Explains::Dust]), 40, 85, 100)
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = diagnosed(suspicion, &[Explains::Dust]);
        (share >= 40).then(|| {
            (
                -ramp(share, 40, 85, 80),
                format!("{share}%的诊断为尘肺等职业病:同单位工友按轮次成批住院疗养属常情"),
                format!(
                    "{share}% of the diagnoses are occupational lung disease: workmates are sent to a cure in turns"
                ),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typology::lookalike::group::{Stay, held};

    #[test]
    fn workmates_with_dust_lungs_are_and_with_slipped_discs_are_not() {
        let turns = |code| (0..24).map(move |number| Stay { person: number % 12, code, ..Stay::default() });
        assert_eq!(held(&Miners, turns("J60.x00")), 100);
        assert_eq!(held(&Miners, turns("M51.202")), 0);
    }
}
