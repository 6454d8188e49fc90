//! How do files become batches? One reader cuts chunks, threads parse them, the caller gets the rows in file order.

use super::IngestError;
use super::delimited::{count_chunk, gather_chunk};
use super::gather::{Gather, Piece, Wishes};
use super::ordered::in_order;
use super::parquet::{Stretch, gather_stretch};
use super::progress::{Meter, Progress};
use super::reject::Rejects;
use super::source::{Access, Source};
use super::stream::{Chunk, Chunks};
use super::table::{self, Record};
use super::tally::Tally;
use crate::model::{
    Batch, Diagnosis, DoctorEntry, FeeLine, Filing, Identifier, Person, PlaceEntry, Region, Row, RowRef, Settlement,
    Table, Trace, Visit,
};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// A batch is handed on as soon as it holds at least this many rows.
    pub rows_per_batch: usize,
    /// Threads that parse.
    pub threads: usize,
    /// `(index, of)`: parse only every `of`-th chunk, beginning with chunk `index`. Row numbers stay those of the file.
    pub share: (usize, usize),
    /// Fill `Batch.names`.
    pub keep_names: bool,
    /// Write rows that are set aside to this folder, a file per table.
    pub reject_dir: Option<PathBuf>,
    /// Show how far it is.
    pub progress: Progress,
    /// Stop when this becomes true.
    pub stop: Option<Arc<AtomicBool>>,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            rows_per_batch: 100_000,
            threads: 1,
            share: (0, 1),
            keep_names: false,
            reject_dir: None,
            progress: Progress::Off,
            stop: None,
        }
    }
}

/// Something to parse, or only to count.
struct Task {
    file: usize,
    parse: bool,
    work: Work,
}

enum Work {
    Chunk(Chunk),
    Stretch(Stretch),
    Failed(IngestError),
}

/// What became of a task.
struct Answer {
    file: usize,
    parsed: bool,
    piece: Result<Piece, IngestError>,
}

