//! Who is where they cannot be: which doctors sign at two places at once, or where they have left, and which caregivers are in two homes?
//!
//! Who may practise at several places is at one of them at a time. Somebody pays late, a clerk enters an hour's patients together: now
//! and then two settlements of one doctor lie minutes apart at two places. A seal that is used without its owner makes them so on most
//! days. A caregiver forgets to check out now and then; who writes visits that nobody made is in two homes, a way apart, on many days.
//! A channel is a doctor whom the register has at several places, or had at one, or a caregiver, a group a day.
//!
//! Registers are wrong, and then everybody whom a doctor sees is signed for after he left: many people, a few times each. Who lends out
//! a seal signs for few, time and again, wherever that is.
//!
//! Cost: the settlements of such doctors, the visits of caregivers.

use super::channels::{Channel, Group, Participant};
use super::contexts::{distinct, gathered, surprise_min};
use super::entries::Entry;
use super::surprise::tail;
use crate::model::{
    AT_ONCE_SECONDS, CareClass, CareVisit, Day, DoctorEntry, OccasionKind, Party, PartyKind, PersonFile, Regions,
    Seats, Tie, place_number,
};
use std::collections::BTreeSet;

/// Days at two places that hold a contradiction by accident, in millionths, and as many days at least.
const BY_ACCIDENT: (u64, u64) = (100_000, 300_000);
/// People for whom a seal is lent out, and signatures for each of them.
const LEFT_PEOPLE: std::ops::RangeInclusive<usize> = 5..=100;
const LEFT_EACH_MIN: u64 = 2;
/// −ln p in hundredths of each day: the register may be wrong.
const LEFT_SURPRISE: i64 = 100;
/// More visits a day are those of a station that writes one code for all who go out.
const VISITS_MAX: usize = 30;
/// Bits of a minute of the day, or of a number of minutes.
const MINUTE_BITS: u32 = 11;
/// Of a home that is known by an address and not by where it lies.
const BY_ADDRESS: u32 = 1 << 31;

/// Settlements signed by doctors who may not be there: outpatient ones of those with several places, with their second, and any of
/// those who had left.
pub(super) fn signatures(file: &PersonFile, seats: &Seats, entries: &mut Vec<Entry>) {
    let seen = |class| matches!(class, CareClass::Outpatient | CareClass::Chronic);
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| fact.doctor.is_some()) {
        let left = seats.left.get(&fact.doctor).and_then(|held| DoctorEntry::left_before(held, fact));
        if left.is_some() {
            entries.push(Entry {
                channel: Party::context(PartyKind::Circumstance, &[fact.doctor.0, OccasionKind::LeftSeat as u64]),
                kind: OccasionKind::LeftSeat,
                place: Party::NONE,
                group: fact.begin.0,
                person: file.person,
                visits: 1,
                detail: 0,
            });
        }
        if !seen(fact.class) || !seats.several.contains(&fact.doctor) {
            continue;
        }
        let second = u32::try_from(fact.settled.second_of_day()).unwrap_or(0);
        if second != 0 && !fact.time_only {
            entries.push(Entry {
                channel: Party::context(PartyKind::Circumstance, &[fact.doctor.0, OccasionKind::TwoSeats as u64]),
                kind: OccasionKind::TwoSeats,
                place: Party::NONE,
                group: fact.settled.day().0,
                person: file.person,
                visits: place_number(fact.place).cast_unsigned(),
                detail: second,
            });
        }
    }
}

/// Visits of caregivers to homes that are known, with their first minute and how many they are.
pub(super) fn homes(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let address = file.record.map(|(record, _)| record.address).filter(|address| address.is_some());
    for (visit, _) in &file.care_visits {
        let lies = visit.signed_in_at().map(|(east, north)| {
            let (east, north) = (east / CareVisit::KILOMETRE, north / CareVisit::KILOMETRE);
            east << 16 | north
        });
        let known = || address.map(|address| u32::try_from(address.0 >> 33).unwrap_or(0) | BY_ADDRESS);
        let Some(home) = lies.or_else(known) else { continue };
        let minutes = |seconds: i64| u32::try_from(seconds / 60).unwrap_or(0).min((1 << MINUTE_BITS) - 1);
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[visit.carer.0, OccasionKind::TwoHomes as u64]),
            kind: OccasionKind::TwoHomes,
            place: Party::NONE,
            group: visit.begin.day().0,
            person: file.person,
            visits: home,
            detail: minutes(visit.begin.second_of_day()) << MINUTE_BITS | minutes(visit.end.0 - visit.begin.0),
        });
    }
}

