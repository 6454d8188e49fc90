//! T19: whose seal signs for people after its owner has left, or at two places at once?
//!
//! A doctor who retired, left or never practised at a place goes on signing there: the seal is used by others, often in two
//! hospitals on one day and over bills copied from one another. Registers lag behind and doctors work at several places; a
//! signature weeks after the last entry ended, again and again, does neither. Nor does anybody see patients at two places within minutes
//! on day after day.

use super::Typology;
use super::admission::{ANY_ILLNESS, habits, presence};
use super::bench::{Bench, Cited, Group};
use super::circles::unlikely;
use super::figures::figures;
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    AT_ONCE_SECONDS, CareClass, Day, DoctorEntry, Factor, OccasionKind, Party, PartyKind, Sentence, Settlement, Table,
};
use std::collections::{BTreeMap, BTreeSet};

/// Ghost doctors and cloned records.
pub(crate) struct GhostDoctor;

const PRIOR: i32 = -500;
const PEOPLE_MIN: usize = 5;
/// However much was signed, one wrong entry in the register explains it, and one in thirty or so is: −ln of that, in hundredths.
const ONE_WRONG_ENTRY: i32 = 350;
const KINDS: &[OccasionKind] = &[OccasionKind::TwoSeats];
/// Signatures for one patient, on days at two places, of a doctor who sees patients.
const OFTEN_SEEN: usize = 3;
/// Signatures for somebody, over so many days, that make her one of those who come back.
const COMES_BACK: (usize, i32) = (3, 60);
/// What it takes back that both places have one owner.
const CAMPUSES: i32 = -150;
/// Reasons that follow from looking at one doctor's patients.
const SAID_ALREADY: [&str; 1] = ["same_doctors"];

impl Typology for GhostDoctor {
    fn slug(&self) -> &'static str {
        "ghost_doctor"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("冒名行医", "ghost doctor")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些医师离职或退休之后其名义仍在签署, 或同时在两处签署?".to_owned(),
            "Whose seal signs for people after its owner has left, or at two places at once?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::DrB]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::DrB, "enddate", "离职后的签署", "signatures after leaving"),
            Sight::new(Table::DrB, "prac_fixmedins_code", "同时在两处的签署", "signatures at two places at once"),
            Sight::new(Table::MdtrtD, "atddr_no", "主治医师", "attending doctors"),
        ];
        BY
    }

    /// What a lent seal signs is one of these.
    fn more_than(&self) -> &'static [&'static str] {
        &["recruited_fake_admission", "clinic_card_swiping"]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut signed: BTreeMap<Party, Vec<&'a Cited>> = BTreeMap::new();
        for file in &bench.dossier.persons {
            for cited in file.settlements.iter().filter(|(fact, _)| fact.doctor.is_some()) {
                signed.entry(cited.0.doctor).or_default().push(cited);
            }
        }
        let days = days_at_once(bench);
        let late = signed.iter().filter_map(|(doctor, signed)| suspect(bench, *doctor, signed, self.slug()));
        let twice = signed.iter().filter_map(|(doctor, signed)| {
            let seats = Party::context(PartyKind::Circumstance, &[doctor.0, OccasionKind::TwoSeats as u64]);
            at_once(bench, days.get(&seats)?, signed, self.slug())
        });
        late.chain(twice).collect()
    }
}

/// The days on which doctors signed at two places at once, by the contexts that stand for them.
fn days_at_once(bench: &Bench) -> BTreeMap<Party, BTreeSet<Day>> {
    let mut days: BTreeMap<Party, BTreeSet<Day>> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let seats = if tie.a.kind().is_context() { tie.a } else { tie.b };
        days.entry(seats).or_default().extend(tie.occasions.iter().map(|one| one.day));
    }
    days
}

/// People with what was signed for them: the more, the surer.
fn patients<'a>(signed: &[&'a Cited], least: i32) -> Group<'a> {
    let mut people = Group::new();
    for cited in signed {
        let held = people.entry(cited.0.person).or_insert((least, Vec::new()));
        held.0 = (held.0 + 100).min(900);
        held.1.push(*cited);
    }
    people
        .values_mut()
        .for_each(|(_, held)| held.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, fact.id, *origin)));
    people
}

