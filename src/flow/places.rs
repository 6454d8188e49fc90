//! What is usual at each place? Baselines as data: they are computed here, rounded to steps, and a change of one
//! travels like any fact.
//!
//! A city is such a place, too, where hand-overs are asked about: whether transfers are on record there at all.
//!
//! State: counts per place and 32 days, and what its admissions are like ([`Stays`]). A changed count redoes its place: 12
//! additions per year of data, and one look at each of its doctors.

use super::Epoch;
use super::baselines::Baselines;
use super::habits::{StayShare, Stays};
use super::keyed::Fold;
use super::people::PlaceCount;
use super::surprise::{coarse, fine};
use crate::model::{Day, Party, PlaceBaseline};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// What comes to a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum PlaceIn {
    Count(PlaceCount),
    Stays(Party, Box<StayShare>),
}

/// The fold.
pub(crate) struct Places {
    counts: HashMap<Party, BTreeMap<i32, PlaceCount>>,
    stays: HashMap<Party, Stays>,
    emitted: Rc<RefCell<HashMap<Party, PlaceBaseline>>>,
    baselines: Option<Arc<Baselines>>,
    touched: BTreeSet<Party>,
}

impl Places {
    /// `emitted` is what stands, for whoever asks.
    pub(crate) fn new(
        emitted: Rc<RefCell<HashMap<Party, PlaceBaseline>>>,
        baselines: Option<Arc<Baselines>>,
    ) -> Places {
        Places { counts: HashMap::new(), stays: HashMap::new(), emitted, baselines, touched: BTreeSet::new() }
    }

    fn usual(&self, place: Party) -> Option<PlaceBaseline> {
        let buckets = self.counts.get(&place).filter(|buckets| !buckets.is_empty());
        let stays = self.stays.get(&place).filter(|stays| !stays.is_empty());
        if buckets.is_none() && stays.is_none() {
            return None;
        }
        let stored = self.baselines.as_ref().and_then(|baselines| baselines.places.get(&place));
        Some(stored.copied().unwrap_or_else(|| usual(place, buckets.unwrap_or(&BTreeMap::new()), stays)))
    }
}

impl Fold for Places {
    type In = PlaceIn;
    type Out = PlaceBaseline;
    const NAME: &'static str = "Places";

    fn route(change: &PlaceIn) -> u64 {
        match change {
            PlaceIn::Count(count) => count.place.0 >> 4,
            PlaceIn::Stays(place, _) => place.0 >> 4,
        }
    }

    fn absorb(&mut self, change: PlaceIn, difference: i32) {
        let count = match change {
            PlaceIn::Count(count) => count,
            PlaceIn::Stays(place, share) => {
                self.touched.insert(place);
                return self.stays.entry(place).or_default().update(*share, difference);
            }
        };
        self.touched.insert(count.place);
        let buckets = self.counts.entry(count.place).or_default();
        let sum = buckets.entry(count.bucket).or_insert(PlaceCount { counts: [0; 4], fund_fen: 0, ..count });
        for (sum, part) in sum.counts.iter_mut().zip(count.counts) {
            *sum += difference * part;
        }
        sum.fund_fen += i64::from(difference) * count.fund_fen;
        if sum.counts == [0; 4] && sum.fund_fen == 0 {
            buckets.remove(&count.bucket);
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(PlaceBaseline, i32)) {
        for place in std::mem::take(&mut self.touched) {
            let after = self.usual(place);
            let mut emitted = self.emitted.borrow_mut();
            if after == emitted.get(&place).copied() {
                continue;
            }
            if let Some(before) = emitted.remove(&place) {
                emit(before, -1);
            }
            match after {
                Some(after) => {
                    emitted.insert(place, after);
                    emit(after, 1);
                }
                None => {
                    self.counts.remove(&place);
                    debug_assert!(self.stays.get(&place).is_none_or(Stays::is_empty));
                    self.stays.remove(&place);
                }
            }
        }
    }
}

fn usual(place: Party, buckets: &BTreeMap<i32, PlaceCount>, stays: Option<&Stays>) -> PlaceBaseline {
    let (mut stay, busiest) = stays.map(Stays::counts).unwrap_or_default();
    let transfers = stay.transfers.map(|count| coarse(count.unsigned_abs()).cast_signed());
    stay.each_mut().for_each(|count| *count = fine(count.unsigned_abs()).cast_signed());
    stay.transfers = transfers;
    let mut sale = stays.map(Stays::sales).unwrap_or_default();
    sale.each_mut().for_each(|count| *count = fine(count.unsigned_abs()).cast_signed());
    let sum = |at: usize| {
        let total: i64 = buckets.values().map(|count| i64::from(count.counts[at])).sum();
        fine(u32::try_from(total.max(0)).unwrap_or(u32::MAX))
    };
    let fund_fen: i64 = buckets.values().map(|count| count.fund_fen).sum();
    let edge = |bucket: Option<&i32>, past: i32| Day((bucket.copied().unwrap_or(0) + past) * 32);
    PlaceBaseline {
        place,
        settlements: sum(0),
        stays: sum(1),
        stays_from_outside: sum(2),
        drugstore: sum(3),
        fund_yuan: fine(u32::try_from(fund_fen.max(0) / 100).unwrap_or(u32::MAX)),
        first_day: edge(buckets.keys().next(), 0),
        last_day: edge(buckets.keys().next_back(), 1),
        busiest,
        stay,
        sale,
    }
}
