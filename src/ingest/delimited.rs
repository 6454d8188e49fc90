//! How does a chunk of CSV, TSV or JSON Lines become rows?

use super::column::Cells;
use super::encoding::decode;
use super::gather::{Fields, Gather};
use super::plan::Plan;
use super::scene::Texts;
use super::split::{self, each_record};
use super::stream::{Chunk, Dialect};
use super::table::Record;
use super::tear::Tear;
use super::text::{is_blank, normal};
use std::borrow::Cow;

/// The fields of a text record, seen through the plan.
pub(super) struct TextFields<'a> {
    /// How columns feed places.
    pub(super) plan: &'a Plan,
    /// The fields.
    pub(super) fields: &'a split::Fields<'a>,
}

impl Texts for TextFields<'_> {
    fn text(&self, at: usize) -> Cow<'_, str> {
        let mut texts = self.plan.columns_at(at).map(|column| self.fields.text(column));
        Cow::Borrowed(texts.find(|text| !normal(text).is_empty()).unwrap_or(""))
    }
}

impl Fields for TextFields<'_> {
    fn texts(&self) -> &dyn Texts {
        self
    }

    fn field(&self, column: usize) -> Cow<'_, str> {
        Cow::Borrowed(self.fields.text(column))
    }

    fn line(&self) -> String {
        self.fields.line().to_owned()
    }
}

/// Gives every record of a chunk to the gatherer.
pub(super) fn gather_chunk<R: Record>(gather: &mut Gather<'_>, chunk: &Chunk, dialect: Dialect) {
    let plan = gather.plan;
    let valid = std::str::from_utf8(&chunk.bytes).is_ok();
    let text = decode(&chunk.bytes, plan.settings.gb18030);
    let damaged = !valid && text.contains("\\x");
    // Only the last chunk of a file can end without a line end.
    let open_end = !chunk.overlong && !chunk.bytes.ends_with(b"\n");
    let mut cells = Cells::EMPTY;
    let line = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len()).max(20);
    gather.expect::<R>(text.len() / line + text.len() / line / 16 + 4);
    each_record(&text, dialect, &plan.keys, &mut |record| {
        let fields = TextFields { plan, fields: record };
        let tear = tear(record, chunk, dialect, plan.columns.len());
        if open_end && record.is_last() {
            let count = record.count() + usize::from(tear == Some(Tear::OpenQuote));
            gather.piece.end = Some((count as u64, tear.is_none()));
        }
        if let Some(tear) = tear {
            let cut = open_end && record.is_last() && tear != Tear::Wide;
            return gather.take_broken(if cut { Tear::CutOff } else { tear }, &fields);
        }
        if damaged && record.line().contains("\\x") {
            gather.illegible();
        }
        let filled = plan.fill(&mut cells, |column| record.text(column));
        gather.take::<R>(&cells, filled, &fields);
    });
}

/// What is wrong with the shape of a record.
fn tear(record: &split::Fields<'_>, chunk: &Chunk, dialect: Dialect, width: usize) -> Option<Tear> {
    match dialect {
        _ if chunk.overlong => Some(Tear::TooLong),
        Dialect::JsonLines => record.broken().then_some(Tear::NoObject),
        Dialect::Delimited(_) if record.broken() => Some(Tear::OpenQuote),
        Dialect::Delimited(_) if fits(record, width) => None,
        Dialect::Delimited(_) => Some(if record.count() < width { Tear::Short } else { Tear::Wide }),
    }
}

/// Whether a record has as many fields as the header; empty ones more do no harm.
pub(super) fn fits(record: &split::Fields<'_>, width: usize) -> bool {
    record.count() == width
        || (record.count() > width
            && (width..record.count()).all(|column| record.text(column).trim_matches(is_blank).is_empty()))
}

/// How many records a chunk holds.
pub(super) fn count_chunk(plan: &Plan, chunk: &Chunk, dialect: Dialect) -> u64 {
    if chunk.overlong {
        return 1;
    }
    split::count_records(&decode(&chunk.bytes, plan.settings.gb18030), dialect, &plan.keys)
}
