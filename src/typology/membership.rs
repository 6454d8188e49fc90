//! Who of a cohort belongs to it, and who only came on the same day?
//!
//! For each person the log-odds of having come with the batches: how much likelier each marked stay is with the batch than
//! alone, how like the cohort's stays it is (doctor, diagnosis, nights, fee, cash), whether the person stands behind the same
//! phone, account or agent; ordinary use of the same places subtracts. The cohort's habits are those of its members, so the
//! question is asked three times.
//!
//! Cost: linear in the stays.

use super::batches::Cohort;
use super::bench::{Bench, Cited};
use super::odds::{likeness, median};
use crate::model::{Party, Settlement};
use std::collections::BTreeMap;

/// Most people near a batch have nothing to do with it.
const PERSON_PRIOR: i32 = -100;
/// Standing behind the same phone, account or agent as the others.
const HUB_SHARE: i32 = 250;
/// Each ordinary stay at a place of the batches.
const ORDINARY_STAY: i32 = -40;

/// What the cohort's stays are like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Habits {
    /// Stays by doctor.
    pub(crate) doctors: BTreeMap<Party, usize>,
    /// Stays by diagnosis, three characters.
    pub(crate) diagnoses: BTreeMap<u32, usize>,
    /// Stays by nights.
    pub(crate) nights: BTreeMap<i32, usize>,
    /// Stays within a fifth of the median fee.
    pub(crate) near_fee: usize,
    /// Stays paid almost without cash.
    pub(crate) without_cash: usize,
    /// Stays whose cash is known.
    pub(crate) with_known_cash: usize,
    /// Median fee, fen.
    pub(crate) fee_fen: i64,
    /// All stays.
    pub(crate) stays: usize,
}

impl Habits {
    /// What some stays are like.
    #[must_use]
    pub(crate) fn of<'a>(stays: impl Iterator<Item = &'a Settlement> + Clone) -> Habits {
        let mut habits = Habits {
            fee_fen: median(&mut stays.clone().map(|stay| stay.total_fen).collect::<Vec<_>>()),
            ..Habits::default()
        };
        for stay in stays {
            habits.stays += 1;
            if stay.doctor.is_some() {
                *habits.doctors.entry(stay.doctor).or_default() += 1;
            }
            if stay.diagnosis != 0 {
                *habits.diagnoses.entry(stay.diagnosis >> 8).or_default() += 1;
            }
            *habits.nights.entry(stay.nights()).or_default() += 1;
            habits.near_fee += usize::from(near(stay.total_fen, habits.fee_fen));
            habits.with_known_cash += usize::from(stay.cash().is_some());
            habits.without_cash += usize::from(stay.without_cash());
        }
        habits
    }

    /// How like the cohort's a stay is, log-odds in hundredths. The stay itself is left out of the habits (`own`).
    pub(crate) fn like(&self, stay: &Settlement, own: usize) -> i32 {
        let drawn = self.stays.saturating_sub(own);
        let seen = |count: Option<&usize>| count.copied().unwrap_or(0).saturating_sub(own);
        let mut sum = likeness(seen(self.nights.get(&stay.nights())), drawn, 14);
        if stay.doctor.is_some() {
            sum += likeness(seen(self.doctors.get(&stay.doctor)), drawn, 15);
        }
        if stay.diagnosis != 0 {
            sum += likeness(seen(self.diagnoses.get(&(stay.diagnosis >> 8))), drawn, 8);
        }
        let near_fee = near(stay.total_fen, self.fee_fen);
        let alike = if near_fee { self.near_fee } else { self.stays - self.near_fee };
        sum += likeness(alike.saturating_sub(own), drawn, if near_fee { 22 } else { 78 });
        if stay.cash().is_some() {
            let free = stay.without_cash();
            let alike = if free { self.without_cash } else { self.with_known_cash - self.without_cash };
            sum += likeness(
                alike.saturating_sub(own),
                self.with_known_cash.saturating_sub(own),
                if free { 15 } else { 85 },
            );
        }
        sum.clamp(-500, 500)
    }
}

/// Within a fifth.
#[must_use]
pub(crate) fn near(fee_fen: i64, typical_fen: i64) -> bool {
    (fee_fen - typical_fen).abs() * 5 <= typical_fen
}

/// The members of a cohort: their strength and their stays in it, which are those more likely than not.
#[must_use]
pub(crate) fn members<'a>(bench: &Bench<'a>, cohort: &Cohort<'a>) -> BTreeMap<Party, (i32, Vec<&'a Cited>)> {
    let all = || cohort.people.values().flatten();
    let mut habits =
        Habits::of(all().filter(|marked| marked.lift >= 100 || !cohort.hubs.is_empty()).map(|marked| &marked.stay.0));
    if habits.stays == 0 {
        habits = Habits::of(all().map(|marked| &marked.stay.0));
    }
    let mut members = BTreeMap::new();
    for _ in 0..3 {
        members = cohort
            .people
            .keys()
            .filter_map(|person| judge(bench, cohort, &habits, *person).map(|found| (*person, found)))
            .collect();
        let stays: Vec<&Settlement> =
            members.values().flat_map(|(_, stays): &(i32, Vec<&Cited>)| stays.iter().map(|stay| &stay.0)).collect();
        habits = Habits::of(stays.iter().copied());
    }
    members
}

/// One person's strength and stays; `None` when innocent presence is likelier.
fn judge<'a>(bench: &Bench<'a>, cohort: &Cohort<'a>, habits: &Habits, person: Party) -> Option<(i32, Vec<&'a Cited>)> {
    let held = cohort.hubs.iter().filter(|hub| bench.hubs[*hub].holders.contains_key(&person)).count();
    let mut strength = PERSON_PRIOR + if held > 0 { HUB_SHARE } else { 0 };
    let mut stays = Vec::new();
    let mut lifts: Vec<i32> = Vec::new();
    let mut alike: Vec<i32> = Vec::new();
    for marked in cohort.people.get(&person)? {
        let like = habits.like(&marked.stay.0, 1);
        if marked.lift + like + if held > 0 { HUB_SHARE } else { 0 } > 0 {
            stays.push(marked.stay);
            lifts.push(marked.lift);
            alike.push(like);
        }
    }
    lifts.sort_unstable_by(|left, right| right.cmp(left));
    strength += lifts.iter().take(3).sum::<i32>();
    strength += alike.iter().sum::<i32>() / i32::try_from(alike.len().max(1)).unwrap_or(1);
    let there = bench.stays(person).filter(|(fact, _)| cohort.places.contains(&fact.place)).count();
    let ordinary = i32::try_from(there - stays.len().min(there)).unwrap_or(0);
    strength += (ordinary * ORDINARY_STAY).max(-200);
    (strength > 0 && !stays.is_empty()).then_some((strength, stays))
}
