//! After every epoch the answer equals that of a river which was given the same rows at once. The judge writes down the whole
//! dossier, so that ties, people, netted settlements and baselines are all compared, not only what a typology makes of them.

use super::scene;
use medring::engine::{Cluster, River};
use medring::flow::{Found, Settings, Stage};
use medring::model::{Amount, Batch, Day, Dossier, Finding, Judgement, OccasionKind, Regions, Tie};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Writes the dossier down, word for word.
fn transcript(dossier: &Dossier) -> Judgement {
    let typology = serde_json::to_string(dossier).unwrap();
    let findings = vec![Finding {
        typology,
        typologies: Vec::new(),
        score: 0,
        first_day: Day(0),
        last_day: Day(0),
        members: Vec::new(),
        amount: Amount::default(),
        factors: Vec::new(),
        counter_evidence: Vec::new(),
    }];
    let usual = dossier.places.iter().chain(&dossier.counters);
    Judgement { findings, asked: usual.map(|usual| usual.place).collect() }
}

fn river(workers: usize) -> River {
    river_at(workers, Stage::open())
}

fn river_at(workers: usize, stage: Stage) -> River {
    river_knowing(Regions::default(), workers, stage)
}

pub(super) fn river_knowing(regions: Regions, workers: usize, stage: Stage) -> River {
    let settings = Settings {
        regions: Arc::new(regions),
        seats: Arc::default(),
        judge: Arc::new(transcript),
        stage,
        baselines: None,
        one_batch: false,
    };
    River::start(&Cluster::local(workers), settings).unwrap()
}

/// What stands: findings and ties with their counts.
#[derive(Default, PartialEq, Debug)]
pub(super) struct Standing {
    found: BTreeMap<Found, i32>,
    pub(super) ties: BTreeMap<Tie, i32>,
}

impl Standing {
    pub(super) fn apply(&mut self, answer: medring::engine::Answer) {
        for (found, difference) in answer.found {
            *self.found.entry(found).or_default() += difference;
        }
        for (tie, difference) in answer.ties {
            *self.ties.entry(tie).or_default() += difference;
        }
        self.found.retain(|_, count| *count != 0);
        self.ties.retain(|_, count| *count != 0);
        for (tie, count) in &self.ties {
            assert_eq!(*count, 1, "{tie:?}");
        }
        for (found, count) in &self.found {
            assert_eq!(*count, 1, "{}", found.finding.typology);
        }
    }
}

