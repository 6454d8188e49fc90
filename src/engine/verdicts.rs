//! What do verdicts teach? How far off each typology's prior was, by the leads that were confirmed and refuted.
//!
//! A lead came with log-odds *s*: its score, without what earlier verdicts had added. Were the prior of its typology off by *d*, it
//! would be confirmed with probability 1 / (1 + exp(−(s + d))). Before any verdict *d* is taken to be normal around 0 with a standard
//! deviation of a half; what is learned is its most probable value after them, at most [`SHIFT_MAX`] either way. That is
//! logistic recalibration of the intercept alone, with the score as an offset (Cox, *Biometrika* 45:562, 1958), shrunk as far as the
//! verdicts are few (Steyerberg et al., *Statistics in Medicine* 23:2567, 2004).
//!
//! Not the share of confirmed leads with a Beta prior: only leads above the line are ever decided, so that share is no prior, and a
//! typology whose leads were sure would be praised for what its scores had said already.
//!
//! Verdicts of one ring count once, the last one. A function of the verdicts alone, in whatever order they stand, however often.
//!
//! Cost: verdicts × 30 for each typology.

use super::EngineError;
use crate::model::Learned;
use crate::typology::registry;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How far verdicts move a prior at most, hundredths: odds four and a half times higher or lower.
pub const SHIFT_MAX: i32 = 150;
/// The standard deviation of what a prior is taken to be off by, before any verdict; log-odds.
const DEVIATION: f64 = 0.5;
/// Scores beyond this are none.
const SCORE_MAX: f64 = 1_000.0;
/// Reasons that say half of what a verdict says: what was not proven may be so, and who cheated alone was not a ring.
const HALF: [&str; 2] = ["no_proof", "individual_fraud"];

/// What was decided of one ring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Verdict {
    decided_at: i64,
    case: String,
    typology: &'static str,
    /// Log-odds without what verdicts had taught, hundredths.
    score: i32,
    confirmed: bool,
    /// Whether it says half.
    half: bool,
}

/// Verdicts by ring.
#[derive(Clone, Debug, Default)]
pub struct Verdicts(BTreeMap<String, Verdict>);

impl Verdicts {
    /// Reads files of lines as `medring case verdicts` prints them.
    ///
    /// # Errors
    /// When a file cannot be read, or a line is no verdict: the message names file, row, column and remedy.
    pub fn read(files: &[PathBuf]) -> Result<Verdicts, EngineError> {
        let mut verdicts = Verdicts::default();
        for file in files {
            let text = std::fs::read_to_string(file)
                .map_err(|source| crate::ingest::IngestError::Read { path: file.clone(), source })?;
            for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                verdicts.take(&Line::parse(file, at + 1, line)?)?;
            }
        }
        Ok(verdicts)
    }

    fn take(&mut self, line: &Line<'_>) -> Result<(), EngineError> {
        let (ring, verdict) = line.verdict()?;
        let held = self.0.entry(ring).or_insert_with(|| verdict.clone());
        if verdict > *held {
            *held = verdict;
        }
        Ok(())
    }

    /// Rings that were decided.
    #[must_use]
    pub fn rings(&self) -> usize {
        self.0.len()
    }

    /// What they teach, by typology.
    #[must_use]
    pub fn learned(&self) -> BTreeMap<String, Learned> {
        let mut of: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
        for verdict in self.0.values() {
            of.entry(verdict.typology).or_default().push(verdict);
        }
        let learned = |verdicts: &Vec<&Verdict>| {
            let confirmed = verdicts.iter().filter(|verdict| verdict.confirmed).count();
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            Learned { confirmed: count(confirmed), refuted: count(verdicts.len() - confirmed), shift: shift(verdicts) }
        };
        of.iter().map(|(typology, verdicts)| ((*typology).to_owned(), learned(verdicts))).collect()
    }

    /// How many leads of a typology their scores, without what verdicts had taught, said would be confirmed.
    #[must_use]
    pub fn expected(&self, typology: &str) -> f64 {
        self.0.values().filter(|verdict| verdict.typology == typology).map(|verdict| chance(verdict.score, 0.0)).sum()
    }
}

/// The most probable shift: the whole hundredth next to where the slope of its logarithm is nothing.
fn shift(verdicts: &[&Verdict]) -> i32 {
    let falls = |at: &i32| slope(verdicts, f64::from(*at) / 100.0 + 0.005) <= 0.0;
    // The slope falls all the way, so this could be halved; it is a few hundred steps, once.
    (-SHIFT_MAX..SHIFT_MAX).find(falls).unwrap_or(SHIFT_MAX)
}

fn slope(verdicts: &[&Verdict], shift: f64) -> f64 {
    let pull = |verdict: &&Verdict| {
        let missed = f64::from(u8::from(verdict.confirmed)) - chance(verdict.score, shift);
        if verdict.half { missed / 2.0 } else { missed }
    };
    verdicts.iter().map(pull).sum::<f64>() - shift / (DEVIATION * DEVIATION)
}

/// The chance that a lead with such a score, hundredths, is confirmed.
fn chance(score: i32, shift: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-(f64::from(score) / 100.0 + shift)))
}

/// One line of a file.
struct Line<'f> {
    file: &'f Path,
    row: usize,
    members: Map<String, Value>,
}

