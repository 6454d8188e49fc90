//! Which doctors sign at two places at once?
//!
//! Who may practise at several places is at one of them at a time. Somebody pays late, a clerk enters an hour's patients together: now
//! and then two settlements of one doctor lie minutes apart at two places. A seal that is used without its owner makes them so on most
//! days. A channel is a doctor whom the register has at several places, a group a day.
//!
//! Cost: the outpatient settlements of such doctors.

use super::channels::{Channel, Group, Participant};
use super::contexts::{CHANNEL_SURPRISE_MIN, distinct, gathered};
use super::entries::Entry;
use super::surprise::tail;
use crate::model::{AT_ONCE_SECONDS, CareClass, Day, OccasionKind, Party, PartyKind, PersonFile, Tie, place_number};
use std::collections::BTreeSet;

/// Days with settlements at two places that hold two such by accident, in millionths, and as many days at least.
const BY_ACCIDENT: (u64, u64) = (100_000, 300_000);

/// Outpatient settlements signed by doctors of several places, with their second.
pub(super) fn seats(file: &PersonFile, several: &BTreeSet<Party>, entries: &mut Vec<Entry>) {
    let seen = |class| matches!(class, CareClass::Outpatient | CareClass::Chronic);
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| seen(fact.class) && several.contains(&fact.doctor)) {
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

/// Everybody for whom a doctor signed on a day on which he was at two places at once, where there are more such days than accidents.
pub(super) fn at_once<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let (mut both, mut twice) = (0_u64, Vec::new());
    for (day, _) in &channel.groups {
        let signed = people(*day);
        if signed.iter().any(|one| one.visits != signed[0].visits) {
            both += 1;
            twice.extend(signed.windows(2).any(is_at_once).then_some(*day));
        }
    }
    let expected = (both * BY_ACCIDENT.0).max(BY_ACCIDENT.1);
    let surprise = tail(u32::try_from(twice.len()).unwrap_or(u32::MAX), expected);
    if surprise < CHANNEL_SURPRISE_MIN {
        return Vec::new();
    }
    let each = surprise / i64::try_from(twice.len()).unwrap_or(i64::MAX);
    gathered(id, channel, twice.into_iter().map(|day| (Day(day), each, each, distinct(people(day)))))
}

/// Whether two settlements that follow each other are minutes apart at two places.
fn is_at_once(pair: &[Participant]) -> bool {
    pair[0].visits != pair[1].visits && i64::from(pair[1].detail - pair[0].detail) <= AT_ONCE_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

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
        let entries: Vec<Entry> = (1..).zip(signed).map(entry).collect();
        let mut channel = Channel::new(&entries[0], None);
        let mut groups: BTreeMap<i32, Group> = BTreeMap::new();
        entries.iter().for_each(|one| groups.entry(one.group).or_default().push(Participant::of(one)));
        groups.values_mut().for_each(|group| group.sort_unstable());
        channel.groups = groups.iter().map(|(day, group)| (*day, u32::try_from(group.len()).unwrap_or(0))).collect();
        at_once(doctor, &channel, |day| &groups[&day]).len()
    }

    #[test]
    fn mornings_here_and_afternoons_there_are_a_life() {
        let honest: Vec<_> = (0..40).flat_map(|day| [(day, 32_000, 1), (day, 35_000, 1), (day, 50_000, 2)]).collect();
        assert_eq!(tied(&honest), 0);
        let slips: Vec<_> = honest.iter().copied().chain([(3, 50_300, 1), (9, 50_600, 1)]).collect();
        assert_eq!(tied(&slips), 0);
    }

    #[test]
    fn minutes_apart_day_after_day_is_a_seal() {
        let seal: Vec<_> = (0..20).flat_map(|day| [(day, 32_000, 1), (day, 32_400, 2), (day, 33_000, 1)]).collect();
        assert_eq!(tied(&seal), 60);
    }
}
