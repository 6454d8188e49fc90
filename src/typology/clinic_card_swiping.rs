//! T04: at which clinics are the cards of staff, shareholders, relatives and recruited elders swiped by the calendar?
//!
//! Treatment ends, and illness keeps no calendar. Here people come every seventh, twelfth or twenty-fourth day for months, settle
//! within minutes of one another, and are known at a second clinic of the same owner. Or they are driven there by the carload, whoever is
//! at home: then nobody keeps a calendar, and everybody always stands in a line. Or days are jittered and cars filled anew: then a clinic still
//! has patients who come for years as often as hardly anybody does elsewhere, and lives on them.

use super::Typology;
use super::bench::{Bench, Cited, Group, by_place};
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::lines::{always_in_line, in_line};
use super::odds::{lift, ln_ratio, median, number, percent, ramp};
use super::sentence::{factor, prior, said, yuan};
use super::sold::{Sold, rows, sold};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Factor, Frequency, OccasionKind, Party, Sentence, Table, Visits, is_visit};
use std::collections::{BTreeMap, BTreeSet};

/// Swiping of cards at clinics.
pub(crate) struct ClinicCardSwiping;

const PRIOR: i32 = -620;
const PEOPLE_MIN: usize = 5;
/// People who are brought, at least.
const BROUGHT_MIN: usize = 8;
/// People who keep a beat at a place that is one of the ring's.
const REGULARS_MIN: usize = 3;
/// Visits that make somebody a patient of another circle's clinics, and the part of a circle that makes both one.
const VISITS_THERE_MIN: usize = 2;
const GO_THERE_PERCENT: i32 = 25;
/// Percent of what somebody settles, stays left out, that is settled at the clinics to which she is driven.
const MOSTLY_THERE_PERCENT: i32 = 40;
/// Visits of one doctor on one day that leave each patient less than a quarter of an hour.
const DOCTOR_DAY_MAX: usize = 32;
const KINDS: &[OccasionKind] = &[OccasionKind::StrictBeat];
const FREQUENT: &[OccasionKind] = &[OccasionKind::Frequent];

/// By person, the places where a beat was kept.
type Regulars = BTreeMap<Party, BTreeMap<Party, i32>>;

impl Typology for ClinicCardSwiping {
    fn slug(&self) -> &'static str {
        "clinic_card_swiping"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("职工亲友空刷", "staff and relatives card swiping")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些诊所按固定周期为员工、股东亲友或被招揽老人空刷医保卡?".to_owned(),
            "At which clinics are the cards of staff, relatives and recruited elders swiped by the calendar?"
                .to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::FixmedinsB, "actl_ctrler", "同一实际控制人的诊所", "clinics of one owner"),
            Sight::HOUSEHOLDS,
            Sight::CONTACTS,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut by_the_carload = in_line(bench, is_visit);
        let mut found = Vec::new();
        if bench.ties(KINDS).next().is_some() {
            let regulars = regulars(bench);
            let circles = circles(bench, KINDS, |person| regulars.contains_key(&person));
            for people in joined(bench, &regulars, circles) {
                // Who is driven to the clinics of those who keep a calendar is of the same ring.
                let clinics = clinics(&regulars, &people);
                let (same, others): (Vec<Group>, Vec<Group>) =
                    by_the_carload.iter().map(|group| driven_to(bench, group, &clinics)).unzip();
                if let Some(suspicion) = suspect(bench, &regulars, &people, &same, self.slug()) {
                    by_the_carload = others;
                    found.push(suspicion);
                }
            }
        }
        found.extend(by_the_carload.into_iter().filter_map(|people| brought(bench, people, self.slug())));
        let tied: BTreeSet<Party> = bench.ties(FREQUENT).flat_map(|tie| [tie.a, tie.b]).collect();
        let frequent = circles(bench, FREQUENT, |person| tied.contains(&person));
        found.extend(frequent.iter().filter_map(|people| often(bench, people, self.slug())));
        found
    }
}

