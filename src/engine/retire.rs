//! How do facts leave a workspace that goes on being read? One epoch, committed like a batch.

use super::balance::{Count, counts};
use super::retention::{DATA_DAY, Leaving, leaving};
use super::running::{Running, interrupted};
use super::{EngineError, Session};
use crate::ingest;
use crate::model::{Day, Outcome, Ring, RowRef, Table};
use crate::store::lineage::Event;
use crate::store::{Begin, Outcomes, RingChanges, Settings, Workspace, crash_point};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

/// The setting that holds the day before which facts left last.
const RETIRED_BEFORE: &str = "retired_before";
/// Rows that are taken back at a time.
const ROWS_AT_ONCE: usize = 100_000;
/// Asia/Shanghai is so many seconds ahead of UTC.
const AHEAD_S: u64 = 8 * 3_600;

/// What became of facts that left.
#[derive(Debug)]
pub struct Retired {
    /// The epoch with which they left; `None` when there were none.
    pub epoch: Option<u64>,
    /// The rows.
    pub leaving: Leaving,
    /// What happened to rings.
    pub events: Vec<Event>,
    /// The rings now.
    pub rings: Vec<Ring>,
    /// Rings whose finding, rank or expectation changed.
    pub changed: usize,
}

impl Session {
    /// The day before which facts are to leave now: where a window is set, the data have a day, and facts did not leave for
    /// that day already.
    ///
    /// # Errors
    /// When the workspace does not answer.
    pub fn retention_due(&self, settings: &Settings) -> Result<Option<Day>, EngineError> {
        let (Some(days), Some(day)) = (settings.retention_days, data_day(&self.workspace)?) else { return Ok(None) };
        let before = Day(day.0.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX)));
        let done = day_of_setting(&self.workspace, RETIRED_BEFORE)?;
        Ok(done.is_none_or(|done| done < before).then_some(before))
    }

    /// Lets facts of days before this one leave.
    ///
    /// # Errors
    /// When the workspace does not answer, the user interrupts, or a worker is lost. Then nothing has left.
    pub fn retire(&mut self, before: Day, stop: &AtomicBool) -> Result<Retired, EngineError> {
        let leaving = leaving(&self.workspace, before, stop)?;
        let settings = vec![(RETIRED_BEFORE.to_owned(), before.0.to_string())];
        if leaving.rows.is_empty() {
            for (key, value) in &settings {
                self.workspace.set_setting(key, value)?;
            }
            let rings = self.workspace.rings(None)?;
            return Ok(Retired { epoch: None, leaving, events: Vec::new(), rings, changed: 0 });
        }
        self.warm(stop)?;
        // Whatever fails from here on, the river has seen rows leave that are still there: it is thrown away.
        let Some(running) = self.running.take() else { return Err(EngineError::Interrupted) };
        self.commit_retired(running, leaving, settings, stop)
    }

    fn commit_retired(
        &mut self,
        mut running: Running,
        leaving: Leaving,
        mut settings: Vec<(String, String)>,
        stop: &AtomicBool,
    ) -> Result<Retired, EngineError> {
        let rows: Vec<RowRef> = leaving.rows.iter().copied().collect();
        let before = running.tally.clone();
        for some in rows.chunks(ROWS_AT_ONCE) {
            interrupted(stop)?;
            let batch = self.workspace.facts(&some.iter().copied().collect::<BTreeSet<_>>())?;
            running.river.feed(batch, -1)?;
        }
        running.turn()?;
        let (rings, events) = self.rings(&running)?;
        let changes = RingChanges::between(&self.workspace.rings(None)?, &rings, events.clone());
        let changed = changes.changed.len() + changes.ended.len();
        let epoch = self.workspace.epoch() + 1;
        let mut pending = match self.workspace.begin(Some(&format!("retention-{}-{epoch}", leaving.before)))? {
            Begin::New(pending) => *pending,
            Begin::AlreadyCommitted(_) => unreachable!("the name bears the number of an epoch that is yet to come"),
        };
        pending.retire(rows);
        interrupted(stop)?;
        crash_point("retiring");
        settings.push(("persons".to_owned(), running.persons.to_string()));
        let tallies = retracted(counts(&ingest::Tally::default(), &before, &running.tally));
        let tallies = tallies.iter().map(Count::stored).collect();
        let epoch = self.workspace.commit(pending, &Outcomes { rings: changes, tallies, settings })?;
        self.running = Some(running);
        Ok(Retired { epoch: Some(epoch), leaving, events, rings, changed })
    }
}

/// The data's own day: the middle settlement day of the batch that has the latest one, and never later than today, so that a
/// wrong date makes nothing leave. `None` before the first batch with settlements.
///
/// # Errors
/// When the workspace does not answer.
pub fn data_day(workspace: &Workspace) -> Result<Option<Day>, EngineError> {
    Ok(day_of_setting(workspace, DATA_DAY)?.map(|day| day.min(today())))
}

fn day_of_setting(workspace: &Workspace, key: &str) -> Result<Option<Day>, EngineError> {
    Ok(workspace.setting(key)?.and_then(|text| text.parse().ok()).map(Day))
}

/// The counts with the rows that left as retracted, so that those of each table add up to none: nothing was read.
fn retracted(mut counts: Vec<Count>) -> Vec<Count> {
    let mut sums: BTreeMap<Table, i64> = BTreeMap::new();
    counts.iter().for_each(|count| *sums.entry(count.table).or_default() += count.rows);
    for (table, rows) in sums {
        match counts.iter_mut().find(|count| (count.table, count.outcome) == (table, Outcome::Retracted)) {
            Some(count) => count.rows -= rows,
            None => counts.push(Count { table, outcome: Outcome::Retracted, reason: None, rows: -rows }),
        }
    }
    counts
}

/// Today in Asia/Shanghai.
fn today() -> Day {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Day(i32::try_from((seconds + AHEAD_S) / 86_400).unwrap_or(i32::MAX))
}
