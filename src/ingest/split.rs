//! Where are the fields of a chunk of text? Quotes are obeyed, broken records are told and cost one line only.

use super::json;
use super::stream::{Dialect, closing_quote};
use super::text::is_blank;

/// Set in a span's start when the text stands in the scratch space.
const IN_SCRATCH: u32 = 1 << 31;

/// The fields of one record.
pub(super) struct Fields<'a> {
    chunk: &'a str,
    spans: Vec<(u32, u32)>,
    scratch: String,
    line: (usize, usize),
    broken: bool,
    /// Whether letters follow a closing quote.
    ragged: bool,
}

impl<'a> Fields<'a> {
    fn new(chunk: &'a str) -> Fields<'a> {
        Fields {
            chunk,
            spans: Vec::with_capacity(64),
            scratch: String::new(),
            line: (0, 0),
            broken: false,
            ragged: false,
        }
    }

    /// The field's text; "" beyond the last one.
    pub(super) fn text(&self, column: usize) -> &str {
        let Some(&(start, end)) = self.spans.get(column) else { return "" };
        let from = if start & IN_SCRATCH == 0 { self.chunk } else { &self.scratch };
        from.get((start & !IN_SCRATCH) as usize..end as usize).unwrap_or("")
    }

    /// How many fields there are.
    pub(super) fn count(&self) -> usize {
        self.spans.len()
    }

    /// The record as it stands in the file, without its line end.
    pub(super) fn line(&self) -> &'a str {
        self.chunk.get(self.line.0..self.line.1).unwrap_or("").trim_end_matches(['\r', '\n'])
    }

    /// Whether nothing but blanks comes after the record in its chunk.
    pub(super) fn is_last(&self) -> bool {
        self.chunk.as_bytes().get(self.line.1..).is_none_or(|rest| rest.iter().all(u8::is_ascii_whitespace))
    }

    /// Whether the record has an open quote or is no JSON object.
    pub(super) fn broken(&self) -> bool {
        self.broken
    }

    fn start(&mut self, at: usize) {
        self.spans.clear();
        self.scratch.clear();
        self.line = (at, at);
        (self.broken, self.ragged) = (false, false);
    }

    fn push(&mut self, start: usize, end: usize) {
        self.spans.push((short(start), short(end)));
    }

    fn push_scratch(&mut self, start: usize) {
        self.spans.push((short(start) | IN_SCRATCH, short(self.scratch.len())));
    }

    /// Makes room for `width` empty fields, to be set by number.
    pub(super) fn clear_to(&mut self, width: usize) {
        self.spans.clear();
        self.spans.resize(width, (0, 0));
    }

    /// Sets a field to a stretch of the chunk.
    pub(super) fn set(&mut self, column: usize, start: usize, end: usize) {
        self.spans[column] = (short(start), short(end));
    }

    /// Sets a field to a text of its own.
    pub(super) fn set_text(&mut self, column: usize, text: &str) {
        let start = self.scratch.len();
        self.scratch.push_str(text);
        self.spans[column] = (short(start) | IN_SCRATCH, short(self.scratch.len()));
    }

    fn is_blank(&self) -> bool {
        self.chunk.as_bytes()[self.line.0..self.line.1].iter().all(|byte| matches!(byte, b' ' | b'\r' | b'\n'))
    }
}

/// Chunks are at most a few dozen megabytes.
fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX >> 1)
}

/// Gives every record of a chunk to `each`, in order; blank lines are no records. `columns` are the header's names.
pub(super) fn each_record(chunk: &str, dialect: Dialect, columns: &[String], each: &mut impl FnMut(&Fields<'_>)) {
    match dialect {
        Dialect::JsonLines => json_lines(chunk, columns, each),
        Dialect::Delimited(delimiter) if memchr::memchr(b'"', chunk.as_bytes()).is_none() => {
            plain(chunk, delimiter, each)
        }
        Dialect::Delimited(delimiter) => quoted(chunk, delimiter, columns.len(), each),
    }
}

/// How many records [`each_record`] would give.
pub(super) fn count_records(chunk: &str, dialect: Dialect, columns: &[String]) -> u64 {
    let mut count = 0;
    match dialect {
        Dialect::Delimited(delimiter) if memchr::memchr(b'"', chunk.as_bytes()).is_some() => {
            quoted(chunk, delimiter, columns.len(), &mut |_| count += 1);
        }
        _ => {
            let mut fields = Fields::new(chunk);
            each_line(chunk, |start, end| {
                fields.line = (start, end);
                count += u64::from(!fields.is_blank());
            });
        }
    }
    count
}

fn each_line(chunk: &str, mut each: impl FnMut(usize, usize)) {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', chunk.as_bytes()) {
        each(start, end);
        start = end + 1;
    }
    if start < chunk.len() {
        each(start, chunk.len());
    }
}

