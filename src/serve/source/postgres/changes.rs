//! What do the changes of several transactions come to? Per row: what it was before, and what it is now.
//!
//! A row that came and changed several times is written once, as it is now; one that came and went is not written. A row
//! that was there before and went is written as it was, marked as no longer valid: a retraction. So is one that now belongs
//! to another person or bears another key, because corrections are matched within one person and key.

use super::pgoutput::Row;
use std::collections::{BTreeMap, HashMap};

/// A row that changed.
struct Entry {
    /// As it was before all these changes; `None` when it is new.
    before: Option<Row>,
    /// As it is now; `None` when it is gone.
    now: Option<Row>,
}

/// The changes of one table.
#[derive(Default)]
pub(super) struct Changes {
    /// In the order of the last change.
    entries: BTreeMap<u64, Entry>,
    next: u64,
    /// The entries that are now as the key says.
    standing: HashMap<Row, Vec<u64>>,
}

impl Changes {
    pub(super) fn insert(&mut self, row: Row) {
        self.put(Entry { before: None, now: Some(row) });
    }

    pub(super) fn update(&mut self, old: Row, new: Row) {
        let before = self.take(old);
        self.put(Entry { before, now: Some(new) });
    }

    pub(super) fn delete(&mut self, old: Row) {
        let before = self.take(old);
        self.put(Entry { before, now: None });
    }

    /// Whether a row is now like this because of these changes.
    pub(super) fn stands(&self, row: &Row) -> bool {
        self.standing.get(row).is_some_and(|numbers| !numbers.is_empty())
    }

    /// Takes out the entry that is now like this. Answers what it was before everything; itself, when it was not touched yet.
    fn take(&mut self, row: Row) -> Option<Row> {
        let known = self.standing.get_mut(&row).and_then(Vec::pop);
        match known.and_then(|number| self.entries.remove(&number)) {
            Some(entry) => entry.before,
            None => Some(row),
        }
    }

    fn put(&mut self, entry: Entry) {
        if entry.before.is_none() && entry.now.is_none() {
            return;
        }
        if let Some(row) = &entry.now {
            self.standing.entry(row.clone()).or_default().push(self.next);
        }
        self.entries.insert(self.next, entry);
        self.next += 1;
    }

    /// The rows to write, each with whether it is valid. `identity` are the columns that make a row the same row.
    pub(super) fn rows(self, identity: &[usize]) -> Vec<(Row, bool)> {
        let mut rows = Vec::new();
        for Entry { before, now } in self.entries.into_values() {
            let differs = |now: &Row, before: &Row| identity.iter().any(|at| now.get(*at) != before.get(*at));
            match (before, now) {
                (Some(before), None) => rows.push((before, false)),
                (Some(before), Some(now)) => {
                    if differs(&now, &before) {
                        rows.push((before, false));
                    }
                    rows.push((now, true));
                }
                (None, Some(now)) => rows.push((now, true)),
                (None, None) => {}
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        text.split(' ').map(|cell| Some(cell.to_owned())).collect()
    }

    fn came_to(make: impl FnOnce(&mut Changes)) -> Vec<(Row, bool)> {
        let mut changes = Changes::default();
        make(&mut changes);
        changes.rows(&[0])
    }

    #[test]
    fn a_row_is_written_once_as_it_is_now() {
        let several = came_to(|changes| {
            changes.insert(row("S1 1"));
            changes.update(row("S1 1"), row("S1 2"));
            changes.update(row("S0 1"), row("S0 2"));
            changes.update(row("S1 2"), row("S1 3"));
        });
        assert_eq!(several, [(row("S0 2"), true), (row("S1 3"), true)]);
        let came_and_went = came_to(|changes| {
            changes.insert(row("S1 1"));
            changes.update(row("S1 1"), row("S1 2"));
            changes.delete(row("S1 2"));
        });
        assert_eq!(came_and_went, []);
    }

    #[test]
    fn what_was_there_and_went_is_taken_back_as_it_was() {
        let gone = came_to(|changes| {
            changes.update(row("S1 1"), row("S1 2"));
            changes.delete(row("S1 2"));
        });
        assert_eq!(gone, [(row("S1 1"), false)]);
        let renamed = came_to(|changes| changes.update(row("S1 1"), row("S2 1")));
        assert_eq!(renamed, [(row("S1 1"), false), (row("S2 1"), true)]);
        let back = came_to(|changes| {
            changes.delete(row("S1 1"));
            changes.insert(row("S1 2"));
        });
        assert_eq!(back, [(row("S1 1"), false), (row("S1 2"), true)], "the retraction stands first");
    }
}
