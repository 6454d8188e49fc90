//! T16: who is handed on from hospital to hospital, again and again?
//!
//! Discharged here, admitted there within a day or two, and back: a stay split into several, or people passed around under one
//! owner. An honest referral happens once, upwards, with a transfer on record.

use super::Typology;
use super::admission::{ANY_ILLNESS, habits, presence};
use super::bench::{Bench, Cited};
use super::circles::joined;
use super::crews::{by_home, by_manner, crews};
use super::figures::figures;
use super::handovers::{Hop, Records, circle};
use super::lack::Sight;
use super::odds::{lift, ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{Explains, Factor, HANDED_ON_DAYS, OccasionKind, Party, Sentence, Table, explains, hand_overs};
use std::collections::{BTreeMap, BTreeSet};

/// Relay admission and stay splitting.
pub(crate) struct RelayAdmission;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::Relay, OccasionKind::Circuit];
/// Reasons that say no more than that somebody was handed on: who is, is admitted again and soon.
const SAID_ALREADY: [&str; 2] = ["same_people_again", "soon_again"];

/// Hand-overs of one person that no referral explains, and how many people have them nevertheless, in thousandths.
const OFTEN_MIN: usize = 3;
const OFTEN_USUAL: i64 = 40;

/// Crews with this percent of their places in common are one: the owner passes all of them around.
const SAME_PLACES_PERCENT: usize = 50;

/// Percent of hand-overs without a transfer on record that are no reason yet, and a full one; and so many more than is usual in the city.
const UNRECORDED: (i32, i32) = (60, 95);
const UNRECORDED_MORE: (i32, i32) = (10, 30);

impl Typology for RelayAdmission {
    fn slug(&self) -> &'static str {
        "relay_admission"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("接力转院/分解住院", "relay admissions")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人在几家医院之间接力转院、分解住院?".to_owned(),
            "Who is handed on from hospital to hospital, again and again?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::SetlD, "mdtrt_id", "就诊记录中的转诊", "transfers on record of the visits"),
            Sight::new(Table::MdtrtD, "dscg_way", "离院方式为转院", "discharges to another hospital"),
            Sight::new(Table::MdtrtD, "refl_old_mdtrt_id", "转诊记录", "transfers on record"),
            Sight::ADMITTED_FOR,
            Sight::OWNERS,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        rounds(bench)
            .into_iter()
            .flat_map(|people| by_home(&stays(bench, &people)))
            .flat_map(|people| apart(bench, people))
            .filter_map(|people| suspect(bench, &people, self.slug()))
            .collect()
    }
}

/// People handed on along the same corridors: corridors of which a good part of the people is the same are one round. Two who were
/// also referred, once, do not make a ring of everybody who was referred there.
fn rounds(bench: &Bench) -> Vec<BTreeSet<Party>> {
    let mut corridors: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let (person, corridor) = if bench.file(tie.a).is_some() { (tie.a, tie.b) } else { (tie.b, tie.a) };
        corridors.entry(corridor).or_default().insert(person);
    }
    joined(corridors.into_values().collect())
}

fn stays<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>) -> BTreeMap<Party, Vec<&'a Cited>> {
    people.iter().map(|person| (*person, bench.stays(*person).collect())).collect()
}

/// The crews of a round, when they go to different places or are dealt with differently.
fn apart(bench: &Bench, people: BTreeSet<Party>) -> Vec<BTreeSet<Party>> {
    let stays = stays(bench, &people);
    let crews = crews(bench, &stays);
    let places = |crew: &BTreeSet<Party>| -> BTreeSet<Party> {
        let hops = crew.iter().flat_map(|person| hand_overs(bench.stays(*person)));
        hops.flat_map(|(from, to)| [from.0.place, to.0.place]).collect()
    };
    let visited: Vec<BTreeSet<Party>> = crews.iter().map(places).collect();
    let alike = |one: &BTreeSet<Party>, other: &BTreeSet<Party>| {
        one.intersection(other).count() * 100 >= one.union(other).count() * SAME_PLACES_PERCENT
    };
    if visited.windows(2).any(|pair| alike(&pair[0], &pair[1])) { by_manner(&stays) } else { crews }
}

