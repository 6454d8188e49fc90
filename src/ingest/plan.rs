//! Which column of this file is which column of the table? Made once per file, used for every row.

use super::IngestError;
use super::cell::{ABSENT, BAD, Kind, MANGLED, TOO_LONG, VALUE_LIMIT};
use super::column::{Cells, Column, Need, spread};
use super::manifest::Settings;
use super::scene::Fault;
use super::table;
use super::text::{is_blank, normal};
use crate::model::{Reason, Table};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// One column of the file that feeds one place of the table.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// The file's column.
    pub(super) column: usize,
    /// The table's place.
    pub(super) at: usize,
    /// What it holds.
    pub(super) kind: Kind,
    need: Need,
    codes: Option<BTreeMap<String, String>>,
}

/// How the columns of a file feed the places of a table.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The table.
    pub(super) table: Table,
    /// The file's columns, cleaned and under their national names.
    pub(super) columns: Vec<String>,
    /// How the file itself calls them, where rows carry names (JSON Lines).
    pub(super) keys: Vec<String>,
    /// What feeds what; for one place, better columns first.
    pub(super) bindings: Vec<Binding>,
    /// Columns that the table does not know.
    pub(super) unknown: Vec<String>,
    /// Places of the table whose column the file has under none of its names, a bit each.
    missing: u64,
    /// Places that columns of the file feed, a bit each.
    there: u64,
    /// The columns that make the row's evidence id.
    pub(super) evidence: Vec<Vec<usize>>,
    /// What the site says.
    pub(super) settings: Arc<Settings>,
    required: Vec<usize>,
    content: Vec<usize>,
    /// Places that hold one word in all rows.
    constants: Vec<(usize, u64)>,
}

impl Binding {
    /// The word for a field.
    pub(super) fn word(&self, field: &str, settings: &Settings) -> u64 {
        if field.len() > VALUE_LIMIT {
            return TOO_LONG;
        }
        self.kind.word(&self.national(field), settings)
    }

    /// The field with the site's code replaced by the national one.
    pub(super) fn national<'a>(&'a self, field: &'a str) -> Cow<'a, str> {
        match &self.codes {
            None => Cow::Borrowed(field),
            Some(codes) => Cow::Borrowed(codes.get(normal(field)).map_or(field, String::as_str)),
        }
    }

    /// The word, or absence when the column may be unreadable, or why the row is set aside.
    pub(super) fn checked(&self, word: u64) -> Result<u64, Fault> {
        match (word, self.need) {
            // Never read as missing: it shows that the row is not what it should be.
            (TOO_LONG, _) => Err(Fault { reason: Reason::E17, at: self.at }),
            (BAD | MANGLED, Need::Loose | Need::Version) => Ok(ABSENT),
            (BAD, _) => Err(Fault { reason: unreadable(self.kind), at: self.at }),
            (MANGLED, _) => Err(Fault { reason: Reason::E17, at: self.at }),
            _ => Ok(word),
        }
    }
}

fn unreadable(kind: Kind) -> Reason {
    match kind {
        Kind::Time => Reason::E02,
        Kind::Decimal(_) | Kind::Rounded(_) => Reason::E04,
        Kind::Region | Kind::RegionInCode => Reason::E05,
        Kind::MedType => Reason::E06,
        Kind::Number | Kind::OneOf(_) | Kind::Contains(_) => Reason::E01,
        _ => Reason::E17,
    }
}

/// A header as it is compared: no blanks around it, lower case, no table prefix, under its national name.
pub(super) fn header(name: &str, table: Table, settings: &Settings) -> String {
    let name = name.trim_matches(is_blank).trim_matches('"').to_lowercase();
    let name = name.rsplit_once('.').map_or(name.as_str(), |(_, column)| column).to_owned();
    settings.renames.get(&table).and_then(|renames| renames.get(&name)).cloned().unwrap_or(name)
}

