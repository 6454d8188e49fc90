//! A data set of `datasets/`, run through the river with the recognisers as its judge.

use medring::engine::{Cluster, River, references, settings};
use medring::flow::{Baselines, Found, Settings, Stage};
use medring::ingest::{ReadOptions, Source};
use medring::model::{Batch, CareClass, Day, Finding, Party, PartyKind, Role, Row, RowRef, Settlement, Stamp};
use medring::typology::{REPORT_SCORE_MIN, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

/// One data set.
pub(super) struct Scene {
    folder: PathBuf,
    source: Source,
    rows: Batch,
}

impl Scene {
    /// Reads `datasets/<slug>`.
    pub(super) fn of(slug: &str) -> Scene {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("datasets").join(slug);
        let source = Source::open(std::slice::from_ref(&folder)).unwrap();
        let mut rows = Batch::default();
        let options = ReadOptions { keep_names: true, rows_per_batch: 1_000_000, ..ReadOptions::default() };
        source
            .read(&options, &mut |batch| {
                append(&mut rows, batch);
                ControlFlow::Continue(())
            })
            .unwrap();
        Scene { folder, source, rows }
    }

    /// The same with other rows.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Batch)) -> Scene {
        change(&mut self.rows);
        self
    }

    /// What is found in all its rows.
    pub(super) fn found(&self) -> Vec<Finding> {
        self.found_in(&self.rows, None)
    }

    /// What is found in some rows of it, strongest first, reported or not; and nothing is left when they are taken back.
    fn found_in(&self, rows: &Batch, baselines: Option<Arc<Baselines>>) -> Vec<Finding> {
        let references = references(&self.source).unwrap();
        let settings = Settings { baselines, ..settings(&references, judge, Stage::open()) };
        let river = River::start(&Cluster::local(1), settings).unwrap();
        river.feed(rows.clone(), 1).unwrap();
        let mut standing: BTreeMap<Found, i32> = BTreeMap::new();
        for (found, difference) in river.settle(0).unwrap().found {
            *standing.entry(found).or_default() += difference;
        }
        let mut findings: Vec<Finding> = standing.keys().map(|found| found.finding.clone()).collect();
        river.feed(rows.clone(), -1).unwrap();
        for (found, difference) in river.settle(1).unwrap().found {
            *standing.entry(found).or_default() += difference;
        }
        assert!(standing.values().all(|count| *count == 0), "taking every row back leaves nothing");
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.score));
        findings
    }

    /// The findings that are reported.
    pub(super) fn reported(&self) -> Vec<Finding> {
        self.found().into_iter().filter(|finding| finding.score >= REPORT_SCORE_MIN).collect()
    }

    /// What is found when only the rows that a finding cites are fed, with the tables of entities.
    pub(super) fn found_again(&self, finding: &Finding, baselines: Option<Arc<Baselines>>) -> Vec<Finding> {
        let cited: BTreeSet<RowRef> = finding.factors.iter().flat_map(|factor| factor.facts.iter().copied()).collect();
        let mut rows = self.rows.clone();
        rows.settlements.retain(|row| cited.contains(&row.origin));
        rows.visits.retain(|row| cited.contains(&row.origin));
        rows.diagnoses.retain(|row| cited.contains(&row.origin));
        rows.identifiers.retain(|row| cited.contains(&row.origin));
        rows.filings.retain(|row| cited.contains(&row.origin));
        rows.traces.retain(|row| cited.contains(&row.origin));
        rows.prescriptions.retain(|row| cited.contains(&row.origin));
        rows.enrolments.retain(|row| cited.contains(&row.origin));
        rows.entitlements.retain(|row| cited.contains(&row.origin));
        rows.allowances.retain(|row| cited.contains(&row.origin));
        rows.assessments.retain(|row| cited.contains(&row.origin));
        rows.care_visits.retain(|row| cited.contains(&row.origin));
        rows.fee_lines.clear();
        self.found_in(&rows, baselines)
    }

    /// Compares what is reported with `expected.jsonl`; `UPDATE_EXPECT=1` rewrites it.
    pub(super) fn check_golden(&self) {
        let mut text = String::new();
        for finding in self.reported() {
            let name = |party| self.rows.names.parties.get(&party).cloned().unwrap_or_default();
            let members: Vec<String> = finding
                .members
                .iter()
                .map(|member| format!("{} {} {}", member.role.word(), member.party.kind().word(), name(member.party)))
                .collect();
            let line = serde_json::json!({
                "typology": finding.typology,
                "score": finding.score,
                "first_day": finding.first_day.to_string(),
                "last_day": finding.last_day.to_string(),
                "fund_fen": finding.amount.fund_fen,
                "factors": finding.factors.iter().map(|one| format!("{} {}", one.code, one.score)).collect::<Vec<_>>(),
                "counter_evidence": finding.counter_evidence.iter().map(|one| format!("{} {}", one.code, one.score)).collect::<Vec<_>>(),
                "members": members,
            });
            writeln!(text, "{line}").unwrap();
        }
        let path = self.folder.join("expected.jsonl");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{}: see the difference, then UPDATE_EXPECT=1", path.display());
    }

    /// Everything that a typology's data set must show: one ring of this many people and no more, found again from the
    /// rows it cites, nothing left after taking back, every sentence worded in both languages.
    pub(super) fn check_ring(&self, slug: &str, people: std::ops::RangeInclusive<usize>) -> Finding {
        self.check_ring_beside(slug, people, None)
    }

    /// The same, where the ring is found again beside what the whole run knew.
    pub(super) fn check_ring_beside(
        &self,
        slug: &str,
        people: std::ops::RangeInclusive<usize>,
        known: Option<Arc<Baselines>>,
    ) -> Finding {
        let reported = self.reported();
        let told: Vec<(&str, i32, usize)> =
            reported.iter().map(|one| (one.typology.as_str(), one.score, persons(one).len())).collect();
        assert_eq!(reported.len(), 1, "{told:?}");
        let ring = reported[0].clone();
        assert_eq!(ring.typology, slug, "{told:?}");
        assert!(people.contains(&persons(&ring).len()), "{told:?}");
        let sum: i32 =
            ring.factors.iter().map(|one| one.score).chain(ring.counter_evidence.iter().map(|one| one.score)).sum();
        assert_eq!(sum, ring.score);
        for text in ring.factors.iter().map(|one| &one.text).chain(ring.members.iter().map(|one| &one.why)) {
            assert!(!text.zh.is_empty() && !text.en.is_empty());
        }
        let again = self.found_again(&ring, known);
        let best = again.first().expect("the cited rows show the ring again");
        let both = persons(best).intersection(&persons(&ring)).count();
        assert!(both * 10 >= persons(&ring).len() * 9, "{both} of {} found again", persons(&ring).len());
        assert_eq!(best.typology, slug);
        assert!(best.score >= REPORT_SCORE_MIN, "{}", best.score);
        ring
    }
}

