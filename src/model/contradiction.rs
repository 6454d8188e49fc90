//! What in one person's file does not go together? Observations of one file alone; how often they are honest is for others to say.
//!
//! Shared by `flow`, which counts them, and `typology`, which words them.

use super::{
    Allowance, CareClass, CareVisit, Day, Enrolment, Party, PersonFile, Prescription, RowRef, Settlement, Stamp,
};

/// Days between a prescription and a visit that may still belong together.
const SEEN_WITHIN_DAYS: i32 = 3;
/// Bills are booked late: a week after death is nothing.
const BOOKED_LATE_DAYS: i32 = 7;
/// A child is carried this long: who joins later than that before a birth was pregnant already.
const CARRIED_DAYS: i32 = 270;
/// Clerks work between these seconds of the day, with two hours to spare at both ends.
const OFFICE_SECONDS: std::ops::Range<i64> = 6 * 3_600..19 * 3_600;
/// A medicine is dear, and worth selling, from this much a time.
const DEAR_FEN: i64 = 100_000;
/// Purchases for one disease at two hospitals this close together.
const AT_ONCE_DAYS: i32 = 1;

/// Whether the patient was anywhere near the place that issued a prescription.
#[must_use]
pub fn was_seen(file: &PersonFile, prescription: &Prescription) -> bool {
    let day = prescription.issued.day();
    let near = |begin: Day, end: Day| {
        begin.since(day) <= SEEN_WITHIN_DAYS && (end == Day(i32::MAX) || day.since(end) <= SEEN_WITHIN_DAYS)
    };
    let settled = file.settlements.iter().any(|(fact, _)| {
        prescription.visit != 0 && fact.visit == prescription.visit
            || fact.place == prescription.place && near(fact.begin, fact.end)
    });
    settled
        || file.visits.iter().any(|(visit, _)| {
            let end = if visit.end == Stamp(i64::MIN) { Day(i32::MAX) } else { visit.end.day() };
            prescription.visit != 0 && visit.id == prescription.visit
                || visit.place == prescription.place && near(visit.begin.day(), end)
        })
}

/// Whether a bill handed in on paper was settled while the office is closed. Bills without a time of day are not.
#[must_use]
pub fn after_hours(fact: &Settlement) -> bool {
    let second = fact.settled.second_of_day();
    fact.settled_by == Settlement::BY_HAND && !fact.time_only && second != 0 && !OFFICE_SECONDS.contains(&second)
}

/// Settlements for care that began after the person's death.
pub fn after_death(file: &PersonFile) -> impl Iterator<Item = &(Settlement, RowRef)> {
    let death = file.record.map_or(Day(i32::MIN), |(record, _)| record.death);
    file.settlements
        .iter()
        .filter(move |(fact, _)| death != Day(i32::MIN) && fact.begin.since(death) > BOOKED_LATE_DAYS)
}

/// The spell in which somebody joined an employer when the child of this allowance was on its way already.
#[must_use]
pub fn joined_expecting<'a>(file: &'a PersonFile, allowance: &Allowance) -> Option<&'a (Enrolment, RowRef)> {
    let birth = allowance.birth;
    let spells =
        file.enrolments.iter().filter(|(spell, _)| spell.employer.is_some() && spell.employer == allowance.employer);
    let first = spells.min_by_key(|(spell, origin)| (spell.begin, *origin))?;
    (birth != Day(i32::MIN) && (0..CARRIED_DAYS).contains(&birth.since(first.0.begin))).then_some(first)
}

/// Visits of caregivers to somebody who lay in a hospital, the days of admission and discharge left out, with the stay.
pub fn cared_for_while_away(file: &PersonFile) -> impl Iterator<Item = (&(CareVisit, RowRef), &(Settlement, RowRef))> {
    let stays = file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Inpatient && fact.nights() >= 2);
    stays.flat_map(|stay| {
        let from = file.care_visits.partition_point(|(visit, _)| visit.begin.day() <= stay.0.begin);
        file.care_visits[from..]
            .iter()
            .take_while(move |(visit, _)| visit.begin.day() < stay.0.end)
            .map(move |visit| (visit, stay))
    })
}

/// Visits of one caregiver signed in on a device that was used before and after by turns with another: a new telephone is
/// used on from its first day, a borrowed one is handed back. Answers the visits on the less used devices.
#[must_use]
pub fn on_borrowed_devices(file: &PersonFile, carer: Party) -> Vec<&(CareVisit, RowRef)> {
    let visits = || file.care_visits.iter().filter(|(visit, _)| visit.carer == carer && visit.device.is_some());
    let mut uses: std::collections::BTreeMap<Party, usize> = std::collections::BTreeMap::new();
    visits().for_each(|(visit, _)| *uses.entry(visit.device).or_default() += 1);
    let Some((own, _)) = uses.iter().max_by_key(|(device, count)| (**count, **device)) else { return Vec::new() };
    let first = visits().position(|(visit, _)| visit.device == *own).unwrap_or(0);
    let last = visits().filter(|(visit, _)| visit.device == *own).count();
    let mut seen = 0;
    visits()
        .enumerate()
        .filter(|(at, (visit, _))| {
            seen += usize::from(visit.device == *own);
            visit.device != *own && *at > first && seen < last
        })
        .map(|(_, visit)| visit)
        .collect()
}

/// Whether a settlement is for the dear medicine of a registered disease.
#[must_use]
pub fn dear_refill(fact: &Settlement) -> bool {
    fact.class == CareClass::Chronic && fact.diagnosis != 0 && fact.total_fen >= DEAR_FEN
}

/// Pairs of settlements for the dear medicine of one disease at two hospitals within a day, each of which would be a course.
pub fn fetched_twice(file: &PersonFile) -> impl Iterator<Item = [&(Settlement, RowRef); 2]> {
    file.settlements.iter().enumerate().filter(|(_, (fact, _))| dear_refill(fact)).flat_map(move |(at, one)| {
        file.settlements[at + 1..]
            .iter()
            .take_while(move |(other, _)| other.begin.since(one.0.begin) <= AT_ONCE_DAYS)
            .filter(move |(other, _)| {
                dear_refill(other) && other.place != one.0.place && other.diagnosis >> 8 == one.0.diagnosis >> 8
            })
            .map(move |other| [one, other])
    })
}
