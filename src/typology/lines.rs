//! Whose every visit to a quiet till is in a line of people, or on the same days as the same others, and what does that add?
//!
//! Read by the typologies in which people are brought, or their cards taken out of a drawer, a few at a time.

use super::bench::{Bench, Cited, Group};
use super::circles::{circles, unlikely};
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, said};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, OccasionKind, Party, Settlement};
use std::collections::{BTreeMap, BTreeSet};

/// The occasions.
pub(crate) const LINES: &[OccasionKind] = &[OccasionKind::Line, OccasionKind::Along];
/// Days in a line that are no accident.
const DAYS_MIN: usize = 2;
/// Percent of somebody's days at a place on which he stood in line there, at least.
const DAYS_PERCENT: i32 = 50;
/// Others with whom somebody stood in line, at least: fewer are who he lives with, unless they are known to live apart.
const COMPANIONS_MIN: usize = 5;
const HOUSEHOLDS_MIN: usize = 3;
/// Others of a household.
const SAME_FEW_MAX: usize = 4;
/// People who make a place one of the group's.
const AT_PLACE_MIN: usize = 3;

/// Days in lines or along with others, by person and place.
type Stood = BTreeMap<Party, BTreeMap<Party, BTreeSet<Day>>>;

/// People who nearly always stood in line, with what they settled there: those around one till, or behind one hand, together.
pub(crate) fn in_line<'a>(bench: &Bench<'a>, of_interest: impl Fn(&Settlement) -> bool) -> Vec<Group<'a>> {
    let stood = stood(bench);
    if stood.is_empty() {
        return Vec::new();
    }
    let days = |person: Party| {
        let mut at: BTreeMap<Party, BTreeSet<Day>> = BTreeMap::new();
        for (fact, _) in bench.settlements(person).filter(|(fact, _)| of_interest(fact)) {
            at.entry(fact.place).or_default().insert(fact.settled.day());
        }
        at
    };
    let mut nearly_always: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for (person, stood) in &stood {
        let at = days(*person);
        let always = |(place, lines): (&Party, &BTreeSet<Day>)| {
            let all = at.get(place)?;
            let in_line = lines.intersection(all).count();
            (in_line >= DAYS_MIN && percent(in_line, all.len()) >= DAYS_PERCENT).then_some(*place)
        };
        let places: BTreeSet<Party> = stood.iter().filter_map(always).collect();
        if !places.is_empty() {
            nearly_always.insert(*person, places);
        }
    }
    let mut groups = circles(bench, LINES, |person| nearly_always.contains_key(&person));
    for people in &mut groups {
        let lines = lines_of(&stood, people);
        let companions = companions(&lines);
        let many = |person: &Party| {
            let others = companions.get(person);
            let strangers = |others: &BTreeMap<Party, usize>| {
                bench.known.addresses && bench.households(others.keys()) >= HOUSEHOLDS_MIN
            };
            others.is_some_and(|others| others.len() >= COMPANIONS_MIN || strangers(others))
        };
        // Where nobody says who lives together, those do who come together each time.
        let family = |person: &Party| !bench.known.addresses && with_the_same_few(&lines, &companions[person], *person);
        people.retain(|person| many(person) && !family(person));
    }
    groups.into_iter().map(|people| with_visits(bench, &nearly_always, &people, &of_interest)).collect()
}

/// The lines in which some people stood.
fn lines_of(stood: &Stood, people: &BTreeSet<Party>) -> Vec<Vec<Party>> {
    let mut lines: BTreeMap<(Party, Day), Vec<Party>> = BTreeMap::new();
    for (person, at) in stood.iter().filter(|(person, _)| people.contains(person)) {
        let days = at.iter().flat_map(|(place, days)| days.iter().map(|day| (*place, *day)));
        days.for_each(|line| lines.entry(line).or_default().push(*person));
    }
    lines.into_values().collect()
}