/// The people of a finding.
pub(super) fn persons(finding: &Finding) -> BTreeSet<medring::model::Party> {
    let members = finding.members.iter().map(|member| member.party);
    members.filter(|party| party.kind() == PartyKind::Person).collect()
}

/// Members with a role.
pub(super) fn with_role(finding: &Finding, role: Role) -> usize {
    finding.members.iter().filter(|member| member.role == role).count()
}

fn append(rows: &mut Batch, mut batch: Batch) {
    rows.regions.append(&mut batch.regions);
    rows.places.append(&mut batch.places);
    rows.doctors.append(&mut batch.doctors);
    rows.persons.append(&mut batch.persons);
    rows.identifiers.append(&mut batch.identifiers);
    rows.filings.append(&mut batch.filings);
    rows.settlements.append(&mut batch.settlements);
    rows.visits.append(&mut batch.visits);
    rows.diagnoses.append(&mut batch.diagnoses);
    rows.fee_lines.append(&mut batch.fee_lines);
    rows.traces.append(&mut batch.traces);
    rows.prescriptions.append(&mut batch.prescriptions);
    rows.enrolments.append(&mut batch.enrolments);
    rows.entitlements.append(&mut batch.entitlements);
    rows.allowances.append(&mut batch.allowances);
    rows.assessments.append(&mut batch.assessments);
    rows.care_visits.append(&mut batch.care_visits);
    rows.names.rows.append(&mut batch.names.rows);
    rows.names.parties.append(&mut batch.names.parties);
}

