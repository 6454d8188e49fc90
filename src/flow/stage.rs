//! Whose turn is it? A bulk load into an empty river is done in turns, so that everything is worked out once.
//!
//! ```text
//! load: rows only collect ─► people, a slice per epoch: entries ─► channels, a slice per epoch: meetings, ties ─► open: pieces
//! ```
//!
//! Worked out per epoch as usual, ten million settlements in sixteen epochs would derive each person and each channel several
//! times: measured, four times the processor time. The answer is the same, because it is a function of the last state; after
//! the load the river is open and every epoch is worked out at once.

use crate::model::Party;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Slices of a bulk load's turns: what is under way at one time is this part of the whole.
pub(crate) const SLICES: u32 = 8;

/// Whose turn it is, shared by the caller and the workers of a process.
#[derive(Clone, Debug)]
pub struct Stage(Arc<AtomicU32>);

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Rows only collect.
    Load,
    /// A slice of the people is worked out.
    People(u32),
    /// A slice of the channels is worked out.
    Channels(u32),
    /// Everything is worked out in every epoch.
    Open,
}

impl Stage {
    /// A river that works everything out in every epoch.
    #[must_use]
    pub fn open() -> Stage {
        Stage(Arc::new(AtomicU32::new(2 * SLICES + 1)))
    }

    /// An empty river before a bulk load.
    #[must_use]
    pub fn load() -> Stage {
        Stage(Arc::new(AtomicU32::new(0)))
    }

    /// The next turn; each needs an epoch of its own, settled on all processes. Answers `false` when the river was open.
    pub fn advance(&self) -> bool {
        let next = |now: u32| (now <= 2 * SLICES).then_some(now + 1);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).is_ok()
    }

    pub(crate) fn now(&self) -> Turn {
        match self.0.load(Ordering::SeqCst) {
            0 => Turn::Load,
            turn if turn <= SLICES => Turn::People(turn - 1),
            turn if turn <= 2 * SLICES => Turn::Channels(turn - 1 - SLICES),
            _ => Turn::Open,
        }
    }
}

/// The slice that a party belongs to.
pub(crate) fn slice_of(party: Party) -> u32 {
    // High bits: the low ones choose the worker.
    u32::try_from(party.0 >> 40).unwrap_or(u32::MAX >> 1) % SLICES
}
