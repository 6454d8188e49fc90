//! Who pays a bill? Fund, personal account and cash, by insurance, kind of care and distance.

use crate::synth::claim::{Care, Claim};
use crate::synth::draw::{Draw, whole};
use crate::synth::world::World;
use crate::synth::world::people::Insured;

/// Puts a total on a claim and splits it the usual way.
pub(crate) fn pay(world: &World, draw: &mut Draw, claim: &mut Claim, total: i64) {
    let person = world.person(claim.person);
    let employee = matches!(person.insured, Insured::Employee | Insured::Retired);
    let home = world.regions.city(world.regions.towns[person.town as usize].county).code;
    let away = world.regions.city(world.place(claim.place).county).code != home;
    let cheap = world.place(claim.place).level() < 0.9;
    let (deductible, share) = match claim.care {
        Care::Inpatient | Care::Injury | Care::Birth => {
            let floor = if cheap { 20_000 } else { 60_000 };
            (floor, if employee { 0.84 } else { 0.71 } + if cheap { 0.07 } else { 0.0 })
        }
        Care::DayCase => (20_000, if employee { 0.84 } else { 0.72 }),
        Care::Chronic | Care::Special => (0, if employee { 0.86 } else { 0.74 }),
        Care::Drugstore => (0, if employee { draw.real(0.2, 0.6) } else { draw.real(0.0, 0.5) }),
        Care::CheckUp => (0, 0.0),
        _ => (0, if employee { draw.real(0.45, 0.8) } else { draw.real(0.3, 0.66) }),
    };
    let share = if away { share - 0.12 } else { share } * draw.real(0.93, 1.02);
    let fund = whole((total - deductible).max(0) as f64 * share.clamp(0.0, 0.97));
    let rest = total - fund;
    let wants_account = employee && draw.chance(if claim.care == Care::Drugstore { 0.85 } else { 0.6 });
    let account =
        if wants_account { whole(rest as f64 * draw.real(0.5, 1.0)).min(draw.int(20_000, 300_000)) } else { 0 };
    claim.total = total;
    claim.fund = fund;
    claim.account = account.min(rest);
}

/// Puts a total on a claim of which the person pays exactly `cash`.
pub(crate) fn pay_but(claim: &mut Claim, total: i64, cash: i64) {
    claim.total = total;
    claim.account = 0;
    claim.fund = total - cash.clamp(0, total);
}
