//! Which files will be read, and what do their columns say? Everything that can be known before the first row.

use super::IngestError;
use super::head::{self, Head};
use super::locate::{Found, Located, MANIFEST, Shape};
use super::manifest::Manifest;
use super::parquet::Footer;
use super::place::Place;
use super::plan::Plan;
use super::scene::Known;
use super::table;
use super::tally::Tally;
use crate::model::{PlaceEntry, References, Regions, Row, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that will be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its number in row references.
    pub number: u32,
    /// Its table.
    pub table: Table,
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes on disk.
    pub bytes: u64,
}

/// How to read a file.
#[derive(Clone, Debug)]
pub(super) enum Access {
    /// As text.
    Text(Head),
    /// As Parquet.
    Columns(Footer),
}

/// Opened inputs: every file is found, its format and columns are known, and the references are read.
pub struct Source {
    files: Vec<SourceFile>,
    ignored: Vec<PathBuf>,
    manifests: BTreeMap<PathBuf, Manifest>,
    written: Vec<Place>,
    pub(super) access: Vec<(Access, Plan)>,
    pub(super) known: Known,
}

impl Source {
    /// Finds the tables in folders and files, reads headers and `dataset.toml`, and loads the reference tables. Files are
    /// numbered by table, then path.
    ///
    /// # Errors
    /// When there is no table, a file is unreadable, damaged or no table, a required column is missing, or a manifest is
    /// wrong. Bad rows are no errors.
    pub fn open(inputs: &[PathBuf]) -> Result<Source, IngestError> {
        Source::open_with(inputs, None, &References::default())
    }

    /// As [`Source::open`]; `config` is a file written as `dataset.toml` that holds for folders without one.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_configured(inputs: &[PathBuf], config: Option<&Path>) -> Result<Source, IngestError> {
        Source::open_with(inputs, config, &References::default())
    }

    /// As [`Source::open`], for a part of a whole whose references are known already: what these files say about regions
    /// and institutions comes on top.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_knowing(inputs: &[PathBuf], known: &References) -> Result<Source, IngestError> {
        Source::open_with(inputs, None, known)
    }

    fn open_with(inputs: &[PathBuf], config: Option<&Path>, known: &References) -> Result<Source, IngestError> {
        let located = Located::under(inputs, config)?;
        let mut source = Source {
            files: Vec::new(),
            ignored: located.ignored,
            manifests: located.manifests.into_iter().map(|(folder, (manifest, _))| (folder, manifest)).collect(),
            written: located.written,
            access: Vec::new(),
            known: Known::default(),
        };
        for found in located.files.into_values() {
            source.add(found)?;
        }
        source.known.with_regions(known.regions.clone());
        source.known.areas = known.places.values().map(|entry| (entry.place, entry.area)).collect();
        source.load_references()?;
        Ok(source)
    }

    fn add(&mut self, found: Found) -> Result<(), IngestError> {
        let opened = match found.shape {
            Shape::Parquet => {
                let (footer, plan) = Footer::open(&found.place.path, found.table, &found.settings)?;
                Some((Access::Columns(footer), plan))
            }
            _ => head::look(&found)?.map(|(head, plan)| (Access::Text(head), plan)),
        };
        match opened {
            None => self.ignored.push(found.place.path),
            Some(access) => {
                let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
                self.files.push(SourceFile { number, table: found.table, path: found.place.path, bytes: found.bytes });
                self.access.push(access);
            }
        }
        Ok(())
    }

    /// The places of institutions, and remarks on regions, need these two tables before any other row.
    fn load_references(&mut self) -> Result<(), IngestError> {
        for table in [Table::AdmdvsB, Table::FixmedinsB] {
            let mut regions = self.known.regions.clone();
            let (mut areas, listed) = (std::mem::take(&mut self.known.areas), self.known.listed.clone());
            self.read_tables(&[table], &super::ReadOptions::default(), &mut |batch| {
                for row in batch.regions.into_iter().filter(|row| row.live) {
                    regions.by_code.insert(row.fact.code, row.fact);
                }
                let counts = |row: &&Row<PlaceEntry>| row.live && listed.admit(row.fact.area);
                areas.extend(batch.places.iter().filter(counts).map(|row| (row.fact.place, row.fact.area)));
                ControlFlow::Continue(())
            })?;
            self.known.areas = areas;
            self.known.with_regions(regions);
        }
        Ok(())
    }

    /// The tables that are there.
    #[must_use]
    pub fn tables(&self) -> BTreeSet<Table> {
        self.files.iter().map(|file| file.table).collect()
    }

    /// The files that will be read, by number.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Files that were seen and are no tables.
    #[must_use]
    pub fn ignored(&self) -> &[PathBuf] {
        &self.ignored
    }

    /// What `admdvs_b` says; empty when it is absent.
    #[must_use]
    pub fn regions(&self) -> &Regions {
        &self.known.regions
    }

    /// The manifests by folder, defaults where there is no `dataset.toml`.
    #[must_use]
    pub fn manifests(&self) -> &BTreeMap<PathBuf, Manifest> {
        &self.manifests
    }

    /// Gives the bytes of each table's files and of each `dataset.toml` to `each`, with the table's name or the manifest's,
    /// taken out of their archives: what a batch holds, whatever its files are called.
    ///
    /// # Errors
    /// When a file cannot be read to its end.
    pub fn each_content(
        &self,
        each: &mut dyn FnMut(&'static str, &mut dyn Read) -> io::Result<()>,
    ) -> Result<(), IngestError> {
        let tables = self.files.iter().zip(&self.access).map(|(file, (access, _))| {
            let own = || Place { path: file.path.clone(), member: None };
            let place = if let Access::Text(head) = access { head.place.clone() } else { own() };
            (file.table.name(), place)
        });
        for (name, place) in tables.chain(self.written.iter().map(|place| (MANIFEST, place.clone()))) {
            each(name, &mut place.open(Arc::default())?).map_err(|source| place.failed(source))?;
        }
        Ok(())
    }

    /// The manifest that holds for a file.
    #[must_use]
    pub fn manifest_of(&self, file: &Path) -> Option<&Manifest> {
        file.ancestors().find_map(|folder| self.manifests.get(folder))
    }

    /// Notes where `dataset.toml` announces another number of rows than were read.
    pub(super) fn compare_announced(&self, tally: &mut Tally) {
        for (name, rows) in self.manifests.values().flat_map(|manifest| &manifest.rows) {
            if let Some(counts) = Table::named(name).and_then(|table| tally.tables.get_mut(&table)) {
                counts.announced = (counts.read != *rows).then_some(*rows);
            }
        }
    }

    /// Files of some tables in the order of reading.
    pub(super) fn in_reading_order(&self, tables: &[Table]) -> Vec<usize> {
        let ordered = table::ORDER.iter().filter(|table| tables.contains(table));
        ordered.flat_map(|table| (0..self.files.len()).filter(|at| self.files[*at].table == *table)).collect()
    }
}