/// Where two answers differ first, with what stands around it.
pub(super) fn difference(left: &Standing, right: &Standing) -> Option<String> {
    if left.ties != right.ties {
        let only = |one: &Standing, other: &Standing| {
            one.ties
                .keys()
                .filter(|tie| !other.ties.contains_key(tie))
                .map(|tie| format!("{tie:?}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        return Some(format!("{}\n--- against ---\n{}", only(left, right), only(right, left)));
    }
    let words = |standing: &Standing| {
        format!("{:?}", standing.found.keys().map(|found| &found.finding.typology).collect::<Vec<_>>())
    };
    let (left_words, right_words) = (words(left), words(right));
    let at = left_words.bytes().zip(right_words.bytes()).position(|(one, other)| one != other);
    let around = |text: &str, at: usize| text[at.saturating_sub(300)..(at + 300).min(text.len())].to_owned();
    match at {
        Some(at) => Some(format!("{}\n--- against ---\n{}", around(&left_words, at), around(&right_words, at))),
        None if left == right => None,
        None => Some("one answer is longer".to_owned()),
    }
}

pub(super) fn at_once(batch: Batch) -> Standing {
    let river = river(1);
    river.feed(batch, 1).unwrap();
    let mut standing = Standing::default();
    standing.apply(river.settle(0).unwrap());
    standing
}

/// Every row as a batch of its own.
pub(super) fn singles(batch: &Batch) -> Vec<Batch> {
    let mut rows = Vec::new();
    rows.extend(batch.settlements.iter().map(|row| Batch { settlements: vec![*row], ..Batch::default() }));
    rows.extend(batch.visits.iter().map(|row| Batch { visits: vec![*row], ..Batch::default() }));
    rows.extend(batch.identifiers.iter().map(|row| Batch { identifiers: vec![*row], ..Batch::default() }));
    rows.extend(batch.traces.iter().map(|row| Batch { traces: vec![*row], ..Batch::default() }));
    macro_rules! each {
        ($($list:ident),*) => {
            $(rows.extend(batch.$list.iter().map(|row| Batch { $list: vec![*row], ..Batch::default() }));)*
        };
    }
    each!(persons, prescriptions, enrolments, entitlements, allowances, assessments, care_visits);
    rows
}

pub(super) fn merge(rows: &[Batch]) -> Batch {
    let mut whole = Batch::default();
    for row in rows {
        whole.settlements.extend(&row.settlements);
        whole.visits.extend(&row.visits);
        whole.identifiers.extend(&row.identifiers);
        whole.traces.extend(&row.traces);
        whole.persons.extend(&row.persons);
        whole.prescriptions.extend(&row.prescriptions);
        whole.enrolments.extend(&row.enrolments);
        whole.entitlements.extend(&row.entitlements);
        whole.allowances.extend(&row.allowances);
        whole.assessments.extend(&row.assessments);
        whole.care_visits.extend(&row.care_visits);
    }
    whole
}

#[test]
fn every_kind_of_benefit_occasion_occurs() {
    use medring::model::OccasionKind::{
        AfterDeath, AfterHours, Approval, CareRecord, EmployerBirth, InvoiceRun, OnlineRun, PrescriptionChannel,
    };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..6 {
        let ties = at_once(scene::rows(seed, 500)).ties;
        seen.extend(ties.keys().flat_map(|tie| tie.occasions.iter().map(|one| one.kind)));
    }
    let wanted =
        [AfterDeath, AfterHours, Approval, CareRecord, EmployerBirth, InvoiceRun, OnlineRun, PrescriptionChannel];
    let missing: Vec<_> = wanted.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?} never occur, so that nothing above tests them");
}

#[test]
fn counters_tie_people_in_these_worlds() {
    let standing = at_once(scene::rows(7, 250));
    let kinds = || standing.ties.keys().flat_map(|tie| tie.occasions.iter().map(|one| one.kind));
    for kind in [OccasionKind::DistantAccount, OccasionKind::StrictBeat] {
        assert!(kinds().any(|one| one == kind), "{kind:?} ties nobody");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_cut_any_workers(seed in any::<u64>(), workers in 1_usize..4) {
        let batch = scene::rows(seed, 500);
        let expected = at_once(batch.clone());
        prop_assert!(!expected.found.is_empty(), "the world is too tame to test anything");
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = singles(&batch);
        rows.shuffle(&mut random);
        let river = river(workers);
        let mut standing = Standing::default();
        let mut epoch = 0;
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(random.random_range(1..=rest.len().min(200)));
            river.feed(merge(now), 1).unwrap();
            standing.apply(river.settle(epoch).unwrap());
            (rest, epoch) = (later, epoch + 1);
        }
        prop_assert_eq!(difference(&standing, &expected), None);
    }

    #[test]
    fn a_bulk_load_then_epochs(seed in any::<u64>(), workers in 1_usize..4) {
        let batch = scene::rows(seed, 500);
        let expected = at_once(batch.clone());
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = singles(&batch);
        rows.shuffle(&mut random);
        let river = river_at(workers, Stage::load());
        let mut standing = Standing::default();
        let (bulk, rest) = rows.split_at(random.random_range(0..=rows.len()));
        for (epoch, part) in (0..).zip(bulk.chunks(100)) {
            river.feed(merge(part), 1).unwrap();
            standing.apply(river.settle(epoch).unwrap());
        }
        prop_assert!(standing.found.is_empty());
        standing.apply(river.open(1_000).unwrap().0);
        for (epoch, part) in (2_000..).zip(rest.chunks(70)) {
            river.feed(merge(part), 1).unwrap();
            standing.apply(river.settle(epoch).unwrap());
        }
        prop_assert_eq!(difference(&standing, &expected), None);
    }

    #[test]
    fn taking_back_leaves_what_stays(seed in any::<u64>(), workers in 1_usize..4) {
        let (stays, goes) = (scene::rows(seed, 250), scene::rows(seed.wrapping_add(1), 300));
        // Same keys in both worlds would be versions of one row; the second world has rows of its own.
        let goes = scene::renumbered(goes, 1_000_000);
        let expected = at_once(stays.clone());
        let river = river(workers);
        let mut standing = Standing::default();
        river.feed(goes.clone(), 1).unwrap();
        standing.apply(river.settle(0).unwrap());
        river.feed(stays.clone(), 1).unwrap();
        standing.apply(river.settle(1).unwrap());
        river.feed(goes, -1).unwrap();
        standing.apply(river.settle(2).unwrap());
        prop_assert_eq!(difference(&standing, &expected), None);
        river.feed(stays, -1).unwrap();
        let last = river.settle(3).unwrap();
        prop_assert!(last.tally.counts.values().all(|count| *count == 0), "{:?}", last.tally.counts);
        prop_assert!(last.tally.set_aside.is_empty());
        prop_assert_eq!(last.persons, 0);
        standing.apply(last);
        prop_assert_eq!(difference(&standing, &Standing::default()), None);
    }
}
