//! Which findings become rings, in what order, and how many would chance alone give?
//!
//! Rank by score, then money, then content. The expected number comes from a calibration: how many findings of at least a
//! score a null world shows per 100,000 persons (dates shuffled within institution, month and home area, so that every
//! honest habit stays and only togetherness is lost). It is kept with the program or the workspace; a run need not repeat it.

use super::EngineError;
use crate::model::{Finding, Learned, Ring};
use crate::store::Workspace;
use crate::store::lineage::{KnownRing, Lineage, assign};
use crate::typology::taught_in;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many findings chance gives, by score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibration {
    /// What the null was measured on, for the reader of a report.
    pub source: String,
    /// Persons in the null worlds, over all of them.
    pub persons: u64,
    /// Score (hundredths) of every finding in the null worlds, highest first.
    pub scores: Vec<i32>,
    /// What verdicts taught, by typology. The null worlds are judged, and looked up, without it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<String, Learned>,
}

/// The setting of a workspace that holds its calibration.
const CALIBRATION: &str = "calibration";

impl Calibration {
    /// The calibration shipped with this version.
    #[must_use]
    pub fn shipped() -> Calibration {
        serde_json::from_str(include_str!("calibration.json")).expect("the shipped calibration is checked by a test")
    }

    /// The calibration of a workspace; the shipped one where it has none of its own.
    ///
    /// # Errors
    /// When the workspace does not answer, or what it holds is no calibration.
    pub fn of(workspace: &Workspace) -> Result<Calibration, EngineError> {
        match workspace.setting(CALIBRATION)? {
            Some(text) => serde_json::from_str(&text).map_err(|source| EngineError::Calibration { source }),
            None => Ok(Calibration::shipped()),
        }
    }

    /// Makes this the calibration of a workspace: from its next batch on, everything is judged by it.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn keep(&self, workspace: &mut Workspace) -> Result<(), EngineError> {
        let text = serde_json::to_string(self).map_err(|source| EngineError::Calibration { source })?;
        Ok(workspace.set_setting(CALIBRATION, &text)?)
    }

    /// What a run says of it: what the null was measured on, and how far verdicts moved which priors.
    #[must_use]
    pub fn name(&self) -> String {
        let moved = |(typology, learned): (&String, &Learned)| {
            let Learned { confirmed, refuted, shift } = learned;
            format!("{typology} {:+.2} ({confirmed} confirmed, {refuted} refuted)", f64::from(*shift) / 100.0)
        };
        let moved: Vec<String> = self.verdicts.iter().map(moved).collect();
        match moved.is_empty() {
            true => self.source.clone(),
            false => format!("{}; priors moved by verdicts: {}", self.source, moved.join(", ")),
        }
    }

    /// Findings of at least this score expected by chance among so many persons, in thousandths, and never less than one: so few
    /// null worlds cannot tell. Where they show none, the figure falls by a factor e for every further point of log-odds beyond
    /// their highest score, from one finding in all of them.
    #[must_use]
    pub fn expected_milli(&self, score: i32, persons: u64) -> u32 {
        let seen = self.scores.partition_point(|null| *null >= score);
        let persons_null = self.persons.max(1);
        if seen > 0 {
            let milli = u128::try_from(seen).unwrap_or(0) * 1_000 * u128::from(persons) / u128::from(persons_null);
            return u32::try_from(milli).unwrap_or(u32::MAX);
        }
        let beyond = f64::from(score - self.scores.first().copied().unwrap_or(0).max(0)).max(0.0) / 100.0;
        #[expect(clippy::cast_precision_loss, reason = "counts of persons are far below 2^52")]
        let milli = 1_000.0 * persons as f64 / persons_null as f64 * libm::exp(-beyond);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the minimum")]
        let milli = milli.clamp(1.0, 4e9) as u32;
        milli
    }
}

/// Findings in rank order.
#[must_use]
pub fn ranked(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_unstable_by(|left, right| {
        let order = |one: &Finding| (Reverse(one.score), Reverse(one.amount.fund_fen));
        order(left).cmp(&order(right)).then_with(|| left.cmp(right))
    });
    findings
}

/// Rings with ids that continue the known ones, ranks and the expected number.
#[must_use]
pub fn rings(
    findings: Vec<Finding>,
    known: &[KnownRing],
    calibration: &Calibration,
    persons: u64,
) -> (Vec<Ring>, Lineage) {
    let findings = ranked(findings);
    let lineage = assign(known, &findings);
    let rings = findings
        .into_iter()
        .zip(&lineage.ids)
        .zip(1_u32..)
        .map(|((finding, id), rank)| Ring {
            id: id.clone(),
            rank,
            expected_by_chance_milli: calibration.expected_milli(finding.score - taught_in(&finding), persons),
            finding,
        })
        .collect();
    (rings, lineage)
}
