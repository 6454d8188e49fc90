//! What can go wrong with a workspace, and what should the user do?

use parquet::errors::ParquetError;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// What happened to the workspace. Whatever it was, the last committed epoch is intact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file or folder did not answer.
    #[error("cannot {action} {path}: {source} / 文件操作失败, 请检查路径和权限", path = .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The disk holding the workspace is full.
    #[error("the disk is full at {path}; the batch was not taken and the last epoch is intact: free space and send it again / 磁盘已满, 该批次未入库, 最后一个批次完好; 请腾出空间后重发", path = .path.display())]
    DiskFull {
        /// What could not be written.
        path: PathBuf,
        /// The operating system's or database's words.
        source: Box<dyn Error + Send + Sync>,
    },
    /// SQLite refused.
    #[error(
        "the workspace database refused: {source}; is the disk full, or may it not be written? / 工作区数据库拒绝操作, 请检查磁盘空间和写入权限"
    )]
    Database {
        /// SQLite's words.
        #[from]
        source: rusqlite::Error,
    },
    /// Stored bytes are not the bytes that were written.
    #[error("{path} is damaged: {what}; restore it from a backup, `medring db check` lists all damage / 文件已损坏; 请从备份恢复, 全部损坏用 `medring db check` 列出", path = .path.display())]
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// How it shows.
        what: String,
    },
    /// The folder cannot become, or is not, a workspace.
    #[error("{path} {why}", path = .path.display())]
    NotAWorkspace {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// `medring.toml` cannot be used.
    #[error("{path}: {why}. Remedy: correct the line, or delete it: all settings have defaults / 设置有误; 请更正该行, 或将其删去: 所有设置均有默认值", path = .path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another process writes to the workspace.
    #[error("another process is writing to {path}; wait until it ends, or open the workspace for reading / 另一进程正在写入工作区; 请等它结束, 或以只读方式打开", path = .path.display())]
    Busy {
        /// The workspace.
        path: PathBuf,
    },
    /// The workspace was written by a newer medring.
    #[error("{path} has disk format {found}, this medring knows formats up to {known}: use a newer medring / 磁盘格式 {found} 高于本程序所支持的 {known}, 请使用较新的 medring", path = .path.display())]
    NewerFormat {
        /// The workspace.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program reads.
        known: i64,
    },
    /// An earlier write failed half-way, so nothing more is written through this handle.
    #[error(
        "an earlier commit failed ({why}); open the workspace again, it continues from the last whole epoch / 此前的提交失败; 请重新打开工作区, 将从最后一个完整批次继续"
    )]
    Poisoned {
        /// The failure that poisoned the handle.
        why: String,
    },
    /// The caller asked for something that cannot be done.
    #[error("{why}")]
    Refused {
        /// What and why.
        why: String,
    },
}

impl StoreError {
    /// An I/O error with its place; a full disk gets its own variant.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::DiskFull { path: path.to_owned(), source: source.into() }
            }
            _ => StoreError::Io { action, path: path.to_owned(), source },
        }
    }

    /// A Parquet error with its file; what our own reader or the disk said is taken out of its wrapping.
    pub(super) fn parquet(path: &Path) -> impl FnOnce(ParquetError) -> StoreError {
        move |error| match error {
            ParquetError::External(inner) => match inner.downcast::<StoreError>() {
                Ok(own) => *own,
                Err(inner) => match inner.downcast::<io::Error>() {
                    Ok(source) => source.downcast().unwrap_or_else(StoreError::io("write", path)),
                    Err(inner) => StoreError::Damaged { path: path.to_owned(), what: inner.to_string() },
                },
            },
            other => StoreError::Damaged { path: path.to_owned(), what: other.to_string() },
        }
    }

    /// A database error with its file; a full disk gets its own variant.
    pub(super) fn database(path: &Path) -> impl FnOnce(rusqlite::Error) -> StoreError {
        move |source| match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => {
                StoreError::DiskFull { path: path.to_owned(), source: source.into() }
            }
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                StoreError::Damaged { path: path.to_owned(), what: source.to_string() }
            }
            _ => StoreError::Database { source },
        }
    }

    /// Whether the disk is full, or does not let us write what even reading a database needs: nothing is known of the data then.
    pub(super) fn is_of_the_disk(&self) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, ReadOnly, SystemIoFailure};
        let code = |source: &rusqlite::Error| source.sqlite_error_code();
        matches!(self, StoreError::DiskFull { .. })
            || matches!(self, StoreError::Database { source } if matches!(code(source), Some(CannotOpen | ReadOnly | SystemIoFailure)))
    }

    /// A request that cannot be met.
    pub(super) fn refused(why: impl Into<String>) -> StoreError {
        StoreError::Refused { why: why.into() }
    }

    /// Bytes that do not make sense.
    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.to_owned(), what: what.into() }
    }
}