impl Plan {
    /// Finds the table's columns in a file's. `columns` are already under their national names.
    ///
    /// # Errors
    /// When a column that every row needs is under none of its names.
    pub(super) fn bind(
        path: &Path,
        table: Table,
        columns: Vec<String>,
        settings: Arc<Settings>,
    ) -> Result<Plan, IngestError> {
        let known = table::columns(table);
        let mut plan = Plan {
            table,
            bindings: Vec::new(),
            unknown: Vec::new(),
            missing: 0,
            there: 0,
            evidence: Vec::new(),
            required: Vec::new(),
            content: Vec::new(),
            constants: Vec::new(),
            settings,
            keys: columns.clone(),
            columns,
        };
        for (at, column) in known.iter().enumerate() {
            plan.bind_column(path, at, column)?;
        }
        let all = |name: &String| known.iter().any(|column| column.names.contains(&name.as_str()));
        plan.unknown = plan.columns.iter().filter(|name| !known.is_empty() && !all(name)).cloned().collect();
        plan.evidence = table::evidence(table).iter().map(|name| plan.feeding(name)).collect();
        Ok(plan)
    }

    fn bind_column(&mut self, path: &Path, at: usize, column: &'static Column) -> Result<(), IngestError> {
        if let Some(text) = column.names.iter().find_map(|name| self.settings.constants.get(*name)) {
            self.constants.push((at, column.kind.word(text, &self.settings)));
            return Ok(());
        }
        let before = self.bindings.len();
        for name in column.names {
            let copied = self.settings.copies.get(*name);
            let feeds = |found: &String| found == name || Some(found) == copied;
            for (number, _) in self.columns.iter().enumerate().filter(|(_, found)| feeds(found)) {
                let codes = self.settings.codes.get(*name).cloned();
                self.bindings.push(Binding { column: number, at, kind: column.kind, need: column.need, codes });
            }
        }
        let first = column.names.first().copied().unwrap_or("");
        if self.bindings.len() == before {
            if column.need == Need::Required {
                return Err(IngestError::MissingColumn {
                    path: path.to_path_buf(),
                    table: self.table.name(),
                    column: first,
                    aliases: if column.names.len() > 1 {
                        column.names[1..].join(", ")
                    } else {
                        "no other name".to_owned()
                    },
                    found: found(&self.columns),
                });
            }
            self.missing |= 1 << at;
            return Ok(());
        }
        self.there |= 1 << at;
        if column.need == Need::Required {
            self.required.push(at);
        }
        if column.need != Need::Version {
            self.content.push(at);
        }
        Ok(())
    }

    /// The plan for a file whose rows carry names of their own, of which `sample` were seen: every name that the table or
    /// the site knows gets a column.
    ///
    /// # Errors
    /// When no sampled row has a required column.
    pub(super) fn bind_names(
        path: &Path,
        table: Table,
        sample: Vec<String>,
        settings: Arc<Settings>,
    ) -> Result<Plan, IngestError> {
        let national = sample.iter().map(|name| header(name, table, &settings)).collect();
        let seen = Plan::bind(path, table, national, Arc::clone(&settings))?;
        let mut names: Vec<(String, String)> = Vec::new();
        for name in table::columns(table).iter().flat_map(|column| column.names) {
            if !names.iter().any(|(key, _)| key == name) {
                names.push(((*name).to_owned(), (*name).to_owned()));
            }
        }
        for (site, name) in settings.renames.get(&table).into_iter().flatten() {
            names.retain(|(key, _)| key != site);
            names.push((site.clone(), name.clone()));
        }
        let first = |key: &String| sample.iter().position(|name| name.eq_ignore_ascii_case(key)).unwrap_or(usize::MAX);
        names.sort_by_key(|(key, _)| first(key));
        let (keys, columns) = names.into_iter().unzip();
        let mut plan = Plan::bind(path, table, columns, settings)?;
        (plan.keys, plan.unknown, plan.missing) = (keys, seen.unknown, seen.missing);
        Ok(plan)
    }

    /// Whether the file has the column of a place under none of its names.
    pub(super) fn lacks(&self, at: usize) -> bool {
        self.missing >> at & 1 == 1
    }

    /// Those of the file's columns, a bit each by their places in the table, that have a value in this row and had none before it.
    pub(super) fn filled(&self, cells: &Cells, before: u64) -> u64 {
        if before == self.there {
            return 0;
        }
        let fresh = self.bindings.iter().map(|binding| binding.at).filter(|at| before >> at & 1 == 0 && cells.has(*at));
        fresh.fold(0, |bits, at| bits | 1 << at)
    }

