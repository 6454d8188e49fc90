//! How do facts become ties, and ties pieces that can be judged?
//!
//! ```text
//!  rows of persons ─► people ─► entries ─► channels ─► meetings ─► pairs ─► ties ─┬─► pieces (labels) ─► gather ─┐
//!  rows of boxes ──► traces ─►──┘  │ │        └────── context ties ───────────────┤                              ├─► dossiers ─► findings
//!                                  │ └► identifiers ◄─ marks ◄─ who is tied ──────┤                              │
//!                                  ├► absences ─► ties of those who were elsewhere ─┤                           │
//!                                  └► place counts ─► places (baselines) ─────────┼──────────────────────────────┘
//!                                                                                 └─ ties by piece ──────────────┘
//! ```
//!
//! Everything is maintained under additions and retractions. Heavy stages are folds ([`keyed`]) with the last state per key;
//! connected pieces and the joins around them are differential dataflow. One epoch is in flight. `flow` knows nothing of
//! files, clocks, sockets, random numbers or typologies: what is found in a piece is decided by the [`Judge`] it is given.

mod absences;
mod along;
mod baselines;
mod benefits;
mod channels;
mod contexts;
mod counters;
mod crowds;
mod dossiers;
mod entries;
mod files;
mod free_stays;
mod gather;
mod habits;
mod handovers;
mod identifiers;
mod invoices;
mod keyed;
mod ledger;
mod lines;
mod packed;
mod pairs;
mod people;
mod pieces;
mod places;
mod regulars;
mod returns;
mod rounds;
mod rows;
mod stage;
mod supplies;
mod surprise;
mod tally;
mod traces;
mod whereabouts;

pub use baselines::{Baselines, ChannelBaseline, touched};
pub use channels::Limits;
pub use dossiers::{Found, Judge};
pub use files::Files;
pub use pieces::{Feed, Output, Settings, assemble};
pub(crate) use stage::SLICES;
pub use stage::Stage;
pub use tally::{Live, Tally};

use differential_dataflow::VecCollection;

/// The number of a committed batch; the time of the dataflow.
pub type Epoch = u32;

/// A changing collection.
pub(crate) type Changes<'s, D> = VecCollection<'s, Epoch, D, i32>;
