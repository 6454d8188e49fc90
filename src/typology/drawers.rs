//! Whose cards lie in a drawer? They are used at one place and nowhere else, one after the other, and often came into use
//! together. Nobody is known to be dead, and nobody is known to live.
//!
//! Read by T12 (`identity_misuse.rs`).

use super::bench::{Bench, Cited, Group, by_place};
use super::lines::{always_in_line, in_line};
use super::lookalike::soon_again;
use super::odds::{percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, Party, Settlement, at_counter, is_session};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Villagers who know one clinic stand in line there too: where nobody is known to be dead, more is needed.
const LINE_PRIOR: i32 = -620;
/// Cards in a drawer, and percent of those in its lines that are known nowhere else.
const DRAWER_MIN: usize = 8;
const DRAWER_PERCENT: i32 = 60;
/// Percent of what is settled with such a card that is settled there.
const HERE_PERCENT: i32 = 75;
/// Cards that were first used within so many days were taken out together, when others were seen so long before.
pub(crate) const SEASON_DAYS: i32 = 90;
const UNSEEN_DAYS: i32 = 60;

/// Drawers of cards.
pub(crate) fn found<'a>(bench: &Bench<'a>, slug: &'static str) -> Vec<Suspicion<'a>> {
    let counter = |fact: &Settlement| at_counter(fact) && !is_session(fact);
    in_line(bench, counter).into_iter().filter_map(|people| drawer(bench, people, slug)).collect()
}

/// Cards that are used at one place and nowhere else, a few at a time and always in a line.
fn drawer<'a>(bench: &Bench<'a>, mut people: Group<'a>, slug: &'static str) -> Option<Suspicion<'a>> {
    let all = people.len();
    let places: BTreeSet<Party> =
        by_place(people.values().flat_map(|(_, used)| used.iter().copied())).into_keys().collect();
    people.retain(|person, (_, used)| {
        percent(used.len(), bench.settlements(*person).count()) >= HERE_PERCENT && !nearly_daily(used)
    });
    if people.len() < DRAWER_MIN || percent(people.len(), all) < DRAWER_PERCENT {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, places, people, ..Suspicion::default() };
    suspicion.factors =
        vec![prior(LINE_PRIOR), always_in_line(bench, &suspicion), nowhere_else(bench, &suspicion, all)];
    suspicion.factors.extend(woken_together(bench, &suspicion));
    Some(suspicion)
}

/// Whether somebody comes nearly every day, as for a medicine that is taken under somebody's eyes: a card does not lie in a drawer then.
fn nearly_daily(used: &[&Cited]) -> bool {
    let (soon, all) = soon_again(used);
    soon * 2 > all + 1
}

/// Whoever else stands in line at a clinic is seen elsewhere too, now and then.
fn nowhere_else(bench: &Bench, suspicion: &Suspicion, all: usize) -> Factor {
    let only = suspicion.people.len();
    let elsewhere =
        |person: &&Party| bench.settlements(**person).any(|(fact, _)| !suspicion.places.contains(&fact.place));
    let never = only - suspicion.people.keys().filter(elsewhere).count();
    let (share, never) = (percent(only, all), percent(never, only));
    // Who is seen elsewhere, if seldom, lives.
    let score = ramp(share, DRAWER_PERCENT, 95, 100) + ramp(never, 30, 90, 200) - ramp(100 - never, 50, 80, 200);
    let text = said(
        format!("这样结算的{all}人中{share}%的人几乎只在此处结算,其中{never}%的人别处全无记录"),
        format!(
            "{share}% of the {all} people who settle so are known here and hardly anywhere else; {never}% of them were never seen anywhere else"
        ),
    );
    factor("known_nowhere_else", score, text, Vec::new())
}

/// Most of them were first used within a season, though others were seen long before.
fn woken_together(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let share = percent(season(bench, suspicion.people.keys())?.0, suspicion.people.len());
    let score = ramp(share, 50, 95, 150);
    let text = said(
        format!("{share}%的人的首次记录集中在{SEASON_DAYS}天之内,此前从无就医记录"),
        format!("{share}% of them were first seen within {SEASON_DAYS} days, and never before"),
    );
    (score > 0).then(|| factor("woken_together", score, text, Vec::new()))
}

/// When a card was first used.
pub(crate) fn first_used(bench: &Bench, person: Party) -> Option<Day> {
    bench.settlements(person).map(|(fact, _)| fact.begin).min()
}

/// The season in which most of some cards were first used: how many, and from when on. `None` where that is the beginning of what is
/// known, when everybody is first seen.
pub(crate) fn season<'p>(bench: &Bench, people: impl Iterator<Item = &'p Party>) -> Option<(usize, Day)> {
    let mut begun: Vec<Day> = people.filter_map(|person| first_used(bench, *person)).collect();
    begun.sort_unstable();
    let seen = bench.dossier.persons.iter().flat_map(|file| &file.settlements).map(|(fact, _)| fact.begin).min()?;
    let within = |(at, day): (usize, &Day)| {
        (begun[at..].partition_point(|other| other.since(*day) <= SEASON_DAYS), Reverse(*day))
    };
    let (most, Reverse(from)) = begun.iter().enumerate().map(within).max()?;
    (from.since(seen) >= UNSEEN_DAYS).then_some((most, from))
}
