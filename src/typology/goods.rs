//! What was billed without the goods it uses up? A cataract is not operated on without a lens.

use super::bench::{Bench, Cited};
use super::odds::{lift, percent};
use super::sentence::{factor, said};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Explains, Factor, Goods, Settlement, explains};

/// A lens costs as much, and nothing else of an eye operation does, yuan.
const LENS_YUAN_MIN: u32 = 300;
/// Eye operations whose lines are told, at least, and those without a lens, in thousandths: glaucoma, a lens that the patient paid for.
const TOLD_MIN: usize = 5;
const WITHOUT_MILLI: i64 = 150;

/// The suspicion's eye operations of whose fee lines some are goods, and those of them without a lens; `None` where they are few: a place
/// may bill no goods at all.
pub(super) fn without_lens<'s>(bench: &Bench, suspicion: &'s Suspicion) -> Option<(Vec<&'s Cited>, usize)> {
    let eye = |fact: &Settlement| {
        matches!(fact.class, CareClass::Inpatient | CareClass::DayCase)
            && explains(fact.diagnosis) == Explains::Cataract
    };
    let told: Vec<(&Cited, Goods)> = suspicion
        .settlements()
        .filter(|(fact, _)| eye(fact))
        .filter_map(|stay| Some((stay, *bench.file(stay.0.person)?.goods_of(&stay.0)?)))
        .filter(|(_, goods)| goods.consumables > 0)
        .collect();
    let without = told.iter().filter(|(_, goods)| goods.dearest_yuan < LENS_YUAN_MIN);
    (told.len() >= TOLD_MIN).then(|| (without.map(|(stay, _)| *stay).collect(), told.len()))
}

/// Percent of the eye operations that were without a lens.
pub(super) fn lensless(bench: &Bench, suspicion: &Suspicion) -> i32 {
    without_lens(bench, suspicion).map_or(0, |(without, told)| percent(without.len(), told))
}

/// Operated on without a lens.
pub(super) fn operated_without_lens(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (without, told) = without_lens(bench, suspicion)?;
    let share = percent(without.len(), told);
    let score = lift(share, told, WITHOUT_MILLI, 120, 250).max(0);
    let text = said(
        format!("{told}次眼科手术中有{}次({share}%)的费用清单没有人工晶状体", without.len()),
        format!("{} of {told} eye operations ({share}%) were billed without a lens", without.len()),
    );
    let rows = without.into_iter().flat_map(|stay| bench.lines(&stay.0).chain([stay.1])).collect();
    (score > 0).then(|| factor("operated_without_lens", score, text, rows))
}