/// A doctor who signs at two places at once on these days, whatever the register says.
fn at_once<'a>(
    bench: &Bench<'a>,
    days: &BTreeSet<Day>,
    signed: &[&'a Cited],
    slug: &'static str,
) -> Option<Suspicion<'a>> {
    let outpatient = |fact: &Settlement| matches!(fact.class, CareClass::Outpatient | CareClass::Chronic);
    let then = |(fact, _): &&Cited| outpatient(fact) && days.contains(&fact.settled.day());
    let held: Vec<&Cited> = signed.iter().copied().filter(then).collect();
    let people: BTreeSet<Party> = held.iter().map(|(fact, _)| fact.person).collect();
    let mut members = patients(&held, 300);
    let passers_by = seen_once_at_his_seat(signed, &members);
    if people.len() - passers_by.len() >= PEOPLE_MIN {
        members.retain(|person, _| !passers_by.contains(person));
    }
    if members.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion =
        Suspicion { typology: slug, people: members, identifiers_tell_nothing: true, ..Suspicion::default() };
    let rows = held.iter().flat_map(|cited| bench.rows(cited)).collect();
    let places: BTreeSet<Party> = held.iter().map(|(fact, _)| fact.place).collect();
    let pairs = minutes_apart(&held);
    let score = unlikely(bench, KINDS, &people, 350) + ln_ratio(number(pairs), 3).clamp(0, 300);
    let text = said(
        format!(
            "在{}天里,该医师的名义在不同机构签署的时间有{pairs}次相差不到{}分钟(共{}个机构、{}人、{}笔),本人不可能同时在场",
            days.len(),
            AT_ONCE_SECONDS / 60,
            places.len(),
            people.len(),
            held.len()
        ),
        format!(
            "On {} days the doctor's name signed at different places within {} minutes, {pairs} times ({} places, {} people, {} settlements): nobody can be at both",
            days.len(),
            AT_ONCE_SECONDS / 60,
            places.len(),
            people.len(),
            held.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("two_places_at_once", score, text, rows)];
    suspicion.factors.extend([campuses(bench, &places), same_patients(&held, people.len())].into_iter().flatten());
    Some(suspicion)
}

/// Those who were seen a single time then, where the doctor sees most people: he was at one of the places, and had patients there.
fn seen_once_at_his_seat(signed: &[&Cited], members: &Group) -> BTreeSet<Party> {
    let mut at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in signed {
        at.entry(fact.place).or_default().insert(fact.person);
    }
    let seat = at.into_iter().max_by_key(|(place, people)| (people.len(), *place)).map(|(place, _)| place);
    let once = |held: &[&Cited]| held.len() == 1 && Some(held[0].0.place) == seat;
    members.iter().filter(|(_, (_, held))| once(held)).map(|(person, _)| *person).collect()
}

/// How often two settlements that follow each other are at different places, too close for anybody to get there.
fn minutes_apart(held: &[&Cited]) -> usize {
    let mut times: Vec<(i64, Party)> = held.iter().map(|(fact, _)| (fact.settled.0, fact.place)).collect();
    times.sort_unstable();
    times.windows(2).filter(|pair| pair[0].1 != pair[1].1 && pair[1].0 - pair[0].0 <= AT_ONCE_SECONDS).count()
}

/// The same few patients over and over: who sees patients sees many.
fn same_patients(held: &[&Cited], people: usize) -> Option<Factor> {
    let score = ln_ratio(number(held.len()), number(people * OFTEN_SEEN)).clamp(0, 150);
    let each = held.len() / people.max(1);
    let text = said(
        format!("这{}笔签署只为{people}人,平均每人{each}次", held.len()),
        format!("These {} signatures are for {people} people, {each} for each of them", held.len()),
    );
    (score > 0).then(|| factor("same_patients", score, text, Vec::new()))
}

/// Nearly everybody comes back for months. Where a register is wrong the doctor sees patients as others do: of most of them a doctor
/// sees little, and few are seen three times (in made-up cities two in three or more come once, at all but one doctor in a hundred).
fn nobody_but_these(people: &Group) -> Option<Factor> {
    let comes_back = |held: &[&Cited]| {
        let span = held.first().zip(held.last()).map_or(0, |(first, last)| last.0.begin.since(first.0.begin));
        held.len() >= COMES_BACK.0 && span >= COMES_BACK.1
    };
    let share = percent(people.values().filter(|(_, held)| comes_back(held)).count(), people.len());
    let many = ramp(i32::try_from(people.len()).unwrap_or(i32::MAX), 4, 16, 100);
    let score = ramp(share, 30, 80, 300) * many / 100;
    let text = said(
        format!("其中{share}%的人两个月以上至少被签署{}次:正常行医的医师,多数患者只来一两次", COMES_BACK.0),
        format!(
            "{share}% of them were signed for {} times and more over two months or longer: most of those whom a doctor sees come once or twice",
            COMES_BACK.0
        ),
    );
    (score > 0).then(|| factor("nobody_but_these", score, text, Vec::new()))
}

/// Two places of one owner may book under one name.
fn campuses(bench: &Bench, places: &BTreeSet<Party>) -> Option<Factor> {
    let first = places.first()?;
    let text = said(
        "这些机构属同一实际控制人,可能为同一医院的两个院区共用工号".to_owned(),
        "The places have one controller: two campuses may book under one name".to_owned(),
    );
    let one_owner = places.iter().all(|place| place == first || bench.sisters(*first, *place));
    one_owner.then(|| factor("one_controller", CAMPUSES, text, Vec::new()))
}

