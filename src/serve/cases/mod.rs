//! How do people work a case together? Rings with frozen evidence, two officers, a way with clocks, and somebody else who agrees.
//!
//! ```text
//! ring ─► case: claims and rows frozen ─► check ─► … ─► step asked ─► guards ─► somebody else agrees ─► next stage ─► verdict
//! ```
//!
//! Two cases are merged, and one is split, by a step that somebody else agrees to as well (`rearrange.rs`).
//! What a case needs is decided in `rules.rs`, as functions of the case; what can be done with it stands in `deeds.rs`, which
//! the addresses (`routes.rs`) and the command line (`desk.rs`) share; names, order and clocks are configuration (`cases.toml`). Guards are checked when a step is asked for and again when it is agreed to.

mod answers;
mod bundle;
pub(super) mod deeds;
mod freeze;
mod handover;
mod papers;
mod rearrange;
mod routes;
mod rules;
mod stages;
mod verdicts;

pub(super) use bundle::{add_receipt, bundle, seal_bundle};
pub(super) use handover::{Handover, handover, seal};
pub(super) use papers::{DOCUMENT_BYTES_MAX, add_canvas, add_document, change_document, document};
pub(super) use routes::{
    attach_ring, case, cases, decide_step, merge_case, note_case, open_case, set_task, split_case, staff_case,
    step_case, task_case,
};
pub(super) use stages::{Stage, Stages};
pub use verdicts::verdict_lines;
pub(super) use verdicts::verdicts;

use super::access::{Action, Resource, Viewer};
use super::shared::Shared;
use super::trouble::Trouble;
use crate::model::Sentence;
use crate::store::Case;
use std::collections::BTreeSet;

/// What the description of all addresses needs to find the handlers.
pub(super) mod paths {
    pub(in crate::serve) use super::bundle::{__path_add_receipt, __path_bundle, __path_seal_bundle};
    pub(in crate::serve) use super::papers::{
        __path_add_canvas, __path_add_document, __path_change_document, __path_document,
    };
    pub(in crate::serve) use super::routes::{
        __path_attach_ring, __path_case, __path_cases, __path_decide_step, __path_merge_case, __path_note_case,
        __path_open_case, __path_set_task, __path_split_case, __path_staff_case, __path_step_case, __path_task_case,
    };
    pub(in crate::serve) use super::verdicts::__path_verdicts;
}

/// Whether a policy permits it.
fn may(shared: &Shared, viewer: &Viewer, action: Action, case: &Case) -> bool {
    let head = &case.head;
    let team = [&head.owner].into_iter().chain(&head.second).chain(&case.members).cloned().collect();
    let regions: BTreeSet<String> = case.rings.iter().flat_map(|ring| ring.facts.regions.iter().cloned()).collect();
    let resource = Resource::Case { id: &head.id, regions: &regions, team: &team, owner: &head.owner };
    shared.permissions.may(viewer, action, &resource)
}

/// Lets through who may. A case that one may not read is not there; one that went into another is only read.
pub(super) fn permitted(shared: &Shared, viewer: &Viewer, action: Action, id: &str) -> Result<(), Trouble> {
    if *viewer == Viewer::Open {
        return Err(Trouble::NeedsAccount);
    }
    let case = shared.office(|office| office.case(id))?.ok_or(Trouble::NoSuchCase)?;
    if !may(shared, viewer, Action::ReadCase, &case) {
        return Err(Trouble::NoSuchCase);
    }
    if !may(shared, viewer, action, &case) {
        return Err(Trouble::NotPermitted(action.word()));
    }
    match &case.head.merged_into {
        Some(into) if !matches!(action, Action::ReadCase | Action::ReadDocument) => {
            let (zh, en) =
                (format!("本案已并入 {into}，在该案中办理"), format!("this case went into {into}: work on that one"));
            Err(Trouble::NotSoFar(Sentence { zh, en }))
        }
        _ => Ok(()),
    }
}
