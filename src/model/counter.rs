//! What is done at counters, and how much of it is odd? Purchases paid whole from an account, visits that keep a beat, and the
//! counts of what is usual at a place; shared by `flow`, which counts, and `typology`, which words.

use super::{CareClass, Day, Explains, Party, RowRef, Settlement, explains};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound;

/// Nobody empties an account for less.
const EMPTIED_FEN_MIN: i64 = 15_000;
/// Visits to one place before they can keep a beat.
pub const BEAT_VISITS_MIN: usize = 7;
/// Visits to each of two places by turns.
const BEAT_TURNS_MIN: usize = 3;
/// Days between visits that are a beat: courses of treatment are closer together, refills farther apart.
const BEAT_DAYS: std::ops::RangeInclusive<i32> = 5..=26;
/// Visits that keep it for less than this are a course of treatment.
const BEAT_SPAN_DAYS_MIN: i32 = 80;
/// Percent of the intervals that keep it, and those that keep it or skip a turn or two: now and then somebody is taken to the other
/// clinic.
const BEAT_PERCENT: (usize, usize) = (40, 65);
/// The interval of somebody who skipped two turns.
const TURNS_MAX: i32 = 3;
/// Seconds of one step of [`Sale::hours`].
const STEP_SECONDS: i64 = 10_800;

/// Whether a settlement is made at a counter: everything but beds.
#[must_use]
pub fn at_counter(fact: &Settlement) -> bool {
    matches!(fact.class, CareClass::Outpatient | CareClass::Chronic | CareClass::Drugstore)
}

/// Whether a bill was paid without cash and at least half of it from the person's own account; where the account is not
/// exported, almost without cash and fund. `None` when nothing says who paid.
#[must_use]
pub fn from_account(fact: &Settlement) -> Option<bool> {
    if fact.account_fen == i64::MIN {
        let rest = fact.total_fen - fact.fund_fen;
        return fact.cash().map(|_| fact.without_cash() && rest * 2 >= fact.total_fen);
    }
    let free = fact.cash().map_or(fact.total_fen - fact.fund_fen <= fact.account_fen, |_| fact.without_cash());
    Some(free && fact.account_fen * 2 >= fact.total_fen)
}

/// Whether a purchase at a pharmacy emptied an account that need not have been there: paid from it, alone or with cash beside what it
/// held, and not small.
#[must_use]
pub fn empties_account(fact: &Settlement) -> bool {
    fact.class == CareClass::Drugstore
        && fact.total_fen >= EMPTIED_FEN_MIN
        && (from_account(fact) == Some(true) || nothing_left(fact))
}

/// Whether an account did not suffice: nobody pays cash beside one that does.
fn nothing_left(fact: &Settlement) -> bool {
    fact.account_fen > 0 && fact.cash().is_some_and(|cash| cash > 0) && fact.fund_fen * 10 <= fact.total_fen
}

/// One settlement at a counter, as far as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sale {
    /// Which three hours of the day.
    pub hours: u8,
    /// The class of the total: four to a doubling, from ¥10 on.
    pub total: u8,
    /// Whether it was paid from the account.
    pub account: Option<bool>,
    /// Whether an electronic voucher was shown.
    pub electronic: Option<bool>,
    /// Whether the payer is insured in another city.
    pub far: bool,
}

impl Sale {
    /// What is counted of a settlement.
    #[must_use]
    pub fn of(fact: &Settlement, far: bool) -> Sale {
        let hours = u8::try_from(fact.settled.second_of_day() / STEP_SECONDS).unwrap_or(0).min(7);
        let electronic = (fact.shown() != 0).then_some(fact.shown() == 1);
        Sale { hours, total: Sale::step(fact.total_fen), account: from_account(fact), electronic, far }
    }

    /// The class of a total.
    #[must_use]
    pub fn step(total_fen: i64) -> u8 {
        let fen = total_fen.clamp(1 << 10, (1 << 18) - 1).unsigned_abs();
        let octave = fen.ilog2();
        u8::try_from(u64::from(octave - 10) * 4 + (fen >> (octave - 2) & 3)).unwrap_or(31).min(31)
    }

    /// The smallest total of a class, fen.
    #[must_use]
    pub fn edge(step: i64) -> i64 {
        (1_i64 << (10 + step / 4)) * (4 + step % 4) / 4
    }
}

