//! What would these stays be like if they were ordinary ones of their places?
//!
//! Each share is that of the place's other patients: all stays of the group's people are taken out of the place's counts first. Where
//! few others are left (a hospital that lives on the group, where they may be of it as well), it leans on what is usual anywhere:
//! [`ANYWHERE`] counts as [`LEAN`] further stays, and as no fewer than the group's. So «the same two doctors» says nothing about
//! people of a township hospital that has two, and a mill does not excuse itself.

use super::bench::{Bench, Cited};
use super::sentence::said;
use crate::model::{Party, PlaceBaseline, Sentence, Settlement, StayCounts, absences};
use std::collections::BTreeMap;

/// Stays that count for what is usual anywhere.
const LEAN: i64 = 15;

/// Nights of a stay, anywhere.
const NIGHTS_ANYWHERE: i64 = 7;

/// A share that a group's is held against, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// What is reckoned with: the other patients', leaning on what is usual anywhere.
    pub(crate) milli: i64,
    /// What was counted among the other patients; `None` where there are none.
    pub(crate) seen: Option<i64>,
}

impl Rate {
    /// A stated base rate, which nobody counted in these data.
    pub(crate) const fn stated(milli: i64) -> Rate {
        Rate { milli, seen: None }
    }

    /// Both figures as a remark: what was counted is never what was reckoned with alone.
    pub(crate) fn said(self) -> Sentence {
        self.said_of("同机构其他患者约", |seen| format!("about {seen}% among the places' other patients"))
    }

    /// The same, where the others are not asked quite the same.
    pub(crate) fn said_of(self, zh: &str, en: impl Fn(i64) -> String) -> Sentence {
        let reckoned = self.milli / 10;
        match self.seen.map(|seen| (seen + 5) / 10) {
            Some(seen) if (seen - reckoned).abs() <= 1 => said(format!("({zh}{seen}%)"), format!(" ({})", en(seen))),
            Some(seen) => said(
                format!("({zh}{seen}%,兼顾一般水平按{reckoned}%计)"),
                format!(" ({}; with what is usual anywhere, reckoned with {reckoned}%)", en(seen)),
            ),
            None => {
                said(format!("(按通常的{reckoned}%计)"), format!(" (reckoned with the {reckoned}% usual anywhere)"))
            }
        }
    }
}

/// The shares of other patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usual {
    /// People admitted more than once.
    pub(crate) returning: Rate,
    /// Stays of the places' two busiest doctors: no other two sign more.
    pub(crate) doctors: Rate,
    /// Stays within a night of the group's commonest length.
    pub(crate) nights: Rate,
    /// Bills within a fifth of the group's median.
    pub(crate) near_fee: Rate,
    /// Stays almost without cash.
    pub(crate) without_cash: Rate,
    /// Diagnoses at discretion.
    pub(crate) at_will: Rate,
    /// Returns within a month.
    pub(crate) soon_again: Rate,
    /// Fee baskets that another stay has too.
    pub(crate) cloned: Rate,
    /// Stays during which the patient settled elsewhere.
    pub(crate) absent: Rate,
}

/// What is usual where nothing is known: the catalogue's base rates, rounded.
const ANYWHERE: Usual = Usual {
    returning: Rate::stated(200),
    doctors: Rate::stated(300),
    nights: Rate::stated(350),
    near_fee: Rate::stated(220),
    without_cash: Rate::stated(150),
    at_will: Rate::stated(350),
    soon_again: Rate::stated(250),
    cloned: Rate::stated(30),
    absent: Rate::stated(15),
};

/// What is usual at the places of these stays, weighed by how many of the stays were there.
pub(crate) fn usual(
    bench: &Bench,
    people: &BTreeMap<Party, (i32, Vec<&Cited>)>,
    usual_nights: i32,
    median_fen: i64,
) -> Usual {
    let mut places: BTreeMap<Party, Own> = BTreeMap::new();
    for (stay, _) in people.values().flat_map(|(_, stays)| stays) {
        let own = places.entry(stay.place).or_default();
        own.stays += 1;
        own.nights[StayCounts::nights_step(stay.nights())] += 1;
    }
    for person in people.keys() {
        let mut before: BTreeMap<Party, (&Settlement, bool)> = BTreeMap::new();
        for cited in bench.stays(*person) {
            let stay = &cited.0;
            let Some(own) = places.get_mut(&stay.place) else { continue };
            own.counts.take(stay, before.get(&stay.place).copied(), 1);
            before.insert(stay.place, (stay, before.contains_key(&stay.place)));
            if let Some(file) = bench.file(stay.person) {
                let away = absences(std::iter::once(cited), &file.settlements).next().is_some();
                own.counts.absent[1] += i32::from(away);
            }
            *own.doctors.entry(stay.doctor).or_default() += i32::from(stay.doctor.is_some());
            *own.baskets.entry(stay.basket).or_default() += i32::from(stay.basket != 0);
        }
    }
    let all: i64 = places.values().map(|own| own.stays).sum::<i64>().max(1);
    let mut sums = [(0_i64, 0_i64, 0_i64); 9];
    for (place, own) in &places {
        let rates = rates(bench.place(*place), own, usual_nights, median_fen);
        for (sum, (milli, part, whole)) in sums.iter_mut().zip(rates) {
            *sum = (sum.0 + milli * own.stays, sum.1 + part, sum.2 + whole);
        }
    }
    let [returning, doctors, nights, near_fee, without_cash, at_will, soon_again, cloned, absent] =
        sums.map(|(milli, part, whole)| Rate {
            milli: (milli / all).clamp(5, 1_000),
            seen: (whole > 0).then(|| part * 1_000 / whole),
        });
    Usual { returning, doctors, nights, near_fee, without_cash, at_will, soon_again, cloned, absent }
}