impl Source {
    /// Reads everything and hands batches to `each`, references first, in an order that does not depend on the number of
    /// threads. Rows that cannot be read are counted, and written to the reject folder if there is one.
    ///
    /// # Errors
    /// When a file cannot be read to its end, rejects cannot be written, or the caller's flag asks to stop. Then no reject
    /// file is left behind.
    pub fn read(
        &self,
        options: &ReadOptions,
        each: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<Tally, IngestError> {
        self.read_tables(&Table::ALL, options, each)
    }

    /// As [`Source::read`], for some tables only.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn read_tables(
        &self,
        tables: &[Table],
        options: &ReadOptions,
        each: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<Tally, IngestError> {
        let files = self.in_reading_order(tables);
        let taken = Arc::new(AtomicU64::new(0));
        let total = files.iter().map(|file| self.files()[*file].bytes).sum();
        let mut collect = Collect {
            source: self,
            tally: self.empty_tally(&files),
            rows_before: (usize::MAX, 0),
            rejects: options.reject_dir.as_deref().map(|folder| Rejects::begin(folder, options.share)).transpose()?,
            meter: Meter::new(options.progress, Arc::clone(&taken), total),
            waiting: Batch::default(),
            options,
            failed: None,
        };
        let wishes = Wishes { names: options.keep_names, lines: options.reject_dir.is_some() };
        let mut broken = false;
        in_order(
            options.threads,
            |give| self.tasks(&files, options.share, &taken, give),
            |task: Task| self.answer(task, wishes),
            |answer| {
                let flow = collect.take(answer, each);
                broken = flow.is_break();
                flow
            },
        );
        collect.finish(broken, each)
    }

    fn empty_tally(&self, files: &[usize]) -> Tally {
        let mut tally = Tally { complete: true, ..Tally::default() };
        for file in files {
            let plan = &self.access[*file].1;
            let table = tally.tables.entry(plan.table).or_default();
            table.counted_only = table::columns(plan.table).is_empty();
            table.unknown_columns.extend(plan.unknown.iter().cloned());
            let missing = plan.missing.iter().map(|name| (*name).to_owned()).collect();
            if table.files == 0 {
                table.missing_columns = missing;
            } else {
                table.missing_columns = &table.missing_columns & &missing;
            }
            table.files += 1;
        }
        tally
    }

    /// Cuts files into tasks until `give` wants no more.
    fn tasks(
        &self,
        files: &[usize],
        share: (usize, usize),
        taken: &Arc<AtomicU64>,
        give: &mut dyn FnMut(Task) -> bool,
    ) {
        let mut number = 0;
        let mut turn = || {
            number += 1;
            (number - 1) % share.1.max(1) == share.0
        };
        for &file in files {
            let path = &self.files()[file].path;
            let mut wanted = true;
            match &self.access[file].0 {
                Access::Columns(footer) => {
                    let size = self.files()[file].bytes / footer.rows.max(1);
                    for stretch in footer.stretches() {
                        taken.fetch_add(size * stretch.rows as u64, Ordering::Relaxed);
                        wanted = wanted && give(Task { file, parse: turn(), work: Work::Stretch(stretch) });
                    }
                }
                Access::Text(head) => {
                    let cut = Chunks::open(path, head.packing, Arc::clone(taken)).and_then(|mut chunks| {
                        chunks.set_dialect(head.dialect);
                        chunks.peek()?;
                        chunks.skip(head.length);
                        while wanted && let Some(chunk) = chunks.next()? {
                            wanted = give(Task { file, parse: turn(), work: Work::Chunk(chunk) });
                        }
                        Ok(())
                    });
                    if let Err(error) = cut {
                        wanted = give(Task { file, parse: true, work: Work::Failed(error) });
                    }
                }
            }
            if !wanted {
                return;
            }
        }
    }

    fn answer(&self, task: Task, wishes: Wishes) -> Answer {
        let (file, parsed) = (task.file, task.parse);
        let (access, plan) = &self.access[file];
        let understood = !plan.bindings.is_empty();
        let piece = match (task.work, access) {
            (Work::Failed(error), _) => Err(error),
            (Work::Chunk(chunk), Access::Text(head)) if !parsed || !understood => {
                Ok(counted(count_chunk(plan, &chunk, head.dialect), parsed))
            }
            (Work::Stretch(stretch), _) if !parsed || !understood => Ok(counted(stretch.rows as u64, parsed)),
            (work, _) => self.parse(file, work, wishes),
        };
        Answer { file, parsed, piece }
    }

    fn parse(&self, file: usize, work: Work, wishes: Wishes) -> Result<Piece, IngestError> {
        match self.files()[file].table {
            Table::SetlD => self.parse_as::<Settlement>(file, work, wishes),
            Table::MdtrtD => self.parse_as::<Visit>(file, work, wishes),
            Table::SetlDiagListD => self.parse_as::<Diagnosis>(file, work, wishes),
            Table::FeeListD => self.parse_as::<FeeLine>(file, work, wishes),
            Table::DrugTracD => self.parse_as::<Trace>(file, work, wishes),
            Table::PsnInfoB => self.parse_as::<Person>(file, work, wishes),
            Table::FixmedinsB => self.parse_as::<PlaceEntry>(file, work, wishes),
            Table::DrB => self.parse_as::<DoctorEntry>(file, work, wishes),
            Table::XIdent => self.parse_as::<Identifier>(file, work, wishes),
            Table::OutAppyD => self.parse_as::<Filing>(file, work, wishes),
            Table::AdmdvsB => self.parse_as::<Region>(file, work, wishes),
            _ => Ok(Piece::default()),
        }
    }

    fn parse_as<R: Record>(&self, file: usize, work: Work, wishes: Wishes) -> Result<Piece, IngestError> {
        let (access, plan) = &self.access[file];
        let source = &self.files()[file];
        let mut gather = Gather::new(plan, &self.known, wishes, source.number);
        match (access, work) {
            (Access::Text(head), Work::Chunk(chunk)) => gather_chunk::<R>(&mut gather, &chunk, head.dialect),
            (Access::Columns(footer), Work::Stretch(stretch)) => {
                gather_stretch::<R>(&mut gather, &source.path, footer, stretch)?;
            }
            _ => {}
        }
        Ok(gather.piece)
    }
}

/// Rows that are not parsed here: of another's share (not counted as read), or of a table that is only counted.
fn counted(records: u64, ours: bool) -> Piece {
    Piece { records, passed: if ours { records } else { 0 }, ..Piece::default() }
}

/// Puts answers together in file order.
struct Collect<'a> {
    source: &'a Source,
    options: &'a ReadOptions,
    tally: Tally,
    rows_before: (usize, u64),
    rejects: Option<Rejects>,
    meter: Meter,
    waiting: Batch,
    failed: Option<IngestError>,
}

impl Collect<'_> {
    fn take(&mut self, answer: Answer, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> ControlFlow<()> {
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

    fn finish(mut self, broken: bool, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> Result<Tally, IngestError> {
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
    to.names.rows.append(&mut from.names.rows);
    to.names.parties.append(&mut from.names.parties);
}
