//! T01: who is taken across regions, by the busload, to be admitted on paper?

use super::Typology;
use super::admission::suspicions;
use super::bench::{Bench, busiest_place};
use super::figures::Figures;
use super::lack::Sight;
use super::odds::{percent, ramp};
use super::sentence::{factor, said};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, Filing, Party, RowRef, Sentence, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Cross-region day-trip fake admission.
pub(crate) struct CrossRegionDayTrip;

/// Log-odds before any reason.
const PRIOR: i32 = -450;

/// When papers were filed.
const FILED: Sight = Sight::new(Table::OutAppyD, "crte_time", "备案办理日期", "the days on which papers were filed");

impl Typology for CrossRegionDayTrip {
    fn slug(&self) -> &'static str {
        "cross_region_day_trip"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("异地“一日游”虚假住院", "cross-region day-trip admissions")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人被成批带到外地医院虚假住院?".to_owned(),
            "Who is taken in batches to distant hospitals to be admitted on paper?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[Sight::ADMITTED_FOR, Sight::CASH, Sight::CONTACTS, Sight::AGENTS, Sight::BEDS, FILED];
        BY
    }

    fn mechanism(&self) -> bool {
        false
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut found = suspicions(bench, self.slug(), true, PRIOR);
        for (suspicion, figures) in &mut found {
            let factors = [
                short(figures),
                long(figures),
                one_home(bench, suspicion),
                few_outsiders(bench, suspicion),
                filed(bench, suspicion),
                together(bench, suspicion),
            ];
            suspicion.factors.extend(factors.into_iter().flatten());
        }
        found.into_iter().map(|(suspicion, _)| suspicion).collect()
    }
}

/// The same people met again at another hospital.
fn together(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let share = suspicion.met_again(bench);
    let score = ramp(share, 20, 70, 250);
    let text = said(
        format!("{share}%的成员与同一批人先后在两个以上机构同日入院,远超偶然"),
        format!(
            "{share}% of the members were admitted on the same days as the same others at two and more places, far beyond chance"
        ),
    );
    (score > 0).then(|| factor("together_again", score, text, Vec::new()))
}

/// A long way for a short stay.
fn short(figures: &Figures) -> Option<Factor> {
    let share = figures.short;
    let score = ramp(share, 30, 90, 40);
    let text = said(
        format!("{share}%的异地住院不超过三晚:路远而住院短"),
        format!("{share}% of the stays away from home last at most three nights: a long way for a short stay"),
    );
    let rows = || figures.shown.get("short_stay_far_away").cloned().unwrap_or_default();
    (score > 0).then(|| factor("short_stay_far_away", score, text, rows()))
}

/// Beds that are taken for weeks are no day trips.
fn long(figures: &Figures) -> Option<Factor> {
    let (share, nights) = (figures.nights, figures.usual_nights);
    let score = -ramp(nights, 7, 12, ramp(share, 30, 80, 100));
    let text = said(
        format!("{share}%的异地住院长约{nights}晚,不似当日往返"),
        format!("{share}% of the stays away from home last about {nights} nights: no day trips"),
    );
    (score < 0).then(|| factor("long_stay_far_away", score, text, Vec::new()))
}

/// From one county: where they are insured or, if with the city itself, seek everyday care.
fn one_home(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let mut homes: BTreeMap<u32, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in suspicion.settlements() {
        homes.entry(fact.home).or_default().insert(fact.person);
    }
    let (home, people) = homes.into_iter().max_by_key(|(home, people)| (people.len(), *home))?;
    let share = percent(people.len(), suspicion.people.len());
    let score = ramp(share, 50, 95, 50);
    let text = said(
        format!("{share}%的成员来自同一地区{home}(参保地或日常就医所在县)"),
        format!(
            "{share}% of the members are at home in one area, {home} (where they are insured, or go for everyday care)"
        ),
    );
    let rows = || {
        let seen = suspicion.people.keys().filter_map(|person| bench.file(*person)?.home_seen);
        suspicion.settlements().map(|(_, origin)| *origin).chain(seen).collect()
    };
    (score > 0).then(|| factor("one_home_area", score, text, rows()))
}

/// The place lives on them.
fn few_outsiders(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (place, count) = busiest_place(suspicion.settlements())?;
    let outside = usize::try_from(bench.place(place)?.stays_from_outside).unwrap_or(usize::MAX);
    // The baseline is rounded down.
    let outside = outside.max(count);
    let share = percent(count, outside);
    let score = ramp(share, 10, 60, 50);
    let text = said(
        format!("其最常去的机构的外地住院中,约{share}%计入本线索({count}次)"),
        format!(
            "About {share}% of the stays from outside at the place they use most are counted here ({count} of them)"
        ),
    );
    (score > 0).then(|| factor("share_of_the_place", score, text, suspicion.rows_at(place)))
}

/// Papers filed for many on one day.
fn filed(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let mut days: BTreeMap<(Day, u32), BTreeSet<Party>> = BTreeMap::new();
    let files = || suspicion.people.keys().filter_map(|person| bench.file(*person));
    for file in files() {
        let told =
            |(filing, _): &&(Filing, RowRef)| filing.filed != Day(i32::MIN) && !matches!(filing.reason, 2 | 7 | 8);
        for (filing, _) in file.filings.iter().filter(told) {
            days.entry((filing.filed, filing.area)).or_default().insert(file.person);
        }
    }
    days.retain(|_, people| people.len() >= 3);
    let people: BTreeSet<Party> = days.values().flatten().copied().collect();
    let share = percent(people.len(), suspicion.people.len());
    let score = ramp(share, 15, 60, 120);
    let batch = |filed: &Filing| days.contains_key(&(filed.filed, filed.area));
    let filings = files().flat_map(|file| &file.filings).filter(|(filed, _)| batch(filed));
    let rows = filings.map(|(_, origin)| *origin).collect();
    let text = said(
        format!("{}人({share}%)的异地备案成批于同日办理(共{}日)", people.len(), days.len()),
        format!(
            "Care away from home was filed for {} people ({share}%) in batches on {} days",
            people.len(),
            days.len()
        ),
    );
    (score > 0).then(|| factor("filed_in_batches", score, text, rows))
}
