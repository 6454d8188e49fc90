//! T17: which centre bills dialysis sessions that nobody sat through?
//!
//! Three sessions a week are the rule and some patients are prescribed a fourth. Where most of a centre's patients have more,
//! where sessions go on while the patient lies in another hospital, where they use up no dialyser, and where they came over together from
//! another centre and had more from then on, sessions may have been made up. The same chairs, the same peers for years (HN09) predict none of this.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::unlikely;
use super::lack::Sight;
use super::odds::{lift, ln_ratio, median, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, OccasionKind, Party, RowRef, Schedule, Sentence, Table, is_session, lies_there};
use std::collections::{BTreeMap, BTreeSet};

/// Poaching of dialysis patients, phantom sessions.
pub(crate) struct PhantomDialysis;

const PRIOR: i32 = -500;
const PEOPLE_MIN: usize = 5;
const KINDS: &[OccasionKind] = &[OccasionKind::SurplusSession, OccasionKind::SessionGoods];
/// Patients with a surplus, in thousandths, where a fourth session is prescribed to those who need it.
const PRESCRIBED_MORE: i64 = 150;
/// Patients who have one often, in thousandths, and without a schedule.
const OFTEN_MORE: i64 = 40;
/// Patients are witnesses, and as many are enough. What one says weighs little where they share a doctor who may prescribe, and more where
/// nobody prescribes what was billed.
const WITNESSES: i32 = 25;
const OFTEN_WITNESSES: i32 = 15;
/// Stays with a session billed elsewhere, in thousandths: a slip of the pen.
const SLIPS: i64 = 30;
/// Days around the middle of a move that are one move.
const MOVE_DAYS: i32 = 45;

/// A patient of the centre.
struct Patient<'a> {
    here: Schedule,
    /// Where the sessions were before, and how many days a hundred weeks.
    before: Option<(Party, i32)>,
    /// The sessions here, and those before.
    sessions: Vec<&'a Cited>,
    earlier: Vec<&'a Cited>,
}

impl Typology for PhantomDialysis {
    fn slug(&self) -> &'static str {
        "phantom_dialysis"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("虚构透析次数", "phantom dialysis")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪家机构结算了患者并未做过的透析?".to_owned(),
            "Which centre bills dialysis sessions that nobody sat through?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(
                Table::SetlDiagListD,
                "diag_code",
                "列在诊断表中的透析",
                "dialysis told in the list of diagnoses",
            ),
            Sight::new(Table::FeeListD, "med_list_codg", "透析所用耗材", "what a session uses up"),
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut centres: BTreeMap<Party, Tied> = BTreeMap::new();
        for tie in bench.ties(KINDS) {
            let person = if bench.file(tie.a).is_some() { tie.a } else { tie.b };
            for one in &tie.occasions {
                match one.kind {
                    OccasionKind::SurplusSession => {
                        centres.entry(one.place).or_default().by_schedule.insert(person);
                    }
                    OccasionKind::SessionGoods => {
                        for (place, schedule) in bench.file(person).map(Schedule::of).into_iter().flatten() {
                            if schedule.lacks_consumables() {
                                centres.entry(place).or_default().by_goods.insert(person);
                            }
                        }
                    }
                    _ => (),
                }
            }
        }
        centres.iter().filter_map(|(place, tied)| suspect(bench, *place, tied, self.slug())).collect()
    }
}

/// Who is tied to a centre: all its regular patients where many have more sessions than a schedule, and those with many sessions that used
/// up nothing.
#[derive(Default)]
struct Tied {
    by_schedule: BTreeSet<Party>,
    by_goods: BTreeSet<Party>,
}

