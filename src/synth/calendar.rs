//! Which days and hours do people choose? Weekdays, working hours, flu winters and the Spring Festival.

use super::draw::Draw;
use crate::model::Day;

/// The first and last day of a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
}

impl Window {
    /// The window that starts on New Year's day of `year` and lasts `days`.
    pub(crate) fn starting(year: i32, days: i32) -> Window {
        let first = Day::of(year, 1, 1).map_or(19_358, |day| day.0);
        Window { first, last: first + days - 1 }
    }

    /// Days in the window.
    pub(crate) fn days(&self) -> i32 {
        self.last - self.first + 1
    }

    /// Whether a day lies inside.
    pub(crate) fn holds(&self, day: i32) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Any day.
    pub(crate) fn any(&self, draw: &mut Draw) -> i32 {
        draw.day(self.first, self.last)
    }

    /// A day on which people go to a clinic or hospital: fewer at weekends and holidays, more in winter when `flu`.
    pub(crate) fn visit(&self, draw: &mut Draw, flu: bool) -> i32 {
        loop {
            let day = self.any(draw);
            if draw.chance(visit_weight(day) * if flu { winter(day) } else { 0.5 }) {
                return day;
            }
        }
    }
}

/// Monday is 0.
pub(crate) fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The next weekday on or after a day.
pub(crate) fn workday(day: i32) -> i32 {
    match weekday(day) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
}

/// New Year's day of the lunar calendar in the year of `day`.
pub(crate) fn spring_festival(day: i32) -> i32 {
    let (year, _, _) = Day(day).date();
    let (month, date) = match year {
        2019 => (2, 5),
        2020 => (1, 25),
        2021 => (2, 12),
        2022 => (2, 1),
        2023 => (1, 22),
        2024 => (2, 10),
        2025 => (1, 29),
        2026 => (2, 17),
        2027 => (2, 6),
        _ => (2, 3),
    };
    Day::of(year, month, date).map_or(day, |festival| festival.0)
}

fn visit_weight(day: i32) -> f64 {
    let week = [1.0, 0.95, 0.9, 0.9, 0.85, 0.62, 0.5];
    let base = week[usize::try_from(weekday(day)).unwrap_or(0)];
    let from_festival = day - spring_festival(day);
    let (_, month, date) = Day(day).date();
    if (-1..=6).contains(&from_festival) || (month == 10 && date <= 5) { base * 0.4 } else { base }
}

fn winter(day: i32) -> f64 {
    match Day(day).date().1 {
        12 | 1 => 1.0,
        11 | 2 | 3 => 0.7,
        7 => 0.42,
        _ => 0.36,
    }
}

/// A second of the day at a hospital's window.
pub(crate) fn office_second(draw: &mut Draw) -> i64 {
    let (low, high) = match draw.weighted(&[0.56, 0.36, 0.08]) {
        0 => (7 * 3600 + 2400, 11 * 3600 + 2400),
        1 => (13 * 3600 + 1800, 17 * 3600 + 1800),
        _ => (0, 86_399),
    };
    draw.int(low, high)
}

/// A second of the day at a shop's till.
pub(crate) fn shop_second(draw: &mut Draw) -> i64 {
    let hour = 8.0 + 13.5 * (draw.unit() + draw.unit() + draw.unit()) / 3.0;
    super::draw::whole((hour + draw.real(-1.5, 1.5)).clamp(7.5, 22.0) * 3600.0) + draw.int(0, 59)
}
