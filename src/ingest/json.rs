//! What are the members of one JSON object? Numbers stay as written, so a 30-digit identifier loses nothing.

use super::split::Fields;

/// Puts the object's members into the fields of the same name; members of other names are skipped. `None` when the line is
/// no object.
pub(super) fn object(chunk: &str, start: usize, end: usize, columns: &[String], fields: &mut Fields<'_>) -> Option<()> {
    fields.clear_to(columns.len());
    let bytes = chunk.as_bytes().get(..end)?;
    let mut at = expect(bytes, start, b'{')?;
    if let Some(at) = expect(bytes, at, b'}') {
        return ends(bytes, at);
    }
    let mut guess = 0;
    loop {
        at = blanks(bytes, at);
        let name_end = string_end(bytes, at)?;
        let column = column(chunk.get(at + 1..name_end - 1)?, columns, guess);
        guess = column.map_or(guess, |column| column + 1);
        at = blanks(bytes, expect(bytes, name_end, b':')?);
        let value_end = value_end(bytes, at)?;
        if let Some(column) = column {
            if bytes[at] != b'"' {
                fields.set(column, at, value_end);
            } else if bytes[at..value_end].contains(&b'\\') {
                let text: String = serde_json::from_str(chunk.get(at..value_end)?).ok()?;
                fields.set_text(column, &text);
            } else {
                fields.set(column, at + 1, value_end - 1);
            }
        }
        if let Some(next) = expect(bytes, value_end, b',') {
            at = next;
        } else {
            return ends(bytes, expect(bytes, value_end, b'}')?);
        }
    }
}

/// Members usually come in one order, so the column after the last one is tried first.
fn column(name: &str, columns: &[String], guess: usize) -> Option<usize> {
    let name = super::text::normal(name);
    if columns.get(guess).is_some_and(|column| column.eq_ignore_ascii_case(name)) {
        return Some(guess);
    }
    columns.iter().position(|column| column.eq_ignore_ascii_case(name))
}

fn blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    let at = blanks(bytes, at);
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

fn ends(bytes: &[u8], at: usize) -> Option<()> {
    (blanks(bytes, at) == bytes.len()).then_some(())
}

/// The end of the string that begins at `at`, quotes included.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The end of the value that begins at `at`. Nested values are skipped whole.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => string_end(bytes, at),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0_u32, at);
            loop {
                match bytes.get(at)? {
                    b'"' => {
                        at = string_end(bytes, at)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'N' => {
            let length =
                bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
            Some(at + length)
        }
        _ => None,
    }
}
