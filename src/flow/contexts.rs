//! Which channels are unlikely as a whole, and whom do they tie?
//!
//! One arm of [`context_ties`] per kind of occasion. A channel ties people only when it shows more than
//! [`CHANNEL_SURPRISE_MIN`]; then everybody in an unlikely group is tied to it, one-time recruits included.
//!
//! Cost: the sizes of the channel's groups; the people only of unlikely groups.

use super::along::along;
use super::channels::{Channel, Group, Participant, weekday};
use super::crowds::{Mark, Rest, beside, marked, parts};
use super::free_stays::free_of_charge;
use super::handovers::passed_around;
use super::invoices::invoice_runs;
use super::lines::lines;
use super::regulars::regulars;
use super::returns::returns;
use super::rounds::rounds;
use super::supplies::{sold_twice, unsupplied};
use super::surprise::{batch, coarse, ratio_ln, select, share, tail};
use super::whereabouts::{after_leaving, at_once, in_two_homes};
use crate::model::{Day, Occasion, OccasionKind, Party, Tie};
use hashbrown::HashSet;
use smallvec::smallvec;
use std::collections::BTreeMap;

/// −ln p in hundredths: by chance less than one channel in a million.
pub(super) const CHANNEL_SURPRISE_MIN: i64 = 1_400;
/// Of the channels that an earlier run knew, where a ring is tried on its own rows, there are some ten thousand to choose from.
const KNOWN_SURPRISE_MIN: i64 = 1_000;
/// Groups below this size are remembered while a channel is worked out.
const FEW: usize = 32;
/// Stays of which one sum was paid: at least this many.
const PACKAGE_STAYS_MIN: u32 = 6;
/// People who paid a sum that is one of a list.
const LISTED_PEOPLE_MIN: u64 = 3;
/// Bills that are the same: of at least this many people.
const CLONES_MIN: u32 = 4;
/// Bills that an admission may as well end with; fixed prices make honest bills repeat.
const BILLS: u64 = 2_000;
/// Online prescriptions this close together leave no time for a patient.
const RUN_SECONDS: u32 = 60;
/// Seconds an internet doctor is at work on a day.
const OPEN_SECONDS: u64 = 43_200;
/// Patients billed beyond their schedule: at least this many.
const SURPLUS_PEOPLE_MIN: u32 = 5;
/// What a patient with more sessions than the schedule adds and one without takes away, −ln in hundredths: about one patient in
/// seven is prescribed a further session, and most are billed one where sessions are made up.
const SURPLUS: (i64, i64) = (154, 104);
/// Patients who have more than three sessions in a fifth of their weeks and no schedule, in thousandths.
const OFTEN_MILLI: u64 = 40;
/// Sums in yuan that an honest bill may as well leave to pay.
const PACKAGE_SUMS: u64 = 300;

/// Customers of a pharmacy, per million, who emptied an account of another city there, and who did so time and again.
const DISTANT: [(Mark, u64); 2] = [(Mark::Marked, 10_000), (Mark::Often, 1_000)];
/// Customers of a pharmacy whose account was left empty there again and again, of those whose account paid a good sum.
const DRAINED: [(Mark, u64); 1] = [(Mark::Marked, 5_000)];
/// Patients who keep a beat, of those who come often to one place.
const BY_THE_CALENDAR: [(Mark, u64); 1] = [(Mark::Marked, 40_000)];

/// Dialysis patients with many sessions for which no consumable was billed.
const USED_UP_NOTHING: [(Mark, u64); 1] = [(Mark::Marked, 50_000)];

/// Patients who come to one outpatient place for long and often, and for a year and more often still, of those who come again and again.
const FOR_LONG_AND_OFTEN: [(Mark, u64); 2] = [(Mark::Marked, 100_000), (Mark::Often, 30_000)];

/// −ln p in hundredths that a channel must show.
pub(super) fn surprise_min(channel: &Channel) -> i64 {
    if channel.was_known() { KNOWN_SURPRISE_MIN } else { CHANNEL_SURPRISE_MIN }
}

