//! T05: whose long stays end and begin again on one day, ward by ward?
//!
//! A «free hospital» discharges its guests in form only, because a stay may not last for ever: whole groups leave and come back
//! on one day, again and again, at this place or at its sister. A patient who really leaves does not come back to the day with
//! those who lay beside him; a bed-day contract books a ward anew without a day outside. Or two hospitals swap their patients one by one,
//! each when his stay is full.

use super::Typology;
use super::admission::{ANY_ILLNESS, habits, presence};
use super::bench::{Bench, Cited};
use super::circles::joined;
use super::excess::beds_exceeded;
use super::figures::figures;
use super::lack::Sight;
use super::odds::{lift, ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    Day, Explains, Factor, OccasionKind, Party, Sentence, Table, explains, hand_overs, is_ward_move, ward_turns,
};
use std::collections::{BTreeMap, BTreeSet};

/// Psychiatric and long-stay «free hospital» farming.
pub(crate) struct LongStayFarm;

const PRIOR: i32 = -500;
const PEOPLE_MIN: usize = 4;
/// Fewer who come back on one day are neighbours on the ward.
const TOGETHER_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::WardTurn];
const SWAPS: &[OccasionKind] = &[OccasionKind::Relay];
/// People who are swapped between two wards, and those of them who went either way.
const SWAPPED_MIN: usize = 6;
const BOTH_WAYS_MIN: usize = 3;
/// Fewer days outside are an entry in the books.
const OUTSIDE_DAYS: i32 = 2;
/// Stays just under a limit of thirty days, sixty or ninety, in thousandths of any lengths.
const AT_THE_LIMIT: i64 = 130;
/// Percent of chronic mental illness on a ward of it.
const MIND_PERCENT: i32 = 30;
/// People in hardship in thousandths of those who live on a ward.
const IN_HARDSHIP: i64 = 150;
/// Reasons that say no more than that the same people are back soon.
const SAID_ALREADY: [&str; 3] = ["same_people_again", "soon_again", "same_nights"];

/// A long stay and the next.
type Turn<'a> = (&'a Cited, &'a Cited);

impl Typology for LongStayFarm {
    fn slug(&self) -> &'static str {
        "long_stay_farm"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("长期滞留住院", "long-stay farming")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些病区的长期住院者成批出院、又在同一天成批再入院?".to_owned(),
            "Whose long stays end and begin again on one day, ward by ward?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[Sight::ADMITTED_FOR, Sight::BEDS, Sight::OWNERS];
        BY
    }

    /// Who is swapped between sister hospitals is handed on.
    fn more_than(&self) -> &'static [&'static str] {
        &["relay_admission"]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let wards = wards(bench);
        let back_on_one_day = wards.iter().filter_map(|people| suspect(bench, people, self.slug()));
        let swaps = swaps(bench);
        back_on_one_day.chain(swaps.iter().filter_map(|people| by_turns(bench, people, self.slug()))).collect()
    }
}

/// People who lie on wards of two hospitals by turns, each at a time of his own.
fn swaps(bench: &Bench) -> Vec<BTreeSet<Party>> {
    let mut ways: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for tie in bench.ties(SWAPS) {
        let (person, way) = if bench.file(tie.a).is_some() { (tie.a, tie.b) } else { (tie.b, tie.a) };
        if hand_overs(bench.stays(person)).iter().any(is_ward_move) {
            ways.entry(way).or_default().insert(person);
        }
    }
    joined(ways.into_values().collect())
}

