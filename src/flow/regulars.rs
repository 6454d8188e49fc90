//! Where do most of the people who come from one home area come back again and again?
//!
//! Who is sent to a hospital one by one leaves no day and no bill in common with the others, but stays there far more often than
//! patients do. A channel is the city of the hospitals, a group the people of one home area who were admitted to one hospital once,
//! twice, or more often. What is usual is the share among the hospital's people from other areas, or that among the area's people at
//! the city's other hospitals, whichever is greater: some illness has everybody come back, and at home everybody goes where he
//! went before. It is never less than a stated base rate, and uneven like all that is honest.
//!
//! Cost: the sizes of the city's groups; the people only of unusual ones.

use super::channels::{Channel, Group};
use super::contexts::{assemble, distinct, surprise_min};
use super::entries::{Entry, admissions};
use super::surprise::{ln_hundredths, ratio_ln, share, uneven};
use crate::model::{Day, Occasion, OccasionKind, Party, PartyKind, PersonFile, Regions, Tie, hash_words, place_number};
use std::collections::{BTreeMap, BTreeSet};

/// What counts as often: so many stays, and how many of a hospital's patients per mille come as often within two years.
const OFTEN: [(usize, u64); 2] = [(2, 250), (3, 100)];
/// The base rate weighs like so many people seen.
const BEFORE: u64 = 20;
/// Steps of a home area: once, twice, more often.
const STEPS: u32 = 3;

/// Hospitals that a person was admitted to, by home area and how often.
pub(super) fn often_back(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut at: BTreeMap<(Party, u32), (u32, BTreeSet<Day>)> = BTreeMap::new();
    for (stay, _) in admissions(file) {
        at.entry((stay.place, stay.home)).or_insert((stay.area, BTreeSet::new())).1.insert(stay.begin);
    }
    for ((place, home), (area, days)) in at {
        let step = u32::try_from(days.len()).unwrap_or(STEPS).min(STEPS) - 1;
        let pair = u32::try_from(hash_words(&[place.0, u64::from(home)]) >> 36).unwrap_or(0);
        entries.push(Entry {
            channel: Party::context(
                PartyKind::Circumstance,
                &[u64::from(area / 100), OccasionKind::OftenBack as u64, 0],
            ),
            kind: OccasionKind::OftenBack,
            place: Party::NONE,
            group: (pair * STEPS + step).cast_signed(),
            person: file.person,
            visits: home,
            detail: place_number(place).cast_unsigned(),
        });
    }
}

/// The people of one home area at one hospital: the groups of those who came once, twice, more often, and their sizes.
#[derive(Default)]
struct Patients {
    groups: [Option<i32>; 3],
    sizes: Sizes,
}

/// People who came once, twice, more often.
type Sizes = [u64; 3];

/// People of home areas of whom far more come back to a hospital than usual.
pub(super) fn regulars<'g>(id: Party, channel: &Channel, people: impl Fn(i32) -> &'g Group) -> Vec<Tie> {
    let mut patients: BTreeMap<(u32, u32), Patients> = BTreeMap::new();
    let (mut of_place, mut of_home): (BTreeMap<u32, Sizes>, BTreeMap<u32, Sizes>) = Default::default();
    for (group, size) in &channel.groups {
        let Some(one) = people(*group).first() else { continue };
        let step = usize::try_from(group.cast_unsigned() % STEPS).unwrap_or(0);
        let held = patients.entry((one.detail, one.visits)).or_default();
        held.groups[step] = Some(*group);
        for sizes in [&mut held.sizes, of_place.entry(one.detail).or_default(), of_home.entry(one.visits).or_default()]
        {
            sizes[step] += u64::from(*size);
        }
    }
    let at_least = |sizes: &Sizes, stays: usize| sizes[stays - 1..].iter().sum::<u64>();
    let choice = ln_hundredths(u64::try_from(patients.len()).unwrap_or(u64::MAX));
    let mut by_place: BTreeMap<u32, Vec<(Occasion, u32, Vec<Party>)>> = BTreeMap::new();
    for ((place, home), held) in &patients {
        let best = OFTEN.iter().map(|(stays, base)| {
            let (back, came) = (at_least(&held.sizes, *stays), at_least(&held.sizes, 1));
            let among = |all: &Sizes| {
                let (others_back, others) = (at_least(all, *stays) - back, at_least(all, 1) - came);
                (others_back * 1_000 + base * BEFORE) / (others + BEFORE)
            };
            let usual = uneven(among(&of_place[place]).max(among(&of_home[home]))).max(*base);
            (share(back, came, usual) - choice, ratio_ln(back * 1_000, came * usual), *stays)
        });
        let Some((surprise, lift, stays)) = best.max().filter(|(surprise, ..)| *surprise >= surprise_min(channel))
        else {
            continue;
        };
        let mut members: Vec<Party> =
            held.groups[stays - 1..].iter().flatten().flat_map(|group| distinct(people(*group))).collect();
        members.sort_unstable();
        members.dedup();
        let occasion = Occasion {
            day: Day(place.cast_signed()),
            place: Party::NONE,
            kind: OccasionKind::OftenBack,
            size: u32::try_from(members.len()).unwrap_or(u32::MAX),
            surprise: u32::try_from(surprise).unwrap_or(0),
        };
        by_place.entry(*place).or_default().push((occasion, u32::try_from(lift.max(1)).unwrap_or(1), members));
    }
    let regulars = |place: u32| Party::context(PartyKind::Circumstance, &[id.0, u64::from(place)]);
    let tied = by_place.into_iter().flat_map(|(place, occasions)| assemble(regulars(place), occasions.into_iter()));
    let mut ties: Vec<Tie> = tied.collect();
    ties.sort_unstable();
    ties
}
