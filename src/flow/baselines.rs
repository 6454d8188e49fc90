//! What was usual when a ring was found? Baselines as data that travel with a run, so that a ring can be tried on its own facts.
//!
//! A ring's facts alone would make their own baseline: thirty people are no surprise where nobody else was ever seen. A run
//! keeps the baselines of the channels, places and identifiers that its rings' facts touch; another run may take them.

use super::dossiers::Found;
use super::entries::KINDS;
use crate::model::{OccasionKind, Party, PartyKind, PersonFile, PlaceBaseline, Regions};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was usual in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelBaseline {
    /// Entries by day of the week.
    pub weekdays: [u32; 7],
    /// Days the channel was open.
    pub days: i64,
    /// Groups that had anybody.
    #[serde(default)]
    pub groups: u32,
}

/// What was usual in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baselines {
    /// Persons of the run.
    pub persons: u64,
    /// By channel.
    pub channels: BTreeMap<Party, ChannelBaseline>,
    /// By place.
    pub places: BTreeMap<Party, PlaceBaseline>,
    /// How many hold an identifier.
    #[serde(default)]
    pub holders: BTreeMap<Party, u32>,
}

impl Baselines {
    /// Adds what another worker knows.
    pub fn merge(&mut self, other: Baselines) {
        self.channels.extend(other.channels);
        self.places.extend(other.places);
        self.holders.extend(other.holders);
    }
}

/// The people of these findings, and the channels and places that their facts touch.
#[must_use]
pub fn touched(found: &[Found], regions: &Regions) -> BTreeSet<Party> {
    let mut touched = BTreeSet::new();
    for one in found {
        let ends = one.ties.iter().flat_map(|tie| [tie.a, tie.b]);
        touched.extend(ends.filter(|party| party.kind() != PartyKind::Person));
        let occasions = one.ties.iter().flat_map(|tie| &tie.occasions);
        let issued = occasions.filter(|one| one.kind == OccasionKind::PrescriptionChannel);
        touched.extend(issued.map(|one| one.place));
        touched.extend(one.finding.members.iter().map(|member| member.party));
        let mut files: BTreeMap<Party, PersonFile> = BTreeMap::new();
        for (fact, origin) in &one.settlements {
            touched.extend([fact.place, Party::city(fact.area)]);
            let file = files.entry(fact.person).or_default();
            file.person = fact.person;
            file.settlements.push((*fact, *origin));
        }
        let mut entries = Vec::new();
        for file in files.values() {
            KINDS.iter().for_each(|kind| kind(file, regions, &mut entries));
        }
        touched.extend(entries.iter().map(|entry| entry.channel));
    }
    touched
}