fn suspect<'a>(bench: &Bench<'a>, tied: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut hops: BTreeMap<Party, Vec<Hop<'a>>> =
        tied.iter().map(|person| (*person, hand_overs(bench.stays(*person)))).collect();
    let mut corridors: BTreeMap<(Party, Party), BTreeSet<Party>> = BTreeMap::new();
    for (person, hops) in &hops {
        for (from, to) in hops {
            corridors.entry((from.0.place.min(to.0.place), from.0.place.max(to.0.place))).or_default().insert(*person);
        }
    }
    let shared = |hop: &Hop| {
        corridors
            .get(&(hop.0.0.place.min(hop.1.0.place), hop.0.0.place.max(hop.1.0.place)))
            .is_some_and(|people| people.len() >= 3)
    };
    // Who was handed on a single time is tied only where people are passed around in a circle.
    hops.retain(|_, hops| {
        let once = hops.len() == 1;
        hops.retain(|hop| shared(hop));
        hops.len() >= 2 || once && !hops.is_empty()
    });
    if hops.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for (person, hops) in &hops {
        let mut stays: Vec<&Cited> = hops.iter().flat_map(|(from, to)| [*from, *to]).collect();
        stays.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, fact.id, *origin));
        stays.dedup();
        let strength = 100 + i32::try_from(hops.len()).unwrap_or(0).min(8) * 100;
        suspicion.people.insert(*person, (strength, stays));
    }
    let hops: Vec<Hop> = hops.into_values().flatten().collect();
    let rows = suspicion.rows(bench);
    let mut passed = passed(&hops, suspicion.people.len());
    passed.facts = rows;
    passed.facts.sort_unstable();
    passed.facts.dedup();
    suspicion.factors = vec![prior(PRIOR), passed];
    let back = back(&suspicion);
    let told = back.as_ref().map_or(0, |back| back.score);
    let often = often(&suspicion);
    let reasons =
        [back, often, around(&hops, told), same_disease(&hops), one_owner(bench, &hops), unrecorded(bench, &hops)];
    suspicion.factors.extend(reasons.into_iter().flatten());
    let figures = figures(bench, &suspicion.people);
    suspicion.cite_beside(&figures.around);
    let habits = habits(bench, &figures, ANY_ILLNESS).into_iter();
    suspicion.factors.extend(habits.filter(|habit| !SAID_ALREADY.contains(&habit.code.as_str())));
    suspicion.factors.extend(presence(bench, &figures, &suspicion.people));
    Some(suspicion)
}

/// How many, how often.
fn passed(hops: &[Hop], people: usize) -> Factor {
    let places: BTreeSet<Party> = hops.iter().flat_map(|(from, to)| [from.0.place, to.0.place]).collect();
    let score =
        ln_ratio(number(people), 2).min(300) + (ln_ratio(number(hops.len()), number(people)) * 12 / 10).min(250);
    let text = said(
        format!("{people}人在{}个机构之间被接力转院{}次,每次间隔不超过{HANDED_ON_DAYS}天", places.len(), hops.len()),
        format!(
            "{people} people were handed on {} times between {} places, within {HANDED_ON_DAYS} days each",
            hops.len(),
            places.len()
        ),
    );
    factor("handed_on", score, text, Vec::new())
}

/// Back to where they came from.
fn back(suspicion: &Suspicion) -> Option<Factor> {
    let (mut back, mut chains) = (0, 0);
    for (_, stays) in suspicion.people.values() {
        for pair in stays.windows(3) {
            chains += 1;
            back += usize::from(pair[0].0.place == pair[2].0.place && pair[2].0.begin.since(pair[0].0.end) <= 45);
        }
    }
    let share = percent(back, chains);
    let score = ramp(share, 10, 60, 150).min(i32::try_from(back).unwrap_or(i32::MAX) * 20);
    let text = said(
        format!("{back}次({share}%)在一个半月内又回到原机构"),
        format!("{back} times ({share}%) they were back at the first place within six weeks"),
    );
    (score > 0).then(|| factor("round_trip", score, text, Vec::new()))
}

