//! When was somebody in a bed or on a chair? What flow and the recognisers must count in one and the same way: long stays that
//! follow one another, transfers, and dialysis sessions against their schedule.

use super::{CareClass, Day, Explains, Goods, Party, PersonFile, RowRef, Settlement, Visit, explains};
use std::collections::BTreeMap;

/// A stay of at least this many nights is a long one: a ward to live on, not a bed to be treated in.
const LONG_NIGHTS_MIN: i32 = 14;
/// Days between discharge and return that are not a life outside.
const TURN_GAP_DAYS_MAX: i32 = 7;
/// Days between discharge and the next admission that still count as handed on.
pub const HANDED_ON_DAYS: i32 = 3;
/// Nobody gets from one place to another, and sees a patient there, in so many seconds.
pub const AT_ONCE_SECONDS: i64 = 1_200;
/// Fewer sessions at a place are a guest's.
const SESSIONS_MIN: i32 = 40;
/// Three sessions a week are the rule; a week with more is a surplus.
const WEEKLY: i32 = 3;
/// One week in this many with a surplus, and at least [`SURPLUS_WEEKS_MIN`], is more than a replaced appointment.
const SURPLUS_WEEK_IN: i32 = 12;
const SURPLUS_WEEKS_MIN: i32 = 4;
/// One week in this many with a surplus, and at least [`OFTEN_WEEKS_MIN`], is often; nearly every week is a prescription.
const OFTEN_WEEK_IN: i32 = 5;
const OFTEN_WEEKS_MIN: i32 = 8;
const PRESCRIBED_PERCENT: i32 = 95;
/// Sessions while the patient lay in another hospital that cannot be a slip of the pen.
const ELSEWHERE_MIN: i32 = 2;

/// One bill over so many days may be for all sessions of the time, when there are so many.
const MONTHLY_DAYS_MIN: i32 = 13;
const MONTHLY_SESSIONS_MIN: u16 = 5;
/// Sessions billed without the dialyser that each uses up: so many at least, and percent of those whose lines are told. Where nearly all
/// are, the place bills it another way.
const LACKING_MIN: i32 = 5;
const LACKING_PERCENT: std::ops::RangeInclusive<i32> = 12..=90;

/// A settlement with its source.
type Cited = (Settlement, RowRef);

/// Whether a stay follows another one elsewhere so soon that its patient may have been handed on.
#[must_use]
pub fn is_handed_on(before: &Settlement, next: &Settlement) -> bool {
    before.place != next.place && (0..=HANDED_ON_DAYS).contains(&next.begin.since(before.end))
}

/// A person's hand-overs, each as the stay before and the one after. Admissions sorted by begin day.
#[must_use]
pub fn hand_overs<'a>(stays: impl Iterator<Item = &'a Cited>) -> Vec<(&'a Cited, &'a Cited)> {
    let stays: Vec<&Cited> = stays.collect();
    let handed_on = stays.windows(2).filter(|pair| is_handed_on(&pair[0].0, &pair[1].0));
    handed_on.map(|pair| (pair[0], pair[1])).collect()
}

/// Whether a hand-over leads from one ward for the chronically ill of the mind, where somebody lay for long, to another.
#[must_use]
pub fn is_ward_move((before, next): &(&Cited, &Cited)) -> bool {
    let ill = if next.0.diagnosis == 0 { before.0.diagnosis } else { next.0.diagnosis };
    before.0.nights() >= LONG_NIGHTS_MIN && explains(ill) == Explains::Mind
}

/// The visit with this id. Visits sorted by id.
#[must_use]
pub fn visit(visits: &[(Visit, RowRef)], id: u64) -> Option<&Visit> {
    let at = visits.partition_point(|(visit, _)| visit.id < id);
    visits.get(at).map(|(visit, _)| visit).filter(|visit| visit.id == id)
}

/// Whether somebody who was handed on was referred: discharged as a transfer, or admitted with the earlier visit on record. `None`
/// where one of the visits is not known, or none is on record because the export leaves that out. Visits sorted by id.
#[must_use]
pub fn is_referred(visits: &[(Visit, RowRef)], before: &Settlement, next: &Settlement) -> Option<bool> {
    let (out, into) = (visit(visits, before.visit)?, visit(visits, next.visit)?);
    if out.is_sent_on() { Some(true) } else { into.is_referred_here() }
}

