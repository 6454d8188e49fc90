//! T12: whose insurance is used after their death, at one place?
//!
//! A wrong date in the register follows a person everywhere; who uses the cards of the dead does so at one counter. Cards in a drawer
//! of whose owners nobody is known to be dead are in `drawers.rs`.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::{circles, unlikely};
use super::drawers::{self, SEASON_DAYS, first_used, season};
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, prior, said};
use super::sold::ROW_SECONDS;
use super::suspicion::Suspicion;
use crate::model::{
    Day, Factor, OccasionKind, Party, PersonFile, RowRef, Sentence, Settlement, Table, after_death, known_only_at,
};
use std::collections::{BTreeMap, BTreeSet};

/// Cards of the dead and the forgotten.
pub(crate) struct IdentityMisuse;

const PRIOR: i32 = -400;
const PEOPLE_MIN: usize = 3;
/// Days on which a card was used within minutes of those of the dead, before it is one of them.
const SHARED_DAYS_MIN: usize = 3;
/// Places at which the card of somebody who died is used.
const LATE_PLACES_MAX: usize = 2;
/// Places at which one in so many of the dead are used as at the busiest are in one hand with it.
const SHARED_ONE_IN: usize = 3;
/// Cards of the living that were taken out with those of the dead: so many, and most of those that are known nowhere else.
const TAKEN_OUT_MIN: usize = 4;
const KINDS: &[OccasionKind] = &[OccasionKind::AfterDeath];

impl Typology for IdentityMisuse {
    fn slug(&self) -> &'static str {
        "identity_misuse"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("冒名、死亡或被盗用", "identity misuse")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人的参保身份在死亡之后仍在同一机构使用?".to_owned(),
            "Whose insurance is used after their death, at one place?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::PsnInfoB]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[Sight::new(Table::PsnInfoB, "die_date", "死亡后使用", "use after death")];
        BY
    }

    fn more_than(&self) -> &'static [&'static str] {
        &["clinic_card_swiping"]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let used = |person| {
            bench
                .file(person)
                .is_some_and(|file| after_death(file).next().is_some() || known_only_at(&file.settlements).is_some())
        };
        let late = circles(bench, KINDS, used);
        let late = late.iter().filter_map(|people| suspect(bench, people, self.slug()));
        late.chain(drawers::found(bench, self.slug())).collect()
    }
}

/// Those of some people, known at these places only, who were first seen within one season, when most were and others were seen long
/// before: their cards were taken out together.
fn taken_out(bench: &Bench, known: &BTreeSet<Party>) -> BTreeSet<Party> {
    let Some((_, from)) =
        season(bench, known.iter()).filter(|(most, _)| *most >= TAKEN_OUT_MIN && most * 2 >= known.len())
    else {
        return BTreeSet::new();
    };
    let in_season = |day: Day| (0..=SEASON_DAYS).contains(&day.since(from));
    known.iter().copied().filter(|person| first_used(bench, *person).is_some_and(in_season)).collect()
}

/// Whether a card that is known at these places only, is not known to have slept, and is in nobody's hand, lies in one drawer with those
/// of the dead: most of its days there are theirs, to the minute.
fn in_one_drawer(used: &[&Cited], late: &BTreeMap<Party, Vec<i64>>) -> bool {
    let beside = |fact: &Settlement| {
        let times = late.get(&fact.place).map(Vec::as_slice).unwrap_or_default();
        let at = times.partition_point(|time| *time < fact.settled.0 - ROW_SECONDS);
        times.get(at).is_some_and(|time| *time <= fact.settled.0 + ROW_SECONDS)
    };
    let days: BTreeSet<Day> = used.iter().map(|(fact, _)| fact.settled.day()).collect();
    let shared: BTreeSet<Day> =
        used.iter().filter(|(fact, _)| beside(fact)).map(|(fact, _)| fact.settled.day()).collect();
    shared.len() >= SHARED_DAYS_MIN && shared.len() * 2 >= days.len()
}

