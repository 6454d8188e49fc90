//! Which letters are these bytes? UTF-8, GB18030, or a mixture with ciphertext, decided for each chunk.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS};
use std::borrow::Cow;
use std::fmt::Write;

/// The text of a chunk. `gb18030` is what the manifest says; without it, UTF-8 with few stray bytes is UTF-8, else valid GB18030 is
/// GB18030, else the valid stretches are UTF-8 and every other byte is written as `\xNN`, so that equal ciphertexts stay
/// equal and nothing is lost.
pub(super) fn decode(bytes: &[u8], gb18030: Option<bool>) -> Cow<'_, str> {
    if gb18030 != Some(true) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        if gb18030 == Some(false) || is_utf8_with_dirt(bytes) {
            return Cow::Owned(escaped(bytes));
        }
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if !has_private(&text) => text,
        _ => Cow::Owned(escaped(bytes)),
    }
}

/// The name of another writing's encoding that a file's first bytes are in, when they are in one: text of Taiwan, Japan or Korea
/// would pass as GB18030, letter by letter wrong. As browsers tell it; short stretches tell nothing.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const SAMPLE: usize = 1 << 16;
    const LETTERS_MIN: usize = 20;
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let whole = memchr::memrchr(b'\n', sample).map_or(sample, |end| &sample[..=end]);
    if whole.iter().filter(|byte| !byte.is_ascii()).count() < 2 * LETTERS_MIN || std::str::from_utf8(whole).is_ok() {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(whole, true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    [BIG5, SHIFT_JIS, EUC_JP, EUC_KR].contains(&guess).then(|| guess.name())
}

/// Whether more is said in letters of three and four bytes as UTF-8 has them than there are bytes that fit none: in GB18030 few
/// stretches do.
fn is_utf8_with_dirt(bytes: &[u8]) -> bool {
    let (mut letters, mut dirt) = (0, 0);
    for part in bytes.utf8_chunks() {
        letters += part.valid().chars().filter(|letter| *letter >= '\u{800}').count();
        dirt += part.invalid().len();
    }
    letters > dirt
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
    if start.starts_with(&[0xff, 0xfe, 0, 0]) || start.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Some("UTF-32 text; save it as UTF-8");
    }
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
    // Without a mark at its beginning: of a header in Latin letters every other byte is zero.
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    if (0..2).any(|parity| zeros(parity) * 4 > start.len() && zeros(1 - parity) == 0) {
        return Some("UTF-16 text; save it as UTF-8");
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
    fn text_of_other_places_is_not_taken_for_gb18030() {
        let rows = "姓名,地址\n陳美玲,臺北市信義區松仁路一百號\n林志豪,高雄市左營區博愛二路\n".repeat(4);
        assert_eq!(foreign(&BIG5.encode(&rows).0), Some("Big5"));
        let rows = "姓名,地址\n张三,安徽省合肥市蜀山区长江西路\n李四,江苏省南京市鼓楼区中山北路\n".repeat(4);
        assert_eq!(foreign(&GB18030.encode(&rows).0), None);
        assert_eq!(foreign(rows.as_bytes()), None);
        let ciphertext: Vec<u8> =
            (0..4_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80).collect();
        assert_eq!(foreign(&ciphertext), None);
    }

    #[test]
    fn one_stray_byte_does_not_turn_utf8_into_something_else() {
        let mut bytes = "张三,合肥市\n李四,南京市\n".as_bytes().to_vec();
        bytes.insert(6, 0xa0);
        assert_eq!(decode(&bytes, None), "张三\\xa0,合肥市\n李四,南京市\n");
    }

    #[test]
    fn ciphertext_is_escaped_and_not_lost() {
        let bytes = b"a,\xff\xfe\x01,b";
        assert_eq!(decode(bytes, None), "a,\\xff\\xfe\u{1},b");
    }

    #[test]
    fn other_files_are_named() {
        assert!(suspicion(&[0xff, 0xfe, b'a', 0]).is_some_and(|what| what.contains("UTF-16")));
        let unmarked: Vec<u8> = "setl_id,psn_no\r\n1,2\r\n".bytes().flat_map(|byte| [byte, 0]).collect();
        assert!(suspicion(&unmarked).is_some_and(|what| what.contains("UTF-16")));
        assert!(suspicion(b"setl_id,psn_no\n1,2\n").is_none());
        assert!(suspicion("结算\t人员\n".as_bytes()).is_none());
    }
}
