//! One crew or several? Two recruiters who use one hospital fill it on the same kind of days, but not the same buses.
//!
//! People are parted where different identifiers stand behind them, where they met or came again and again in different groups that
//! go round different places, where some share a disease that is treated in company, or where some pay or stay quite otherwise than the others at the
//! same place, and their batches do not mix. The others go with those they came with; those who came with none of them, but with one
//! another to other places, are a crew too. One identifier behind two crews makes them one.

use super::bench::{Arrivals, Bench, Cited, Hub, arrivals, by_place};
use super::manners::manners;
use super::odds::percent;
use crate::community::communities;
use crate::model::{Explains, OccasionKind, Party, PartyKind, Tie, explains};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// A crew has at least this many people behind its identifier.
pub(super) const CREW_MIN: usize = 4;
/// Percent of the companions in a batch that are of one crew, when crews do not mix.
const APART_PERCENT: i32 = 85;
/// People who came on one day so often belong together.
const AGAIN_MIN: usize = 2;
/// Companions that must be seen before batches tell anything.
const COMPANIONS_MIN: usize = 6;
/// An identifier stands behind a crew when this much of it does: a village office stands behind everybody.
const INSIDE_PERCENT: i32 = 25;
/// People of one county are a crew of their own when at least one in so many lives there.
const HOME_ONE_IN: usize = 8;
/// Groups with less of their stays at the same places than this go round of their own.
pub(crate) const SAME_PLACES_PERCENT: usize = 50;
/// Groups that never come along with one another are told apart where less than this is at the same places, when each has so many people
/// and came on so many days.
const NEARLY_SAME_PLACES_PERCENT: usize = 75;
const ALONE_MIN: usize = 8;
const ALONE_DAYS_MIN: usize = 5;
/// Those that only came together do with less than this: a round is made in parts.
const OWN_PLACES_PERCENT: usize = 20;

/// The crews among some people, given their settlements; all of them when there is one only.
pub(crate) fn crews(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let batches = arrivals(people.values().flatten().map(|(fact, _)| fact));
    let held = |hub: &Party, person: &Party| bench.hubs[hub].holders.contains_key(person);
    let behind = |hub: Party| people.keys().filter(|person| held(&hub, person)).copied().collect();
    let ways: [&dyn Fn() -> Vec<BTreeSet<Party>>; 5] = [
        &|| leaders(bench, people).into_iter().map(behind).collect(),
        &|| circles(people, met_again(bench, people), SAME_PLACES_PERCENT),
        &|| circles(people, came_together(&batches, AGAIN_MIN), OWN_PLACES_PERCENT),
        &|| never_along(people, &batches),
        &|| by_illness(people),
    ];
    let part = |seeds: Vec<BTreeSet<Party>>| Some(of_one_hand(bench, apart(people, &batches, &seeds)?));
    let parted = ways.iter().filter_map(|seeds| part(seeds())).find(|crews| crews.len() > 1);
    match parted {
        // What parts some may leave others together that something else parts.
        Some(crews) => crews.iter().flat_map(|crew| self::crews(bench, &of_crew(people, crew))).collect(),
        None => of_one_hand(bench, by_manner(people)),
    }
}

/// Crews behind which one identifier stands are one.
fn of_one_hand(bench: &Bench, crews: Vec<BTreeSet<Party>>) -> Vec<BTreeSet<Party>> {
    let mut joined: Vec<BTreeSet<Party>> = Vec::new();
    for mut crew in crews {
        joined.retain(|known| {
            let one_hand = in_one_hand(bench, &crew, known);
            if one_hand {
                crew.extend(known);
            }
            !one_hand
        });
        joined.push(crew);
    }
    joined
}

/// Whether one identifier stands behind both of two crews.
pub(crate) fn in_one_hand(bench: &Bench, one: &BTreeSet<Party>, other: &BTreeSet<Party>) -> bool {
    let of = |hub: &Hub, crew: &BTreeSet<Party>| hub.holders.keys().filter(|person| crew.contains(person)).count();
    let behind =
        |inside: usize, crew: &BTreeSet<Party>| inside >= CREW_MIN && percent(inside, crew.len()) >= INSIDE_PERCENT;
    bench.hubs.values().any(|hub| {
        let inside = (of(hub, one), of(hub, other));
        let own = percent(inside.0 + inside.1, hub.holders.len()) >= INSIDE_PERCENT;
        behind(inside.0, one) && behind(inside.1, other) && own
    })
}

