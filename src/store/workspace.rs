//! How is a workspace made, opened, read and asked for what it holds?

use super::error::StoreError;
use super::fail::crash_point;
use super::held::Held;
use super::pending::Pending;
use super::vault::VaultWriter;
use super::{files, reading, schema, vault};
use crate::model::Table;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

/// What `medring.toml` says in a new workspace.
const SETTINGS: &str = "\
# Settings of this medring workspace. All have defaults; delete what you do not need.
# 本工作区的设置。各项均有默认值，不需要的可以删除。

# Facts whose last day lies more than so many days before the data's own day leave, with all that belongs to their visit.
# 最后日期早于数据自身日期这么多天的记录（连同同一次就诊的全部记录）移出分析。
# retention_days = 1095

# Only say in the log what would leave. 仅在日志中说明将移出哪些记录。
# retention_dry_run = true
";

/// What making a workspace made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The workspace.
    pub path: PathBuf,
    /// What was made in it: name, and what it is for in Chinese and English.
    pub made: Vec<(&'static str, &'static str, &'static str)>,
}

/// Whether a batch is new.
pub enum Begin {
    /// It is: append its rows and commit.
    New(Box<Pending>),
    /// It was committed before, as this epoch; there is nothing to do.
    AlreadyCommitted(u64),
}

/// One committed batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochEntry {
    /// Its number, from 1.
    pub epoch: u64,
    /// What it was called when it was begun.
    pub batch_id: Option<String>,
    /// Rows it brought.
    pub rows: u64,
    /// When it was committed, seconds since 1970-01-01 UTC.
    pub committed_at: i64,
}

/// An open workspace: one writer, or one of many readers.
pub struct Workspace {
    pub(super) root: PathBuf,
    pub(super) database: Connection,
    pub(super) epoch: u64,
    pub(super) poisoned: Option<String>,
    /// Keeps the vault's log open while we write.
    _vault: Option<Connection>,
    /// Alive as long as the batch begun last is.
    pending: Weak<()>,
    /// Held while we write; the operating system lets go of it when the process ends, however it ends.
    pub(super) lock: Option<Held>,
}

impl Workspace {
    /// Makes a workspace in a folder that does not exist or is empty.
    ///
    /// # Errors
    /// The folder holds something already, or cannot be written.
    pub fn create(path: &Path) -> Result<Created, StoreError> {
        fs::create_dir_all(path).map_err(StoreError::io("create", path))?;
        if fs::read_dir(path).map_err(StoreError::io("list", path))?.next().is_some() {
            return Err(StoreError::NotAWorkspace {
                path: path.to_owned(),
                why: "is not empty; name a new folder / 文件夹非空, 请另指定新文件夹",
            });
        }
        let segments = path.join("segments");
        fs::create_dir(&segments).map_err(StoreError::io("create", &segments))?;
        vault::create(path)?;
        let settings = path.join("medring.toml");
        fs::write(&settings, SETTINGS).map_err(StoreError::io("write", &settings))?;
        schema::create(path)?;
        files::sync_folder(path)?;
        let made = vec![
            ("medring.db", "已提交批次、团伙各版本及其演化", "committed batches, ring versions and their lineage"),
            (
                "segments/",
                "各表数据行（Parquet，不含个人标识）",
                "rows of all tables (Parquet, no personal identifiers)",
            ),
            ("vault.db", "个人标识保管库，仅所有者可读", "personal identifiers, readable by the owner only"),
            ("medring.toml", "设置", "settings"),
        ];
        Ok(Created { path: path.to_owned(), made })
    }