/// People who come to a clinic for as long and as often as hardly anybody comes to the city's others.
fn often<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    for file in people.iter().filter_map(|person| bench.file(*person)) {
        let visits = Visits::again_and_again(&file.settlements).into_iter();
        let frequent = visits.filter(|(_, visits)| visits.frequency() > Frequency::Usual);
        frequent.for_each(|(place, _)| *at.entry(place).or_default() += 1);
    }
    at.retain(|_, people| *people >= REGULARS_MIN);
    let mut places: BTreeSet<Party> = at.into_keys().collect();
    places.extend(sisters(bench, people, &places));
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for person in people {
        let (strength, visits) = visits_to(bench, *person, &places);
        if visits.len() >= VISITS_THERE_MIN {
            suspicion.people.insert(*person, (strength, visits));
        }
    }
    if suspicion.people.len() < BROUGHT_MIN {
        return None;
    }
    suspicion.places = places;
    let sold = sold(bench, suspicion.settlements());
    suspicion.factors = vec![prior(PRIOR), for_years(bench, &suspicion)];
    suspicion.factors.extend(in_company(bench, &suspicion));
    suspicion.factors.extend(elsewhere(&sold));
    how_they_come(bench, &mut suspicion, &sold);
    Some(suspicion)
}

/// Somebody's visits to some places: the more, the surer.
fn visits_to<'a>(bench: &Bench<'a>, person: Party, places: &BTreeSet<Party>) -> (i32, Vec<&'a Cited>) {
    let there = |cited: &&Cited| is_visit(&cited.0) && places.contains(&cited.0.place);
    let visits: Vec<&Cited> = bench.settlements(person).filter(there).collect();
    (200 + ln_ratio(number(visits.len()), 5).clamp(0, 250), visits)
}

/// More people who come for long and often than at the other places of the city.
fn for_years(bench: &Bench, suspicion: &Suspicion) -> Factor {
    let people: BTreeSet<Party> = suspicion.people.keys().copied().collect();
    let score = unlikely(bench, FREQUENT, &people, 250) + ln_ratio(number(people.len()), 4).clamp(0, 90);
    let mut visits: Vec<i64> =
        suspicion.people.values().map(|(_, held)| i64::try_from(held.len()).unwrap_or(0)).collect();
    let (all, each) = (visits.iter().sum::<i64>(), median(&mut visits));
    let text = said(
        format!("{}人共就诊{all}次(中位每人{each}次),如此长期频繁者远多于本市其他机构", people.len()),
        format!(
            "{} people came {all} times ({each} each, median), for as long and as often as hardly anybody comes to the city's other places",
            people.len()
        ),
    );
    factor("for_years", score, text, suspicion.rows(bench))
}

/// Who keeps a beat, and where.
fn regulars(bench: &Bench) -> Regulars {
    let mut regulars = Regulars::new();
    for file in &bench.dossier.persons {
        let kept = Visits::beats(&file.settlements).into_iter().filter_map(|(place, (_, beat))| Some((place, beat?)));
        let kept: BTreeMap<Party, i32> = kept.collect();
        if !kept.is_empty() {
            regulars.insert(file.person, kept);
        }
    }
    regulars
}

/// The places where a group was.
fn places_of(people: &Group) -> BTreeSet<Party> {
    by_place(people.values().flat_map(|(_, visits)| visits.iter().copied())).into_keys().collect()
}

/// Those of a group who are driven to some clinics, or to their owner's others, and the rest: who goes there on a round of many counters
/// is of another ring.
fn driven_to<'a>(bench: &Bench<'a>, group: &Group<'a>, clinics: &BTreeSet<Party>) -> (Group<'a>, Group<'a>) {
    let theirs = |place: Party| clinics.iter().any(|clinic| *clinic == place || bench.sisters(*clinic, place));
    let mostly_there = |person: Party| {
        let settled = || bench.settlements(person).filter(|(fact, _)| fact.class != CareClass::Inpatient);
        percent(settled().filter(|(fact, _)| theirs(fact.place)).count(), settled().count()) >= MOSTLY_THERE_PERCENT
    };
    let held = |(person, (strength, visits)): (&Party, &(i32, Vec<&'a Cited>))| (*person, (*strength, visits.clone()));
    group
        .iter()
        .map(held)
        .partition(|(person, (_, visits))| visits.iter().any(|(fact, _)| theirs(fact.place)) && mostly_there(*person))
}

/// People who come a few at a time, on no calendar, and nearly always in a line: by the carload.
fn brought<'a>(bench: &Bench<'a>, people: Group<'a>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < BROUGHT_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, places: places_of(&people), people, ..Suspicion::default() };
    let sold = sold(bench, suspicion.settlements());
    suspicion.factors = vec![prior(PRIOR), always_in_line(bench, &suspicion)];
    how_they_come(bench, &mut suspicion, &sold);
    Some(suspicion)
}

