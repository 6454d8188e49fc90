//! What does a recogniser hand over? People with their ring settlements and the reasons; roles, money, days and
//! counter-evidence are added here, in one way for all typologies.

use super::bench::{Bench, Cited};
use super::lookalike;
use super::odds::percent;
use super::roles;
use super::sentence::{factor, said, taught};
use crate::model::{Amount, Day, Factor, Finding, Member, OccasionKind, Party, RowRef, Tie, TypologyScore};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A suspected ring before it is weighed.
#[derive(Clone, Debug, Default)]
pub struct Suspicion<'a> {
    /// Slug of the typology.
    pub typology: &'static str,
    /// Members with strength and ring settlements.
    pub people: BTreeMap<Party, (i32, Vec<&'a Cited>)>,
    /// Reasons for.
    pub factors: Vec<Factor>,
    /// Places that belong to the ring, whatever their share of the settlements.
    pub places: BTreeSet<Party>,
    /// The places only lent their names: they are not members.
    pub places_are_named_only: bool,
    /// An identifier that the people share says nothing about what they are suspected of.
    pub identifiers_tell_nothing: bool,
    /// Members that are neither patients nor found by their share of the settlements: clerks, employers, caregivers.
    pub others: Vec<Member>,
    /// Money that is not in settlements: allowances, care visits.
    pub more: Amount,
    /// Days of occasions that are not settlements (a box sold again).
    pub days: BTreeSet<Day>,
    /// Worked out when first asked, once the people stand: the ties of a large piece are walked once.
    pub(crate) met_again: OnceCell<i32>,
}

impl<'a> Suspicion<'a> {
    /// The ring's settlements, person by person.
    pub fn settlements(&self) -> impl Iterator<Item = &'a Cited> + Clone + '_ {
        self.people.values().flat_map(|(_, settlements)| settlements.iter().copied())
    }

    /// Percent of the people who are tied to another of them by admissions on one day at two and more places.
    #[must_use]
    pub fn met_again(&self, bench: &Bench) -> i32 {
        *self.met_again.get_or_init(|| {
            const KINDS: &[OccasionKind] = &[OccasionKind::Arrival, OccasionKind::CoStay];
            let mut again: BTreeSet<Party> = BTreeSet::new();
            let inside = |tie: &&Tie| self.people.contains_key(&tie.a) && self.people.contains_key(&tie.b);
            for tie in bench.ties(KINDS).filter(inside) {
                let places: BTreeSet<Party> = tie.occasions.iter().map(|one| one.place).collect();
                if places.len() >= 2 {
                    again.extend([tie.a, tie.b]);
                }
            }
            percent(again.len(), self.people.len())
        })
    }

    /// The rows behind all settlements of the ring.
    #[must_use]
    pub fn rows(&self, bench: &Bench) -> Vec<RowRef> {
        self.settlements().flat_map(|settlement| bench.rows(settlement)).collect()
    }

    /// The ring's settlements at a place.
    #[must_use]
    pub(crate) fn rows_at(&self, place: Party) -> Vec<RowRef> {
        self.settlements().filter(|(fact, _)| fact.place == place).map(|(_, origin)| *origin).collect()
    }

    /// Cites what its people did beside the ring's settlements, which was taken out of what is usual.
    pub(crate) fn cite_beside(&mut self, rows: &[RowRef]) {
        if !rows.is_empty() {
            let text = said(
                "这些人在这些机构的其他就医及居住地记录:与其他患者比较时已剔除".to_owned(),
                "What else these people settled there, and what shows where they live: left out where they are held against other patients"
                    .to_owned(),
            );
            self.factors.push(factor("left_out", 0, text, rows.to_vec()));
        }
    }

    /// Cites what its people settled elsewhere: who is seen there lives, and is no card in a drawer.
    pub(crate) fn cite_elsewhere(&mut self, bench: &Bench) {
        let settled = self.people.keys().flat_map(|person| bench.settlements(*person));
        let rows: Vec<RowRef> =
            settled.filter(|(fact, _)| !self.places.contains(&fact.place)).map(|(_, origin)| *origin).collect();
        if !rows.is_empty() {
            let text = said(
                "这些人在别处的就医购药记录:都是生活中的人,而不是抽屉里的卡".to_owned(),
                "What these people settled elsewhere: they are people with lives of their own, not cards in a drawer"
                    .to_owned(),
            );
            self.factors.push(factor("elsewhere_too", 0, text, rows));
        }
    }

    /// A reason that is a share of all the ring's settlements rests on all of them; without settlements, on what the first reason
    /// that has rows rests on. The prior rests on no row.
    fn cite(&self, factors: &mut [Factor]) {
        let mut all: Vec<RowRef> = self.settlements().map(|(_, origin)| *origin).collect();
        if all.is_empty() {
            all = factors.iter().map(|factor| &factor.facts).find(|rows| !rows.is_empty()).cloned().unwrap_or_default();
        }
        all.sort_unstable();
        all.dedup();
        for factor in factors.iter_mut().filter(|factor| factor.facts.is_empty() && factor.code != "prior") {
            factor.facts.clone_from(&all);
        }
        factors.iter_mut().for_each(|factor| {
            factor.facts.sort_unstable();
            factor.facts.dedup();
        });
    }

    /// What reversals without an original would take off the ring's settlements.
    fn orphans(&self, bench: &Bench) -> i64 {
        let places: BTreeSet<Party> = self.settlements().map(|(fact, _)| fact.place).collect();
        let files = self.people.keys().filter_map(|person| bench.file(*person));
        let orphans = files.flat_map(|file| &file.orphans).filter(|(place, _)| places.contains(place));
        orphans.map(|(_, fen)| fen).sum()
    }

    /// Weighs reasons and counter-evidence and names the members.
    #[must_use]
    pub fn finding(self, bench: &Bench<'a>) -> Finding {
        let (members, named) = roles::members(bench, &self);
        let mut factors = self.factors.clone();
        factors.extend(named.into_iter().filter(|_| !self.identifiers_tell_nothing));
        self.cite(&mut factors);
        let counter_evidence = lookalike::weigh(bench, &self, &factors);
        factors.extend(bench.references.verdicts.get(self.typology).and_then(taught));
        factors.sort_by_key(|factor| (std::cmp::Reverse(factor.score), factor.code.clone()));
        let score = factors.iter().map(|factor| factor.score).sum::<i32>()
            + counter_evidence.iter().map(|counter| counter.score).sum::<i32>();
        let mut amount = self.more;
        let mut seen = BTreeSet::new();
        for (fact, origin) in self.settlements() {
            if seen.insert(*origin) {
                amount.total_fen += fact.total_fen;
                amount.fund_fen += fact.fund_fen;
            }
        }
        amount.orphan_fen = self.orphans(bench);
        let days = || self.settlements().map(|(fact, _)| fact.begin).chain(self.days.iter().copied());
        Finding {
            typology: self.typology.to_owned(),
            typologies: vec![TypologyScore { name: self.typology.to_owned(), score }],
            score,
            first_day: days().min().unwrap_or_default(),
            last_day: days().max().unwrap_or_default(),
            members,
            amount,
            factors,
            counter_evidence,
        }
    }
}
