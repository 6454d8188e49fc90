//! Which honest reasons explain what looks like a ring, and how much do they take off?
//!
//! One file per look-alike of the catalogue. Each answers how far it holds, with its numbers, and which reasons would follow
//! from it just as well: those it takes back in proportion, because a reason that the honest story predicts says nothing
//! against it. A white list is no answer: what it does not account for (people in two places at once, copied bills, a third
//! operation on two eyes) stays in the score, so that guilty twins are still found.

#[cfg(test)]
mod group;
mod hn01;
mod hn02;
mod hn03;
mod hn04;
mod hn05;
mod hn06;
mod hn07;
mod hn08;
mod hn09;
mod hn10;
mod hn11;
mod hn12;
mod hn13;
mod hn14;
mod hn15;
mod hn16;
mod hn17;
mod hn18;
mod hn19;
mod hn20;
mod hn21;
mod hn22;
mod hn23;
mod hn24;
mod hn25;
mod hn26;
mod hn27;
mod hn28;
mod hn29;
mod hn30;

pub(crate) use hn30::soon_again;

use super::bench::Bench;
use super::odds::percent;
use super::sentence::said;
use super::suspicion::Suspicion;
use crate::model::{CareClass, Counter, Explains, Factor, Settlement, explains};
use std::collections::BTreeSet;

/// An honest reason.
pub(crate) trait LookAlike: Sync {
    /// `HN01` … `HN25` of the catalogue, and further ones.
    fn code(&self) -> &'static str;
    /// What it is called, in Chinese and in English.
    fn name(&self) -> (&'static str, &'static str);
    /// Typologies it can be mistaken for.
    fn mistaken_for(&self) -> &'static [&'static str];
    /// What it takes off by itself (zero or below), and why in both languages; `None` when it explains nothing.
    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)>;
    /// Codes of the reasons that would follow from it as well.
    fn accounts_for(&self) -> &'static [&'static str] {
        &[]
    }
    /// How far it holds, percent: so much of each reason it accounts for is taken back.
    fn holds(&self, _: &Bench, _: &Suspicion) -> i32 {
        0
    }
}

/// What follows when people with one disease are treated together by one team at one price.
pub(crate) const TREATED_ALIKE: &[&str] = &[
    "batches",
    "together_again",
    "same_people_again",
    "same_doctors",
    "same_nights",
    "narrow_fee",
    "without_cash",
    "nothing_to_pay",
    "cloned_bill",
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
    "same_places",
];

/// A list of reasons with some more; `N` is the length of both.
const fn with_more<const N: usize>(reasons: &[&'static str], more: &[&'static str]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < reasons.len() { reasons[at] } else { more[at - reasons.len()] };
        at += 1;
    }
    all
}

/// What follows when people live or work together and one of them sees to the papers.
pub(crate) const LIVE_TOGETHER: &[&str] = &[
    "batches",
    "together_again",
    "same_people_again",
    "same_doctors",
    "share_of_the_place",
    "one_home_area",
    "shared_identifier",
    "filed_in_batches",
    "tandem",
    "rounds",
    "same_order",
    "fetching_medicine",
    "beyond_chance",
    "same_places",
    "in_line",
];

/// Fake admissions, near or far, and what is not yet classified.
pub(crate) const ADMISSIONS: &[&str] =
    &["cross_region_day_trip", "recruited_fake_admission", "membership_mill", "unclassified"];

/// All look-alikes.
pub(crate) fn registry() -> &'static [&'static dyn LookAlike] {
    &[
        &hn01::CareDrain,
        &hn02::LivesThere,
        &hn03::Workmates,
        &hn04::Referral,
        &hn05::Oncology,
        &hn06::CheckUp,
        &hn07::Outbreak,
        &hn08::NursingHome,
        &hn09::Dialysis,
        &hn10::DearCohort,
        &hn11::Loyal,
        &hn12::Course,
        &hn13::Family,
        &hn14::Psychosis,
        &hn15::BulkRefill,
        &hn16::SplitSale,
        &hn17::Travellers,
        &hn18::Campaign,
        &hn19::Charity,
        &hn20::Childbed,
        &hn21::Returnees,
        &hn22::OwnClinic,
        &hn23::KindredVillage,
        &hn24::Merger,
        &hn25::Disaster,
        &hn26::Miners,
        &hn27::Season,
        &hn28::ConsultingDay,
        &hn29::YearlyCure,
        &hn30::Supervised,
    ]
}

/// All counter-evidence, strongest first. What two look-alikes account for is taken back once.
pub(crate) fn weigh(bench: &Bench, suspicion: &Suspicion, factors: &[Factor]) -> Vec<Counter> {
    let applies = |one: &&&dyn LookAlike| one.mistaken_for().contains(&suspicion.typology);
    let mut left: Vec<i32> = factors.iter().map(|factor| factor.score.max(0)).collect();
    let mut counters: Vec<Counter> = Vec::new();
    for one in registry().iter().filter(applies) {
        let Some((own, zh, en)) = one.explain(bench, suspicion) else { continue };
        let holds = one.holds(bench, suspicion).clamp(0, 100);
        let mut taken = 0;
        for (factor, left) in factors.iter().zip(&mut left) {
            if holds > 0 && one.accounts_for().contains(&factor.code.as_str()) {
                taken += *left * holds / 100;
                *left -= *left * holds / 100;
            }
        }
        if own - taken < 0 {
            counters.push(Counter { code: one.code().to_owned(), score: own - taken, text: said(zh, en) });
        }
    }
    counters.sort_by_key(|counter| (counter.score, counter.code.clone()));
    counters
}

/// Percent of the ring's settlements for which something holds, of those for which it is known.
pub(crate) fn share(
    suspicion: &Suspicion,
    known: impl Fn(&Settlement) -> bool,
    holds: impl Fn(&Settlement) -> bool,
) -> i32 {
    let known = suspicion.settlements().filter(|(fact, _)| known(fact));
    percent(known.clone().filter(|(fact, _)| holds(fact)).count(), known.count())
}

/// Percent of the diagnosed settlements that a class of diagnoses explains.
pub(crate) fn diagnosed(suspicion: &Suspicion, classes: &[Explains]) -> i32 {
    share(suspicion, |fact| fact.diagnosis != 0, |fact| classes.contains(&explains(fact.diagnosis)))
}

/// Percent of the people for whom something holds.
pub(crate) fn people(suspicion: &Suspicion, holds: impl Fn(crate::model::Party) -> bool) -> i32 {
    percent(suspicion.people.keys().filter(|person| holds(**person)).count(), suspicion.people.len())
}

/// Percent of the people with one ring stay only.
pub(crate) fn once(suspicion: &Suspicion) -> i32 {
    percent(suspicion.people.values().filter(|(_, stays)| stays.len() <= 1).count(), suspicion.people.len())
}

/// Whether most of the ring's settlements are admissions.
pub(crate) fn admissions(suspicion: &Suspicion) -> bool {
    share(suspicion, |_| true, |fact| fact.class == CareClass::Inpatient) >= 50
}

/// Different places of the ring's settlements.
pub(crate) fn places(suspicion: &Suspicion) -> usize {
    suspicion.settlements().map(|(fact, _)| fact.place).collect::<BTreeSet<_>>().len()
}