/// Admissions within a week of a long stay, each with that stay. Stays sorted by begin day.
pub fn ward_turns<'a>(stays: impl Iterator<Item = &'a Cited>) -> impl Iterator<Item = (&'a Cited, &'a Cited)> {
    let mut before: Option<&Cited> = None;
    stays.filter_map(move |stay| {
        let last = before.replace(stay)?;
        let gap = stay.0.begin.since(last.0.end);
        let turn = last.0.nights() >= LONG_NIGHTS_MIN && (0..=TURN_GAP_DAYS_MAX).contains(&gap);
        turn.then_some((last, stay))
    })
}

/// Whether a settlement is a dialysis session, or a week of them.
#[must_use]
pub fn is_session(fact: &Settlement) -> bool {
    let chair = matches!(fact.class, CareClass::Outpatient | CareClass::Chronic | CareClass::DayCase);
    chair && explains(fact.diagnosis) == Explains::Kidney
}

/// Sessions of one bill: of a month's as many as the service was had.
fn sessions_of(bill: &Settlement, goods: &Goods) -> i32 {
    let monthly = bill.end.since(bill.begin) >= MONTHLY_DAYS_MIN && goods.services >= MONTHLY_SESSIONS_MIN;
    if monthly { i32::from(goods.services) } else { 1 }
}

/// Sessions of a month's bill beyond what the rule has room for, one of grace: a week each.
fn beyond_a_month(bill: &Settlement, sessions: i32) -> i32 {
    let days = bill.end.since(bill.begin) + 1;
    if sessions > 1 { (sessions - (days * WEEKLY + 6) / 7 - 1).max(0) } else { 0 }
}

/// What a dialysis patient was billed at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Schedule {
    /// Days with a session.
    pub days: i32,
    /// Weeks from the first to the last.
    pub weeks: i32,
    /// Weeks with more sessions than the rule.
    pub surplus_weeks: i32,
    /// Sessions strictly within a stay at another hospital.
    pub elsewhere: i32,
    /// Sessions whose fee lines are told.
    pub told: i32,
    /// Those of them for which no consumable was billed.
    pub lacking: i32,
    /// The first day.
    pub first: Day,
}

impl Schedule {
    /// A person's schedules by place, where he is a regular patient.
    #[must_use]
    pub fn of(file: &PersonFile) -> BTreeMap<Party, Schedule> {
        let mut schedules = BTreeMap::new();
        let settlements = &file.settlements;
        if !settlements.iter().any(|(fact, _)| is_session(fact)) {
            return schedules;
        }
        let mut sessions: BTreeMap<Party, Vec<&Settlement>> = BTreeMap::new();
        for (fact, _) in settlements.iter().filter(|(fact, _)| is_session(fact)) {
            sessions.entry(fact.place).or_default().push(fact);
        }
        for (place, bills) in sessions {
            let schedule = Schedule::at(place, &bills, file);
            if schedule.days >= SESSIONS_MIN {
                schedules.insert(place, schedule);
            }
        }
        schedules
    }

    fn at(place: Party, bills: &[&Settlement], file: &PersonFile) -> Schedule {
        let settlements = &file.settlements;
        let mut days: Vec<Day> = bills.iter().map(|bill| bill.begin).collect();
        days.dedup();
        let elsewhere = |day: &&Day| settlements.iter().any(|(fact, _)| fact.place != place && lies_there(fact, **day));
        let weeks = days.chunk_by(|one, next| one.0.div_euclid(7) == next.0.div_euclid(7));
        let span = days.first().zip(days.last()).map_or(0, |(first, last)| last.since(*first) + 7);
        let count = |items: usize| i32::try_from(items).unwrap_or(i32::MAX);
        let (mut told, mut lacking, mut more, mut surplus) = (0, 0, 0, 0);
        for bill in bills {
            let goods = file.goods_of(bill);
            let sessions = goods.map_or(1, |goods| sessions_of(bill, goods));
            more += sessions - 1;
            surplus += beyond_a_month(bill, sessions);
            if let Some(goods) = goods {
                told += sessions;
                lacking += (sessions - i32::from(goods.consumables)).max(0);
            }
        }
        Schedule {
            days: count(days.len()) + more,
            weeks: span / 7,
            surplus_weeks: count(weeks.filter(|week| count(week.len()) > WEEKLY).count()) + surplus,
            elsewhere: count(days.iter().filter(elsewhere).count()),
            told,
            lacking,
            first: days.first().copied().unwrap_or_default(),
        }
    }

    /// Whether a good part of the sessions was billed without what each uses up, and others were not.
    #[must_use]
    pub fn lacks_consumables(&self) -> bool {
        let percent = self.lacking * 100 / self.told.max(1);
        self.told >= SESSIONS_MIN / 2 && self.lacking >= LACKING_MIN && LACKING_PERCENT.contains(&percent)
    }

