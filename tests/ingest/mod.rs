//! Does the reader understand what bureaus really export, and lose nothing?

mod archives;
mod check;
mod damage;
mod formats;
mod limits;
mod lookup;
mod manifest;
mod mutations;
mod quarantine;
mod share;
mod tables;
mod traps;

use medring::ingest::{IngestError, ReadOptions, Source, Tally};
use medring::model::{Batch, Reason, Row, Settlement, Table};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The header of the smallest possible settlement table.
pub(crate) const HEADER: &str = "setl_id,psn_no,insu_admdvs,fixmedins_code,fix_blng_admdvs,begndate,enddate,setl_time,med_type,medfee_sumamt,fund_pay_sumamt,refd_setl_flag,mdtrt_id";
/// A row of it.
pub(crate) const ROW: &str = "S1,34010000000000000000000001,340123,H34010400001,340104,2024-03-01,2024-03-05,2024-03-05 10:11:12,2101,1234.50,1000.00,0,M1";

/// A folder of files that goes away with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty folder.
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// A folder with one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Folder {
        let folder = Folder::new();
        folder.add(name, content);
        folder
    }

    /// Adds a file.
    pub(crate) fn add(&self, name: &str, content: impl AsRef<[u8]>) -> &Folder {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        std::fs::write(path, content).expect("a file can be written");
        self
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Opens all of it.
    pub(crate) fn open(&self) -> Result<Source, IngestError> {
        Source::open(&[self.path().to_path_buf()])
    }

    /// Reads all of it.
    pub(crate) fn read(&self) -> (Batch, Tally) {
        self.read_with(&ReadOptions::default())
    }

    /// Reads it in some way.
    pub(crate) fn read_with(&self, options: &ReadOptions) -> (Batch, Tally) {
        read(&self.open().expect("the folder holds tables"), options)
    }

    /// The only settlement.
    pub(crate) fn settlement(&self) -> Row<Settlement> {
        let (batch, tally) = self.read();
        assert_eq!(batch.settlements.len(), 1, "{tally:?}");
        batch.settlements[0]
    }
}

/// Reads a source into one batch.
pub(crate) fn read(source: &Source, options: &ReadOptions) -> (Batch, Tally) {
    let mut all = Batch::default();
    let tally = source
        .read(options, &mut |batch| {
            add(&mut all, batch);
            ControlFlow::Continue(())
        })
        .expect("the files can be read");
    (all, tally)
}

/// Adds the rows of one batch to another.
pub(crate) fn add(to: &mut Batch, from: Batch) {
    to.regions.extend(from.regions);
    to.places.extend(from.places);
    to.doctors.extend(from.doctors);
    to.persons.extend(from.persons);
    to.identifiers.extend(from.identifiers);
    to.filings.extend(from.filings);
    to.settlements.extend(from.settlements);
    to.visits.extend(from.visits);
    to.diagnoses.extend(from.diagnoses);
    to.fee_lines.extend(from.fee_lines);
    to.traces.extend(from.traces);
    to.prescriptions.extend(from.prescriptions);
    to.enrolments.extend(from.enrolments);
    to.entitlements.extend(from.entitlements);
    to.allowances.extend(from.allowances);
    to.assessments.extend(from.assessments);
    to.care_visits.extend(from.care_visits);
    to.names.rows.extend(from.names.rows);
    to.names.parties.extend(from.names.parties);
}

/// A settlement table of one row in which one column has another value.
pub(crate) fn settlement_with(column: &str, value: &str) -> Folder {
    Folder::with("setl_d.csv", format!("{HEADER}\n{}\n", row_with(column, value)))
}

/// [`ROW`] with another value in one column.
pub(crate) fn row_with(column: &str, value: &str) -> String {
    let at = HEADER.split(',').position(|name| name == column).expect("the header has the column");
    let mut fields: Vec<&str> = ROW.split(',').collect();
    fields[at] = value;
    fields.join(",")
}

/// How many rows of a table were set aside for a reason.
pub(crate) fn quarantined(tally: &Tally, table: Table, reason: Reason) -> u64 {
    tally.tables.get(&table).and_then(|table| table.quarantined.get(&reason)).copied().unwrap_or(0)
}

/// How many rows of a table have a warning.
pub(crate) fn warned(tally: &Tally, table: Table, reason: Reason) -> u64 {
    tally.tables.get(&table).and_then(|table| table.warnings.get(&reason)).copied().unwrap_or(0)
}

/// Files of a folder, by name.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A path in the folder of this crate's program.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_medring"))
}
