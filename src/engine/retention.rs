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
    let mut bundles = Bundles::default();
    each_part(workspace, stop, &mut |part| {
        if part.day.is_some_and(|day| day < before) {
            bundles.take(part.row, &part.knots);
        }
    })?;
    if bundles.rows.is_empty() {
        return Ok(Leaving { before, ..Leaving::default() });
    }
    let mut undated = Vec::new();
    each_part(workspace, stop, &mut |part| match part.day {
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
    let cites = |ring: &crate::model::Ring| {
        ring.finding.factors.iter().any(|factor| factor.facts.iter().any(|fact| rows.contains(fact)))
    };
    let rings = workspace.rings(None)?.into_iter().filter(|ring| cites(ring)).map(|ring| ring.id).collect();
    Ok(Leaving { before, rows, rings })
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
        rows.into_iter().filter(|(_, bundle)| { let root = self.root(*bundle); !self.kept[root] }).map(|(row, _)| row).collect()
    }
}