    /// The columns that stand more than once in the header.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &String> {
        let named = self.columns.iter().enumerate().filter(|(_, name)| !name.is_empty());
        named.filter(|(at, name)| self.columns[..*at].contains(name)).map(|(_, name)| name)
    }

    /// The columns of the table that the file has.
    pub(super) fn there(&self) -> impl Iterator<Item = &'static str> {
        let known = table::columns(self.table).iter().enumerate();
        known.filter(|(at, _)| self.there >> at & 1 == 1 && !self.lacks(*at)).filter_map(|(_, column)| column.name())
    }

    /// The columns of the table that the file has under none of their names.
    pub(super) fn missing(&self) -> impl Iterator<Item = &'static str> {
        let lacking = table::columns(self.table).iter().enumerate().filter(|(at, _)| self.lacks(*at));
        lacking.filter_map(|(_, column)| column.name())
    }

    /// The columns that feed the place whose first name or alias is `name`.
    fn feeding(&self, name: &str) -> Vec<usize> {
        let known = table::columns(self.table);
        let place = known.iter().position(|column| column.names.contains(&name));
        self.bindings.iter().filter(|binding| Some(binding.at) == place).map(|binding| binding.column).collect()
    }

    /// The file's columns that feed a place, best first.
    pub(super) fn columns_at(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.bindings.iter().filter(move |binding| binding.at == at).map(|binding| binding.column)
    }

    /// Empties the places that this file feeds and fills those that are the same in all rows; no other place is ever filled.
    pub(super) fn clear(&self, cells: &mut Cells) {
        for binding in &self.bindings {
            cells.words[binding.at] = ABSENT;
        }
        for (at, word) in &self.constants {
            cells.words[*at] = *word;
        }
    }

    /// Fills a row from its fields.
    ///
    /// # Errors
    /// The first value that is missing or unreadable and may not be.
    pub(super) fn fill<T: AsRef<str>>(&self, cells: &mut Cells, field: impl Fn(usize) -> T) -> Result<(), Fault> {
        self.clear(cells);
        for binding in &self.bindings {
            if cells.words[binding.at] == ABSENT {
                let word = binding.word(field(binding.column).as_ref(), &self.settings);
                cells.words[binding.at] = binding.checked(word)?;
            }
        }
        self.finish(cells)
    }

    /// Fills a row from words, one per binding. `clean`: none of them is unreadable.
    ///
    /// # Errors
    /// As [`Plan::fill`].
    pub(super) fn fill_words(
        &self,
        cells: &mut Cells,
        words: impl Iterator<Item = u64>,
        clean: bool,
    ) -> Result<(), Fault> {
        self.clear(cells);
        for (binding, word) in self.bindings.iter().zip(words) {
            if cells.words[binding.at] == ABSENT {
                cells.words[binding.at] = if clean { word } else { binding.checked(word)? };
            }
        }
        self.finish(cells)
    }

    /// Checks that everything required is there and hashes the content.
    ///
    /// # Errors
    /// The first value that is missing.
    pub(super) fn finish(&self, cells: &mut Cells) -> Result<(), Fault> {
        if let Some(at) = self.required.iter().find(|at| cells.words[**at] == ABSENT) {
            return Err(Fault { reason: Reason::E01, at: *at });
        }
        let mut content = 0_u64;
        for at in &self.content {
            let word = cells.words[*at];
            content = content.wrapping_add(if word == ABSENT { 0 } else { spread(word, *at) });
        }
        cells.content = content;
        Ok(())
    }
}

/// The columns for an error message.
fn found(columns: &[String]) -> String {
    const SHOWN: usize = 20;
    let short: Vec<String> = columns.iter().take(SHOWN).map(|name| name.chars().take(40).collect()).collect();
    let more = if columns.len() > SHOWN { format!(" and {} more", columns.len() - SHOWN) } else { String::new() };
    if short.is_empty() { "no columns".to_owned() } else { format!("{}{more}", short.join(", ")) }
}
