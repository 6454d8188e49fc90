//! Which facts link whom? The links that chains are searched in.
//!
//! | fact | links | day |
//! |---|---|---|
//! | live settlement, net of reversals | person – place, person – doctor | first day |
//! | visit without a settlement | person – place, person – doctor | first day |
//! | prescription | person – doctor, person – counter | day of issue |
//! | qualification | person – approving doctor | first day |
//! | insurance spell | person – employer | first day |
//! | assessment | person – assessor | its day |
//! | care visit | person – caregiver, once for each | day of the first |
//! | identifier | holder – phone, address, account, agent or device | first day of validity, else none |
//!
//! Cost: one link per fact and pair; the rows of all people in memory once.

use super::EngineError;
use super::facts::Facts;
use crate::model::{Day, Party, PersonFile, RowRef};
use crate::path::snapshot::{Link, Snapshot};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The graph of all live facts, and the last day of any settlement.
///
/// # Errors
/// When the facts cannot be read, or the user interrupts.
pub fn snapshot(facts: &Facts, stop: &Arc<AtomicBool>) -> Result<(Snapshot, Day), EngineError> {
    let files = facts.files(None, stop)?;
    let (mut all, mut last) = (Vec::new(), Day(i32::MIN));
    for person in files.people() {
        let file = files.file(person);
        last = file.settlements.iter().map(|(fact, _)| fact.begin).fold(last, Day::max);
        links(&file, &mut all);
    }
    drop(files);
    Ok((Snapshot::of(all), last))
}

/// The links of one person's facts.
fn links(file: &PersonFile, links: &mut Vec<Link>) {
    let mut link = |b: Party, day: Day, fact: RowRef, fen: i64| {
        if b.is_some() {
            links.push(Link { a: file.person, b, day, fact, fen });
        }
    };
    for (fact, origin) in &file.settlements {
        link(fact.place, fact.begin, *origin, fact.total_fen);
        link(fact.doctor, fact.begin, *origin, fact.total_fen);
    }
    let settled: BTreeSet<u64> = file.settlements.iter().map(|(fact, _)| fact.visit).collect();
    for (visit, origin) in file.visits.iter().filter(|(visit, _)| !settled.contains(&visit.id)) {
        link(visit.place, visit.begin.day(), *origin, 0);
        link(visit.doctor, visit.begin.day(), *origin, 0);
    }
    for (fact, origin) in &file.prescriptions {
        link(fact.doctor, fact.issued.day(), *origin, 0);
        link(fact.counter, fact.issued.day(), *origin, 0);
    }
    for (fact, origin) in &file.entitlements {
        link(fact.doctor, fact.begin, *origin, 0);
    }
    for (fact, origin) in &file.enrolments {
        link(fact.employer, fact.begin, *origin, 0);
    }
    for (fact, origin) in &file.assessments {
        link(fact.assessor, fact.at.day(), *origin, 0);
    }
    let mut carers = BTreeSet::new();
    for (fact, origin) in file.care_visits.iter().filter(|(fact, _)| carers.insert(fact.carer)) {
        link(fact.carer, fact.begin.day(), *origin, fact.amount_fen);
    }
    for (fact, origin) in &file.identifiers {
        link(fact.identifier, fact.begin, *origin, 0);
    }
}
