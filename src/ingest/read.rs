//! How do files become batches? One reader cuts chunks, threads parse them, the caller gets the rows in file order.

use super::IngestError;
use super::collect::Collect;
use super::delimited::{count_chunk, gather_chunk};
use super::gather::{Gather, Piece, Wishes};
use super::ordered::in_order;
use super::parquet::{Stretch, gather_stretch};
use super::progress::{Meter, Progress};
use super::source::{Access, Source};
use super::stream::{Chunk, Chunks};
use super::table::{self, Record};
use super::tally::Tally;
use crate::model::{
    Allowance, Assessment, Batch, CareVisit, Diagnosis, DoctorEntry, Enrolment, Entitlement, FeeLine, Filing,
    Identifier, Person, PlaceEntry, Prescription, Region, Settlement, Table, Trace, Visit,
};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// A batch is handed on as soon as it holds at least this many rows. Chunks hold some thousand rows; collecting more
    /// than one into a batch costs a copy.
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
            rows_per_batch: 4_096,
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
pub(super) struct Answer {
    /// The file.
    pub(super) file: usize,
    /// Whether it belongs to this share.
    pub(super) parsed: bool,
    /// What came out.
    pub(super) piece: Result<Piece, IngestError>,
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
        let meter = Meter::new(options.progress, Arc::clone(&taken), total);
        let mut collect = Collect::begin(self, options, self.empty_tally(&files), meter)?;
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
            table.repeated_columns.extend(plan.repeated().cloned());
            table.blank_columns.extend(plan.there().map(str::to_owned));
            let missing = plan.missing().map(str::to_owned).collect();
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
                    let cut = Chunks::open(&head.place, head.packing, Arc::clone(taken)).and_then(|mut chunks| {
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
            Table::RxD => self.parse_as::<Prescription>(file, work, wishes),
            Table::PsnInsuD => self.parse_as::<Enrolment>(file, work, wishes),
            Table::OpspRegD => self.parse_as::<Entitlement>(file, work, wishes),
            Table::XMatnAlwnD => self.parse_as::<Allowance>(file, work, wishes),
            Table::XLtcEval => self.parse_as::<Assessment>(file, work, wishes),
            Table::XLtcServ => self.parse_as::<CareVisit>(file, work, wishes),
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
