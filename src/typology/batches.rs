//! Whose admissions came in batches, and which batches belong together?
//!
//! ```text
//! ties of days, rounds, prices ─► marked stays ─► channels (sort × place × home area) ─┐
//! shared phones, accounts, agents ───────────────────────────────► hubs ──────────────┴─► cohorts: merged by shared people
//! ```
//!
//! A channel and a hub, or two channels, are one cohort when a quarter of the smaller and at least three people are the same.
//! Cost: linear in the ties and in the stays of the people tied.

use super::bench::{Bench, Cited, Hub, busiest_place};
use super::crews::crews;
use super::price::is_token;
use crate::model::{OccasionKind, Party, PartyKind, RowRef, Settlement, pair_number, place_number};
use std::collections::{BTreeMap, BTreeSet};

/// People that two groups must share to be one.
const SHARED_PEOPLE_MIN: usize = 3;
/// What coming back often says about a person is said by so many stays together.
const OFTEN_BACK_STAYS: i32 = 3;
/// A telephone that so many give, or half of a hospital's patients and so many, and of whose stays fewer than one in so many came with
/// others, is the hospital's own.
const DESK_MIN: usize = 150;
const DESK_OF_ALL_MIN: usize = 10;
const DESK_BATCHED_ONE_IN: usize = 4;
/// People who came together, in a cohort of those who had nothing to pay, and one in so many of it: then they are its core.
const CORE_MIN: usize = 6;
const CORE_ONE_IN: usize = 6;
/// A hub without batches needs this many holders admitted to one place.
const HUB_PATIENTS_MIN: usize = 5;

/// A stay that came with others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked<'a> {
    /// The settlement.
    pub(crate) stay: &'a Cited,
    /// How much likelier with the batch than alone, log-odds in hundredths.
    pub(crate) lift: i32,
}

/// What holds stays of one place together. Those of one sort are not those of another because they were at the same place, but where
/// enough people are in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// They came on one day, or their bills are the same.
    Together,
    /// Each comes back, or goes the same round, at a time of his own.
    Around,
    /// They had nothing to pay, or one token.
    Free,
}

/// People whose stays came in batches that belong together, and what they share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cohort<'a> {
    /// Marked stays by person.
    pub(crate) people: BTreeMap<Party, Vec<Marked<'a>>>,
    /// Identifiers that hold it together.
    pub(crate) hubs: BTreeSet<Party>,
    /// Places of the batches.
    pub(crate) places: BTreeSet<Party>,
}

/// A channel or a hub before merging.
struct Atom<'a> {
    stays: Vec<Marked<'a>>,
    people: BTreeSet<Party>,
    hub: Option<Party>,
}

/// All cohorts of a piece, largest first.
#[must_use]
pub(crate) fn cohorts<'a>(bench: &Bench<'a>) -> Vec<Cohort<'a>> {
    let mut channels: BTreeMap<(How, Party, u32), Atom<'a>> = BTreeMap::new();
    let mut more_than_free = BTreeSet::new();
    for (how, marked) in marks(bench) {
        let fact = &marked.stay.0;
        if how != How::Free {
            more_than_free.insert(marked.stay.1);
        }
        let atom = channels.entry((how, fact.place, fact.home)).or_insert_with(Atom::new);
        atom.people.insert(fact.person);
        atom.stays.push(marked);
    }
    let mut atoms: Vec<Atom<'a>> = channels.into_values().collect();
    let hubs = bench.hubs.values().filter(|hub| !hub.proteges.is_empty() || hub.holders.len() > 7);
    let behind = hubs.filter(|hub| !desks(bench).contains(&hub.party)).filter_map(|hub| {
        let people: BTreeSet<Party> = hub.holders.keys().copied().collect();
        Some(Atom { stays: gathered(bench, &people)?, people, hub: Some(hub.party) })
    });
    let behind: Vec<Atom<'a>> = behind.collect();
    atoms.extend(behind);
    let united = merge(&atoms).into_iter().map(|group| unite(&atoms, &group));
    let mut cohorts: Vec<Cohort> = united.flat_map(|cohort| parts(bench, cohort)).collect();
    cohorts.iter_mut().for_each(|cohort| cohort.leave_passers_by(bench, &more_than_free));
    cohorts.retain(|cohort| !cohort.people.is_empty());
    cohorts.sort_by_key(|cohort| std::cmp::Reverse(cohort.people.len()));
    cohorts
}

