//! What do the simple detectors read? Who was where on which days, and who shares an identifier; nothing else.

use crate::model::{Batch, CareClass, Day, Identifier, Party, Row, Settlement, Stamp};
use std::collections::BTreeSet;

/// One settlement as the simple detectors see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Presence {
    /// Who.
    pub person: Party,
    /// Where.
    pub place: Party,
    /// From.
    pub begin: Day,
    /// To.
    pub end: Day,
    /// Kind of care.
    pub class: CareClass,
}

impl Presence {
    /// Whether somebody was admitted.
    #[must_use]
    pub fn is_stay(&self) -> bool {
        matches!(self.class, CareClass::Inpatient | CareClass::DayCase)
    }
}

impl From<&Settlement> for Presence {
    fn from(settlement: &Settlement) -> Presence {
        Presence {
            person: settlement.person,
            place: settlement.place,
            begin: settlement.begin,
            end: settlement.end,
            class: settlement.class,
        }
    }
}

/// Rows as they arrive, about 90 bytes per settlement.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    settlements: Vec<Version>,
    identifiers: Vec<Identifier>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    key: u64,
    at: Stamp,
    content: u64,
    live: bool,
    refund: bool,
    id: u64,
    original: u64,
    presence: Presence,
}

impl Rows {
    /// Takes what a batch says.
    pub fn take(&mut self, batch: &Batch) {
        self.settlements.extend(batch.settlements.iter().map(Version::of));
        self.identifiers.extend(batch.identifiers.iter().filter(|row| row.live).map(|row| row.fact));
    }

    /// Settlements that count: the newest version of every row, without reversals and what they take back.
    #[must_use]
    pub fn live(mut self) -> (Vec<Presence>, Vec<Identifier>) {
        self.settlements.sort_unstable();
        let newest: Vec<Version> =
            self.settlements.chunk_by(|a, b| a.key == b.key).filter_map(|versions| versions.last().copied()).collect();
        let reversed: BTreeSet<u64> =
            newest.iter().filter(|row| row.live && row.refund).map(|row| row.original).collect();
        let counts = |row: &&Version| row.live && !row.refund && !reversed.contains(&row.id);
        (newest.iter().filter(counts).map(|row| row.presence).collect(), self.identifiers)
    }
}

impl Version {
    fn of(row: &Row<Settlement>) -> Version {
        Version {
            key: row.key,
            at: row.version,
            content: row.content,
            live: row.live,
            refund: row.fact.refund,
            id: row.fact.id,
            original: row.fact.original,
            presence: Presence::from(&row.fact),
        }
    }
}
