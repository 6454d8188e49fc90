//! Is there room for a world in a folder? Tables of an earlier one would be read together with the new ones.

use super::TABLES;
use crate::synth::SynthError;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands beside the tables of a made-up world.
const BESIDE: [&str; 3] = ["labels.csv", "dataset.toml", "world.json"];
/// Endings under which a table is read.
const ENDINGS: [&str; 6] = ["csv", "tsv", "txt", "jsonl", "ndjson", "parquet"];

/// Makes room for a world: an empty or absent folder, or one without tables, has room. With `replace`, the files of an earlier
/// world go (tables, answers, manifest); what cannot be one of them is never touched.
///
/// # Errors
/// When the folder holds tables and `replace` is not given, when it holds tables under names that no world is written to, or
/// when something cannot be removed.
pub fn make_room(out: &Path, replace: bool) -> Result<(), SynthError> {
    let tables = tables_in(out)?;
    let strange: Vec<&PathBuf> = tables.iter().filter(|path| !replace || !is_ours(path)).collect();
    if let [first, ..] = strange.as_slice() {
        let first = first.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (remedy, zh) = if tables.iter().all(|path| is_ours(path)) {
            (
                "choose another folder; `medring synth --force` replaces an earlier made-up world",
                "请另选文件夹; `medring synth --force` 可替换此前的虚构数据",
            )
        } else {
            (
                "choose another folder; these are not files of a made-up world and are not removed",
                "请另选文件夹; 其中的文件不属于虚构数据, 不会删除",
            )
        };
        return Err(SynthError::Occupied { path: out.to_owned(), first, tables: tables.len(), remedy, zh });
    }
    if tables.is_empty() {
        return Ok(());
    }
    let remove = |path: &Path| fs::remove_file(path).map_err(|error| SynthError::at(path, error));
    // The manifest and the answers first: what an interruption leaves is no whole world.
    for path in BESIDE.iter().map(|name| out.join(name)).filter(|path| path.is_file()) {
        remove(&path)?;
    }
    for path in tables {
        if path.is_dir() {
            inside(&path)?.iter().try_for_each(|part| remove(part))?;
            fs::remove_dir(&path).map_err(|error| SynthError::at(&path, error))?;
        } else {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Everything in the folder that a reader would take for a table.
fn tables_in(out: &Path) -> Result<Vec<PathBuf>, SynthError> {
    if !out.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for path in inside(out)? {
        let name = name(&path);
        let table = match path.is_dir() {
            true => TABLES.contains(&name.as_str()) && !inside(&path)?.is_empty(),
            false => is_table(&name),
        };
        if table {
            found.push(path);
        }
    }
    Ok(found)
}

/// `setl_d.csv`, `setl_d_2024.csv.gz` …
fn is_table(name: &str) -> bool {
    let plain = [".gz", ".zst", ".zstd"].iter().find_map(|packing| name.strip_suffix(packing)).unwrap_or(name);
    let Some((stem, ending)) = plain.rsplit_once('.') else { return false };
    let rest_is_number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || b".-_".contains(&byte));
    ENDINGS.contains(&ending) && TABLES.iter().any(|table| stem.strip_prefix(table).is_some_and(rest_is_number))
}

/// Whether a world may have been written to this path.
fn is_ours(path: &Path) -> bool {
    let part = |path: &PathBuf| {
        let name = name(path);
        path.is_file() && name.starts_with("part-") && (name.ends_with(".parquet") || name.ends_with(".parquet.part"))
    };
    if path.is_dir() {
        return inside(path).is_ok_and(|parts| parts.iter().all(part));
    }
    let name = name(path);
    name.strip_suffix(".csv").or_else(|| name.strip_suffix(".parquet")).is_some_and(|stem| TABLES.contains(&stem))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn inside(folder: &Path) -> Result<Vec<PathBuf>, SynthError> {
    let failed = |error| SynthError::at(folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}
