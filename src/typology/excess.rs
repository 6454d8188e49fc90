//! Is there more than there is room or time for? More people in bed than beds, more medicine than days to take it on.
//!
//! Registers of beds are old and prescriptions are renewed early: these reasons are bounded, and find nobody by themselves.

use super::bench::Bench;
use super::odds::{percent, ramp};
use super::sentence::{factor, said};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Factor, Party, RowRef, Supply, supplies};
use std::collections::{BTreeMap, BTreeSet};

/// A ward of fewer people at once tells nothing of its hospital.
const IN_BED_MIN: usize = 5;
/// People with more of a medicine than they can take, at least; and from how much on they have it: days of supply for ten that passed,
/// of how many prescriptions, over how many days. Prescriptions are renewed early, and a box more is kept for a journey.
const SUPPLIED_MIN: usize = 3;
const LASTS_TENTHS: i64 = 20;
const PRESCRIBED_MIN: usize = 4;
const DAYS_MIN: i64 = 45;

/// The most people of the suspicion who lay at one of its hospitals on one day, beside its approved beds.
pub(super) fn beds_exceeded(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let mut changes: BTreeMap<Party, BTreeMap<Day, i32>> = BTreeMap::new();
    for (fact, _) in suspicion.settlements().filter(|(fact, _)| fact.class == CareClass::Inpatient && fact.nights() > 0)
    {
        let days = changes.entry(fact.place).or_default();
        *days.entry(fact.begin).or_default() += 1;
        *days.entry(fact.end).or_default() -= 1;
    }
    let fullest = |days: &BTreeMap<Day, i32>| {
        let lying = days.iter().scan(0, |lying, (day, change)| {
            *lying += change;
            Some((*lying, *day))
        });
        lying.max_by_key(|(lying, day)| (*lying, std::cmp::Reverse(*day)))
    };
    let full = changes.iter().filter_map(|(place, days)| {
        let (lying, day) = fullest(days)?;
        let lying = usize::try_from(lying).ok().filter(|lying| *lying >= IN_BED_MIN)?;
        let beds = usize::try_from(bench.references.places.get(place)?.beds).ok().filter(|beds| *beds > 0)?;
        Some((percent(lying, beds), lying, beds, day, *place))
    });
    let (share, lying, beds, day, place) = full.max()?;
    let score = ramp(share, 60, 130, 120);
    let there = suspicion.settlements().filter(|(fact, _)| fact.place == place && fact.begin <= day && day < fact.end);
    let rows = there.map(|(_, origin)| *origin).collect();
    let text = said(
        format!("{day}这些人中有{lying}人同时住在一家核定床位{beds}张的机构(占{share}%)"),
        format!("On {day} {lying} of these people lay at once in a hospital of {beds} approved beds ({share}%)"),
    );
    (score > 0).then(|| factor("beds_exceeded", score, text, rows))
}

/// How many of the people were dispensed at least twice the days of a medicine that went by until they had more of it.
pub(super) fn supply_exceeded(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (mut rows, mut people, mut all) = (Vec::<RowRef>::new(), BTreeSet::new(), 0);
    for file in suspicion.people.keys().filter_map(|person| bench.file(*person)) {
        all += usize::from(!file.prescriptions.is_empty());
        let enough = |supply: &Supply| supply.rows.len() >= PRESCRIBED_MIN && supply.passed >= DAYS_MIN;
        for supply in supplies(file.prescriptions.iter()).into_iter().filter(enough) {
            if supply.lasts(LASTS_TENTHS) {
                people.insert(file.person);
                rows.extend(supply.rows);
            }
        }
    }
    let share = percent(people.len(), all);
    let score = ramp(share, 15, 60, 120);
    let text = said(
        format!("{}人(占有处方者的{share}%)配得的同一种药,可用天数为间隔天数的两倍以上", people.len()),
        format!(
            "{} people ({share}% of those with prescriptions) were dispensed a medicine for more than twice the days that passed",
            people.len()
        ),
    );
    (people.len() >= SUPPLIED_MIN && score > 0).then(|| factor("supply_exceeded", score, text, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dossier, PlaceEntry, References, Settlement};

    #[test]
    fn seven_in_a_hospital_of_five_beds_are_too_many_and_of_fifty_are_not() {
        let hospital = Party(1 << 4);
        let said = |beds: u32, last: i32| {
            let mut references = References::default();
            references.places.insert(hospital, PlaceEntry { beds, ..PlaceEntry::default() });
            let stay = |person: u64| {
                let fact = Settlement {
                    person: Party(person << 4),
                    place: hospital,
                    class: CareClass::Inpatient,
                    begin: Day(i32::try_from(person).unwrap_or(0)),
                    end: Day(last + i32::try_from(person).unwrap_or(0)),
                    ..Settlement::default()
                };
                (fact, RowRef(person))
            };
            let stays: Vec<_> = (1..8).map(stay).collect();
            let (dossier, mut suspicion) = (Dossier::default(), Suspicion::default());
            for stay in &stays {
                suspicion.people.insert(stay.0.person, (0, vec![stay]));
            }
            beds_exceeded(&Bench::new(&dossier, &references), &suspicion)
                .map(|reason| (reason.score, reason.facts.len()))
        };
        assert_eq!(said(5, 9), Some((120, 7)));
        assert_eq!(said(50, 9), None);
        assert_eq!(said(5, 1), None, "one leaves as the next comes");
        assert_eq!(said(0, 9), None, "nobody says how many beds");
    }
}
