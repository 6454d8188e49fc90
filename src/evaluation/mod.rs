//! How good are the rings? Reported rings against planted ones, with simple detectors beside them.
//!
//! ```text
//! labels.csv ─► labels   ─┐
//!                         ├─► matching ─► measure ─► table (text or JSON)
//! rings.jsonl ─► reported ┘       ▲
//! rows ─► baseline (five simple detectors)
//! ```
//!
//! Parties are compared by their content hash, so a label and a ring agree exactly when kind and identifier do.
//! Set similarities are compared as fractions of integers; floats appear only in what is printed.

pub mod baseline;
mod bootstrap;
mod labels;
mod matching;
mod measure;
mod member;
mod reported;
mod table;

pub use bootstrap::Interval;
pub use labels::{LabelError, Labels, Planted};
pub use matching::Matching;
pub use measure::{AtK, LookAlike, Ratio, RingScores, Scores, TypologyLine, beside, judge};
pub use member::{Confusion, MemberScores, NamedLine, RoleLine};
pub use reported::{ReadError, Reported};
pub use table::{Headings, print};
