//! Which files hold which tables? Names decide: `setl_d.csv`, `setl_d.csv.gz`, `setl_d_2024.parquet`, `setl_d/part-7.jsonl`.

use super::IngestError;
use super::manifest::{Manifest, Settings};
use super::stream::Packing;
use crate::model::Table;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The manifest's file name.
const MANIFEST: &str = "dataset.toml";
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
    pub(super) path: PathBuf,
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
    /// What holds in folders without a manifest.
    standard: (Manifest, Settings),
}

impl Located {
    /// Looks at every input.
    pub(super) fn under(inputs: &[PathBuf], config: Option<&Path>) -> Result<Located, IngestError> {
        let standard = config.map(Manifest::read).transpose()?.unwrap_or_default();
        let mut located = Located { standard, ..Located::default() };
        for input in inputs {
            let kind = std::fs::metadata(input).map_err(|source| IngestError::Read { path: input.clone(), source })?;
            if kind.is_dir() {
                let settings = located.settings(input)?;
                match input.file_name().and_then(|name| Table::named(&name.to_string_lossy().to_lowercase())) {
                    Some(table) => located.parts(input, table, &settings, DEPTH)?,
                    None => located.folder(input, &settings)?,
                }
            } else {
                let settings = located.settings(input.parent().unwrap_or(Path::new("")))?;
                let (Some(table), Some(_)) = (table_of(input), shape_of(input)) else {
                    return Err(IngestError::NoTables {
                        path: input.clone(),
                        looked: "its name is no table's, or its extension is unknown".to_owned(),
                    });
                };
                located.add(input, table, &settings, false)?;
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
        let path = folder.join(MANIFEST);
        let (manifest, settings) = if path.is_file() { Manifest::read(&path)? } else { self.standard.clone() };
        let settings = Arc::new(settings);
        self.manifests.insert(folder.to_path_buf(), (manifest, Arc::clone(&settings)));
        Ok(settings)
    }

    fn folder(&mut self, folder: &Path, settings: &Arc<Settings>) -> Result<(), IngestError> {
        for path in entries(folder)? {
            if path.is_dir() {
                if let Some(table) =
                    path.file_name().and_then(|name| Table::named(&name.to_string_lossy().to_lowercase()))
                {
                    self.parts(&path, table, settings, DEPTH)?;
                }
            } else {
                match table_of(&path) {
                    Some(table) if shape_of(&path).is_some() => self.add(&path, table, settings, false)?,
                    _ if path.file_name().is_some_and(|name| name == MANIFEST) => {}
                    _ => self.ignored.push(path),
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
            } else if shape_of(&path).is_some() {
                self.add(&path, table, settings, true)?;
            } else {
                self.ignored.push(path);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, table: Table, settings: &Arc<Settings>, part: bool) -> Result<(), IngestError> {
        let bytes = std::fs::metadata(path).map_err(|source| IngestError::Read { path: path.into(), source })?.len();
        let Some(shape) = shape_of(path) else { return Ok(()) };
        let settings = Arc::clone(settings);
        self.files.insert((table, path.into()), Found { table, path: path.into(), bytes, shape, settings, part });
        Ok(())
    }
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
