//! How do the answers of many threads become one stream? In file order, with row numbers of the file, counted, and with
//! the rejects written.

use super::IngestError;
use super::gather::Piece;
use super::progress::Meter;
use super::read::{Answer, ReadOptions};
use super::reject::Rejects;
use super::source::Source;
use super::tally::{FirstReject, Tally};
use super::tear::FileEnd;
use crate::model::{Batch, Row, RowRef};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

/// Puts answers together in file order.
pub(super) struct Collect<'a> {
    source: &'a Source,
    options: &'a ReadOptions,
    tally: Tally,
    rows_before: (usize, u64),
    rejects: Option<Rejects>,
    meter: Meter,
    waiting: Batch,
    failed: Option<IngestError>,
}

impl<'a> Collect<'a> {
    /// Begins with a tally that knows the files, and a meter that knows their bytes.
    pub(super) fn begin(
        source: &'a Source,
        options: &'a ReadOptions,
        tally: Tally,
        meter: Meter,
    ) -> Result<Collect<'a>, IngestError> {
        let rejects = options.reject_dir.as_deref().map(|folder| Rejects::begin(folder, options.share)).transpose()?;
        let (rows_before, waiting) = ((usize::MAX, 0), Batch::default());
        Ok(Collect { source, options, tally, rows_before, rejects, meter, waiting, failed: None })
    }

    /// Takes the next answer in file order.
    pub(super) fn take(&mut self, answer: Answer, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> ControlFlow<()> {
        let stopped = self.options.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
        let piece = match answer.piece {
            Ok(_) if stopped => Err(IngestError::Interrupted { rows: self.tally.read() }),
            other => other,
        };
        match piece.and_then(|piece| self.place(answer.file, answer.parsed, piece)) {
            Ok(()) if self.waiting.rows() >= self.options.rows_per_batch.max(1) => {
                each(std::mem::take(&mut self.waiting))
            }
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn place(&mut self, file: usize, parsed: bool, mut piece: Piece) -> Result<(), IngestError> {
        let source = &self.source.files()[file];
        if self.rows_before.0 != file {
            self.rows_before = (file, 0);
        }
        let before = self.rows_before.1;
        self.rows_before.1 += piece.records;
        if !parsed {
            return Ok(());
        }
        self.tally.count(source.table, &piece);
        if let (Some((fields, whole)), Some(table)) = (piece.end, self.tally.tables.get_mut(&source.table)) {
            let columns = self.source.access[file].1.columns.len() as u64;
            table.ends.insert(FileEnd { file: source.path.display().to_string(), fields: (fields, columns), whole });
        }
        if let Some(table) = self.tally.tables.get_mut(&source.table) {
            for (reason, (row, column)) in piece.firsts {
                table.firsts.entry(reason).or_insert_with(|| FirstReject {
                    file: source.path.display().to_string(),
                    row: before + row,
                    column: column.to_owned(),
                });
            }
        }
        if let (Some((first, rows)), Some(table)) = (piece.illegible, self.tally.tables.get_mut(&source.table)) {
            table.illegible.entry(source.path.display().to_string()).or_insert((before + first, 0)).1 += rows;
        }
        if let Some(rejects) = &mut self.rejects {
            for mut reject in piece.rejects {
                reject.row += before;
                rejects.add(source.table, &source.path, &reject)?;
            }
        }
        move_origins(&mut piece.batch, before);
        piece.batch.names.rows.extend(piece.names.into_iter().map(|(origin, id)| (RowRef(origin.0 + before), id)));
        append(&mut self.waiting, piece.batch);
        self.meter.show(self.tally.read(), self.tally.quarantined());
        Ok(())
    }

    /// Hands on what is left and puts the reject files in their place.
    pub(super) fn finish(
        mut self,
        broken: bool,
        each: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<Tally, IngestError> {
        self.meter.done();
        self.tally.complete = !broken;
        if let Some(error) = self.failed {
            if let Some(rejects) = self.rejects {
                rejects.discard();
            }
            return Err(error);
        }
        if !broken && self.waiting.rows() > 0 {
            self.tally.complete = each(self.waiting).is_continue();
        }
        if self.options.share.1 <= 1 && self.tally.complete {
            self.source.compare_announced(&mut self.tally);
        }
        match self.rejects {
            Some(rejects) if self.tally.complete => rejects.finish(true)?,
            Some(rejects) => rejects.discard(),
            None => {}
        }
        Ok(self.tally)
    }
}

/// Row numbers count from the chunk's beginning; `before` rows of the file came before it.
fn move_origins(batch: &mut Batch, before: u64) {
    fn by<F>(before: u64, rows: &mut [Row<F>]) {
        for row in rows {
            row.origin = RowRef(row.origin.0 + before);
        }
    }
    by(before, &mut batch.regions);
    by(before, &mut batch.places);
    by(before, &mut batch.doctors);
    by(before, &mut batch.persons);
    by(before, &mut batch.identifiers);
    by(before, &mut batch.filings);
    by(before, &mut batch.settlements);
    by(before, &mut batch.visits);
    by(before, &mut batch.diagnoses);
    by(before, &mut batch.fee_lines);
    by(before, &mut batch.traces);
    by(before, &mut batch.prescriptions);
    by(before, &mut batch.enrolments);
    by(before, &mut batch.entitlements);
    by(before, &mut batch.allowances);
    by(before, &mut batch.assessments);
    by(before, &mut batch.care_visits);
}

fn append(to: &mut Batch, mut from: Batch) {
    if to.rows() == 0 && to.names.rows.is_empty() {
        *to = from;
        return;
    }
    to.regions.append(&mut from.regions);
    to.places.append(&mut from.places);
    to.doctors.append(&mut from.doctors);
    to.persons.append(&mut from.persons);
    to.identifiers.append(&mut from.identifiers);
    to.filings.append(&mut from.filings);
    to.settlements.append(&mut from.settlements);
    to.visits.append(&mut from.visits);
    to.diagnoses.append(&mut from.diagnoses);
    to.fee_lines.append(&mut from.fee_lines);
    to.traces.append(&mut from.traces);
    to.prescriptions.append(&mut from.prescriptions);
    to.enrolments.append(&mut from.enrolments);
    to.entitlements.append(&mut from.entitlements);
    to.allowances.append(&mut from.allowances);
    to.assessments.append(&mut from.assessments);
    to.care_visits.append(&mut from.care_visits);
    to.names.rows.append(&mut from.names.rows);
    to.names.parties.append(&mut from.names.parties);
}