    /// Whether more was billed week after week and no schedule kept: a fourth session that is prescribed is had every week.
    #[must_use]
    pub fn is_often_exceeded(&self) -> bool {
        let weeks = self.surplus_weeks;
        weeks >= OFTEN_WEEKS_MIN && weeks * OFTEN_WEEK_IN >= self.weeks && weeks * 100 < self.weeks * PRESCRIBED_PERCENT
    }

    /// Whether more was billed in many weeks than any schedule explains.
    #[must_use]
    pub fn has_surplus(&self) -> bool {
        self.surplus_weeks >= SURPLUS_WEEKS_MIN && self.surplus_weeks * SURPLUS_WEEK_IN >= self.weeks
    }

    /// Whether there are sessions that nobody sat through: too many of them, or while the patient lay elsewhere.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.has_surplus() || self.elsewhere >= ELSEWHERE_MIN
    }
}

/// Whether a stay has its patient in bed on a day, not counting the days of admission and discharge.
#[must_use]
pub fn lies_there(fact: &Settlement, day: Day) -> bool {
    fact.class == CareClass::Inpatient && fact.begin < day && day < fact.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::icd_category;

    fn session(day: i32, place: u64) -> Cited {
        let place = Party(place);
        let (begin, diagnosis) = (Day(day), icd_category("N18.6"));
        let fact =
            Settlement { begin, end: begin, place, diagnosis, class: CareClass::Chronic, ..Settlement::default() };
        (fact, RowRef(u64::try_from(day).unwrap_or(0)))
    }

    #[test]
    fn three_sessions_a_week_are_a_schedule_and_a_fourth_every_week_is_not() {
        let three: Vec<Cited> = (0..40).flat_map(|week| [0, 2, 4].map(|day| session(week * 7 + day, 1))).collect();
        let four: Vec<Cited> = (0..40).flat_map(|week| [0, 2, 4, 5].map(|day| session(week * 7 + day, 1))).collect();
        let regular = |sessions: &[Cited]| PersonFile { settlements: sessions.to_vec(), ..PersonFile::default() };
        let schedule = |sessions: &[Cited]| Schedule::of(&regular(sessions))[&Party(1)];
        let every_other: Vec<Cited> =
            four.iter().filter(|(fact, _)| fact.begin.0 % 7 != 5 || fact.begin.0 % 14 == 5).copied().collect();
        assert!(!schedule(&three).is_exceeded() && schedule(&four).is_exceeded());
        let often = |sessions: &[Cited]| schedule(sessions).is_often_exceeded();
        assert_eq!((often(&three), often(&four), often(&every_other)), (false, false, true));
    }

    #[test]
    fn a_session_uses_up_a_dialyser() {
        let file = |bills: i32, days: i32, goods: &dyn Fn(i32) -> Goods| {
            let bill = |at: i32| {
                let (mut fact, origin) = session(at * days, 1);
                (fact.visit, fact.end) = (u64::try_from(at).unwrap_or(0), Day((at + 1) * days - 1));
                ((fact, origin), (fact.visit, goods(at)))
            };
            let (settlements, goods) = (0..bills).map(bill).unzip();
            PersonFile { settlements, goods, ..PersonFile::default() }
        };
        let lacks = |missing_one_in: i32| {
            let dialyser = |at: i32| Goods { consumables: u16::from(at % missing_one_in != 0), ..Goods::default() };
            Schedule::of(&file(90, 2, &dialyser))[&Party(1)].lacks_consumables()
        };
        assert_eq!([4, 30, 1].map(lacks), [true, false, false], "where none is billed it is billed another way");
        let month = |_: i32| Goods { services: 17, consumables: 13, dearest_yuan: 900 };
        let schedule = Schedule::of(&file(20, 30, &month))[&Party(1)];
        assert_eq!((schedule.days, schedule.lacking), (340, 80));
        assert!(schedule.lacks_consumables() && schedule.has_surplus());
    }

    #[test]
    fn a_session_during_a_stay_elsewhere_is_one_too_many() {
        let mut all: Vec<Cited> = (0..40).flat_map(|week| [0, 2, 4].map(|day| session(week * 7 + day, 1))).collect();
        let bed = Settlement { begin: Day(70), end: Day(80), place: Party(2), ..Settlement::default() };
        all.push((Settlement { class: CareClass::Inpatient, ..bed }, RowRef(9_999)));
        all.sort_unstable_by_key(|(fact, _)| fact.begin);
        let file = PersonFile { settlements: all, ..PersonFile::default() };
        let schedule = Schedule::of(&file)[&Party(1)];
        assert_eq!((schedule.elsewhere, schedule.is_exceeded()), (4, true));
    }
}
