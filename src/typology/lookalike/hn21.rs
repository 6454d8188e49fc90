//! HN21: are they at home for the Spring Festival? Workers come back in January and February, catch up on care, and leave again.

use super::{LookAlike, once};
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// Holiday returnees.
pub(crate) struct Returnees;

impl LookAlike for Returnees {
    fn code(&self) -> &'static str {
        "HN21"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("节假日返乡", "holiday returnees")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["recruited_fake_admission", "membership_mill", "unclassified"]
    }

    /// It explains why they come on the same days near home; not one doctor, one bill, or a second admission.
    fn accounts_for(&self) -> &'static [&'static str] {
        &["batches", "one_home_area", "share_of_the_place", "beyond_chance"]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(festive(suspicion), 65, 95, 100) * ramp(once(suspicion), 50, 90, 100) / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (festive, once) = (festive(suspicion), once(suspicion));
        (festive >= 65).then(|| {
            (
                -ramp(festive, 65, 95, 60) * ramp(once, 50, 90, 100) / 100,
                format!("{festive}%在春节前后(一月八日至三月五日),{once}%的人只来一次,可能为返乡人员集中就医"),
                format!(
                    "{festive}% lie around the Spring Festival (8 January to 5 March), {once}% of the people came once: perhaps workers who are home"
                ),
            )
        })
    }
}

/// Percent of the stays from two weeks before the earliest to two weeks after the latest Spring Festival.
fn festive(suspicion: &Suspicion) -> i32 {
    let near = suspicion.settlements().filter(|(fact, _)| {
        let (_, month, day) = fact.begin.date();
        month == 1 && day >= 8 || month == 2 || month == 3 && day <= 5
    });
    percent(near.count(), suspicion.settlements().count())
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn a_holiday_explains_one_visit_and_not_a_year_of_them() {
        let once = |person| Stay { person, day: (2024, 2, 3 + person), ..Stay::default() };
        let again =
            |person| [(2024, 2, 3), (2024, 6, 3), (2024, 9, 3)].map(|day| Stay { person, day, ..Stay::default() });
        assert_eq!(held(&Returnees, (1..=8).map(once)), 100);
        assert_eq!(held(&Returnees, (1..=8).flat_map(again)), 0);
    }
}