    /// Opens a workspace for writing, and sweeps away what an unfinished run left.
    ///
    /// # Errors
    /// It is not a workspace, is of a newer disk format, another process writes to it, or a file does not answer.
    pub fn open(path: &Path) -> Result<Workspace, StoreError> {
        // The format comes first: nothing of a workspace that this program does not know is touched.
        drop(schema::open(path, false)?);
        let lock_path = path.join("medring.lock");
        let lock = File::create(&lock_path).map_err(StoreError::io("create", &lock_path))?;
        let lock = match lock.try_lock() {
            Ok(()) => Held::new(lock),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &lock_path)(source)),
        };
        let mut workspace = Workspace::on(path, schema::open(path, true)?)?;
        let committed: BTreeSet<PathBuf> = workspace.segments(0)?.into_iter().map(|segment| segment.path).collect();
        reading::create(path)?;
        let replaced = workspace.replaced()?;
        files::sweep(path, &committed, &replaced, workspace.epoch)?;
        workspace._vault = Some(vault::trim(path, workspace.epoch.cast_signed())?);
        workspace.lock = Some(lock);
        workspace.remove_replaced()?;
        crash_point("opened");
        Ok(workspace)
    }

    /// Opens a workspace for reading, beside any writer.
    ///
    /// # Errors
    /// It is not a workspace, is of a newer disk format, or a file does not answer.
    pub fn open_reader(path: &Path) -> Result<Workspace, StoreError> {
        Workspace::on(path, schema::open(path, false)?)
    }

    pub(super) fn on(path: &Path, database: Connection) -> Result<Workspace, StoreError> {
        let mut workspace = Workspace {
            root: path.to_owned(),
            database,
            epoch: 0,
            poisoned: None,
            _vault: None,
            pending: Weak::new(),
            lock: None,
        };
        workspace.epoch = workspace.latest()?;
        Ok(workspace)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The last epoch committed through this handle, or found when it was opened; 0 before the first batch.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The last epoch committed by anybody: how a reader notices that there is more.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn latest(&self) -> Result<u64, StoreError> {
        self.number("SELECT coalesce(max(epoch), 0) FROM epoch", [])
    }

    /// All committed batches.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn epochs(&self) -> Result<Vec<EpochEntry>, StoreError> {
        let mut rows = self.database.prepare("SELECT epoch, batch_id, rows, committed_at FROM epoch ORDER BY epoch")?;
        let entries = rows.query_map([], |row| {
            Ok(EpochEntry {
                epoch: row.get::<_, i64>(0)?.cast_unsigned(),
                batch_id: row.get(1)?,
                rows: row.get::<_, i64>(2)?.cast_unsigned(),
                committed_at: row.get(3)?,
            })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Begins a batch, unless a batch of that id is committed already.
    ///
    /// # Errors
    /// Another batch is pending, the workspace is open for reading only or poisoned, or the vault does not answer.
    pub fn begin(&mut self, batch_id: Option<&str>) -> Result<Begin, StoreError> {
        self.writable()?;
        if self.is_pending() {
            return Err(StoreError::refused(
                "another batch is pending: commit or drop it first / 另有批次尚未提交, 请先提交或放弃",
            ));
        }
        if let Some(id) = batch_id {
            let known = self.database.query_row("SELECT epoch FROM epoch WHERE batch_id = ?1", [id], |row| row.get(0));
            if let Some(epoch) = known.optional()? {
                let epoch: i64 = epoch;
                return Ok(Begin::AlreadyCommitted(epoch.cast_unsigned()));
            }
        }
        let last = "SELECT coalesce(max(last), 0) FROM span WHERE origin_table = ?1";
        let next = Table::ALL.iter().map(|table| self.number(last, [*table as u8])).collect::<Result<_, _>>()?;
        let epoch = self.epoch + 1;
        let vault = VaultWriter::begin(&self.root, epoch.cast_signed())?;
        crash_point("begun");
        let alive = Arc::new(());
        self.pending = Arc::downgrade(&alive);
        Ok(Begin::New(Box::new(Pending::new(&self.root, epoch, batch_id, next, vault, alive))))
    }

    /// Whether a batch was begun and neither committed nor dropped.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.strong_count() > 0
    }

    /// A setting: calibration, run settings, where a source has got to.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let found = self.database.query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Keeps a setting. What must change together with a batch goes into [`super::Outcomes::settings`] instead.
    ///
    /// # Errors
    /// The workspace is open for reading only, is poisoned, or the database does not answer.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.writable()?;
        let path = schema::path(&self.root);
        self.database
            .execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", [key, value])
            .map_err(StoreError::database(&path))?;
        Ok(())
    }

    /// Whether the tables of the second disk format are there: a reader can have opened the workspace before a writer added them.
    pub(super) fn is_second(&self) -> Result<bool, StoreError> {
        let path = schema::path(&self.root);
        let format = self.database.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        Ok(format.map_err(StoreError::database(&path))? >= 2)
    }

    /// Why nothing more is written through this handle: a sync, rename or commit failed half-way. Remedy: open it again.
    #[must_use]
    pub fn poisoned(&self) -> Option<&str> {
        self.poisoned.as_deref()
    }

    pub(super) fn writable(&self) -> Result<(), StoreError> {
        match (&self.poisoned, &self.lock) {
            (Some(why), _) => Err(StoreError::Poisoned { why: why.clone() }),
            (None, None) => Err(StoreError::refused("the workspace is open for reading only / 工作区以只读方式打开")),
            (None, Some(_)) => Ok(()),
        }
    }

    fn number(&self, query: &str, parameters: impl rusqlite::Params) -> Result<u64, StoreError> {
        let found: i64 = self.database.prepare_cached(query)?.query_row(parameters, |row| row.get(0))?;
        Ok(found.cast_unsigned())
    }
}