/// Everybody for whom a doctor signed on a day on which he was at two places at once, where there are more such days than accidents.
pub(super) fn at_once<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let (mut both, mut twice) = (0_u64, Vec::new());
    for (day, _) in &channel.groups {
        let signed = people(*day);
        if signed.iter().any(|one| one.visits != signed[0].visits) {
            both += 1;
            twice.extend(signed.windows(2).any(is_at_once).then(|| (*day, distinct(signed))));
        }
    }
    beyond_accident(id, channel, both, twice)
}

/// Everybody for whom a doctor signed who had left, where these are few and were signed for time and again.
pub(super) fn after_leaving<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let signed: u32 = channel.groups.iter().map(|(_, size)| size).sum();
    let days = || channel.groups.iter().map(|(day, _)| (*day, distinct(people(*day))));
    let all: BTreeSet<Party> = days().flat_map(|(_, people)| people).collect();
    let few = LEFT_PEOPLE.contains(&all.len());
    if !few || u64::from(signed) < LEFT_EACH_MIN * u64::try_from(all.len()).unwrap_or(u64::MAX) {
        return Vec::new();
    }
    gathered(id, channel, days().map(|(day, people)| (Day(day), LEFT_SURPRISE, LEFT_SURPRISE, people)))
}

/// Everybody in whose home a caregiver was while she was in another, on days on which she was, where there are more of them than
/// accidents.
pub(super) fn in_two_homes<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let (mut both, mut twice) = (0_u64, Vec::new());
    for (day, _) in
        channel.groups.iter().filter(|(_, size)| usize::try_from(*size).is_ok_and(|size| size <= VISITS_MAX))
    {
        let visits = people(*day);
        both += u64::from(visits.iter().any(|one| are_apart(one, &visits[0])));
        let mut there: Vec<Party> = Vec::new();
        for (at, one) in visits.iter().enumerate() {
            let after = visits[at + 1..].iter().take_while(|next| begin(next) < end(one));
            let elsewhere =
                after.filter(|next| CareVisit::run_at_once(seconds(one), seconds(next)) && are_apart(one, next));
            there.extend(elsewhere.flat_map(|next| [one.person, next.person]));
        }
        there.sort_unstable();
        there.dedup();
        twice.extend((!there.is_empty()).then_some((*day, there)));
    }
    beyond_accident(id, channel, both, twice)
}

/// The ties of the days on which somebody was at two places at once, where they are too many, among those with two places, for
/// accidents.
fn beyond_accident(id: Party, channel: &Channel, both: u64, twice: Vec<(i32, Vec<Party>)>) -> Vec<Tie> {
    let expected = (both * BY_ACCIDENT.0).max(BY_ACCIDENT.1);
    let surprise = tail(u32::try_from(twice.len()).unwrap_or(u32::MAX), expected);
    if surprise < surprise_min(channel) {
        return Vec::new();
    }
    let each = surprise / i64::try_from(twice.len()).unwrap_or(i64::MAX);
    gathered(id, channel, twice.into_iter().map(|(day, people)| (Day(day), each, each, people)))
}

/// Begin and end of a visit, seconds of the day.
fn seconds(visit: &Participant) -> (i64, i64) {
    (i64::from(begin(visit)) * 60, i64::from(end(visit)) * 60)
}

fn begin(visit: &Participant) -> u32 {
    visit.detail >> MINUTE_BITS
}

fn end(visit: &Participant) -> u32 {
    begin(visit) + (visit.detail & ((1 << MINUTE_BITS) - 1))
}

/// Whether two people's homes are known to lie a way apart: more than a kilometre, or at two addresses.
fn are_apart(one: &Participant, other: &Participant) -> bool {
    let [first, second] = [one.visits, other.visits];
    let far = |shift: u32| (first >> shift & 0xffff).abs_diff(second >> shift & 0xffff) >= 2;
    let by_address = first & second & BY_ADDRESS != 0;
    one.person != other.person
        && if by_address { first != second } else { (first | second) & BY_ADDRESS == 0 && (far(16) || far(0)) }
}

