//! What do the ring settlements of some people look like as a whole? Counts and shares that the reasons are worded with.
//!
//! Cost: linear in the settlements, and in the files of the people for the contradictions.

use super::bench::{Arrivals, Bench, Cited, arrivals};
use super::membership::{Habits, near};
use super::odds::percent;
use super::usual::{Usual, usual};
use crate::model::{Explains, Party, RowRef, StayCounts, absences, diagnosis_code, explains};
use std::collections::{BTreeMap, BTreeSet};

/// A batch has at least this many members on one day at one place.
pub(crate) const BATCH_PEOPLE_MIN: usize = 3;

/// Shares are percent.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// People.
    pub(crate) people: usize,
    /// Stays.
    pub(crate) stays: usize,
    /// All stays of these people at these places, those that are not the ring's included.
    pub(crate) there: usize,
    /// The rows behind those of them that are not the ring's, which were taken out of what is usual there as well, and those that show
    /// where these people live.
    pub(crate) around: Vec<RowRef>,
    /// Days and places with at least three of them.
    pub(crate) batches: usize,
    /// Stays that lie in such batches, of all that these people had there.
    pub(crate) batched: i32,
    /// Stays that would lie in such batches if everybody came on a day of their own, percent.
    pub(crate) batched_by_chance: i32,
    /// People with at least two stays.
    pub(crate) returning: i32,
    /// Stays signed by the two busiest doctors, of those with a doctor.
    pub(crate) doctors: i32,
    /// Stays within one night of the commonest length.
    pub(crate) nights: i32,
    /// The commonest length.
    pub(crate) usual_nights: i32,
    /// Stays of at most three nights.
    pub(crate) short: i32,
    /// Stays within a fifth of the median fee.
    pub(crate) near_fee: i32,
    /// Median fee, fen.
    pub(crate) fee_fen: i64,
    /// Stays almost without cash, of those with known cash.
    pub(crate) without_cash: i32,
    /// Stays with known cash.
    pub(crate) known_cash: usize,
    /// Stays with a diagnosis.
    pub(crate) diagnosed: usize,
    /// The commonest diagnosis at discretion, and its share of those diagnosed.
    pub(crate) commonest: (String, i32),
    /// The two commonest diagnoses at discretion, of those diagnosed.
    pub(crate) two_diagnoses: i32,
    /// Stays admitted at discretion, of those diagnosed.
    pub(crate) at_will: i32,
    /// Returns to one place within a month, of all returns and first stays of returning people.
    pub(crate) soon_again: i32,
    /// Stays contradicted by a settlement elsewhere while in hospital, with its row.
    pub(crate) contradicted: Vec<(RowRef, RowRef)>,
    /// Stays with a fee basket that another person's stay repeats to the line.
    pub(crate) cloned: i32,
    /// Stays with a fee basket.
    pub(crate) with_basket: usize,
    /// Intervals between stays.
    pub(crate) returns: usize,
    /// What the same shares are among the places' other patients.
    pub(crate) usual: Usual,
    /// The rows behind each share, by the code of the reason that rests on it.
    pub(crate) shown: BTreeMap<&'static str, Vec<RowRef>>,
}