/// The ties of a channel to people, sorted.
pub(crate) fn context_ties<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    match channel.kind {
        OccasionKind::Arrival | OccasionKind::CoStay => batches(id, channel, people),
        OccasionKind::Package => packages(id, channel, people),
        OccasionKind::ClonedBill => cloned_bills(id, channel, people),
        OccasionKind::Relay => relays(id, channel, people),
        OccasionKind::TraceRepeat => flows(id, channel, people),
        OccasionKind::Approval | OccasionKind::EmptiedDay => batches(id, channel, people),
        OccasionKind::InvoiceRun => invoice_runs(id, channel, people),
        OccasionKind::OnlineRun => online_runs(id, channel, people),
        OccasionKind::PrescriptionChannel => marked(id, channel, people, Rest::TellsMostly, 20_000, true),
        OccasionKind::AfterHours => marked(id, channel, people, Rest::Tells, 20_000, true),
        OccasionKind::AfterDeath | OccasionKind::EmployerBirth | OccasionKind::TwoHospitals => {
            marked(id, channel, people, Rest::Nothing, 10_000, true)
        }
        OccasionKind::CareRecord => parts(id, channel, people, 30_000),
        OccasionKind::WardTurn => ward_turns(id, channel, people),
        OccasionKind::SurplusSession => surplus(id, channel, people),
        OccasionKind::DistantAccount => beside(id, channel, people, &DISTANT),
        OccasionKind::FreeStay => free_of_charge(id, channel, people),
        OccasionKind::Drained => beside(id, channel, people, &DRAINED),
        OccasionKind::TillRun => lines(id, channel, people),
        OccasionKind::Along => along(id, channel, people),
        OccasionKind::SessionGoods => beside(id, channel, people, &USED_UP_NOTHING),
        OccasionKind::Frequent => beside(id, channel, people, &FOR_LONG_AND_OFTEN),
        OccasionKind::StrictBeat => beside(id, channel, people, &BY_THE_CALENDAR),
        OccasionKind::UnsuppliedSale => unsupplied(id, channel, people),
        OccasionKind::SoldTwice => sold_twice(id, channel, people),
        OccasionKind::TwoSeats => at_once(id, channel, people),
        OccasionKind::LeftSeat => after_leaving(id, channel, people),
        OccasionKind::TwoHomes => in_two_homes(id, channel, people),
        OccasionKind::OftenBack => regulars(id, channel, people),
        OccasionKind::SamePlaces => rounds(id, channel, people),
        OccasionKind::Circuit => passed_around(id, channel, people),
        _ => Vec::new(),
    }
}

/// Days on which more people came than chance sends, given the weekday's rate, or a batch that had come before.
fn batches<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let days = channel.days();
    let weekdays = channel.weekdays();
    // The rate of the other days of that weekday: a batch must not excuse itself.
    let rate = |day: i32, size: u32| {
        let entries = weekdays[weekday(day)];
        u64::from(coarse(entries.saturating_sub(size))) * 7_000_000 / days.unsigned_abs().max(7)
    };
    // A year of days has few sizes: each is worked out once per weekday.
    let mut known = [[None; FEW]; 7];
    let mut tail = |day: i32, size: u32| {
        let entry = known[weekday(day)].get_mut(usize::try_from(size).unwrap_or(FEW));
        entry.map_or_else(
            || tail(size, rate(day, size)),
            |held| *held.get_or_insert_with(|| tail(size, rate(day, size))),
        )
    };
    let together = matches!(channel.kind, OccasionKind::Arrival | OccasionKind::CoStay);
    let again = if together { returns(channel, &people) } else { BTreeMap::new() };
    let shared = channel.groups.iter().filter(|(_, size)| *size >= 2);
    let tails = shared.map(|(day, size)| (*day, tail(*day, *size) + again.get(day).copied().unwrap_or(0)));
    let surprising = select(tails.filter(|(_, tail)| *tail > 0).collect(), days);
    if surprising.iter().map(|(_, surprise)| surprise).sum::<i64>() < surprise_min(channel) {
        return Vec::new();
    }
    let groups = surprising.into_iter().map(|(day, surprise)| {
        let members = distinct(people(day));
        let size = u32::try_from(members.len()).unwrap_or(u32::MAX);
        let lift = ratio_ln(u64::from(size) * 1_000_000, rate(day, size).max(20_000));
        (Day(day), surprise, lift, members)
    });
    gathered(id, channel, groups)
}