/// Handed on time and again for what is not treated in stages: who is referred goes up and, at most, down again.
fn often(suspicion: &Suspicion) -> Option<Factor> {
    let once = |(fact, _): &&&Cited| {
        matches!(explains(fact.diagnosis), Explains::AtWill | Explains::Other | Explains::Infection)
    };
    let again = |stays: &&Vec<&Cited>| {
        hand_overs(stays.iter().copied()).len() >= OFTEN_MIN && stays.iter().filter(once).count() * 2 > stays.len()
    };
    let (again, all) =
        (suspicion.people.values().map(|(_, stays)| stays).filter(again).count(), suspicion.people.len());
    let share = percent(again, all);
    let score = lift(share, all, OFTEN_USUAL, 50, 150).max(0);
    let text = said(
        format!("{again}人({share}%)为无需分阶段治疗的病被转手{OFTEN_MIN}次以上(双向转诊一般至多一上一下)"),
        format!(
            "{again} people ({share}%) were handed on {OFTEN_MIN} times and more for what is not treated in stages (referral goes up and down once)"
        ),
    );
    (again >= 2 && score > 0).then(|| factor("time_and_again", score, text, Vec::new()))
}

/// In a circle of hospitals, beyond those who were back soon themselves: referral leads to the higher care.
fn around(hops: &[Hop], told: i32) -> Option<Factor> {
    let circle = circle(hops);
    let (back, legs) = (circle.iter().map(|leg| leg.back).sum::<u64>(), circle.len());
    let share = percent(usize::try_from(back).unwrap_or(0), hops.len());
    let score = (ramp(share, 30, 80, 200) - told).min(i32::try_from(back).unwrap_or(i32::MAX) * 20);
    let text = said(
        format!("转院在机构之间绕成圈:{legs}条路线上{back}次({share}%)有去有回;正常转诊一般单向上转"),
        format!(
            "The hand-overs go in a circle: on {legs} ways {back} ({share}%) are balanced by the way back; most referrals lead one way, to the higher care"
        ),
    );
    (score > 0).then(|| factor("passed_around", score, text, Vec::new()))
}

/// For one and the same disease.
fn same_disease(hops: &[Hop]) -> Option<Factor> {
    let known: Vec<&Hop> = hops.iter().filter(|(from, to)| from.0.diagnosis != 0 && to.0.diagnosis != 0).collect();
    let share =
        percent(known.iter().filter(|(from, to)| from.0.diagnosis >> 8 == to.0.diagnosis >> 8).count(), known.len());
    let score = ramp(share, 40, 90, 100);
    let text = said(format!("{share}%的转院前后诊断相同"), format!("{share}% of the hand-overs keep the diagnosis"));
    (known.len() * 2 > hops.len() && score > 0).then(|| factor("same_disease", score, text, Vec::new()))
}

/// Under one owner.
fn one_owner(bench: &Bench, hops: &[Hop]) -> Option<Factor> {
    let same = |(from, to): &&Hop| bench.sisters(from.0.place, to.0.place);
    let share = percent(hops.iter().filter(same).count(), hops.len());
    let score = ramp(share, 20, 80, 150);
    let text = said(
        format!("{share}%的转院发生在同一实际控制人的机构之间"),
        format!("{share}% of the hand-overs are between places of one controller"),
    );
    (score > 0).then(|| factor("one_controller", score, text, Vec::new()))
}

/// Without a transfer on record, though visits are known and the city's other hand-overs have one more often.
fn unrecorded(bench: &Bench, hops: &[Hop]) -> Option<Factor> {
    let records = Records::of(bench, hops);
    let share = percent(records.silent, records.known);
    let usual = 100 - records.usual;
    let (none, full) =
        (UNRECORDED.0.max(usual + UNRECORDED_MORE.0), UNRECORDED.1.max(usual + UNRECORDED_MORE.1).min(100));
    let score = if none < full { ramp(share, none, full, 100) } else { 0 };
    let (zh, en) = if records.is_seen {
        (format!(",本市其他转院约{usual}%没有"), format!("; of the city's other hand-overs about {usual}% have none"))
    } else {
        Default::default()
    };
    let text = said(
        format!("{share}%的转院没有转诊记录({}/{}){zh}", records.silent, records.known),
        format!("{share}% of the hand-overs have no transfer on record ({} of {}){en}", records.silent, records.known),
    );
    (records.known >= 3 && score > 0).then(|| factor("no_transfer_on_record", score, text, Vec::new()))
}
