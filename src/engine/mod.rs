//! How is the river wired to the outside: readers at one end, rings at the other?

mod detect;
mod ranking;
mod references;
mod river;
mod standing;

pub use detect::{
    DetectOptions, Detected, EngineError, Recognise, cited, detect, peak_bytes, references, settings, ties,
};
pub use ranking::{Calibration, ranked, rings};
pub use references::ReferenceBook;
pub use river::{Answer, Cluster, River, RiverError};
pub use standing::{Standing, members};
