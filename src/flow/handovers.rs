//! Between which hospitals are people passed around, each perhaps a single time?
//!
//! Whoever was handed on twice is tied to others at once ([`super::entries`]). A single time tells nothing about the person, but the
//! hand-overs of a city tell about its hospitals: referrals lead to the higher care and the patient himself comes back, if anybody;
//! they are on record, and mostly for illness that is treated in stages. Where people are passed around, some go one way and others
//! the other, or in a circle. A channel is a city of homes, a group a way from one hospital to another with what is known about the
//! reason. Each hand-over of a circle adds its log-likelihood ratio, and everybody in an unlikely circle is tied to it.
//!
//! Cost: the ways of the city, squared for those of some traffic; the people only of unlikely circles.

use super::channels::{Channel, Group};
use super::contexts::{assemble, distinct};
use super::entries::{Entry, admissions};
use super::surprise::{ln_hundredths, ratio_ln, tail};
use crate::model::{
    Day, Explains, Leg, Occasion, OccasionKind, Party, PartyKind, PersonFile, Regions, Settlement, Tie, circuits,
    explains, hand_overs, hash_words, is_referred, place_number,
};
use std::collections::BTreeMap;

/// Ways gone fewer times make no circle.
const GONE_MIN: u64 = 3;
/// −ln p in hundredths of an unlikely circle: a city has no more than some dozens that could be one.
const CIRCLE_SURPRISE_MIN: i64 = 1_000;
/// People in a circle, at least.
const PEOPLE_MIN: usize = 5;
/// The lift of having been handed on in an unlikely circle.
const LIFT: u32 = 200;
/// What a hand-over adds, ln in hundredths, by the illness: grave, light, unknown. About half of all referrals are for grave illness.
/// Those who are passed around hardly ever claim one, or three times in ten: whichever of the two explains a circle better.
const ILLNESS: [[i64; 3]; 2] = [[-240, 70, 0], [-60, 44, 0]];
/// Referrals are on record so often, in thousandths, where nothing else is known.
const ON_RECORD_MILLI: u64 = 667;
/// Those who are passed around have a record about half as often, in thousandths of that.
const SELDOM_MILLI: u64 = 550;
/// Other hand-overs of the city from which on it is seen how many are on record.
const OTHERS_MIN: u64 = 20;
/// What a hand-over against the stream adds and one with it takes away: nine in ten referrals go with the stream.
const STREAM: (i64, i64) = (161, 59);
/// Numbers of reasons: sevens of illnesses, with the record in each.
const REASONS: u32 = 21;

/// The index of a hand-over's illness and record in [`ILLNESS`] and in what [`record`] answers.
type Reason = (usize, usize);

/// Ways from hospital to hospital that a person was handed on, by reason.
pub(super) fn ways(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let hops = hand_overs(admissions(file));
    // Up to the city hospital and down again is what an alliance is for.
    let retraced = |from: &Settlement, to: &Settlement| {
        hops.iter().any(|((before, _), (next, _))| before.place == to.place && next.place == from.place)
    };
    for ((before, _), (next, _)) in hops.iter().filter(|(before, next)| !retraced(&before.0, &next.0)) {
        let [from, to] = [before, next].map(|stay| place_number(stay.place).cast_unsigned());
        entries.push(Entry {
            channel: Party::context(
                PartyKind::Circumstance,
                &[u64::from(next.home / 100), OccasionKind::Circuit as u64],
            ),
            kind: OccasionKind::Circuit,
            place: Party::NONE,
            group: numbered([from, to], reason(file, before, next)),
            person: file.person,
            visits: to,
            detail: from,
        });
    }
}

fn reason(file: &PersonFile, from: &Settlement, to: &Settlement) -> Reason {
    let illness = match explains(if to.diagnosis == 0 { from.diagnosis } else { to.diagnosis }) {
        Explains::Unknown => 2,
        Explains::AtWill | Explains::Other | Explains::Infection => 1,
        _ => 0,
    };
    let record = match is_referred(&file.visits, from, to) {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    };
    (illness, record)
}

/// The number of a group: a way and the reason. Modulo seven it is the record, so that the channel's own counts tell how many are on
/// record, and travel with its baseline.
fn numbered(way: [u32; 2], (illness, record): Reason) -> i32 {
    let way = u32::try_from(hash_words(&way.map(u64::from)) >> 36).unwrap_or(0);
    (way % (i32::MAX.unsigned_abs() / REASONS) * REASONS + u32::try_from(illness * 7 + record).unwrap_or(0))
        .cast_signed()
}

fn reason_of(group: i32) -> Reason {
    let reason = usize::try_from(group.cast_unsigned() % REASONS).unwrap_or(0);
    (reason / 7, reason % 7)
}

