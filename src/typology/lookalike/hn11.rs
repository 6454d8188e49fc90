//! HN11: are they loyal elders of a small hospital, or poor people who pay the deductible only? Small bills, hardship on record.

use super::{LookAlike, people, share};
use crate::typology::bench::Bench;
use crate::typology::odds::ramp;
use crate::typology::suspicion::Suspicion;

/// Loyal elders; people for whom assistance pays the rest.
pub(crate) struct Loyal;

/// Bills of a small hospital.
const SMALL_FEN_MAX: i64 = 150_000;

impl LookAlike for Loyal {
    fn code(&self) -> &'static str {
        "HN11"
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["membership_mill", "recruited_fake_admission"]
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let poor = people(suspicion, |person| {
            bench.file(person).and_then(|file| file.record).is_some_and(|(record, _)| record.hardship)
        });
        let small = share(suspicion, |_| true, |fact| fact.total_fen < SMALL_FEN_MAX);
        Some((
            -ramp(poor, 30, 80, 250) - ramp(small, 40, 90, 100),
            format!("{poor}%的人为困难人员(其余由救助支付),{small}%为小额费用"),
            format!("{poor}% are in hardship, so that assistance pays the rest; {small}% of the bills are small"),
        ))
    }
}
