//! HN27: do they come in the days of the year that everybody comes? Plasters on acupuncture points in the dog days and at the
//! winter solstice, a clinic's yearly campaign: the same few weeks every year, the same days for all.

use super::LookAlike;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// A treatment of the season.
pub(crate) struct Season;

/// The dog days last forty days, the days after the solstice twenty-seven; late comers have theirs a little later.
const SEASON_DAYS: i32 = 55;
/// Days of a year.
const YEAR_DAYS: i32 = 365;

impl LookAlike for Season {
    fn code(&self) -> &'static str {
        "HN27"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("三伏贴等时令治疗", "treatment of the season")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "card_pool", "unclassified"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &[
            "strict_beat",
            "one_beat",
            "within_minutes",
            "without_end",
            "narrow_fee",
            "tandem",
            "same_order",
            "one_total",
            "beyond_chance",
        ]
    }

    fn holds(&self, _: &Bench, suspicion: &Suspicion) -> i32 {
        let (share, years) = season(suspicion);
        // Within one year, a few weeks are a short ring's whole life as well.
        if years >= 2 { ramp(share, 65, 92, 100) } else { ramp(share, 90, 100, 60) }
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let (share, years) = season(suspicion);
        (self.holds(bench, suspicion) > 0).then(|| {
            (
                -self.holds(bench, suspicion) / 2,
                format!("{share}%的就诊落在每年同样的{SEASON_DAYS}天内(共{years}年),可能为三伏贴、三九贴等时令治疗"),
                format!(
                    "{share}% of the visits lie in the same {SEASON_DAYS} days of each of {years} years: perhaps a treatment of the season"
                ),
            )
        })
    }
}

/// Percent of the settlements in the busiest weeks of the year, and in how many years they lie.
fn season(suspicion: &Suspicion) -> (i32, usize) {
    let mut days: Vec<i32> = suspicion.settlements().map(|(fact, _)| fact.begin.0.rem_euclid(YEAR_DAYS)).collect();
    days.sort_unstable();
    let all = days.len();
    let next_year: Vec<i32> = days.iter().map(|day| day + YEAR_DAYS).collect();
    days.extend(next_year);
    let upto = |from: i32| days.partition_point(|day| day - from < SEASON_DAYS);
    let most = (0..all).map(|at| upto(days[at]) - at).max().unwrap_or(0);
    let years = |of: fn(i32) -> i32| {
        let mut years: Vec<i32> = suspicion.settlements().map(|(fact, _)| of(fact.begin.0)).collect();
        years.sort_unstable();
        years.dedup();
        years.len()
    };
    // A winter's days lie on both sides of New Year: the smaller of two countings.
    let half = years(|day| (day + YEAR_DAYS / 2).div_euclid(YEAR_DAYS));
    (percent(most, all), half.min(years(|day| day.div_euclid(YEAR_DAYS))))
}

#[cfg(test)]
mod tests {
    use super::super::group::{Stay, held};
    use super::*;

    #[test]
    fn dog_days_are_a_season_and_every_twelfth_day_is_none() {
        let dog_days = |at: u32| Stay {
            person: at % 7,
            day: (2023 + i32::from(at.is_multiple_of(2)), 7, 11 + at % 20),
            ..Stay::default()
        };
        let all_year = |at: u32| Stay {
            person: at % 7,
            day: (2023 + i32::from(at.is_multiple_of(2)), 1 + at % 12, 11),
            ..Stay::default()
        };
        let one_summer = |at: u32| Stay { person: at % 7, day: (2023, 7, 11 + at % 20), ..Stay::default() };
        assert_eq!(held(&Season, (0..60).map(dog_days)), 100);
        assert_eq!(held(&Season, (0..60).map(all_year)), 0);
        assert!(held(&Season, (0..60).map(one_summer)) <= 60);
    }
}