/// The people of each circle that is unlikely among referrals, tied to a context of its own.
pub(super) fn passed_around<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut ways: BTreeMap<(u32, u32), Vec<(i32, u32)>> = BTreeMap::new();
    for (group, size) in &channel.groups {
        if let Some(one) = people(*group).first() {
            ways.entry((one.detail, one.visits)).or_default().push((*group, *size));
        }
    }
    let gone = |groups: &[(i32, u32)]| groups.iter().map(|(_, size)| u64::from(*size)).sum();
    let flows = ways.iter().map(|(way, groups)| (*way, gone(groups))).collect();
    let mut ties = Vec::new();
    for legs in circuits(&beyond_traffic(&flows), GONE_MIN) {
        let groups: Vec<(i32, u32)> = legs.iter().flat_map(|leg| ways[&(leg.from, leg.to)].iter().copied()).collect();
        let surprise = unlikely(&legs, &groups, record(channel, &groups));
        let mut all: Vec<Party> = groups.iter().flat_map(|(group, _)| distinct(people(*group))).collect();
        all.sort_unstable();
        all.dedup();
        if surprise < CIRCLE_SURPRISE_MIN || all.len() < PEOPLE_MIN {
            continue;
        }
        let first = legs.first().map_or((0, 0), |leg| (leg.from, leg.to));
        let circle = Party::context(PartyKind::Corridor, &[id.0, u64::from(first.0), u64::from(first.1)]);
        let each = surprise / i64::try_from(groups.len()).unwrap_or(1).max(1);
        let occasions = groups.iter().map(|(group, size)| {
            let occasion = Occasion {
                day: Day(*group),
                place: Party::NONE,
                kind: OccasionKind::Circuit,
                size: *size,
                surprise: u32::try_from(each).unwrap_or(0),
            };
            (occasion, LIFT, distinct(people(*group)))
        });
        ties.extend(assemble(circle, occasions));
    }
    ties.sort_unstable();
    ties
}

/// The ways that are gone more often than the traffic of their two ends accounts for, after paying for the ways looked at.
fn beyond_traffic(flows: &BTreeMap<(u32, u32), u64>) -> BTreeMap<(u32, u32), u64> {
    let (mut out, mut into): (BTreeMap<u32, u64>, BTreeMap<u32, u64>) = Default::default();
    for ((from, to), gone) in flows {
        *out.entry(*from).or_default() += gone;
        *into.entry(*to).or_default() += gone;
    }
    let all = flows.values().sum::<u64>().max(1);
    let choice = ln_hundredths(u64::try_from(flows.len()).unwrap_or(u64::MAX));
    let beyond = |((from, to), gone): &(&(u32, u32), &u64)| {
        // What a way itself brings to its ends must not excuse it.
        let rest = |ends: &BTreeMap<u32, u64>, end: &u32| ends[end] - **gone + 1;
        let usual_micro = rest(&out, from) * rest(&into, to) * 1_000_000 / all;
        tail(u32::try_from(**gone).unwrap_or(u32::MAX), usual_micro) > choice
    };
    flows.iter().filter(beyond).map(|(way, gone)| (*way, *gone)).collect()
}

/// How unlikely the hand-overs of a circle are among referrals, −ln in hundredths.
fn unlikely(legs: &[Leg<u32>], groups: &[(i32, u32)], by_record: [i64; 3]) -> i64 {
    let reasons = |of: [i64; 3]| {
        let each = groups.iter().map(|(group, size)| {
            let (illness, record) = reason_of(*group);
            i64::from(*size) * (of[illness] + by_record[record])
        });
        each.sum::<i64>()
    };
    let reasons = ILLNESS.map(reasons).into_iter().max().unwrap_or(0);
    let sum = |of: fn(&Leg<u32>) -> u64| i64::try_from(legs.iter().map(of).sum::<u64>()).unwrap_or(i64::MAX / 1_000);
    let (gone, against) = (sum(|leg| leg.gone), sum(|leg| leg.back) / 2);
    reasons + against * STREAM.0 - (gone - against) * STREAM.1
}

/// What a hand-over of a circle adds by its record, ln in hundredths: referred, not referred, unknown. Where none of the city's other
/// hand-overs is on record, transfers are not kept there, and that nobody was referred says nothing.
fn record(channel: &Channel, circle: &[(i32, u32)]) -> [i64; 3] {
    let own = |record: usize| -> u32 {
        circle.iter().filter(|(group, _)| reason_of(*group).1 == record).map(|(_, size)| size).sum()
    };
    let all = channel.weekdays();
    let [referred, silent] = [0, 1].map(|record| u64::from(all[record].saturating_sub(own(record))));
    let on_record = if referred + silent >= OTHERS_MIN {
        (referred * 1_000 / (referred + silent)).min(ON_RECORD_MILLI)
    } else if all[0] > 0 {
        ON_RECORD_MILLI
    } else {
        0
    };
    let silent = ratio_ln(1_000 - on_record * SELDOM_MILLI / 1_000, 1_000 - on_record);
    [-ratio_ln(1_000, SELDOM_MILLI), silent, 0]
}