/// The settlements of a crew.
fn of_crew<'a>(people: &BTreeMap<Party, Vec<&'a Cited>>, crew: &BTreeSet<Party>) -> BTreeMap<Party, Vec<&'a Cited>> {
    people.iter().filter(|(person, _)| crew.contains(person)).map(|(person, stays)| (*person, stays.clone())).collect()
}

/// The crews among some people by how they pay and stay; all of them when there is one manner only. Whoever pays a price of his
/// own at the same place and never comes with the others was sent by somebody else.
pub(crate) fn by_manner(people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let batches = arrivals(people.values().flatten().map(|(fact, _)| fact));
    let parted = manners(people, &batches).and_then(|seeds| apart(people, &batches, &seeds));
    parted.unwrap_or_else(|| vec![people.keys().copied().collect()])
}

/// The crews among some people by the county they live in; all of them when there is one only, or when people of two counties come on
/// one day. A few of a county, and some who never come together, are taken along by the others.
pub(crate) fn by_home(people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let mut homes: BTreeMap<u32, BTreeSet<Party>> = BTreeMap::new();
    for (person, stays) in people {
        let last = stays.iter().map(|(fact, _)| (fact.begin, fact.home)).max();
        homes.entry(last.map_or(0, |(_, home)| home)).or_default().insert(*person);
    }
    let batches = arrivals(people.values().flatten().map(|(fact, _)| fact));
    let together = |home: &BTreeSet<Party>| companions(&batches, home) >= COMPANIONS_MIN;
    let homes: Vec<BTreeSet<Party>> =
        homes.into_values().filter(|home| home.len() * HOME_ONE_IN >= people.len() && together(home)).collect();
    apart(people, &batches, &homes).unwrap_or_else(|| vec![people.keys().copied().collect()])
}

/// The people by seed, each with the seed it came with; `None` when the batches mix the seeds.
fn apart(
    people: &BTreeMap<Party, Vec<&Cited>>,
    batches: &Arrivals,
    seeds: &[BTreeSet<Party>],
) -> Option<Vec<BTreeSet<Party>>> {
    let seed_of = |person: &Party| seeds.iter().position(|seed| seed.contains(person)).map(|at| (*person, at));
    let crew_of: BTreeMap<Party, usize> = people.keys().filter_map(seed_of).collect();
    if seeds.len() < 2 || mixed(batches, &crew_of) {
        return None;
    }
    let sizes: Vec<usize> = (0..seeds.len()).map(|at| crew_of.values().filter(|crew| **crew == at).count()).collect();
    let mut crews = vec![BTreeSet::new(); seeds.len()];
    let mut strangers = BTreeSet::new();
    for (person, stays) in people {
        match crew_of.get(person).copied().or_else(|| company(stays, batches, &crew_of, &sizes)) {
            Some(at) => crews[at].insert(*person),
            None => strangers.insert(*person),
        };
    }
    let companions = companions(batches, &strangers);
    let largest = crews.iter_mut().max_by_key(|crew| crew.len())?;
    let elsewhere = in_common(&visited(people, &strangers), &visited(people, largest)) < OWN_PLACES_PERCENT;
    if companions >= COMPANIONS_MIN && elsewhere {
        crews.push(strangers);
    } else {
        largest.extend(strangers);
    }
    Some(crews)
}

/// How often one of some people came on one day with another of them.
fn companions(batches: &Arrivals, people: &BTreeSet<Party>) -> usize {
    let met = batches.values().map(|day| day.intersection(people).count());
    met.filter(|met| *met >= 2).sum()
}

/// Those who share a disease that is treated in company (eyes that are operated on, dust lungs, tumours, kidneys), by disease, and all
/// others, where there are some of both: a charity's bus, miners at their cure and a gang may use one hospital.
fn by_illness(people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    let in_company = |class| matches!(class, Explains::Cataract | Explains::Dust | Explains::Tumour | Explains::Kidney);
    let mut groups: BTreeMap<Option<Explains>, BTreeSet<Party>> = BTreeMap::new();
    for (person, stays) in people {
        let mut treated: BTreeMap<Explains, usize> = BTreeMap::new();
        stays.iter().for_each(|(fact, _)| *treated.entry(explains(fact.diagnosis)).or_default() += 1);
        let mostly = treated.into_iter().find(|(class, count)| in_company(*class) && count * 2 > stays.len());
        groups.entry(mostly.map(|(class, _)| class)).or_default().insert(*person);
    }
    groups.into_values().filter(|group| group.len() >= CREW_MIN).collect()
}