/// The group's stays at a place.
#[derive(Default)]
struct Own {
    /// Those that are judged, and how many of them last how long.
    stays: i64,
    nights: [i32; 32],
    /// All that its people had there.
    counts: StayCounts,
    doctors: BTreeMap<Party, i32>,
    baskets: BTreeMap<u64, i32>,
}

/// What is reckoned with, and what was counted: a part of a whole.
fn rates(baseline: Option<&PlaceBaseline>, own: &Own, usual_nights: i32, median_fen: i64) -> [(i64, i64, i64); 9] {
    let mut others = baseline.map(|baseline| baseline.stay).unwrap_or_default();
    let mut mine = own.counts;
    let busiest = baseline.map(|baseline| baseline.busiest).unwrap_or_default();
    mine.signed = [own.doctors.values().sum(), busiest.iter().filter_map(|doctor| own.doctors.get(doctor)).sum()];
    let repeated = own.baskets.values().filter(|count| **count >= 2).sum();
    mine.baskets = [own.baskets.values().sum(), repeated];
    for (other, mine) in others.each_mut().zip(mine.each_mut()) {
        *other = (*other - *mine).max(0);
    }
    let nights = (usual_nights - 1..=usual_nights + 1).map(StayCounts::nights_step);
    let nights: i64 =
        nights.collect::<std::collections::BTreeSet<_>>().iter().map(|step| i64::from(others.nights[*step])).sum();
    let stays = stays(&others);
    let lean = |part: i64, whole: i64, anywhere: Rate| {
        let lean = LEAN.max(own.stays);
        // Counts are coarse: a part may be rounded less than its whole.
        let part = part.min(whole);
        ((part * 1_000 + anywhere.milli * lean) / (whole + lean), part, whole)
    };
    let longer = longer(own, &others);
    let absent = |(milli, part, whole): (i64, i64, i64)| (milli * longer / 100, part, whole);
    let pair = |of: [i32; 2], anywhere: Rate| lean(i64::from(of[1]), i64::from(of[0]), anywhere);
    [
        pair(others.people, ANYWHERE.returning),
        pair(others.signed, ANYWHERE.doctors),
        lean(nights, stays, ANYWHERE.nights),
        lean(near(&others, median_fen), stays, ANYWHERE.near_fee),
        pair(others.cash, ANYWHERE.without_cash),
        pair(others.diagnosed, ANYWHERE.at_will),
        pair(others.returns, ANYWHERE.soon_again),
        pair(others.baskets, ANYWHERE.cloned),
        absent(pair(others.absent, ANYWHERE.absent)),
    ]
}

/// How many times longer than the others' the group's stays are, in hundredths: who lies there longer has more errands meanwhile.
fn longer(own: &Own, others: &StayCounts) -> i64 {
    let lean = LEAN.max(own.stays);
    let mean = |counts: &StayCounts, lean: i64| {
        (counts.all_nights() + NIGHTS_ANYWHERE * lean) * 100 / (stays(counts) + lean).max(1)
    };
    let judged = StayCounts { nights: own.nights, ..StayCounts::default() };
    let own = judged.all_nights() * 100 / own.stays.max(1);
    (own * 100 / mean(others, lean).max(1)).clamp(100, 400)
}

fn stays(counts: &StayCounts) -> i64 {
    counts.nights.iter().map(|count| i64::from(*count)).sum()
}

/// Stays whose bill lies within a fifth of a median, by the parts of the fee steps that do.
fn near(others: &StayCounts, median_fen: i64) -> i64 {
    let (low, high) = (median_fen * 4 / 5, median_fen * 6 / 5);
    let edge = StayCounts::fee_edge;
    let inside = |(step, count): (i64, &i32)| {
        let (from, to) = (edge(step), edge(step + 1));
        let both = (to.min(high) - from.max(low)).max(0);
        i64::from(*count) * both / (to - from)
    };
    (0..).zip(others.fees.iter().flatten()).map(inside).sum()
}
