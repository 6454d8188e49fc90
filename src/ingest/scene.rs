//! What does a table need besides the row itself? The references, the site's settings, and a place for warnings.

use super::column::Cells;
use super::plan::Plan;
use crate::model::{Day, ListedRegions, Party, Reason, Regions};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::cell::Cell;

/// Why a row is set aside, and the column that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The reason.
    pub(super) reason: Reason,
    /// The column's place in the table; [`Fault::WHOLE_ROW`] when no single column is to blame.
    pub(super) at: usize,
}

impl Fault {
    /// No single column is to blame.
    pub(super) const WHOLE_ROW: usize = usize::MAX;

    /// A fault of one column.
    pub(super) fn new(reason: Reason, at: impl Into<usize>) -> Fault {
        Fault { reason, at: at.into() }
    }
}

/// What the reference tables say, read before everything else.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// `admdvs_b`; empty when absent.
    pub(super) regions: Regions,
    /// Its codes.
    pub(super) listed: ListedRegions,
    /// `fix_blng_admdvs` of every institution of `fixmedins_b`.
    pub(super) areas: HashMap<Party, u32>,
}

impl Known {
    /// Takes what `admdvs_b` says.
    pub(super) fn with_regions(&mut self, regions: Regions) {
        self.listed = ListedRegions::of(&regions);
        self.regions = regions;
    }
}

/// The texts of one row, for the few places where a hash is not enough.
pub(super) trait Texts {
    /// The text of a column, as it stands in the file; "" when there is none.
    fn text(&self, at: usize) -> Cow<'_, str>;
}

/// One row with everything needed to understand it.
pub(super) struct Scene<'a> {
    /// The row.
    pub(super) cells: &'a Cells,
    /// Its texts.
    pub(super) texts: &'a dyn Texts,
    /// The references.
    pub(super) known: &'a Known,
    /// Which columns the file has, and the site's settings.
    pub(super) plan: &'a Plan,
    /// Warnings of this row, a bit each.
    pub(super) notes: Cell<u32>,
}

impl Scene<'_> {
    /// Whether the file has a column under none of its names: what an empty value would say is not said.
    pub(super) fn lacks(&self, at: impl Into<usize>) -> bool {
        self.plan.lacks(at.into())
    }

    /// Counts a warning.
    pub(super) fn note(&self, reason: Reason) {
        self.notes.set(self.notes.get() | 1 << reason as u32);
    }

    /// Counts E05 when there is a list of regions without this one, in a column that nothing is worked out from. Rows whose
    /// region decides something wait for it in the ledger: the list may still come, or grow.
    pub(super) fn listed(&self, at: impl Into<usize>) {
        if !self.known.listed.admit(self.cells.region(at)) {
            self.note(Reason::E05);
        }
    }

    /// Counts E11 when `fixmedins_b` is there and does not list the place.
    pub(super) fn place(&self, place: Party) -> Party {
        if !self.known.areas.is_empty() && place.is_some() && !self.known.areas.contains_key(&place) {
            self.note(Reason::E11);
        }
        place
    }

    /// Counts E13 when the day lies outside the declared window.
    pub(super) fn within_window(&self, day: Day) {
        if self.plan.settings.window.is_some_and(|(first, last)| day < first || day > last) {
            self.note(Reason::E13);
        }
    }
}
