//! What can become of a ring from one epoch to the next?

use serde::{Deserialize, Serialize};

/// What can happen to a ring in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Seen for the first time.
    Born,
    /// Gained members.
    Grown,
    /// Lost members.
    Shrunk,
    /// Taken in by another ring, or took others in.
    Merged,
    /// Came out of another ring, or let others go.
    Split,
    /// No longer found.
    Dissolved,
    /// Found again after it had dissolved.
    Revived,
    /// Moved to other institutions.
    Migrated,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 8] = [
        EventKind::Born,
        EventKind::Grown,
        EventKind::Shrunk,
        EventKind::Merged,
        EventKind::Split,
        EventKind::Dissolved,
        EventKind::Revived,
        EventKind::Migrated,
    ];

    /// The word in output files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Born => "born",
            EventKind::Grown => "grown",
            EventKind::Shrunk => "shrunk",
            EventKind::Merged => "merged",
            EventKind::Split => "split",
            EventKind::Dissolved => "dissolved",
            EventKind::Revived => "revived",
            EventKind::Migrated => "migrated",
        }
    }
}

/// What happened to a ring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// The ring.
    pub ring: String,
    /// What happened.
    pub kind: EventKind,
    /// Members that came; for `merged` and `split` the members of the rings that came in or came out.
    pub joined: u32,
    /// Members that went; for `merged` and `split` the members that went into the other rings.
    pub left: u32,
    /// Rings it came from or took in, sorted.
    pub from: Vec<String>,
    /// Rings it went into or let go, sorted.
    pub to: Vec<String>,
}
