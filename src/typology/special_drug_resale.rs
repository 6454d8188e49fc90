//! T11: who fetches one dear medicine at several hospitals at once, behind one telephone or account?
//!
//! The illness is real. What nobody needs is a course from two hospitals on the same days, time and again.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::circles;
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    Explains, Factor, OccasionKind, Party, PersonFile, RowRef, Sentence, Table, explains, fetched_twice,
};
use std::collections::{BTreeMap, BTreeSet};

/// Resale of dear medicine among patients.
pub(crate) struct SpecialDrugResale;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 3;
/// Purchases at two hospitals at once that are no accident.
const TWICE_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::TwoHospitals];

impl Typology for SpecialDrugResale {
    fn slug(&self) -> &'static str {
        "special_drug_resale"
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
            Sight::new(Table::XIdent, "ident_value", "共用电话和账户", "shared telephones and accounts"),
        ];
        BY
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

/// How often a person fetched for each disease at two hospitals at once, often enough.
fn fetched(file: &PersonFile) -> BTreeMap<u32, BTreeSet<RowRef>> {
    let mut pairs: BTreeMap<u32, (usize, BTreeSet<RowRef>)> = BTreeMap::new();
    for [one, other] in fetched_twice(file) {
        // Dialysis and chemotherapy are sessions, not boxes.
        if !matches!(explains(one.0.diagnosis), Explains::AtWill) {
            let held = pairs.entry(one.0.diagnosis >> 8).or_default();
            held.0 += 1;
            held.1.extend([one.1, other.1]);
        }
    }
    pairs
        .into_iter()
        .filter(|(_, (times, _))| *times >= TWICE_MIN)
        .map(|(disease, (_, rows))| (disease, rows))
        .collect()
}

fn suspect<'a>(bench: &Bench<'a>, disease: u32, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, places_are_named_only: true, ..Suspicion::default() };
    let (mut twice, mut refills) = (0, 0);
    for person in people {
        let rows = bench.file(*person).map(fetched).unwrap_or_default().remove(&disease).unwrap_or_default();
        let ours =
            |cited: &&Cited| cited.0.class == crate::model::CareClass::Chronic && cited.0.diagnosis >> 8 == disease;
        let bills: Vec<&Cited> = bench.settlements(*person).filter(ours).collect();
        twice += rows.len();
        refills += bills.len();
        suspicion.people.insert(*person, (500, bills));
    }
    let share = percent(twice, refills);
    let score = ln_ratio(number(people.len()), 1).min(250) + ramp(share, 10, 50, 250);
    let text = said(
        format!("{}人为同一疾病取药{refills}次,{share}%是一天内在两家医院重复取用", people.len()),
        format!(
            "{} people fetched medicine for one disease {refills} times, {share}% of it at two hospitals within a day",
            people.len()
        ),
    );
    let rows = suspicion.rows(bench);
    suspicion.factors = vec![prior(PRIOR), factor("two_hospitals_at_once", score, text, rows)];
    suspicion.factors.extend(hospitals(&suspicion));
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
