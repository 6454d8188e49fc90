//! As of when? An epoch by its number, or what was there at the end of a day or at a moment, in the time of Beijing.

use super::shared::Shared;
use super::trouble::{Trouble, question};
use crate::model::Day;

/// Seconds by which Beijing is ahead of UTC.
const AHEAD_S: i64 = 8 * 3_600;

impl Shared {
    /// The epoch that a text names: `7`, `2026-11-20`, `2026-11-20T08:30`, `2026-11-20T00:30:00Z`.
    ///
    /// # Errors
    /// It names none.
    pub(super) fn epoch_at(&self, text: Option<&str>) -> Result<Option<u64>, Trouble> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Some).map_err(|_| wrong());
        }
        let end = moment(text).ok_or_else(wrong)?;
        let view = self.view();
        let before = view.epochs.iter().rfind(|one| one.committed_at <= end);
        Ok(Some(before.map_or(0, |one| one.epoch)))
    }
}

fn wrong() -> Trouble {
    question(
        "as_of",
        "批次号, 或北京时间 2026-11-20、2026-11-20T08:30",
        "the number of an epoch, or a day or moment of Beijing: 2026-11-20, 2026-11-20T08:30",
    )
}

/// The last second that a text means, seconds since 1970-01-01 UTC: a day to its end, a minute to its end.
fn moment(text: &str) -> Option<i64> {
    let number =
        |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<u32>().ok() } else { None };
    let two = |text: &str, below: u32| number(text).filter(|value| text.len() == 2 && *value < below);
    let (day, rest) = match text.split_once(['T', ' ']) {
        Some((day, rest)) => (day, Some(rest)),
        None => (text, None),
    };
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, of_month] = parts.as_slice() else { return None };
    let year = i32::try_from(number(year).filter(|_| year.len() == 4)?).ok()?;
    let midnight = i64::from(Day::of(year, two(month, 13)?, two(of_month, 32)?)?.0) * 86_400;
    let Some(rest) = rest else { return Some(midnight + 86_399 - AHEAD_S) };
    let (clock, ahead) = match rest.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => match rest.split_once('+') {
            Some((clock, zone)) => {
                let (hours, minutes) = zone.split_once(':')?;
                (clock, i64::from(two(hours, 15)?) * 3_600 + i64::from(two(minutes, 60)?) * 60)
            }
            None => (rest, AHEAD_S),
        },
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, 59),
        [hour, minute, second] => (hour, minute, two(second, 60)?),
        _ => return None,
    };
    let of_day = i64::from(two(hour, 24)?) * 3_600 + i64::from(two(minute, 60)?) * 60 + i64::from(second);
    Some(midnight + of_day - ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_meant_to_its_end_and_anything_else_is_none() {
        // 2026-11-20 00:00 in Beijing.
        let midnight = 1_795_104_000;
        for (text, after) in [
            ("2026-11-20", 86_399),
            ("2026-11-20T00:00", 59),
            ("2026-11-20 08:30:05", 30_605),
            ("2026-11-19T16:00:00Z", 0),
            ("2026-11-20T00:00:00+08:00", 0),
            ("2026-11-20T00:00:00+00:00", 28_800),
        ] {
            assert_eq!(moment(text), Some(midnight + after), "{text}");
        }
        for odd in [
            "2026-13-01",
            "2026-02-30",
            "2026-1-1",
            "x",
            "2026-11-20T24:00",
            "2026-11-20T",
            "2026-11-20T8:30",
            "-1-1-1",
            "２０２６-11-20",
        ] {
            assert_eq!(moment(odd), None, "{odd}");
        }
    }
}
