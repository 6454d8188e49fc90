//! How is the river wired to the outside: readers at one end, rings at the other?

mod balance;
mod contents;
mod detect;
mod expand;
mod facts;
mod intake;
mod leader;
mod link;
mod links;
mod names;
mod null;
mod ranking;
mod references;
mod retention;
mod retire;
mod river;
mod running;
mod session;
mod standing;
mod stock;
mod verdicts;

pub use balance::Count;
pub use contents::batch_id;
pub use detect::{
    DetectOptions, Detected, EngineError, Recognise, cited, detect, peak_bytes, references, settings, ties,
};
pub use expand::{Added, Expanded, FACTS_MAX, grow};
pub use facts::Facts;
pub use leader::follow;
pub use links::snapshot;
pub use null::{NullOptions, calibrate};
pub use ranking::{Calibration, ranked, rings};
pub use references::{ReferenceBook, book_at, book_of};
pub use retention::{Leaving, leaving};
pub use retire::{Retired, data_day};
pub use river::{Answer, Cluster, River, RiverError};
pub use session::{AppendOptions, Appended, Session, Taken};
pub use standing::{Standing, members};
pub use stock::take_stock;
pub use verdicts::{SHIFT_MAX, Verdicts};
