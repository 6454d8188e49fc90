//! Which letters are these bytes? UTF-8, GB18030, or a mixture with ciphertext, decided for each chunk.

use encoding_rs::GB18030;
use std::borrow::Cow;
use std::fmt::Write;

/// The text of a chunk. `gb18030` is what the manifest says; without it, valid UTF-8 is UTF-8, else valid GB18030 is
/// GB18030, else the valid stretches are UTF-8 and every other byte is written as `\xNN`, so that equal ciphertexts stay
/// equal and nothing is lost.
pub(super) fn decode(bytes: &[u8], gb18030: Option<bool>) -> Cow<'_, str> {
    if gb18030 != Some(true) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        if gb18030 == Some(false) {
            return Cow::Owned(escaped(bytes));
        }
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if !has_private(&text) => text,
        _ => Cow::Owned(escaped(bytes)),
    }
}

/// Decoded ciphertext is full of private-use and control characters; decoded Chinese has none.
fn has_private(text: &str) -> bool {
    text.chars().any(|letter| matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}' | '\0'..='\u{8}'))
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for part in bytes.utf8_chunks() {
        text.push_str(part.valid());
        for byte in part.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Whether a file's first bytes can be a table at all; else what they look like.
pub(super) fn suspicion(bytes: &[u8]) -> Option<&'static str> {
    // The first line, and somewhat more when it is short; dirt further on costs rows and not the file.
    let line = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len()).clamp(200, 4096);
    let start = &bytes[..bytes.len().min(line)];
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Some("UTF-16 text; save it as UTF-8");
    }
    if start.starts_with(b"PK\x03\x04") {
        return Some("a ZIP archive or spreadsheet; rename the archive to .zip, save the spreadsheet as CSV");
    }
    if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Some("an old spreadsheet; save it as CSV");
    }
    if start.starts_with(b"PAR1") {
        return Some("a Parquet file with another extension; rename it to .parquet");
    }
    let controls = start.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31)).count();
    (controls * 50 > start.len()).then_some("random or binary bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_read_in_both_encodings() {
        let text = "psn_name\n张三,合肥市\n";
        assert_eq!(decode(text.as_bytes(), None), text);
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(decode(&gb, None), text);
        assert_eq!(decode(&gb, Some(true)), text);
    }

    #[test]
    fn ciphertext_is_escaped_and_not_lost() {
        let bytes = b"a,\xff\xfe\x01,b";
        assert_eq!(decode(bytes, None), "a,\\xff\\xfe\u{1},b");
    }

    #[test]
    fn other_files_are_named() {
        assert!(suspicion(&[0xff, 0xfe, b'a', 0]).is_some_and(|what| what.contains("UTF-16")));
        assert!(suspicion(b"setl_id,psn_no\n1,2\n").is_none());
        assert!(suspicion("结算\t人员\n".as_bytes()).is_none());
    }
}
