//! When did something happen? Days and seconds, always Asia/Shanghai wall time, never a clock.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day of a proleptic Gregorian date; `None` when the date does not exist.
    /// Rule: Howard Hinnant, *chrono-compatible low-level date algorithms*.
    #[must_use]
    pub fn of(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        let shifted_year = if month <= 2 { year - 1 } else { year };
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let month_index = i32::try_from((month + 9) % 12).ok()?;
        let day_of_year = (153 * month_index + 2) / 5 + i32::try_from(day).ok()? - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Day(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month and day of month.
    #[must_use]
    pub fn date(self) -> (i32, u32, u32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month.unsigned_abs(), day.unsigned_abs())
    }

    /// Days from `earlier` to `self`; negative when `self` is before.
    #[must_use]
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// Months since January 1970, for seasons and monthly sums.
    #[must_use]
    pub fn month(self) -> i32 {
        let (year, month, _) = self.date();
        (year - 1970) * 12 + i32::try_from(month).unwrap_or(1) - 1
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A second, counted from 1970-01-01 00:00:00 Asia/Shanghai wall time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp(pub i64);

impl Stamp {
    /// Midnight of a day.
    #[must_use]
    pub fn midnight(day: Day) -> Stamp {
        Stamp(i64::from(day.0) * 86_400)
    }

    /// The day the second lies in.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(86_400)).unwrap_or(i32::MAX))
    }

    /// Seconds past midnight.
    #[must_use]
    pub fn second_of_day(self) -> i64 {
        self.0.rem_euclid(86_400)
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip() {
        for day in -40_000..80_000 {
            let (year, month, date) = Day(day).date();
            assert_eq!(Day::of(year, month, date), Some(Day(day)));
        }
        assert_eq!(Day::of(2023, 2, 29), None);
        assert_eq!(Day::of(2024, 3, 1).map(|day| day.to_string()), Some("2024-03-01".to_owned()));
    }
}
