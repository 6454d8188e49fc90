//! A lock on a file, let go of outright.
//!
//! Closing the file would not do: a process that is just being started holds copies of all open files for a moment, and with
//! them the lock.

use std::fs::File;

/// A locked file.
pub(super) struct Held(File);

impl Held {
    /// The lock of this file, which is locked already.
    pub(super) fn new(locked: File) -> Held {
        Held(locked)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing it is what is left when the system does not answer.
        drop(self.0.unlock());
    }
}
