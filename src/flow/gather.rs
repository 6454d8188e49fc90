//! What does each piece need to know about its people?
//!
//! Reads who belongs to which piece, and the chains of boxes; looks into the rows that `people` holds on the same worker (an
//! arrangement already made, not made again). Emits each followed person's file for the piece it is in. A changed person or a
//! changed membership redoes one file. Correct because one epoch is in flight: the rows are those of the epoch settled.

use super::Epoch;
use super::keyed::Fold;
use super::people::People;
use crate::model::{Party, PersonFile, RowRef, Trace};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What `gather` reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum GatherIn {
    /// A person is in the piece with this label.
    Member(Party, Party),
    /// A row of a chain of sales that starts at a person.
    Chain(Party, Trace, RowRef),
}

/// The fold.
pub(crate) struct Gather {
    people: Rc<RefCell<People>>,
    piece: HashMap<Party, Party>,
    chains: HashMap<Party, Vec<(Trace, RowRef)>>,
    emitted: HashMap<Party, (Party, PersonFile)>,
    pending: Vec<(GatherIn, i32)>,
}

impl Gather {
    pub(crate) fn new(people: Rc<RefCell<People>>) -> Gather {
        Gather { people, piece: HashMap::new(), chains: HashMap::new(), emitted: HashMap::new(), pending: Vec::new() }
    }

    /// Applies membership and chains; answers the persons whose files may have changed.
    fn apply(&mut self) -> BTreeSet<Party> {
        let mut touched = BTreeSet::new();
        let mut pending = std::mem::take(&mut self.pending);
        // Removals first: a person that moves to another piece leaves the old one in the same epoch.
        pending.sort_unstable_by_key(|(_, difference)| *difference);
        let mut people = self.people.borrow_mut();
        for (change, difference) in pending {
            match change {
                GatherIn::Member(person, piece) => {
                    touched.insert(person);
                    if difference > 0 {
                        self.piece.insert(person, piece);
                        people.followed.insert(person);
                    } else if self.piece.get(&person) == Some(&piece) {
                        self.piece.remove(&person);
                        people.followed.remove(&person);
                    }
                }
                GatherIn::Chain(person, trace, origin) => {
                    touched.insert(person);
                    let rows = self.chains.entry(person).or_default();
                    if difference > 0 {
                        rows.push((trace, origin));
                    } else if let Some(at) = rows.iter().position(|row| *row == (trace, origin)) {
                        rows.swap_remove(at);
                    }
                    if rows.is_empty() {
                        self.chains.remove(&person);
                    }
                }
            }
        }
        touched.extend(people.followed_changed.drain(..));
        touched
    }
}

impl Fold for Gather {
    type In = GatherIn;
    type Out = (Party, PersonFile);
    const NAME: &'static str = "Gather";

    fn route(change: &GatherIn) -> u64 {
        let (GatherIn::Member(person, _) | GatherIn::Chain(person, ..)) = change;
        person.0 >> 4
    }

    fn absorb(&mut self, change: GatherIn, difference: i32) {
        self.pending.push((change, difference));
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut((Party, PersonFile), i32)) {
        for person in self.apply() {
            let after = self.piece.get(&person).map(|piece| {
                let people = self.people.borrow();
                let mut file = people.file(person);
                file.person = person;
                file.lines = people.lines(&file);
                file.traces = self.chains.get(&person).cloned().unwrap_or_default();
                file.traces.sort_unstable();
                file.traces.dedup();
                (*piece, file)
            });
            if after.as_ref() == self.emitted.get(&person) {
                continue;
            }
            if let Some(before) = self.emitted.remove(&person) {
                emit(before, -1);
            }
            if let Some(after) = after {
                self.emitted.insert(person, after.clone());
                emit(after, 1);
            }
        }
    }
}
