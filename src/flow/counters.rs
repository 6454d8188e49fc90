//! Which occasions follow from what people do at counters? Accounts emptied far from where they are kept, and visits that keep a
//! beat no illness has.
//!
//! | kind | channel | group | marked when |
//! |---|---|---|---|
//! | distant account | city of the pharmacy | pharmacy | a purchase emptied an account kept in another city |
//! | strict beat | city of the place | place | came at one interval, over and over, of those who came often |
//!
//! A person is in one group per place. Cost: linear in the person's settlements, and for those who came often to one place the
//! square of their visits there.

use super::crowds::{Mark, beside_group};
use super::entries::Entry;
use crate::model::{
    CareClass, OccasionKind, Party, PartyKind, PersonFile, RegionDistance, Regions, Settlement, Visits, empties_account,
};
use smallvec::SmallVec;

fn entry(kind: OccasionKind, city: u32, group: i32, person: Party) -> Entry {
    let channel = Party::context(PartyKind::Circumstance, &[kind as u64, u64::from(city)]);
    Entry { channel, kind, place: Party::NONE, group, person, visits: 1, detail: 0 }
}

/// Whether the person is insured in another city than the one of the settlement.
pub(super) fn is_far(fact: &Settlement, regions: &Regions) -> bool {
    regions.distance(fact.home, fact.area) >= RegionDistance::SameProvince
}

/// Purchases at pharmacies; those that emptied an account kept in another city are marked.
pub(super) fn distant_accounts(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    let mut at: SmallVec<[((Party, u32), Mark); 8]> = SmallVec::new();
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Drugstore) {
        let mark = match (empties_account(fact), is_far(fact, regions)) {
            (false, _) => Mark::Plain,
            (true, false) => Mark::Fits,
            (true, true) => Mark::Marked,
        };
        let counter = (fact.place, regions.pool(fact.area));
        match at.iter_mut().find(|(known, _)| *known == counter) {
            Some((_, known)) => *known = mark.max(*known),
            None => at.push((counter, mark)),
        }
    }
    let told = at.into_iter().map(|((counter, city), mark)| {
        entry(OccasionKind::DistantAccount, city, beside_group(counter, mark), file.person)
    });
    entries.extend(told);
}

/// Those who came often to one outpatient place; marked where they kept a beat.
pub(super) fn strict_beats(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    for (place, visits) in Visits::of(&file.settlements) {
        let mark = if visits.beat().is_some() { Mark::Marked } else { Mark::Plain };
        let city = regions.pool(visits.area);
        entries.push(entry(OccasionKind::StrictBeat, city, beside_group(place, mark), file.person));
    }
}
