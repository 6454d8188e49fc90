//! How does one value of a column become one machine word? CSV, JSON Lines and Parquet meet here, so the same row gives
//! the same words, and therefore the same key and content, from every format.

use super::manifest::Settings;
use super::moment::{Moment, moment};
use super::{money, text};
use crate::model::{Party, PartyKind, hash_text, icd_category};

/// Nothing there.
pub(super) const ABSENT: u64 = 1 << 63;
/// Something there that cannot be read.
pub(super) const BAD: u64 = ABSENT + 1;
/// An identifier that a spreadsheet or a float has cut.
pub(super) const MANGLED: u64 = ABSENT + 2;
/// A value longer than [`VALUE_LIMIT`].
pub(super) const TOO_LONG: u64 = ABSENT + 3;
/// Bytes of a value of a known column at most. National columns hold at most some thousand; what is longer is a lost line end or
/// quote, or a file in a field, and would be kept as a name.
pub(super) const VALUE_LIMIT: usize = 32 << 10;

/// Whether a word stands for a value that cannot be read.
pub(super) fn is_fault(word: u64) -> bool {
    matches!(word, BAD | MANGLED | TOO_LONG)
}

/// A name in plain letters is shorter than this; what is longer is ciphertext.
pub(super) const WORDLESS: usize = 24;
/// Time words at or above this (as signed numbers below −2⁶²) hold a time of day only.
const TIME_ONLY: i64 = i64::MIN + (1 << 40);
/// In the lowest byte of a `med_type` word: no listed prefix.
const NO_CLASS: u64 = 255;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier: its hash.
    Text,
    /// An identifier that says nothing when it is shorter than this, or all one letter: its hash.
    AtLeast(usize),
    /// A code compared without leading zeros: its hash.
    Code,
    /// An identifier of a party.
    Party(PartyKind),
    /// A telephone number.
    Phone,
    /// An address.
    Address,
    /// Six digits.
    Region,
    /// The six digits inside an institution's code.
    RegionInCode,
    /// A decimal, exact, in units of 10^-n.
    Decimal(u32),
    /// A decimal, rounded to units of 10^-n.
    Rounded(u32),
    /// A date or a time.
    Time,
    /// A small number, leading zeros ignored.
    Number,
    /// `med_type`: its hash above its class.
    MedType,
    /// An ICD code: the category above its hash.
    Icd,
    /// The first prefix of the list that the value begins with, case ignored.
    OneOf(&'static [(&'static str, u64)]),
    /// The first word of the list that the value contains.
    Contains(&'static [(&'static str, u64)]),
    /// The digits that the value ends with, at most eighteen of them, as a number: what counts up from bill to bill.
    Serial,
    /// Hash of the first character, when it is a Chinese one.
    Surname,
}

impl Kind {
    /// The word for a field. `field` need not be trimmed.
    pub(super) fn word(self, field: &str, settings: &Settings) -> u64 {
        let text = text::normal(field);
        if text.is_empty() {
            return ABSENT;
        }
        match self {
            Kind::Text => identifier(text, hash_text),
            Kind::AtLeast(length) if is_placeholder(text, length) => ABSENT,
            Kind::AtLeast(_) => identifier(text, hash_text),
            Kind::Code => hash_text(significant(text)),
            Kind::Party(kind) => identifier(text, |text| Party::of(kind, text).0),
            Kind::Phone => text::phone(text).map_or(ABSENT, |text| Party::of(PartyKind::Phone, &text).0),
            Kind::Address => text::address(text).map_or(ABSENT, |text| Party::of(PartyKind::Address, &text).0),
            Kind::Region => region(text.as_bytes()),
            Kind::RegionInCode => text.as_bytes().get(1..7).map_or(ABSENT, region),
            Kind::Decimal(decimals) => money::exact(text.as_bytes(), decimals).map_or(BAD, i64::cast_unsigned),
            Kind::Rounded(decimals) => money::rounded(text.as_bytes(), decimals).map_or(BAD, i64::cast_unsigned),
            Kind::Time => moment(text.as_bytes(), settings.shift).map_or(BAD, time_word),
            Kind::Number => number(text.as_bytes()),
            Kind::MedType => {
                let class = settings.med_types.class(text).map_or(NO_CLASS, |class| class as u64);
                hash_text(text) << 8 | class
            }
            Kind::Icd => u64::from(icd(text)) << 32 | hash_text(text) >> 32,
            Kind::OneOf(list) => listed(list, |word| starts_with(text, word)),
            Kind::Contains(list) => listed(list, |word| text.contains(word)),
            Kind::Surname => surname(text),
            Kind::Serial => serial(text),
        }
    }

