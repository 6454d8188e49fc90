//! What stands on the bill? Lines that add up to the settlement's total, the same for the same basket.

use super::ids;
use super::rows::Rows;
use crate::synth::catalogue::{DISEASES, DRUGS, SERVICES, disease_of};
use crate::synth::claim::{Care, Claim, Form, NONE, Traced};
use crate::synth::draw::{Draw, mix, whole};
use crate::synth::world::World;

/// Columns of `fee_list_d`.
pub(super) const LINE: [&str; 18] = [
    "feedetl_sn",
    "init_feedetl_sn",
    "mdtrt_id",
    "setl_id",
    "psn_no",
    "fixmedins_code",
    "med_type",
    "fee_ocur_time",
    "med_list_codg",
    "med_list_name",
    "list_type",
    "med_chrgitm_type",
    "cnt",
    "pric",
    "det_item_fee_sumamt",
    "bilg_dr_codg",
    "bilg_dept_codg",
    "vali_flag",
];

/// Services and goods that belong together: a session and its dialyser, an eye operation and its lens, which costs as much as many lines.
const SESSION: usize = 16;
const DIALYSER: usize = 21;
const EYE_OPERATION: usize = 17;
const LENS: usize = 20;
const LENS_SHARE: f64 = 5.0;

/// A kind of line: drug or service, its index and how often it is given.
type Item = (bool, usize, i64);

/// Writes the lines of a claim, if its place sends them.
pub(super) fn lines(world: &World, claim: &Claim, rows: &mut Rows) {
    let regular = claim.care.is_stay() || claim.care == Care::Special;
    if claim.form != Form::Normal || !(regular || world.place(claim.place).lines) {
        return;
    }
    let mut draw = Draw::new(29, if claim.basket == 0 { claim.visit } else { claim.basket });
    let items = items(&mut draw, claim);
    let share = |item: &Item| if item == &(false, LENS, 1) { LENS_SHARE } else { item.2 as f64 };
    let shares: Vec<f64> = items.iter().map(|item| draw.real(0.2, 1.0) * share(item)).collect();
    let sum: f64 = shares.iter().sum();
    let mut left = claim.total;
    for (at, item) in items.iter().enumerate() {
        let last = at + 1 == items.len();
        let amount = if last { left } else { whole(claim.total as f64 * shares[at] / sum).min(left) };
        left -= amount;
        let taken_back = if mix(claim.visit, at as u64).is_multiple_of(70) { amount.max(100) } else { 0 };
        let item = &(item.0, item.1, times(item, amount));
        line(world, claim, (at, None), item, amount + taken_back, rows);
        if taken_back > 0 {
            line(world, claim, (at + 60, Some(at)), &(item.0, item.1, -item.2), -taken_back, rows);
        }
    }
}

/// How many of an item an amount buys: boxes at about the list price, services as often as they are given.
fn times(item: &Item, amount: i64) -> i64 {
    if item.0 { whole(amount as f64 / (DRUGS[item.1].yuan * 100.0)).max(1) } else { item.2 }
}

fn items(draw: &mut Draw, claim: &Claim) -> Vec<Item> {
    let nights = i64::from(claim.end - claim.begin).max(1);
    let main = usize::from(claim.drug).min(DRUGS.len());
    let group = DISEASES.get(usize::from(claim.diagnosis)).map_or(0, |disease| disease.ward_group);
    let used_up_nothing = claim.traced == Traced::Undelivered;
    let mut items: Vec<Item> = Vec::new();
    if main < DRUGS.len() {
        items.push((true, main, draw.int(1, 6)));
    }
    match claim.care {
        Care::Drugstore | Care::Chronic => {
            for _ in 0..draw.below(3) + usize::from(items.is_empty()) {
                items.push((true, draw.below(DRUGS.len()), draw.int(1, 3)));
            }
        }
        Care::Special if claim.diagnosis == disease_of("N18.600") => {
            items.extend([(false, SESSION, 1), (true, 25, 1)]);
            items.extend((!used_up_nothing).then_some((false, DIALYSER, 1)));
        }
        Care::Special => items.push((true, draw.below(DRUGS.len()), 1)),
        care if care.is_stay() => {
            items.extend([(false, 1, nights), (false, 2, nights), (false, 3, nights), (false, 4, 1), (false, 5, 1)]);
            let special: &[usize] = match group {
                2 => &[8, 12, 13, 14, 15],
                6 => &[EYE_OPERATION],
                7 => &[18],
                1 => &[10, 19],
                _ => &[6, 7, 8, 9, 10, 11],
            };
            let wanted = 1 + draw.below(special.len());
            items.extend(draw.some(special, wanted).into_iter().map(|at| (false, at, 1 + nights / 2)));
            items.extend((group == 6 && !used_up_nothing).then_some((false, LENS, 1)));
            for _ in 0..draw.below(4) + 1 {
                items.push((true, draw.below(DRUGS.len()), draw.int(1, 4)));
            }
        }
        _ => {
            items.push((false, 0, 1));
            for _ in 0..draw.below(3) {
                items.push((false, 4 + draw.below(12), 1));
            }
        }
    }
    items
}

fn line(world: &World, claim: &Claim, number: (usize, Option<usize>), item: &Item, amount: i64, rows: &mut Rows) {
    let (code, name, charge, list) = if item.0 {
        let drug = &DRUGS[item.1];
        let patent = drug.code.starts_with('Z');
        (drug.code, drug.name, if patent { "11" } else { "09" }, "101")
    } else {
        let service = &SERVICES[item.1];
        (service.0, service.1, service.2, if service.0.starts_with('C') { "301" } else { "201" })
    };
    rows.number(number.0 as u64 + 1);
    match number.1 {
        Some(first) => rows.number(first as u64 + 1),
        None => rows.nothing(),
    }
    rows.with(|cell| ids::visit(cell, world, claim.visit));
    rows.with(|cell| ids::settlement(cell, world, claim.key));
    rows.with(|cell| ids::person(cell, world, claim.person));
    rows.with(|cell| ids::place(cell, world, claim.place));
    rows.text(claim.care.code());
    let into = i64::from(claim.end - claim.begin) * (number.0 as i64 % 5) / 5;
    let first = if claim.care.is_stay() { i64::from(claim.begin) * 86_400 + 34_000 } else { claim.settled - 600 };
    rows.stamp(first + into * 86_400);
    rows.text(code);
    rows.text(name);
    rows.text(list);
    rows.text(charge);
    let count = if item.2 == 0 { 1 } else { item.2 };
    rows.with(|cell| {
        if count < 0 {
            cell.push('-');
        }
        ids::digits(cell, count.unsigned_abs(), 1);
    });
    rows.with(|cell| price(cell, amount.abs(), count.abs()));
    rows.money(amount);
    rows.with(|cell| {
        if claim.doctor != NONE {
            ids::doctor(cell, world, claim.doctor)
        }
    });
    rows.text(if world.place(claim.place).is_pharmacy() { "" } else { "0300" });
    rows.text("1");
    rows.end();
}

/// Price of one of `count`, in yuan with six decimals.
fn price(cell: &mut String, amount_fen: i64, count: i64) {
    let millionths = amount_fen.unsigned_abs() * 10_000 / count.unsigned_abs().max(1);
    ids::digits(cell, millionths / 1_000_000, 1);
    cell.push('.');
    ids::digits(cell, millionths % 1_000_000, 6);
}
