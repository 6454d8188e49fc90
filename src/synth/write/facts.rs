//! What do the rows of settlements, visits and diagnoses say?

use super::ids;
use super::rows::Rows;
use crate::synth::benefit::Paper;
use crate::synth::catalogue::DISEASES;
use crate::synth::claim::{Care, Claim, Form};
use crate::synth::draw::mix;
use crate::synth::scene::Who;
use crate::synth::world::World;
use crate::synth::world::people::{DIABETES, DIALYSIS, HEART, Insured, PARKINSON, STROKE, TUMOUR};
use crate::synth::world::places::PlaceKind;

/// Columns of `setl_d`.
pub(super) const SETTLEMENT: [&str; 38] = [
    "setl_id",
    "init_setl_id",
    "mdtrt_id",
    "medins_setl_id",
    "psn_no",
    "insutype",
    "psn_type",
    "emp_no",
    "insu_admdvs",
    "fixmedins_code",
    "hosp_lv",
    "fix_blng_admdvs",
    "begndate",
    "enddate",
    "setl_time",
    "med_type",
    "setl_type",
    "clr_type",
    "mdtrt_cert_type",
    "dise_no",
    "medfee_sumamt",
    "fund_pay_sumamt",
    "hifp_pay",
    "hifmi_pay",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_part_amt",
    "cash_payamt",
    "inscp_amt",
    "refd_setl_flag",
    "mid_setl_flag",
    "opter_id",
    "invono",
    "poolarea_no",
    "vali_flag",
    "rid",
    "crte_time",
    "updt_time",
];

/// Writes a row of `setl_d`.
pub(super) fn settlement(world: &World, claim: &Claim, paper: Option<&Paper>, dirty: bool, rows: &mut Rows) {
    let person = world.person(claim.person);
    let home = &world.regions.counties[world.regions.towns[person.town as usize].county];
    let place = world.place(claim.place);
    let reverses = claim.is_reversal();
    rows.with(|cell| ids::settlement(cell, world, claim.key));
    let named = matches!(claim.form, Form::Refund | Form::SameId | Form::Orphan);
    rows.with(|cell| {
        if named {
            ids::settlement(cell, world, claim.original)
        }
    });
    rows.with(|cell| ids::visit(cell, world, claim.visit));
    let message = if claim.form == Form::ByMessage { claim.original } else { claim.key };
    rows.with(|cell| ids::id(cell, world.seed, message, 16));
    rows.with(|cell| ids::person(cell, world, claim.person));
    let (insurance, kind) = insurance(person.insured);
    rows.text(insurance);
    rows.text(kind);
    rows.with(|cell| super::entities::employer(cell, world, person.employer));
    rows.number(world.insured_at(claim.person));
    rows.with(|cell| ids::place(cell, world, claim.place));
    rows.text(level(place.kind));
    rows.number(u64::from(world.regions.counties[place.county].code));
    let bad = dirty && mix(claim.key, 41).is_multiple_of(900);
    if bad {
        rows.text("2023-02-30")
    } else {
        rows.day(claim.begin)
    }
    rows.day(claim.end);
    if dirty && mix(claim.key, 42).is_multiple_of(1_500) {
        rows.nothing()
    } else {
        rows.stamp(claim.settled)
    }
    rows.text(claim.care.code());
    rows.text(if paper.is_some() { "1" } else { "2" });
    rows.text(if claim.care.is_stay() {
        "21"
    } else if claim.care == Care::Drugstore {
        "41"
    } else {
        "11"
    });
    rows.text(["", "01", "02", "03"][usize::from(claim.card.min(3))]);
    rows.text(registered(world, claim));
    rows.money(claim.total);
    rows.money(claim.fund);
    let serious = if claim.total.abs() > 2_000_000 { claim.fund / 8 } else { 0 };
    rows.money(claim.fund - serious);
    rows.money(serious);
    rows.money(claim.account);
    rows.money(0);
    rows.money(claim.total - claim.fund);
    rows.money(claim.cash());
    rows.money(claim.total - claim.total / 20);
    rows.text(if reverses { "1" } else { "0" });
    rows.text("0");
    rows.with(|cell| match paper {
        Some(paper) => ids::who(cell, world, Who::Staff(paper.clerk)),
        None => ids::till(cell, world, claim),
    });
    rows.with(|cell| {
        if let Some(paper) = paper {
            ids::digits(cell, paper.invoice, 8);
        }
    });
    rows.number(u64::from(world.regions.cities[home.city].code));
    rows.text(if claim.form == Form::Retracted { "0" } else { "1" });
    rows.with(|cell| ids::row(cell, world, claim));
    rows.stamp(claim.settled);
    rows.stamp(claim.settled + version(claim));
    rows.end();
}