fn suspect<'a>(bench: &Bench<'a>, place: Party, tied: &Tied, slug: &'static str) -> Option<Suspicion<'a>> {
    let people = tied.by_schedule.union(&tied.by_goods);
    let patients: BTreeMap<Party, Patient<'a>> =
        people.filter_map(|person| Some((*person, patient(bench, *person, place)?))).collect();
    let cohort = cohort(&patients);
    let came = |patient: &Patient| cohort.is_some_and(|(from, middle)| moved(patient, from, middle));
    let with_them = patients.values().filter(|patient| came(patient)).count();
    let together = percent(with_them, patients.len());
    let regulars = || patients.iter().filter(|(person, _)| tied.by_schedule.contains(person));
    let count = |fits: fn(&Schedule) -> bool| regulars().filter(|(_, patient)| fits(&patient.here)).count();
    // Either most have more than the rule, or some have far more: then who had a surplus now and then is not of them.
    let (some, often) = (
        Beyond::of(count(Schedule::has_surplus), regulars().count(), (PRESCRIBED_MORE, WITNESSES)),
        Beyond::of(count(Schedule::is_often_exceeded), regulars().count(), (OFTEN_MORE, OFTEN_WITNESSES)),
    );
    let is_often = often.score > some.score;
    let is_beyond = if is_often { Schedule::is_often_exceeded } else { Schedule::is_exceeded };
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for (person, patient) in &patients {
        // Who came over with most of them is part of it; who was a patient here all along and had three sessions is not.
        let beyond = tied.by_schedule.contains(person) && is_beyond(&patient.here);
        if beyond || tied.by_goods.contains(person) || (came(patient) && together >= 40) {
            let strength = 150 + (patient.here.surplus_weeks + 5 * patient.here.elsewhere).min(100) * 8;
            suspicion.people.insert(*person, (strength, patient.sessions.clone()));
        }
    }
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    suspicion.places.insert(place);
    let rows: Vec<RowRef> = suspicion.rows(bench);
    suspicion.factors = vec![prior(PRIOR)];
    if regulars().next().is_some() {
        suspicion.factors.push(beyond(&patients, if is_often { often } else { some }, is_often, rows));
    }
    let reasons = [
        used_up_nothing(bench, &patients, &tied.by_goods),
        moved_together(bench, &patients, cohort, (with_them, together)),
        more_than_before(bench, &patients),
        elsewhere(bench, &suspicion),
    ];
    suspicion.factors.extend(reasons.into_iter().flatten());
    Some(suspicion)
}

/// A regular patient of the place.
fn patient<'a>(bench: &Bench<'a>, person: Party, place: Party) -> Option<Patient<'a>> {
    let file = bench.file(person)?;
    let schedules = Schedule::of(file);
    let here = *schedules.get(&place)?;
    let earlier = schedules.iter().filter(|(other, schedule)| **other != place && schedule.first < here.first);
    let before = earlier.max_by_key(|(other, schedule)| (schedule.first, **other));
    let before = before.map(|(other, schedule)| (*other, schedule.days * 100 / schedule.weeks.max(1)));
    let at =
        |wanted: Party| bench.settlements(person).filter(move |(fact, _)| fact.place == wanted && is_session(fact));
    let earlier = before.into_iter().flat_map(|(other, _)| at(other)).collect();
    Some(Patient { here, before, sessions: at(place).collect(), earlier })
}

/// Where most came from, and the middle day of the move.
fn cohort(patients: &BTreeMap<Party, Patient>) -> Option<(Party, Day)> {
    let mut from: BTreeMap<Party, Vec<i64>> = BTreeMap::new();
    for patient in patients.values() {
        if let Some((place, _)) = patient.before {
            from.entry(place).or_default().push(i64::from(patient.here.first.0));
        }
    }
    let (place, mut days) = from.into_iter().max_by_key(|(place, days)| (days.len(), *place))?;
    let middle = i32::try_from(median(&mut days)).ok()?;
    (days.len() >= PEOPLE_MIN).then_some((place, Day(middle)))
}

fn moved(patient: &Patient, from: Party, middle: Day) -> bool {
    let near = patient.here.first.since(middle).abs() <= MOVE_DAYS;
    near && patient.before.is_some_and(|(place, _)| place == from)
}

/// How many have more sessions than the rule, of how many, and what that adds.
struct Beyond {
    count: usize,
    all: usize,
    usual_milli: i64,
    score: i32,
}

impl Beyond {
    fn of(count: usize, all: usize, (usual_milli, enough): (i64, i32)) -> Beyond {
        let share = percent(count, all);
        let witnesses = i32::try_from(count).unwrap_or(i32::MAX).min(enough);
        let score =
            lift(share, all, usual_milli, 200, 320) * witnesses / enough + lift(share, all, usual_milli, 100, 160);
        Beyond { count, all, usual_milli, score }
    }
}

fn beyond(patients: &BTreeMap<Party, Patient>, found: Beyond, is_often: bool, rows: Vec<RowRef>) -> Factor {
    let Beyond { count, all, usual_milli, score } = found;
    let (share, usual) = (percent(count, all), usual_milli / 10);
    let weeks: i32 = patients.values().map(|patient| patient.here.surplus_weeks).sum();
    let (zh, en) = if is_often {
        ("在五分之一以上的周里", ", in a fifth of their weeks or more and on no schedule")
    } else {
        ("", "")
    };
    if count == 0 {
        let text = said(
            format!("{all}名规律透析者均未长期超过每周三次"),
            format!("None of {all} regular patients was billed more than three sessions a week for long"),
        );
        return factor("sessions_beyond_schedule", score.min(0), text, rows);
    }
    let text = said(
        format!("{all}名规律透析者中{count}人({share}%){zh}透析多于每周三次,全部患者共{weeks}个超次周(一般约{usual}%)"),
        format!(
            "{count} of {all} regular patients ({share}%) were billed more than three sessions a week{en}; all of them in {weeks} weeks (about {usual}% elsewhere)"
        ),
    );
    factor("sessions_beyond_schedule", score, text, rows)
}

