//! What came out of one chunk? Rows, rejects and warnings, with row numbers counted from the chunk's beginning.

use super::cell::{ABSENT, VALUE_LIMIT, is_fault};
use super::column::{Cells, Column};
use super::plan::Plan;
use super::scene::{Fault, Known, Scene, Texts};
use super::table::{self, Record};
use super::tear::Tear;
use super::text::{masked, normal};
use crate::model::{Batch, Party, Reason, RowRef};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A row that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reject {
    /// The row, counted from the chunk's beginning (from 1); from the file's once the chunk is in its place.
    pub(super) row: u64,
    /// Why.
    pub(super) reason: Reason,
    /// What is wrong with its shape, if that is why.
    pub(super) tear: Option<Tear>,
    /// The column to blame; empty when it is the whole row.
    pub(super) column: &'static str,
    /// The value, masked.
    pub(super) value: String,
    /// The row as it stands in the file.
    pub(super) line: String,
}

/// What came out of a chunk.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// Records, good or bad.
    pub(super) records: u64,
    /// Rows that passed.
    pub(super) passed: u64,
    /// The rows.
    pub(super) batch: Batch,
    /// Evidence ids by row.
    pub(super) names: Vec<(RowRef, String)>,
    /// Rows set aside.
    pub(super) rejects: Vec<Reject>,
    /// Warnings by reason.
    pub(super) warnings: [u64; 18],
    /// Rows set aside by reason.
    pub(super) quarantined: [u64; 18],
    /// The first row set aside for each reason, counted as in [`Reject::row`], and the column to blame.
    pub(super) firsts: BTreeMap<Reason, (u64, &'static str)>,
    /// Rows with bytes that are no letters: the first, counted as in [`Reject::row`], and how many.
    pub(super) illegible: Option<(u64, u64)>,
    /// Rows set aside because of their shape.
    pub(super) torn: BTreeMap<Tear, u64>,
    /// Columns of the table, a bit each, that some row has a value in.
    pub(super) filled: u64,
    /// Fields of a last record without a line end, and whether it is a row.
    pub(super) end: Option<(u64, bool)>,
}

/// What the caller wants to know besides the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wishes {
    /// The texts behind the hashes.
    pub(super) names: bool,
    /// The raw lines of rejects.
    pub(super) lines: bool,
}

/// Turns records into rows.
pub(super) struct Gather<'a> {
    /// How the file's columns feed the table.
    pub(super) plan: &'a Plan,
    known: &'a Known,
    wishes: Wishes,
    file: u32,
    /// What came out so far.
    pub(super) piece: Piece,
}

/// The fields of one record by column of the file.
pub(super) trait Fields: Texts {
    /// The same fields, by place.
    fn texts(&self) -> &dyn Texts;
    /// The field's text.
    fn field(&self, column: usize) -> Cow<'_, str>;
    /// The record as it stands in the file.
    fn line(&self) -> String;
}

