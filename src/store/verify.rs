//! Is everything that was committed still there, and unchanged?

use super::error::StoreError;
use super::workspace::Workspace;
use super::{changes, files, schema, vault};
use crate::model::Finding;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Something that is not as it was committed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

/// What a look at everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The disk format.
    pub format: i64,
    /// The last committed epoch.
    pub epoch: u64,
    /// Segments that are committed.
    pub segments: usize,
    /// Rows in them.
    pub rows: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is not as it was committed, by file.
    pub problems: Vec<Problem>,
    /// Files of a batch under way, or of one that was never committed; the next opening for writing removes the latter.
    pub leftovers: Vec<PathBuf>,
}

impl Workspace {
    /// The problems that [`Workspace::check`] finds.
    ///
    /// # Errors
    /// See [`Workspace::check`].
    pub fn verify(&self) -> Result<Vec<Problem>, StoreError> {
        Ok(self.check()?.problems)
    }

    /// Reads everything and compares it with what was committed: every byte of every segment with its checksum, SQLite's own
    /// check of each database, findings with their checksums, epochs and references for gaps, and files that belong to
    /// nothing. Beside a writer it looks at the epochs that were committed when it began. Cost: the whole workspace is read
    /// once.
    ///
    /// # Errors
    /// The workspace does not answer; damage is no error but a [`Problem`].
    pub fn check(&self) -> Result<Checked, StoreError> {
        let manifest = schema::path(&self.root);
        let unreadable = |error: StoreError| vec![Problem { path: manifest.clone(), what: error.to_string() }];
        let format = self.database.pragma_query_value(None, "user_version", |row| row.get(0));
        let mut checked = Checked { format: format.map_err(StoreError::database(&manifest))?, ..Checked::default() };
        let _reading = self.reading()?;
        let ours = files::ours(&self.root)?;
        match self.latest().and_then(|epoch| Ok((epoch, self.segments(0)?, self.replaced()?))) {
            Err(error) if error.is_of_the_disk() => return Err(error),
            Err(error) => checked.problems = unreadable(error),
            Ok((epoch, segments, replaced)) => {
                checked.epoch = epoch;
                checked.segments = segments.len();
                for segment in &segments {
                    checked.rows += segment.rows;
                    checked.bytes += segment.bytes;
                    if let Err(error) = segment.check() {
                        checked.problems.push(Problem { path: segment.path.clone(), what: error.to_string() });
                    }
                }
                let committed: BTreeSet<&Path> = segments.iter().map(|segment| segment.path.as_path()).collect();
                for file in ours.into_iter().filter(|file| !committed.contains(&*file.path)) {
                    let leftover = file.is_leftover(epoch) || replaced.contains(&file.path);
                    let path = file.path;
                    if leftover {
                        checked.leftovers.push(path);
                    } else {
                        let what = "belongs to no committed batch; it is not read. Remedy: move it out of the workspace / 不属于任何已提交的批次, 不会被读取; 请将其移出工作区";
                        checked.problems.push(Problem { path, what: what.to_owned() });
                    }
                }
            }
        }
        self.check_databases(checked.epoch, &mut checked.problems)?;
        checked.problems.sort();
        Ok(checked)
    }

    fn check_databases(&self, epoch: u64, problems: &mut Vec<Problem>) -> Result<(), StoreError> {
        let mut look = |path: &Path, found: Result<Vec<String>, StoreError>| {
            match found {
                Ok(found) => problems.extend(found.into_iter().map(|what| Problem { path: path.to_owned(), what })),
                Err(error) if error.is_of_the_disk() => return Err(error),
                Err(error) => problems.push(Problem { path: path.to_owned(), what: error.to_string() }),
            }
            Ok(())
        };
        let manifest = schema::path(&self.root);
        for ask in [Workspace::gaps, Workspace::damaged_findings] {
            look(&manifest, ask(self).map_err(StoreError::database(&manifest)))?;
        }
        for path in databases(&self.root)? {
            let words = schema::connect(&path, false)
                .and_then(|connection| integrity(&connection).map_err(StoreError::database(&path)));
            look(&path, words)?;
        }
        let path = vault::path(&self.root);
        look(&path, vault::last(&self.root).map(|last| behind(last, epoch)))
    }

    /// Epochs and rows of the manifest that lead nowhere.
    fn gaps(&self) -> rusqlite::Result<Vec<String>> {
        let count = |query: &str| self.database.query_row(query, [], |row| row.get::<_, i64>(0));
        let mut found = Vec::new();
        if count("SELECT coalesce(max(epoch), 0) - count(*) FROM epoch")? != 0 {
            found.push("an epoch is missing between the first and the last".to_owned());
        }
        let lost = [
            ("segment", "SELECT count(*) FROM segment WHERE epoch NOT IN (SELECT epoch FROM epoch)"),
            ("span", "SELECT count(*) FROM span WHERE segment NOT IN (SELECT id FROM segment)"),
            ("tally", "SELECT count(*) FROM tally WHERE epoch NOT IN (SELECT epoch FROM epoch)"),
        ];
        for (table, query) in lost {
            match count(query)? {
                0 => {}
                rows => found.push(format!("{rows} rows of the table {table} belong to no epoch or no segment")),
            }
        }
        Ok(found)
    }

    /// Every finding ever kept; damaged ones are left out.
    pub(super) fn each_finding(&self, each: &mut dyn FnMut(Finding)) -> rusqlite::Result<()> {
        let mut rows = self.database.prepare("SELECT hash, finding FROM ring_version")?;
        let mut found = rows.query([])?;
        while let Some(row) = found.next()? {
            let (hash, blob): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            changes::unpack(&blob, hash).into_iter().for_each(&mut *each);
        }
        Ok(())
    }

    fn damaged_findings(&self) -> rusqlite::Result<Vec<String>> {
        let mut rows =
            self.database.prepare("SELECT ring, epoch, hash, finding FROM ring_version ORDER BY ring, epoch")?;
        let mut found = rows.query([])?;
        let mut damaged = Vec::new();
        while let Some(row) = found.next()? {
            let (ring, epoch, hash, blob): (String, i64, i64, Vec<u8>) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            if changes::unpack(&blob, hash).is_none() {
                damaged.push(format!("the finding of ring {ring} at epoch {epoch} does not match its checksum"));
            }
        }
        Ok(damaged)
    }
}

fn behind(last: i64, epoch: u64) -> Vec<String> {
    if last >= epoch.cast_signed() {
        return Vec::new();
    }
    vec![format!("it ends with epoch {last}, the workspace with epoch {epoch}: identifiers are missing")]
}

/// All databases of a workspace; the manifest first.
pub(super) fn databases(root: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let manifest = schema::path(root);
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root).map_err(StoreError::io("list", root))? {
        let path = entry.map_err(StoreError::io("list", root))?.path();
        if path.extension().is_some_and(|kind| kind == "db") && path != manifest {
            found.insert(path);
        }
    }
    Ok(std::iter::once(manifest).chain(found).collect())
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut rows = connection.prepare("PRAGMA integrity_check")?;
    let words = rows.query_map([], |row| row.get::<_, String>(0))?;
    words.filter(|word| word.as_deref() != Ok("ok")).collect()
}
