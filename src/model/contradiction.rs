//! What in one person's file does not go together? Observations of one file alone; how often they are honest is for others to say.
//!
//! Shared by `flow`, which counts them, and `typology`, which words them.

use super::{
    Allowance, CareClass, CareVisit, Day, Enrolment, Party, PersonFile, Prescription, RowRef, Settlement, Stamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// Nobody who used nothing for this long begins to come every month without a reason.
const DORMANT_DAYS: i32 = 300;
/// And this often.
const AWAKE_MIN: usize = 4;
/// More places than this are somebody's own life.
const KNOWN_PLACES_MAX: usize = 2;
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
/// Purchases at two hospitals at once that are no accident.
const TWICE_MIN: usize = 3;
/// Refills of one disease before fetching in excess can be told from chance.
pub const DEAR_REFILLS_MIN: usize = 6;
/// Hospitals used by turns that nobody needs, in tenths.
const BY_TURNS_TENTHS: usize = 28;
/// Purchases for one disease at two hospitals this close together.
const AT_ONCE_DAYS: i32 = 1;

/// Prescriptions of one medicine before its supply can be held against the days that passed.
const SUPPLIES_MIN: usize = 3;

/// Whether the patient was anywhere near the place that issued a prescription.
#[must_use]
pub fn was_seen(file: &PersonFile, prescription: &Prescription) -> bool {
    let day = prescription.issued.day();
    let near = |begin: Day, end: Day| {
        begin.since(day) <= SEEN_WITHIN_DAYS && (end == Day(i32::MAX) || day.since(end) <= SEEN_WITHIN_DAYS)
    };
    // The visit that a prescription names may be the one in which it was dispensed: nobody is seen at a counter.
    let named = |visit: u64, place: Party| {
        prescription.visit != 0 && visit == prescription.visit && place != prescription.counter
    };
    let settled = file.settlements.iter().any(|(fact, _)| {
        named(fact.visit, fact.place) || fact.place == prescription.place && near(fact.begin, fact.end)
    });
    settled
        || file.visits.iter().any(|(visit, _)| {
            let end = if visit.end == Stamp(i64::MIN) { Day(i32::MAX) } else { visit.end.day() };
            named(visit.id, visit.place) || visit.place == prescription.place && near(visit.begin.day(), end)
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

/// Where somebody is known, who is known at one or two places only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOnlyAt {
    /// The places.
    pub places: BTreeSet<Party>,
    /// Whether the person used nothing for long before.
    pub slept: bool,
}

/// The one or two places of somebody who comes there often, and at most once in ten times elsewhere; of somebody who used nothing for
/// long, since then. Settlements sorted by begin day.
#[must_use]
pub fn known_only_at(settlements: &[(Settlement, RowRef)]) -> Option<KnownOnlyAt> {
    let held: Vec<&Settlement> =
        settlements.iter().map(|(fact, _)| fact).filter(|fact| fact.class != CareClass::Inpatient).collect();
    let woke = held.windows(2).rposition(|pair| pair[1].begin.since(pair[0].begin) >= DORMANT_DAYS);
    let since = &held[woke.map_or(0, |at| at + 1)..];
    if since.len() < AWAKE_MIN {
        return None;
    }
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    since.iter().for_each(|fact| *at.entry(fact.place).or_default() += 1);
    let mut places: Vec<(usize, Party)> = at.into_iter().map(|(place, count)| (count, place)).collect();
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.truncate(KNOWN_PLACES_MAX);
    let there: usize = places.iter().map(|(count, _)| count).sum();
    let only = there >= AWAKE_MIN && there * 10 >= since.len() * 9;
    only.then(|| KnownOnlyAt { places: places.into_iter().map(|(_, place)| place).collect(), slept: woke.is_some() })
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
/// used on from its first day, a borrowed one is handed back, and one that was seen once is anything. Answers the visits on the less used
/// devices.
#[must_use]
pub fn on_borrowed_devices(file: &PersonFile, carer: Party) -> Vec<&(CareVisit, RowRef)> {
    let visits = || file.care_visits.iter().filter(|(visit, _)| visit.carer == carer && visit.device.is_some());
    let mut uses: BTreeMap<Party, usize> = BTreeMap::new();
    visits().for_each(|(visit, _)| *uses.entry(visit.device).or_default() += 1);
    let Some((own, _)) = uses.iter().max_by_key(|(device, count)| (**count, **device)) else { return Vec::new() };
    let first = visits().position(|(visit, _)| visit.device == *own).unwrap_or(0);
    let last = visits().filter(|(visit, _)| visit.device == *own).count();
    let mut seen = 0;
    visits()
        .enumerate()
        .filter(|(at, (visit, _))| {
            seen += usize::from(visit.device == *own);
            visit.device != *own && uses[&visit.device] > 1 && *at > first && seen < last
        })
        .map(|(_, visit)| visit)
        .collect()
}

/// Whether a settlement is for the dear medicine of a registered disease.
#[must_use]
pub fn dear_refill(fact: &Settlement) -> bool {
    fact.class == CareClass::Chronic && fact.diagnosis != 0 && fact.total_fen >= DEAR_FEN
}

/// Pairs of settlements for the dear medicine of one disease at two hospitals within a day: a course, and half of one at least.
pub fn fetched_twice(file: &PersonFile) -> impl Iterator<Item = [&(Settlement, RowRef); 2]> {
    let half =
        |fact: &Settlement| fact.class == CareClass::Chronic && fact.diagnosis != 0 && fact.total_fen * 2 >= DEAR_FEN;
    file.settlements.iter().enumerate().filter(move |(_, (fact, _))| half(fact)).flat_map(move |(at, one)| {
        file.settlements[at + 1..]
            .iter()
            .take_while(move |(other, _)| other.begin.since(one.0.begin) <= AT_ONCE_DAYS)
            .filter(move |(other, _)| {
                let course = dear_refill(&one.0) || dear_refill(other);
                half(other) && course && other.place != one.0.place && other.diagnosis >> 8 == one.0.diagnosis >> 8
            })
            .map(move |other| [one, other])
    })
}

/// What shows that somebody fetched the dear medicine of a disease in excess, by disease: at two hospitals within a day, time and again,
/// or by turns at several: who needs a course is treated at one, perhaps at a second.
#[must_use]
pub fn fetched_in_excess(file: &PersonFile) -> BTreeMap<u32, BTreeSet<RowRef>> {
    let mut shown: BTreeMap<u32, BTreeSet<RowRef>> = BTreeMap::new();
    let mut times: BTreeMap<u32, usize> = BTreeMap::new();
    for [one, other] in fetched_twice(file) {
        let disease = one.0.diagnosis >> 8;
        *times.entry(disease).or_default() += 1;
        shown.entry(disease).or_default().extend([one.1, other.1]);
    }
    shown.retain(|disease, _| times[disease] >= TWICE_MIN);
    let mut refills: BTreeMap<u32, BTreeMap<Party, Vec<RowRef>>> = BTreeMap::new();
    for (fact, origin) in file.settlements.iter().filter(|(fact, _)| dear_refill(fact)) {
        refills.entry(fact.diagnosis >> 8).or_default().entry(fact.place).or_default().push(*origin);
    }
    for (disease, places) in refills {
        let (all, squares) =
            places.values().map(Vec::len).fold((0, 0), |sum, count| (sum.0 + count, sum.1 + count * count));
        // As many hospitals as if all were used alike.
        if all >= DEAR_REFILLS_MIN && all * all * 10 >= squares * BY_TURNS_TENTHS {
            shown.entry(disease).or_default().extend(places.into_values().flatten());
        }
    }
    shown
}

/// What somebody was given of one medicine, again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    /// The prescriptions.
    pub rows: Vec<RowRef>,
    /// Days that what was given before the last time lasts.
    pub given: i64,
    /// Days from the first to the last.
    pub passed: i64,
}

impl Supply {
    /// Whether it lasts for this many tenths of the days that passed.
    #[must_use]
    pub fn lasts(&self, tenths: i64) -> bool {
        self.given * 10 >= self.passed.max(1) * tenths
    }
}

/// The supply of each medicine that these prescriptions, of one person, tell of at least three times.
pub fn supplies<'a>(prescriptions: impl Iterator<Item = &'a (Prescription, RowRef)>) -> Vec<Supply> {
    let mut held: BTreeMap<u64, Vec<(Day, i64, RowRef)>> = BTreeMap::new();
    for (one, origin) in prescriptions.filter(|(one, _)| one.days > 0) {
        let day = if one.dispensed == Stamp(i64::MIN) { one.issued.day() } else { one.dispensed.day() };
        held.entry(one.item).or_default().push((day, i64::from(one.days), *origin));
    }
    let supply = |mut given: Vec<(Day, i64, RowRef)>| {
        given.sort_unstable();
        let [first, .., last] = given[..] else { return None };
        (given.len() >= SUPPLIES_MIN).then(|| Supply {
            // What was given last is for the days to come.
            given: given.iter().map(|(_, days, _)| days).sum::<i64>() - last.1,
            passed: i64::from(last.0.since(first.0)),
            rows: given.into_iter().map(|(.., origin)| origin).collect(),
        })
    };
    held.into_values().filter_map(supply).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::icd_category;

    #[test]
    fn a_month_s_supply_every_month_is_taken_and_every_ten_days_it_is_not() {
        let lasts = |every: i64| {
            let given = |at: u16| {
                let dispensed = Stamp(every * i64::from(at) * 86_400);
                (Prescription { item: 7, days: 30, dispensed, ..Prescription::default() }, RowRef(u64::from(at)))
            };
            let given: Vec<_> = (0..8).map(given).collect();
            supplies(given.iter()).iter().any(|supply| supply.lasts(15))
        };
        assert_eq!([30, 21, 10].map(lasts), [false, false, true]);
    }

    #[test]
    fn known_at_one_place_only_or_since_waking() {
        let at = |place: u64, day: i32| {
            let fact = Settlement {
                place: Party(place),
                begin: Day(day),
                class: CareClass::Outpatient,
                ..Settlement::default()
            };
            (fact, RowRef::default())
        };
        let known = |slept| Some(KnownOnlyAt { places: [Party(1)].into(), slept });
        let home = [at(1, 0), at(1, 30), at(1, 60), at(1, 90)];
        assert_eq!(known_only_at(&home), known(false));
        assert_eq!(known_only_at(&home[..3]), None);
        let everywhere: Vec<_> = (1..9).map(|place| at(place, 0)).collect();
        assert_eq!(known_only_at(&everywhere), None);
        let woken = [at(7, 0), at(8, 1), at(9, 2), at(1, 400), at(1, 430), at(1, 460), at(1, 490)];
        assert_eq!(known_only_at(&woken), known(true));
    }

    #[test]
    fn a_course_from_four_hospitals_by_turns_is_too_much_and_from_one_it_is_not() {
        let fetched = |places: u64| {
            let refill = |at: u64| {
                let day = Day(i32::try_from(at).unwrap_or(0) * 14);
                let fact = Settlement {
                    place: Party(at % places + 1),
                    begin: day,
                    end: day,
                    diagnosis: icd_category("Z94.0"),
                    total_fen: DEAR_FEN,
                    class: CareClass::Chronic,
                    ..Settlement::default()
                };
                (fact, RowRef(at))
            };
            let file = PersonFile { settlements: (0..12).map(refill).collect(), ..PersonFile::default() };
            fetched_in_excess(&file).into_values().map(|rows| rows.len()).sum::<usize>()
        };
        assert_eq!([1, 2, 4].map(fetched), [0, 0, 12]);
    }
}