/// People who came back to their beds on days on which more did than chance sends; or, where a hospital has few others, with the same
/// others each time.
fn ward_turns<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let ties = batches(id, channel, &people);
    if ties.is_empty() { along(id, channel, people) } else { ties }
}

/// People who paid one and the same sum for different bills, more than chance would have it; or sums that several people paid each,
/// a price list, more of them than chance would have it.
fn packages<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let rate = usual_repeats(channel, PACKAGE_SUMS).max(100_000);
    let sums = i64::try_from(PACKAGE_SUMS).unwrap_or(1);
    let several = channel.groups.iter().filter(|(_, size)| u64::from(*size) >= LISTED_PEOPLE_MIN);
    let repeated = several.filter(|(sum, _)| {
        let group = people(*sum);
        let bills: HashSet<u32> = group.iter().map(|one| one.detail).collect();
        let varied = bills.len() * 2 > group.len() || bills.len() > 12;
        varied && count(&distinct(group)) >= LISTED_PEOPLE_MIN
    });
    // Stays, not people: to pay the same again for another bill is as unlikely as for two people to pay it.
    let repeated: Vec<(i32, u32)> = repeated.copied().collect();
    let listed = select(repeated.iter().map(|(sum, size)| (*sum, tail(*size, rate))).collect(), sums);
    let is_list = listed.iter().map(|(_, surprise)| surprise).sum::<i64>() >= surprise_min(channel);
    let unlikely = repeated.into_iter().filter_map(|(sum, size)| {
        let alone = batch(size, rate, sums);
        let alone = (size >= PACKAGE_STAYS_MIN && alone >= surprise_min(channel)).then_some(alone);
        let in_list = || listed.iter().find(|(one, _)| is_list && *one == sum).map(|(_, surprise)| *surprise);
        let surprise = alone.or_else(in_list)?;
        let members = distinct(people(sum));
        let lift = ratio_ln(count(&members) * 1_000_000, rate);
        Some((Day(sum), surprise, lift, members))
    });
    gathered(id, channel, unlikely)
}

/// How often one sum comes by chance, in millionths: the stays over the sums that are usual, or over those that were seen.
fn usual_repeats(channel: &Channel, sums: u64) -> u64 {
    u64::from(coarse(channel.entries())) * 1_000_000 / sums.max(u64::from(coarse(channel.seen())))
}

/// People whose bills are the same to the fen, more than chance would have it.
fn cloned_bills<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let rate = usual_repeats(channel, BILLS).max(20_000);
    let shared = channel.groups.iter().filter(|(_, size)| *size >= CLONES_MIN);
    let by_several = shared.filter(|(bill, _)| count(&distinct(people(*bill))) >= u64::from(CLONES_MIN));
    let tails = by_several.map(|(bill, size)| (*bill, tail(*size, rate))).filter(|(_, tail)| *tail > 0).collect();
    let surprising = select(tails, i64::from(channel.seen()));
    if surprising.iter().map(|(_, surprise)| surprise).sum::<i64>() < surprise_min(channel) {
        return Vec::new();
    }
    let groups = surprising.into_iter().map(|(bill, surprise)| {
        let members = distinct(people(bill));
        let lift = ratio_ln(count(&members) * 1_000_000, rate);
        (Day(bill), surprise, lift, members)
    });
    gathered(id, channel, groups)
}

/// People handed on more than once along one corridor.
fn relays<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let all: HashSet<Party> =
        channel.groups.iter().flat_map(|(day, _)| people(*day).iter().map(|one| one.person)).collect();
    if all.len() < 3 {
        return Vec::new();
    }
    let groups = channel.groups.iter().map(|(day, _)| (Day(*day), 300, 300, distinct(people(*day))));
    gathered(id, channel, groups)
}

