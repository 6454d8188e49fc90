//! How do columns of a Parquet file become words? Numbers stay numbers, each text of a dictionary is hashed once.

use super::cell::{ABSENT, BAD, Kind, MANGLED, time_word};
use super::moment::Moment;
use super::plan::Binding;
use crate::ingest::manifest::Settings;
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use std::fmt::Write;
use std::sync::Arc;

/// Beyond this a 64-bit float no longer tells neighbouring integers apart.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// The years that a date may have, as in text: 1800 to 9999, in seconds since 1970.
const YEARS: std::ops::Range<i64> = -5_364_662_400..253_402_300_800;
/// The seconds of a day.
const DAY: std::ops::Range<i64> = 0..86_400;

/// Words of the dictionary seen last.
#[derive(Default)]
pub(super) struct Remembered {
    values: Option<ArrayRef>,
    words: Vec<u64>,
}

/// The words of a column, one per row.
pub(super) fn words(
    array: &ArrayRef,
    binding: &Binding,
    settings: &Settings,
    remembered: &mut Remembered,
    into: &mut Vec<u64>,
) {
    into.clear();
    if let DataType::Dictionary(_, _) = array.data_type()
        && let Some(dictionary) = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>()
    {
        let values = dictionary.values();
        if !remembered.values.as_ref().is_some_and(|known| Arc::ptr_eq(known, values)) {
            let mut fresh = Vec::new();
            plain_words(values, binding, settings, &mut fresh);
            *remembered = Remembered { values: Some(Arc::clone(values)), words: fresh };
        }
        let known = &remembered.words;
        let word = |key: i32| usize::try_from(key).ok().and_then(|key| known.get(key)).copied().unwrap_or(ABSENT);
        let keys = dictionary.keys();
        if keys.null_count() == 0 {
            into.extend(keys.values().iter().map(|key| word(*key)));
        } else {
            into.extend(keys.iter().map(|key| key.map_or(ABSENT, word)));
        }
        return;
    }
    plain_words(array, binding, settings, into);
}

fn plain_words(array: &ArrayRef, binding: &Binding, settings: &Settings, into: &mut Vec<u64>) {
    let text = |text: Option<&str>| text.map_or(ABSENT, |text| binding.word(text, settings));
    match array.data_type() {
        DataType::Utf8 => return into.extend(array.as_string::<i32>().iter().map(text)),
        DataType::LargeUtf8 => return into.extend(array.as_string::<i64>().iter().map(text)),
        DataType::Utf8View => return into.extend(array.as_string_view().iter().map(text)),
        _ => {}
    }
    if decimal_words(array, binding.kind, into).is_some() || time_words(array, binding.kind, settings, into).is_some() {
        return;
    }
    let mut scratch = String::new();
    for row in 0..array.len() {
        scratch.clear();
        into.push(match write_text(array, row, &mut scratch) {
            Written::Nothing => ABSENT,
            Written::Text => binding.word(&scratch, settings),
            Written::Inexact => MANGLED,
        });
    }
}

/// The words of numbers in a column of amounts; `None` when they need a text.
fn decimal_words(array: &ArrayRef, kind: Kind, into: &mut Vec<u64>) -> Option<()> {
    let decimals = kind.is_decimal()?;
    let rounds = matches!(kind, Kind::Rounded(_));
    match array.data_type() {
        DataType::Float64 => primitive::<Float64Type>(array, into, |value| float_word(value, decimals, rounds)),
        DataType::Float32 => {
            primitive::<Float32Type>(array, into, |value| float_word(f64::from(value), decimals, true))
        }
        DataType::Int64 => primitive::<Int64Type>(array, into, |value| scaled(i128::from(value), 0, decimals, rounds)),
        DataType::Int32 => primitive::<Int32Type>(array, into, |value| scaled(i128::from(value), 0, decimals, rounds)),
        DataType::Decimal128(_, scale) if i32::from(*scale) == i32::try_from(decimals).unwrap_or(0) => {
            primitive::<Decimal128Type>(array, into, |value| i64::try_from(value).map_or(BAD, i64::cast_unsigned));
        }
        DataType::Decimal128(_, scale) => {
            primitive::<Decimal128Type>(array, into, |value| scaled(value, *scale, decimals, rounds))
        }
        _ => return None,
    }
    Some(())
}