/// Two hospitals pass the chronically ill to and fro: who is discharged from one ward because a stay may not last for ever lies on the
/// other's within days, and as many come as go. A ward that closes, or does not suit, sends its patients one way.
fn by_turns<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let moves = |person: &Party| hand_overs(bench.stays(*person)).into_iter().filter(is_ward_move).collect();
    let mut moves: BTreeMap<Party, Vec<Turn>> = people.iter().map(|person| (*person, moves(person))).collect();
    let mut gone: BTreeMap<(Party, Party), BTreeSet<Party>> = BTreeMap::new();
    for (person, moves) in &moves {
        for (from, to) in moves {
            gone.entry((from.0.place, to.0.place)).or_default().insert(*person);
        }
    }
    let times = |from: Party, to: Party| gone.get(&(from, to)).map_or(0, BTreeSet::len);
    let both_ways =
        |(from, to): &Turn| times(from.0.place, to.0.place).min(times(to.0.place, from.0.place)) >= BOTH_WAYS_MIN;
    moves.retain(|_, moves| {
        moves.retain(both_ways);
        !moves.is_empty()
    });
    if moves.len() < SWAPPED_MIN {
        return None;
    }
    let wards: BTreeSet<Party> = moves.values().flatten().flat_map(|(from, to)| [from.0.place, to.0.place]).collect();
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    let mut returns = 0;
    for (person, moves) in &moves {
        let there = |cited: &&Cited| wards.contains(&cited.0.place);
        let stays: Vec<&Cited> = bench.stays(*person).filter(there).collect();
        returns += ward_turns(stays.iter().copied()).count().max(moves.len());
        let strength = 100 + i32::try_from(moves.len()).unwrap_or(0).min(8) * 100;
        suspicion.people.insert(*person, (strength, stays));
    }
    let (all, moved) = (moves.len(), moves.values().map(Vec::len).sum::<usize>());
    let share = percent(moved, returns);
    let score =
        ln_ratio(number(all), 1).min(300) + ramp(share, 40, 90, 200) + ln_ratio(number(moved), number(all)).min(150);
    let text = said(
        format!(
            "{all}人在{}家机构的长期病区之间往返{moved}次(占其再入院的{share}%),两个方向都有{BOTH_WAYS_MIN}人以上;一般长期患者出院后仍回原病区",
            wards.len()
        ),
        format!(
            "{all} people went to and fro between the wards of {} places {moved} times, {share}% of their returns, {BOTH_WAYS_MIN} and more of them each way: whoever lives on a ward comes back to it",
            wards.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("swapped_by_turns", score, text, suspicion.rows(bench))];
    let reasons = [at_the_limit(&suspicion, false), never_out(&suspicion), hardship(bench, &suspicion)];
    suspicion.factors.extend(reasons.into_iter().flatten());
    how_they_lie(bench, &mut suspicion);
    Some(suspicion)
}

/// What their stays are like beside those of the other patients.
fn how_they_lie(bench: &Bench, suspicion: &mut Suspicion) {
    let figures = figures(bench, &suspicion.people);
    suspicion.cite_beside(&figures.around);
    let habits = habits(bench, &figures, ANY_ILLNESS).into_iter();
    suspicion.factors.extend(habits.filter(|habit| !SAID_ALREADY.contains(&habit.code.as_str())));
    suspicion.factors.extend(presence(bench, &figures, &suspicion.people));
    suspicion.factors.extend(beds_exceeded(bench, suspicion));
}

/// The people of each ward; wards that share several people are one: they are swapped between sister hospitals.
fn wards(bench: &Bench) -> Vec<BTreeSet<Party>> {
    let mut contexts: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let (person, context) = if bench.file(tie.a).is_some() { (tie.a, tie.b) } else { (tie.b, tie.a) };
        contexts.entry(context).or_default().insert(person);
    }
    let mut wards: Vec<BTreeSet<Party>> = Vec::new();
    for mut people in contexts.into_values() {
        wards.retain(|known| {
            let same = known.intersection(&people).count() >= TOGETHER_MIN;
            if same {
                people.extend(known);
            }
            !same
        });
        wards.push(people);
    }
    wards
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut turns: BTreeMap<Party, Vec<Turn<'a>>> =
        people.iter().map(|person| (*person, ward_turns(bench.stays(*person)).collect())).collect();
    let days = returns(&turns);
    let back = |turn: &Turn| days.get(&day(turn)).filter(|back| back.people.len() >= TOGETHER_MIN);
    let together = |turn: &Turn| back(turn).is_some();
    turns.retain(|_, turns| turns.iter().any(together));
    if turns.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for (person, turns) in &turns {
        let mut stays: Vec<&Cited> = turns.iter().flat_map(|(before, next)| [*before, *next]).collect();
        stays.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, fact.id, *origin));
        stays.dedup();
        let shared = turns.iter().filter(|turn| together(turn)).count();
        suspicion.people.insert(*person, (100 + i32::try_from(shared).unwrap_or(0).min(12) * 80, stays));
    }
    let all: Vec<Turn> = turns.into_values().flatten().collect();
    let (outside, booked): (Vec<Turn>, Vec<Turn>) = all
        .iter()
        .copied()
        .filter(|turn| together(turn))
        .partition(|turn| back(turn).is_some_and(Back::is_from_outside));
    let rows = suspicion.rows(bench);
    let mut out = out_and_back(&outside, all.len(), suspicion.people.len());
    out.facts = rows;
    out.facts.sort_unstable();
    out.facts.dedup();
    suspicion.factors = vec![prior(PRIOR), out];
    let reasons = [
        booked_anew(&booked, all.len()),
        swapped(bench, &all),
        at_the_limit(&suspicion, outside.len() * 2 > booked.len()),
        never_out(&suspicion),
        hardship(bench, &suspicion),
    ];
    suspicion.factors.extend(reasons.into_iter().flatten());
    how_they_lie(bench, &mut suspicion);
    Some(suspicion)
}

