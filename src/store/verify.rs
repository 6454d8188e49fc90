//! Is everything that was committed still there, and unchanged?

use super::error::StoreError;
use super::workspace::Workspace;
use super::{changes, files, schema, vault};
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

impl Workspace {
    /// Reads everything and compares it with its checksums. Every flipped byte in a segment is found; of the databases,
    /// what SQLite's own check and the findings' checksums show. Cost: the whole workspace is read once.
    ///
    /// # Errors
    /// The workspace does not answer; damage is no error but a [`Problem`].
    pub fn verify(&self) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let segments = self.segments(0)?;
        for segment in &segments {
            if let Err(error) = segment.check() {
                problems.push(Problem { path: segment.path.clone(), what: error.to_string() });
            }
        }
        let committed: BTreeSet<&Path> = segments.iter().map(|segment| segment.path.as_path()).collect();
        let unknown = files::ours(&self.root)?.into_iter().map(|(path, _, _)| path);
        problems.extend(
            unknown
                .filter(|path| !committed.contains(path.as_path()))
                .map(|path| Problem { path, what: "belongs to no committed batch; it is not read".to_owned() }),
        );
        self.check_databases(&mut problems);
        problems.sort();
        Ok(problems)
    }

    fn check_databases(&self, problems: &mut Vec<Problem>) {
        let mut look = |path: PathBuf, found: Result<Vec<String>, StoreError>| match found {
            Ok(found) => problems.extend(found.into_iter().map(|what| Problem { path: path.clone(), what })),
            Err(error) => problems.push(Problem { path, what: error.to_string() }),
        };
        let path = schema::path(&self.root);
        let words = integrity(&self.database).map_err(StoreError::database(&path));
        look(path.clone(), words);
        let findings = self.damaged_findings().map_err(StoreError::database(&path));
        look(path, findings);
        let path = vault::path(&self.root);
        let words = schema::connect(&path, false)
            .and_then(|connection| integrity(&connection).map_err(StoreError::database(&path)));
        look(path, words);
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

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut rows = connection.prepare("PRAGMA integrity_check")?;
    let words = rows.query_map([], |row| row.get::<_, String>(0))?;
    words.filter(|word| word.as_deref() != Ok("ok")).collect()
}