fn version(claim: &Claim) -> i64 {
    let later = i64::try_from(mix(claim.key, 3) % 80_000).unwrap_or(0) + 600;
    match claim.form {
        Form::Stale => 0,
        Form::Retracted => later + 3 * 86_400,
        _ => later,
    }
}

/// `insutype` and `psn_type`.
pub(super) fn insurance(insured: Insured) -> (&'static str, &'static str) {
    match insured {
        Insured::Employee => ("310", "11"),
        Insured::Retired => ("310", "12"),
        Insured::Resident => ("390", "1501"),
        Insured::Pupil => ("390", "1401"),
    }
}

/// `hosp_lv`.
pub(super) fn level(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Tertiary => "02",
        PlaceKind::County => "05",
        PlaceKind::Private | PlaceKind::Psychiatric | PlaceKind::Tcm => "06",
        PlaceKind::Pharmacy => "11",
        _ => "09",
    }
}

/// The national number of a registered chronic disease, or the diagnosis of a stay.
fn registered(world: &World, claim: &Claim) -> &'static str {
    let person = world.person(claim.person);
    match claim.care {
        Care::Special => "M07800",
        Care::Chronic if person.has(PARKINSON) => "M02300",
        Care::Chronic if person.has(DIABETES) => "M01600",
        Care::Chronic if person.has(HEART | STROKE) => "M04600",
        Care::Chronic if person.has(TUMOUR) => "M00500",
        Care::Chronic if person.has(DIALYSIS) => "M07800",
        Care::Chronic => "M03900",
        care if care.is_stay() => diagnosis(claim).map_or("", |at| DISEASES[at].code),
        _ => "",
    }
}

fn diagnosis(claim: &Claim) -> Option<usize> {
    let at = usize::from(claim.diagnosis);
    (at < DISEASES.len()).then_some(at)
}

/// Columns of `mdtrt_d`.
pub(super) const VISIT: [&str; 23] = [
    "mdtrt_id",
    "psn_no",
    "fixmedins_code",
    "insu_admdvs",
    "fix_blng_admdvs",
    "med_type",
    "begntime",
    "endtime",
    "mdtrt_cert_type",
    "tel",
    "refl_old_mdtrt_id",
    "ipt_otp_no",
    "atddr_no",
    "adm_dept_codg",
    "adm_bed",
    "dscg_dept_codg",
    "dscg_bed",
    "dscg_way",
    "dscg_maindiag_code",
    "dscg_maindiag_name",
    "dise_no",
    "inhosp_stas",
    "updt_time",
];