/// The figures of these people's ring settlements.
pub(crate) fn figures(bench: &Bench, people: &BTreeMap<Party, (i32, Vec<&Cited>)>) -> Figures {
    let people = &in_time(people);
    let facts = || people.values().flat_map(|(_, stays)| stays.iter().map(|(fact, _)| fact));
    let habits = Habits::of(facts());
    let by_day = arrivals(facts());
    let mut baskets: BTreeMap<u64, BTreeSet<Party>> = BTreeMap::new();
    for fact in facts().filter(|fact| fact.basket != 0) {
        baskets.entry(fact.basket).or_default().insert(fact.person);
    }
    let batches = by_day.values().filter(|people| people.len() >= BATCH_PEOPLE_MIN);
    let share = |count: usize| percent(count, habits.stays);
    let places: BTreeSet<Party> = by_day.keys().map(|(place, _)| *place).collect();
    let stays_there = |person: &Party| bench.stays(*person).filter(|(fact, _)| places.contains(&fact.place)).count();
    let there = people.keys().map(stays_there).sum::<usize>().max(habits.stays);
    let (usual_nights, _) = habits.nights.iter().max_by_key(|(nights, count)| (**count, **nights)).unwrap_or((&0, &0));
    let mut signed: Vec<usize> = habits.doctors.values().copied().collect();
    signed.sort_unstable_by(|left, right| right.cmp(left));
    let diagnosed = facts().filter(|fact| fact.diagnosis != 0).count();
    let (soon, chances) = returns(people);
    let at_will = habits.diagnoses.iter().filter(|(category, _)| explains(**category << 8) == Explains::AtWill);
    let mut counts: Vec<usize> = at_will.clone().map(|(_, count)| *count).collect();
    counts.sort_unstable_by(|left, right| right.cmp(left));
    let commonest = at_will.max_by_key(|(category, count)| (**count, **category));
    let with_basket = facts().filter(|fact| fact.basket != 0).count();
    Figures {
        people: people.len(),
        stays: habits.stays,
        there,
        around: around(bench, people, &places),
        batches: batches.clone().count(),
        batched: percent(batches.map(BTreeSet::len).sum(), there),
        batched_by_chance: batched_by_chance(&by_day),
        returning: percent(people.values().filter(|(_, stays)| stays.len() >= 2).count(), people.len()),
        doctors: percent(signed.iter().take(2).sum(), signed.iter().sum()),
        nights: share(facts().filter(|fact| (fact.nights() - usual_nights).abs() <= 1).count()),
        usual_nights: *usual_nights,
        short: share(facts().filter(|fact| fact.nights() <= 3).count()),
        near_fee: share(habits.near_fee),
        fee_fen: habits.fee_fen,
        without_cash: percent(habits.without_cash, habits.with_known_cash),
        known_cash: habits.with_known_cash,
        diagnosed,
        commonest: commonest.map_or((String::new(), 0), |(category, count)| {
            (diagnosis_code(category << 8), percent(*count, diagnosed))
        }),
        two_diagnoses: percent(counts.iter().take(2).sum(), diagnosed),
        at_will: percent(facts().filter(|fact| explains(fact.diagnosis) == Explains::AtWill).count(), diagnosed),
        soon_again: percent(soon, chances),
        contradicted: contradictions(bench, people),
        cloned: percent(
            facts().filter(|fact| baskets.get(&fact.basket).is_some_and(|people| people.len() >= 2)).count(),
            with_basket,
        ),
        with_basket,
        returns: chances,
        usual: usual(bench, people, *usual_nights, habits.fee_fen),
        shown: shown(bench, people, &habits, *usual_nights),
    }
}

/// The rows behind these people's other stays at some places, and those that show where they live: who comes on one day from one county
/// comes together.
fn around(bench: &Bench, people: &BTreeMap<Party, (i32, Vec<&Cited>)>, places: &BTreeSet<Party>) -> Vec<RowRef> {
    let counted: BTreeSet<RowRef> = people.values().flat_map(|(_, stays)| stays).map(|(_, origin)| *origin).collect();
    let others = people.keys().flat_map(|person| bench.stays(*person));
    let others = others.filter(|(fact, origin)| places.contains(&fact.place) && !counted.contains(origin));
    let homes = people.keys().filter_map(|person| bench.file(*person)?.home_seen);
    others.flat_map(|cited| bench.rows(cited)).chain(homes).collect()
}

