//! What must be there before a case may go on, and who may not agree? Pure functions of the case.

use super::stages::{Stage, Stages};
use crate::model::Sentence;
use crate::store::{Case, Item, Step, sha256};
use std::collections::BTreeSet;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// The stage has none.
    None,
    /// More than a quarter of it is left.
    Green,
    /// Less.
    Amber,
    /// It has run out.
    Red,
    /// What it waited for has come.
    Met,
}

impl Clock {
    /// The word in answers.
    pub(super) fn word(self) -> &'static str {
        match self {
            Clock::None => "none",
            Clock::Green => "green",
            Clock::Amber => "amber",
            Clock::Red => "red",
            Clock::Met => "met",
        }
    }
}

/// How the clock of a stage stands, and when it runs out. A receipt stops it.
pub(super) fn clock(stage: Option<&Stage>, since: i64, received: bool, now: i64) -> (Clock, Option<i64>) {
    let Some(whole) = stage.map(|stage| i64::from(stage.hours) * 3_600).filter(|whole| *whole > 0) else {
        return (Clock::None, None);
    };
    let left = since + whole - now;
    let state = match left {
        _ if received => Clock::Met,
        left if left <= 0 => Clock::Red,
        left if left * 4 <= whole => Clock::Amber,
        _ => Clock::Green,
    };
    (state, Some(since + whole))
}

fn said(zh: impl Into<String>, en: impl Into<String>) -> Sentence {
    Sentence { zh: zh.into(), en: en.into() }
}

/// Claims without evidence that still is what it was: ring and code of the reason.
pub(super) fn unproven(case: &Case) -> Vec<(String, String)> {
    let whole = case.evidence.iter().filter(|one| sha256(one.content.said.as_bytes()) == one.content.sha256);
    let proven: BTreeSet<(&str, &str)> = whole
        .flat_map(|one| one.content.claims.iter().map(|claim| (one.content.ring.as_str(), claim.as_str())))
        .collect();
    let claims = case.rings.iter().flat_map(|ring| ring.facts.claims.iter().map(|claim| (&ring.ring, &claim.code)));
    let open = claims.filter(|(ring, code)| !proven.contains(&(ring.as_str(), code.as_str())));
    open.map(|(ring, code)| (ring.clone(), code.clone())).collect()
}

/// What is missing before the case may enter a stage, without what is said only when it is asked for.
pub(super) fn missing(case: &Case, to: &Stage) -> Vec<Sentence> {
    let mut missing = Vec::new();
    let officers = usize::from(case.head.second.is_some()) + 1;
    if officers < to.officers {
        missing.push(said(
            format!("须有 {} 名承办人，现有 {officers} 名", to.officers),
            format!("{} officers are needed, there is {officers}", to.officers),
        ));
    }
    if to.evidence {
        if case.rings.is_empty() {
            missing.push(said("案件中没有线索", "there is no ring in the case"));
        }
        for (ring, code) in unproven(case) {
            missing.push(said(
                format!("{ring} 的主张 {code} 没有完好的固定证据"),
                format!("claim {code} of {ring} has no intact frozen evidence"),
            ));
        }
    }
    missing
}

/// Why a step cannot be asked for, if it cannot.
pub(super) fn hindered(case: &Case, stages: &Stages, step: &Step) -> Option<Sentence> {
    let now = stages.stage(&case.head.stage);
    let Some(to) = stages.stage(&step.to) else { return Some(said("没有这个阶段", "there is no such stage")) };
    if now.is_some_and(|stage| !stage.next.contains(&step.to)) {
        return Some(said(
            format!("{} 不能从 {} 直接进入", step.to, case.head.stage),
            format!("{} does not follow {}", step.to, case.head.stage),
        ));
    }
    if to.verdict {
        let code = step.reason.as_deref().unwrap_or_default();
        let known = stages.reasons.iter().find(|reason| reason.code == code);
        if known.is_none_or(|reason| Some(&reason.verdict) != step.verdict.as_ref()) {
            return Some(said(
                "须给出结论 confirmed 或 refuted 及与之相符的理由代码",
                "a verdict is needed, confirmed or refuted, with a reason code that goes with it",
            ));
        }
    } else if step.verdict.is_some() {
        return Some(said("只有结案时给出结论", "a verdict is given where the case closes"));
    }
    missing(case, to).into_iter().next()
}

