//! What are the admissions of a place like, and the settlements at its counters? Counted per person, added up per place, so that a group can be held against the
//! place's other patients: where everybody is signed in by two doctors, «the same two doctors» says nothing.
//!
//! State per place: the counts, and how often each doctor signed and each basket was billed. A changed person takes its old
//! share back and adds the new one.

use crate::model::{CareClass, Party, RowRef, Sale, SaleCounts, Settlement, StayCounts};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

/// What some people's admissions add to a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub(crate) struct StayShare {
    pub(crate) counts: StayCounts,
    pub(crate) sales: SaleCounts,
    /// Doctors and fee baskets with how often, in no order, possibly repeated.
    pub(crate) doctors: Vec<(Party, i32)>,
    pub(crate) baskets: Vec<(u64, i32)>,
}

impl StayShare {
    /// Whether nothing is left of it.
    pub(crate) fn is_nothing(&mut self) -> bool {
        tidy(&mut self.doctors);
        tidy(&mut self.baskets);
        self.counts == StayCounts::default()
            && self.sales == SaleCounts::default()
            && self.doctors.is_empty()
            && self.baskets.is_empty()
    }
}

/// Adds up equal keys, sorted, without zeros.
fn tidy<K: Copy + Ord>(list: &mut Vec<(K, i32)>) {
    list.sort_unstable();
    let mut sums: Vec<(K, i32)> = Vec::with_capacity(list.len());
    for (key, count) in list.drain(..) {
        match sums.last_mut() {
            Some((last, sum)) if *last == key => *sum += count,
            _ => sums.push((key, count)),
        }
    }
    sums.retain(|(_, count)| *count != 0);
    *list = sums;
}

/// Adds (1) or takes back (−1) one person's admissions, which are sorted by begin day.
pub(crate) fn add_stays(places: &mut HashMap<Party, StayShare>, settlements: &[(Settlement, RowRef)], sign: i32) {
    let stays = || settlements.iter().map(|(fact, _)| fact).filter(|fact| fact.class == CareClass::Inpatient);
    let mut before: smallvec::SmallVec<[(&Settlement, bool); 4]> = smallvec::SmallVec::new();
    for stay in stays() {
        let share = places.entry(stay.place).or_default();
        match before.iter_mut().rev().find(|(last, _)| last.place == stay.place) {
            Some((last, again)) => {
                share.counts.take(stay, Some((last, *again)), sign);
                (*last, *again) = (stay, true);
            }
            None => {
                share.counts.take(stay, None, sign);
                before.push((stay, false));
            }
        }
        if stay.doctor.is_some() {
            share.doctors.push((stay.doctor, sign));
        }
        if stay.basket != 0 {
            share.baskets.push((stay.basket, sign));
        }
    }
}

/// Adds (1) or takes back (−1) one person's settlements at counters.
pub(crate) fn add_sales(places: &mut HashMap<Party, StayShare>, sales: &[(Party, Sale)], sign: i32) {
    sales.iter().for_each(|(place, sale)| places.entry(*place).or_default().sales.take(sale, sign));
}

/// Adds (1) or takes back (−1) a hand-over, in a city, and whether it is on record.
pub(crate) fn add_hand_over(places: &mut HashMap<Party, StayShare>, (city, is_referred): (Party, bool), sign: i32) {
    let counts = &mut places.entry(city).or_default().counts.transfers;
    counts[0] += sign;
    counts[1] += if is_referred { sign } else { 0 };
}

/// Adds (1) or takes back (−1) a stay during which its patient settled elsewhere.
pub(crate) fn add_absence(places: &mut HashMap<Party, StayShare>, place: Party, sign: i32) {
    places.entry(place).or_default().counts.absent[1] += sign;
}

/// What a place's admissions are like, kept up to date.
#[derive(Default)]
pub(crate) struct Stays {
    counts: StayCounts,
    sales: SaleCounts,
    doctors: HashMap<Party, i32>,
    baskets: HashMap<u64, i32>,
}

impl Stays {
    /// Adds (1) or takes back (−1) a share.
    pub(crate) fn update(&mut self, share: StayShare, sign: i32) {
        let (mut added, mut sold) = (share.counts, share.sales);
        for (sum, part) in self.sales.each_mut().zip(sold.each_mut()) {
            *sum += sign * *part;
        }
        for (sum, part) in self.counts.each_mut().zip(added.each_mut()) {
            *sum += sign * *part;
        }
        for (doctor, count) in share.doctors {
            change(&mut self.doctors, doctor, sign * count);
            self.counts.signed[0] += sign * count;
        }
        for (basket, count) in share.baskets {
            let (before, after) = change(&mut self.baskets, basket, sign * count);
            let repeated = |count: i32| if count >= 2 { count } else { 0 };
            self.counts.baskets[0] += sign * count;
            self.counts.baskets[1] += repeated(after) - repeated(before);
        }
    }

    /// The counts, with those of the two doctors who signed most, and who these are.
    pub(crate) fn counts(&self) -> (StayCounts, [Party; 2]) {
        let mut most = [(0, Party::NONE); 2];
        for (doctor, count) in &self.doctors {
            let one = (*count, *doctor);
            if one > most[0] {
                most = [one, most[0]];
            } else if one > most[1] {
                most[1] = one;
            }
        }
        let [(first, _), (second, _)] = most;
        let counts = StayCounts { signed: [self.counts.signed[0], first + second], ..self.counts };
        (counts, most.map(|(_, doctor)| doctor))
    }

    /// The counts of its counters.
    pub(crate) fn sales(&self) -> SaleCounts {
        self.sales
    }

    /// Whether nobody is admitted and nothing sold.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts == StayCounts::default() && self.sales == SaleCounts::default()
    }
}

fn change<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, i32>, key: K, difference: i32) -> (i32, i32) {
    use hashbrown::hash_map::Entry;
    match counts.entry(key) {
        Entry::Occupied(mut held) => {
            let before = *held.get();
            *held.get_mut() += difference;
            if before + difference == 0 {
                held.remove();
            }
            (before, before + difference)
        }
        Entry::Vacant(place) => {
            if difference != 0 {
                place.insert(difference);
            }
            (0, difference)
        }
    }
}
