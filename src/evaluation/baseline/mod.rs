//! How far do simple detectors get? Five of them, on plain lists of rows, to stand beside the rings in the printed table.
//!
//! Each takes settlements or identifiers and gives sets of parties, best first. Groups below [`SMALLEST`] persons are
//! left out, as an inspector would leave them out; at most [`MOST`] sets are given.

mod community;
mod dense;
mod identifier;
mod rows;
mod together;
mod volume;

pub use community::{CoVisits, co_visits, label_propagation};
pub use dense::dense_blocks;
pub use identifier::shared_identifiers;
pub use rows::{Presence, Rows};
pub use together::admitted_together;
pub use volume::volume_per_institution;

use crate::model::{Identifier, Party, PartyKind, Tie};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Persons that a group must have to be worth a look.
pub const SMALLEST: usize = 6;
/// Sets that a detector may give: more than any team can look at.
pub const MOST: usize = 500;

/// What a simple detector gives.
pub type Sets = Vec<BTreeSet<Party>>;

/// All five with their names. `rows` are live settlements, net of reversals. `communities` finds communities in the
/// co-visit graph; [`label_propagation`] serves where nothing better is at hand.
pub fn all(
    rows: &[Presence],
    identifiers: &[Identifier],
    communities: impl Fn(&[Tie]) -> Vec<Vec<Party>>,
) -> Vec<(&'static str, Sets)> {
    let visits = co_visits(rows);
    let found = communities(&visits.ties).into_iter().map(|parties| parties.into_iter().collect()).collect();
    vec![
        ("volume", volume_per_institution(rows)),
        ("8 together ×5", admitted_together(rows, 8, 5)),
        ("co-visit", ranked(found)),
        ("dense blocks", dense_blocks(rows, 60)),
        ("identifiers", shared_identifiers(identifiers)),
    ]
}

/// Large enough sets, largest first, ties by content, at most [`MOST`].
fn ranked(sets: Sets) -> Sets {
    let persons = |set: &BTreeSet<Party>| set.iter().filter(|party| party.kind() == PartyKind::Person).count();
    let mut sets: Vec<(usize, BTreeSet<Party>)> =
        sets.into_iter().map(|set| (persons(&set), set)).filter(|(persons, _)| *persons >= SMALLEST).collect();
    sets.sort_by(|a, b| (Reverse(a.0), &a.1).cmp(&(Reverse(b.0), &b.1)));
    sets.truncate(MOST);
    sets.into_iter().map(|(_, set)| set).collect()
}
