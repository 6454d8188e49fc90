//! HN14: is it true chronic mental illness? Long stays, the same ward for years, back soon after each discharge.

use super::{LookAlike, diagnosed};
use crate::model::{Explains, Party};
use crate::typology::bench::{Bench, Cited};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// What follows when people live on one ward at one daily rate and are booked anew whenever a contract's period ends. It does
/// not follow that they leave for days and come back together, nor that they change hospital, nor that their bills repeat one
/// another where those of the ward's other patients do not.
const WARD_FOR_LIFE: &[&str] = &[
    "batches",
    "together_again",
    "same_people_again",
    "same_doctors",
    "same_nights",
    "narrow_fee",
    "without_cash",
    "nothing_to_pay",
    "soon_again",
    "short_stay_far_away",
    "one_home_area",
    "share_of_the_place",
    "shared_identifier",
    "filed_in_batches",
    "package_price",
    "token_price",
    "handed_on",
    "round_trip",
    "same_disease",
    "beyond_chance",
    "booked_anew",
    "at_the_limit",
    "never_out",
    "people_in_hardship",
];

/// Moves either way that are a to and fro.
const BOTH_WAYS_MIN: usize = 4;
/// What of it does not hold where everybody is swapped between two hospitals, percent.
const SWAPPED: i32 = 80;

/// Chronic psychosis and dementia.
pub(crate) struct Psychosis;

impl LookAlike for Psychosis {
    fn code(&self) -> &'static str {
        "HN14"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("慢性精神疾病", "chronic psychosis")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &[
            "cross_region_day_trip",
            "recruited_fake_admission",
            "membership_mill",
            "long_stay_farm",
            "relay_admission",
            "unclassified",
        ]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        WARD_FOR_LIFE
    }

    /// One ward for years: the less, the more of them turn up at sister hospitals by turns, or go to and fro between two.
    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        let moves = || suspicion.people.values().flat_map(|(_, held)| held.windows(2));
        let mut ways: BTreeMap<(Party, Party), usize> = BTreeMap::new();
        moves().for_each(|pair| *ways.entry((pair[0].0.place, pair[1].0.place)).or_default() += 1);
        let times = |from: Party, to: Party| ways.get(&(from, to)).copied().unwrap_or(0);
        let swapped = |[(one, _), (next, _)]: [&Cited; 2]| {
            let to_and_fro = times(one.place, next.place).min(times(next.place, one.place)) >= BOTH_WAYS_MIN;
            one.place != next.place && (to_and_fro || bench.sisters(one.place, next.place))
        };
        let elsewhere = moves().filter(|pair| swapped([pair[0], pair[1]])).count();
        let by_turns = ramp(percent(elsewhere, moves().count()), 20, 80, SWAPPED);
        ramp(diagnosed(suspicion, &[Explains::Mind]), 30, 80, 100) * (100 - by_turns) / 100
    }

    fn explain(&self, _: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let share = diagnosed(suspicion, &[Explains::Mind]);
        // Where the question is about long stays, that most of them are honest stands in the prior already.
        let own = if suspicion.typology == "long_stay_farm" { 0 } else { ramp(share, 30, 80, 100) };
        Some((
            -own,
            format!("{share}%的诊断为慢性精神障碍,长期住院、同病房、出院后很快再入院属常情"),
            format!(
                "{share}% of the diagnoses are chronic mental illness: the same ward for years, back soon after discharge"
            ),
        ))
    }
}
