//! Which rings were reported? Reads `rings.jsonl`, or takes the sets of a simple detector.

use crate::model::{Party, PartyKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// One reported ring, in rank order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Its id.
    pub id: String,
    /// Its typology; `None` when the detector has no typologies.
    pub typology: Option<String>,
    /// Fund money of the ring, fen; `None` when the detector does not say.
    pub fund_fen: Option<i64>,
    /// Members and their roles.
    pub roles: BTreeMap<Party, String>,
    /// The persons among them.
    pub persons: BTreeSet<Party>,
}

/// Why a ring file could not be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}, row {row}: {problem}; write the file again with `medring detect` or `medring ring ls -o jsonl` / 线索文件第 {row} 行有误, 请用 `medring detect` 或 `medring ring ls -o jsonl` 重新生成"
)]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub row: u64,
    /// What is wrong.
    pub problem: String,
}

#[derive(Deserialize)]
struct Line {
    schema_version: u32,
    ring_id: String,
    rank: u32,
    typology: String,
    members: Vec<LineMember>,
    amount: LineAmount,
}

#[derive(Deserialize)]
struct LineMember {
    kind: PartyKind,
    id: String,
    role: String,
}

#[derive(Deserialize)]
struct LineAmount {
    fund_fen: i64,
}

impl Reported {
    /// Reads `rings.jsonl` and sorts it by rank; `file` is used in messages only.
    ///
    /// # Errors
    /// When a line is not a ring of schema version 1: names the line.
    pub fn read(file: &str, input: impl BufRead) -> Result<Vec<Reported>, ReadError> {
        let mut rings = Vec::new();
        for (row, text) in (1_u64..).zip(input.lines()) {
            let fail = |problem: String| ReadError { file: file.to_owned(), row, problem };
            let text = text.map_err(|error| fail(error.to_string()))?;
            if text.trim().is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
            if line.schema_version != 1 {
                return Err(fail(format!("schema_version {} is not known here", line.schema_version)));
            }
            rings.push((line.rank, Reported::of(line)));
        }
        rings.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        Ok(rings.into_iter().map(|(_, ring)| ring).collect())
    }

    /// The sets of a simple detector, best first.
    #[must_use]
    pub fn from_sets(sets: Vec<BTreeSet<Party>>) -> Vec<Reported> {
        let one = |(index, set): (usize, BTreeSet<Party>)| Reported {
            id: format!("B-{index:04}"),
            typology: None,
            fund_fen: None,
            persons: persons_of(set.iter().copied()),
            roles: set.into_iter().map(|party| (party, String::new())).collect(),
        };
        sets.into_iter().enumerate().map(one).collect()
    }

    fn of(line: Line) -> Reported {
        let roles: BTreeMap<Party, String> =
            line.members.into_iter().map(|member| (Party::of(member.kind, &member.id), member.role)).collect();
        Reported {
            id: line.ring_id,
            typology: Some(line.typology),
            fund_fen: Some(line.amount.fund_fen),
            persons: persons_of(roles.keys().copied()),
            roles,
        }
    }
}

fn persons_of(parties: impl Iterator<Item = Party>) -> BTreeSet<Party> {
    parties.filter(|party| party.kind() == PartyKind::Person).collect()
}
