//! Which occasions did a person take part in? **A new kind of occasion is one function here**, from a person's file to
//! entries, one line in [`KINDS`], and one arm in `channels::decide` that says how unlikely a group is.
//!
//! An entry says: this person was in this channel, in this group. A channel is where a rate can be stated (the people of one
//! home area at one institution), a group is one occasion of it (a day).
//!
//! Cost: linear in the person's settlements.

use super::benefits;
use super::counters;
use super::free_stays::free_stays;
use super::handovers;
use super::identifiers::{HOLDERS, admitted_to};
use super::invoices;
use super::regulars;
use super::rounds;
use super::surprise::coarse;
use super::whereabouts;
use crate::model::{
    CareClass, Day, Identifier, OccasionKind, Party, PartyKind, PersonFile, RegionDistance, Regions, RowRef, Schedule,
    Settlement, absences, at_counter, hand_overs, is_session, is_visit, is_ward_move, ward_turns as turns_of,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One person in one group of one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Where a rate can be stated.
    pub(crate) channel: Party,
    /// What kind of occasion.
    pub(crate) kind: OccasionKind,
    /// The institution, when all entries of the channel have the same one.
    pub(crate) place: Party,
    /// Which occasion of the channel: a day, a sum of money.
    pub(crate) group: i32,
    /// Who.
    pub(crate) person: Party,
    /// How often the person is in this channel, coarse.
    pub(crate) visits: u32,
    /// What the kind needs to know more: the second of the day, the total.
    pub(crate) detail: u32,
}

/// What stands for nights in the channel of stays that left nothing to pay.
const FREE: u64 = u64::MAX;

/// From a person's file to the entries of one kind.
type Kind = fn(&PersonFile, &Regions, &mut Vec<Entry>);

/// Of a day with more counters than this the ones with the smallest numbers are looked at.
const TOUR_MAX: usize = 6;
/// Fewer days between two long stays are an entry in the books, not a discharge.
const BOOKED_ANEW_DAYS: i32 = 2;

/// All kinds that can be read off one person's file. `TraceRepeat` is read off a box's history, in `traces`.
pub(crate) const KINDS: [Kind; 29] = [
    stays,
    till_runs,
    visits,
    tours,
    packages,
    cloned_bills,
    relays,
    identifiers,
    away,
    ward_turns,
    sessions,
    benefits::prescriptions,
    benefits::online_runs,
    benefits::approvals,
    invoices::booklets,
    benefits::clerks,
    benefits::after_deaths,
    benefits::employers,
    benefits::care_records,
    benefits::two_hospitals,
    counters::distant_accounts,
    counters::drained_accounts,
    counters::strict_beats,
    counters::frequent_visits,
    regulars::often_back,
    rounds::same_places,
    free_stays,
    handovers::ways,
    whereabouts::homes,
];

/// Admissions, by institution and home area; also by nights, because a busload goes home together; where the doctor is known by
/// doctor; and those that left nothing to pay, because a busload pays alike.
fn stays(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (stay, _) in admissions(file) {
        let outside = regions.distance(stay.home, stay.area) >= RegionDistance::SameProvince;
        let kind = if outside { OccasionKind::Arrival } else { OccasionKind::CoStay };
        let visits = coarse(count(admissions(file).filter(|(other, _)| other.place == stay.place)));
        let entry = |channel, detail| Entry {
            channel,
            kind,
            place: stay.place,
            group: stay.begin.0,
            person: file.person,
            visits,
            detail,
        };
        let area = [stay.place.0, u64::from(stay.home), kind as u64];
        entries.push(entry(Party::context(PartyKind::Arrival, &area), u32::from(!stay.doctor.is_some())));
        let together = [stay.place.0, u64::from(stay.home), kind as u64, u64::from(stay.nights().unsigned_abs()), 0];
        entries.push(entry(Party::context(PartyKind::Arrival, &together), 0));
        if stay.without_cash() {
            let free = [stay.place.0, u64::from(stay.home), kind as u64, FREE, 0];
            entries.push(entry(Party::context(PartyKind::Arrival, &free), 0));
        }
        if stay.doctor.is_some() {
            let narrow = [stay.place.0, u64::from(stay.home), kind as u64, stay.doctor.0];
            entries.push(entry(Party::context(PartyKind::Arrival, &narrow), 1));
        }
    }
}