/// The agreement to a hand-over that is in force: a step into a stage that needs evidence and somebody's agreement, while the case
/// has not gone back behind that stage.
pub(super) fn agreed<'a>(case: &'a Case, stages: &Stages) -> Option<&'a Item<Step>> {
    let place = |id: &str| stages.all.iter().position(|stage| stage.id == id);
    let mut agreed: Option<&Item<Step>> = None;
    for step in case.steps.iter().filter(|step| step.content.state == "made" && step.content.change.is_none()) {
        let Some(to) = stages.stage(&step.content.to) else { continue };
        if to.approval && to.evidence {
            agreed = Some(step);
        } else if agreed.is_some_and(|before| place(&to.id) < place(&before.content.to)) {
            agreed = None;
        }
    }
    agreed
}

/// Why a case cannot be merged or split now, if it cannot: what was agreed to be handed over, or decided, stays as it was.
pub(super) fn fixed(case: &Case, stages: &Stages) -> Option<Sentence> {
    let id = &case.head.id;
    if let Some(into) = &case.head.merged_into {
        return Some(said(format!("{id} 已并入 {into}"), format!("{id} went into {into}")));
    }
    if case.head.verdict.is_some() {
        return Some(said(format!("{id} 已有结论"), format!("{id} is decided")));
    }
    if agreed(case, stages).is_some() {
        let en = format!("the hand-over of {id} is agreed to: it has to go back before it is merged or split");
        return Some(said(format!("{id} 的移送已获审批，须先退回再并案或分案"), en));
    }
    None
}