/// People for whom one doctor prescribed over the internet within a minute of each other, on days when that was more often
/// than patients who come on their own would have it.
fn online_runs<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut days: Vec<(Day, Vec<Party>)> = Vec::new();
    let (mut quick, mut expected_micro) = (0_u32, 0_u64);
    for (day, size) in &channel.groups {
        let group = people(*day);
        let close = group
            .windows(2)
            .filter(|pair| pair[1].detail - pair[0].detail <= RUN_SECONDS && pair[0].person != pair[1].person);
        let mut members: Vec<Party> = Vec::new();
        for pair in close {
            quick += 1;
            members.extend([pair[0].person, pair[1].person]);
        }
        members.sort_unstable();
        members.dedup();
        expected_micro += u64::from(*size) * u64::from(*size) * u64::from(RUN_SECONDS) * 1_000_000 / OPEN_SECONDS;
        if !members.is_empty() {
            days.push((Day(*day), members));
        }
    }
    let surprise = tail(quick, expected_micro);
    if surprise < surprise_min(channel) {
        return Vec::new();
    }
    let each = surprise / i64::try_from(days.len()).unwrap_or(1).max(1);
    gathered(id, channel, days.into_iter().map(|(day, members)| (day, each, 200, members)))
}

/// People whose boxes were sold again at one place.
fn flows<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    if channel.entries() < 4 {
        return Vec::new();
    }
    let groups = channel.groups.iter().map(|(day, _)| (Day(*day), 500, 500, distinct(people(*day))));
    gathered(id, channel, groups)
}

/// Dialysis patients of one place, when far more of them than usual were billed beyond their schedule, or often so (groups 1 and 2): with
/// those who were not (group 0), because all may have been brought there together.
fn surplus<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let size = |wanted: i32| channel.groups.iter().find(|(group, _)| *group == wanted).map_or(0, |(_, size)| *size);
    let (within, often) = (size(0), size(2));
    let beyond = size(1) + often;
    let most = i64::from(beyond) * SURPLUS.0 - i64::from(within) * SURPLUS.1;
    let surprise = most.max(share(u64::from(often), u64::from(beyond + within), OFTEN_MILLI));
    if beyond < SURPLUS_PEOPLE_MIN || surprise < surprise_min(channel) {
        return Vec::new();
    }
    let weight = |group: i32| if group == 0 { 1 } else { SURPLUS.0 };
    let groups = channel.groups.iter();
    gathered(id, channel, groups.map(|(group, _)| (Day(*group), surprise, weight(*group), distinct(people(*group)))))
}

/// The ties of a channel whose groups these are: day or sum, surprise, lift, members.
pub(super) fn gathered(
    id: Party,
    channel: &Channel,
    groups: impl Iterator<Item = (Day, i64, i64, Vec<Party>)>,
) -> Vec<Tie> {
    let occasions = groups.map(|(day, surprise, lift, members)| {
        let occasion = Occasion {
            day,
            place: channel.place,
            kind: channel.kind,
            size: u32::try_from(members.len()).unwrap_or(u32::MAX),
            surprise: u32::try_from(surprise).unwrap_or(0),
        };
        (occasion, u32::try_from(lift.max(1)).unwrap_or(1), members)
    });
    assemble(id, occasions)
}

/// One tie to each person, with all the occasions; the lifts of a person's occasions add up.
pub(crate) fn assemble(id: Party, occasions: impl Iterator<Item = (Occasion, u32, Vec<Party>)>) -> Vec<Tie> {
    let mut ties: BTreeMap<Party, Tie> = BTreeMap::new();
    for (occasion, lift, members) in occasions {
        for person in members {
            let tie = ties.entry(person).or_insert_with(|| Tie {
                a: person.min(id),
                b: person.max(id),
                weight: 0,
                occasions: smallvec![],
            });
            tie.weight += lift;
            tie.occasions.push(occasion);
        }
    }
    let mut ties: Vec<Tie> = ties.into_values().collect();
    ties.iter_mut().for_each(|tie| tie.occasions.sort_unstable());
    ties.sort_unstable();
    ties
}

pub(super) fn distinct(group: &Group) -> Vec<Party> {
    let mut members: Vec<Party> = group.iter().map(|one| one.person).collect();
    members.sort_unstable();
    members.dedup();
    members
}

pub(super) fn distinct_where(group: &Group, is: impl Fn(&Participant) -> bool) -> Vec<Party> {
    let mut members: Vec<Party> = group.iter().filter(|one| is(one)).map(|one| one.person).collect();
    members.sort_unstable();
    members.dedup();
    members
}

pub(super) fn count(members: &[Party]) -> u64 {
    u64::try_from(members.len()).unwrap_or(u64::MAX)
}
