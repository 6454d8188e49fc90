//! HN23: is it a village of one surname? There a shared surname, address or telephone says little; what they did must say it.

use super::LookAlike;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// A kindred village.
pub(crate) struct KindredVillage;

/// Fewer people of one surname are a family (HN13).
const PEOPLE_MIN: usize = 7;

impl LookAlike for KindredVillage {
    fn code(&self) -> &'static str {
        "HN23"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("同姓村", "kindred surname village")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["cross_region_day_trip", "recruited_fake_admission", "membership_mill", "card_pool", "unclassified"]
    }

    /// Who shares a village shares its telephones and its home area; not days of admission, bills or doctors.
    fn accounts_for(&self) -> &'static [&'static str] {
        &["shared_identifier", "one_home_area", "households"]
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        ramp(kin(bench, suspicion), 50, 90, 80)
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let kin = kin(bench, suspicion);
        (kin >= 50).then(|| {
            (
                0,
                format!("{kin}%的人同姓,可能为同姓村:共用住址、电话本身不说明问题"),
                format!("{kin}% share one surname, perhaps a kindred village: a shared address or telephone says little there"),
            )
        })
    }
}

/// Percent of the people with the commonest surname; nothing of a few.
fn kin(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let mut names: BTreeMap<u64, usize> = BTreeMap::new();
    for (record, _) in suspicion.people.keys().filter_map(|person| bench.file(*person)?.record) {
        *names.entry(record.surname).or_default() += usize::from(record.surname != 0);
    }
    let people = suspicion.people.len();
    if people < PEOPLE_MIN { 0 } else { percent(names.values().max().copied().unwrap_or(0), people) }
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn one_surname_is_a_village_and_many_are_none() {
        let kin = |person| Stay { person, surname: 7, ..Stay::default() };
        let mixed = |person| Stay { surname: u64::from(person), ..kin(person) };
        assert_eq!(held(&KindredVillage, (1..=9).map(kin)), 80);
        assert_eq!(held(&KindredVillage, (1..=9).map(mixed)), 0);
        assert_eq!(held(&KindredVillage, (1..=4).map(kin)), 0);
    }
}
