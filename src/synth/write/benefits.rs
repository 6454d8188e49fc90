//! What do the rows of prescriptions, qualifications, spells, allowances and long-term care say?

use super::ids;
use super::rows::Rows;
use crate::synth::benefit::{Assessed, Cared, Paid, Right, Script, Spell};
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::NONE;
use crate::synth::draw::mix;
use crate::synth::scene::Who;
use crate::synth::world::World;

/// Columns of `rx_d`.
pub(super) const SCRIPT: [&str; 13] = [
    "hi_rxno",
    "mdtrt_id",
    "psn_no",
    "rx_fixmedins_code",
    "dspn_fixmedins_code",
    "dr_code",
    "prsc_time",
    "dspn_time",
    "rx_stas",
    "med_list_codg",
    "cnt",
    "days",
    "intn_hosp_flag",
];

/// Writes a prescription.
pub(super) fn script(world: &World, script: &Script, rows: &mut Rows) {
    rows.with(|cell| ids::id(cell, world.seed, script.key, 31));
    rows.with(|cell| {
        if script.visit != 0 {
            ids::visit(cell, world, script.visit)
        }
    });
    rows.with(|cell| ids::person(cell, world, script.person));
    rows.with(|cell| ids::place(cell, world, script.place));
    rows.with(|cell| ids::place(cell, world, script.counter));
    rows.with(|cell| {
        if script.doctor == NONE && script.stranger != 0 {
            cell.push('D');
            ids::digits(cell, mix(script.stranger, 3) % 1_000_000_000_000, 12);
        } else {
            ids::doctor(cell, world, script.doctor);
        }
    });
    rows.stamp(script.issued);
    rows.stamp(script.dispensed);
    rows.text("1");
    rows.text(DRUGS[usize::from(script.drug).min(DRUGS.len() - 1)].code);
    rows.number(1 + script.key % 4);
    rows.number(u64::from(script.days.unsigned_abs()));
    rows.text(if script.online { "1" } else { "0" });
    rows.end();
}

/// Columns of `opsp_reg_d`.
pub(super) const RIGHT: [&str; 9] = [
    "trt_dcla_detl_sn",
    "psn_no",
    "dise",
    "begndate",
    "enddate",
    "diag_fixmedins_code",
    "appr_dr_code",
    "chk_flag",
    "tel",
];

/// Writes a qualification.
pub(super) fn right(world: &World, right: &Right, rows: &mut Rows) {
    rows.with(|cell| ids::id(cell, world.seed, right.key, 32));
    rows.with(|cell| ids::person(cell, world, right.person));
    rows.text(right.disease);
    rows.day(right.begin);
    rows.day(right.begin + 1_095);
    rows.with(|cell| ids::place(cell, world, right.place));
    rows.with(|cell| ids::doctor(cell, world, right.doctor));
    rows.text("1");
    rows.with(|cell| ids::telephone(cell, world, right.phone));
    rows.end();
}

/// Columns of `psn_insu_d`.
pub(super) const SPELL: [&str; 9] = [
    "psn_no",
    "insu_admdvs",
    "insutype",
    "emp_no",
    "clct_base",
    "psn_insu_date",
    "paus_insu_date",
    "psn_insu_stas",
    "insutype_retr_flag",
];

/// Writes a spell.
pub(super) fn spell(world: &World, spell: &Spell, rows: &mut Rows) {
    let who = world.person(spell.person);
    rows.with(|cell| ids::person(cell, world, spell.person));
    rows.number(world.insured_at(spell.person));
    rows.text(if spell.employer == 0 { super::facts::insurance(who.insured).0 } else { "310" });
    rows.with(|cell| ids::employer(cell, spell.employer));
    if spell.base == 0 {
        rows.nothing();
    } else {
        rows.money(spell.base);
    }
    rows.day(spell.begin);
    match spell.end {
        Some(end) => rows.day(end),
        None => rows.nothing(),
    }
    rows.text(if spell.end.is_some() { "4" } else { "1" });
    rows.text("0");
    rows.end();
}

/// Columns of `x_matn_alwn_d`.
pub(super) const PAID: [&str; 10] = [
    "psn_no",
    "emp_no",
    "insu_admdvs",
    "birctrl_matn_date",
    "clct_base",
    "alwn_days",
    "alwn_amt",
    "pay_date",
    "bankacct",
    "agnter_certno",
];

/// Writes an allowance.
pub(super) fn paid(world: &World, paid: &Paid, rows: &mut Rows) {
    rows.with(|cell| ids::person(cell, world, paid.person));
    rows.with(|cell| ids::employer(cell, paid.employer));
    rows.number(world.insured_at(paid.person));
    rows.day(paid.birth);
    rows.money(paid.base);
    rows.number(u64::from(paid.days.unsigned_abs()));
    rows.money(paid.base / 30 * i64::from(paid.days));
    rows.day(paid.paid);
    let account = if paid.account == 0 { u64::from(paid.person) << 3 | 1 } else { paid.account };
    rows.with(|cell| ids::who(cell, world, Who::Account(account)));
    rows.with(|cell| {
        if paid.agent != 0 {
            ids::who(cell, world, Who::Agent(paid.agent))
        }
    });
    rows.end();
}

/// Columns of `x_ltc_eval`.
pub(super) const ASSESSED: [&str; 7] =
    ["eval_id", "psn_no", "eval_org", "assessor_code", "eval_time", "eval_mode", "level"];

/// Writes an assessment.
pub(super) fn assessed(world: &World, assessed: &Assessed, rows: &mut Rows) {
    rows.with(|cell| ids::id(cell, world.seed, assessed.key, 33));
    rows.with(|cell| ids::person(cell, world, assessed.person));
    rows.with(|cell| ids::place(cell, world, assessed.place));
    rows.with(|cell| ids::who(cell, world, Who::Staff(assessed.assessor)));
    rows.stamp(i64::from(assessed.day) * 86_400 + 36_000);
    rows.text("home");
    rows.number(assessed.level);
    rows.end();
}

/// Columns of `x_ltc_serv`.
pub(super) const CARED: [&str; 9] = [
    "serv_id",
    "psn_no",
    "org",
    "caregiver_code",
    "checkin_time",
    "checkout_time",
    "unit_price",
    "fund_amt",
    "device_id",
];

/// Writes a care visit.
pub(super) fn cared(world: &World, cared: &Cared, rows: &mut Rows) {
    rows.with(|cell| ids::id(cell, world.seed, cared.key, 34));
    rows.with(|cell| ids::person(cell, world, cared.person));
    rows.with(|cell| ids::place(cell, world, cared.place));
    rows.with(|cell| ids::who(cell, world, Who::Staff(cared.carer)));
    rows.stamp(cared.begin);
    rows.stamp(cared.end);
    rows.money(6_000);
    rows.money(5_400);
    rows.with(|cell| ids::who(cell, world, Who::Device(cared.device)));
    rows.end();
}
