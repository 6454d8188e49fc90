//! Which rows were these? Reads only the files needed again and gives the texts behind some rows.

use super::IngestError;
use super::cell::Kind;
use super::column::Cells;
use super::delimited::{TextFields, count_chunk, fits};
use super::encoding::decode;
use super::gather::{Fields, Reject, evidence_id, parties};
use super::parquet::used;
use super::plan::Plan;
use super::reject::Rejects;
use super::scene::Scene;
use super::source::{Access, Source};
use super::split::each_record;
use super::stream::Chunks;
use super::table::{self, Record};
use super::tally::{FirstReject, Tally};
use super::text::masked;
use crate::model::{Allowance, Filing, Identifier, Names, Party, Person, Reason, RowRef, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

impl Source {
    /// The evidence ids of these rows, and the raw identifiers of all parties on them. Cost: each file that holds one of
    /// the rows is read once up to the last of them; Parquet pages without such rows are skipped.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn lookup(&self, rows: &BTreeSet<RowRef>) -> Result<Names, IngestError> {
        let mut names = Names::default();
        for (file, numbers) in self.by_file(rows) {
            let plan = &self.access[file].1;
            let asks = matches!(plan.table, Table::PsnInfoB | Table::XIdent | Table::OutAppyD | Table::XMatnAlwnD);
            let columns = if asks { used(plan) } else { named(plan) };
            let mut cells = Cells::EMPTY;
            self.pick(file, &columns, &numbers, &mut |number, fields| {
                let origin = RowRef::new(plan.table, self.files()[file].number, number);
                names.rows.insert(origin, evidence_id(plan, fields));
                let mut texts = parties(plan, fields);
                if asks {
                    let filled = plan.fill(&mut cells, |column| fields.field(column)).is_ok();
                    texts.retain(|party, _| filled && self.takes_part(plan, &cells, fields, *party));
                }
                names.parties.extend(texts);
            })?;
        }
        Ok(names)
    }

    /// Adds rows that were set aside later (E05, E07, E08, E09, E16) to the reject files of a folder.
    ///
    /// # Errors
    /// When a file cannot be read again or rejects cannot be written.
    pub fn reject(&self, folder: &Path, rows: &BTreeMap<RowRef, Reason>) -> Result<(), IngestError> {
        let mut rejects = Rejects::resume(folder, rows.keys().map(|origin| origin.table()))?;
        for (file, numbers) in self.by_file(&rows.keys().copied().collect()) {
            let source = &self.files()[file];
            let mut failed = Ok(());
            let columns = used(&self.access[file].1);
            self.pick(file, &columns, &numbers, &mut |number, fields| {
                let origin = RowRef::new(source.table, source.number, number);
                if let (Some(reason), Ok(())) = (rows.get(&origin), &failed) {
                    let unlisted = || self.unlisted(&self.access[file].1, fields);
                    let (column, value) = (*reason == Reason::E05).then(unlisted).flatten().unwrap_or_default();
                    let line = fields.line();
                    failed = rejects.add(
                        source.table,
                        &source.path,
                        &Reject { row: number, reason: *reason, tear: None, column, value, line },
                    );
                }
            })?;
            failed?;
        }
        rejects.finish(false)
    }

    /// Notes beside the counts where the first of some rows is that were set aside after they were read, by reason.
    pub fn point_out(&self, rows: &BTreeMap<RowRef, Reason>, tally: &mut Tally) {
        for (origin, reason) in rows {
            let file = usize::try_from(origin.file()).ok().and_then(|file| self.files().get(file));
            if let (Some(file), Some(counts)) = (file, tally.tables.get_mut(&origin.table())) {
                counts.firsts.entry(*reason).or_insert_with(|| FirstReject {
                    file: file.path.display().to_string(),
                    row: origin.row(),
                    column: String::new(),
                });
            }
        }
    }

    /// The first region of a row that `admdvs_b` does not list, masked like any value, with its column.
    fn unlisted(&self, plan: &Plan, fields: &dyn Fields) -> Option<(&'static str, String)> {
        let mut cells = Cells::EMPTY;
        plan.fill(&mut cells, |column| fields.field(column)).ok()?;
        let columns = table::columns(plan.table);
        let of_kind = |kind: Kind| (0..columns.len()).filter(move |at| columns[*at].kind == kind);
        // A region of its own comes before the digits in a code.
        let at = of_kind(Kind::Region)
            .chain(of_kind(Kind::RegionInCode))
            .find(|at| !self.known.listed.admit(cells.region(*at)))?;
        Some((columns[at].names.first()?, masked(&fields.texts().text(at))))
    }

    fn by_file(&self, rows: &BTreeSet<RowRef>) -> BTreeMap<usize, BTreeSet<u64>> {
        let mut files: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
        for row in rows {
            let file = usize::try_from(row.file()).unwrap_or(usize::MAX);
            if self.files().get(file).is_some_and(|source| source.table == row.table()) {
                files.entry(file).or_default().insert(row.row());
            }
        }
        files
    }

    /// Whether a party whose text stands in the row is part of what the row says.
    fn takes_part(&self, plan: &Plan, cells: &Cells, fields: &dyn Fields, party: Party) -> bool {
        let notes = std::cell::Cell::new(0);
        let scene = Scene { cells, texts: fields.texts(), known: &self.known, plan, notes };
        fn asked<R: Record>(scene: &Scene<'_>, party: Party) -> bool {
            R::row(scene).is_ok_and(|row| R::names(&row, party))
        }
        match plan.table {
            Table::PsnInfoB => asked::<Person>(&scene, party),
            Table::XIdent => asked::<Identifier>(&scene, party),
            Table::OutAppyD => asked::<Filing>(&scene, party),
            Table::XMatnAlwnD => asked::<Allowance>(&scene, party),
            _ => true,
        }
    }

    /// Gives some rows of a file (by number, from 1) to `each`; of the columns only these are needed.
    fn pick(
        &self,
        file: usize,
        columns: &BTreeSet<usize>,
        rows: &BTreeSet<u64>,
        each: &mut dyn FnMut(u64, &dyn Fields),
    ) -> Result<(), IngestError> {
        let path = &self.files()[file].path;
        let (access, plan) = &self.access[file];
        let head = match access {
            Access::Columns(footer) => {
                return footer.pick(path, plan, columns, rows, &mut |number, fields| each(number, fields));
            }
            Access::Text(head) => head,
        };
        let Some(&last) = rows.last() else { return Ok(()) };
        let mut chunks = Chunks::open(&head.place, head.packing, Arc::new(AtomicU64::new(0)))?;
        chunks.set_dialect(head.dialect);
        chunks.peek()?;
        chunks.skip(head.length);
        let mut before = 0;
        while before < last
            && let Some(chunk) = chunks.next()?
        {
            let length = count_chunk(plan, &chunk, head.dialect);
            if rows.range(before + 1..=before + length).next().is_some() {
                let text = decode(&chunk.bytes, plan.settings.gb18030);
                let mut number = before;
                each_record(&text, head.dialect, &plan.keys, &mut |record| {
                    number += 1;
                    if rows.contains(&number) && fits(record, plan.columns.len()) {
                        each(number, &TextFields { plan, fields: record });
                    }
                });
            }
            before += length;
        }
        Ok(())
    }
}

/// The columns that say what a row is called and who is on it.
fn named(plan: &Plan) -> BTreeSet<usize> {
    let parties = plan.bindings.iter().filter(|binding| binding.kind.is_party()).map(|binding| binding.column);
    plan.evidence.iter().flatten().copied().chain(parties).collect()
}
