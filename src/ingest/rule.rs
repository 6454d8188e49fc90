//! Which table does a file of another name feed, and how? The `[[files]]` of `dataset.toml`.
//!
//! ```toml
//! [[files]]
//! name = "*inpatient_claims*"       # `*` stands for anything; case does not matter
//! table = "setl_d"
//! columns = { clm_id = "setl_id", clm_from_dt = "begndate", clm_thru_dt = ["enddate", "setl_time"] }
//! constants = { med_type = "21" }   # what the file does not say, since it is the same for all its rows
//! ```
//!
//! One file may feed several tables, by a rule for each. Nothing is joined and nothing is worked out.

use super::cell::is_fault;
use super::manifest::Settings;
use super::med_type::class_named;
use super::table;
use crate::model::Table;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a site says about files of some name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// The file's name; `*` stands for anything.
    pub name: String,
    /// The table that it feeds.
    pub table: String,
    /// The file's column name = the national one, or several that it feeds.
    #[serde(default)]
    pub columns: BTreeMap<String, Feeds>,
    /// National columns that hold one value in all rows of the file.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

/// The national columns that a column of a file feeds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Feeds {
    /// One of them.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Feeds {
    fn names(&self) -> &[String] {
        match self {
            Feeds::One(name) => std::slice::from_ref(name),
            Feeds::Several(names) => names,
        }
    }
}

impl FileRule {
    /// Whether the rule is about a file of this name.
    pub(super) fn fits(&self, name: &str) -> bool {
        fits(&self.name.to_lowercase(), &name.to_lowercase())
    }

    /// The table and how such a file is read, on top of what holds for the folder.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub(super) fn settings(&self, folder: &Settings) -> Result<(Table, Settings), String> {
        let wrong = |what: String| format!("[[files]] {}: {what}", self.name);
        let table = Table::named(&self.table).ok_or_else(|| wrong(format!("{}: no such table", self.table)))?;
        let mut settings = Settings { files: Vec::new(), ..folder.clone() };
        let known = |name: &String| table::columns(table).iter().any(|column| column.names.contains(&name.as_str()));
        for (site, feeds) in &self.columns {
            if let Some(unknown) = feeds.names().iter().find(|name| !known(name)) {
                return Err(wrong(format!("{site} = {unknown:?}: {} has no column {unknown:?}", self.table)));
            }
            let Some((first, others)) = feeds.names().split_first() else { continue };
            settings.renames.entry(table).or_default().insert(site.trim().to_lowercase(), first.clone());
            settings.copies.extend(others.iter().map(|other| (other.clone(), first.clone())));
        }
        for (name, text) in &self.constants {
            constant(table, name, text, &settings)
                .map_err(|what| wrong(format!("constants.{name} = {text:?}: {what}")))?;
        }
        settings.constants = self.constants.clone();
        Ok((table, settings))
    }
}

/// Whether all rows of a file may hold this value. Who is on a row and what it is called differs from row to row.
fn constant(table: Table, name: &str, text: &str, settings: &Settings) -> Result<(), String> {
    let mut known = table::columns(table).iter().filter(|column| column.names.contains(&name)).peekable();
    if known.peek().is_none() {
        return Err(format!("{} has no column {name:?}", table.name()));
    }
    if table::evidence(table).contains(&name) || known.clone().any(|column| column.kind.is_party()) {
        return Err("rows are told apart by it; it cannot be the same in all".to_owned());
    }
    let no_class = name == "med_type" && settings.med_types.class(text).is_none();
    if no_class && class_named(text).is_some() {
        return Err("write a code of the national list, such as 11 or 21".to_owned());
    }
    match no_class || known.any(|column| is_fault(column.kind.word(text, settings))) {
        true => Err("cannot be read as what the column holds".to_owned()),
        false => Ok(()),
    }
}

/// Whether a name is what a pattern says.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|tail| {
            let ends = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
            ends.into_iter().any(|at| fits(rest, &tail[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        let name = "de1_0_2008_to_2010_inpatient_claims_sample_1.csv";
        for (pattern, found) in
            [("*inpatient_claims*", true), ("*", true), ("de1*.csv", true), ("*outpatient*", false), ("*.tsv", false)]
        {
            assert_eq!(fits(pattern, name), found, "{pattern}");
        }
        assert!(fits("encounters.csv", "encounters.csv") && !fits("encounters.csv", "my-encounters.csv"));
    }
}