/// Sessions without the dialyser that each uses up, of more patients than at the city's other centres.
fn used_up_nothing(bench: &Bench, patients: &BTreeMap<Party, Patient>, people: &BTreeSet<Party>) -> Option<Factor> {
    const KINDS: &[OccasionKind] = &[OccasionKind::SessionGoods];
    let of_these = || people.iter().filter_map(|person| patients.get(person));
    let (told, lacking) =
        of_these().fold((0, 0), |sum, patient| (sum.0 + patient.here.told, sum.1 + patient.here.lacking));
    let share = lacking * 100 / told.max(1);
    let count = of_these().count();
    let score = unlikely(bench, KINDS, people, 350) + ln_ratio(number(count), 4).clamp(0, 150);
    let text = said(
        format!("{count}人的{told}次透析中,{lacking}次({share}%)的费用清单没有透析器等必用耗材,多于本市其他机构"),
        format!(
            "{lacking} of {told} sessions of {count} people ({share}%) were billed without a dialyser or anything else that a session uses up: far more than at the city's other centres"
        ),
    );
    let rows = of_these().flat_map(|patient| &patient.sessions);
    let rows = rows.flat_map(|(fact, origin)| bench.lines(fact).chain([*origin])).collect();
    (count >= PEOPLE_MIN && score > 0).then(|| factor("used_up_nothing", score, text, rows))
}

/// They came over together, and the old centre is still there.
fn moved_together(
    bench: &Bench,
    patients: &BTreeMap<Party, Patient>,
    cohort: Option<(Party, Day)>,
    (count, share): (usize, i32),
) -> Option<Factor> {
    let (from, middle) = cohort?;
    let closed = bench.references.places.get(&from).is_some_and(|old| old.closed < Day(middle.0 + MOVE_DAYS));
    let score = ramp(share, 30, 80, 150);
    let text = said(
        format!("{count}人({share}%)在三个月内从同一家仍在营业的机构转来"),
        format!("{count} of them ({share}%) came over within three months from one place that is still open"),
    );
    let came = patients.values().filter(|patient| moved(patient, from, middle));
    let rows = || came.flat_map(|patient| patient.earlier.iter().flat_map(|cited| bench.rows(cited))).collect();
    (score > 0 && !closed).then(|| factor("moved_together", score, text, rows()))
}

/// Each against the time before.
fn more_than_before(bench: &Bench, patients: &BTreeMap<Party, Patient>) -> Option<Factor> {
    let rate = |patient: &Patient| patient.here.days * 100 / patient.here.weeks.max(1);
    let known = patients.values().filter_map(|patient| Some((patient.before?.1, rate(patient))));
    let (all, more) = known.fold((0, 0), |(all, more), (before, now)| (all + 1, more + usize::from(now > before + 15)));
    let share = percent(more, all);
    let score = ramp(share, 35, 80, 150);
    let text = said(
        format!("{share}%({more}/{all})转来后每周透析次数多于在原机构时"),
        format!("{share}% ({more} of {all}) were billed more sessions a week than where they came from"),
    );
    let rows =
        || patients.values().flat_map(|patient| patient.earlier.iter().flat_map(|cited| bench.rows(cited))).collect();
    (all >= PEOPLE_MIN && score > 0).then(|| factor("more_than_before", score, text, rows()))
}

/// On the chair here while in bed elsewhere.
fn elsewhere(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (mut stays, mut contradicted, mut rows) = (0, BTreeSet::new(), Vec::new());
    let (mut sessions, mut persons) = (0, BTreeSet::new());
    for (person, (_, here)) in &suspicion.people {
        for stay in bench.stays(*person).filter(|(fact, _)| fact.nights() >= 2) {
            stays += 1;
            for session in here.iter().filter(|(fact, _)| fact.place != stay.0.place && lies_there(&stay.0, fact.begin))
            {
                sessions += 1;
                persons.insert(*person);
                contradicted.insert(stay.1);
                rows.extend([stay.1, session.1]);
            }
        }
    }
    let share = percent(contradicted.len(), stays);
    // A slip is one patient's; of many, time and again, it is how the centre bills.
    let many = ln_ratio(number(persons.len()), number(PEOPLE_MIN)).clamp(0, 100);
    let score = lift(share, stays, SLIPS, 110, 330).max(0) + if share >= 50 { many } else { 0 };
    let text = said(
        format!("{}人住院期间在此结算透析{sessions}次(占其住院{share}%),不可能同时在两地", persons.len()),
        format!(
            "{} people were billed {sessions} sessions here while in hospital elsewhere ({share}% of their stays): nobody is in two places",
            persons.len()
        ),
    );
    (contradicted.len() >= 2 && score > 0).then(|| factor("session_while_in_hospital", score, text, rows))
}