/// Writes the row of `mdtrt_d` that belongs to a claim; purchases and repeated rows have none.
pub(super) fn visit(world: &World, claim: &Claim, rows: &mut Rows) {
    if claim.form != Form::Normal || claim.care == Care::Drugstore {
        return;
    }
    let stay = claim.care.is_stay();
    rows.with(|cell| ids::visit(cell, world, claim.visit));
    rows.with(|cell| ids::person(cell, world, claim.person));
    rows.with(|cell| ids::place(cell, world, claim.place));
    rows.number(world.insured_at(claim.person));
    rows.number(u64::from(world.regions.counties[world.place(claim.place).county].code));
    rows.text(claim.care.code());
    let early = i64::try_from(mix(claim.visit, 31) % 9_000).unwrap_or(0);
    rows.stamp(if stay { i64::from(claim.begin) * 86_400 + 8 * 3_600 + early * 3 } else { claim.settled - early / 3 });
    rows.stamp(if stay { i64::from(claim.end) * 86_400 + 9 * 3_600 + early * 2 } else { claim.settled });
    rows.text(["", "01", "02", "03"][usize::from(claim.card.min(3))]);
    rows.with(|cell| ids::telephone(cell, world, claim.contact));
    rows.with(|cell| {
        if claim.referred != 0 {
            ids::visit(cell, world, claim.referred)
        }
    });
    rows.with(|cell| ids::digits(cell, mix(claim.visit, 32) % 100_000_000, 8));
    rows.with(|cell| ids::doctor(cell, world, claim.doctor));
    let ward = diagnosis(claim).map_or(0, |at| DISEASES[at].ward_group);
    let department = ["0300", "0400", "0404", "0700", "0500", "1900", "1000", "1500"][ward.min(7)];
    rows.text(department);
    bed(world, claim, stay, rows);
    rows.text(if stay { department } else { "" });
    bed(world, claim, stay, rows);
    rows.text(if !stay {
        ""
    } else if mix(claim.visit, 33).is_multiple_of(40) {
        "4"
    } else {
        "1"
    });
    let missing = !stay && mix(claim.visit, 34) % 100 < 78;
    let known = diagnosis(claim).filter(|_| !missing);
    rows.text(known.map_or("", |at| DISEASES[at].code));
    rows.text(known.map_or("", |at| DISEASES[at].name));
    rows.text(registered(world, claim));
    rows.text("0");
    rows.stamp(claim.settled + version(claim));
    rows.end();
}

fn bed(world: &World, claim: &Claim, stay: bool, rows: &mut Rows) {
    let beds = world.place(claim.place).beds.max(8).unsigned_abs();
    if stay { rows.number(mix(claim.visit, 35) % beds + 1) } else { rows.nothing() }
}

/// Columns of `setl_diag_list_d`.
pub(super) const DIAGNOSIS: [&str; 9] = [
    "mdtrt_id",
    "setl_id",
    "psn_no",
    "inout_diag_type",
    "diag_type",
    "maindiag_flag",
    "diag_srt_no",
    "diag_code",
    "diag_name",
];

/// Writes the diagnoses of a claim: two or three of a stay, often none of an outpatient visit.
pub(super) fn diagnoses(world: &World, claim: &Claim, rows: &mut Rows) {
    let stay = claim.care.is_stay();
    let kept = stay || matches!(claim.care, Care::Special | Care::Chronic) || mix(claim.visit, 36) % 100 < 20;
    let Some(main) = diagnosis(claim).filter(|_| kept && claim.form == Form::Normal) else { return };
    let person = world.person(claim.person);
    let mut codes = vec![main];
    for (ailment, code) in [(1, 0), (DIABETES, 1), (HEART, 2)] {
        if stay && person.has(ailment) && code != main {
            codes.push(code);
        }
    }
    for (order, at) in codes.into_iter().enumerate() {
        rows.with(|cell| ids::visit(cell, world, claim.visit));
        rows.with(|cell| ids::settlement(cell, world, claim.key));
        rows.with(|cell| ids::person(cell, world, claim.person));
        rows.text(if stay { "2" } else { "1" });
        rows.text("1");
        rows.text(if order == 0 { "1" } else { "0" });
        rows.number(order as u64 + 1);
        rows.text(DISEASES[at].code);
        rows.text(DISEASES[at].name);
        rows.end();
    }
}
