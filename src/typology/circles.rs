//! Who is drawn together by one kind of trace, whoever else the piece holds? People tied to the same contexts, and people behind
//! the same identifier who left the trace too.

use super::bench::Bench;
use super::odds::percent;
use crate::model::{Day, Occasion, OccasionKind, Party, PartyKind, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// People behind one identifier who left the trace.
const BEHIND_MIN: usize = 3;
/// Percent of the people behind the identifier who must have.
const BEHIND_PERCENT: i32 = 25;
/// People in both of two groups that are one circle.
const SHARED_MIN: usize = 2;
/// And one in so many of the smaller.
const SHARED_ONE_IN: usize = 5;

/// The circles of people for whom `fits` holds, largest first: those around one context or behind one identifier, joined where
/// a good part of one is in the other. One person in both does not join them.
pub(crate) fn circles(
    bench: &Bench,
    kinds: &'static [OccasionKind],
    fits: impl Fn(Party) -> bool,
) -> Vec<BTreeSet<Party>> {
    let fitting: BTreeSet<Party> =
        bench.dossier.persons.iter().map(|file| file.person).filter(|person| fits(*person)).collect();
    if fitting.is_empty() {
        return Vec::new();
    }
    let mut around: BTreeMap<(Party, Option<Day>), BTreeSet<Party>> = BTreeMap::new();
    for ((context, one), people) in occasions(bench, kinds, &fitting) {
        // Counters and booklets of bills of one hospital, clerks and patients of one city: the channel is shared, the group is not.
        let apart = matches!(
            one.kind,
            OccasionKind::PrescriptionChannel
                | OccasionKind::InvoiceRun
                | OccasionKind::AfterHours
                | OccasionKind::TwoHospitals
                | OccasionKind::DistantAccount
                | OccasionKind::Drained
                | OccasionKind::StrictBeat
                | OccasionKind::Frequent
                | OccasionKind::UnsuppliedSale
                | OccasionKind::SoldTwice
                | OccasionKind::SamePlaces
                | OccasionKind::CareRecord
        );
        around.entry((context, apart.then_some(one.day))).or_default().extend(people);
    }
    for hub in bench.hubs.values() {
        let inside: BTreeSet<Party> = hub.holders.keys().filter(|person| fitting.contains(person)).copied().collect();
        if inside.len() >= BEHIND_MIN && percent(inside.len(), hub.holders.len()) >= BEHIND_PERCENT {
            around.insert((hub.party, None), inside);
        }
    }
    joined(around.into_values().collect())
}

/// Groups of people, those of which a good part is in another as one with it: the largest first.
pub(crate) fn joined(groups: Vec<BTreeSet<Party>>) -> Vec<BTreeSet<Party>> {
    joined_by(groups, SHARED_ONE_IN)
}

/// The same, where one in so many of the smaller group must be in both.
pub(crate) fn joined_by(mut groups: Vec<BTreeSet<Party>>, one_in: usize) -> Vec<BTreeSet<Party>> {
    groups.sort_by_key(|people| (std::cmp::Reverse(people.len()), people.first().copied()));
    let mut circles: Vec<BTreeSet<Party>> = Vec::new();
    for mut joined in groups {
        circles.retain(|known| {
            let both = known.intersection(&joined).count();
            let same = both >= SHARED_MIN && both * one_in >= known.len().min(joined.len());
            if same {
                joined.extend(known);
            }
            !same
        });
        circles.push(joined);
    }
    circles.sort_by_key(|people| (std::cmp::Reverse(people.len()), people.first().copied()));
    circles
}

/// The occasions of these kinds that tie some people to contexts, each once, with its people.
pub(crate) fn occasions(
    bench: &Bench,
    kinds: &'static [OccasionKind],
    people: &BTreeSet<Party>,
) -> BTreeMap<(Party, Occasion), BTreeSet<Party>> {
    let mut held: BTreeMap<(Party, Occasion), BTreeSet<Party>> = BTreeMap::new();
    for tie in bench.ties(kinds) {
        let (person, context) = ends(tie);
        if people.contains(&person) && context.kind() != PartyKind::Person {
            for one in tie.occasions.iter().filter(|one| kinds.contains(&one.kind)) {
                held.entry((context, *one)).or_default().insert(person);
            }
        }
    }
    held
}

/// What the occasions of these kinds add: a fifth of how unlikely they are, at most `most`.
pub(crate) fn unlikely(bench: &Bench, kinds: &'static [OccasionKind], people: &BTreeSet<Party>, most: i32) -> i32 {
    weight(&occasions(bench, kinds, people), most)
}

/// The same of occasions that are at hand.
pub(crate) fn weight(all: &BTreeMap<(Party, Occasion), BTreeSet<Party>>, most: i32) -> i32 {
    let sum: u64 = all.keys().map(|(_, one)| u64::from(one.surprise)).sum();
    i32::try_from(sum / 5).unwrap_or(i32::MAX).min(most)
}

/// Percent of the values within a fifth of their middle.
pub(crate) fn alike(mut values: Vec<i64>) -> i32 {
    let middle = super::odds::median(&mut values);
    let near = values.iter().filter(|value| (**value - middle).abs() * 5 <= middle).count();
    percent(near, values.len())
}

/// The person of a tie to a context or identifier, and the other end.
fn ends(tie: &Tie) -> (Party, Party) {
    if tie.a.kind() == PartyKind::Person { (tie.a, tie.b) } else { (tie.b, tie.a) }
}
