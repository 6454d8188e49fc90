//! Which files hold which tables? Names decide: `setl_d.csv`, `setl_d.csv.gz`, `setl_d_2024.parquet`, `setl_d/part-7.jsonl`.
//!
//! A ZIP archive is looked into as a folder is. There the folders around the tables may have any name, since whoever packs a folder
//! often packs its name too, and in an archive that bears a table's name (`setl_d.zip`) files of any name are its parts.

use super::IngestError;
use super::archive::{self, Member};
use super::manifest::{Manifest, Settings};
use super::place::Place;
use super::stream::Packing;
use crate::model::Table;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The manifest's file name.
pub(super) const MANIFEST: &str = "dataset.toml";
/// How deep part folders may nest (`setl_d/year=2024/month=03/…`).
const DEPTH: usize = 6;

/// What a file's extension says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Delimited text; the usual delimiter of the extension.
    Delimited(u8, Packing),
    /// JSON Lines.
    JsonLines(Packing),
    /// Parquet.
    Parquet,
}

/// A file that holds rows of a table.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The table.
    pub(super) table: Table,
    /// The file.
    pub(super) place: Place,
    /// Its bytes on disk.
    pub(super) bytes: u64,
    /// Its format.
    pub(super) shape: Shape,
    /// What its site says.
    pub(super) settings: Arc<Settings>,
    /// Whether it is one of several parts in a folder; empty parts are normal.
    pub(super) part: bool,
}

/// What was found under the inputs.
#[derive(Debug, Default)]
pub(super) struct Located {
    /// Tables by table and path.
    pub(super) files: BTreeMap<(Table, PathBuf), Found>,
    /// Files that are no tables.
    pub(super) ignored: Vec<PathBuf>,
    /// Manifests by folder.
    pub(super) manifests: BTreeMap<PathBuf, (Manifest, Arc<Settings>)>,
    /// The manifests that are there.
    pub(super) written: Vec<Place>,
    /// What holds in folders without a manifest.
    standard: (Manifest, Settings),
}

impl Located {
    /// Looks at every input.
    pub(super) fn under(inputs: &[PathBuf], config: Option<&Path>) -> Result<Located, IngestError> {
        let config = config.map(|path| Place { path: path.into(), member: None });
        let standard = config.as_ref().map(Manifest::read).transpose()?.unwrap_or_default();
        let mut located = Located { standard, ..Located::default() };
        for input in inputs {
            let kind = std::fs::metadata(input).map_err(|source| IngestError::Read { path: input.clone(), source })?;
            if kind.is_dir() {
                let settings = located.settings(input)?;
                match input.file_name().and_then(|name| Table::named(&name.to_string_lossy().to_lowercase())) {
                    Some(table) => located.parts(input, table, &settings, DEPTH)?,
                    None => located.folder(input, &settings)?,
                }
            } else if is_archive(input) {
                let settings = located.settings(input.parent().unwrap_or(Path::new("")))?;
                located.archive(input, table_of(input), &settings)?;
            } else {
                let settings = located.settings(input.parent().unwrap_or(Path::new("")))?;
                if !located.fed(&Place { path: input.into(), member: None }, None, &settings, false)? {
                    return Err(IngestError::NoTables {
                        path: input.clone(),
                        looked: "its name is no table's, or its extension is unknown".to_owned(),
                    });
                }
            }
        }
        match (located.files.is_empty(), inputs.first()) {
            (true, Some(first)) => Err(IngestError::NoTables { path: first.clone(), looked: located.looked() }),
            (true, None) => {
                Err(IngestError::NoTables { path: PathBuf::new(), looked: "no input was given".to_owned() })
            }
            _ => Ok(located),
        }
    }

    fn looked(&self) -> String {
        let names: Vec<String> = self
            .ignored
            .iter()
            .take(5)
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        if names.is_empty() { "the folder is empty".to_owned() } else { format!("there is {}", names.join(", ")) }
    }

    fn settings(&mut self, folder: &Path) -> Result<Arc<Settings>, IngestError> {
        if let Some((_, settings)) = self.manifests.get(folder) {
            return Ok(Arc::clone(settings));
        }
        let place = Place { path: folder.join(MANIFEST), member: None };
        if place.path.is_file() {
            return self.declared(folder, place);
        }
        let settings = Arc::new(self.standard.1.clone());
        self.manifests.insert(folder.to_path_buf(), (self.standard.0.clone(), Arc::clone(&settings)));
        Ok(settings)
    }

    /// Reads the manifest of a folder or an archive.
    fn declared(&mut self, folder: &Path, place: Place) -> Result<Arc<Settings>, IngestError> {
        let (manifest, settings) = Manifest::read(&place)?;
        let settings = Arc::new(settings);
        self.written.push(place);
        self.manifests.insert(folder.to_path_buf(), (manifest, Arc::clone(&settings)));
        Ok(settings)
    }

