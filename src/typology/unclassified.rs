//! Which groups meet far beyond chance, though no typology says how? Significant, so never dropped.

use super::bench::{Bench, Cited};
use super::odds::{ln_ratio, number, percent};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use super::{Typology, companions};
use crate::model::{OccasionKind, Party, Sentence, Table, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// Significant, but of no known kind.
pub(crate) struct Unclassified;

const PRIOR: i32 = -500;
const PEOPLE_MIN: usize = 6;
const KINDS: &[OccasionKind] = &[
    OccasionKind::Arrival,
    OccasionKind::CoStay,
    OccasionKind::TillRun,
    OccasionKind::Filing,
    OccasionKind::ClonedBill,
    OccasionKind::PrescriptionChannel,
];

impl Typology for Unclassified {
    fn slug(&self) -> &'static str {
        "unclassified"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("未归类的异常聚集", "unclassified")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人群的聚集远超偶然,却不符合已知手法?".to_owned(),
            "Who meets far beyond chance in a way that no typology describes?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn mechanism(&self) -> bool {
        false
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let between = |tie: &&Tie| bench.file(tie.a).is_some() && bench.file(tie.b).is_some();
        let ties: Vec<Tie> = bench.ties(KINDS).filter(between).cloned().collect();
        companions::rounds(bench, &ties).into_iter().filter_map(|people| suspect(bench, &ties, &people)).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, ties: &[Tie], people: &BTreeSet<Party>) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut met: BTreeMap<Party, BTreeSet<(Party, i32)>> = BTreeMap::new();
    let mut weights: BTreeMap<Party, i32> = BTreeMap::new();
    let mut inside = 0;
    for tie in ties.iter().filter(|tie| people.contains(&tie.a)) {
        inside += 1;
        for person in [tie.a, tie.b] {
            *weights.entry(person).or_default() += i32::try_from(tie.weight).unwrap_or(0).min(1_000) / 4;
            met.entry(person).or_default().extend(tie.occasions.iter().map(|one| (one.place, one.day.0)));
        }
    }
    let mut suspicion = Suspicion { typology: "unclassified", ..Suspicion::default() };
    for (person, occasions) in &met {
        let there = |cited: &&Cited| {
            let fact = &cited.0;
            occasions.contains(&(fact.place, fact.begin.0)) || occasions.contains(&(fact.place, fact.settled.day().0))
        };
        suspicion
            .people
            .insert(*person, (weights[person].min(2_000), bench.settlements(*person).filter(there).collect()));
    }
    let places: BTreeSet<Party> = met.values().flatten().map(|(place, _)| *place).collect();
    let density = percent(inside * 2, people.len() * (people.len() - 1));
    let score = ln_ratio(number(places.len()), 1).min(350) * 3 / 2
        + ln_ratio(number(people.len()), 6).min(150)
        + density.min(60);
    let text = said(
        format!("{}人两两之间有{inside}条超出偶然的联系(密度{density}%),涉及{}个机构", people.len(), places.len()),
        format!(
            "{} people, {inside} ties beyond chance between them (density {density}%), at {} places",
            people.len(),
            places.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("beyond_chance", score, text, suspicion.rows(bench))];
    Some(suspicion)
}
