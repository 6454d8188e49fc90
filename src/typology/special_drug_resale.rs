//! T11: who fetches one dear medicine at several hospitals at once, behind one telephone or account?
//!
//! The illness is real. What nobody needs is a course from two hospitals on the same days, time and again, or from four by turns.

use super::Typology;
use super::bench::{Bench, Cited, by_place};
use super::circles::circles;
use super::excess::supply_exceeded;
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    Explains, Factor, OccasionKind, Party, PersonFile, RowRef, Sentence, Table, dear_refill, explains,
    fetched_in_excess, fetched_twice,
};
use std::collections::{BTreeMap, BTreeSet};

/// Resale of dear medicine among patients.
pub(crate) struct SpecialDrugResale;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::TwoHospitals];
/// Hospitals that one person goes round.
const AROUND_MIN: usize = 3;
/// Refills at two hospitals within a day that one hospital without the medicine explains, for each person.
const NOW_AND_THEN: usize = 6;

impl Typology for SpecialDrugResale {
    fn slug(&self) -> &'static str {
        "special_drug_resale"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("病友群特药倒卖", "special-drug resale")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些病友同时在多家医院重复取用高价药?".to_owned(),
            "Who fetches one dear medicine at several hospitals at once, behind one telephone or account?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::SetlDiagListD, "diag_code", "病种", "illnesses"),
            Sight::CONTACTS,
            Sight::new(Table::XIdent, "ident_value", "共用电话和账户", "shared telephones and accounts"),
            Sight::SUPPLY,
        ];
        BY
    }

    fn more_than(&self) -> &'static [&'static str] {
        &["card_pool"]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut diseases: BTreeMap<u32, BTreeSet<Party>> = BTreeMap::new();
        for file in &bench.dossier.persons {
            for disease in fetched(file).into_keys() {
                diseases.entry(disease).or_default().insert(file.person);
            }
        }
        let crowded = diseases.into_iter().filter(|(_, people)| people.len() >= PEOPLE_MIN);
        let circles = crowded.flat_map(|(disease, fit)| {
            circles(bench, KINDS, |person| fit.contains(&person)).into_iter().map(move |people| (disease, people))
        });
        circles.filter_map(|(disease, people)| suspect(bench, disease, &people, self.slug())).collect()
    }
}

/// What shows that a person fetched in excess, by disease. Dialysis and chemotherapy are sessions, not boxes.
fn fetched(file: &PersonFile) -> BTreeMap<u32, BTreeSet<RowRef>> {
    let mut excess = fetched_in_excess(file);
    let at_will = |disease: u32| {
        let mut refills =
            file.settlements.iter().filter(|(fact, _)| dear_refill(fact) && fact.diagnosis >> 8 == disease);
        refills.any(|(fact, _)| explains(fact.diagnosis) == Explains::AtWill)
    };
    excess.retain(|disease, _| !at_will(*disease));
    excess
}

fn suspect<'a>(bench: &Bench<'a>, disease: u32, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, places_are_named_only: true, ..Suspicion::default() };
    let (mut shown, mut refills) = (BTreeSet::new(), 0);
    let (mut twice, mut around) = (BTreeSet::new(), 0);
    for file in people.iter().filter_map(|person| bench.file(*person)) {
        let rows = fetched(file).remove(&disease).unwrap_or_default();
        let at_once = fetched_twice(file).flatten().filter(|(fact, _)| fact.diagnosis >> 8 == disease);
        twice.extend(at_once.map(|(_, origin)| *origin));
        let ours =
            |cited: &&Cited| cited.0.class == crate::model::CareClass::Chronic && cited.0.diagnosis >> 8 == disease;
        let bills: Vec<&Cited> = bench.settlements(file.person).filter(ours).collect();
        around += usize::from(by_place(bills.iter().copied()).len() >= AROUND_MIN);
        shown.extend(rows);
        refills += bills.len();
        suspicion.people.insert(file.person, (500, bills));
    }
    let share = percent(twice.len(), refills);
    let by_turns = percent(around, people.len());
    let score = ln_ratio(number(people.len()), 1).min(250)
        + ramp(share, 10, 50, 250).max(ramp(by_turns, 40, 90, 200))
        + ln_ratio(number(twice.len()), number(people.len() * NOW_AND_THEN)).clamp(0, 100);
    let text = said(
        format!(
            "{}人为同一疾病取药{refills}次,{share}%是一天内在两家医院重复取用,{around}人轮流在{AROUND_MIN}家以上医院取用",
            people.len()
        ),
        format!(
            "{} people fetched medicine for one disease {refills} times, {share}% of it at two hospitals within a day; {around} of them went round {AROUND_MIN} hospitals or more",
            people.len()
        ),
    );
    let mut rows = suspicion.rows(bench);
    rows.extend(shown);
    suspicion.factors = vec![prior(PRIOR), factor("two_hospitals_at_once", score, text, rows)];
    suspicion.factors.extend(hospitals(&suspicion));
    let excess = supply_exceeded(bench, &suspicion);
    suspicion.factors.extend(excess);
    Some(suspicion)
}

/// The same hospitals for all of them.
fn hospitals(suspicion: &Suspicion) -> Option<Factor> {
    let mut at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| {
        at.entry(fact.place).or_default().insert(fact.person);
    });
    let shared = at.values().filter(|people| people.len() * 2 >= suspicion.people.len()).count();
    let score = ln_ratio(number(shared), 1).min(120);
    let text = said(
        format!("{shared}家医院为其中半数以上的人共同使用"),
        format!("{shared} hospitals are used by half of them or more"),
    );
    (shared >= 2).then(|| factor("same_hospitals", score, text, Vec::new()))
}