/// Outpatient, chronic and pharmacy settlements, by till and day, with their second.
fn till_runs(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| at_counter(fact)) {
        let here = |other: &Settlement| at_counter(other) && other.place == fact.place && other.till == fact.till;
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[fact.place.0, u64::from(fact.till)]),
            kind: OccasionKind::TillRun,
            place: fact.place,
            group: fact.settled.day().0,
            person: file.person,
            visits: coarse(count(file.settlements.iter().filter(|(other, _)| here(other)))),
            detail: u32::try_from(fact.settled.second_of_day()).unwrap_or(0),
        });
    }
}

/// Outpatient visits, by place and day, at whatever till.
fn visits(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let visits: BTreeSet<(Party, Day)> = file
        .settlements
        .iter()
        .filter(|(fact, _)| is_visit(fact))
        .map(|(fact, _)| (fact.place, fact.settled.day()))
        .collect();
    entries.extend(visits.into_iter().map(|(place, day)| Entry {
        channel: Party::context(PartyKind::Circumstance, &[place.0, OccasionKind::Along as u64]),
        kind: OccasionKind::Along,
        place,
        group: day.0,
        person: file.person,
        visits: 1,
        detail: 0,
    }));
}

/// Pairs of counters that a person went to on one day: cards in one hand may be minutes or an hour apart in line, but they go the
/// same way.
fn tours(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut days: BTreeMap<Day, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| at_counter(fact) && !is_session(fact)) {
        days.entry(fact.settled.day()).or_default().insert(fact.place);
    }
    let mut gone: BTreeMap<(Party, Party), Vec<Day>> = BTreeMap::new();
    for (day, places) in days.into_iter().filter(|(_, places)| places.len() > 1) {
        let places: Vec<Party> = places.into_iter().take(TOUR_MAX).collect();
        for (at, one) in places.iter().enumerate() {
            places[at + 1..].iter().for_each(|other| gone.entry((*one, *other)).or_default().push(day));
        }
    }
    for ((one, other), days) in gone {
        entries.extend(days.iter().map(|day| Entry {
            channel: Party::context(PartyKind::Circumstance, &[one.0, other.0, OccasionKind::Tour as u64]),
            kind: OccasionKind::Tour,
            place: Party::NONE,
            group: day.0,
            person: file.person,
            visits: coarse(count(days.iter())),
            detail: 0,
        }));
    }
}

/// Admissions by the exact sum paid in cash.
fn packages(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (stay, _) in admissions(file) {
        let Some(cash) = stay.cash().and_then(|fen| i32::try_from(fen).ok()).filter(|fen| *fen > 0) else { continue };
        entries.push(Entry {
            channel: Party::context(PartyKind::Package, &[stay.place.0]),
            kind: OccasionKind::Package,
            place: stay.place,
            group: cash,
            person: file.person,
            visits: 1,
            detail: u32::try_from(stay.total_fen / 100).unwrap_or(0),
        });
    }
}

/// Admissions by their total, to the fen, and by their fee lines.
fn cloned_bills(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (stay, bill) in admissions(file).flat_map(|(stay, _)| stay.bills().map(move |bill| (stay, bill))) {
        let key = [stay.place.0, OccasionKind::ClonedBill as u64, u64::from(bill < 0)];
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &key),
            kind: OccasionKind::ClonedBill,
            place: stay.place,
            group: bill,
            person: file.person,
            visits: 1,
            detail: 0,
        });
    }
}

