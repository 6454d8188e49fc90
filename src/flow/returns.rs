//! Whose batch came back as it was? Four people who are admitted on one day may be chance; that the same four are admitted on one day
//! again is none, however busy the place.
//!
//! Of two days of a channel with `E` entries, the later sees a person of the earlier one who comes `m` times with a chance of
//! `(m − 1½) n / E`, for the `n` people of the later day (the two visits that are looked at excuse nothing; half a visit is
//! everybody's). The sum over the people of the earlier day is what chance expects to come back; Chernoff's bound of the
//! Poisson tail, less `ln` of the days that could have been the earlier one, is the surprise of the later day.
//!
//! Cost: the people of days with [`RETURN_MIN`] and more, each with their days there. A channel with more than
//! [`RETURN_DAYS_MAX`] such days is busy, and is not looked at: its narrower ones (a doctor, a length of stay) are.

use super::channels::{Channel, Group};
use super::surprise::{ln_hundredths, tail};
use crate::model::Party;
use std::collections::BTreeMap;

/// People who come back together: a household has three.
const RETURN_MIN: u32 = 4;
/// Days with that many people.
const RETURN_DAYS_MAX: usize = 128;

/// The people of one day with how often they come.
type Arrived = BTreeMap<Party, u32>;

/// The surprise of each day that sees an earlier batch again, by day.
pub(super) fn returns<'g>(channel: &Channel, people: impl Fn(i32) -> &'g Group) -> BTreeMap<i32, i64> {
    let large = channel.groups.iter().filter(|(_, size)| *size >= RETURN_MIN);
    if !(2..=RETURN_DAYS_MAX).contains(&large.clone().count()) {
        return BTreeMap::new();
    }
    let arrived = |day: i32| -> Arrived { people(day).iter().map(|one| (one.person, one.visits)).collect() };
    let days: Vec<(i32, Arrived)> = large.map(|(day, _)| (*day, arrived(*day))).collect();
    let mut came: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    let choice = ln_hundredths(u64::try_from(days.len() - 1).unwrap_or(1));
    let mut found = BTreeMap::new();
    for (at, (day, here)) in days.iter().enumerate() {
        let mut back: BTreeMap<usize, u32> = BTreeMap::new();
        for person in here.keys() {
            let before = came.entry(*person).or_default();
            before.iter().for_each(|earlier| *back.entry(*earlier).or_default() += 1);
            before.push(at);
        }
        let together = back.into_iter().filter(|(_, back)| *back >= RETURN_MIN);
        let surprises = together.map(|(earlier, back)| tail(back, expected(channel, &days[earlier].1, here)) - choice);
        if let Some(surprise) = surprises.max().filter(|surprise| *surprise > 0) {
            found.insert(*day, surprise);
        }
    }
    found
}

/// How many of a day's people chance sends on a later day as well, in millionths.
fn expected(channel: &Channel, earlier: &Arrived, later: &Arrived) -> u64 {
    let halves: u64 = earlier.values().map(|visits| u64::from((2 * visits).saturating_sub(3).max(1))).sum();
    halves * later.len() as u64 * 500_000 / u64::from(channel.entries().max(1))
}

#[cfg(test)]
mod tests {
    use super::super::channels::channel_of;
    use super::super::entries::Entry;
    use super::*;
    use crate::model::{OccasionKind, PartyKind};

    /// A hospital with one patient a day, and batches on some days.
    fn surprises(batches: &[(i32, std::ops::Range<u64>)]) -> BTreeMap<i32, i64> {
        let entry = |day: i32, person: u64, visits: u32| Entry {
            channel: Party::context(PartyKind::Arrival, &[1]),
            kind: OccasionKind::CoStay,
            place: Party::of(PartyKind::Institution, "H1"),
            group: day,
            person: Party::context(PartyKind::Person, &[person]),
            visits,
            detail: 0,
        };
        let mut entries: Vec<Entry> =
            (0..150).map(|day| entry(day, 1_000 + u64::from(day.unsigned_abs()), 1)).collect();
        entries.extend(batches.iter().flat_map(|(day, people)| people.clone().map(|person| entry(*day, person, 2))));
        let (channel, groups) = channel_of(&entries);
        returns(&channel, |day| &groups[&day])
    }

    #[test]
    fn a_batch_that_comes_back_is_a_surprise() {
        let found = surprises(&[(20, 0..5), (90, 0..5)]);
        assert_eq!(found.keys().copied().collect::<Vec<i32>>(), [90]);
        assert!(found[&90] > 800, "{found:?}");
        assert!(found[&90] > surprises(&[(20, 0..5), (90, 1..6)])[&90], "five of five against four of five");
    }

    #[test]
    fn other_people_and_households_are_none() {
        assert!(surprises(&[(20, 0..5), (90, 5..10)]).is_empty());
        assert!(surprises(&[(20, 0..3), (90, 0..3)]).is_empty(), "a household");
        assert!(surprises(&[(20, 0..5)]).is_empty());
    }
}
