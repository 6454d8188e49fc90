//! Whose bills, handed in on paper, bear neighbouring numbers, though bills of their hospital come from everywhere?
//!
//! A forger has a pad of forms: the bills of different people are a few numbers apart, and those of nobody else lie between them. Where a
//! small hospital counts slowly, or an agency numbers all that is handed in, neighbours are everybody's: then bills that were settled at
//! the window bear numbers of the same booklet, or most of the city's paper bills lie beside those of other hospitals, and it says
//! nothing. A pad that serves for a few hospitals is a pad.
//!
//! A channel is the city of the insured, a group a booklet of 128 numbers, with the paper bills of the city's insured and those settled at windows of
//! other cities.
//!
//! Cost: the numbered paper bills of a city and its bills of other cities.

use super::channels::{Channel, Group};
use super::contexts::{gathered, surprise_min};
use super::entries::Entry;
use super::surprise::{SPAN_DAYS_MIN, coarse, select, tail};
use crate::model::{
    Day, OccasionKind, Party, PartyKind, PersonFile, RegionDistance, Regions, Settlement, Tie, place_number,
};
use std::collections::{BTreeMap, BTreeSet};

/// A booklet is no pad when there is one bill from the window for so many paper bills.
const WINDOW_ONE_IN: usize = 5;
/// An agency's own numbers run through the bills of so many hospitals at least.
const AGENCY_HOSPITALS_MIN: usize = 5;

/// How a bill was settled: at the window of the hospital, or on paper.
const AT_THE_WINDOW: u32 = 0;
const ON_PAPER: u32 = 1;

/// Numbered paper bills, and what was settled at windows of other cities, by booklet.
pub(super) fn booklets(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| fact.invoice != 0) {
        let on_paper = fact.settled_by == Settlement::BY_HAND;
        if on_paper || regions.distance(fact.home, fact.area) >= RegionDistance::SameProvince {
            let city = u64::from(fact.home / 100);
            entries.push(Entry {
                channel: Party::context(PartyKind::Circumstance, &[OccasionKind::InvoiceRun as u64, city]),
                kind: OccasionKind::InvoiceRun,
                place: Party::NONE,
                group: i32::try_from(fact.invoice >> Settlement::BOOKLET_BITS & 0x7fff_ffff).unwrap_or(0),
                person: file.person,
                visits: place_number(fact.place).cast_unsigned(),
                detail: if on_paper { ON_PAPER } else { AT_THE_WINDOW },
            });
        }
    }
}

/// The bills of one hospital: its booklets with people whose bills were handed in on paper, and those of what was settled at the window.
#[derive(Default)]
struct Hospital {
    on_paper: BTreeMap<i32, Vec<Party>>,
    at_the_window: BTreeMap<i32, usize>,
}

/// People whose paper bills of one hospital lie in one booklet.
pub(super) fn invoice_runs<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut hospitals: BTreeMap<u32, Hospital> = BTreeMap::new();
    for (booklet, _) in &channel.groups {
        for one in people(*booklet) {
            let held = hospitals.entry(one.visits).or_default();
            if one.detail == ON_PAPER {
                held.on_paper.entry(*booklet).or_default().push(one.person);
            } else {
                *held.at_the_window.entry(*booklet).or_default() += 1;
            }
        }
    }
    // What an earlier run took for pads are pads, where their bills are all there is.
    if !channel.was_known() && numbered_by_an_agency(&hospitals) {
        return Vec::new();
    }
    let mut ties = Vec::new();
    for (place, hospital) in hospitals {
        let at_hospital = Party::context(PartyKind::Circumstance, &[id.0, u64::from(place)]);
        let unusual = hospital.unusual(surprise_min(channel)).into_iter();
        let groups = unusual.map(|(booklet, surprise, members)| (Day(booklet), surprise, surprise / 2, members));
        ties.extend(gathered(at_hospital, channel, groups));
    }
    ties.sort_unstable();
    ties
}

/// Whether most of the paper bills lie in booklets with those of other hospitals, of many.
fn numbered_by_an_agency(hospitals: &BTreeMap<u32, Hospital>) -> bool {
    let mut booklets: BTreeMap<i32, (usize, BTreeSet<u32>)> = BTreeMap::new();
    for (place, hospital) in hospitals {
        for (booklet, bills) in &hospital.on_paper {
            let held = booklets.entry(*booklet).or_default();
            held.0 += bills.len();
            held.1.insert(*place);
        }
    }
    let all: usize = booklets.values().map(|(bills, _)| bills).sum();
    let shared = || booklets.values().filter(|(_, places)| places.len() > 1);
    let places: BTreeSet<&u32> = shared().flat_map(|(_, places)| places).collect();
    places.len() >= AGENCY_HOSPITALS_MIN && shared().map(|(bills, _)| bills).sum::<usize>() * 2 > all
}

