//! How do rows of a database become a batch? A CSV file per table in a folder of the workspace, read like any other.

use super::super::super::batches::incoming;
use super::super::super::shared::Shared;
use super::pgoutput::Row;
use crate::model::Table;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use xxhash_rust::xxh3::Xxh3;

/// The folder of a batch; it vanishes when it is dropped.
pub(super) struct Folder {
    folder: TempDir,
    files: Vec<PathBuf>,
    hash: Xxh3,
}

impl Folder {
    pub(super) fn create(shared: &Shared, dataset: Option<&Path>) -> Result<Folder, String> {
        let folder = incoming(shared).map_err(|trouble| trouble.text())?;
        if let Some(file) = dataset {
            fs::copy(file, folder.path().join("dataset.toml"))
                .map_err(|error| format!("{}: {error}", file.display()))?;
        }
        Ok(Folder { folder, files: Vec::new(), hash: Xxh3::new() })
    }

    /// Writes rows of a table. A row that is no longer valid says so in `vali_flag`.
    pub(super) fn write(&mut self, table: Table, columns: &[String], rows: &[(Row, bool)]) -> Result<(), String> {
        let path = self.folder.path().join(format!("{}.csv", table.name()));
        let at = columns.iter().position(|column| column.eq_ignore_ascii_case("vali_flag"));
        let gone = rows.iter().any(|(_, valid)| !valid);
        let added = (at.is_none() && gone).then_some("vali_flag");
        let write = || -> Result<(), csv::Error> {
            let mut writer = csv::Writer::from_path(&path)?;
            writer.write_record(columns.iter().map(String::as_str).chain(added))?;
            for (row, valid) in rows {
                let cells = row.iter().enumerate().map(|(column, cell)| match cell {
                    _ if Some(column) == at && !valid => "0",
                    cell => cell.as_deref().unwrap_or_default(),
                });
                let flag = added.map(|_| if *valid { "1" } else { "0" });
                writer.write_record(cells.chain(flag))?;
            }
            writer.flush()?;
            Ok(())
        };
        write().map_err(|error| format!("{}: {error}", path.display()))?;
        self.hash.update(table.name().as_bytes());
        for (row, valid) in rows {
            self.hash.update(&[u8::from(*valid)]);
            for cell in row {
                self.hash.update(cell.as_deref().unwrap_or("\u{1}").as_bytes());
                self.hash.update(&[0x1f]);
            }
        }
        self.files.push(path);
        Ok(())
    }

    /// A hash of the rows: two batches of the same name hold the same.
    pub(super) fn hash(&self) -> u64 {
        self.hash.digest()
    }

    pub(super) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Words without the folder's name, which is nobody's business.
    pub(super) fn without(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}
