//! HN22: is it the clinic of a university, a barracks, a prison or a hospital's own staff? One employer, small bills.

use super::{LookAlike, share};
use crate::model::Party;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// People of one employer at the clinic that is there for them.
pub(crate) struct OwnClinic;

/// A bill of such a clinic.
const SMALL_FEN_MAX: i64 = 20_000;

impl LookAlike for OwnClinic {
    fn code(&self) -> &'static str {
        "HN22"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("校医院、职工医院", "university and staff clinics")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "card_pool", "unclassified"]
    }

    /// They come together, to their own doctors, at one price; and for as long as they
    /// work there; not by the calendar, nor to a second clinic.
    fn accounts_for(&self) -> &'static [&'static str] {
        &[
            "within_minutes",
            "narrow_fee",
            "from_elsewhere",
            "tandem",
            "same_order",
            "fetching_medicine",
            "beyond_chance",
            "in_line",
            "for_years",
            "lives_on_them",
        ]
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(colleagues(bench, suspicion), 40, 85, 100) * ramp(small(suspicion), 40, 85, 100) / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (colleagues, small) = (colleagues(bench, suspicion), small(suspicion));
        (colleagues >= 40).then(|| {
            (
                -ramp(colleagues, 40, 85, 60) * ramp(small, 40, 85, 100) / 100,
                format!("{colleagues}%的人同属一个单位,{small}%为小额账单,可能为校医院、职工医务室"),
                format!(
                    "{colleagues}% work for one employer and {small}% of the bills are small: perhaps the clinic of their university or firm"
                ),
            )
        })
    }
}

fn small(suspicion: &Suspicion) -> i32 {
    share(suspicion, |_| true, |fact| fact.total_fen < SMALL_FEN_MAX)
}

/// Percent of the people who work for the commonest employer.
fn colleagues(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let mut employers: BTreeMap<Party, usize> = BTreeMap::new();
    let records = suspicion.people.keys().filter_map(|person| bench.file(*person)?.record);
    records
        .filter(|(record, _)| record.employer.is_some())
        .for_each(|(record, _)| *employers.entry(record.employer).or_default() += 1);
    percent(employers.values().max().copied().unwrap_or(0), suspicion.people.len())
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn a_firms_clinic_is_for_its_staff_at_small_cost() {
        let small = |person| Stay { person, employer: 5, yuan: 60, ..Stay::default() };
        let dear = |person| Stay { yuan: 900, ..small(person) };
        let strangers = |person| Stay { employer: person, ..small(person) };
        assert_eq!(held(&OwnClinic, (1..=8).map(small)), 100);
        assert_eq!(held(&OwnClinic, (1..=8).map(dear)), 0);
        assert_eq!(held(&OwnClinic, (1..=8).map(strangers)), 0);
    }
}