/// Telephones that are a hospital's own: so many give them, or half of a hospital's patients, of whom few came back; and they came as its
/// other patients do, not in batches.
pub(crate) fn desks<'b>(bench: &'b Bench) -> &'b BTreeSet<Party> {
    bench.desks.get_or_init(|| {
        let is_phone = |hub: &&Hub| hub.party.kind() == PartyKind::Phone && hub.holders.len() >= DESK_OF_ALL_MIN;
        let wide = bench.hubs.values().filter(is_phone).filter_map(|hub| {
            let people: BTreeSet<Party> = hub.holders.keys().copied().collect();
            let stays = gathered(bench, &people)?;
            (people.len() >= DESK_MIN || is_half_of_all(bench, people.len(), &stays)).then_some((hub.party, stays))
        });
        let wide: Vec<(Party, Vec<Marked>)> = wide.collect();
        if wide.is_empty() {
            return BTreeSet::new();
        }
        let together = marks(bench).into_iter().filter(|(how, _)| *how == How::Together);
        let with_others: BTreeSet<RowRef> = together.map(|(_, marked)| marked.stay.1).collect();
        let alone = |stays: &[Marked]| {
            let batched = stays.iter().filter(|one| with_others.contains(&one.stay.1)).count();
            batched * DESK_BATCHED_ONE_IN < stays.len()
        };
        wide.into_iter().filter(|(_, stays)| alone(stays)).map(|(hub, _)| hub).collect()
    })
}

/// Whether half of all stays at a hospital are of an identifier's holders, most of whom came once.
fn is_half_of_all(bench: &Bench, holders: usize, stays: &[Marked]) -> bool {
    let here = busiest_place(stays.iter().map(|one| one.stay));
    here.is_some_and(|(place, here)| {
        let all =
            bench.place(place).map_or(usize::MAX, |baseline| usize::try_from(baseline.stays).unwrap_or(usize::MAX));
        here * 2 >= all && here * 2 < holders * 3
    })
}

impl Cohort<'_> {
    /// Where a good part came together or again and again, whoever came once, alone, and only had nothing to pay is one of the hospital's
    /// other patients.
    fn leave_passers_by(&mut self, bench: &Bench, more_than_free: &BTreeSet<RowRef>) {
        let is_core = |stays: &Vec<Marked>| stays.iter().any(|one| more_than_free.contains(&one.stay.1));
        let core = self.people.values().filter(|stays| is_core(stays)).count();
        if core < CORE_MIN || core * CORE_ONE_IN < self.people.len() {
            return;
        }
        let behind = |person: &Party| self.hubs.iter().any(|hub| bench.hubs[hub].holders.contains_key(person));
        let once = |person: &Party| {
            bench.stays(*person).filter(|(fact, _)| self.places.contains(&fact.place)).take(2).count() < 2
        };
        let strangers = self.people.iter().filter(|(person, stays)| !is_core(stays) && once(person) && !behind(person));
        let strangers: BTreeSet<Party> = strangers.map(|(person, _)| *person).collect();
        self.people.retain(|person, _| !strangers.contains(person));
    }
}

impl Atom<'_> {
    fn new() -> Self {
        Atom { stays: Vec::new(), people: BTreeSet::new(), hub: None }
    }
}