/// Percent of the stays that lie in batches when each falls on any day between a place's first and last.
pub(crate) fn batched_by_chance(by_day: &Arrivals) -> i32 {
    let (mut expected, mut all) = (0.0, 0.0);
    for days in by_day.iter().collect::<Vec<_>>().chunk_by(|(left, _), (right, _)| left.0 == right.0) {
        let (Some(((_, first), _)), Some(((_, last), _))) = (days.first(), days.last()) else { continue };
        let stays: usize = days.iter().map(|(_, people)| people.len()).sum();
        let stays = f64::from(u32::try_from(stays).unwrap_or(u32::MAX));
        let rate = stays / f64::from(last.since(*first).max(1));
        // A stay lies in a batch when two others fall on its day.
        expected += stays * (1.0 - libm::exp(-rate) * (1.0 + rate));
        all += stays;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a percentage")]
    let percent = (100.0 * expected / f64::max(all, 1.0)) as i32;
    percent
}

/// The rows behind each habit: the stays for which it holds, and where a diagnosis or a doctor tells, the rows that name them.
fn shown(
    bench: &Bench,
    people: &BTreeMap<Party, (i32, Vec<&Cited>)>,
    habits: &Habits,
    usual_nights: i32,
) -> BTreeMap<&'static str, Vec<RowRef>> {
    let doctors = busiest(&habits.doctors, 2);
    let at_will = habits.diagnoses.iter().filter(|(category, _)| explains(**category << 8) == Explains::AtWill);
    let complaints = busiest(&at_will.map(|(category, count)| (*category, *count)).collect(), 2);
    let mut shown: BTreeMap<&'static str, Vec<RowRef>> = BTreeMap::new();
    for (_, stays) in people.values() {
        for (at, cited) in stays.iter().enumerate() {
            let (stay, origin) = cited;
            let mut holds = |code, holds: bool| {
                if holds {
                    shown.entry(code).or_default().push(*origin);
                }
            };
            let soon = |before: &&Cited| stay.begin.since(before.0.end) <= StayCounts::SOON_DAYS;
            holds("same_people_again", stays.len() >= 2);
            holds("soon_again", at.checked_sub(1).and_then(|before| stays.get(before)).is_some_and(soon));
            holds("same_nights", (stay.nights() - usual_nights).abs() <= 1);
            holds("short_stay_far_away", stay.nights() <= 3);
            holds("narrow_fee", near(stay.total_fen, habits.fee_fen));
            holds("without_cash", stay.without_cash());
            let mut names = |code, holds: bool| {
                if holds {
                    shown.entry(code).or_default().extend(bench.rows(cited));
                }
            };
            names("same_doctors", doctors.contains(&stay.doctor));
            names("admitted_at_will", explains(stay.diagnosis) == Explains::AtWill);
            names("same_diagnoses", complaints.contains(&(stay.diagnosis >> 8)));
            // All bills with lines: how many repeat another is a share of them.
            if stay.basket != 0 {
                shown.entry("cloned_bill").or_default().extend(bench.lines(stay).chain([*origin]));
            }
        }
    }
    shown
}

/// The keys counted most often.
fn busiest<K: Copy + Ord>(counts: &BTreeMap<K, usize>, most: usize) -> BTreeSet<K> {
    let mut keys: Vec<(usize, K)> = counts.iter().map(|(key, count)| (*count, *key)).collect();
    keys.sort_unstable_by(|left, right| right.cmp(left));
    keys.into_iter().take(most).map(|(_, key)| key).collect()
}

/// Each person's stays one after the other, however they were gathered.
fn in_time<'a>(people: &BTreeMap<Party, (i32, Vec<&'a Cited>)>) -> BTreeMap<Party, (i32, Vec<&'a Cited>)> {
    let mut people = people.clone();
    for (_, stays) in people.values_mut() {
        stays.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.end, *origin));
    }
    people
}

/// Returns within a month, and all intervals between stays.
fn returns(people: &BTreeMap<Party, (i32, Vec<&Cited>)>) -> (usize, usize) {
    let mut counts = (0, 0);
    for (_, stays) in people.values() {
        for pair in stays.windows(2) {
            counts.0 += usize::from(pair[1].0.begin.since(pair[0].0.end) <= StayCounts::SOON_DAYS);
            counts.1 += 1;
        }
    }
    counts
}

/// Settlements at another place strictly within a stay: the person cannot have been in both.
fn contradictions(bench: &Bench, people: &BTreeMap<Party, (i32, Vec<&Cited>)>) -> Vec<(RowRef, RowRef)> {
    let mut found = Vec::new();
    for (person, (_, stays)) in people {
        let Some(file) = bench.file(*person) else { continue };
        let pairs = absences(stays.iter().copied(), &file.settlements);
        found.extend(pairs.map(|((_, stay), (_, other))| (*stay, *other)));
    }
    found
}
