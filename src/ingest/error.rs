//! What can stop a reading altogether? Everything else is a quarantined row.

use std::path::PathBuf;

/// Why the input could not be read. Each message names the file, what was found and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// There is nothing to read.
    #[error(
        "{path}: no table found ({looked}); name the files as the tables they hold, for example setl_d.csv, setl_d.parquet, setl_d/part-1.csv.gz or one of them in a .zip / {path}: 未找到数据表; 文件名须为表名, 例如 setl_d.csv、setl_d.parquet、setl_d/part-1.csv.gz, 或将其放入 .zip"
    )]
    NoTables {
        /// The folder or file that was given.
        path: PathBuf,
        /// What was there instead.
        looked: String,
    },
    /// A path cannot be opened or read.
    #[error(
        "{path}: cannot be read: {source}; check the path and the permissions / {path}: 无法读取, 请检查路径和权限"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Compressed or columnar data are damaged or cut.
    #[error(
        "{path}: damaged or cut short ({detail}); export or copy the file again / {path}: 文件损坏或被截断, 请重新导出或复制"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        detail: String,
    },
    /// The file is not one of the formats.
    #[error(
        "{path}: {detail}; expected UTF-8 or GB18030 text with a header row, JSON Lines, or Parquet / {path}: 不是可读取的数据表({detail}); 应为带表头的 UTF-8 或 GB18030 文本、JSON Lines 或 Parquet"
    )]
    NotTable {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A column that every row needs is not there.
    #[error(
        "{path}: required column {column} is missing (also looked for: {aliases}); found: {found}; add it to the export, or rename a column in dataset.toml: [columns.{table}] your_name = \"{column}\" / {path}: 缺少必需列 {column}; 请在导出中补上, 或在 dataset.toml 中改名: [columns.{table}] 原列名 = \"{column}\""
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// The national name.
        column: &'static str,
        /// Other names that would do.
        aliases: String,
        /// The columns of the file.
        found: String,
    },
    /// `dataset.toml` is wrong.
    #[error("{path}: {detail} / {path}: 配置文件有误({detail})")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// The key, what was found and what is expected.
        detail: String,
    },
    /// Rejects cannot be written.
    #[error(
        "{path}: rejects cannot be written: {source}; free some space or choose another --reject-dir / {path}: 无法写入隔离文件, 请腾出空间或另选 --reject-dir"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The caller asked to stop.
    #[error("interrupted after {rows} rows were read; nothing was kept / 已中断, 已读取 {rows} 行, 未保存任何结果")]
    Interrupted {
        /// Rows read until then.
        rows: u64,
    },
}
