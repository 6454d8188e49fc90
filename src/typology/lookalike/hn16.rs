//! HN16: were the boxes split, moved between stores of one owner, or scanned twice?

use super::LookAlike;
use crate::model::TraceKind;
use crate::typology::bench::Bench;
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// Split packs, returns, transfers, double scans.
pub(crate) struct SplitSale;

/// A flow needs time; a wrong scan does not.
const SOON_DAYS: i32 = 10;

impl LookAlike for SplitSale {
    fn code(&self) -> &'static str {
        "HN16"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("拆零、退货、重复扫码", "split packs, returns, double scans")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["drug_backflow"]
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let mut sales: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        let files = suspicion.people.keys().filter_map(|person| bench.file(*person));
        for (trace, _) in files.flat_map(|file| &file.traces).filter(|(trace, _)| trace.kind == TraceKind::Sold) {
            sales.entry(trace.code).or_default().push(*trace);
        }
        let (mut sisters, mut soon, mut all) = (0, 0, 0);
        for sold in sales.values_mut() {
            sold.sort_unstable_by_key(|trace| (trace.at, trace.place));
            sold.dedup();
            for pair in sold.windows(2).filter(|pair| pair[0].place != pair[1].place) {
                all += 1;
                sisters += usize::from(bench.sisters(pair[0].place, pair[1].place));
                soon += usize::from(pair[1].at.day().since(pair[0].at.day()) < SOON_DAYS);
            }
        }
        let (sisters, soon) = (percent(sisters, all), percent(soon, all));
        Some((
            -ramp(sisters, 20, 80, 400) - ramp(soon, 30, 90, 250),
            format!("{sisters}%的重复发生在同一控制人的门店之间,{soon}%相隔不足{SOON_DAYS}天,可能为调拨或误扫"),
            format!(
                "{sisters}% of the repeats are between stores of one owner, {soon}% within {SOON_DAYS} days: transfers or wrong scans"
            ),
        ))
    }
}