fn suspect<'a>(bench: &Bench<'a>, doctor: Party, signed: &[&'a Cited], slug: &'static str) -> Option<Suspicion<'a>> {
    let entries = bench.references.doctors.get(&doctor)?;
    let left = |(fact, _): &&Cited| DoctorEntry::left_before(entries, fact);
    let signed: Vec<&Cited> = signed.iter().copied().filter(|cited| left(cited).is_some()).collect();
    let last = signed.iter().filter_map(left).min()?;
    let people: BTreeSet<Party> = signed.iter().map(|(fact, _)| fact.person).collect();
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion {
        typology: slug,
        people: patients(&signed, 100),
        identifiers_tell_nothing: true,
        ..Suspicion::default()
    };
    let rows = suspicion.rows(bench);
    let mut after = after_leaving(&signed, last, people.len());
    after.facts = rows;
    after.facts.sort_unstable();
    after.facts.dedup();
    suspicion.factors = vec![prior(PRIOR), after];
    let more = [strange_place(&signed, entries), two_places(&signed), nobody_but_these(&suspicion.people)];
    suspicion.factors.extend(more.into_iter().flatten());
    let stays = admissions(&suspicion.people);
    if stays.len() >= PEOPLE_MIN {
        let figures = figures(bench, &stays);
        suspicion.cite_beside(&figures.around);
        let habits = habits(bench, &figures, ANY_ILLNESS).into_iter();
        suspicion.factors.extend(habits.filter(|habit| !SAID_ALREADY.contains(&habit.code.as_str())));
        suspicion.factors.extend(presence(bench, &figures, &stays));
    }
    Some(suspicion)
}

/// The admissions among them.
fn admissions<'a>(people: &Group<'a>) -> Group<'a> {
    let inside = |(person, (strength, held)): (&Party, &(i32, Vec<&'a Cited>))| {
        let stays: Vec<&Cited> = held.iter().copied().filter(|(fact, _)| fact.class == CareClass::Inpatient).collect();
        (!stays.is_empty()).then_some((*person, (*strength, stays)))
    };
    people.iter().filter_map(inside).collect()
}

/// How often, how long after.
fn after_leaving(signed: &[&Cited], last: Day, people: usize) -> Factor {
    let months: BTreeSet<i32> = signed.iter().map(|(fact, _)| fact.begin.0.div_euclid(30)).collect();
    let longest = signed.iter().map(|(fact, _)| fact.begin.since(last)).max().unwrap_or(0);
    let score = ln_ratio(number(signed.len()), 3).clamp(0, 350)
        + ln_ratio(number(months.len()), 1).min(200)
        + ln_ratio(number(people), 5).clamp(0, 150) / 2;
    let score = score.min(ONE_WRONG_ENTRY);
    let text = said(
        format!(
            "该医师在当地的执业登记自{last}起终止,此后其名义仍为{people}人签署{}笔结算,分布在{}个月,最晚在终止后{longest}天",
            signed.len(),
            months.len()
        ),
        format!(
            "After the doctor's registration there ended (from {last} on), the name signed {} settlements of {people} people, in {} months, up to {longest} days later",
            signed.len(),
            months.len()
        ),
    );
    factor("signed_after_leaving", score, text, Vec::new())
}

/// At places where the doctor was never registered.
fn strange_place(signed: &[&Cited], entries: &[DoctorEntry]) -> Option<Factor> {
    let strange = |fact: &Settlement| !entries.iter().any(|entry| entry.is_at(fact.place));
    let share = percent(signed.iter().filter(|(fact, _)| strange(fact)).count(), signed.len());
    let score = ramp(share, 10, 60, 120);
    let text = said(
        format!("{share}%发生在该医师从未登记执业的机构"),
        format!("{share}% of them at places where the doctor was never registered"),
    );
    (score > 0).then(|| factor("never_registered_there", score, text, Vec::new()))
}

/// At two places on one day.
fn two_places(signed: &[&Cited]) -> Option<Factor> {
    let mut days: BTreeMap<Day, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in signed {
        days.entry(fact.begin).or_default().insert(fact.place);
    }
    let double = days.values().filter(|places| places.len() >= 2).count();
    let places: BTreeSet<Party> = days.values().flatten().copied().collect();
    let score = (ln_ratio(number(double) + 1, 1) * 8 / 10).min(200) + if places.len() >= 2 { 40 } else { 0 };
    let text = said(
        format!("在{}个机构签署,其中{double}天同日出现在两个机构", places.len()),
        format!("Signed at {} places, on {double} days at two of them", places.len()),
    );
    (places.len() >= 2).then(|| factor("two_places", score, text, Vec::new()))
}
