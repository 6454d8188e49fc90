//! Who is admitted and discharged together again and again? The rule of an official inspection in Zhengzhou, 2024:
//! «8 or more people admitted and discharged together, 5 times».

use super::{Presence, Sets, ranked};
use crate::model::{Day, Party};
use std::collections::{BTreeMap, BTreeSet};

/// Per institution with at least `times` groups of at least `people` who came and left on the same days: all people of
/// those groups, with the institution. Cost: one pass and a sort of stays.
#[must_use]
pub fn admitted_together(rows: &[Presence], people: usize, times: usize) -> Sets {
    let mut groups: BTreeMap<(Party, Day, Day), BTreeSet<Party>> = BTreeMap::new();
    for stay in rows.iter().filter(|row| row.is_stay()) {
        groups.entry((stay.place, stay.begin, stay.end)).or_default().insert(stay.person);
    }
    let mut places: BTreeMap<Party, (usize, BTreeSet<Party>)> = BTreeMap::new();
    for ((place, _, _), group) in groups.into_iter().filter(|(_, group)| group.len() >= people) {
        let entry = places.entry(place).or_default();
        entry.0 += 1;
        entry.1.extend(group);
    }
    let often = places.into_iter().filter(|(_, (groups, _))| *groups >= times);
    ranked(
        often
            .map(|(place, (_, mut persons))| {
                persons.insert(place);
                persons
            })
            .collect(),
    )
}