/// What tells of both, who keep a calendar and who do not.
fn how_they_come(bench: &Bench, suspicion: &mut Suspicion, sold: &Sold) {
    let reasons = [
        Some(within_minutes(suspicion)),
        Some(without_end(suspicion)),
        two_clinics(bench, suspicion),
        narrow(sold),
        lives_on_them(bench, suspicion),
        doctors_day(suspicion),
        strangers(bench, suspicion),
    ];
    suspicion.factors.extend(reasons.into_iter().flatten());
    suspicion.cite_elsewhere(bench);
}

/// The places where several of some people keep a beat.
fn clinics(regulars: &Regulars, people: &BTreeSet<Party>) -> BTreeSet<Party> {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    let beats = people.iter().filter_map(|person| regulars.get(person));
    beats.flat_map(BTreeMap::keys).for_each(|place| *at.entry(*place).or_default() += 1);
    at.into_iter().filter(|(_, people)| *people >= REGULARS_MIN).map(|(place, _)| place).collect()
}

/// Circles at clinics of one owner are one, and those of which a good part goes to the other's clinics.
fn joined(bench: &Bench, regulars: &Regulars, circles: Vec<BTreeSet<Party>>) -> Vec<BTreeSet<Party>> {
    let mut rings: Vec<(BTreeSet<Party>, BTreeSet<Party>)> = Vec::new();
    for mut people in circles {
        let mut places = clinics(regulars, &people);
        let one_ring = |(ring, known): &(BTreeSet<Party>, BTreeSet<Party>)| {
            known.iter().any(|one| places.iter().any(|other| one == other || bench.sisters(*one, *other)))
                || go_there(bench, &people, known)
                || go_there(bench, ring, &places)
        };
        let (same, others): (Vec<_>, Vec<_>) = std::mem::take(&mut rings).into_iter().partition(one_ring);
        rings = others;
        for (ring, known) in same {
            people.extend(ring);
            places.extend(known);
        }
        rings.push((people, places));
    }
    rings.into_iter().map(|(people, _)| people).collect()
}

/// Whether a good part of some people is seen again and again at some places.
fn go_there(bench: &Bench, people: &BTreeSet<Party>, places: &BTreeSet<Party>) -> bool {
    let goes = |person: &&Party| {
        let there = bench.settlements(**person).filter(|(fact, _)| is_visit(fact) && places.contains(&fact.place));
        there.take(VISITS_THERE_MIN).count() == VISITS_THERE_MIN
    };
    let going = people.iter().filter(goes).count();
    going >= REGULARS_MIN && percent(going, people.len()) >= GO_THERE_PERCENT
}

fn suspect<'a>(
    bench: &Bench<'a>,
    regulars: &Regulars,
    people: &BTreeSet<Party>,
    driven: &[Group<'a>],
    slug: &'static str,
) -> Option<Suspicion<'a>> {
    let mut places = clinics(regulars, people);
    places.extend(sisters(bench, people, &places));
    let mut suspicion = Suspicion { typology: slug, places: places.clone(), ..Suspicion::default() };
    for person in people {
        let beats = regulars.get(person).into_iter().flat_map(BTreeMap::keys);
        if !beats.into_iter().any(|place| places.contains(place)) {
            continue;
        }
        suspicion.people.insert(*person, visits_to(bench, *person, &places));
    }
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    let beats: Vec<i32> = suspicion.people.keys().flat_map(|person| regulars[person].values().copied()).collect();
    let strict = strict(bench, &suspicion, &beats);
    for (person, held) in driven.iter().flatten() {
        suspicion.people.entry(*person).or_insert_with(|| held.clone());
    }
    let sold = sold(bench, suspicion.settlements());
    suspicion.factors = vec![prior(PRIOR), strict, one_beat(&beats)];
    suspicion.factors.extend(in_company(bench, &suspicion));
    suspicion.factors.extend(elsewhere(&sold));
    how_they_come(bench, &mut suspicion, &sold);
    Some(suspicion)
}

/// Who keeps a calendar meets those who keep the same one: coming along with them says half of what it does otherwise.
fn in_company(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let reason = always_in_line(bench, suspicion);
    (reason.score > 1).then_some(Factor { score: reason.score / 2, ..reason })
}

