//! Where do rows go that are set aside? One CSV per table, complete or not there at all.

use super::IngestError;
use super::gather::Reject;
use crate::model::{Reason, Table};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// The columns of a reject file.
const HEADER: [&str; 8] = ["code", "reason", "file", "row", "column", "value", "remedy", "raw"];

/// Reject files being written.
pub(super) struct Rejects {
    folder: PathBuf,
    suffix: String,
    open: BTreeMap<Table, csv::Writer<BufWriter<File>>>,
}

impl Rejects {
    /// Begins a set of reject files, one per table that needs it: `setl_d.csv`, or `setl_d.2.csv` for a process's share.
    pub(super) fn begin(folder: &Path, share: (usize, usize)) -> Result<Rejects, IngestError> {
        std::fs::create_dir_all(folder).map_err(|source| IngestError::Write { path: folder.into(), source })?;
        let suffix = if share.1 > 1 { format!(".{}", share.0) } else { String::new() };
        Ok(Rejects { folder: folder.into(), suffix, open: BTreeMap::new() })
    }

    /// Continues files that exist already.
    pub(super) fn resume(folder: &Path, tables: impl Iterator<Item = Table>) -> Result<Rejects, IngestError> {
        let mut rejects = Rejects::begin(folder, (0, 1))?;
        for table in tables {
            let (path, unfinished) = (rejects.path(table), rejects.unfinished(table));
            if path.is_file() && !rejects.open.contains_key(&table) {
                let write = |source| IngestError::Write { path: unfinished.clone(), source };
                std::fs::copy(&path, &unfinished).map_err(write)?;
                let file = File::options().append(true).open(&unfinished).map_err(write)?;
                rejects.open.insert(table, csv::Writer::from_writer(BufWriter::new(file)));
            }
        }
        Ok(rejects)
    }

    fn path(&self, table: Table) -> PathBuf {
        self.folder.join(format!("{}{}.csv", table.name(), self.suffix))
    }

    fn unfinished(&self, table: Table) -> PathBuf {
        self.folder.join(format!(".{}{}.csv.unfinished", table.name(), self.suffix))
    }

    /// Writes one row.
    pub(super) fn add(&mut self, table: Table, file: &Path, reject: &Reject) -> Result<(), IngestError> {
        let path = self.unfinished(table);
        let failed = |source| IngestError::Write { path: path.clone(), source };
        let writer = match self.open.entry(table) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(&path).map_err(failed)?));
                writer.write_record(HEADER).map_err(|error| failed(error.into()))?;
                entry.insert(writer)
            }
        };
        let (zh, en) = reject.tear.map_or_else(|| reject.reason.sentence(), |tear| tear.sentence());
        let record = [
            reject.reason.code(),
            &format!("{en} / {zh}"),
            &file.to_string_lossy(),
            &reject.row.to_string(),
            reject.column,
            &reject.value,
            reject.tear.map_or_else(|| remedy(reject.reason), |tear| tear.remedy()),
            &reject.line,
        ];
        writer.write_record(record).map_err(|error| failed(error.into()))
    }

    /// Puts the files in their place; a file of an earlier run that has no successor goes away.
    pub(super) fn finish(self, replace: bool) -> Result<(), IngestError> {
        for table in Table::ALL.into_iter().filter(|table| replace && !self.open.contains_key(table)) {
            let path = self.path(table);
            if path.is_file() {
                std::fs::remove_file(&path).map_err(|source| IngestError::Write { path, source })?;
            }
        }
        let paths: Vec<(Table, PathBuf, PathBuf)> =
            self.open.keys().map(|table| (*table, self.unfinished(*table), self.path(*table))).collect();
        let mut open = self.open;
        for (table, unfinished, path) in paths {
            let failed = |source| IngestError::Write { path: unfinished.clone(), source };
            if let Some(writer) = open.remove(&table) {
                let buffer = writer.into_inner().map_err(|error| failed(error.into_error()))?;
                let file = buffer.into_inner().map_err(|error| failed(error.into_error()))?;
                file.sync_all().map_err(failed)?;
            }
            std::fs::rename(&unfinished, &path).map_err(failed)?;
        }
        Ok(())
    }

    /// Leaves nothing behind.
    pub(super) fn discard(self) {
        for table in self.open.keys() {
            let _ = std::fs::remove_file(self.unfinished(*table));
        }
    }
}

/// What to do about a reason, in one line.
pub(super) fn remedy(reason: Reason) -> &'static str {
    match reason {
        Reason::E01 => "fill the column in the export",
        Reason::E02 => "write dates as 2024-03-01 or 2024-03-01 08:05:09",
        Reason::E03 => "check which of the two dates is wrong; they may be swapped",
        Reason::E04 => "write amounts as plain decimals with at most two places, no exponent, no separators",
        Reason::E05 => "add the code to admdvs_b, or correct it to six digits",
        Reason::E06 => "add the code to [dictionary.med_type] in dataset.toml",
        Reason::E07 => "export the row with updt_time, so that the newer version is known",
        Reason::E08 => "export the period that holds the original settlement (init_setl_id)",
        Reason::E09 => "check the refund's amount against the original",
        Reason::E16 => "export setl_d and mdtrt_d for the same period as fee_list_d",
        Reason::E17 => "export the file again as UTF-8, with identifiers as text: a spreadsheet has cut one",
        Reason::E10 | Reason::E11 | Reason::E12 | Reason::E13 | Reason::E14 | Reason::E15 => {
            "a warning; the row was kept"
        }
    }
}
