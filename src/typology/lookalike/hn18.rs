//! HN18: was it a campaign? High blood pressure and diabetes are approved for whole villages on one day, and cost little.

use super::LookAlike;
use crate::model::{Party, diagnosis_code};
use crate::typology::bench::{Bench, Cited};
use crate::typology::odds::{median, percent, ramp};
use crate::typology::sentence::yuan;
use crate::typology::suspicion::Suspicion;

/// Mass enrolment for the two common diseases.
pub(crate) struct Campaign;

/// High blood pressure and diabetes.
const TWO_DISEASES: [&str; 3] = ["I10", "E11", "E14"];

/// How far tiny bills alone make it a campaign, percent.
const TINY_HOLDS: i32 = 80;

impl LookAlike for Campaign {
    fn code(&self) -> &'static str {
        "HN18"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("两病集中登记", "mass enrolment of chronic patients")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["fake_chronic_entitlement", "ghost_doctor"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &["approved_in_batches", "few_sites", "no_history", "shared_identifier"]
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        let (two, fen) = figures(bench, suspicion);
        let examined = examined(bench, suspicion);
        let named = ramp(two, 30, 90, 100) * (100 - ramp(whole_yuan(fen), 150, 500, 100)) / 100;
        // Each region numbers diseases its own way; what certificates are bought for costs more than this, month by month.
        named.max(TINY_HOLDS - ramp(whole_yuan(fen), 60, 150, TINY_HOLDS)) * examined / 100
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        if suspicion.factors.iter().any(|factor| factor.code == "two_places_at_once") {
            // However many come to a campaign, nobody examines them at two places.
            return None;
        }
        let (two, fen) = figures(bench, suspicion);
        let small = 100 - ramp(whole_yuan(fen), 50, 300, 100);
        Some((
            -(ramp(two, 30, 90, 50) + small * 2) * examined(bench, suspicion) / 100,
            format!("{two}%为高血压、糖尿病“两病”,账单中位{}元,可能为集中筛查认定", yuan(fen)),
            format!(
                "{two}% are high blood pressure or diabetes, bills are ¥{} (median): perhaps a screening campaign",
                yuan(fen)
            ),
        ))
    }
}

fn whole_yuan(fen: i64) -> i32 {
    i32::try_from(yuan(fen)).unwrap_or(i32::MAX)
}

/// How far they were examined once, or for an approval: nobody comes to a campaign time and again.
fn examined(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let people = suspicion.people.len();
    let has_right = |person: &&Party| bench.file(**person).is_some_and(|file| !file.entitlements.is_empty());
    let approved = percent(suspicion.people.keys().filter(has_right).count(), people);
    let tenths = i32::try_from(suspicion.settlements().count() * 10 / people.max(1)).unwrap_or(i32::MAX);
    ramp(approved, 20, 60, 100).max(100 - ramp(tenths, 20, 50, 100))
}

/// Percent of the people approved for one of the two diseases, and the bill in the middle of the middle one, fen.
fn figures(bench: &Bench, suspicion: &Suspicion) -> (i32, i64) {
    let approved = |person: &&Party| {
        bench.file(**person).is_some_and(|file| {
            let common = |right: &crate::model::Entitlement| {
                let code = u32::try_from(right.disease >> 32).map(diagnosis_code).unwrap_or_default();
                TWO_DISEASES.iter().any(|disease| code.starts_with(disease))
            };
            file.entitlements.iter().any(|(right, _)| common(right))
        })
    };
    let share = percent(suspicion.people.keys().filter(approved).count(), suspicion.people.len());
    // Of each one's bills: one patient on dialysis has more than a village's campaign.
    let of_each = |(_, held): &(i32, Vec<&Cited>)| {
        (!held.is_empty()).then(|| median(&mut held.iter().map(|(fact, _)| fact.total_fen).collect::<Vec<i64>>()))
    };
    (share, median(&mut suspicion.people.values().filter_map(of_each).collect::<Vec<i64>>()))
}