/// The step by which the second officer stands behind a hand-over, or what is missing before one may be sealed.
///
/// It counts when the second officer agreed to it, and for the rings that were in the case then.
pub(super) fn approval<'a>(case: &'a Case, stages: &Stages) -> Result<&'a Item<Step>, Sentence> {
    let Some(step) = agreed(case, stages) else {
        return Err(said(
            "移送尚未经审批，或审批后案件已退回: 先申请移送，再由协办人审批",
            "the hand-over has not been agreed to, or the case went back since: ask for it, then the second officer agrees",
        ));
    };
    let (second, by) = (case.head.second.as_deref(), step.content.decided_by.as_deref());
    if second.is_none() || by != second {
        return Err(said(
            format!("移送须由协办人审批；协办人 {}，审批人 {}", second.unwrap_or("–"), by.unwrap_or("–")),
            format!(
                "the second officer must agree to the hand-over: that is {}, and {} did",
                second.unwrap_or("nobody"),
                by.unwrap_or("nobody")
            ),
        ));
    }
    let at = step.content.decided_at.unwrap_or(step.at);
    if let Some(late) = case.rings.iter().find(|ring| ring.added_at > at) {
        return Err(said(
            format!("{} 在审批之后加入，须重新审批", late.ring),
            format!("{} was attached after the second officer agreed: it needs another agreement", late.ring),
        ));
    }
    if let Some((ring, code)) = unproven(case).first() {
        return Err(said(
            format!("{ring} 的主张 {code} 没有完好的固定证据"),
            format!("claim {code} of {ring} has no intact frozen evidence"),
        ));
    }
    if case.rings.is_empty() {
        return Err(said("案件中没有线索", "there is no ring in the case"));
    }
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_turns_amber_for_its_last_quarter_and_red_when_it_has_run_out() {
        let stages = Stages::open(std::path::Path::new("/nowhere")).expect("our own stages are read");
        let at = |hours: i64| clock(stages.stage("handover"), 0, false, hours * 3_600).0;
        assert_eq!(
            [at(0), at(53), at(54), at(71), at(72)],
            [Clock::Green, Clock::Green, Clock::Amber, Clock::Amber, Clock::Red]
        );
        assert_eq!(clock(stages.stage("closed"), 0, false, 1 << 40), (Clock::None, None));
        assert_eq!(clock(stages.stage("receipt"), 0, true, 1 << 40), (Clock::Met, Some(24 * 3_600)));
    }

    #[test]
    fn a_hand_over_needs_the_second_officer_and_is_over_when_the_case_goes_back() {
        let stages = Stages::open(std::path::Path::new("/nowhere")).expect("our own stages are read");
        let head = crate::store::CaseHead {
            id: "C-1".to_owned(),
            title: String::new(),
            stage: String::new(),
            stage_since: 0,
            opened_at: 0,
            opened_by: "lin".to_owned(),
            owner: "lin".to_owned(),
            second: Some("luo".to_owned()),
            verdict: None,
            reason: None,
            decided_at: None,
            merged_into: None,
        };
        let facts = crate::store::RingFacts {
            typology: String::new(),
            score: 0,
            fund_fen: 0,
            total_fen: 0,
            persons: 0,
            regions: Vec::new(),
            claims: Vec::new(),
            counter_evidence: Vec::new(),
            taught: 0,
        };
        let (ring, added_by) = ("R-1".to_owned(), "lin".to_owned());
        let ring = crate::store::CaseRing { ring, epoch: 1, facts, added_at: 5, added_by };
        let step = |to: &str, state: &str, decided_by: Option<&str>| {
            let content = Step {
                from: String::new(),
                to: to.to_owned(),
                state: state.to_owned(),
                why: String::new(),
                verdict: None,
                reason: None,
                decided_by: decided_by.map(str::to_owned),
                decided_at: decided_by.map(|_| 9),
                change: None,
            };
            Item { number: 1, at: 8, by: "lin".to_owned(), content }
        };
        let case = |added_at, steps: Vec<Item<Step>>| Case {
            head: head.clone(),
            members: Vec::new(),
            rings: vec![crate::store::CaseRing { added_at, ..ring.clone() }],
            evidence: Vec::new(),
            notes: Vec::new(),
            tasks: Vec::new(),
            steps,
            sealed: Vec::new(),
            receipts: Vec::new(),
            left: Vec::new(),
        };
        let fits = |added_at, steps: Vec<Item<Step>>| approval(&case(added_at, steps), &stages).is_ok();
        let agreed = || step("receipt", "made", Some("luo"));
        assert!(fits(5, vec![agreed()]) && fits(5, vec![agreed(), step("criminal", "made", None)]));
        assert!(fits(5, vec![agreed(), step("declined", "made", None)]));
        assert!(!fits(5, vec![]) && !fits(5, vec![step("receipt", "asked", None)]));
        assert!(!fits(5, vec![step("receipt", "made", Some("ren"))]));
        assert!(!fits(5, vec![step("receipt", "refused", Some("luo"))]));
        assert!(!fits(10, vec![agreed()]), "a ring that came later");
        let back = vec![agreed(), step("declined", "made", None), step("investigation", "made", None)];
        assert!(!fits(5, back.clone()));
        assert!(fits(5, [back, vec![agreed()]].concat()));
        // A merge that somebody agreed to while the case awaited its receipt is no agreement to hand over.
        let mut merge = agreed();
        let change = crate::store::Change {
            kind: crate::store::ChangeKind::TakesIn,
            case: Some("C-2".to_owned()),
            title: None,
            rings: Vec::new(),
            documents: Vec::new(),
            since: Some(8),
        };
        merge.content.change = Some(change);
        assert!(!fits(5, vec![merge]));
    }
}
