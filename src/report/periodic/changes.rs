//! What happened to rings between two epochs, and what of the last report no longer holds?

use super::{Change, ChangedRing, Correction};
use crate::model::{PartyKind, Ring, Sentence};
use crate::report::section::yuan;
use crate::store::lineage::{Event, EventKind};
use std::collections::{BTreeMap, BTreeSet};

/// Events by kind, in the order of the words; kinds that did not happen are listed with none.
pub(super) fn changes(events: &[(u64, Event)], standing: &BTreeSet<&str>) -> Vec<Change> {
    let of = |kind: EventKind| {
        let rings = events.iter().filter(|(_, event)| event.kind == kind).map(|(epoch, event)| ChangedRing {
            ring: event.ring.clone(),
            epoch: *epoch,
            joined: event.joined,
            left: event.left,
            others: event.from.iter().chain(&event.to).cloned().collect(),
            stands: standing.contains(event.ring.as_str()),
        });
        let rings: Vec<ChangedRing> = rings.collect();
        let count = rings.iter().map(|one| one.ring.as_str()).collect::<BTreeSet<_>>().len();
        Change { event: kind.word(), name: word(kind), count, rings }
    };
    EventKind::ALL.into_iter().map(of).collect()
}

/// What happened, as people call it.
fn word(kind: EventKind) -> Sentence {
    let (zh, en) = match kind {
        EventKind::Born => ("新增", "new"),
        EventKind::Grown => ("壮大", "grown"),
        EventKind::Shrunk => ("缩小", "shrunk"),
        EventKind::Merged => ("合并", "merged"),
        EventKind::Split => ("分裂", "split"),
        EventKind::Dissolved => ("消散", "dissolved"),
        EventKind::Revived => ("复现", "revived"),
        EventKind::Migrated => ("转移", "moved to other places"),
    };
    both(zh, en)
}

pub(super) fn both(zh: &str, en: &str) -> Sentence {
    Sentence { zh: zh.to_owned(), en: en.to_owned() }
}

/// How many members of a kind a ring has.
pub(super) fn count(ring: &Ring, kind: PartyKind) -> usize {
    ring.finding.members.iter().filter(|member| member.party.kind() == kind).count()
}

/// Every figure of a ring of the last report that is another one now.
pub(super) fn corrections(before: &[Ring], now: &[Ring]) -> Vec<Correction> {
    let now: BTreeMap<&str, &Ring> = now.iter().map(|ring| (ring.id.as_str(), ring)).collect();
    let figures = |ring: &Ring| {
        let finding = &ring.finding;
        [
            ("typology", both("手法类型", "typology"), finding.typology.clone()),
            ("score", both("评分", "score"), crate::report::line::hundredths(finding.score)),
            ("fund_fen", both("基金支付", "fund money"), yuan(finding.amount.fund_fen)),
            ("persons", both("参保人", "insured persons"), count(ring, PartyKind::Person).to_string()),
        ]
    };
    let mut said = Vec::new();
    for old in before {
        let Some(new) = now.get(old.id.as_str()) else {
            let before = crate::report::line::hundredths(old.finding.score);
            let (ring, name) = (old.id.clone(), both("不再列为线索", "no longer a lead"));
            said.push(Correction { ring, what: "ended", name, before, after: String::new() });
            continue;
        };
        for ((what, name, before), (.., after)) in figures(old).into_iter().zip(figures(new)) {
            if before != after {
                said.push(Correction { ring: old.id.clone(), what, name, before, after });
            }
        }
    }
    said.sort_by(|one, other| (&one.ring, one.what).cmp(&(&other.ring, other.what)));
    said
}
