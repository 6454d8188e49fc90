//! Which facts are older than the window, and what follows when they leave?
//!
//! A row's day is the last one that it speaks of. What belongs together leaves together, when the last of it is older than the
//! window: all versions of a row, a bill with what reverses it, and a visit with its settlements, diagnoses, fee lines, boxes
//! and prescriptions. Otherwise a correction could leave and what it corrected come back, or a long stay lose its first days.
//! Rows that speak of no day, and those that are open still, stay: people, identifiers, references, running qualifications.
//!
//! The rows leave as retractions: the river takes them back, rings dissolve or shrink with their lineage, and one epoch commits
//! all of it. The answer is that of a workspace which never had these rows.
//!
//! Cost: two passes over all rows, and memory for those that are older than the window.

use super::EngineError;
use super::running::ROWS_PER_BATCH;
use crate::model::{Batch, Day, Row, RowRef, Settlement, Stamp, Table, hash_words};
use crate::store::Workspace;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The setting that holds the data's own day.
pub(super) const DATA_DAY: &str = "data_day";

/// What would leave, or has left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Facts of earlier days leave.
    pub before: Day,
    /// The rows.
    pub rows: BTreeSet<RowRef>,
    /// Rings that cite any of them.
    pub rings: Vec<String>,
}

impl Leaving {
    /// How many rows of each table.
    #[must_use]
    pub fn tables(&self) -> BTreeMap<Table, u64> {
        let mut tables = BTreeMap::new();
        self.rows.iter().for_each(|row| *tables.entry(row.table()).or_default() += 1);
        tables
    }
}

/// What leaves a workspace when facts of days before this one do.
///
/// # Errors
/// When a segment is missing or damaged, or the user interrupts.
pub fn leaving(workspace: &Workspace, before: Day, stop: &AtomicBool) -> Result<Leaving, EngineError> {
    let rows = select(before, &mut |each| each_part(workspace, stop, each))?;
    if rows.is_empty() {
        return Ok(Leaving { before, ..Leaving::default() });
    }
    let cites = |ring: &crate::model::Ring| {
        ring.finding.factors.iter().any(|factor| factor.facts.iter().any(|fact| rows.contains(fact)))
    };
    let rings = workspace.rings(None)?.into_iter().filter(|ring| cites(ring)).map(|ring| ring.id).collect();
    Ok(Leaving { before, rows, rings })
}

/// Goes through all parts.
type Scan<'a> = &'a mut dyn FnMut(&mut dyn FnMut(Part)) -> Result<(), EngineError>;

/// The rows of bundles that are older than a day.
fn select(before: Day, scan: Scan<'_>) -> Result<BTreeSet<RowRef>, EngineError> {
    let mut bundles = Bundles::default();
    scan(&mut |part| {
        if part.day.is_some_and(|day| day < before) {
            bundles.take(part.row, &part.knots);
        }
    })?;
    if bundles.rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut undated = Vec::new();
    scan(&mut |part| match part.day {
        Some(day) if day < before => {}
        Some(_) => bundles.keep(&part.knots),
        None if bundles.has_any(&part.knots) => undated.push((part.row, part.knots)),
        None => {}
    })?;
    let mut rows = bundles.leave();
    for (row, knots) in undated {
        if !bundles.keeps_any(&knots) {
            rows.insert(row);
        }
    }
    Ok(rows)
}

/// The middle day of the settlements of a batch: one wrong date does not move it.
pub(super) fn middle_day(days: &mut [i32]) -> Option<Day> {
    if days.is_empty() {
        return None;
    }
    let middle = days.len() / 2;
    Some(Day(*days.select_nth_unstable(middle).1))
}

/// The settlement days of some rows.
pub(super) fn settlement_days(batch: &Batch) -> impl Iterator<Item = i32> + '_ {
    batch.settlements.iter().filter_map(|row| day_of(&row.fact)).map(|day| day.0).filter(|day| *day != i32::MAX)
}

/// A row as retention sees it.
struct Part {
    row: RowRef,
    /// The last day it speaks of; `None` when it goes with its visit.
    day: Option<Day>,
    /// What it hangs together by; 0 is nothing.
    knots: [u64; 5],
}