/// Whether two settlements that follow each other are minutes apart at two places.
fn is_at_once(pair: &[Participant]) -> bool {
    pair[0].visits != pair[1].visits && i64::from(pair[1].detail - pair[0].detail) <= AT_ONCE_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::channels::channel_of;

    /// Settlements of one doctor: day, second, place.
    fn tied(signed: &[(i32, u32, u32)]) -> usize {
        let doctor = Party::context(PartyKind::Circumstance, &[1]);
        let entry = |(person, (day, second, place)): (u64, &(i32, u32, u32))| Entry {
            channel: doctor,
            kind: OccasionKind::TwoSeats,
            place: Party::NONE,
            group: *day,
            person: Party(person << 4),
            visits: *place,
            detail: *second,
        };
        let (channel, groups) = channel_of(&(1..).zip(signed).map(entry).collect::<Vec<_>>());
        at_once(doctor, &channel, |day| &groups[&day]).len()
    }

    #[test]
    fn mornings_here_and_afternoons_there_are_a_life() {
        let honest: Vec<_> = (0..40).flat_map(|day| [(day, 32_000, 1), (day, 35_000, 1), (day, 50_000, 2)]).collect();
        assert_eq!(tied(&honest), 0);
        let slips: Vec<_> = honest.iter().copied().chain([(3, 50_300, 1), (9, 50_600, 1)]).collect();
        assert_eq!(tied(&slips), 0);
    }

    /// Visits of one caregiver: day, minute, minutes, kilometres to the east.
    fn cared(visits: &[(i32, u32, u32, u32)]) -> usize {
        let entry = |(person, (day, minute, minutes, east)): (u64, &(i32, u32, u32, u32))| Entry {
            channel: Party::context(PartyKind::Circumstance, &[2]),
            kind: OccasionKind::TwoHomes,
            place: Party::NONE,
            group: *day,
            person: Party((person % 3 + 1) << 4),
            visits: (11_000 + east) << 16 | 3_000,
            detail: minute << MINUTE_BITS | minutes,
        };
        let (channel, groups) = channel_of(&(0..).zip(visits).map(entry).collect::<Vec<_>>());
        in_two_homes(Party(2), &channel, |day| &groups[&day]).len()
    }

    #[test]
    fn one_home_after_the_other_is_a_round_and_two_a_way_apart_at_once_are_not() {
        let round: Vec<_> =
            (0..40).flat_map(|day| [(day, 540, 60, 0), (day, 615, 60, 9), (day, 690, 60, 20)]).collect();
        assert_eq!(cared(&round), 0);
        let couples: Vec<_> =
            (0..40).flat_map(|day| [(day, 540, 60, 0), (day, 545, 60, 0), (day, 690, 60, 20)]).collect();
        assert_eq!(cared(&couples), 0, "next door");
        let late = |one: &(i32, u32, u32, u32)| if one.0 % 20 == 7 { (one.0, one.1, 300, one.3) } else { *one };
        let forgotten: Vec<_> = round.iter().map(late).collect();
        assert_eq!(cared(&forgotten), 0, "to check out, now and then");
        let written: Vec<_> =
            (0..40).flat_map(|day| [(day, 540, 120, 0), (day, 560, 60, 30), (day, 700, 60, 20)]).collect();
        assert_eq!(cared(&written), 2);
    }

    #[test]
    fn a_seal_that_is_lent_out_signs_for_few_and_a_wrong_register_for_everybody() {
        let signed = |people: u64, each: u64| {
            let entry = |at: u64| Entry {
                channel: Party::context(PartyKind::Circumstance, &[3]),
                kind: OccasionKind::LeftSeat,
                place: Party::NONE,
                group: i32::try_from(at).unwrap_or(0),
                person: Party((at % people + 1) << 4),
                visits: 1,
                detail: 0,
            };
            let entries: Vec<Entry> = (0..people * each).map(entry).collect();
            let (channel, groups) = channel_of(&entries);
            after_leaving(Party(3), &channel, |day| &groups[&day]).len()
        };
        assert_eq!([signed(12, 5), signed(200, 5), signed(30, 1), signed(3, 9)], [12, 0, 0, 0]);
    }

    #[test]
    fn minutes_apart_day_after_day_is_a_seal() {
        let seal: Vec<_> = (0..20).flat_map(|day| [(day, 32_000, 1), (day, 32_400, 2), (day, 33_000, 1)]).collect();
        assert_eq!(tied(&seal), 60);
    }
}
