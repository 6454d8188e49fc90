//! How do the tables that a bureau can export become rows that medring understands?
//!
//! ```text
//! folders, files ─► locate ─► head, plan ─► stream (chunks) ─► split · columnar (fields) ─► cell (words) ─► table (rows) ─► batches
//!                   names     columns       bytes, encoding    CSV JSON Parquet             hash, money,                    in file
//!                                                                                           dates                           order
//! ```
//! Rows that cannot be read are set aside with a stable reason, counted, and written to a reject folder if wanted; they are
//! never fatal and never lost. What becomes of rows with known keys, and of reversals, is decided later, in `flow`.
//!
//! Memory: a few chunks of a megabyte (text) or stretches of 131,072 rows (Parquet) per thread, however large the files.

mod archive;
mod cell;
mod collect;
mod column;
mod columnar;
mod delimited;
mod encoding;
mod error;
mod gather;
mod head;
mod json;
mod locate;
mod lookup;
mod manifest;
mod med_type;
mod moment;
mod money;
mod ordered;
mod parquet;
mod place;
mod plan;
mod progress;
mod read;
mod reject;
mod rule;
mod scene;
mod source;
mod split;
mod stream;
mod table;
mod tally;
mod tear;
mod text;

pub use error::IngestError;
pub use manifest::Manifest;
pub use progress::Progress;
pub use read::ReadOptions;
pub use rule::{Feeds, FileRule};
pub use source::{Source, SourceFile};
pub use tally::{FirstReject, TableTally, Tally};
pub use tear::{FileEnd, Tear};
pub use text::party_named;