/// Counts of what the settlements at a place's counters are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct SaleCounts {
    /// By three hours of the day.
    pub hours: [i32; 8],
    /// By total ([`Sale::step`]).
    pub totals: [i32; 32],
    /// Those whose payer is known, and those paid from the account.
    pub account: [i32; 2],
    /// Those whose card is known, and those with an electronic voucher.
    pub electronic: [i32; 2],
    /// All, and those of people insured in another city.
    pub far: [i32; 2],
}

impl SaleCounts {
    /// Adds (1) or takes back (−1) one settlement.
    pub fn take(&mut self, sale: &Sale, sign: i32) {
        let count = |of: &mut [i32; 2], holds: Option<bool>| {
            of[0] += i32::from(holds.is_some()) * sign;
            of[1] += i32::from(holds == Some(true)) * sign;
        };
        self.hours[usize::from(sale.hours)] += sign;
        self.totals[usize::from(sale.total)] += sign;
        count(&mut self.account, sale.account);
        count(&mut self.electronic, sale.electronic);
        count(&mut self.far, Some(sale.far));
    }

    /// All counts, for sums.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut i32> {
        self.hours
            .iter_mut()
            .chain(&mut self.totals)
            .chain(&mut self.account)
            .chain(&mut self.electronic)
            .chain(&mut self.far)
    }
}

/// Days on which somebody came to one place again and again.
const AGAIN_MIN: usize = 5;
/// Days, from the first to the last, and from one to the next on average: high, highest.
const HIGH: (usize, i32, i32) = (15, 180, 25);
const HIGHEST: (usize, i32, i32) = (30, 365, 21);

/// How often somebody came to one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    /// As patients do, or not for long.
    Usual,
    /// Every three weeks for half a year.
    High,
    /// More often than that for a year.
    Highest,
}

/// How somebody came to one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    /// The days, once each, sorted.
    pub days: Vec<Day>,
    /// The city or county of the place, as the rows say.
    pub area: u32,
}

impl Visits {
    /// The outpatient visits of a person (settlements sorted by begin day), by place; of places with at least so many days. What is
    /// scheduled by the disease (dialysis, chemotherapy, childbirth) is not counted.
    fn by_place(settlements: &[(Settlement, RowRef)], days_min: usize) -> BTreeMap<Party, Visits> {
        let mut visits: BTreeMap<Party, Visits> = BTreeMap::new();
        if settlements.len() < BEAT_VISITS_MIN {
            return visits;
        }
        for (fact, _) in settlements.iter().filter(|(fact, _)| is_visit(fact)) {
            let held = visits.entry(fact.place).or_insert(Visits { days: Vec::new(), area: fact.area });
            if held.days.last() != Some(&fact.begin) {
                held.days.push(fact.begin);
            }
        }
        visits.retain(|_, held| held.days.len() >= days_min);
        visits
    }

    /// The places that somebody came to often enough to keep a beat, with their area, and the interval that was kept there: alone, or
    /// by turns with another place, since who is driven to a clinic may be driven to the owner's other one.
    #[must_use]
    pub fn beats(settlements: &[(Settlement, RowRef)]) -> BTreeMap<Party, (u32, Option<i32>)> {
        let all = Visits::by_place(settlements, BEAT_TURNS_MIN);
        let often = |held: &Visits| held.days.len() >= BEAT_VISITS_MIN;
        let mut beats: BTreeMap<Party, (u32, Option<i32>)> = all
            .iter()
            .filter(|(_, held)| often(held))
            .map(|(place, held)| (*place, (held.area, held.beat())))
            .collect();
        for (place, held) in &all {
            for (other, more) in all.range((Bound::Excluded(place), Bound::Unbounded)) {
                let alone = |at: &Party| beats.get(at).is_some_and(|(_, beat)| beat.is_some());
                if alone(place) && alone(other) {
                    continue;
                }
                let mut days: Vec<Day> = held.days.iter().chain(&more.days).copied().collect();
                days.sort_unstable();
                days.dedup();
                let both = Visits { days, area: held.area };
                if often(&both)
                    && let Some(beat) = both.beat()
                {
                    for (at, visits) in [(place, held), (other, more)] {
                        let known = beats.entry(*at).or_insert((visits.area, None));
                        known.1 = known.1.or(Some(beat));
                    }
                }
            }
        }
        beats
    }

    /// The outpatient visits to places to which somebody came again and again.
    #[must_use]
    pub fn again_and_again(settlements: &[(Settlement, RowRef)]) -> BTreeMap<Party, Visits> {
        Visits::by_place(settlements, AGAIN_MIN)
    }