/// Seen at many places after death: alive, but not in the register.
fn lives(file: &PersonFile) -> bool {
    let places: BTreeSet<Party> = after_death(file).map(|(fact, _)| fact.place).collect();
    places.len() > LATE_PLACES_MAX
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut used_at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    let mut dead: BTreeSet<Party> = BTreeSet::new();
    let mut late: BTreeSet<RowRef> = BTreeSet::new();
    for file in people.iter().filter_map(|person| bench.file(*person)).filter(|file| !lives(file)) {
        for (fact, origin) in after_death(file) {
            dead.insert(file.person);
            late.insert(*origin);
            used_at.entry(fact.place).or_default().insert(file.person);
        }
    }
    let most = used_at.values().map(BTreeSet::len).max()?;
    // Two village clinics may share a drawer of cards.
    used_at.retain(|_, people| people.len() == most || people.len() >= 2 && people.len() * SHARED_ONE_IN >= most);
    let places: BTreeSet<Party> = used_at.into_keys().collect();
    let mut times: BTreeMap<Party, Vec<i64>> = BTreeMap::new();
    for (fact, _) in dead.iter().flat_map(|person| bench.settlements(*person)).filter(|cited| late.contains(&cited.1)) {
        times.entry(fact.place).or_default().push(fact.settled.0);
    }
    times.values_mut().for_each(|held| held.sort_unstable());
    let one_hand =
        bench.hubs.values().filter(|hub| hub.holders.keys().filter(|held| dead.contains(*held)).count() >= 2);
    let behind: BTreeSet<Party> = one_hand.flat_map(|hub| hub.holders.keys().copied()).collect();
    let living = people.iter().filter(|person| !dead.contains(person)).filter_map(|person| {
        let known = known_only_at(&bench.file(*person)?.settlements)?;
        known.places.is_subset(&places).then_some((*person, known.slept))
    });
    let living: BTreeMap<Party, bool> = living.collect();
    let taken_out = taken_out(bench, &living.keys().copied().collect());
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for person in people {
        let gone = dead.contains(person);
        let there = |cited: &&Cited| places.contains(&cited.0.place) && (!gone || late.contains(&cited.1));
        let used: Vec<&Cited> = bench.settlements(*person).filter(there).collect();
        let in_their_hand = || {
            living.get(person).is_some_and(|slept| {
                *slept || behind.contains(person) || taken_out.contains(person) || in_one_drawer(&used, &times)
            })
        };
        if !used.is_empty() && (gone || in_their_hand()) {
            suspicion.people.insert(*person, (if gone { 900 } else { 400 }, used));
        }
    }
    dead.retain(|person| suspicion.people.contains_key(person));
    let gone = dead.len();
    if suspicion.people.len() < PEOPLE_MIN || gone < 2 {
        return None;
    }
    let mut rows = suspicion.rows(bench);
    let records = suspicion.people.keys().filter_map(|person| bench.file(*person)?.record);
    rows.extend(records.map(|(_, origin)| origin));
    let times = suspicion.settlements().filter(|(_, origin)| late.contains(origin)).count();
    let score = ln_ratio(number(gone), 1).min(300)
        + unlikely(bench, KINDS, people, 250)
        + ln_ratio(number(times), number(gone)).min(150);
    let text = said(
        format!("{gone}人死亡之后在同样的{}家机构仍有{times}笔结算", places.len()),
        format!(
            "{times} settlements at {} for {gone} people after their death",
            counted(places.len(), "place", "places they share")
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("after_death", score, text, rows)];
    suspicion.factors.extend([elsewhere(bench, &dead, &places), awake(&suspicion, gone)].into_iter().flatten());
    Some(suspicion)
}

/// The dead who are seen at other places too may only be dead in the register.
fn elsewhere(bench: &Bench, dead: &BTreeSet<Party>, places: &BTreeSet<Party>) -> Option<Factor> {
    let seen = |person: &&Party| {
        bench.file(**person).is_some_and(|file| after_death(file).any(|(fact, _)| !places.contains(&fact.place)))
    };
    let share = percent(dead.iter().filter(seen).count(), dead.len());
    let score = -ramp(share, 20, 80, 300);
    let text = said(
        format!("其中{share}%的人死后也在别处结算,可能为登记有误"),
        format!("{share}% of them settled elsewhere too: perhaps the register is wrong"),
    );
    (score < 0).then(|| factor("seen_elsewhere", score, text, Vec::new()))
}

/// Long unused, then every month.
fn awake(suspicion: &Suspicion, gone: usize) -> Option<Factor> {
    let awake = suspicion.people.len() - gone;
    let score = ln_ratio(number(awake), 1).min(200) / 2;
    let text = said(
        format!("另有{awake}人此前长期或从无就医记录,其后频繁在此结算,别处全无"),
        format!("{awake} more had used nothing for long, or ever, and then came here often, and nowhere else"),
    );
    (awake >= 2).then(|| factor("long_unused", score, text, Vec::new()))
}