    /// Looks into an archive. `table`: what its name, or the folder it is in, says of the files in it.
    fn archive(&mut self, path: &Path, table: Option<Table>, settings: &Arc<Settings>) -> Result<(), IngestError> {
        let members = archive::members(path)?;
        let place =
            |name: &str, member: &Arc<Member>| Place { path: path.join(name), member: Some(Arc::clone(member)) };
        let is_manifest = |name: &str| name.rsplit('/').next() == Some(MANIFEST);
        // The manifest nearest to the top holds for the whole archive.
        let manifest =
            members.iter().filter(|(name, _)| is_manifest(name)).min_by_key(|(name, _)| name.matches('/').count());
        let settings = match manifest {
            Some((name, member)) => self.declared(path, place(name, member))?,
            None => Arc::clone(settings),
        };
        for (name, member) in &members {
            let inside = Path::new(name);
            let folders = || name.rsplit('/').skip(1).find_map(|folder| Table::named(&folder.to_lowercase()));
            if is_manifest(name) {
                continue;
            }
            let table = table_of(inside).or_else(folders).or(table);
            if tables(inside, table, &settings).is_empty() {
                self.ignored.push(path.join(name));
                continue;
            }
            if shape_of(inside) == Some(Shape::Parquet) {
                let detail = "Parquet in a ZIP archive, which cannot be read from its end; unpack it".to_owned();
                return Err(IngestError::NotTable { path: path.join(name), detail });
            }
            member.is_a_table_by_size(&path.join(name))?;
            self.fed(&place(name, member), table, &settings, true)?;
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path, settings: &Arc<Settings>) -> Result<(), IngestError> {
        for path in entries(folder)? {
            if path.is_dir() {
                if let Some(table) =
                    path.file_name().and_then(|name| Table::named(&name.to_string_lossy().to_lowercase()))
                {
                    self.parts(&path, table, settings, DEPTH)?;
                }
            } else if is_archive(&path) {
                self.archive(&path, table_of(&path), settings)?;
            } else if path.file_name().is_some_and(|name| name != MANIFEST) {
                let place = Place { path, member: None };
                if !self.fed(&place, None, settings, false)? {
                    self.ignored.push(place.path);
                }
            }
        }
        Ok(())
    }

    fn parts(
        &mut self,
        folder: &Path,
        table: Table,
        settings: &Arc<Settings>,
        depth: usize,
    ) -> Result<(), IngestError> {
        for path in entries(folder)? {
            if path.is_dir() && depth > 0 {
                self.parts(&path, table, settings, depth - 1)?;
            } else if is_archive(&path) {
                self.archive(&path, Some(table), settings)?;
            } else if shape_of(&path).is_some() {
                self.add(Place { path, member: None }, table, settings, true)?;
            } else {
                self.ignored.push(path);
            }
        }
        Ok(())
    }

    /// Adds a file for each table that it feeds; `table`: what the folders and archives around it say. Answers whether it feeds any.
    fn fed(
        &mut self,
        place: &Place,
        table: Option<Table>,
        settings: &Arc<Settings>,
        part: bool,
    ) -> Result<bool, IngestError> {
        let table = table.or_else(|| table_of(&place.path));
        let fed = tables(&place.path, table, settings);
        for (table, settings) in &fed {
            self.add(place.clone(), *table, settings, part)?;
        }
        Ok(!fed.is_empty())
    }

    fn add(&mut self, place: Place, table: Table, settings: &Arc<Settings>, part: bool) -> Result<(), IngestError> {
        let bytes = place.bytes()?;
        let Some(shape) = shape_of(&place.path) else { return Ok(()) };
        let settings = Arc::clone(settings);
        self.files.insert((table, place.path.clone()), Found { table, place, bytes, shape, settings, part });
        Ok(())
    }
}

/// The tables that a file feeds, with how it is read: by the rules about its name, or else the one that its name or place says.
fn tables(path: &Path, table: Option<Table>, settings: &Arc<Settings>) -> Vec<(Table, Arc<Settings>)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if shape_of(path).is_none() {
        return Vec::new();
    }
    let rules = settings.files.iter().filter(|(rule, _, _)| rule.fits(&name));
    let mut fed: Vec<(Table, Arc<Settings>)> = rules.map(|(_, table, own)| (*table, Arc::clone(own))).collect();
    if fed.is_empty() {
        fed.extend(table.map(|table| (table, Arc::clone(settings))));
    }
    fed
}

/// Visible entries of a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, IngestError> {
    let read = |source| IngestError::Read { path: folder.into(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with(['.', '_'])) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

fn packing(name: &str) -> (&str, Packing) {
    for (ending, packing) in [(".gz", Packing::Gzip), (".zst", Packing::Zstd), (".zstd", Packing::Zstd)] {
        if let Some(inner) = name.strip_suffix(ending) {
            return (inner, packing);
        }
    }
    (name, Packing::Plain)
}

fn shape_of(path: &Path) -> Option<Shape> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let (inner, packing) = packing(&name);
    match inner.rsplit_once('.')?.1 {
        "csv" => Some(Shape::Delimited(b',', packing)),
        "tsv" | "txt" => Some(Shape::Delimited(b'\t', packing)),
        "jsonl" | "ndjson" => Some(Shape::JsonLines(packing)),
        "parquet" if packing == Packing::Plain => Some(Shape::Parquet),
        _ => None,
    }
}

/// The table that a file's name begins with, alone or followed by a number or date: `setl_d`, `setl_d_2024`, `setl_d.2024-03`.
fn table_of(path: &Path) -> Option<Table> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = packing(&name).0.rsplit_once('.')?.0.to_owned();
    Table::ALL.into_iter().find(|table| {
        stem.strip_prefix(table.name()).is_some_and(|rest| {
            rest.is_empty()
                || (rest.starts_with(['.', '-', '_'])
                    && rest[1..].bytes().all(|byte| byte.is_ascii_digit() || b".-_".contains(&byte)))
        })
    })
}