/// Who came back to a place on one day.
#[derive(Default)]
struct Back {
    people: BTreeSet<Party>,
    /// Those of them who had been out for days.
    from_outside: usize,
}

impl Back {
    /// Whether most of them had been out for days: who is only booked anew may lie beside them.
    fn is_from_outside(&self) -> bool {
        self.from_outside * 2 > self.people.len()
    }
}

/// Who came back where on which day.
fn returns(turns: &BTreeMap<Party, Vec<Turn>>) -> BTreeMap<(Party, Day), Back> {
    let mut days: BTreeMap<(Party, Day), Back> = BTreeMap::new();
    for (person, turns) in turns {
        for turn in turns {
            let back = days.entry(day(turn)).or_default();
            back.from_outside += usize::from(back.people.insert(*person) && gap(turn) >= OUTSIDE_DAYS);
        }
    }
    days
}

fn day(turn: &Turn) -> (Party, Day) {
    (turn.1.0.place, turn.1.0.begin)
}

fn gap((before, next): &Turn) -> i32 {
    next.0.begin.since(before.0.end)
}

/// Out for days, and back on one day with those who lay beside them: once may be a holiday, every time is a plan.
fn out_and_back(outside: &[Turn], all: usize, people: usize) -> Factor {
    let days: BTreeSet<(Party, Day)> = outside.iter().map(day).collect();
    let share = percent(outside.len(), all);
    // How much of the ward comes back on one of these days: on a ward of fifty three now and then do by chance.
    let of_the_ward = percent(outside.len(), days.len() * people);
    let score = (ln_ratio(number(days.len()) + 1, 2) * 15 / 10).clamp(0, 500)
        + ramp(share, 15, 75, 150)
        + ramp(of_the_ward, 15, 60, 150)
        + (ln_ratio(number(people), 5) / 4).clamp(0, 80);
    let text = said(
        format!(
            "{people}人长期住院后{all}次再入院,其中{}次({share}%)离院数日后与同病区多人在同一天返院,共{}个这样的日子,平均每次占病区{of_the_ward}%",
            outside.len(),
            days.len()
        ),
        format!(
            "{people} people came back {all} times after long stays, {} times ({share}%) days after discharge and on one day with several of the ward, on {} such days, {of_the_ward}% of the ward each time",
            outside.len(),
            days.len()
        ),
    );
    factor("out_and_back_together", if outside.is_empty() { 0 } else { score }, text, Vec::new())
}

/// Discharged and admitted within a day, the whole ward.
fn booked_anew(booked: &[Turn], all: usize) -> Option<Factor> {
    let days: BTreeSet<(Party, Day)> = booked.iter().map(day).collect();
    let share = percent(booked.len(), all);
    let score = ln_ratio(number(days.len()) + 1, 2).clamp(0, 300) * 8 / 10 + ramp(share, 15, 75, 100);
    let text = said(
        format!("{}次({share}%)出院当天或次日即与同病区多人一同重新登记入院", booked.len()),
        format!("{} times ({share}%) several of the ward were discharged and booked anew within a day", booked.len()),
    );
    (!booked.is_empty() && score > 0).then(|| factor("booked_anew", score, text, Vec::new()))
}