impl Hospital {
    /// Its booklets with more paper bills of different people than numbers from everywhere would have, and their surprise.
    fn unusual(&self, least: i64) -> Vec<(i32, i64, Vec<Party>)> {
        let all: usize = self.on_paper.values().map(Vec::len).sum();
        let span = self.on_paper.keys().next().zip(self.on_paper.keys().next_back());
        let span = span.map_or(0, |(first, last)| i64::from(*last) - i64::from(*first) + 1).max(SPAN_DAYS_MIN);
        let several = self.on_paper.iter().filter(|(booklet, bills)| {
            let distinct: BTreeSet<&Party> = bills.iter().collect();
            distinct.len() >= 2 && self.is_a_pad(**booklet)
        });
        let tails = several.map(|(booklet, bills)| {
            let others = coarse(u32::try_from(all - bills.len()).unwrap_or(u32::MAX));
            let rate = u64::from(others) * 1_000_000 / span.unsigned_abs();
            (*booklet, tail(u32::try_from(bills.len()).unwrap_or(u32::MAX), rate))
        });
        let surprising = select(tails.filter(|(_, tail)| *tail > 0).collect(), SPAN_DAYS_MIN);
        if surprising.iter().map(|(_, surprise)| surprise).sum::<i64>() < least {
            return Vec::new();
        }
        let members = |booklet: &i32| self.on_paper[booklet].iter().copied().collect::<BTreeSet<_>>().into_iter();
        surprising.into_iter().map(|(booklet, surprise)| (booklet, surprise, members(&booklet).collect())).collect()
    }

    /// Whether a booklet looks like a forger's pad: hardly anything that was settled at the window bears its numbers or the next.
    fn is_a_pad(&self, booklet: i32) -> bool {
        let around = booklet.saturating_sub(1)..=booklet.saturating_add(1);
        let at_the_window: usize = self.at_the_window.range(around.clone()).map(|(_, bills)| bills).sum();
        let on_paper: usize = self.on_paper.range(around).map(|(_, bills)| bills.len()).sum();
        at_the_window * WINDOW_ONE_IN < on_paper
    }
}

#[cfg(test)]
mod tests {
    use super::super::channels::channel_of;
    use super::*;

    /// Who is tied among bills: person, hospital, number, on paper.
    fn tied(bills: impl Iterator<Item = (u64, u32, i32, bool)>) -> usize {
        let city = Party::context(PartyKind::Circumstance, &[1]);
        let entry = |(person, place, number, on_paper): (u64, u32, i32, bool)| Entry {
            channel: city,
            kind: OccasionKind::InvoiceRun,
            place: Party::NONE,
            group: number >> Settlement::BOOKLET_BITS,
            person: Party::context(PartyKind::Person, &[person]),
            visits: place,
            detail: u32::from(on_paper),
        };
        let (channel, groups) = channel_of(&bills.map(entry).collect::<Vec<_>>());
        invoice_runs(city, &channel, |booklet| &groups[&booklet]).len()
    }

    #[test]
    fn a_pad_is_told_from_slow_counters_and_an_agency_s_own_numbers() {
        let everywhere = || (100..130).map(|at: i32| (u64::from(at.unsigned_abs()), 7, at * 91_237, true));
        let pad = || (0..12).map(|at: i32| (u64::from(at.unsigned_abs()), 7, 5_000_000 + at * 3, true));
        assert_eq!(tied(everywhere()), 0);
        assert_eq!(tied(everywhere().chain(pad())), 12);
        let window = (0..12).map(|at: i32| (200 + u64::from(at.unsigned_abs()), 7, 5_000_001 + at * 3, false));
        assert_eq!(tied(pad().chain(window)), 0, "a hospital that counts slowly");
        let others = (0..36)
            .map(|at: i32| (300 + u64::from(at.unsigned_abs()), 8 + at.unsigned_abs() % 9, 5_000_002 + at, true));
        assert_eq!(tied(pad().chain(others)), 0, "an agency that numbers what is handed in");
    }
}
