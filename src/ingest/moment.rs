//! When was it? All date spellings of the exports, as seconds of Shanghai wall time.

use crate::model::Day;

/// What a date column held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Seconds since 1970-01-01 00:00:00 wall time.
    At(i64),
    /// A time of day without a date, in seconds past midnight.
    TimeOnly(i64),
}

/// Reads `yyyy-MM-dd[ HH:mm[:ss[.fff]]][+08:00]`, `yyyyMMdd[HHmm[ss]]`, slashes, dots, `T`, `年月日`, and times of day alone.
/// `shift` is added to times that carry no zone of their own (0 for Shanghai). `None` when it is no date that exists.
pub(super) fn moment(text: &[u8], shift: i64) -> Option<Moment> {
    match text.len() {
        10 if is_separator(text[4]) && text[7] == text[4] => {
            let day = day(four(text, 0)?, two(text, 5)?, two(text, 8)?)?;
            Some(Moment::At(day * 86_400))
        }
        19 if is_separator(text[4]) && text[7] == text[4] && matches!(text[10], b' ' | b'T') => {
            let day = day(four(text, 0)?, two(text, 5)?, two(text, 8)?)?;
            if text[13] != b':' || text[16] != b':' {
                return None;
            }
            let seconds = time_of_day(two(text, 11)?, two(text, 14)?, two(text, 17)?)?;
            Some(Moment::At(day * 86_400 + seconds + shift))
        }
        8 | 12 | 14 if text.iter().all(u8::is_ascii_digit) => compact(text, shift),
        _ => loose(text, shift),
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'/' | b'.')
}

fn two(text: &[u8], at: usize) -> Option<u32> {
    let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then_some(u32::from(tens) * 10 + u32::from(ones))
}

fn four(text: &[u8], at: usize) -> Option<u32> {
    Some(two(text, at)? * 100 + two(text, at + 2)?)
}

fn day(year: u32, month: u32, date: u32) -> Option<i64> {
    if year < 1800 {
        return None;
    }
    Day::of(i32::try_from(year).ok()?, month, date).map(|day| i64::from(day.0))
}

fn time_of_day(hour: u32, minute: u32, second: u32) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 61).then_some(i64::from(hour * 3_600 + minute * 60 + second))
}

fn compact(text: &[u8], shift: i64) -> Option<Moment> {
    let day = day(four(text, 0)?, two(text, 4)?, two(text, 6)?)?;
    if text.len() == 8 {
        return Some(Moment::At(day * 86_400));
    }
    let second = if text.len() == 14 { two(text, 12)? } else { 0 };
    Some(Moment::At(day * 86_400 + time_of_day(two(text, 8)?, two(text, 10)?, second)? + shift))
}

/// The slow way, for everything unusual.
fn loose(text: &[u8], shift: i64) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?;
    if text.len() > 40 {
        return None;
    }
    let plain = text.replace(['年', '月'], "-").replace('日', " ");
    let (date, clock) = match plain.trim().split_once([' ', 'T']) {
        Some((date, clock)) => (date, clock.trim()),
        None => (plain.trim(), ""),
    };
    if clock.is_empty() && date.contains(':') {
        let (seconds, zone) = clock_time(date)?;
        return zone.is_none().then_some(Moment::TimeOnly(seconds));
    }
    let mut parts = date.split(['-', '/', '.']);
    let day = match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        (whole, None, None, None) if whole.len() == 8 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            let bytes = whole.as_bytes();
            day(four(bytes, 0)?, two(bytes, 4)?, two(bytes, 6)?)?
        }
        (year, Some(month), Some(date), None) if year.len() == 4 => day(number(year)?, number(month)?, number(date)?)?,
        _ => return None,
    };
    if clock.is_empty() {
        return Some(Moment::At(day * 86_400));
    }
    let (seconds, zone) = clock_time(clock)?;
    let shift = zone.map_or(shift, |zone| 8 * 3_600 - zone);
    Some(Moment::At(day * 86_400 + seconds + shift))
}

/// `HH:mm[:ss[.fff]]` with an optional zone, as seconds past midnight and seconds east of Greenwich.
fn clock_time(text: &str) -> Option<(i64, Option<i64>)> {
    let (clock, zone) = if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        (clock, Some(0))
    } else if let Some(at) = text.rfind(['+', '-']) {
        let digits: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
        let padded = if digits.len() == 2 { format!("{digits}00") } else { digits };
        let bytes = padded.as_bytes();
        if bytes.len() != 4 {
            return None;
        }
        let east = i64::from(two(bytes, 0)? * 3_600 + two(bytes, 2)? * 60);
        (&text[..at], Some(if text[at..].starts_with('-') { -east } else { east }))
    } else {
        (text, None)
    };
    let (whole, fraction) = clock.trim().split_once('.').unwrap_or((clock.trim(), ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = whole.split(':');
    let (hour, minute, second, more) = (parts.next()?, parts.next()?, parts.next(), parts.next());
    if more.is_some() {
        return None;
    }
    let second = second.map_or(Some(0), number)?;
    Some((time_of_day(number(hour)?, number(minute)?, second)?, zone))
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_one_second_agree() {
        let expected = moment(b"2024-03-01 08:05:09", 0);
        assert_eq!(expected, Some(Moment::At(19_783 * 86_400 + 8 * 3_600 + 5 * 60 + 9)));
        for text in [
            "20240301080509",
            "2024/03/01 08:05:09",
            "2024-03-01T08:05:09",
            "2024-03-01 08:05:09.000",
            "2024-03-01 08:05:09+08:00",
            "2024-03-01T00:05:09Z",
            "2024-3-1 8:05:09",
            "2024年3月1日 08:05:09",
            "20240301 08:05:09",
        ] {
            assert_eq!(moment(text.as_bytes(), 0), expected, "{text}");
        }
    }

    #[test]
    fn dates_alone_are_midnight_whatever_the_zone() {
        for text in ["2024-03-01", "20240301", "2024/3/1", "2024.03.01", "2024年3月1日"] {
            assert_eq!(moment(text.as_bytes(), 28_800), Some(Moment::At(19_783 * 86_400)), "{text}");
        }
    }

    #[test]
    fn times_alone_are_told_apart() {
        assert_eq!(moment(b"08:05:09", 0), Some(Moment::TimeOnly(29_109)));
        assert_eq!(moment(b"8:05", 0), Some(Moment::TimeOnly(29_100)));
        assert_eq!(moment(b"08:05:09.123", 0), Some(Moment::TimeOnly(29_109)));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in [
            "2024-02-30",
            "2023-02-29",
            "20241301",
            "0001-01-01",
            "2024-03-01 25:00:00",
            "hello",
            "1709251200",
            "03/01/2024",
            "2024-03-01 08-05-09",
            "2024-3",
        ] {
            assert_eq!(moment(text.as_bytes(), 0), None, "{text}");
        }
    }
}