impl<'a> Gather<'a> {
    /// For a chunk of a file.
    pub(super) fn new(plan: &'a Plan, known: &'a Known, wishes: Wishes, file: u32) -> Gather<'a> {
        Gather { plan, known, wishes, file, piece: Piece::default() }
    }

    /// Makes room for about so many rows.
    pub(super) fn expect<R: Record>(&mut self, rows: usize) {
        R::rows(&mut self.piece.batch).reserve(rows);
    }

    /// Takes one record.
    pub(super) fn take<R: Record>(&mut self, cells: &Cells, filled: Result<(), Fault>, fields: &dyn Fields) {
        self.piece.records += 1;
        self.piece.filled |= self.plan.filled(cells, self.piece.filled);
        if let Err(fault) = filled {
            return self.set_aside(fault, fields);
        }
        let scene =
            Scene { cells, texts: fields.texts(), known: self.known, plan: self.plan, notes: std::cell::Cell::new(0) };
        let mut row = match R::row(&scene) {
            Ok(row) => row,
            Err(fault) => return self.set_aside(fault, fields),
        };
        self.count_notes(scene.notes.get());
        row.origin = RowRef::new(self.plan.table, self.file, self.piece.records);
        self.piece.passed += 1;
        R::links(&row, &scene, &mut self.piece.batch.identifiers);
        if self.wishes.names {
            self.piece.names.push((row.origin, evidence_id(self.plan, fields)));
            for (party, text) in parties(self.plan, fields) {
                if R::names(&row, party) {
                    self.piece.batch.names.parties.entry(party).or_insert(text);
                }
            }
        }
        R::rows(&mut self.piece.batch).push(row);
    }

    /// Sets one record aside as a whole.
    pub(super) fn take_broken(&mut self, tear: Tear, fields: &dyn Fields) {
        self.piece.records += 1;
        self.put_aside(Fault { reason: Reason::E17, at: Fault::WHOLE_ROW }, Some(tear), fields);
    }

    /// Counts a warning.
    pub(super) fn warn(&mut self, reason: Reason) {
        self.piece.warnings[reason as usize] += 1;
    }

    /// Counts the record that is taken next as one with bytes that are no letters.
    pub(super) fn illegible(&mut self) {
        self.warn(Reason::E15);
        self.piece.illegible.get_or_insert((self.piece.records + 1, 0)).1 += 1;
    }

    fn count_notes(&mut self, notes: u32) {
        let mut left = notes;
        while left != 0 {
            self.piece.warnings[left.trailing_zeros() as usize] += 1;
            left &= left - 1;
        }
    }

    fn set_aside(&mut self, fault: Fault, fields: &dyn Fields) {
        let columns = || self.plan.columns_at(fault.at).any(|column| fields.field(column).len() > VALUE_LIMIT);
        let tear = (fault.reason == Reason::E17 && columns()).then_some(Tear::LongValue);
        self.put_aside(fault, tear, fields);
    }

    fn put_aside(&mut self, fault: Fault, tear: Option<Tear>, fields: &dyn Fields) {
        if let Some(tear) = tear {
            *self.piece.torn.entry(tear).or_default() += 1;
        }
        self.piece.quarantined[fault.reason as usize] += 1;
        let column = table::columns(self.plan.table).get(fault.at).and_then(Column::name);
        self.piece.firsts.entry(fault.reason).or_insert((self.piece.records, column.unwrap_or("")));
        if !self.wishes.lines {
            return;
        }
        let value = column.map_or(String::new(), |_| masked(&fields.text(fault.at)));
        self.piece.rejects.push(Reject {
            row: self.piece.records,
            reason: fault.reason,
            tear,
            column: column.unwrap_or(""),
            value,
            line: fields.line(),
        });
    }
}

/// The id that an investigator would search for, table name included.
pub(super) fn evidence_id(plan: &Plan, fields: &dyn Fields) -> String {
    let mut id = format!("{}:", plan.table.name());
    for (number, columns) in plan.evidence.iter().enumerate() {
        if number > 0 {
            id.push('|');
        }
        let text = columns.iter().map(|column| fields.field(*column)).find(|text| !normal(text).is_empty());
        id.push_str(normal(&text.unwrap_or_default()));
    }
    id
}

/// The parties whose texts stand in a row: of the columns that feed one place, the first that is filled.
pub(super) fn parties(plan: &Plan, fields: &dyn Fields) -> BTreeMap<Party, String> {
    let mut parties = BTreeMap::new();
    let mut filled = BTreeSet::new();
    for binding in plan.bindings.iter().filter(|binding| binding.kind.is_party()) {
        let field = fields.field(binding.column);
        let field = binding.national(&field);
        let word = binding.word(&field, &plan.settings);
        if word != ABSENT && !is_fault(word) && filled.insert(binding.at) {
            parties.entry(Party(word)).or_insert_with(|| binding.kind.shown(&field));
        }
    }
    parties
}