impl<'f> Line<'f> {
    fn parse(file: &'f Path, row: usize, text: &str) -> Result<Line<'f>, EngineError> {
        match serde_json::from_str(text) {
            Ok(members) => Ok(Line { file, row, members }),
            Err(_) => {
                Err(Line { file, row, members: Map::new() }.wrong("1", "a JSON object a line is expected".to_owned()))
            }
        }
    }

    fn wrong(&self, column: &'static str, detail: String) -> EngineError {
        EngineError::Verdict { path: self.file.into(), row: self.row, column, detail }
    }

    fn text(&self, column: &'static str) -> Result<&str, EngineError> {
        let text = self.members.get(column).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| self.wrong(column, "a text is expected".to_owned()))
    }

    /// Log-odds as hundredths.
    fn odds(&self, column: &'static str) -> Result<i32, EngineError> {
        let number = self.members.get(column).and_then(Value::as_f64).filter(|number| number.abs() <= SCORE_MAX);
        let number = number.ok_or_else(|| self.wrong(column, "log-odds such as 3.25 are expected".to_owned()))?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        let hundredths = libm::round(number * 100.0) as i32;
        Ok(hundredths)
    }

    fn verdict(&self) -> Result<(String, Verdict), EngineError> {
        if self.members.get("schema_version").is_some_and(|version| version.as_u64() != Some(1)) {
            return Err(self.wrong("schema_version", "1 is expected".to_owned()));
        }
        let ring = self.text("ring_id")?.to_owned();
        let typology = self.text("typology")?;
        let known = registry().iter().map(|one| one.slug()).find(|slug| *slug == typology);
        let typology = known.ok_or_else(|| self.wrong("typology", "no typology has this name".to_owned()))?;
        let confirmed = match self.text("verdict")? {
            "confirmed" => true,
            "refuted" => false,
            _ => return Err(self.wrong("verdict", "confirmed or refuted is expected".to_owned())),
        };
        let half = HALF.contains(&self.text("reason")?);
        let taught = if self.members.contains_key("taught") { self.odds("taught")? } else { 0 };
        let score = self.odds("score")? - taught;
        let decided_at = self.members.get("decided_at").and_then(Value::as_i64).unwrap_or(0);
        let case = self.members.get("case").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok((ring, Verdict { decided_at, case, typology, score, confirmed, half }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(lines: &[(&str, f64, &str, &str)]) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for (row, (ring, score, verdict, reason)) in lines.iter().enumerate() {
            let line = serde_json::json!({"ring_id": ring, "typology": "card_pool", "score": score, "verdict": verdict, "reason": reason});
            verdicts
                .take(&Line::parse(Path::new("v"), row + 1, &line.to_string()).expect("a line"))
                .expect("a verdict");
        }
        verdicts
    }

    fn shift_of(lines: &[(&str, f64, &str, &str)]) -> i32 {
        verdicts(lines).learned()["card_pool"].shift
    }

    #[test]
    fn refuted_leads_lower_a_prior_and_confirmed_ones_raise_it_the_less_the_surer_they_were() {
        let sure = shift_of(&[("a", 5.0, "confirmed", "organised_fraud")]);
        let unsure = shift_of(&[("a", 1.5, "confirmed", "organised_fraud")]);
        assert!(0 <= sure && sure < unsure && unsure < 20, "{sure} {unsure}");
        let (one, half) =
            (shift_of(&[("a", 3.0, "refuted", "family")]), shift_of(&[("a", 3.0, "refuted", "no_proof")]));
        assert!(one < half && half < 0 && one > -40, "{one} {half}");
        let as_said: Vec<_> = (0..20).map(|at| if at == 0 { "refuted" } else { "confirmed" }).collect();
        let rings: Vec<String> = (0..20).map(|at| at.to_string()).collect();
        let lines: Vec<_> =
            rings.iter().zip(as_said).map(|(ring, verdict)| (ring.as_str(), 2.944, verdict, "x")).collect();
        assert_eq!(shift_of(&lines), 0, "nineteen of twenty is what the scores said");
    }

    #[test]
    fn a_thousand_refuted_leads_move_a_prior_no_further_than_the_bound() {
        let rings: Vec<String> = (0..1_000).map(|at| at.to_string()).collect();
        let all = |verdict| rings.iter().map(|ring| (ring.as_str(), 2.0, verdict, "x")).collect::<Vec<_>>();
        assert_eq!(shift_of(&all("refuted")), -SHIFT_MAX);
        assert_eq!(shift_of(&all("confirmed")), SHIFT_MAX);
    }

    #[test]
    fn a_ring_counts_once_and_the_order_of_lines_does_not() {
        let lines = [("a", 3.0, "refuted", "x"), ("b", 1.7, "confirmed", "x"), ("c", 2.2, "refuted", "no_proof")];
        let mut back = lines;
        back.reverse();
        let twice = [lines, back].concat();
        assert_eq!(verdicts(&lines).learned(), verdicts(&back).learned());
        assert_eq!(verdicts(&lines).learned(), verdicts(&twice).learned());
        assert!((verdicts(&twice).expected("card_pool") - 2.70).abs() < 0.01);
    }
}