/// With whom each of them stood in line, and how often. A family, or neighbours, are the same few each time.
pub(crate) fn companions(lines: &[Vec<Party>]) -> BTreeMap<Party, BTreeMap<Party, usize>> {
    let mut companions: BTreeMap<Party, BTreeMap<Party, usize>> = BTreeMap::new();
    for line in lines {
        for person in line {
            let held = companions.entry(*person).or_default();
            line.iter().filter(|other| *other != person).for_each(|other| *held.entry(*other).or_default() += 1);
        }
    }
    companions
}

/// Whether most of somebody's lines hold no two others but those, a household at most, with whom he stands in line every other time.
fn with_the_same_few(lines: &[Vec<Party>], companions: &BTreeMap<Party, usize>, person: Party) -> bool {
    let own = || lines.iter().filter(|line| line.contains(&person));
    let all = own().count();
    let few = |other: &Party| companions.get(other).is_some_and(|times| times * 2 >= all);
    if companions.keys().filter(|other| few(other)).count() > SAME_FEW_MAX {
        return false;
    }
    let others = |line: &&Vec<Party>| line.iter().filter(|other| **other != person && !few(other)).count();
    own().filter(|line| others(line) < 2).count() * 2 > all
}

fn stood(bench: &Bench) -> Stood {
    let mut stood = Stood::new();
    for tie in bench.ties(LINES) {
        let person = if bench.file(tie.a).is_some() { tie.a } else { tie.b };
        let at = stood.entry(person).or_default();
        for one in tie.occasions.iter().filter(|one| LINES.contains(&one.kind)) {
            at.entry(one.place).or_default().insert(one.day);
        }
    }
    stood
}

/// The people of a circle with what they settled at the places where several of them stood in line.
fn with_visits<'a>(
    bench: &Bench<'a>,
    nearly_always: &BTreeMap<Party, BTreeSet<Party>>,
    people: &BTreeSet<Party>,
    of_interest: &impl Fn(&Settlement) -> bool,
) -> Group<'a> {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    let places = people.iter().filter_map(|person| nearly_always.get(person)).flatten();
    places.for_each(|place| *at.entry(*place).or_default() += 1);
    at.retain(|_, people| *people >= AT_PLACE_MIN);
    let visits = |person: &Party| {
        let there = |cited: &&Cited| of_interest(&cited.0) && at.contains_key(&cited.0.place);
        let visits: Vec<&Cited> = bench.settlements(*person).filter(there).collect();
        (!visits.is_empty()).then(|| (*person, (200 + ln_ratio(number(visits.len()), 3).clamp(0, 250), visits)))
    };
    people.iter().filter_map(visits).collect()
}

/// How unlikely their lines are.
pub(crate) fn always_in_line(bench: &Bench, suspicion: &Suspicion) -> Factor {
    let stood = stood(bench);
    let people: BTreeSet<Party> = suspicion.people.keys().copied().collect();
    let mut lines: BTreeSet<(Party, Day)> = BTreeSet::new();
    let (mut in_line, mut all) = (0, 0);
    for (fact, _) in suspicion.settlements() {
        let held = stood.get(&fact.person).and_then(|at| at.get(&fact.place));
        all += 1;
        if held.is_some_and(|days| days.contains(&fact.settled.day())) {
            in_line += 1;
            lines.insert((fact.place, fact.settled.day()));
        }
    }
    let share = percent(in_line, all);
    let score = (unlikely(bench, LINES, &people, 400) + ln_ratio(number(people.len()), 4).clamp(0, 120))
        * ramp(share, 20, 60, 100)
        / 100;
    let (all_people, days) = (people.len(), lines.len());
    let text = said(
        format!(
            "{all_people}人共{all}次结算,{share}%是与其他至少两人数分钟内先后完成或总与同样的人同日完成,而该窗口平时冷清,共{days}天如此"
        ),
        format!(
            "{all_people} people settled {all} times, {share}% of it within minutes of at least two others, or always on the same days as the same others, at a till that is quiet otherwise, on {}",
            counted(days, "day", "days")
        ),
    );
    factor("in_line", score, text, suspicion.rows(bench))
}
