//! How did a run go? What `run.json` holds and the page's head shows.

use crate::model::{Outcome, Reason, Sentence, Table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The facts about a run, as `run.json` holds them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSummary {
    /// Version of this file's layout: 1.
    pub schema_version: u32,
    /// Versions of the program and of what decides findings (`medring`, `rules`, `baselines` …).
    pub versions: BTreeMap<String, String>,
    /// Files read.
    pub input: Vec<InputFile>,
    /// Insured persons seen.
    pub persons: u64,
    /// Live settlements, net of reversals: one reversed in part counts, one reversed in whole does not.
    pub settlements: u64,
    /// First day of any live settlement, `YYYY-MM-DD`; empty when there is none.
    pub first_day: String,
    /// Last day of any live settlement, `YYYY-MM-DD`; empty when there is none.
    pub last_day: String,
    /// What became of the rows of every table.
    pub conservation: Vec<TableCount>,
    /// Slugs of the typologies that ran.
    pub typologies_run: Vec<String>,
    /// Typologies that did not run, with the reason.
    pub typologies_not_run: Vec<NotRun>,
    /// Typologies that ran without some of what they look at: tables or columns that are not there.
    pub typologies_limited: Vec<NotRun>,
    /// Candidates found, before the choice of what a supervisor should look at.
    pub candidates: u64,
    /// Rings written.
    pub rings: u64,
    /// Time and memory per stage, in order.
    pub stages: Vec<Stage>,
    /// Limits that cut something.
    pub limits: Vec<LimitHit>,
}

/// One file read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Table it belongs to.
    pub table: String,
    /// Name of the file as the user gave it.
    pub file: String,
    /// Rows in it.
    pub rows: u64,
    /// Size on disk, bytes.
    pub bytes: u64,
}

/// One line of the conservation table: read = accepted + corrected + stale + duplicate + retracted + quarantined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCount {
    /// The table.
    pub table: String,
    /// Rows read.
    pub read: u64,
    /// New facts.
    pub accepted: u64,
    /// Newer versions that replaced older ones.
    pub corrected: u64,
    /// Older versions that came late.
    pub stale: u64,
    /// Equal content under a known key.
    pub duplicate: u64,
    /// Rows that took another back.
    pub retracted: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Rows by reason code `E01` … `E17`, warnings included.
    pub reasons: BTreeMap<String, u64>,
    /// Fen that reversals set aside (E08, E09) would have taken back: not netted anywhere.
    #[serde(default)]
    pub orphan_reversal_fen: i64,
    /// What else is to be known of its files: a file that is cut, columns not used, another number of rows than announced.
    #[serde(default)]
    pub remarks: Vec<Sentence>,
}

/// A typology that did not run, or not with all it could look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRun {
    /// Slug.
    pub typology: String,
    /// Why, in both languages: «table X absent», «column Y of table X absent».
    pub reason: Sentence,
}

/// One stage of the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What was done.
    pub name: String,
    /// Wall time, seconds.
    pub seconds: f64,
    /// Highest resident memory up to its end, bytes.
    pub peak_bytes: u64,
}

/// A limit that cut something, so that nobody takes the answer for complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitHit {
    /// Stable name of the limit.
    pub name: String,
    /// Its value.
    pub limit: u64,
    /// How many times it cut.
    pub times: u64,
    /// What that means, in both languages.
    pub text: Sentence,
}

impl TableCount {
    /// A line from counts by outcome and by reason.
    #[must_use]
    pub fn of(table: Table, outcomes: &BTreeMap<Outcome, u64>, reasons: &BTreeMap<Reason, u64>) -> TableCount {
        let count = |outcome| outcomes.get(&outcome).copied().unwrap_or(0);
        TableCount {
            table: table.name().to_owned(),
            read: outcomes.values().sum(),
            accepted: count(Outcome::Accepted),
            corrected: count(Outcome::Corrected),
            stale: count(Outcome::Stale),
            duplicate: count(Outcome::Duplicate),
            retracted: count(Outcome::Retracted),
            quarantined: count(Outcome::Quarantined),
            reasons: reasons.iter().map(|(reason, rows)| (reason.code().to_owned(), *rows)).collect(),
            orphan_reversal_fen: 0,
            remarks: Vec::new(),
        }
    }

    /// Whether every row read ended in exactly one outcome.
    #[must_use]
    pub fn closes(&self) -> bool {
        let ends = self.accepted + self.corrected + self.stale + self.duplicate + self.retracted + self.quarantined;
        ends == self.read
    }
}
