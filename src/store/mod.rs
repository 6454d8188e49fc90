//! Where does everything stay, so that what was acknowledged is never lost?
//!
//! A workspace is a folder:
//! ```text
//! medring.db                                   SQLite; the only truth about what is committed; ring versions, lineage
//! segments/setl_d/00000007-0000.parquet        typed rows of one list and one epoch; readable by DuckDB, Polars, pandas
//! segments/setl_d/00000400-c0000170000.parquet rows of one list and several epochs, written by compaction
//! vault.db                                     SQLite, owner only; the only place of raw personal identifiers
//! office.db  audit.head                        SQLite, owner only; accounts, sessions, audit log, cases; where the log ends
//! medring.toml  medring.lock  medring.reading  settings; whom the folder belongs to while it is written; who reads
//! ```
//!
//! # The commit protocol
//! 1. **begin** looks the batch id up; known means committed, and nothing is done. It opens a transaction on the vault.
//! 2. **append** numbers the rows and writes them as `*.parquet.part`; identifiers go into the vault's transaction.
//!    Until here everything can be dropped, and a full disk costs nothing but the batch.
//! 3. **commit** closes the files and syncs each.
//! 4. It renames each to its final name. No reader looks at a file that `medring.db` does not name.
//! 5. It syncs the folders, so that the names last.
//! 6. It commits the vault (a superset of what is needed is harmless, a subset would not be).
//! 7. It commits one transaction in `medring.db`: epoch, batch id, segments with block sums, spans, tallies, settings,
//!    ring changes. This is the instant at which the batch exists; SQLite syncs its log before the call returns.
//!
//! A crash before 7 leaves files and identifiers that nothing refers to; the next `open` removes them. A failed sync,
//! rename or commit poisons the handle, because the system may have dropped what it could not write: nothing more is
//! written until the workspace is opened anew, from the last whole epoch. A batch sent again after a crash is new if 7 did
//! not happen and already committed if it did. One writer holds `medring.lock`; readers need no lock, because segments
//! never change and SQLite shows them one whole epoch or the next.
//!
//! Facts that leave by age (`retired.rs`) are an epoch without files: 1, 6 and 7. Compaction (`compact.rs`) makes no epoch:
//! it writes and syncs files (3), renames them (4, 5) and exchanges names in one transaction of `medring.db`; the files
//! replaced are removed when nobody reads (`reading.rs`), at the latest by the next `open` that finds no reader.
//!
//! The places where this can break are named in `fail.rs`; the crash tests kill the program at each of them.
//! `verify.rs` looks at everything, `backup.rs` copies a workspace beside its writer and restores it.
//!
//! The store knows nothing of readers of input, of dataflow or of typologies: it keeps batches and rings.
//! Bytes read are checked block by block (`checked.rs`); row references are serial numbers (`pending.rs`).

mod accounts;
mod archive;
mod audit;
mod backup;
mod case;
mod cases;
mod cell;
mod changes;
mod checked;
mod commit;
mod compact;
mod digest;
mod error;
mod event;
mod fail;
mod files;
mod held;
mod holds;
pub mod lineage;
mod list;
mod names;
mod office;
mod papers;
mod pending;
mod reading;
mod rearranged;
mod replay;
mod retired;
mod rings;
mod schema;
mod seal;
mod secret;
mod segment;
mod sessions;
mod settings;
mod vault;
mod verify;
mod workspace;

pub use accounts::{Account, AccountRole, ApiKey, FAILURES_MAX, LOCKED_S, PASSWORD_MIN, SignIn};
pub use audit::{AuditEntry, Deed, Flaw, Head, Verified};
pub use backup::{BackedUp, Segments, restore, verify_backup};
pub use case::{
    Case, CaseHead, CaseRing, Change, ChangeKind, Claim, Frozen, Item, Note, Receipt, RingFacts, Sealed, Step, Task,
};
pub use changes::RingChanges;
pub use commit::{CommitStep, Outcomes, Tally};
pub use compact::{Compacted, Extent, Prepared};
pub use digest::Digest;
pub use error::StoreError;
pub use fail::{FAIL_POINTS, crash_point, fail_point};
pub use holds::Hold;
pub use names::ReadAt;
pub use office::Office;
pub use papers::{Canvas, Document, DocumentChange, Drawn};
pub use pending::{Pending, Source};
pub use rings::{History, Membership, Version};
pub use schema::DISK_FORMAT;
pub use seal::{Seal, is_signed};
pub use secret::sha256;
pub use segment::Segment;
pub use sessions::SessionLimits;
pub use settings::Settings;
pub use verify::{Checked, Problem};
pub use workspace::{Begin, Created, EpochEntry, Workspace};
