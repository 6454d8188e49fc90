//! What are the columns of a text file? Its first line, or the names in its first JSON objects.

use super::IngestError;
use super::encoding::{decode, foreign, suspicion};
use super::locate::{Found, Shape};
use super::manifest::Settings;
use super::place::Place;
use super::plan::{Plan, header};
use super::split::each_record;
use super::stream::{Chunks, Dialect, Packing};
use super::table;
use super::text::is_blank;
use crate::model::Table;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// JSON objects looked at for names.
const SAMPLED: usize = 200;

/// How to read a text file.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Where its bytes are.
    pub(super) place: Place,
    /// How it is packed.
    pub(super) packing: Packing,
    /// Where fields end.
    pub(super) dialect: Dialect,
    /// Bytes before the first row, after the byte-order mark.
    pub(super) length: usize,
}

/// Looks at the beginning of a text file. `None` for an empty part of several.
///
/// # Errors
/// When it is not text, has no header, or lacks a required column.
pub(super) fn look(found: &Found) -> Result<Option<(Head, Plan)>, IngestError> {
    let not = |detail: String| IngestError::NotTable { path: found.place.path.clone(), detail };
    let (delimiter, packing) = match found.shape {
        Shape::Delimited(delimiter, packing) => (Some(delimiter), packing),
        Shape::JsonLines(packing) => (None, packing),
        Shape::Parquet => return Ok(None),
    };
    let mut chunks = Chunks::open(&found.place, packing, Arc::new(AtomicU64::new(0)))?;
    let bytes = chunks.peek()?;
    if let Some(what) = suspicion(bytes) {
        return Err(not(format!("looks like {what}")));
    }
    if let Some(name) = foreign(bytes).filter(|_| found.settings.gb18030.is_none()) {
        return Err(not(format!(
            "looks like {name} text; convert it to UTF-8 (iconv -f {name} -t UTF-8), or, if it is not {name}, say encoding = \"gb18030\" or \"utf-8\" in dataset.toml"
        )));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return if found.part { Ok(None) } else { Err(not("the file is empty".to_owned())) };
    }
    let (settings, place, path) = (Arc::clone(&found.settings), found.place.clone(), &found.place.path);
    let Some(delimiter) = delimiter else {
        let names = sampled_names(bytes).map_err(not)?;
        let plan = Plan::bind_names(path, found.table, names, settings)?;
        return Ok(Some((Head { place, packing, dialect: Dialect::JsonLines, length: 0 }, plan)));
    };
    let (line, length) = first_line(bytes);
    let line = decode(line, found.settings.gb18030);
    let (delimiter, columns) = split_header(&line, delimiter, found.table, &found.settings);
    let plan = Plan::bind(path, found.table, columns, settings)?;
    Ok(Some((Head { place, packing, dialect: Dialect::Delimited(delimiter), length }, plan)))
}

/// The first line that is not blank, and the bytes up to its end.
fn first_line(bytes: &[u8]) -> (&[u8], usize) {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
    (&bytes[start..end], (end + 1).min(bytes.len()))
}

/// The delimiter that gives most known columns; the extension's own wins ties.
fn split_header(line: &str, usual: u8, table: Table, settings: &Settings) -> (u8, Vec<String>) {
    let known = |names: &[String]| {
        let listed = |name: &&String| table::columns(table).iter().any(|column| column.names.contains(&name.as_str()));
        names.iter().filter(listed).count()
    };
    let mut best = (usual, split_names(line, usual, table, settings));
    for other in [b',', b'\t', b'|', b';', 1] {
        let names = split_names(line, other, table, settings);
        if known(&names) > known(&best.1) {
            best = (other, names);
        }
    }
    best
}

fn split_names(line: &str, delimiter: u8, table: Table, settings: &Settings) -> Vec<String> {
    let mut names = Vec::new();
    each_record(line, Dialect::Delimited(delimiter), &[], &mut |fields| {
        names = (0..fields.count()).map(|column| header(fields.text(column), table, settings)).collect();
    });
    names
}

/// The names of the first objects, in order of appearance.
fn sampled_names(bytes: &[u8]) -> Result<Vec<String>, String> {
    let text = String::from_utf8_lossy(bytes);
    if text.trim_start_matches(is_blank).starts_with('[') {
        return Err("a JSON array; write one object a line".to_owned());
    }
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().take(SAMPLED) {
        if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(line) {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_by_key(|name| line.find(&format!("\"{name}\"")));
            for name in keys.into_iter().map(|name| name.trim_matches(is_blank).to_lowercase()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    if names.is_empty() { Err("no line is a JSON object".to_owned()) } else { Ok(names) }
}
