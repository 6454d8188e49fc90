//! HN28, not in the catalogue: do they come on the day on which their doctor is in? An allergy clinic gives its shots on Mondays, a
//! herbal doctor of some name sees his patients every second Saturday: whoever needs him comes then, and meets the others who do.

use super::LookAlike;
use crate::model::Party;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// A consulting day.
pub(crate) struct ConsultingDay;

/// How far it holds at most: vans keep to a weekday as well.
const HOLDS_MAX: i32 = 80;
/// The same where nobody says who signed.
const UNSIGNED_MAX: i32 = 40;

impl LookAlike for ConsultingDay {
    fn code(&self) -> &'static str {
        "HN28"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("固定出诊日", "a doctor's consulting day")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "identity_misuse", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["strict_beat", "one_beat", "in_line", "within_minutes", "without_end", "for_years", "beyond_chance"]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (on_day, signed, by_own) = figures(suspicion);
        let who = if signed < 50 { UNSIGNED_MAX } else { ramp(by_own, 60, 90, HOLDS_MAX) };
        ramp(on_day, 75, 95, 100) * who / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (on_day, signed, by_own) = figures(suspicion);
        let holds = self.holds(bench, suspicion);
        let (zh, en) = if signed < 50 {
            (String::new(), String::new())
        } else {
            (format!(",{by_own}%由患者自己的医师接诊"), format!(", {by_own}% are signed by each patient's own doctor"))
        };
        (holds > 0).then(|| {
            (
                -holds / 2,
                format!("{on_day}%的就诊在其医师每周的同一天{zh}:可能为固定出诊日"),
                format!(
                    "{on_day}% of the visits are on one and the same day of their doctor's week{en}: perhaps the day on which the doctor is in"
                ),
            )
        })
    }
}

/// Percent of the settlements on the day of the week on which most of their doctor's are, of those with a doctor, and of these the ones
/// signed by each patient's own.
fn figures(suspicion: &Suspicion) -> (i32, i32, i32) {
    let mut days: BTreeMap<Party, [usize; 7]> = BTreeMap::new();
    let (mut by_own, mut told, mut all) = (0, 0, 0);
    for (_, held) in suspicion.people.values() {
        let mut doctors: BTreeMap<Party, usize> = BTreeMap::new();
        for (fact, _) in held {
            all += 1;
            days.entry(fact.doctor).or_default()[usize::try_from(fact.begin.0.rem_euclid(7)).unwrap_or(0)] += 1;
            *doctors.entry(fact.doctor).or_default() += usize::from(fact.doctor.is_some());
        }
        told += doctors.values().sum::<usize>();
        by_own += doctors.values().max().copied().unwrap_or(0);
    }
    let on_day = days.values().map(|days| days.iter().max().copied().unwrap_or(0)).sum();
    (percent(on_day, all), percent(told, all), percent(by_own, told))
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn every_second_saturday_is_a_consulting_day_and_every_twelfth_day_is_none() {
        let every = |days: u32| {
            let visit = |at: u32| Stay { person: at % 9, day: (2023, 5, 6 + at / 9 * days), ..Stay::default() };
            held(&ConsultingDay, (0..18).map(visit))
        };
        assert_eq!([every(14), every(12)], [UNSIGNED_MAX, 0]);
    }
}
