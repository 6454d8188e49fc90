//! How were some people handed on from hospital to hospital: in a circle, on record?

use super::bench::{Bench, Cited};
use super::odds::percent;
use crate::model::{Leg, Party, circuits, is_referred};
use std::collections::{BTreeMap, BTreeSet};

/// One hand-over.
pub(crate) type Hop<'a> = (&'a Cited, &'a Cited);

/// Bills that differ by no more than this, in percent, are the same care.
const SAME_CARE_PERCENT: i64 = 60;

/// A city's other hand-overs from which on their share on record is what is usual there.
const OTHERS_MIN: usize = 20;
/// Percent of referrals that are on record where fewer others are known and any is at all.
const ON_RECORD: i32 = 66;

/// What the records say about some hand-overs.
pub(crate) struct Records {
    /// How many there are whose visits are known.
    pub(crate) known: usize,
    /// How many of them are not on record.
    pub(crate) silent: usize,
    /// How many percent of other hand-overs in the same cities are on record: near 0 where transfers are not kept.
    pub(crate) usual: i32,
    /// Whether that was seen, and not only assumed, in all of the cities.
    pub(crate) is_seen: bool,
}

impl Records {
    /// Of these hand-overs.
    pub(crate) fn of(bench: &Bench, hops: &[Hop]) -> Records {
        let mut cities: BTreeMap<Party, [usize; 2]> = BTreeMap::new();
        for (from, to) in hops {
            let referred = bench.file(from.0.person).and_then(|file| is_referred(&file.visits, &from.0, &to.0));
            if let Some(is_referred) = referred {
                let own = cities.entry(Party::city(to.0.area)).or_default();
                own[0] += 1;
                own[1] += usize::from(is_referred);
            }
        }
        let mut records = Records { known: 0, silent: 0, usual: 0, is_seen: true };
        let mut sum = 0;
        for (city, [known, referred]) in cities {
            let all = bench.place(city).map_or([0; 2], |usual| usual.stay.transfers);
            let [all, all_referred] = all.map(|count| usize::try_from(count).unwrap_or(0));
            let (others, others_referred) = (all.saturating_sub(known), all_referred.saturating_sub(referred));
            let is_seen = others >= OTHERS_MIN;
            let usual = if is_seen {
                percent(others_referred.min(others), others)
            } else if all_referred + referred > 0 {
                ON_RECORD
            } else {
                0
            };
            sum += usual * i32::try_from(known).unwrap_or(i32::MAX);
            records.known += known;
            records.silent += known - referred;
            records.is_seen &= is_seen;
        }
        records.usual = sum / i32::try_from(records.known.max(1)).unwrap_or(i32::MAX);
        records
    }
}

/// The ways of some hand-overs that lead in a circle, but for people who were themselves sent back: up to the city hospital and down
/// again is what an alliance is for.
pub(crate) fn circle(hops: &[Hop]) -> Vec<Leg<Party>> {
    let gone: BTreeSet<(Party, Party, Party)> =
        hops.iter().map(|(from, to)| (from.0.person, from.0.place, to.0.place)).collect();
    let mut flows: BTreeMap<(Party, Party), u64> = BTreeMap::new();
    for (from, to) in hops.iter().filter(|(from, to)| !gone.contains(&(from.0.person, to.0.place, from.0.place))) {
        *flows.entry((from.0.place, to.0.place)).or_default() += 1;
    }
    circuits(&flows, 2).into_iter().flatten().collect()
}

/// The percentage of some hand-overs that lead in a circle at one and the same price: an honest alliance sends patients to where care
/// costs more.
pub(crate) fn idle(hops: &[Hop]) -> i32 {
    let circle = circle(hops);
    let idle = hops.iter().filter(|(from, to)| {
        let (low, high) = (from.0.total_fen.min(to.0.total_fen), from.0.total_fen.max(to.0.total_fen));
        let leg = (from.0.place, to.0.place);
        high * 100 <= low * (100 + SAME_CARE_PERCENT) && circle.iter().any(|one| (one.from, one.to) == leg)
    });
    percent(idle.count(), hops.len())
}
