//! Which occasions follow from what people do at counters? Accounts emptied far from where they are kept, and visits that keep a
//! beat no illness has.
//!
//! | kind | channel | group | marked when |
//! |---|---|---|---|
//! | distant account | city of the pharmacy | pharmacy | a purchase emptied an account kept in another city |
//! | the same | people of the city's other counties | pharmacy | a purchase emptied their account |
//! | emptied day | pharmacy | day | (those who emptied an account kept in another city, and nobody else) |
//! | drained | city of the pharmacy | pharmacy | an account was left empty on several days, of those whose account paid a good sum |
//! | frequent | city of the place | place | came for long and often, of those who came again and again |
//! | session goods | city of the centre | centre | dialysis sessions that used up nothing, of those whose fee lines are told |
//! | strict beat | city of the place | place | came at one interval, over and over, of those who came often |
//!
//! A person is in one group per place, but for days. Cost: linear in the person's settlements, and for those who came often to one place the
//! square of their visits there.

use super::crowds::{Mark, beside_group};
use super::entries::Entry;
use crate::model::{
    CareClass, Day, Frequency, OccasionKind, Party, PartyKind, PersonFile, RegionDistance, Regions, Schedule,
    Settlement, Visits, empties_account,
};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// What tells the channel of those from the next counties from the city's.
const NEXT_DOOR: u32 = 1;

fn entry(kind: OccasionKind, of: &[u32], group: i32, person: Party) -> Entry {
    let words: SmallVec<[u64; 4]> = std::iter::once(kind as u64).chain(of.iter().map(|one| u64::from(*one))).collect();
    let channel = Party::context(PartyKind::Circumstance, &words);
    Entry { channel, kind, place: Party::NONE, group, person, visits: 1, detail: 0 }
}

/// Whether the person is insured in another city than the one of the settlement.
pub(super) fn is_far(fact: &Settlement, regions: &Regions) -> bool {
    regions.distance(fact.home, fact.area) >= RegionDistance::SameProvince
}

/// Purchases at pharmacies; those that emptied an account kept in another city are marked. Who is insured in another county of the
/// city is held against others of the kind: how many come from there is a matter of where the pharmacy lies. And those marked by day: at a
/// busy counter a dozen holders are no great share, and never come on one day.
pub(super) fn distant_accounts(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    let (mut everybody, mut next_door) = (Told::new(), Told::new());
    let mut days: BTreeSet<(Party, Day)> = BTreeSet::new();
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Drugstore) {
        let counter = (fact.place, regions.pool(fact.area));
        let empties = empties_account(fact);
        let mark = match (empties, is_far(fact, regions)) {
            (false, _) => Mark::Plain,
            (true, false) => Mark::Fits,
            (true, true) => Mark::Marked,
        };
        tell(&mut everybody, counter, mark);
        if mark == Mark::Marked {
            days.insert((fact.place, fact.settled.day()));
        }
        if regions.distance(fact.home, fact.area) == RegionDistance::SameCity {
            tell(&mut next_door, counter, if empties { Mark::Marked } else { Mark::Plain });
        }
    }
    for ((place, city), mark, times) in everybody {
        let group = beside_group(place, degree(mark, times));
        entries.push(entry(OccasionKind::DistantAccount, &[city], group, file.person));
    }
    for (place, day) in days {
        let channel = Party::context(PartyKind::Circumstance, &[OccasionKind::EmptiedDay as u64, place.0]);
        let kind = OccasionKind::EmptiedDay;
        entries.push(Entry { channel, kind, place, group: day.0, person: file.person, visits: 1, detail: 0 });
    }
    for ((place, city), mark, times) in next_door {
        let group = beside_group(place, degree(mark, times));
        entries.push(entry(OccasionKind::DistantAccount, &[city, NEXT_DOOR], group, file.person));
    }
}

/// Purchases that emptied an account of elsewhere at one counter: more are no visit to the children.
const OFTEN_MIN: u32 = 4;

/// Who is marked so often is marked time and again.
fn degree(mark: Mark, times: u32) -> Mark {
    if mark == Mark::Marked && times >= OFTEN_MIN { Mark::Often } else { mark }
}

/// Days on which an account was left empty at one counter that are no accident.
const DRAINED_DAYS_MIN: usize = 3;

/// Those whose account paid a good sum at a pharmacy; marked where it was left empty there again and again.
pub(super) fn drained_accounts(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    let mut at: BTreeMap<(Party, u32), BTreeSet<Day>> = BTreeMap::new();
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Drugstore) {
        if fact.is_drained() {
            at.entry((fact.place, regions.pool(fact.area))).or_default().insert(fact.settled.day());
        } else if fact.account_fen >= Settlement::GOOD_SUM_FEN {
            at.entry((fact.place, regions.pool(fact.area))).or_default();
        }
    }
    for ((place, city), days) in at {
        let mark = if days.len() >= DRAINED_DAYS_MIN { Mark::Marked } else { Mark::Plain };
        entries.push(entry(OccasionKind::Drained, &[city], beside_group(place, mark), file.person));
    }
}

/// How somebody is marked at each counter, which lies in a city, and how often as strongly as that.
type Told = SmallVec<[((Party, u32), Mark, u32); 8]>;

/// Marks somebody at a counter, as strongly as ever.
fn tell(told: &mut Told, counter: (Party, u32), mark: Mark) {
    match told.iter_mut().find(|(known, ..)| *known == counter) {
        Some((_, known, times)) if mark > *known => (*known, *times) = (mark, 1),
        Some((_, known, times)) => *times += u32::from(mark == *known),
        None => told.push((counter, mark, 1)),
    }
}

/// A dialysis patient whose fee lines are told at a centre; marked where many of the sessions used up nothing.
pub(super) fn session_goods(file: &PersonFile, regions: &Regions, place: Party, schedule: &Schedule) -> Option<Entry> {
    let mark = if schedule.lacks_consumables() { Mark::Marked } else { Mark::Plain };
    let (fact, _) = file.settlements.iter().find(|(fact, _)| fact.place == place)?;
    let city = regions.pool(fact.area);
    let told = entry(OccasionKind::SessionGoods, &[city], beside_group(place, mark), file.person);
    (schedule.told > 0).then_some(told)
}

/// Those who came again and again to one outpatient place; marked where they did so for as long and as often as hardly anybody does.
pub(super) fn frequent_visits(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (place, visits) in Visits::again_and_again(&file.settlements) {
        let mark = match visits.frequency() {
            Frequency::Usual => Mark::Plain,
            Frequency::High => Mark::Marked,
            Frequency::Highest => Mark::Often,
        };
        let city = regions.pool(visits.area);
        entries.push(entry(OccasionKind::Frequent, &[city], beside_group(place, mark), file.person));
    }
}

/// Those who came often to one outpatient place; marked where they kept a beat.
pub(super) fn strict_beats(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (place, (area, beat)) in Visits::beats(&file.settlements) {
        let mark = if beat.is_some() { Mark::Marked } else { Mark::Plain };
        let city = regions.pool(area);
        entries.push(entry(OccasionKind::StrictBeat, &[city], beside_group(place, mark), file.person));
    }
}
