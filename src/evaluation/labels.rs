//! Which rings and which innocent look-alikes were planted? Reads `labels.csv`.

use crate::model::{Party, PartyKind};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// One planted ring or look-alike group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// `ring_id`.
    pub id: String,
    /// Slug of the typology, or `HNxx` for a look-alike.
    pub typology: String,
    /// Parties with their role.
    pub parties: BTreeMap<Party, String>,
    /// The persons among them.
    pub persons: BTreeSet<Party>,
}

/// All that was planted, each list sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Rings.
    pub rings: Vec<Planted>,
    /// Innocent groups that look like rings.
    pub look_alikes: Vec<Planted>,
}

/// Why a label file could not be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}, row {row}, column {column}: {problem}; {remedy} / 答案文件第 {row} 行 {column} 列有误, 请按上述说明更正"
)]
pub struct LabelError {
    /// The file.
    pub file: String,
    /// The row, header not counted; 0 for the header itself.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

const COLUMNS: [&str; 5] = ["ring_id", "typology", "party_kind", "party_id", "role"];

impl Labels {
    /// Reads labels; `file` is used in messages only. Column names may be in any case and order; without `party_kind`
    /// all parties are persons, without `role` all are patients, without `typology` all rings are `unclassified`.
    ///
    /// # Errors
    /// When `ring_id` or `party_id` is missing, a kind is unknown, or the file is not CSV: names row, column, remedy.
    pub fn read(file: &str, input: impl Read) -> Result<Labels, LabelError> {
        let fail = |row: u64, column: &str, problem: String, remedy: &str| LabelError {
            file: file.to_owned(),
            row,
            column: column.to_owned(),
            problem,
            remedy: remedy.to_owned(),
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
        let header = reader
            .headers()
            .map_err(|error| fail(0, "*", error.to_string(), "save the file as UTF-8 CSV with a header"))?
            .clone();
        let at = COLUMNS.map(|column| header.iter().position(|name| plain(name) == column));
        for (required, column) in [(0, "ring_id"), (3, "party_id")] {
            if at[required].is_none() {
                let remedy = format!("add the column; expected are {}", COLUMNS.join(", "));
                return Err(fail(0, column, "is missing".to_owned(), &remedy));
            }
        }
        let mut groups: BTreeMap<String, Planted> = BTreeMap::new();
        for (row, record) in (1_u64..).zip(reader.records()) {
            let record = record
                .map_err(|error| fail(row, "*", error.to_string(), "give every row as many values as the header"))?;
            let value = |column: usize, absent: &'static str| -> String {
                let text = at[column].and_then(|index| record.get(index)).unwrap_or("");
                if text.is_empty() { absent.to_owned() } else { text.to_owned() }
            };
            for (required, column) in [(0, "ring_id"), (3, "party_id")] {
                if value(required, "").is_empty() {
                    return Err(fail(row, column, "is empty".to_owned(), "fill it or remove the row"));
                }
            }
            let word = value(2, "person").to_lowercase();
            let Some(kind) = PartyKind::ALL.into_iter().find(|kind| kind.word() == word && !kind.is_context()) else {
                let remedy =
                    "use person, doctor, institution, pharmacy, phone, address, account, agent, device or employer";
                return Err(fail(row, "party_kind", format!("«{word}» is not a kind of party"), remedy));
            };
            let id = value(0, "");
            let typology = value(1, "unclassified");
            let group = groups.entry(id.clone()).or_insert_with(|| Planted {
                id,
                typology,
                parties: BTreeMap::new(),
                persons: BTreeSet::new(),
            });
            let party = Party::of(kind, &value(3, ""));
            group.parties.insert(party, value(4, "patient").to_lowercase());
            if kind == PartyKind::Person {
                group.persons.insert(party);
            }
        }
        let (look_alikes, rings) = groups.into_values().partition(Planted::is_look_alike);
        Ok(Labels { rings, look_alikes })
    }
}

impl Planted {
    /// Whether this is an innocent group: its typology is `HN` and a number.
    #[must_use]
    pub fn is_look_alike(&self) -> bool {
        let upper = self.typology.to_uppercase();
        upper.strip_prefix("HN").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

fn plain(name: &str) -> String {
    name.trim_start_matches('\u{feff}').trim().to_lowercase()
}
