//! How is the river wired to the outside: readers at one end, rings at the other?

mod river;

pub use river::{Answer, Cluster, River, RiverError};