/// Has the outpatient visits of some people made by five of them at a time, others each time, minutes apart, on no calendar.
pub(super) fn by_the_carload(rows: &mut Batch, people: &BTreeSet<Party>) {
    let visits = rows.settlements.iter_mut().filter(|row| {
        people.contains(&row.fact.person) && row.fact.class == CareClass::Outpatient && row.fact.nights() == 0
    });
    let mut places: BTreeMap<Party, BTreeMap<Party, Vec<&mut Row<Settlement>>>> = BTreeMap::new();
    for row in visits {
        places.entry(row.fact.place).or_default().entry(row.fact.person).or_default().push(row);
    }
    for visitors in places.into_values() {
        let mut turns: Vec<&mut Row<Settlement>> = Vec::new();
        let mut visitors: Vec<Vec<&mut Row<Settlement>>> = visitors.into_values().collect();
        while visitors.iter().any(|rows| !rows.is_empty()) {
            // Everybody comes in turn, and the order changes from one time to the next.
            let shift = turns.len() % 7;
            let count = visitors.len();
            (0..count).for_each(|at| turns.extend(visitors[(at * 11 + shift) % count].pop()));
        }
        let first = turns.iter().map(|row| row.fact.begin.0).min().unwrap_or(0);
        let mut day = first;
        for (number, car) in turns.chunks_mut(5).enumerate() {
            day += 2 + i32::try_from(number * number % 5).unwrap_or(0);
            for (seat, row) in (0..).zip(car) {
                let fact = &mut row.fact;
                (fact.begin, fact.end) = (Day(day), Day(day));
                fact.settled = Stamp(
                    Stamp::midnight(Day(day)).0 + 50_000 + i64::try_from(number).unwrap_or(0) * 37 % 9_000 + seat * 130,
                );
            }
        }
    }
}

/// Has what some people settled at counters fetched for all of them on one day a month, at two counters, for what a month's medicine
/// costs.
pub(super) fn fetched_for_all(rows: &mut Batch, people: &BTreeSet<Party>) {
    let at_counter = |fact: &Settlement| {
        matches!(fact.class, CareClass::Outpatient | CareClass::Chronic | CareClass::Drugstore) && fact.nights() == 0
    };
    let mut held: BTreeMap<Party, Vec<&mut Row<Settlement>>> = BTreeMap::new();
    for row in rows.settlements.iter_mut().filter(|row| people.contains(&row.fact.person) && at_counter(&row.fact)) {
        held.entry(row.fact.person).or_default().push(row);
    }
    let mut counters: Vec<Party> = held.values().flatten().map(|row| row.fact.place).collect();
    counters.sort_unstable();
    counters.dedup();
    counters.truncate(2);
    let first = held.values().flatten().map(|row| row.fact.begin.0).min().unwrap_or(0);
    for (seat, own) in (0..).zip(held.into_values()) {
        for (turn, row) in (0..).zip(own) {
            let fact = &mut row.fact;
            let (month, second) = (turn / 2, turn % 2);
            let day = first + i32::try_from(month * 30 + month % 3).unwrap_or(0);
            fact.place = counters[usize::try_from(second).unwrap_or(0)];
            (fact.begin, fact.end) = (Day(day), Day(day));
            fact.settled = Stamp(Stamp::midnight(Day(day)).0 + 31_000 + second * 3_600 + seat * 110);
            fact.total_fen = 6_000 + (seat * 1_517 + turn * 733) % 9_000;
        }
    }
}
