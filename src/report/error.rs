//! What can go wrong while a report is written?

use std::path::PathBuf;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file or folder could not be written.
    #[error("cannot write {path}: {source}; free some space or choose another output folder")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A Parquet file could not be written.
    #[error("cannot write {path}: {source}; free some space or choose another output folder")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet writer said.
        source: parquet::errors::ParquetError,
    },
    /// Columns of a table do not fit together: a mistake of this program.
    #[error("cannot build a table of the report: {0}")]
    Columns(#[from] arrow::error::ArrowError),
    /// A table could not be written as CSV.
    #[error("cannot write a table as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// A table could not be written as XLSX.
    #[error("cannot write a workbook: {0}; choose csv or json instead")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// An archive could not be written.
    #[error("cannot write an archive: {0}")]
    Archive(#[source] std::io::Error),
    /// The page's template does not fit its data: a mistake of this program.
    #[error("cannot draw the page of the report: {0}")]
    Template(#[from] minijinja::Error),
}