/// People who met one another more often than chance has it.
fn met_again(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<BTreeSet<Party>> {
    const KINDS: &[OccasionKind] = &[OccasionKind::Arrival, OccasionKind::CoStay];
    let met =
        |tie: &&Tie| tie.b.kind() == PartyKind::Person && people.contains_key(&tie.a) && people.contains_key(&tie.b);
    let ties: Vec<Tie> = bench.ties(KINDS).filter(met).cloned().collect();
    communities(&ties).into_iter().map(BTreeSet::from_iter).collect()
}

/// Groups of which nobody ever came on one day with somebody of another, many times over, and that do not use quite the same places.
fn never_along(people: &BTreeMap<Party, Vec<&Cited>>, batches: &Arrivals) -> Vec<BTreeSet<Party>> {
    let days = |group: &BTreeSet<Party>| batches.values().filter(|day| day.intersection(group).count() >= 2).count();
    let mut groups = circles(people, came_together(batches, 1), NEARLY_SAME_PLACES_PERCENT);
    groups.retain(|group| group.len() >= ALONE_MIN && days(group) >= ALONE_DAYS_MIN);
    groups
}

/// People who came on one day with somebody so many times, and those with them.
fn came_together(batches: &Arrivals, often: usize) -> Vec<BTreeSet<Party>> {
    let mut met: BTreeMap<(Party, Party), usize> = BTreeMap::new();
    for day in batches.values() {
        for (at, one) in day.iter().enumerate() {
            day.iter().skip(at + 1).for_each(|other| *met.entry((*one, *other)).or_default() += 1);
        }
    }
    met.retain(|_, times| *times >= often);
    let people: Vec<Party> =
        met.keys().flat_map(|(one, other)| [*one, *other]).collect::<BTreeSet<_>>().into_iter().collect();
    let number = |person: &Party| people.binary_search(person).unwrap_or(0);
    let mut groups = UnionFind::<usize>::new(people.len());
    met.keys().for_each(|(one, other)| {
        groups.union(number(one), number(other));
    });
    let mut together: BTreeMap<usize, BTreeSet<Party>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        together.entry(groups.find(at)).or_default().insert(*person);
    }
    together.into_values().collect()
}

/// Groups that belong together, joined where so much of their stays lie at the same places: the largest first.
fn circles(
    people: &BTreeMap<Party, Vec<&Cited>>,
    mut groups: Vec<BTreeSet<Party>>,
    same_places: usize,
) -> Vec<BTreeSet<Party>> {
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().copied()));
    let mut circles: Vec<(BTreeSet<Party>, BTreeMap<Party, usize>)> = Vec::new();
    for mut group in groups {
        let mut places = visited(people, &group);
        circles.retain(|(known, known_places)| {
            let same = in_common(&places, known_places) >= same_places;
            if same {
                group.extend(known);
                places = visited(people, &group);
            }
            !same
        });
        circles.push((group, places));
    }
    circles.retain(|(group, _)| group.len() >= CREW_MIN);
    circles.sort_by_key(|(group, _)| (std::cmp::Reverse(group.len()), group.first().copied()));
    circles.into_iter().map(|(group, _)| group).collect()
}

/// Stays of some people by place.
fn visited(people: &BTreeMap<Party, Vec<&Cited>>, group: &BTreeSet<Party>) -> BTreeMap<Party, usize> {
    by_place(group.iter().filter_map(|person| people.get(person)).flatten().copied())
}

/// Percent of two groups' stays that lie at the same places: the smaller share of each place, added up.
pub(crate) fn in_common(one: &BTreeMap<Party, usize>, other: &BTreeMap<Party, usize>) -> usize {
    let (all, all_other) = (one.values().sum::<usize>().max(1), other.values().sum::<usize>().max(1));
    let share = |count: usize, all: usize| count * 100 / all;
    let both = one.iter().filter_map(|(place, count)| Some((*count, *other.get(place)?)));
    both.map(|(count, count_other)| share(count, all).min(share(count_other, all_other))).sum()
}

