//! HN30, not in the catalogue: do they come for a medicine that is taken under somebody's eyes? Every day or every second, for months or
//! years, for a few yuan: methadone, tuberculosis.

use super::{LookAlike, share};
use crate::model::Day;
use crate::typology::bench::{Bench, Cited};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// Medicine taken under supervision.
pub(crate) struct Supervised;

/// Days to the next dose, at most.
const NEXT_DAYS: i32 = 3;
/// What a dose costs at most.
const DOSE_FEN_MAX: i64 = 8_000;

impl LookAlike for Supervised {
    fn code(&self) -> &'static str {
        "HN30"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("门诊督导服药", "medicine taken under supervision")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "card_pool", "identity_misuse", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &[
            "for_years",
            "strict_beat",
            "one_beat",
            "within_minutes",
            "without_end",
            "narrow_fee",
            "lives_on_them",
            "doctors_day",
            "in_line",
            "tandem",
            "same_order",
            "same_basket",
            "one_total",
            "beyond_chance",
        ]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let cheap = share(suspicion, |_| true, |fact| fact.total_fen <= DOSE_FEN_MAX);
        ramp(soon(suspicion), 50, 85, 100) * ramp(cheap, 50, 90, 100) / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (soon, holds) = (soon(suspicion), self.holds(bench, suspicion));
        let yuan = DOSE_FEN_MAX / 100;
        (holds > 0).then(|| {
            (
                -holds,
                format!("{soon}%的就诊距上次不超过{NEXT_DAYS}天,且多不超过{yuan}元:可能为门诊督导服药(美沙酮、结核病等)"),
                format!(
                    "{soon}% of the visits follow the last within {NEXT_DAYS} days, and most cost at most ¥{yuan}: perhaps a medicine taken under supervision (methadone, tuberculosis)"
                ),
            )
        })
    }
}

/// Percent of the returns within a few days.
fn soon(suspicion: &Suspicion) -> i32 {
    let each = suspicion.people.values().map(|(_, held)| soon_again(held));
    let (soon, all) = each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    percent(soon, all)
}

/// Of somebody's returns those within a few days, and all.
pub(crate) fn soon_again(held: &[&Cited]) -> (usize, usize) {
    let mut days: Vec<Day> = held.iter().map(|(fact, _)| fact.begin).collect();
    days.sort_unstable();
    days.dedup();
    let soon = days.windows(2).filter(|pair| pair[1].since(pair[0]) <= NEXT_DAYS).count();
    (soon, days.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn a_dose_a_day_is_and_a_treatment_every_twelfth_day_is_not() {
        let doses = |at: u32| Stay { person: at % 8, day: (2023, 5, 1 + at / 8), yuan: 12, ..Stay::default() };
        let treatments =
            |at: u32| Stay { person: at % 8, day: (2023, 1 + at / 8 % 12, 9), yuan: 12, ..Stay::default() };
        let dear = |at: u32| Stay { yuan: 240, ..doses(at) };
        assert_eq!(held(&Supervised, (0..160).map(doses)), 100);
        assert_eq!(held(&Supervised, (0..64).map(treatments)), 0);
        assert_eq!(held(&Supervised, (0..160).map(dear)), 0);
    }
}