/// Discharged here, back there: of a ward of the chronically ill. Others who change places are passed around ([`super::relay_admission`]).
fn swapped(bench: &Bench, all: &[Turn]) -> Option<Factor> {
    let ill: Vec<u32> = all.iter().map(|(_, next)| next.0.diagnosis).filter(|diagnosis| *diagnosis != 0).collect();
    let of_the_mind = percent(ill.iter().filter(|one| explains(**one) == Explains::Mind).count(), ill.len());
    if !ill.is_empty() && of_the_mind < MIND_PERCENT {
        return None;
    }
    let moved: Vec<&Turn> = all.iter().filter(|(before, next)| before.0.place != next.0.place).collect();
    let share = percent(moved.len(), all.len());
    let sisters = moved.iter().filter(|(before, next)| bench.sisters(before.0.place, next.0.place)).count();
    let owned = percent(sisters, moved.len());
    let score = ramp(share, 10, 60, 200) + if share >= 10 { ramp(owned, 30, 90, 100) } else { 0 };
    let text = said(
        format!("{share}%的再入院换到另一家机构,其中{owned}%为同一实际控制人"),
        format!("{share}% of the returns are to another place, {owned}% of those under one controller"),
    );
    (score > 0).then(|| factor("swapped", score, text, Vec::new()))
}

/// Discharged just before a stay of thirty, sixty or ninety days is full. A contract's period explains that a ward is booked anew, not
/// that it is out for days.
fn at_the_limit(suspicion: &Suspicion, out: bool) -> Option<Factor> {
    let stays = suspicion.settlements().count();
    let under = |nights: i32| (27..=90).contains(&nights) && (nights + 3) % 30 <= 3;
    let share = percent(suspicion.settlements().filter(|(fact, _)| under(fact.nights())).count(), stays);
    let score = lift(share, stays, AT_THE_LIMIT, 80, 140).max(0);
    let text = said(
        format!("{share}%的住院恰在满30、60或90天之前出院(按长短不一估计约{}%)", AT_THE_LIMIT / 10),
        format!(
            "{share}% of the stays end just before thirty, sixty or ninety days (about {}% if lengths varied)",
            AT_THE_LIMIT / 10
        ),
    );
    (score > 0).then(|| factor(if out { "out_at_the_limit" } else { "at_the_limit" }, score, text, Vec::new()))
}

/// Hardly a day outside between the first admission and the last discharge.
fn never_out(suspicion: &Suspicion) -> Option<Factor> {
    let (mut nights, mut span) = (0_usize, 0_usize);
    for (_, stays) in suspicion.people.values() {
        let (Some(first), Some(last)) = (stays.first(), stays.last()) else { continue };
        nights += stays.iter().map(|(fact, _)| usize::try_from(fact.nights()).unwrap_or(0)).sum::<usize>();
        span += usize::try_from(last.0.end.since(first.0.begin)).unwrap_or(0);
    }
    let share = percent(nights, span).min(100);
    let score = ramp(share, 70, 95, 60);
    let text = said(
        format!("从首次入院到末次出院,{share}%的夜晚在院"),
        format!("{share}% of the nights from first admission to last discharge were spent in hospital"),
    );
    (score > 0).then(|| factor("never_out", score, text, Vec::new()))
}

/// People nobody asks after.
fn hardship(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let known: Vec<bool> =
        suspicion.people.keys().filter_map(|person| bench.file(*person)?.record).map(|one| one.0.hardship).collect();
    let share = percent(known.iter().filter(|poor| **poor).count(), known.len());
    let score = lift(share, known.len(), IN_HARDSHIP, 60, 80).max(0);
    let text =
        said(format!("{share}%为特困、低保等困难人员"), format!("{share}% are registered as people in hardship"));
    (score > 0 && known.len() * 2 > suspicion.people.len())
        .then(|| factor("people_in_hardship", score, text, Vec::new()))
}
