//! HN13: is it a family, a couple, a few neighbours, somebody with the parents' cards?

use super::LookAlike;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// Families, couples and neighbours.
pub(crate) struct Family;

impl LookAlike for Family {
    fn code(&self) -> &'static str {
        "HN13"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("家人、夫妻、邻居", "families, couples, neighbours")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &[
            "cross_region_day_trip",
            "recruited_fake_admission",
            "membership_mill",
            "card_pool",
            "drug_backflow",
            "relay_admission",
            "forged_invoice",
            "clinic_card_swiping",
            "pharmacy_cash_out",
            "unclassified",
        ]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        let people = suspicion.people.len();
        let households = households(bench, suspicion);
        ramp(100 - percent(households, people), 35, 75, 100)
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let people = suspicion.people.len();
        let households = households(bench, suspicion);
        let mut names: BTreeMap<u64, usize> = BTreeMap::new();
        for record in suspicion.people.keys().filter_map(|person| bench.file(*person)?.record) {
            *names.entry(record.0.surname).or_default() += usize::from(record.0.surname != 0);
        }
        let kin = names.values().max().copied().unwrap_or(0);
        let few = if people <= 3 {
            250
        } else if people == 4 {
            200
        } else if people == 5 {
            80
        } else {
            0
        };
        let shared = ramp(100 - percent(households, people), 30, 75, 100);
        let named = if people <= 6 { ramp(percent(kin, people), 40, 90, 120) } else { 0 };
        let kindred = shared + named > 0;
        Some((
            -few - shared - named,
            if kindred {
                format!("{people}人分属{households}户,{kin}人同姓,可能为家人或邻里")
            } else {
                format!("只有{people}人,虽分属{households}户,也可能是相识的邻里")
            },
            if kindred {
                format!(
                    "{people} people of {households} households, {kin} of one surname: perhaps a family or neighbours"
                )
            } else {
                format!(
                    "Only {people} people, though of {households} households: they may be neighbours who know each other"
                )
            },
        ))
    }
}

/// Households of the people; one each where addresses are not exported.
fn households(bench: &Bench, suspicion: &Suspicion) -> usize {
    if bench.known.addresses { bench.households(suspicion.people.keys()) } else { suspicion.people.len() }
}
