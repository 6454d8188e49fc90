//! How is an answer printed: as a table for people, or as lines for programs?

use super::{Failure, UNAVAILABLE, help};
use clap::ValueEnum;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The shape of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shape {
    /// Columns, for people.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
}

/// What the user asked for; otherwise a table on a terminal and JSON lines in a pipe.
pub(super) fn shape(asked: Option<Shape>) -> Shape {
    asked.unwrap_or(if std::io::stdout().is_terminal() { Shape::Table } else { Shape::Jsonl })
}

/// An answer in both forms.
#[derive(Default)]
pub(super) struct Listing {
    /// Column names.
    pub(super) heads: Vec<&'static str>,
    /// Cells, row by row.
    pub(super) rows: Vec<Vec<String>>,
    /// The rows as JSON objects.
    pub(super) lines: Vec<String>,
}

impl Listing {
    /// The answer as text.
    pub(super) fn text(&self, shape: Shape) -> Result<String, Failure> {
        match shape {
            Shape::Table => Ok(self.table(help::speaks_chinese())),
            Shape::Json => Ok(format!("[{}]\n", self.lines.join(",\n"))),
            Shape::Jsonl => Ok(self.lines.iter().map(|line| format!("{line}\n")).collect()),
            Shape::Csv => self.csv(),
        }
    }

    fn csv(&self) -> Result<String, Failure> {
        let failed = |error: csv::Error| Failure::new(UNAVAILABLE, error);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.heads).map_err(failed)?;
        for row in &self.rows {
            writer.write_record(row).map_err(failed)?;
        }
        let bytes = writer.into_inner().map_err(|error| Failure::new(UNAVAILABLE, error))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Columns are called by their Chinese names where whoever asks reads Chinese; JSON and CSV keep one set of names.
    pub(super) fn table(&self, chinese: bool) -> String {
        let heads: Vec<&str> = self.heads.iter().map(|head| if chinese { named(head) } else { head }).collect();
        let mut widths: Vec<usize> = heads.iter().map(|head| columns(head)).collect();
        for row in &self.rows {
            widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(columns(cell)));
        }
        let number = |at: usize| {
            let cells = || self.rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
            cells().next().is_some() && cells().all(|cell| cell.replace(['¥', ','], "").parse::<f64>().is_ok())
        };
        let right: Vec<bool> = (0..widths.len()).map(number).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let mut text = String::new();
            for ((cell, width), right) in cells.zip(&widths).zip(&right) {
                let pad = " ".repeat(width - columns(cell).min(*width));
                text.push_str(&if *right { format!("{pad}{cell}  ") } else { format!("{cell}{pad}  ") });
            }
            format!("{}\n", text.trim_end())
        };
        let mut text = line(&mut heads.iter().copied());
        for row in &self.rows {
            text.push_str(&line(&mut row.iter().map(String::as_str)));
        }
        text
    }
}

/// The Chinese name of a column; one that has none keeps its own.
fn named(head: &str) -> &str {
    let found = HEADS.lines().filter_map(|line| line.split_once('\t')).find(|(en, _)| *en == head);
    found.map_or(head, |(_, zh)| zh)
}

const HEADS: &str = include_str!("heads.zh.txt");

/// Terminal columns of a text: Chinese takes two a character.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if ('\u{2e80}'..='\u{ffdc}').contains(&letter) { 2 } else { 1 }).sum()
}

/// Writes a file whole or not at all: under another name first, which is gone again where that fails.
pub(super) fn save(path: &Path, text: &str) -> Result<(), Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, path)).map_err(|error| {
        drop(std::fs::remove_file(&part));
        let remedy = "free some space or choose another place / 请腾出空间或另选位置";
        Failure::new(UNAVAILABLE, format!("{}: {error}. Remedy: {remedy}", path.display()))
    })
}

/// Prints to stdout. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(UNAVAILABLE, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_chinese_takes_two_columns() {
        let rows = vec![vec!["团伙".to_owned(), "9.50".to_owned()], vec!["ring".to_owned(), "12".to_owned()]];
        let listing = Listing { heads: vec!["name", "score"], rows, lines: Vec::new() };
        assert_eq!(listing.table(false), "name  score\n团伙   9.50\nring     12\n");
        assert_eq!(listing.table(true), "名称  评分\n团伙  9.50\nring    12\n");
    }
}
