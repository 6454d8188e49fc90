//! What can go wrong while a report is written?

use std::path::PathBuf;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file or folder could not be written.
    #[error(
        "cannot write {path}: {source}; free some space or choose another output folder / 无法写入, 请腾出空间或另选输出文件夹"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Where the output should go there is a file.
    #[error(
        "{path} is a file: name a folder for the output, or move the file away / 这是文件, 请另选输出文件夹或移走该文件"
    )]
    NotFolder {
        /// The file.
        path: PathBuf,
    },
    /// A Parquet file could not be written.
    #[error(
        "cannot write {path}: {source}; free some space or choose another output folder / 无法写入, 请腾出空间或另选输出文件夹"
    )]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet writer said.
        source: parquet::errors::ParquetError,
    },
    /// Columns of a table do not fit together: a mistake of this program.
    #[error("cannot build a table of the report: {0} / 无法生成报告的数据表")]
    Columns(#[from] arrow::error::ArrowError),
    /// A table could not be written as CSV.
    #[error("cannot write a table as CSV: {0} / 无法将表写成 CSV")]
    Csv(#[from] csv::Error),
    /// A table could not be written as XLSX.
    #[error("cannot write a workbook: {0}; choose csv or json instead / 无法写出工作簿, 请改用 csv 或 json")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// An archive could not be written.
    #[error("cannot write an archive: {0} / 无法写出归档文件")]
    Archive(#[source] std::io::Error),
    /// The page's template does not fit its data: a mistake of this program.
    #[error("cannot draw the page of the report: {0} / 无法生成报告页面")]
    Template(#[from] minijinja::Error),
}