/// Further clinics of the same owner where several of the people are seen now and then: a beat is kept by turns.
fn sisters(bench: &Bench, people: &BTreeSet<Party>, places: &BTreeSet<Party>) -> Vec<Party> {
    let mut at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in people.iter().flat_map(|person| bench.settlements(*person)).filter(|(fact, _)| is_visit(fact)) {
        if !places.contains(&fact.place) && places.iter().any(|known| bench.sisters(*known, fact.place)) {
            at.entry(fact.place).or_default().insert(fact.person);
        }
    }
    at.into_iter().filter(|(_, people)| people.len() >= REGULARS_MIN).map(|(place, _)| place).collect()
}

/// More people who come by the calendar than at the other places of the city.
fn strict(bench: &Bench, suspicion: &Suspicion, beats: &[i32]) -> Factor {
    let people: BTreeSet<Party> = suspicion.people.keys().copied().collect();
    let score = unlikely(bench, KINDS, &people, 250) + ln_ratio(number(people.len()), 4).clamp(0, 120);
    let (low, high) = (beats.iter().min().copied().unwrap_or(0), beats.iter().max().copied().unwrap_or(0));
    let visits = suspicion.settlements().count();
    let (every_zh, every_en) = if low == high {
        (format!("都保持同一固定间隔(每{low}天)"), format!("all at one interval (every {low} days)"))
    } else {
        (
            format!("各自保持固定间隔(每{low}至{high}天)"),
            format!("each at an interval of their own (every {low} to {high} days)"),
        )
    };
    let text = said(
        format!("{}人共{visits}次就诊,长期{every_zh},远多于本市其他机构", people.len()),
        format!(
            "{} people came {visits} times, {every_en} for months: far more than at the other places of the city",
            people.len()
        ),
    );
    factor("strict_beat", score, text, suspicion.rows(bench))
}

/// The same interval for everybody.
fn one_beat(beats: &[i32]) -> Factor {
    let near = |beat: i32| beats.iter().filter(|one| (**one - beat).abs() <= 1).count();
    let exactly = |beat: i32| beats.iter().filter(|one| **one == beat).count();
    let ranked = beats.iter().map(|beat| (near(*beat), exactly(*beat), *beat)).max();
    let (count, _, beat) = ranked.unwrap_or_default();
    let share = percent(count, beats.len());
    // Clinics and circles of friends have their weekdays: a week, or two, is many people's interval.
    let most = if beat % 7 == 0 { 30 } else { 130 };
    let text = said(
        format!("{share}%的人间隔相同:每{beat}天一次"),
        format!("{share}% of them keep the same interval: every {beat} days"),
    );
    factor("one_beat", ramp(share, 35, 85, most), text, Vec::new())
}

/// One card after the other.
fn within_minutes(suspicion: &Suspicion) -> Factor {
    let (share, chance_milli, ..) = rows(suspicion);
    let score = lift(share, suspicion.settlements().count(), chance_milli.max(30), 60, 180);
    let text = said(
        format!("{share}%的结算十分钟内紧接另一成员(各自前来则约{}%)", chance_milli / 10),
        format!(
            "{share}% of the bills follow another member's within ten minutes (about {}% if all came on their own)",
            chance_milli / 10
        ),
    );
    factor("within_minutes", score, text, Vec::new())
}

/// A course of treatment ends.
fn without_end(suspicion: &Suspicion) -> Factor {
    let mut spans: Vec<i64> = suspicion
        .people
        .values()
        .map(|(_, visits)| {
            let days = || visits.iter().map(|(fact, _)| fact.begin);
            i64::from(days().max().unwrap_or_default().since(days().min().unwrap_or_default()))
        })
        .collect();
    let mut counts: Vec<i64> =
        suspicion.people.values().map(|(_, visits)| i64::try_from(visits.len()).unwrap_or(0)).collect();
    let (days, visits) = (median(&mut spans), median(&mut counts));
    let score = ramp(i32::try_from(days).unwrap_or(0), 90, 365, 120);
    let text = said(
        format!("中位每人{visits}次、前后{days}天:多数疗程早已结束"),
        format!("{visits} visits over {days} days each (median): most courses of treatment are over sooner"),
    );
    factor("without_end", score, text, Vec::new())
}

