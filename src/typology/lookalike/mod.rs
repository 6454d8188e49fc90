//! Which honest reasons explain what looks like a ring, and how much do they take off?
//!
//! One file per look-alike of the catalogue. Each answers how far it explains the suspicion, with its numbers, and takes off
//! in proportion. A white list is no answer: what it does not explain (people in two places at once, a stranger's phone
//! behind everybody) stays in the score, so that guilty twins are still found.

mod hn01;
mod hn02;
mod hn03;
mod hn04;
mod hn05;
mod hn06;
mod hn07;
mod hn08;
mod hn09;
mod hn11;
mod hn13;
mod hn15;
mod hn16;
mod hn19;
mod hn24;

use super::bench::Bench;
use super::diagnosis::{Explains, explains};
use super::odds::percent;
use super::sentence::said;
use super::suspicion::Suspicion;
use crate::model::{CareClass, Counter, Settlement};
use std::collections::BTreeSet;

/// An honest reason.
pub(crate) trait LookAlike: Sync {
    /// `HN01` … `HN25`.
    fn code(&self) -> &'static str;
    /// Typologies it can be mistaken for.
    fn mistaken_for(&self) -> &'static [&'static str];
    /// What it takes off (zero or below), and why in both languages; `None` when it explains nothing.
    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)>;
}

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
        &hn11::Loyal,
        &hn13::Family,
        &hn15::BulkRefill,
        &hn16::SplitSale,
        &hn19::Charity,
        &hn24::Merger,
    ]
}

/// All counter-evidence, strongest first.
pub(crate) fn weigh(bench: &Bench, suspicion: &Suspicion) -> Vec<Counter> {
    let applies = |one: &&&dyn LookAlike| one.mistaken_for().contains(&suspicion.typology);
    let mut counters: Vec<Counter> = registry()
        .iter()
        .filter(applies)
        .filter_map(|one| {
            let (score, zh, en) = one.explain(bench, suspicion)?;
            (score < 0).then(|| Counter { code: one.code().to_owned(), score, text: said(zh, en) })
        })
        .collect();
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
