//! What do the shared identifiers, the filings and the traced boxes say?

use super::ids;
use super::rows::Rows;
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::NONE;
use crate::synth::draw::mix;
use crate::synth::scene::{Filing, Link, Move, Pack, Who};
use crate::synth::world::World;

/// Columns of `x_ident`.
pub(super) const IDENTIFIER: [&str; 9] =
    ["ident_type", "ident_value", "holder_type", "holder_id", "role", "begn", "end", "source", "conf"];

/// Writes a link.
pub(super) fn identifier(world: &World, link: &Link, rows: &mut Rows) {
    rows.text(match link.identifier {
        Who::Phone(_) => "phone",
        Who::Account(_) => "bankacct",
        Who::Agent(_) => "agent_certno",
        Who::Device(_) => "device",
        _ => "addr",
    });
    rows.with(|cell| ids::who(cell, world, link.identifier));
    rows.text(match link.holder {
        Who::Person(_) => "psn",
        Who::Doctor(_) => "dr",
        Who::Place(_) => "fixmedins",
        _ => "ext",
    });
    rows.with(|cell| ids::who(cell, world, link.holder));
    rows.text(link.role);
    rows.day(link.begin);
    rows.nothing();
    rows.text("export");
    rows.nothing();
    rows.end();
}

/// Columns of `out_appy_d`.
pub(super) const FILING: [&str; 18] = [
    "trt_dcla_detl_sn",
    "psn_no",
    "insutype",
    "dcla_souc",
    "insu_admdvs",
    "rloc_admdvs",
    "rloc_rea",
    "agnter_name",
    "agnter_cert_type",
    "agnter_certno",
    "agnter_tel",
    "begndate",
    "enddate",
    "bankacct",
    "acctname",
    "crte_time",
    "opter_id",
    "vali_flag",
];

/// Writes a filing.
pub(super) fn filing(world: &World, filing: &Filing, rows: &mut Rows) {
    let who = world.person(filing.person);
    rows.with(|cell| ids::id(cell, world.seed, filing.key, 17));
    rows.with(|cell| ids::person(cell, world, filing.person));
    rows.text(super::facts::insurance(who.insured).0);
    rows.text(if filing.agent == 0 { "02" } else { "01" });
    rows.number(world.insured_at(filing.person));
    rows.number(u64::from(world.regions.counties[filing.county as usize].code));
    rows.text(filing.reason);
    rows.with(|cell| {
        if filing.agent != 0 {
            let (first, second) = crate::synth::names::given(filing.agent);
            cell.push_str(crate::synth::names::surname(mix(filing.agent, 1)));
            cell.push_str(first);
            cell.push_str(second);
        }
    });
    rows.text(if filing.agent == 0 { "" } else { "01" });
    rows.with(|cell| {
        if filing.agent != 0 {
            ids::who(cell, world, Who::Agent(filing.agent))
        }
    });
    rows.with(|cell| ids::telephone(cell, world, filing.phone));
    rows.day(filing.begin);
    rows.day(filing.end);
    rows.with(|cell| {
        if filing.account != 0 {
            ids::who(cell, world, Who::Account(filing.account))
        }
    });
    rows.nothing();
    rows.stamp(filing.filed);
    let city = world.regions.city(world.regions.towns[who.town as usize].county).code;
    rows.with(|cell| ids::digits(cell, mix(filing.clerk, u64::from(city)) % 1_000_000_000, 9));
    rows.text("1");
    rows.end();
}

/// Columns of `drug_trac_d`.
pub(super) const TRACE: [&str; 15] = [
    "drug_trac_codg",
    "evt_type",
    "fixmedins_code",
    "med_list_codg",
    "fixmedins_hilist_name",
    "manu_lotnum",
    "psn_no",
    "mdtrt_id",
    "setl_id",
    "mdtrt_setl_type",
    "sel_retn_cnt",
    "trdn_flag",
    "finl_trns_pric",
    "sel_retn_time",
    "sel_retn_opter_name",
];

/// Writes what happened to a box.
pub(super) fn pack(world: &World, pack: &Pack, rows: &mut Rows) {
    let drug = &DRUGS[usize::from(pack.drug).min(DRUGS.len() - 1)];
    rows.with(|cell| ids::trace(cell, pack.drug, pack.code));
    rows.text(match pack.what {
        Move::Bought => "purc",
        Move::Sold => "sel",
        Move::Returned => "sel_retn",
    });
    rows.with(|cell| ids::place(cell, world, pack.place));
    rows.text(drug.code);
    rows.text(drug.name);
    rows.with(|cell| ids::digits(cell, 20_230_000 + pack.code % 9_999, 8));
    rows.with(|cell| {
        if pack.person != NONE {
            ids::person(cell, world, pack.person)
        }
    });
    rows.with(|cell| {
        if pack.visit != 0 {
            ids::visit(cell, world, pack.visit)
        }
    });
    rows.with(|cell| {
        if pack.settlement != 0 {
            ids::settlement(cell, world, pack.settlement)
        }
    });
    let sale = pack.what != Move::Bought;
    rows.text(if !sale {
        ""
    } else if pack.settlement == 0 {
        "2"
    } else {
        "1"
    });
    rows.text(if sale { "1" } else { "" });
    rows.text(if pack.split { "1" } else { "0" });
    rows.money(crate::synth::draw::fen(drug.yuan * if sale { 1.0 } else { 0.82 }));
    rows.stamp(pack.at);
    rows.nothing();
    rows.end();
}
