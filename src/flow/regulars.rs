//! Where do most of the people who come from one home area come back again and again?
//!
//! Who is sent to a hospital one by one leaves no day and no bill in common with the others, but stays there far more often than
//! patients do. A channel is a hospital, a group the people of one home area who were admitted there once, twice, or more often.
//! What is usual is the share among the people of the other areas, and never less than a stated base rate.
//!
//! Cost: the sizes of the hospital's groups; the people only of unusual ones.

use super::channels::{Channel, Group};
use super::contexts::{CHANNEL_SURPRISE_MIN, distinct, gathered};
use super::entries::{Entry, admissions};
use super::surprise::{ln_hundredths, ratio_ln, share};
use crate::model::{Day, OccasionKind, Party, PartyKind, PersonFile, Regions, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// What counts as often: so many stays, and how many of a hospital's patients per mille come as often within two years.
const OFTEN: [(usize, u64); 2] = [(2, 250), (3, 100)];
/// The base rate weighs like so many people seen.
const BEFORE: u64 = 20;
/// Steps of a home area: once, twice, more often.
const STEPS: i32 = 3;

/// Hospitals that a person was admitted to, by home area and how often.
pub(super) fn often_back(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut at: BTreeMap<(Party, u32), BTreeSet<Day>> = BTreeMap::new();
    for (stay, _) in admissions(file) {
        at.entry((stay.place, stay.home)).or_default().insert(stay.begin);
    }
    for ((place, home), days) in at {
        let step = i32::try_from(days.len()).unwrap_or(STEPS).min(STEPS) - 1;
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &[place.0, OccasionKind::OftenBack as u64, 0]),
            kind: OccasionKind::OftenBack,
            place,
            group: home.cast_signed().wrapping_mul(STEPS) + step,
            person: file.person,
            visits: 1,
            detail: 0,
        });
    }
}

/// People of home areas of whom far more come back to a hospital than usual.
pub(super) fn regulars<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut areas: BTreeMap<i32, [u64; 3]> = BTreeMap::new();
    for (group, size) in &channel.groups {
        let step = usize::try_from(group.rem_euclid(STEPS)).unwrap_or(0);
        areas.entry(group.div_euclid(STEPS)).or_default()[step] += u64::from(*size);
    }
    let at_least = |sizes: &[u64; 3], stays: usize| sizes[stays - 1..].iter().sum::<u64>();
    let all = areas.values().fold([0; 3], |sum: [u64; 3], sizes| [0, 1, 2].map(|step| sum[step] + sizes[step]));
    let choice = ln_hundredths(u64::try_from(areas.len()).unwrap_or(u64::MAX));
    let unusual = areas.iter().filter_map(|(area, sizes)| {
        let best = OFTEN.iter().map(|(stays, base)| {
            let (back, came) = (at_least(sizes, *stays), at_least(sizes, 1));
            let (others_back, others) = (at_least(&all, *stays) - back, at_least(&all, 1) - came);
            let usual = ((others_back * 1_000 + base * BEFORE) / (others + BEFORE)).max(*base);
            let surprise = share(back, came, usual) - choice;
            (surprise, ratio_ln(back * 1_000, came * usual), *stays)
        });
        let (surprise, lift, stays) = best.max()?;
        (surprise >= CHANNEL_SURPRISE_MIN).then(|| {
            let often = usize::try_from(STEPS).unwrap_or(3);
            let groups = (stays..=often).map(|stays| area * STEPS + i32::try_from(stays).unwrap_or(STEPS) - 1);
            let mut members: Vec<Party> = groups
                .filter(|group| channel.groups.binary_search_by_key(group, |(known, _)| *known).is_ok())
                .flat_map(|group| distinct(people(group)))
                .collect();
            members.sort_unstable();
            (Day(*area), surprise, lift, members)
        })
    });
    gathered(id, channel, unusual)
}
