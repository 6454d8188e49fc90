//! Which party does a word of the command line name? `person:ID`, `phone:ID`, `institution:ID` …

use super::{Failure, USAGE};
use crate::ingest::party_named;
use crate::model::{Party, PartyKind};

/// A party as the user wrote it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The party.
    pub(super) party: Party,
    /// What the user wrote after the colon.
    pub(super) id: String,
}

/// Reads `kind:ID`.
pub(super) fn named(text: &str) -> Result<Named, String> {
    let kinds: Vec<PartyKind> = PartyKind::ALL.into_iter().filter(|kind| !kind.is_context()).collect();
    let words = || kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let Some((kind, id)) = text.split_once(':') else {
        return Err(format!("«{text}»: write kind:ID; kinds are {} / 应写作 类型:编号, 可用类型如上", words()));
    };
    let Some(kind) = kinds.iter().copied().find(|known| known.word() == kind) else {
        return Err(format!(
            "«{kind}» is no kind of party; kinds are {} / «{kind}» 不是主体类型, 可用类型如上",
            words()
        ));
    };
    let party = party_named(kind, id);
    if party.is_some() {
        Ok(Named { party, id: id.trim().to_owned() })
    } else {
        Err(format!("«{text}»: the ID is empty / 编号为空"))
    }
}

/// Where the facts of a question are: files or a workspace, not both.
#[derive(clap::Args, Debug)]
#[group(required = true, multiple = true)]
pub(super) struct Where {
    /// Folders or files with tables named as in the schema
    #[arg(long, value_name = "INPUT", num_args = 1.., conflicts_with = "workspace")]
    input: Vec<std::path::PathBuf>,
    /// A workspace
    #[arg(long, value_name = "WS")]
    workspace: Option<std::path::PathBuf>,
}

impl Where {
    /// Opens the facts.
    pub(super) fn open(&self) -> Result<crate::engine::Facts, Failure> {
        use crate::engine::Facts;
        match &self.workspace {
            Some(path) => {
                let workspace = crate::store::Workspace::open_reader(path).map_err(super::detect::store_failure)?;
                Ok(Facts::Workspace(workspace))
            }
            None if self.input.is_empty() => Err(Failure::new(
                USAGE,
                "--input INPUT or --workspace WS is needed / 须给出 --input INPUT 或 --workspace WS",
            )),
            None => Ok(Facts::Source(crate::ingest::Source::open(&self.input).map_err(super::check::failure)?)),
        }
    }
}
