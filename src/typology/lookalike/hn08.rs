//! HN08: do they live in one home? One address, one neighbouring hospital, chronic disease.

use super::{LookAlike, admissions};
use crate::model::Party;
use crate::typology::bench::{Bench, arrivals};
use crate::typology::figures::{BATCH_PEOPLE_MIN, batched_by_chance};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::{BTreeMap, BTreeSet};

/// So many people at one address are a home's. One hospital may see the residents of several.
const RESIDENTS_MIN: usize = 10;

/// A nursing or welfare home.
pub(crate) struct NursingHome;

impl LookAlike for NursingHome {
    fn code(&self) -> &'static str {
        "HN08"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("养老院、医养结合", "nursing home")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &[
            "cross_region_day_trip",
            "recruited_fake_admission",
            "membership_mill",
            "card_pool",
            "ltc_collusion",
            "unclassified",
        ]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        super::LIVE_TOGETHER
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        let (largest, share) = one_address(bench, suspicion);
        if largest < 5 { 0 } else { ramp(share, 20, 75, 100) * (100 - again(suspicion)) / 100 }
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (largest, share) = one_address(bench, suspicion);
        if largest < 5 {
            return None;
        }
        Some((
            -ramp(share, 20, 80, 150) * (100 - again(suspicion)) / 100,
            format!("{largest}人({share}%)集中住在同样的地址,可能为养老或福利机构"),
            format!("{largest} people ({share}%) live at the same addresses, perhaps nursing or welfare homes"),
        ))
    }
}

/// Residents fall ill one by one; an outbreak takes them to hospital together once or twice, not every month: how little living
/// together explains, percent.
fn again(suspicion: &Suspicion) -> i32 {
    if admissions(suspicion) { ramp(stays_in_batches(suspicion), 20, 40, 80) } else { 0 }
}

/// Stays that lie in batches of one day and place beyond those that chance makes, in tenths for each person.
fn stays_in_batches(suspicion: &Suspicion) -> i32 {
    let days = arrivals(suspicion.settlements().map(|(fact, _)| fact));
    let all: usize = days.values().map(BTreeSet::len).sum();
    let chance = all * usize::try_from(batched_by_chance(&days)).unwrap_or(0) / 100;
    let stays: usize = days.values().map(BTreeSet::len).filter(|people| *people >= BATCH_PEOPLE_MIN).sum();
    i32::try_from(stays.saturating_sub(chance) * 10 / suspicion.people.len().max(1)).unwrap_or(i32::MAX)
}

/// People who live at the commonest address, or at addresses of homes, and their percentage.
fn one_address(bench: &Bench, suspicion: &Suspicion) -> (usize, i32) {
    let mut homes: BTreeMap<Party, usize> = BTreeMap::new();
    for address in suspicion.people.keys().filter_map(|person| bench.address(*person)) {
        *homes.entry(address).or_default() += 1;
    }
    let largest = homes.values().max().copied().unwrap_or(0);
    let residents: usize = homes.values().filter(|people| **people >= RESIDENTS_MIN).sum();
    let most = largest.max(residents);
    (most, percent(most, suspicion.people.len()))
}