/// Stays that a tie shows to be no chance, each with its best lift of a sort.
fn marks<'a>(bench: &Bench<'a>) -> Vec<(How, Marked<'a>)> {
    const KINDS: &[OccasionKind] = &[
        OccasionKind::Arrival,
        OccasionKind::CoStay,
        OccasionKind::ClonedBill,
        OccasionKind::Absence,
        OccasionKind::OftenBack,
        OccasionKind::SamePlaces,
        OccasionKind::FreeStay,
        OccasionKind::Package,
    ];
    let mut tied: BTreeMap<Party, Tied> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let pair = !tie.a.kind().is_context() && !tie.b.kind().is_context();
        let lift = i32::try_from(tie.weight / u32::try_from(tie.occasions.len()).unwrap_or(1).max(1)).unwrap_or(0);
        let lift = lift.min(if pair { 300 } else { 500 });
        for person in [tie.a, tie.b].into_iter().filter(|party| bench.file(*party).is_some()) {
            let held = tied.entry(person).or_default();
            for one in tie.occasions.iter().filter(|one| KINDS.contains(&one.kind)) {
                match one.kind {
                    OccasionKind::FreeStay => best(&mut held.free, one.day.0, lift),
                    OccasionKind::Package if !is_token(i64::from(one.day.0)) => {}
                    OccasionKind::Package => best(&mut held.tokens, (one.place, i64::from(one.day.0)), lift),
                    OccasionKind::OftenBack => numbered_place(bench, person, one.day.0)
                        .into_iter()
                        .for_each(|place| best(&mut held.around, place, lift / OFTEN_BACK_STAYS)),
                    OccasionKind::SamePlaces => both_places(bench, person, one.day.0)
                        .into_iter()
                        .for_each(|place| best(&mut held.around, place, lift / 2)),
                    OccasionKind::ClonedBill => best(&mut held.bills, (one.place, one.day.0), lift),
                    _ => best(&mut held.days, (one.place, one.day.0), lift),
                }
            }
        }
    }
    let mut marked = Vec::new();
    for (person, held) in tied {
        for stay in bench.stays(person) {
            let lifts = held.lifts(&stay.0).into_iter();
            marked.extend(lifts.filter_map(|(how, lift)| Some((how, Marked { stay, lift: lift? }))));
        }
    }
    marked
}

/// Keeps the best lift.
fn best<K: Ord>(held: &mut BTreeMap<K, i32>, key: K, lift: i32) {
    let known = held.entry(key).or_insert(lift);
    *known = lift.max(*known);
}

/// What ties a person to days, bills and places, with its lift.
#[derive(Default)]
struct Tied {
    days: BTreeMap<(Party, i32), i32>,
    bills: BTreeMap<(Party, i32), i32>,
    around: BTreeMap<Party, i32>,
    free: BTreeMap<i32, i32>,
    tokens: BTreeMap<(Party, i64), i32>,
}

impl Tied {
    /// The lift of a stay, by sort.
    fn lifts(&self, stay: &Settlement) -> [(How, Option<i32>); 3] {
        let came = self.days.get(&(stay.place, stay.begin.0));
        let billed = stay.bills().filter_map(|bill| self.bills.get(&(stay.place, bill))).max();
        let around = self.around.get(&stay.place);
        let free = stay.without_cash().then(|| self.free.get(&place_number(stay.place))).flatten();
        let token = stay.cash().and_then(|cash| self.tokens.get(&(stay.place, cash)));
        [(How::Together, came.max(billed)), (How::Around, around), (How::Free, free.max(token))]
            .map(|(how, lift)| (how, lift.copied()))
    }
}

/// The place of a person that has this number.
fn numbered_place(bench: &Bench, person: Party, number: i32) -> Vec<Party> {
    bench.stays(person).map(|(fact, _)| fact.place).find(|place| place_number(*place) == number).into_iter().collect()
}

/// The two places of a person that have this number together.
fn both_places(bench: &Bench, person: Party, number: i32) -> Vec<Party> {
    let places: BTreeSet<Party> = bench.stays(person).map(|(fact, _)| fact.place).collect();
    let with = |one: &Party| places.iter().find(|other| **other > *one && pair_number(*one, **other) == number);
    places.iter().find_map(|one| Some(vec![*one, *with(one)?])).unwrap_or_default()
}