/// Handed on from one institution to another within days, for people to whom it happened at least twice: an honest
/// referral happens once. From one ward for life to another a single time counts: nobody is referred there.
fn relays(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let relays = hand_overs(admissions(file));
    if relays.len() < 2 && !relays.iter().any(is_ward_move) {
        return;
    }
    for ((before, _), (next, _)) in &relays {
        let (low, high) = (before.place.min(next.place), before.place.max(next.place));
        entries.push(Entry {
            channel: Party::context(PartyKind::Corridor, &[low.0, high.0]),
            kind: OccasionKind::Relay,
            place: Party::NONE,
            group: next.begin.0,
            person: file.person,
            visits: coarse(count(relays.iter())),
            detail: 0,
        });
    }
}

/// Phones, accounts, agents and devices, and where their holder was admitted. An address alone ties nobody: families,
/// dormitories and nursing homes share one.
pub(super) fn identifiers(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let ties = |fact: &Identifier| !matches!(fact.identifier.kind(), PartyKind::Address | PartyKind::Employer);
    let mut seen: Vec<Party> = Vec::new();
    let mut places: Option<BTreeSet<Party>> = None;
    let ours = |(fact, origin): &&(Identifier, RowRef)| ties(fact) && !benefits::is_clerk(fact, *origin);
    for (fact, _) in file.identifiers.iter().filter(ours) {
        let entry = |group, detail| Entry {
            channel: fact.identifier,
            kind: OccasionKind::SharedIdentifier,
            place: Party::NONE,
            group,
            person: file.person,
            visits: 1,
            detail,
        };
        entries.push(entry(HOLDERS, fact.role as u32));
        if !seen.contains(&fact.identifier) {
            seen.push(fact.identifier);
            let places = places.get_or_insert_with(|| {
                let mut places = benefits::done(file);
                places.extend(admissions(file).map(|(stay, _)| stay.place));
                places
            });
            entries.extend(places.iter().map(|place| entry(admitted_to(*place), 0)));
        }
    }
}

/// Stays during which the patient settled elsewhere.
fn away(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut last = None;
    for ((stay, origin), _) in absences(admissions(file), &file.settlements) {
        if last.replace(*origin) == Some(*origin) {
            continue;
        }
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[stay.place.0, OccasionKind::Absence as u64, 0]),
            kind: OccasionKind::Absence,
            place: stay.place,
            group: stay.begin.0,
            person: file.person,
            visits: 1,
            detail: stay.area / 100,
        });
    }
}

/// Returns to a bed within days of a long stay, by the place and the day of return; those who were out for days apart from those
/// who were only booked anew, which bed-day contracts do to whole wards.
fn ward_turns(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (before, (stay, _)) in turns_of(admissions(file)) {
        let gap = stay.begin.since(before.0.end);
        let out = u64::from(gap >= BOOKED_ANEW_DAYS);
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[stay.place.0, OccasionKind::WardTurn as u64, out]),
            kind: OccasionKind::WardTurn,
            place: stay.place,
            group: stay.begin.0,
            person: file.person,
            visits: 1,
            detail: gap.unsigned_abs(),
        });
    }
}

/// Dialysis patients by centre: whether they were billed beyond any schedule (1), and that often (2); and whether for what uses up nothing.
fn sessions(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (place, schedule) in Schedule::of(file) {
        entries.extend(counters::session_goods(file, regions, place, &schedule));
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[place.0, OccasionKind::SurplusSession as u64, 0]),
            kind: OccasionKind::SurplusSession,
            place,
            group: if schedule.is_often_exceeded() { 2 } else { i32::from(schedule.is_exceeded()) },
            person: file.person,
            visits: 1,
            detail: 0,
        });
    }
}

pub(super) fn admissions(file: &PersonFile) -> impl Iterator<Item = &(Settlement, crate::model::RowRef)> + '_ {
    file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Inpatient)
}

fn count<I: Iterator>(items: I) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
