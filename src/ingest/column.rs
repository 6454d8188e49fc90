//! Which columns does a table have, and what does one row of them say?

use super::cell::{ABSENT, Kind, word_time};
use super::med_type::class_numbered;
use super::moment::Moment;
use crate::model::{CareClass, Day, Party, Stamp};

/// Most columns a table may have.
pub(super) const WIDTH: usize = 56;

/// What happens when a value is missing or unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Missing or unreadable: the row is set aside.
    Required,
    /// May be missing; unreadable: the row is set aside.
    Strict,
    /// Unreadable counts as missing.
    Loose,
    /// As `Loose`, and not part of the content: when the row was written, not what it says.
    Version,
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    /// The national name, then other names that sites use, best first.
    pub(super) names: &'static [&'static str],
    /// What it holds.
    pub(super) kind: Kind,
    /// What happens when it is missing.
    pub(super) need: Need,
}

impl Column {
    /// The national name.
    pub(super) fn name(&self) -> Option<&'static str> {
        self.names.first().copied()
    }
}

/// Declares the columns of a table: `At::X` is a column's place in a row, `COLUMNS` says what stands there.
macro_rules! columns {
    ($($at:ident: $kind:expr, $need:ident, [$($name:literal),+];)*) => {
        #[derive(Clone, Copy)]
        #[allow(dead_code, reason = "some columns count only for the content")]
        enum At { $($at),* }
        impl From<At> for usize {
            fn from(at: At) -> usize { at as usize }
        }
        pub(super) const COLUMNS: &[crate::ingest::column::Column] = &[$(
            crate::ingest::column::Column {
                names: &[$($name),+],
                kind: $kind,
                need: crate::ingest::column::Need::$need,
            }
        ),*];
        const _: () = assert!(COLUMNS.len() <= crate::ingest::column::WIDTH);
    };
}
pub(super) use columns;

/// The words of one row, and the hash of all that are content.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// By place in the table's columns.
    pub(super) words: [u64; WIDTH],
    /// See `Row::content`.
    pub(super) content: u64,
}

impl Cells {
    /// A row of nothing.
    pub(super) const EMPTY: Cells = Cells { words: [ABSENT; WIDTH], content: 0 };

    /// The word as it is.
    pub(super) fn word(&self, at: impl Into<usize>) -> u64 {
        self.words.get(at.into()).copied().unwrap_or(ABSENT)
    }

    /// Whether anything stands there.
    pub(super) fn has(&self, at: impl Into<usize>) -> bool {
        self.word(at) != ABSENT
    }

    /// A hash; 0 when empty.
    pub(super) fn hash(&self, at: impl Into<usize>) -> u64 {
        match self.word(at) {
            ABSENT => 0,
            hash => hash,
        }
    }

    /// A party.
    pub(super) fn party(&self, at: impl Into<usize>) -> Party {
        Party(self.hash(at))
    }

    /// A decimal, in its column's unit.
    pub(super) fn decimal(&self, at: impl Into<usize>) -> Option<i64> {
        match self.word(at) {
            ABSENT => None,
            word => Some(word.cast_signed()),
        }
    }

    /// A small number.
    pub(super) fn number(&self, at: impl Into<usize>) -> Option<u64> {
        match self.word(at) {
            ABSENT => None,
            word => Some(word),
        }
    }

    /// A code with few values; 0 when empty or larger than `most`.
    pub(super) fn small(&self, at: impl Into<usize>, most: u8) -> u8 {
        self.number(at).and_then(|number| u8::try_from(number).ok()).filter(|number| *number <= most).unwrap_or(0)
    }

    /// A region; 0 when empty.
    pub(super) fn region(&self, at: impl Into<usize>) -> u32 {
        self.number(at).and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    }

    /// A date or time.
    pub(super) fn moment(&self, at: impl Into<usize>) -> Option<Moment> {
        word_time(self.word(at))
    }

    /// A time; `None` when empty or without a date.
    pub(super) fn stamp(&self, at: impl Into<usize>) -> Option<Stamp> {
        match self.moment(at)? {
            Moment::At(seconds) => Some(Stamp(seconds)),
            Moment::TimeOnly(_) => None,
        }
    }

    /// The day of a date or time.
    pub(super) fn day(&self, at: impl Into<usize>) -> Option<Day> {
        self.stamp(at).map(Stamp::day)
    }

    /// The version: `Stamp(i64::MIN)` when the row carries none.
    pub(super) fn version(&self, at: impl Into<usize>) -> Stamp {
        self.stamp(at).unwrap_or(Stamp(i64::MIN))
    }

    /// The class of a `med_type`; `None` when no prefix of it is listed.
    pub(super) fn class(&self, at: impl Into<usize>) -> Option<CareClass> {
        class_numbered(self.word(at) & 255)
    }

    /// An ICD category; 0 when empty or when it does not look like ICD.
    pub(super) fn icd(&self, at: impl Into<usize>) -> u32 {
        u32::try_from(self.hash(at) >> 32).unwrap_or(0)
    }

    /// Whether the row counts: `vali_flag` is 1 or absent, `deleted` is not 1, no status says void.
    pub(super) fn live(&self, valid: impl Into<usize>, deleted: impl Into<usize>, void: impl Into<usize>) -> bool {
        self.number(valid).is_none_or(|flag| flag == 1)
            && self.number(deleted).is_none_or(|flag| flag == 0)
            && !self.has(void)
    }
}

/// Spreads a word over all bits, differently for every place; the content of a row is the sum over its places.
pub(super) fn spread(word: u64, at: usize) -> u64 {
    let mixed = (word ^ (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}