    /// What the user would search for: the text behind a party's number.
    pub(super) fn shown(self, field: &str) -> String {
        let text = text::normal(field);
        match self {
            Kind::Phone => text::phone(text),
            Kind::Address => text::address(text),
            _ => None,
        }
        .unwrap_or_else(|| text.to_owned())
    }

    /// Whether words of this kind are parties.
    pub(super) fn is_party(self) -> bool {
        matches!(self, Kind::Party(_) | Kind::Phone | Kind::Address)
    }

    /// The date shapes share one word, whatever the file's physical type.
    pub(super) fn is_decimal(self) -> Option<u32> {
        match self {
            Kind::Decimal(decimals) | Kind::Rounded(decimals) => Some(decimals),
            _ => None,
        }
    }
}

/// The word for a time.
pub(super) fn time_word(moment: Moment) -> u64 {
    match moment {
        Moment::At(seconds) => seconds.cast_unsigned(),
        Moment::TimeOnly(seconds) => (TIME_ONLY + seconds).cast_unsigned(),
    }
}

/// The time in a word; `None` when absent.
pub(super) fn word_time(word: u64) -> Option<Moment> {
    let seconds = word.cast_signed();
    if seconds >= i64::MIN / 2 {
        Some(Moment::At(seconds))
    } else if seconds >= TIME_ONLY {
        Some(Moment::TimeOnly(seconds - TIME_ONLY))
    } else {
        None
    }
}

fn identifier(text: &str, hash: impl Fn(&str) -> u64) -> u64 {
    if text::is_mangled(text) { MANGLED } else { hash(text) }
}

fn is_placeholder(text: &str, length: usize) -> bool {
    let first = text.chars().next();
    text.len() < length || text.contains("无") || text.chars().all(|letter| Some(letter) == first)
}

fn significant(text: &str) -> &str {
    let stripped = text.trim_start_matches('0');
    if stripped.is_empty() { "0" } else { stripped }
}

fn region(text: &[u8]) -> u64 {
    if text.len() != 6 {
        return BAD;
    }
    text.iter()
        .try_fold(0_u64, |code, byte| byte.is_ascii_digit().then(|| code * 10 + u64::from(byte - b'0')))
        .unwrap_or(BAD)
}

fn number(text: &[u8]) -> u64 {
    if text.len() > 12 {
        return BAD;
    }
    text.iter()
        .try_fold(0_u64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
        .unwrap_or(BAD)
}

/// The diseases of the national catalogue for chronic outpatient care that are settled across regions, by the beginning of their codes
/// (`M07803` is dialysis), with the ICD-10 category that says the same. Read as ICD-10 they would all be diseases of the joints.
const CHRONIC_DISEASES: [(&str, &str); 10] = [
    ("M002", "B18"),
    ("M005", "C80"),
    ("M016", "E14"),
    ("M039", "I10"),
    ("M046", "I25"),
    ("M053", "J44"),
    ("M069", "M06"),
    ("M072", "M45"),
    ("M078", "N18"),
    ("M083", "Z94"),
];

/// The category, when the text looks like ICD-10 (a letter and two digits) or is a code of the catalogue of chronic diseases: an M and
/// five digits without a dot.
fn icd(text: &str) -> u32 {
    match text.as_bytes() {
        [b'M', digits @ ..] if digits.len() == 5 && digits.iter().all(u8::is_ascii_digit) => {
            let listed = CHRONIC_DISEASES.iter().find(|(code, _)| text.starts_with(code));
            icd_category(listed.map_or(text, |(_, category)| category))
        }
        [letter, tens, ones, ..] if letter.is_ascii_alphabetic() && tens.is_ascii_digit() && ones.is_ascii_digit() => {
            icd_category(text)
        }
        _ => 0,
    }
}

fn listed(list: &[(&str, u64)], fits: impl Fn(&str) -> bool) -> u64 {
    list.iter().find(|(word, _)| fits(word)).map_or(BAD, |(_, number)| *number)
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn serial(text: &str) -> u64 {
    let digits = text.len() - text.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    text[text.len() - digits.min(18)..].parse().unwrap_or(BAD)
}

fn surname(text: &str) -> u64 {
    match text.chars().next() {
        Some(letter @ '\u{4e00}'..='\u{9fff}') => hash_text(letter.encode_utf8(&mut [0; 4])),
        _ => BAD,
    }
}