/// The stays of a hub's holders at the one or two places where most of them were admitted; `None` when they were not.
fn gathered<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>) -> Option<Vec<Marked<'a>>> {
    let mut patients: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for person in people {
        for (fact, _) in bench.stays(*person) {
            patients.entry(fact.place).or_default().insert(*person);
        }
    }
    let enough = |count: usize| count >= HUB_PATIENTS_MIN && count * 3 >= people.len();
    patients.retain(|_, admitted| enough(admitted.len()));
    if patients.is_empty() {
        return None;
    }
    let stays = people.iter().flat_map(|person| bench.stays(*person));
    let there = stays.filter(|(fact, _)| patients.get(&fact.place).is_some_and(|all| all.contains(&fact.person)));
    Some(there.map(|stay| Marked { stay, lift: 0 }).collect())
}

/// Which atoms are one cohort: lists of their numbers.
fn merge(atoms: &[Atom]) -> Vec<Vec<usize>> {
    let mut of_person: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for (at, atom) in atoms.iter().enumerate() {
        atom.people.iter().for_each(|person| of_person.entry(*person).or_default().push(at));
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for numbers in of_person.values() {
        for (at, one) in numbers.iter().enumerate() {
            numbers[at + 1..].iter().for_each(|other| *shared.entry((*one, *other)).or_default() += 1);
        }
    }
    let mut leader: Vec<usize> = (0..atoms.len()).collect();
    for ((one, other), count) in shared {
        let smaller = atoms[one].people.len().min(atoms[other].people.len());
        if count >= SHARED_PEOPLE_MIN && count * 4 >= smaller {
            let (low, high) = (find(&leader, one), find(&leader, other));
            leader[low.max(high)] = low.min(high);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..atoms.len() {
        groups.entry(find(&leader, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

fn find(leader: &[usize], mut at: usize) -> usize {
    while leader[at] != at {
        at = leader[at];
    }
    at
}

/// The cohort by crew.
fn parts<'a>(bench: &Bench<'a>, cohort: Cohort<'a>) -> Vec<Cohort<'a>> {
    let stays = |marked: &Vec<Marked<'a>>| marked.iter().map(|marked| marked.stay).collect();
    let people: BTreeMap<Party, Vec<&Cited>> =
        cohort.people.iter().map(|(person, marked)| (*person, stays(marked))).collect();
    let crews = crews(bench, &people);
    if crews.len() < 2 {
        return vec![cohort];
    }
    let part = |crew: BTreeSet<Party>| {
        let of_crew = cohort.people.iter().filter(|(person, _)| crew.contains(person));
        let people: BTreeMap<Party, Vec<Marked<'a>>> =
            of_crew.map(|(person, marked)| (*person, marked.clone())).collect();
        let places = people.values().flatten().map(|marked| marked.stay.0.place).collect();
        let behind = |hub: &&Party| bench.hubs[*hub].holders.keys().any(|person| crew.contains(person));
        Cohort { hubs: cohort.hubs.iter().filter(behind).copied().collect(), people, places }
    };
    crews.into_iter().map(part).collect()
}

/// One cohort of some atoms. Stays marked twice count once, with their best lift.
fn unite<'a>(atoms: &[Atom<'a>], group: &[usize]) -> Cohort<'a> {
    let mut cohort = Cohort::default();
    for atom in group.iter().map(|at| &atoms[*at]) {
        cohort.hubs.extend(atom.hub);
        for marked in &atom.stays {
            cohort.places.insert(marked.stay.0.place);
            let stays = cohort.people.entry(marked.stay.0.person).or_default();
            match stays.iter_mut().find(|held| held.stay.1 == marked.stay.1) {
                Some(held) => held.lift = held.lift.max(marked.lift),
                None => stays.push(*marked),
            }
        }
    }
    cohort
}