/// The words of dates and times as such; `None` when they need a text.
fn time_words(array: &ArrayRef, kind: Kind, settings: &Settings, into: &mut Vec<u64>) -> Option<()> {
    if kind != Kind::Time {
        return None;
    }
    let at = |seconds: i64| if YEARS.contains(&seconds) { time_word(Moment::At(seconds)) } else { BAD };
    let clock = |seconds: i64| if DAY.contains(&seconds) { time_word(Moment::TimeOnly(seconds)) } else { BAD };
    match array.data_type() {
        DataType::Date32 => primitive::<Date32Type>(array, into, |days| at(i64::from(days) * 86_400)),
        DataType::Date64 => primitive::<Date64Type>(array, into, |value| at(value.div_euclid(1_000))),
        DataType::Timestamp(unit, zone) => {
            let shift = settings.shift;
            let zoned = zone.is_some();
            let local =
                |value: i64| at(value.saturating_add(if zoned { 8 * 3_600 } else { midnight_or(value, shift) }));
            match unit {
                TimeUnit::Second => primitive::<TimestampSecondType>(array, into, local),
                TimeUnit::Millisecond => {
                    primitive::<TimestampMillisecondType>(array, into, |value| local(value.div_euclid(1_000)))
                }
                TimeUnit::Microsecond => {
                    primitive::<TimestampMicrosecondType>(array, into, |value| local(value.div_euclid(1_000_000)));
                }
                TimeUnit::Nanosecond => {
                    primitive::<TimestampNanosecondType>(array, into, |value| local(value.div_euclid(1_000_000_000)));
                }
            }
        }
        DataType::Time32(TimeUnit::Second) => {
            primitive::<Time32SecondType>(array, into, |value| clock(i64::from(value)))
        }
        DataType::Time32(_) => primitive::<Time32MillisecondType>(array, into, |value| clock(i64::from(value) / 1_000)),
        DataType::Time64(TimeUnit::Microsecond) => {
            primitive::<Time64MicrosecondType>(array, into, |value| clock(value / 1_000_000))
        }
        DataType::Time64(_) => primitive::<Time64NanosecondType>(array, into, |value| clock(value / 1_000_000_000)),
        _ => return None,
    }
    Some(())
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef, into: &mut Vec<u64>, word: impl Fn(T::Native) -> u64) {
    let array = array.as_primitive::<T>();
    if array.null_count() == 0 {
        into.extend(array.values().iter().map(|value| word(*value)));
    } else {
        into.extend(array.iter().map(|value| value.map_or(ABSENT, &word)));
    }
}

/// A midnight is a date, and dates are not shifted.
fn midnight_or(value: i64, shift: i64) -> i64 {
    if value.rem_euclid(86_400) == 0 { 0 } else { shift }
}

/// A number times 10^-`scale` in units of 10^-`decimals`.
fn scaled(value: i128, scale: i8, decimals: u32, rounds: bool) -> u64 {
    let shift = i32::try_from(decimals).unwrap_or(0) - i32::from(scale);
    let word = if shift >= 0 {
        10_i128.checked_pow(shift.unsigned_abs()).and_then(|factor| value.checked_mul(factor))
    } else {
        let divisor = 10_i128.checked_pow(shift.unsigned_abs()).unwrap_or(i128::MAX);
        match value % divisor {
            0 => Some(value / divisor),
            rest if rounds => Some(
                value / divisor + if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { value.signum() } else { 0 },
            ),
            _ => None,
        }
    };
    word.and_then(|word| i64::try_from(word).ok()).map_or(BAD, i64::cast_unsigned)
}

/// A float in units of 10^-`decimals`; it must be one up to the float's own error.
fn float_word(value: f64, decimals: u32, rounds: bool) -> u64 {
    if value.is_nan() {
        return ABSENT;
    }
    let units = value * 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let whole = units.round();
    if !whole.is_finite()
        || whole.abs() >= EXACT_FLOAT
        || (!rounds && (units - whole).abs() > 1e-4_f64.max(units.abs() * 1e-12))
    {
        return BAD;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    let whole = whole as i64;
    whole.cast_unsigned()
}

/// What became of a value's text.
pub(super) enum Written {
    /// There is no value.
    Nothing,
    /// It was written.
    Text,
    /// It is an integer that a float cannot hold.
    Inexact,
}

/// Writes a value as CSV would hold it.
pub(super) fn write_text(array: &ArrayRef, row: usize, into: &mut String) -> Written {
    if array.is_null(row) {
        return Written::Nothing;
    }
    macro_rules! number {
        ($type:ty) => {
            write!(into, "{}", array.as_primitive::<$type>().value(row))
        };
    }
    let written = match array.data_type() {
        DataType::Utf8 => write!(into, "{}", array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => write!(into, "{}", array.as_string::<i64>().value(row)),
        DataType::Utf8View => write!(into, "{}", array.as_string_view().value(row)),
        DataType::Binary => write!(into, "{}", super::encoding::decode(array.as_binary::<i32>().value(row), None)),
        DataType::LargeBinary => write!(into, "{}", super::encoding::decode(array.as_binary::<i64>().value(row), None)),
        DataType::BinaryView => write!(into, "{}", super::encoding::decode(array.as_binary_view().value(row), None)),
        DataType::Boolean => write!(into, "{}", u8::from(array.as_boolean().value(row))),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => return write_float(f64::from(array.as_primitive::<Float32Type>().value(row)), into),
        DataType::Float64 => return write_float(array.as_primitive::<Float64Type>().value(row), into),
        DataType::Dictionary(_, _) => {
            let Some(dictionary) = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>() else {
                return write_other(array, row, into);
            };
            let key = dictionary.key(row);
            return key.map_or(Written::Nothing, |key| write_text(dictionary.values(), key, into));
        }
        _ => return write_other(array, row, into),
    };
    if written.is_ok() { Written::Text } else { Written::Nothing }
}

fn write_float(value: f64, into: &mut String) -> Written {
    if value.is_nan() {
        return Written::Nothing;
    }
    if value.abs() >= EXACT_FLOAT {
        return Written::Inexact;
    }
    if write!(into, "{value}").is_ok() { Written::Text } else { Written::Nothing }
}

fn write_other(array: &ArrayRef, row: usize, into: &mut String) -> Written {
    let options = arrow::util::display::FormatOptions::default();
    match arrow::util::display::ArrayFormatter::try_new(array.as_ref(), &options) {
        Ok(formatter) if write!(into, "{}", formatter.value(row)).is_ok() => Written::Text,
        _ => Written::Nothing,
    }
}
