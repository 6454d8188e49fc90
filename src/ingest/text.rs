//! What does a field say once the export's dirt is off? Trimming, NULL spellings, `11.0`, telephone numbers.

use crate::model::{Party, PartyKind};

/// The field without surrounding blanks of any kind; "" for every spelling of NULL; `11.0` as `11`.
pub(super) fn normal(text: &str) -> &str {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return "" };
    let plain = |byte: u8| byte > b' ' && byte < 0x80;
    let text = if plain(*first) && plain(*last) { text } else { text.trim_matches(is_blank) };
    if text.len() <= 4 && is_null(text) {
        return "";
    }
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// Blanks that exports leave around headers and values: also the byte-order mark, NBSP and the full-width space.
pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\0')
}

fn is_null(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'n' | b'N' | b'\\'))
        && (text == "\\N" || ["null", "nan", "none"].iter().any(|null| text.eq_ignore_ascii_case(null)))
}

/// Whether a spreadsheet has turned an identifier into scientific notation (`3.40123E+17`): its last digits are gone.
pub(super) fn is_mangled(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(at) = bytes.len().checked_sub(4) else { return false };
    at >= 1
        && bytes[at + 1] == b'+'
        && bytes[at] | 0x20 == b'e'
        && bytes[..at].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && bytes[at + 2..].iter().all(u8::is_ascii_digit)
}

/// A telephone number reduced to its digits, without the country's prefix; ciphertext and `tok:` tokens stay as they are.
/// `None` when it cannot tell one line from another: too short, masked, or one digit repeated.
pub(super) fn phone(text: &str) -> Option<String> {
    if text.starts_with("tok:") || (text.len() >= 16 && text.bytes().any(|byte| byte.is_ascii_alphabetic())) {
        return Some(text.to_owned());
    }
    if text.contains('*') {
        return None;
    }
    let digits: String = text
        .chars()
        .filter_map(|letter| match letter {
            '0'..='9' => Some(letter),
            '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
            _ => None,
        })
        .collect();
    let digits = digits.strip_prefix("0086").unwrap_or(&digits);
    let digits = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
    let repeated = digits.bytes().all(|byte| Some(&byte) == digits.as_bytes().first());
    (digits.len() >= 7 && !repeated).then(|| digits.to_owned())
}

/// The party that a text names, read as the reader reads it.
#[must_use]
pub fn party_named(kind: PartyKind, text: &str) -> Party {
    let read = match kind {
        PartyKind::Phone => phone(text),
        PartyKind::Address => address(text),
        _ => None,
    };
    Party::of(kind, read.as_deref().unwrap_or(text.trim()))
}

/// An address without blanks; `None` when it says nothing.
pub(super) fn address(text: &str) -> Option<String> {
    let address: String = text.chars().filter(|letter| !is_blank(*letter)).collect();
    let says_nothing = matches!(address.as_str(), "无" | "不详" | "未知" | "-" | "--" | "/" | "0");
    (!says_nothing && address.chars().count() >= 4).then_some(address)
}

/// The value as messages and reject files show it: first and last two letters at most.
pub(super) fn masked(text: &str) -> String {
    let letters: Vec<char> = text.chars().take(64).collect();
    match letters.len() {
        0 => String::new(),
        1..=4 => "*".repeat(letters.len()),
        5..=8 => format!("{}***{}", letters[0], letters[letters.len() - 1]),
        length => format!("{}{}***{}{}", letters[0], letters[1], letters[length - 2], letters[length - 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirt_comes_off() {
        for text in ["\tA1\t", "\u{feff}A1", "\u{a0}A1 ", "\u{3000}A1\u{3000}", "A1\r", "A1"] {
            assert_eq!(normal(text), "A1");
        }
        for null in ["", " ", "null", "NULL", "\\N", "nan", "NaN", "None", "\tnull "] {
            assert_eq!(normal(null), "");
        }
        assert_eq!(normal("11.0"), "11");
        assert_eq!(normal("011.0"), "011");
        assert_eq!(normal("A.0"), "A.0");
        assert_eq!(normal("nano"), "nano");
    }

    #[test]
    fn spreadsheet_damage_is_seen() {
        assert!(is_mangled("3.40123E+17"));
        assert!(is_mangled("1e+22"));
        assert!(!is_mangled("E+12"));
        assert!(!is_mangled("340123E017"));
        assert!(!is_mangled("12"));
    }

    #[test]
    fn telephones_are_digits_that_tell_lines_apart() {
        for text in ["13812345678", "+86 138-1234-5678", "008613812345678", "138 1234 5678", "１３８１２３４５６７８"]
        {
            assert_eq!(phone(text).as_deref(), Some("13812345678"), "{text}");
        }
        for text in ["110", "138****5678", "11111111111", "00000000", "无"] {
            assert_eq!(phone(text), None, "{text}");
        }
        assert_eq!(phone("tok:ab12").as_deref(), Some("tok:ab12"));
    }

    #[test]
    fn masks_show_at_most_four_letters() {
        assert_eq!(masked("340123199001011234"), "34***34");
        assert_eq!(masked("张三"), "**");
    }
}