    /// How often somebody came, and for how long.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        let span = self.days.first().zip(self.days.last()).map_or(0, |(first, last)| last.since(*first));
        let often = |(days, at_least, every): (usize, i32, i32)| {
            let came = i32::try_from(self.days.len()).unwrap_or(i32::MAX / every);
            self.days.len() >= days && span >= at_least && came * every >= span
        };
        match () {
            () if often(HIGHEST) => Frequency::Highest,
            () if often(HIGH) => Frequency::High,
            () => Frequency::Usual,
        }
    }

    /// The interval at which somebody came over and over, within a day, beyond any course of treatment.
    #[must_use]
    pub fn beat(&self) -> Option<i32> {
        let gaps: Vec<i32> = self.days.windows(2).map(|pair| pair[1].since(pair[0])).collect();
        let near = |beat: i32| gaps.iter().filter(|gap| (**gap - beat).abs() <= 1).count();
        let exact = |beat: i32| gaps.iter().filter(|gap| **gap == beat).count();
        // Intervals of 11 and 13 days by turns keep a beat of 12.
        let beats = gaps.iter().flat_map(|gap| gap - 1..=gap + 1);
        let (kept, _, std::cmp::Reverse(beat)) =
            beats.map(|beat| (near(beat), exact(beat), std::cmp::Reverse(beat))).max()?;
        let turns = |gap: i32| (1..=TURNS_MAX).any(|turns| (gap - turns * beat).abs() <= 1);
        let skipped = gaps.iter().filter(|gap| turns(**gap)).count();
        let strict = kept * 100 >= gaps.len() * BEAT_PERCENT.0 && skipped * 100 >= gaps.len() * BEAT_PERCENT.1;
        let span = self.days.last()?.since(*self.days.first()?);
        (strict && span >= BEAT_SPAN_DAYS_MIN && BEAT_DAYS.contains(&beat)).then_some(beat)
    }
}

/// Whether a settlement is an outpatient visit that the disease does not schedule.
#[must_use]
pub fn is_visit(fact: &Settlement) -> bool {
    let scheduled = matches!(explains(fact.diagnosis), Explains::Kidney | Explains::Tumour | Explains::Childbirth);
    fact.class == CareClass::Outpatient && !scheduled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits(days: impl IntoIterator<Item = i32>) -> Visits {
        Visits { days: days.into_iter().map(Day).collect(), area: 0 }
    }

    #[test]
    fn every_twelfth_day_is_a_beat_and_a_course_of_treatment_is_none() {
        assert_eq!(visits((0..20).map(|at| at * 12 + at % 2)).beat(), Some(12));
        assert_eq!(visits([0, 12, 36, 48, 60, 73, 97, 109, 121]).beat(), Some(12));
        assert_eq!(visits((0..15).map(|at| at * 3)).beat(), None);
        assert_eq!(visits((0..10).map(|at| at * 7)).beat(), None);
        assert_eq!(visits([0, 9, 31, 40, 77, 95, 140, 190]).beat(), None);
    }

    #[test]
    fn every_tenth_day_for_a_year_is_frequent_and_a_course_is_not() {
        let of = |times: i32, every: i32| visits((0..times).map(|at| at * every + at % 3)).frequency();
        assert_eq!(
            [of(40, 10), of(20, 14), of(20, 4), of(24, 30)],
            [Frequency::Highest, Frequency::High, Frequency::Usual, Frequency::Usual]
        );
    }

    #[test]
    fn an_account_is_emptied_when_it_pays_alone_or_does_not_suffice() {
        let bill = Settlement { class: CareClass::Drugstore, total_fen: 59_000, cash_fen: 0, ..Settlement::default() };
        assert!(empties_account(&Settlement { account_fen: 59_000, ..bill }));
        assert!(!empties_account(&Settlement { account_fen: 20_000, fund_fen: 39_000, ..bill }));
        assert!(empties_account(&Settlement { account_fen: 20_000, cash_fen: 39_000, ..bill }));
        assert!(!empties_account(&Settlement { account_fen: 0, cash_fen: 59_000, ..bill }));
        assert!(empties_account(&Settlement { account_fen: 59_000, card: 3, ..bill }), "with whatever card");
        assert!(empties_account(&Settlement { account_fen: i64::MIN, ..bill }));
    }

    #[test]
    fn totals_have_steps() {
        for step in 0..32 {
            assert_eq!(i64::from(Sale::step(Sale::edge(step))), step);
        }
        assert_eq!((Sale::step(0), Sale::step(i64::MAX)), (0, 31));
    }
}
