//! Which days is a report about? A week of ISO 8601 or a month, in the time of Beijing.

use crate::model::Day;
use serde::Serialize;
use std::fmt;

/// Beijing is eight hours ahead of UTC, all year.
const AHEAD_S: i64 = 8 * 3_600;
const DAY_S: i64 = 86_400;

/// A week or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// The week that begins on this Monday.
    Week(Day),
    /// The month with this number of months since January 1970.
    Month(i32),
}

/// Whether a report is weekly or monthly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// A week, Monday to Sunday.
    Weekly,
    /// A calendar month.
    Monthly,
}

impl Period {
    /// The period in which a moment lies. Argument: seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn at(rhythm: Rhythm, moment: i64) -> Period {
        let day = Day(i32::try_from((moment + AHEAD_S).div_euclid(DAY_S)).unwrap_or(0));
        match rhythm {
            Rhythm::Weekly => Period::Week(monday(day)),
            Rhythm::Monthly => Period::Month(day.month()),
        }
    }

    /// Reads `2026-W47` or `2026-11`.
    #[must_use]
    pub fn named(text: &str) -> Option<Period> {
        let (year, rest) = text.split_once('-')?;
        let year: i32 = year.parse().ok().filter(|year| (1970..=9_999).contains(year))?;
        let two = |digits: &str| digits.parse::<i32>().ok().filter(|_| digits.len() == 2);
        let period = match rest.strip_prefix('W') {
            Some(week) => Period::Week(Day(first_monday(year)?.0 + 7 * (two(week)? - 1))),
            None => Period::Month((year - 1970) * 12 + two(rest).filter(|month| (1..=12).contains(month))? - 1),
        };
        // Week 53 of a year with 52 is no week of it.
        (period.to_string() == text).then_some(period)
    }

    /// Weekly or monthly.
    #[must_use]
    pub fn rhythm(self) -> Rhythm {
        match self {
            Period::Week(_) => Rhythm::Weekly,
            Period::Month(_) => Rhythm::Monthly,
        }
    }

    /// The first and the last day.
    #[must_use]
    pub fn days(self) -> (Day, Day) {
        let first_of = |month: i32| {
            let number = u32::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
            Day::of(1970 + month.div_euclid(12), number, 1).unwrap_or(Day(0))
        };
        match self {
            Period::Week(monday) => (monday, Day(monday.0 + 6)),
            Period::Month(month) => (first_of(month), Day(first_of(month + 1).0 - 1)),
        }
    }

    /// When it begins, and when the next one does: seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn bounds(self) -> (i64, i64) {
        let (first, last) = self.days();
        let begin = |day: i32| i64::from(day) * DAY_S - AHEAD_S;
        (begin(first.0), begin(last.0 + 1))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Week(monday) => {
                // A week belongs to the year of its Thursday.
                let (year, ..) = Day(monday.0 + 3).date();
                let first = first_monday(year).unwrap_or(*monday);
                write!(f, "{year:04}-W{:02}", (monday.0 - first.0) / 7 + 1)
            }
            Period::Month(month) => write!(f, "{:04}-{:02}", 1970 + month.div_euclid(12), month.rem_euclid(12) + 1),
        }
    }
}

/// The Monday on or before a day; 1970-01-01 was a Thursday.
fn monday(day: Day) -> Day {
    Day(day.0 - (day.0 + 3).rem_euclid(7))
}

/// The Monday of week 1: the week with the fourth of January.
fn first_monday(year: i32) -> Option<Day> {
    Day::of(year, 1, 4).map(monday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_months_are_read_and_written() {
        // (name, first day, last day), as ISO 8601 has them.
        for (name, first, last) in [
            ("2026-W47", "2026-11-16", "2026-11-22"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
            ("2026-11", "2026-11-01", "2026-11-30"),
            ("2024-02", "2024-02-01", "2024-02-29"),
        ] {
            let period = Period::named(name).expect(name);
            let (begin, end) = period.days();
            assert_eq!((period.to_string().as_str(), begin.to_string().as_str()), (name, first));
            assert_eq!(end.to_string(), last, "{name}");
            let (from, to) = period.bounds();
            assert_eq!([Period::at(period.rhythm(), from), Period::at(period.rhythm(), to - 1)], [period; 2]);
            assert_ne!(Period::at(period.rhythm(), to), period);
        }
        for wrong in ["2026-W54", "2025-W53", "2026-13", "2026-W1", "2026-1", "2026", "W47", "2026-00", "2026-W00"] {
            assert_eq!(Period::named(wrong), None, "{wrong}");
        }
    }
}
