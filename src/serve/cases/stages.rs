//! Which way does a case go? The stages of `cases.toml`, with their clocks, and the reasons for a verdict.

use crate::serve::ServeError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use utoipa::ToSchema;

/// The stages that come with the program.
const STAGES: &str = include_str!("cases.toml");

/// The configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct Stages {
    #[serde(rename = "stage")]
    pub(in crate::serve) all: Vec<Stage>,
    #[serde(rename = "reason")]
    pub(in crate::serve) reasons: Vec<Reason>,
}

/// A stage of a case.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct Stage {
    /// What programs call it.
    pub(in crate::serve) id: String,
    /// In Chinese.
    pub(in crate::serve) zh: String,
    /// In English.
    pub(in crate::serve) en: String,
    /// The clock, hours; 0 is none.
    pub(in crate::serve) hours: u32,
    /// Officers that must be named before.
    #[serde(default)]
    pub(in crate::serve) officers: usize,
    /// Every claim must have frozen evidence before.
    #[serde(default)]
    pub(in crate::serve) evidence: bool,
    /// Somebody else must agree.
    #[serde(default)]
    pub(in crate::serve) approval: bool,
    /// A verdict with a reason is needed.
    #[serde(default)]
    pub(in crate::serve) verdict: bool,
    /// What may follow.
    pub(in crate::serve) next: Vec<String>,
}

/// A reason for a verdict.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct Reason {
    /// What programs call it.
    pub(in crate::serve) code: String,
    /// `confirmed` or `refuted`.
    pub(in crate::serve) verdict: String,
    /// In Chinese.
    pub(in crate::serve) zh: String,
    /// In English.
    pub(in crate::serve) en: String,
}

impl Stages {
    /// The workspace's own configuration, or the one that comes with the program.
    ///
    /// # Errors
    /// When the workspace's file cannot be read or does not hang together; the message names the place.
    pub(in crate::serve) fn open(root: &Path) -> Result<Stages, ServeError> {
        let path = root.join("cases.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => STAGES.to_owned(),
            Err(error) => return Err(ServeError::Stages(format!("{}: {error}", path.display()))),
        };
        Stages::read(&text).map_err(|why| ServeError::Stages(format!("{}: {why}", path.display())))
    }

    fn read(text: &str) -> Result<Stages, String> {
        let stages: Stages = toml::from_str(text).map_err(|error| error.to_string())?;
        let ids: BTreeSet<&str> = stages.all.iter().map(|stage| stage.id.as_str()).collect();
        if ids.len() != stages.all.len() || ids.is_empty() {
            return Err("each stage needs an id of its own".to_owned());
        }
        let next = stages.all.iter().flat_map(|stage| stage.next.iter().map(move |next| (&stage.id, next)));
        if let Some((stage, next)) = next.into_iter().find(|(_, next)| !ids.contains(next.as_str())) {
            return Err(format!("stage {stage} is followed by {next}, which is no stage"));
        }
        if let Some(wrong) = stages.reasons.iter().find(|one| !["confirmed", "refuted"].contains(&one.verdict.as_str()))
        {
            return Err(format!("reason {}: its verdict is confirmed or refuted", wrong.code));
        }
        Ok(stages)
    }

    /// The stage with this id.
    pub(in crate::serve) fn stage(&self, id: &str) -> Option<&Stage> {
        self.all.iter().find(|stage| stage.id == id)
    }

    /// The stage that a case begins in.
    pub(in crate::serve) fn first(&self) -> &str {
        self.all.first().map_or("", |stage| &stage.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_hang_together_is_refused_with_its_place() {
        let stages = Stages::read(STAGES).expect("our own stages are read");
        assert_eq!((stages.all.len(), stages.first()), (9, "lead"));
        let wrong =
            |from: &str, to: &str| Stages::read(&STAGES.replace(from, to)).expect_err("wrong stages are refused");
        assert!(wrong("\"administrative\", \"closed\"", "\"moon\"").contains("moon"));
        assert!(wrong("verdict = \"confirmed\"", "verdict = \"perhaps\"").contains("organised_fraud"));
        assert!(wrong("hours = 72", "hors = 72").contains("hors"));
    }
}
