//! HN06: was it a check-up outing? Everybody once, one night at most, small bills. Where no diagnosis is exported this cannot
//! be told from a batch of fake admissions, and that is said.

use super::{LookAlike, admissions, once, share};
use crate::model::Sentence;
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::sentence::{counted, said};
use crate::typology::suspicion::Suspicion;

/// A village's, company's or school's check-up bus.
pub(crate) struct CheckUp;

/// Check-ups cost less.
const CHECK_UP_FEN_MAX: i64 = 120_000;

impl LookAlike for CheckUp {
    fn code(&self) -> &'static str {
        "HN06"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("集体体检大巴", "check-up bus")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        super::ADMISSIONS
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        if !admissions(suspicion) {
            return None;
        }
        let once = once(suspicion);
        let small = share(suspicion, |_| true, |fact| fact.nights() <= 1 && fact.total_fen < CHECK_UP_FEN_MAX);
        let blind = if bench.known.diagnoses { 0 } else { ramp(once, 50, 95, 200) };
        let batches: std::collections::BTreeSet<_> = suspicion.settlements().map(|(fact, _)| fact.begin).collect();
        let single = if batches.len() <= 2 { ramp(once, 50, 95, 200) } else { 0 };
        let checked = ramp(once.min(small), 40, 90, 250);
        let mut text = said(format!("{once}%的人只来过一次"), format!("{once}% came once only"));
        let mut add = |counts: bool, zh: String, en: String| {
            if counts {
                text.zh.push_str(&zh);
                text.en.push_str(&en);
            }
        };
        let days = batches.len();
        add(single > 0, format!(",且全在{days}个入院日"), format!(", all of them on {}", counted(days, "day", "days")));
        add(
            checked > 0,
            format!(",{small}%为一晚以内的小额费用"),
            format!(", {small}% of the bills are small and for a night at most"),
        );
        add(blind > 0, ",且数据中没有诊断".to_owned(), ", and no diagnosis says what for".to_owned());
        let Sentence { zh, en } = text;
        Some((
            -blind - single - checked,
            format!("{zh};不能排除集体体检"),
            format!("{en}: a check-up outing cannot be excluded"),
        ))
    }
}
