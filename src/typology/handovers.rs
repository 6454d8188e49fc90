//! How were some people handed on from hospital to hospital, and does that go in a circle, for nothing?

use super::bench::{Bench, Cited};
use super::odds::percent;
use crate::model::{Explains, Leg, Party, circuits, explains, is_handed_on};
use std::collections::BTreeMap;

/// One hand-over.
pub(crate) type Hop<'a> = (&'a Cited, &'a Cited);

/// Bills that differ by no more than this, in percent, are the same care.
const SAME_CARE_PERCENT: i64 = 60;

/// A person's hand-overs.
pub(crate) fn hand_overs<'a>(bench: &Bench<'a>, person: Party) -> Vec<Hop<'a>> {
    let stays: Vec<&Cited> = bench.stays(person).collect();
    let handed_on = stays.windows(2).filter(|pair| is_handed_on(&pair[0].0, &pair[1].0));
    handed_on.map(|pair| (pair[0], pair[1])).collect()
}

/// The ways of some hand-overs that lead in a circle.
pub(crate) fn circle(hops: &[Hop]) -> Vec<Leg<Party>> {
    let mut flows: BTreeMap<(Party, Party), u64> = BTreeMap::new();
    hops.iter().for_each(|(from, to)| *flows.entry((from.0.place, to.0.place)).or_default() += 1);
    circuits(&flows, 2).into_iter().flatten().collect()
}

/// The percentage of some hand-overs that lead in a circle for light illness at one and the same price: an honest alliance sends the
/// severely ill to where care costs more.
pub(crate) fn idle(hops: &[Hop]) -> i32 {
    let light: Vec<Hop> = hops.iter().copied().filter(|hop| is_light(hop)).collect();
    let circle = circle(&light);
    let idle = light.iter().filter(|(from, to)| {
        let (low, high) = (from.0.total_fen.min(to.0.total_fen), from.0.total_fen.max(to.0.total_fen));
        let leg = (from.0.place, to.0.place);
        high * 100 <= low * (100 + SAME_CARE_PERCENT) && circle.iter().any(|one| (one.from, one.to) == leg)
    });
    percent(idle.count(), hops.len())
}

fn is_light((from, to): &Hop) -> bool {
    let light = |category: u32| {
        matches!(explains(category), Explains::AtWill | Explains::Other | Explains::Infection | Explains::Unknown)
    };
    light(from.0.diagnosis) && light(to.0.diagnosis)
}