/// Identifiers behind different people, the widest first.
fn leaders(bench: &Bench, people: &BTreeMap<Party, Vec<&Cited>>) -> Vec<Party> {
    let mut wide: Vec<(BTreeSet<Party>, Party)> = Vec::new();
    for hub in bench.hubs.values().filter(|hub| !hub.proteges.is_empty()) {
        let inside: BTreeSet<Party> =
            hub.holders.keys().filter(|person| people.contains_key(person)).copied().collect();
        if inside.len() >= CREW_MIN && percent(inside.len(), hub.holders.len()) >= INSIDE_PERCENT {
            wide.push((inside, hub.party));
        }
    }
    wide.sort_by_key(|(people, hub)| (std::cmp::Reverse(people.len()), *hub));
    let mut leaders: Vec<(BTreeSet<Party>, Party)> = Vec::new();
    for (people, hub) in wide {
        if leaders.iter().all(|(known, _)| known.intersection(&people).count() * 5 < people.len()) {
            leaders.push((people, hub));
        }
    }
    leaders.into_iter().map(|(_, hub)| hub).collect()
}

/// Whether the batches mix the crews, or too few batches tell.
fn mixed(batches: &Arrivals, crew_of: &BTreeMap<Party, usize>) -> bool {
    let (mut same, mut all) = (0, 0);
    for people in batches.values() {
        let mut crews: BTreeMap<usize, usize> = BTreeMap::new();
        people.iter().filter_map(|person| crew_of.get(person)).for_each(|crew| *crews.entry(*crew).or_default() += 1);
        let companions: usize = crews.values().sum();
        if companions >= 2 {
            all += companions;
            same += crews.values().max().copied().unwrap_or(0);
        }
    }
    all < COMPANIONS_MIN || percent(same, all) < APART_PERCENT
}

/// The crew a person came with most often, if with any.
fn company(stays: &[&Cited], batches: &Arrivals, crew_of: &BTreeMap<Party, usize>, sizes: &[usize]) -> Option<usize> {
    let mut met = vec![0_usize; sizes.len()];
    for (fact, _) in stays {
        for companion in batches.get(&(fact.place, fact.begin)).into_iter().flatten() {
            if let Some(crew) = crew_of.get(companion) {
                met[*crew] += 1;
            }
        }
    }
    let most = (0..sizes.len()).filter(|at| met[*at] > 0);
    most.max_by_key(|at| (met[*at], sizes[*at], std::cmp::Reverse(*at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CareClass, Day, RowRef, Settlement, icd_category};

    /// Stays at one hospital: person, day, illness.
    fn stays(of: impl Iterator<Item = (u32, i32, &'static str)>) -> Vec<Cited> {
        let stay = |(person, day, illness): (u32, i32, &str)| {
            let fact = Settlement {
                person: Party::of(PartyKind::Person, &person.to_string()),
                place: Party::of(PartyKind::Institution, "H1"),
                begin: Day(day),
                end: Day(day + 2),
                diagnosis: icd_category(illness),
                class: CareClass::Inpatient,
                ..Settlement::default()
            };
            (fact, RowRef::default())
        };
        of.map(stay).collect()
    }

    fn parted(stays: &[Cited]) -> Option<usize> {
        let mut people: BTreeMap<Party, Vec<&Cited>> = BTreeMap::new();
        stays.iter().for_each(|stay| people.entry(stay.0.person).or_default().push(stay));
        let batches = arrivals(stays.iter().map(|(fact, _)| fact));
        apart(&people, &batches, &by_illness(&people)).map(|crews| crews.len())
    }

    #[test]
    fn an_eye_bus_is_apart_from_a_gang_that_comes_on_other_days_and_not_from_one_that_comes_along() {
        let eyes = |day: i32| (0..10).map(move |person| (person, day, "H25.9"));
        let gang = |day: i32| (20..30).map(move |person| (person, day, "M51.2"));
        assert_eq!(parted(&stays(eyes(100).chain(gang(120)).chain(gang(150)))), Some(2));
        assert_eq!(parted(&stays(eyes(100).chain(gang(100)).chain(gang(150)))), None);
        assert_eq!(parted(&stays(gang(100).chain(gang(150)))), None);
    }
}
