//! `medring ring`: which rings does a workspace know, and what became of them?
//!
//! Reading only: beside any writer, and without a river. JSON lines of a ring are those of `rings.jsonl`.

mod diff;
mod history;
mod ls;
mod show;

use super::check::Language;
use super::detect::{failure, store_failure};
use super::{FOUND_PROBLEMS, Failure, USAGE};
use crate::engine::{book_of, members};
use crate::model::{Names, Party, PartyKind, References, Ring, RowRef};
use crate::report::ring_line;
use crate::store::Workspace;
use crate::store::lineage::EventKind;
use clap::Subcommand;
use std::collections::BTreeSet;
use std::path::Path;

/// What to ask about rings.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// The rings, by rank
    Ls(ls::Arguments),
    /// One ring: why, who, how much, and what speaks against it
    Show(show::Arguments),
    /// What changed in a ring between two epochs
    Diff(diff::Arguments),
    /// What happened to a ring, and its versions
    History(history::Arguments),
}

/// Runs `medring ring`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Ls(arguments) => ls::run(arguments),
        Verb::Show(arguments) => show::run(arguments),
        Verb::Diff(arguments) => diff::run(arguments),
        Verb::History(arguments) => history::run(arguments),
    }
}

/// A workspace opened for reading, with its references.
struct Reading {
    workspace: Workspace,
    references: References,
}

impl Reading {
    fn open(path: &Path) -> Result<Reading, Failure> {
        let workspace = Workspace::open_reader(path).map_err(store_failure)?;
        let references = book_of(&workspace).map_err(failure)?.references();
        Ok(Reading { workspace, references })
    }

    /// The ring as of an epoch, or now.
    fn ring(&self, id: &str, at: Option<u64>) -> Result<Ring, Failure> {
        let last = self.workspace.latest().map_err(store_failure)?;
        if at.is_some_and(|at| at > last) {
            return Err(Failure::new(
                USAGE,
                format!(
                    "there is no epoch {0} yet, the last one is {last} / 尚无批次 {0}, 最后一个批次为 {last}",
                    at.unwrap_or(0)
                ),
            ));
        }
        match self.workspace.ring(id, at).map_err(store_failure)? {
            Some(ring) => Ok(ring),
            None => Err(self.no_such_ring(id, at.unwrap_or(last))?),
        }
    }

    /// Why there is no such ring.
    fn no_such_ring(&self, id: &str, at: u64) -> Result<Failure, Failure> {
        let history = self.workspace.history(id).map_err(store_failure)?;
        let text = match (history.versions.first(), history.versions.last()) {
            (Some(first), Some(last)) => {
                let end = last.to.map_or(String::new(), |to| format!(" to {}", to - 1));
                format!(
                    "{id} was not there at epoch {at}; it was seen from epoch {}{end}: see `medring ring history {id}` / 批次 {at} 时没有该线索, 其起止见 `medring ring history {id}`",
                    first.from
                )
            }
            _ => format!(
                "there is no ring {id}; `medring ring ls` lists the rings / 没有线索 {id}; 用 `medring ring ls` 列出全部线索"
            ),
        };
        Ok(Failure::new(FOUND_PROBLEMS, text))
    }

    /// The texts behind the members and facts of rings.
    fn names(&self, rings: &[Ring]) -> Result<Names, Failure> {
        let factors = rings.iter().flat_map(|ring| &ring.finding.factors);
        let rows: BTreeSet<RowRef> = factors.flat_map(|factor| factor.facts.iter().copied()).collect();
        self.workspace.names(&rows, &members(rings)).map_err(store_failure)
    }

    fn lines(&self, rings: &[Ring]) -> Result<Vec<String>, Failure> {
        let names = self.names(rings)?;
        Ok(rings.iter().map(|ring| ring_line(ring, &names, &self.references)).collect())
    }

    fn parties(&self, parties: &BTreeSet<Party>) -> Result<Names, Failure> {
        self.workspace.names(&BTreeSet::new(), parties).map_err(store_failure)
    }
}

/// Hundredths as people read them.
pub(super) fn score(hundredths: i32) -> String {
    format!("{:.2}", f64::from(hundredths) / 100.0)
}

/// How many members of a kind a ring has.
fn count(ring: &Ring, kind: PartyKind) -> usize {
    ring.finding.members.iter().filter(|member| member.party.kind() == kind).count()
}

/// What happened, in the user's language.
pub(super) fn event_word(kind: EventKind, lang: Language) -> &'static str {
    let zh = match kind {
        EventKind::Born => "新增",
        EventKind::Grown => "壮大",
        EventKind::Shrunk => "缩小",
        EventKind::Merged => "合并",
        EventKind::Split => "分裂",
        EventKind::Dissolved => "消散",
        EventKind::Revived => "复现",
        EventKind::Migrated => "转移",
    };
    lang.choose(zh, kind.word())
}
