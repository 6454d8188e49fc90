//! Which hospitals leave their patients nothing to pay, in a city where the others do?
//!
//! Whoever sells beds to the fund forgoes the patient's own share: it is what people are recruited with. They come one by one, near
//! home, and have no day in common. A channel is the city of the hospitals, a group the people of one hospital most of whose stays
//! there left nothing to pay, or not. What is usual is what the city's other hospitals show. It ties wards of people on relief and
//! free operations as well; what they are is left to the look-alikes.
//!
//! Cost: the sizes of the city's groups; the people only of unusual ones.

use super::channels::{Channel, Group};
use super::contexts::{distinct, gathered};
use super::crowds::{Rest, unusual};
use super::entries::{Entry, admissions};
use crate::model::{Day, OccasionKind, Party, PartyKind, PersonFile, Regions, Tie, place_number};
use std::collections::BTreeMap;

/// Stays in a thousand that leave nothing to pay, where a city's other hospitals do not tell.
const FREE_MILLI: u64 = 150;

/// Hospitals that a person was admitted to whose cash is known, and whether most stays there left nothing to pay.
pub(super) fn free_stays(file: &PersonFile, regions: &Regions, entries: &mut Vec<Entry>) {
    let mut at: BTreeMap<(Party, u32), (usize, usize)> = BTreeMap::new();
    for (stay, _) in admissions(file).filter(|(stay, _)| stay.cash().is_some()) {
        let (free, all) = at.entry((stay.place, regions.pool(stay.area))).or_default();
        *free += usize::from(stay.without_cash());
        *all += 1;
    }
    for ((place, city), (free, all)) in at {
        let words = [OccasionKind::FreeStay as u64, u64::from(city)];
        entries.push(Entry {
            channel: Party::context(PartyKind::Circumstance, &words),
            kind: OccasionKind::FreeStay,
            place: Party::NONE,
            group: place_number(place) | i32::from(free * 2 > all),
            person: file.person,
            visits: 1,
            detail: 0,
        });
    }
}

/// People of hospitals where far more than usual had nothing to pay, each hospital for itself.
pub(super) fn free_of_charge<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let of_place = channel.groups.chunk_by(|(left, _), (right, _)| left >> 1 == right >> 1);
    let counts = of_place.map(|groups| {
        let size = |is: &dyn Fn(i32) -> bool| -> u64 {
            groups.iter().filter(|(group, _)| is(*group)).map(|(_, size)| u64::from(*size)).sum()
        };
        (groups[0].0 & !1, size(&|group| group & 1 == 1), size(&|_| true))
    });
    let counts: Vec<(i32, u64, u64)> = counts.collect();
    let tied = unusual(&counts, Rest::TellsMostly, FREE_MILLI * 1_000).into_iter().flat_map(|(place, surprise)| {
        let members = distinct(people(place | 1));
        let lift = surprise / i64::try_from(members.len()).unwrap_or(1).max(1);
        let context = Party::context(PartyKind::Circumstance, &[id.0, u64::from(place.unsigned_abs())]);
        gathered(context, channel, std::iter::once((Day(place), surprise, lift, members)))
    });
    let mut ties: Vec<Tie> = tied.collect();
    ties.sort_unstable();
    ties
}

#[cfg(test)]
mod tests {
    use super::super::channels::channel_of;
    use super::*;
    use crate::model::{CareClass, RowRef, Settlement, Table};
    use std::collections::BTreeSet;

    /// Who is tied, where so many people of each of six hospitals had nothing to pay, of forty each.
    fn tied(free: [u64; 6]) -> BTreeSet<u64> {
        let mut entries = Vec::new();
        for (hospital, free) in (0..).zip(free) {
            for person in 0..40 {
                let stay = Settlement {
                    place: Party::of(PartyKind::Institution, &format!("H{hospital}")),
                    area: 330_101,
                    class: CareClass::Inpatient,
                    begin: Day(19_700),
                    end: Day(19_707),
                    total_fen: 400_000,
                    cash_fen: if person < free { 8_000 } else { 90_000 },
                    ..Settlement::default()
                };
                let person = Party::context(PartyKind::Person, &[hospital, person]);
                let settlements = vec![(stay, RowRef::new(Table::SetlD, 0, 1))];
                let file = PersonFile { person, settlements, ..PersonFile::default() };
                free_stays(&file, &Regions::default(), &mut entries);
            }
        }
        let (channel, groups) = channel_of(&entries);
        let ties = free_of_charge(entries[0].channel, &channel, |group| &groups[&group]);
        let hospital =
            |party: Party| (0..6).find(|at| (0..40).any(|n| Party::context(PartyKind::Person, &[*at, n]) == party));
        ties.iter().filter_map(|tie| hospital(tie.a).or_else(|| hospital(tie.b))).collect()
    }

    #[test]
    fn a_hospital_that_takes_nothing_stands_out_and_a_city_on_relief_does_not() {
        assert_eq!(tied([2, 1, 3, 38, 2, 2]), BTreeSet::from([3]));
        assert!(tied([2, 8, 3, 6, 2, 2]).is_empty(), "hospitals differ");
        assert!(tied([20, 22, 19, 21, 18, 24]).is_empty(), "half of the city is on relief");
    }
}