fn each_part(workspace: &Workspace, stop: &AtomicBool, each: &mut dyn FnMut(Part)) -> Result<(), EngineError> {
    let mut interrupted = false;
    workspace.replay(0, ROWS_PER_BATCH, &mut |_, batch| {
        parts(&batch, each);
        interrupted = stop.load(Ordering::Relaxed);
        if interrupted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if interrupted { Err(EngineError::Interrupted) } else { Ok(()) }
}

/// Kinds of knots, so that numbers of different kinds are not taken for one another.
const KEY: u64 = 1;
const VISIT: u64 = 2;
const BILL: u64 = 3;

fn parts(batch: &Batch, each: &mut dyn FnMut(Part)) {
    for row in &batch.settlements {
        let fact = &row.fact;
        // A hospital's own numbers mean something in that hospital only.
        let bill = |id: u64| knot(BILL, id, fact.place.0);
        let knots = [visit(fact.visit), bill(fact.id), bill(fact.original), bill(fact.message)];
        each(part(row, day_of(fact), knots));
    }
    for row in &batch.visits {
        let open = row.fact.end == Stamp(i64::MIN);
        let last = if open { row.fact.begin } else { row.fact.end.max(row.fact.begin) };
        each(part(row, at(last), [visit(row.fact.id), 0, 0, 0]));
    }
    for row in &batch.diagnoses {
        each(part(row, None, [visit(row.fact.visit), 0, 0, 0]));
    }
    for row in &batch.fee_lines {
        each(part(row, at(row.fact.at), [visit(row.fact.visit), 0, 0, 0]));
    }
    for row in &batch.traces {
        each(part(row, at(row.fact.at), [visit(row.fact.visit), 0, 0, 0]));
    }
    for row in &batch.prescriptions {
        let last = row.fact.issued.max(row.fact.dispensed);
        each(part(row, at(last), [visit(row.fact.visit), 0, 0, 0]));
    }
    let alone = [0; 4];
    batch.enrolments.iter().for_each(|row| each(part(row, Some(row.fact.end), alone)));
    batch.entitlements.iter().for_each(|row| each(part(row, Some(row.fact.end), alone)));
    batch.filings.iter().for_each(|row| each(part(row, Some(row.fact.end), alone)));
    batch.allowances.iter().for_each(|row| each(part(row, Some(row.fact.paid.max(row.fact.birth)), alone)));
    batch.assessments.iter().for_each(|row| each(part(row, at(row.fact.at), alone)));
    batch.care_visits.iter().for_each(|row| each(part(row, at(row.fact.begin.max(row.fact.end)), alone)));
}

fn part<F>(row: &Row<F>, day: Option<Day>, [one, two, three, four]: [u64; 4]) -> Part {
    // An unknown day is no old one.
    let day = day.map(|day| if day == Day(i32::MIN) { Day(i32::MAX) } else { day });
    Part { row: row.origin, day, knots: [knot(KEY, row.key, row.origin.table() as u64), one, two, three, four] }
}

/// The last day of a settlement.
fn day_of(fact: &Settlement) -> Option<Day> {
    let days = [fact.begin, fact.end].into_iter().chain(at(fact.settled)).filter(|day| *day != Day(i32::MIN));
    Some(days.filter(|day| *day != Day(i32::MAX)).max().unwrap_or(Day(i32::MAX)))
}

/// The day of a moment; an unknown one is no old one.
fn at(moment: Stamp) -> Option<Day> {
    Some(if moment == Stamp(i64::MIN) { Day(i32::MAX) } else { moment.day() })
}

fn visit(id: u64) -> u64 {
    knot(VISIT, id, 0)
}

fn knot(kind: u64, id: u64, of: u64) -> u64 {
    if id == 0 { 0 } else { hash_words(&[kind, id, of]) }
}

/// Old rows, bundled by the knots they share.
#[derive(Default)]
struct Bundles {
    /// The bundle of a knot.
    of: HashMap<u64, usize>,
    /// The bundle that a bundle was joined to; itself when it was not.
    joined: Vec<usize>,
    kept: Vec<bool>,
    rows: Vec<(RowRef, usize)>,
}

impl Bundles {
    fn root(&mut self, mut at: usize) -> usize {
        while self.joined[at] != at {
            self.joined[at] = self.joined[self.joined[at]];
            at = self.joined[at];
        }
        at
    }

    fn take(&mut self, row: RowRef, knots: &[u64; 5]) {
        let mut bundle: Option<usize> = None;
        for &knot in knots.iter().filter(|knot| **knot != 0) {
            let next = self.joined.len();
            let at = *self.of.entry(knot).or_insert(next);
            if at == next {
                self.joined.push(next);
                self.kept.push(false);
            }
            let at = self.root(at);
            bundle = Some(match bundle {
                Some(bundle) => {
                    self.joined[at] = bundle;
                    bundle
                }
                None => at,
            });
        }
        if let Some(bundle) = bundle {
            self.rows.push((row, bundle));
        }
    }

    fn has_any(&self, knots: &[u64; 5]) -> bool {
        knots.iter().any(|knot| self.of.contains_key(knot))
    }

    /// Something younger hangs together with these: they stay.
    fn keep(&mut self, knots: &[u64; 5]) {
        for &knot in knots {
            if let Some(&at) = self.of.get(&knot) {
                let root = self.root(at);
                self.kept[root] = true;
            }
        }
    }

    fn keeps_any(&mut self, knots: &[u64; 5]) -> bool {
        knots.iter().any(|knot| match self.of.get(knot).copied() {
            Some(at) => {
                let root = self.root(at);
                self.kept[root]
            }
            None => false,
        })
    }

    /// The rows of bundles with nothing younger in them.
    fn leave(&mut self) -> BTreeSet<RowRef> {
        let rows = std::mem::take(&mut self.rows);
        rows.into_iter()
            .filter(|(_, bundle)| {
                let root = self.root(*bundle);
                !self.kept[root]
            })
            .map(|(row, _)| row)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Diagnosis, Enrolment, FeeLine, Party, Prescription, Visit};

    const BEFORE: Day = Day(100);

    fn row<F>(table: Table, number: u64, key: u64, fact: F) -> Row<F> {
        let origin = RowRef::new(table, 0, number);
        Row { key, version: Stamp(i64::MIN), content: number, origin, live: true, fact }
    }

    fn bill(number: u64, visit: u64, days: (i32, i32), change: impl Fn(&mut Settlement)) -> Row<Settlement> {
        let (begin, end) = (Day(days.0), Day(days.1));
        let settled = Stamp::midnight(end);
        let mut fact = Settlement { visit, id: number, place: Party(7), begin, end, settled, ..Settlement::default() };
        change(&mut fact);
        row(Table::SetlD, number, number, fact)
    }

    fn gone(batch: &Batch) -> Vec<(Table, u64)> {
        let rows = select(BEFORE, &mut |each| {
            parts(batch, each);
            Ok(())
        });
        rows.expect("no workspace to fail").into_iter().map(|row| (row.table(), row.row())).collect()
    }

    #[test]
    fn what_belongs_together_leaves_together() {
        let plain = |_: &mut Settlement| {};
        let at = |day: i32| Stamp::midnight(Day(day));
        let reverses = |of: u64| move |fact: &mut Settlement| (fact.original, fact.refund) = (of, true);
        let settlements = vec![
            bill(1, 1, (10, 12), plain),
            // A long stay: its first days are old, its last is not.
            bill(2, 2, (50, 100), plain),
            // Old, and reversed within the window; and one whose reversal is old too.
            bill(3, 3, (20, 20), plain),
            bill(4, 4, (110, 110), reverses(3)),
            bill(5, 5, (20, 20), plain),
            bill(6, 6, (30, 30), reverses(5)),
            // The same number at another place says nothing.
            bill(7, 7, (40, 40), |fact| fact.message = 90),
            bill(8, 8, (140, 140), |fact| (fact.message, fact.place) = (90, Party(8))),
            // Old, and corrected to a day within the window.
            bill(9, 9, (41, 41), plain),
            Row { key: 9, ..bill(10, 10, (141, 141), plain) },
        ];
        let line = |number, visit, day| {
            row(Table::FeeListD, number, 100 + number, FeeLine { visit, at: at(day), ..FeeLine::default() })
        };
        let said = |number, visit| {
            row(Table::SetlDiagListD, number, 200 + number, Diagnosis { visit, ..Diagnosis::default() })
        };
        let batch = Batch {
            settlements,
            visits: vec![row(Table::MdtrtD, 1, 1, Visit { id: 2, begin: at(50), end: at(60), ..Visit::default() })],
            fee_lines: vec![line(1, 1, 11), line(2, 2, 51), line(3, 77, 5)],
            diagnoses: vec![said(1, 1), said(2, 2), said(3, 78)],
            prescriptions: vec![
                row(Table::RxD, 1, 1, Prescription { visit: 1, issued: at(12), ..Prescription::default() }),
                row(
                    Table::RxD,
                    2,
                    2,
                    Prescription { issued: Stamp(i64::MIN), dispensed: Stamp(i64::MIN), ..Prescription::default() },
                ),
            ],
            enrolments: vec![
                row(Table::PsnInsuD, 1, 1, Enrolment { begin: Day(1), end: Day(i32::MAX), ..Enrolment::default() }),
                row(Table::PsnInsuD, 2, 2, Enrolment { begin: Day(1), end: Day(99), ..Enrolment::default() }),
            ],
            ..Batch::default()
        };
        let expected = [
            (Table::SetlD, 1),
            (Table::SetlD, 5),
            (Table::SetlD, 6),
            (Table::SetlD, 7),
            (Table::SetlDiagListD, 1),
            (Table::FeeListD, 1),
            (Table::FeeListD, 3),
            (Table::RxD, 1),
            (Table::PsnInsuD, 2),
        ];
        assert_eq!(gone(&batch), expected);
    }

    #[test]
    fn one_wrong_date_does_not_move_the_day_of_the_data() {
        assert_eq!(middle_day(&mut []), None);
        assert_eq!(middle_day(&mut [30_000, 10, 11, 10, 9]), Some(Day(10)));
    }
}