fn json_lines(chunk: &str, columns: &[String], each: &mut impl FnMut(&Fields<'_>)) {
    let mut fields = Fields::new(chunk);
    each_line(chunk, |start, end| {
        fields.start(start);
        fields.line = (start, end);
        if !fields.is_blank() {
            fields.broken = json::object(chunk, start, end, columns, &mut fields).is_none();
            each(&fields);
        }
    });
}

/// No quotes anywhere: every delimiter and every line end counts.
fn plain(chunk: &str, delimiter: u8, each: &mut impl FnMut(&Fields<'_>)) {
    let bytes = chunk.as_bytes();
    let mut fields = Fields::new(chunk);
    let mut start = 0;
    for at in memchr::memchr2_iter(delimiter, b'\n', bytes) {
        fields.push(start, at);
        start = at + 1;
        if bytes[at] == b'\n' {
            fields.line.1 = at;
            if fields.spans.len() > 1 || !fields.is_blank() {
                each(&fields);
            }
            fields.start(start);
        }
    }
    if start < bytes.len() || !fields.spans.is_empty() {
        fields.push(start, bytes.len());
        fields.line.1 = bytes.len();
        if fields.spans.len() > 1 || !fields.is_blank() {
            each(&fields);
        }
    }
}

/// With quotes. A record that stays open, or that spans lines without `width` fields or with letters after a closing
/// quote, is broken: its first line is
/// given as such and the next line begins a new record.
fn quoted(chunk: &str, delimiter: u8, width: usize, each: &mut impl FnMut(&Fields<'_>)) {
    let bytes = chunk.as_bytes();
    let mut fields = Fields::new(chunk);
    let mut at = 0;
    while at < bytes.len() {
        fields.start(at);
        let end = quoted_record(chunk, at, delimiter, &mut fields);
        let first_line = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let spans_lines = end.is_some_and(|end| end > first_line);
        if end.is_none() || (spans_lines && (fields.ragged || fields.count() != width)) {
            fields.broken = true;
            fields.line = (at, first_line);
            at = first_line + 1;
        } else {
            let end = end.unwrap_or(first_line);
            fields.line = (at, end);
            at = end + 1;
        }
        if fields.spans.len() > 1 || !fields.is_blank() {
            each(&fields);
        }
    }
}

/// Finds the fields of the record that begins at `at`; gives its end, or `None` when a quote stays open.
fn quoted_record(chunk: &str, mut at: usize, delimiter: u8, fields: &mut Fields<'_>) -> Option<usize> {
    let bytes = chunk.as_bytes();
    loop {
        let quote = (bytes.get(at) == Some(&b'"')).then_some(at);
        let close = match quote {
            Some(open) => Some(closing_quote(bytes, open + 1)?),
            None => None,
        };
        let after = close.map_or(at, |close| close + 1);
        let end = memchr::memchr2(delimiter, b'\n', &bytes[after..]).map_or(bytes.len(), |length| after + length);
        match close {
            None => fields.push(at, end),
            Some(close) => {
                let (inside, tail) = (&chunk[at + 1..close], chunk[after..end].trim_end_matches('\r'));
                if tail.is_empty() && !inside.contains('"') {
                    fields.push(at + 1, close);
                } else {
                    let start = fields.scratch.len();
                    fields.scratch.push_str(&inside.replace("\"\"", "\""));
                    fields.scratch.push_str(tail);
                    fields.push_scratch(start);
                    fields.ragged |= !tail.trim_matches(is_blank).is_empty();
                }
            }
        }
        if end >= bytes.len() || bytes[end] == b'\n' {
            return Some(end);
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(chunk: &str, width: usize) -> Vec<(Vec<String>, bool)> {
        let mut records = Vec::new();
        let columns = vec![String::new(); width];
        each_record(chunk, Dialect::Delimited(b','), &columns, &mut |fields| {
            records.push(((0..fields.count()).map(|at| fields.text(at).to_owned()).collect(), fields.broken()));
        });
        assert_eq!(records.len() as u64, count_records(chunk, Dialect::Delimited(b','), &columns));
        records
    }

    fn row(fields: &[&str], broken: bool) -> (Vec<String>, bool) {
        (fields.iter().map(|field| (*field).to_owned()).collect(), broken)
    }

    #[test]
    fn fields_and_blank_lines() {
        assert_eq!(all("a,b\n\n \r\nc,\n", 2), [row(&["a", "b"], false), row(&["c", ""], false)]);
        assert_eq!(all("a,b\nc", 2), [row(&["a", "b"], false), row(&["c"], false)]);
    }

    #[test]
    fn quotes_hide_delimiters_and_line_ends() {
        assert_eq!(
            all("\"a,1\",\"b\n2\"\n\"c\"\"d\",5\" pipe\n", 2),
            [row(&["a,1", "b\n2"], false), row(&["c\"d", "5\" pipe"], false)]
        );
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        let records = all("a,b\n\"c,d\ne,f\ng,h\n", 2);
        assert_eq!(records.iter().filter(|(_, broken)| *broken).count(), 1);
        assert_eq!(records.len(), 4);
        let records = all("a,b\n\"c,d\ne,f\n\"g\",h\n", 2);
        assert_eq!(records.last(), Some(&row(&["g", "h"], false)));
        assert_eq!(records.len(), 4);
    }
}
