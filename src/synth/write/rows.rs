//! How are cells laid down, as text lines or as columns? One interface for both formats.

use crate::model::Day;
use crate::synth::draw::small;
use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// Rows under construction: cells are added from left to right.
pub(crate) struct Rows {
    target: Target,
    at: usize,
    width: usize,
    cell: String,
    dirt: Dirt,
}

enum Target {
    Lines(Vec<u8>),
    Columns(Vec<StringBuilder>),
}

/// How untidy the export is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dirt {
    /// Tabs behind values, the word `null` for nothing, and some unreadable dates.
    pub dirty: bool,
    count: u32,
}

impl Rows {
    /// Text lines with this many cells each.
    pub(crate) fn lines(width: usize, dirty: bool) -> Rows {
        Rows::new(Target::Lines(Vec::new()), width, dirty)
    }

    /// Columns.
    pub(crate) fn columns(width: usize) -> Rows {
        Rows::new(
            Target::Columns((0..width).map(|_| StringBuilder::with_capacity(8_192, 131_072)).collect()),
            width,
            false,
        )
    }

    fn new(target: Target, width: usize, dirty: bool) -> Rows {
        Rows { target, at: 0, width, cell: String::new(), dirt: Dirt { dirty, count: 0 } }
    }

    /// A cell with this text; empty means nothing.
    pub(crate) fn text(&mut self, text: &str) {
        match &mut self.target {
            Target::Lines(bytes) => {
                if self.at > 0 {
                    bytes.push(b',');
                }
                bytes.extend_from_slice(text.as_bytes());
                if self.dirt.dirty {
                    self.dirt.count = self.dirt.count.wrapping_add(1);
                    if text.is_empty() && self.dirt.count.is_multiple_of(7) {
                        bytes.extend_from_slice(b"null");
                    } else if self.dirt.count.is_multiple_of(3) {
                        bytes.push(b'\t');
                    }
                }
            }
            Target::Columns(columns) => {
                if text.is_empty() {
                    columns[self.at].append_null();
                } else {
                    columns[self.at].append_value(text);
                }
            }
        }
        self.at += 1;
    }

    /// A cell that a function writes.
    pub(crate) fn with(&mut self, write: impl FnOnce(&mut String)) {
        let mut cell = std::mem::take(&mut self.cell);
        cell.clear();
        write(&mut cell);
        self.text(&cell);
        self.cell = cell;
    }

    /// An empty cell.
    pub(crate) fn nothing(&mut self) {
        self.text("");
    }

    /// Money in fen as yuan with two decimals.
    pub(crate) fn money(&mut self, fen: i64) {
        self.with(|cell| money(cell, fen));
    }

    /// A whole number.
    pub(crate) fn number(&mut self, number: u64) {
        self.with(|cell| super::ids::digits(cell, number, 1));
    }

    /// A day.
    pub(crate) fn day(&mut self, day: i32) {
        self.with(|cell| date(cell, day));
    }

    /// A second.
    pub(crate) fn stamp(&mut self, second: i64) {
        self.with(|cell| stamp(cell, second));
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) {
        debug_assert_eq!(self.at, self.width, "a row has as many cells as the header");
        if let Target::Lines(bytes) = &mut self.target {
            bytes.push(b'\n');
        }
        self.at = 0;
    }

    /// The lines.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self.target {
            Target::Lines(bytes) => bytes,
            Target::Columns(_) => Vec::new(),
        }
    }

    /// The columns as a batch, leaving empty ones.
    ///
    /// # Errors
    /// When the columns differ in length.
    pub(crate) fn take_batch(&mut self, schema: &SchemaRef) -> Result<RecordBatch, arrow::error::ArrowError> {
        let columns: Vec<ArrayRef> = match &mut self.target {
            Target::Lines(_) => Vec::new(),
            Target::Columns(columns) => {
                columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect()
            }
        };
        RecordBatch::try_new(schema.clone(), columns)
    }
}

/// A schema of texts.
pub(crate) fn schema(columns: &[&str]) -> SchemaRef {
    let fields: Vec<Field> = columns.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
    Arc::new(Schema::new(fields))
}

/// Fen as yuan with two decimals.
pub(crate) fn money(cell: &mut String, fen: i64) {
    if fen < 0 {
        cell.push('-');
    }
    let fen = fen.unsigned_abs();
    super::ids::digits(cell, fen / 100, 1);
    cell.push('.');
    super::ids::digits(cell, fen % 100, 2);
}

/// A day as `2024-03-01`.
pub(crate) fn date(cell: &mut String, day: i32) {
    let (year, month, date) = Day(day).date();
    super::ids::digits(cell, u64::from(year.unsigned_abs()), 4);
    cell.push('-');
    super::ids::digits(cell, u64::from(month), 2);
    cell.push('-');
    super::ids::digits(cell, u64::from(date), 2);
}

/// A second as `2024-03-01 09:30:00`.
pub(crate) fn stamp(cell: &mut String, second: i64) {
    date(cell, i32::try_from(second.div_euclid(86_400)).unwrap_or(0));
    let rest = small(usize::try_from(second.rem_euclid(86_400)).unwrap_or(0));
    for (mark, part) in [(' ', rest / 3_600), (':', rest / 60 % 60), (':', rest % 60)] {
        cell.push(mark);
        super::ids::digits(cell, u64::from(part), 2);
    }
}
