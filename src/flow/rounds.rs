//! Who goes to the same two hospitals as many others from home, each at a time of his own?
//!
//! Whoever is sent one by one to several hospitals leaves no day in common with the others; the hospitals are. A channel is a home
//! area, a group a hospital or a pair of hospitals with the people who were admitted there. How many would use both by chance follows
//! from how many use each and how many use two at all, the pair's own people left out; and it is never less than a stated share,
//! because a county hospital sends patients on. Pairs with the same people are one round, and count together: each further hospital
//! is as unlikely as the first.
//!
//! Cost: the sizes of the area's groups; the people only of unusual pairs.

use super::channels::{Channel, Group};
use super::contexts::{distinct, gathered, surprise_min};
use super::entries::{Entry, admissions};
use super::surprise::{ln_hundredths, ratio_ln, share, uneven};
use crate::model::{Day, OccasionKind, Party, PartyKind, PersonFile, Regions, Tie, pair_number, place_number};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who was at more hospitals than this is paired at those with the smallest numbers.
const PLACES_MAX: usize = 8;
/// People at both, at least.
const PEOPLE_MIN: u64 = 10;
/// Those at both are at least one in so many of those at either: of a great hospital's patients few are from any other.
const OF_EITHER: u64 = 4;
/// Neighbours and referrals: hospitals share so many times the patients that chance alone would have them share.
const KINDRED: u64 = 5;
/// At least so many of the smaller one's patients per mille are usual at the other.
const SENT_ON_MILLI: u64 = 100;
/// One in so many of a further pair's people must be of the round already.
const SAME_ONE_IN: usize = 4;

/// Hospitals, and pairs of hospitals, that a person was admitted to.
pub(super) fn same_places(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut at: BTreeMap<u32, BTreeSet<Party>> = BTreeMap::new();
    for (stay, _) in admissions(file) {
        at.entry(stay.home).or_default().insert(stay.place);
    }
    for (home, places) in at {
        let entry = |group, detail, visits| Entry {
            channel: Party::context(PartyKind::Circumstance, &[u64::from(home), OccasionKind::SamePlaces as u64]),
            kind: OccasionKind::SamePlaces,
            place: Party::NONE,
            group,
            person: file.person,
            visits,
            detail,
        };
        let places: Vec<Party> = places.into_iter().take(PLACES_MAX).collect();
        for (count, one) in places.iter().enumerate() {
            let number = place_number(*one);
            entries.push(entry(number, 0, 0));
            for other in &places[count + 1..] {
                let of = |place: Party| place_number(place).cast_unsigned();
                entries.push(entry(pair_number(*one, *other), of(*one), of(*other)));
            }
        }
    }
}

/// Two hospitals that more people of a home area use together than usual.
struct Pair {
    number: i32,
    places: [i32; 2],
    /// How unlikely it is, before paying for the hospitals looked at.
    surprise: i64,
    lift: i64,
    people: Vec<Party>,
}

/// Hospitals that the same people go round.
#[derive(Default)]
struct Round {
    places: BTreeSet<i32>,
    people: BTreeSet<Party>,
    pairs: Vec<Pair>,
    surprise: i64,
}

/// People of hospitals that far more use together than chance would have it.
pub(super) fn rounds<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let hospitals = channel.groups.iter().filter(|(group, _)| group & 1 == 0).count();
    let choice = ln_hundredths(u64::try_from(hospitals).unwrap_or(u64::MAX));
    let mut pairs = pairs(channel, choice, people);
    pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.surprise), pair.number));
    let mut rounds: Vec<Round> = Vec::new();
    for pair in pairs {
        match rounds.iter_mut().find(|round| round.holds(&pair)) {
            Some(round) => round.add(pair, choice),
            None => {
                let mut round = Round { surprise: -choice, ..Round::default() };
                round.add(pair, choice);
                rounds.push(round);
            }
        }
    }
    rounds.retain(|round| round.surprise >= surprise_min(channel));
    let unusual = rounds.into_iter().flat_map(|round| round.pairs);
    gathered(id, channel, unusual.map(|pair| (Day(pair.number), pair.surprise - choice, pair.lift, pair.people)))
}

impl Round {
    /// Whether a pair goes on from here: with one of the hospitals, and a good part of its people.
    fn holds(&self, pair: &Pair) -> bool {
        let known = pair.people.iter().filter(|person| self.people.contains(person)).count();
        pair.places.iter().any(|place| self.places.contains(place)) && known * SAME_ONE_IN >= pair.people.len()
    }

    /// A pair tells something new with each hospital that is new: that the same people are at the third follows from the others.
    fn add(&mut self, pair: Pair, choice: i64) {
        if pair.places.iter().any(|place| !self.places.contains(place)) {
            self.surprise += pair.surprise - choice;
        }
        self.places.extend(pair.places);
        self.people.extend(&pair.people);
        self.pairs.push(pair);
    }
}

/// Pairs of hospitals with more people in common than usual, beyond the choice of one hospital.
fn pairs<'g>(channel: &Channel, choice: i64, people: impl Fn(i32) -> &'g Group) -> Vec<Pair> {
    let (pairs, singles): (Vec<_>, Vec<_>) = channel.groups.iter().partition(|(group, _)| group & 1 == 1);
    let sum = |groups: &[(i32, u32)]| groups.iter().map(|(_, size)| u64::from(*size)).sum::<u64>();
    let (all, double) = (sum(&singles), sum(&pairs));
    let users = |number: i32| {
        singles.binary_search_by_key(&number, |(group, _)| *group).map_or(0, |at| u64::from(singles[at].1))
    };
    let unusual = pairs.into_iter().filter_map(|(number, size)| {
        let both = u64::from(size);
        let one = people(number).first().filter(|_| both >= PEOPLE_MIN)?;
        let places = [one.detail, one.visits].map(u32::cast_signed);
        let [first, second] = places.map(users);
        if both * OF_EITHER < (first + second).saturating_sub(both) {
            return None;
        }
        let (others, pairs) = (all.saturating_sub(double + both).max(1), double - both);
        let chance = first.saturating_sub(both) * second.saturating_sub(both) * pairs * 1_000_000 / (others * others);
        let smaller = first.min(second).max(both);
        let usual = (chance * KINDRED).max(smaller * SENT_ON_MILLI * 1_000);
        let surprise = share(both, smaller, uneven(usual) / (smaller * 1_000));
        let lift = ratio_ln(both * 1_000_000, usual);
        (surprise > choice).then(|| Pair { number, places, surprise, lift, people: distinct(people(number)) })
    });
    unusual.collect()
}