/// The same people, doctors or owner at two clinics.
fn two_clinics(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let places: Vec<Party> = suspicion.places.iter().copied().collect();
    if places.len() < 2 {
        return None;
    }
    let mut doctors: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in suspicion.settlements().filter(|(fact, _)| fact.doctor.is_some()) {
        doctors.entry(fact.doctor).or_default().insert(fact.place);
    }
    let both = |visits: &[&Cited]| visits.iter().map(|(fact, _)| fact.place).collect::<BTreeSet<_>>().len() >= 2;
    let people = suspicion.people.values().filter(|(_, visits)| both(visits)).count();
    let doctors = doctors.values().filter(|at| at.len() >= 2).count();
    let owned = places.iter().enumerate().any(|(at, one)| places[at + 1..].iter().any(|two| bench.sisters(*one, *two)));
    let share = percent(people, suspicion.people.len());
    let score = ramp(share, 10, 60, 100) + if doctors > 0 { 50 } else { 0 } + if owned { 80 } else { 0 };
    let (owned_zh, owned_en) =
        if owned { ("同一控制人", "one owner") } else { ("控制人不同或未知", "no known common owner") };
    let text = said(
        format!("{}家机构({owned_zh})之间有{share}%的人和{doctors}名医师两处都出现", places.len()),
        format!(
            "{share}% of the people and {doctors} doctors appear at more than one of {} places ({owned_en})",
            places.len()
        ),
    );
    (score > 0).then(|| factor("two_clinics", score, text, Vec::new()))
}

/// From elsewhere, beside the other patients.
fn elsewhere(sold: &Sold) -> Option<Factor> {
    let far = sold.far;
    // Neighbours go to the clinic next door together; cards are brought from where nobody asks.
    let near = -ramp(100 - far.own, 85, 100, 60);
    let score = lift(far.own, far.known, far.usual, 50, 120).max(0) + near;
    let text = said(
        format!("{}%为外地参保人(同机构其他患者{}%)", far.own, far.usual / 10),
        format!("{}% are insured in another city ({}% of the other patients there)", far.own, far.usual / 10),
    );
    (score != 0).then(|| factor("from_elsewhere", score, text, Vec::new()))
}

/// A clinic is there for everybody around it.
fn lives_on_them(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let all: i64 =
        suspicion.places.iter().filter_map(|place| bench.counter(*place)).map(|at| i64::from(at.sale.far[0])).sum();
    let own = suspicion.settlements().count();
    let share = percent(own, own.max(usize::try_from(all).unwrap_or(0)));
    let score = ramp(share, 30, 75, 120);
    let text = said(
        format!("这些机构的门诊结算有{share}%来自这{}人", suspicion.people.len()),
        format!("These {} people make {share}% of the places' outpatient settlements", suspicion.people.len()),
    );
    (score > 0 && all > 0).then(|| factor("lives_on_them", score, text, Vec::new()))
}

/// One price, beside the other patients.
fn narrow(sold: &Sold) -> Option<Factor> {
    let near = sold.narrow;
    let score = lift(near.own, near.known, near.usual, 60, 120);
    let text = said(
        format!("{}%的费用在{}元上下两成之内(同机构其他患者{}%)", near.own, yuan(sold.median_fen), near.usual / 10),
        format!(
            "{}% of the bills lie within a fifth of ¥{} ({}% of the other patients' there)",
            near.own,
            yuan(sold.median_fen),
            near.usual / 10
        ),
    );
    (score != 0).then(|| factor("narrow_fee", score, text, Vec::new()))
}

/// More patients than a doctor's day has room for.
fn doctors_day(suspicion: &Suspicion) -> Option<Factor> {
    let mut days: BTreeMap<(Party, Day), usize> = BTreeMap::new();
    for (fact, _) in suspicion.settlements().filter(|(fact, _)| fact.doctor.is_some()) {
        *days.entry((fact.doctor, fact.begin)).or_default() += 1;
    }
    let over = days.values().filter(|count| **count > DOCTOR_DAY_MAX).count();
    let most = days.values().max().copied().unwrap_or(0);
    let text = said(
        format!("有{over}个医师日仅团伙患者就超过{DOCTOR_DAY_MAX}人次(最多{most}),每人不足一刻钟"),
        format!(
            "On {over} days a doctor had more than {DOCTOR_DAY_MAX} of them alone (at most {most}): less than a quarter of an hour each"
        ),
    );
    (over > 0).then(|| factor("doctors_day", 60 + ln_ratio(number(over), 1).min(60), text, Vec::new()))
}

/// Households.
fn strangers(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let people = suspicion.people.len();
    let households = bench.households(suspicion.people.keys());
    let score = ramp(percent(households, people), 40, 90, 30) - ramp(100 - percent(households, people), 50, 75, 150);
    let text =
        said(format!("{people}人分属{households}户"), format!("The {people} people belong to {households} households"));
    bench.known.addresses.then(|| factor("households", score, text, Vec::new()))
}
