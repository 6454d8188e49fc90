//! How were some people handed on from hospital to hospital, and does that go in a circle?

use super::bench::Cited;
use super::odds::percent;
use crate::model::{Leg, Party, circuits};
use std::collections::{BTreeMap, BTreeSet};

/// One hand-over.
pub(crate) type Hop<'a> = (&'a Cited, &'a Cited);

/// Bills that differ by no more than this, in percent, are the same care.
const SAME_CARE_PERCENT: i64 = 60;

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
