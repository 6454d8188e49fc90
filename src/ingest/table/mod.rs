//! Which tables are understood, and what does a row of each say? One file per table.

mod admdvs_b;
mod dr_b;
mod drug_trac_d;
mod fee_list_d;
mod fixmedins_b;
mod mdtrt_d;
mod opsp_reg_d;
mod out_appy_d;
mod psn_info_b;
mod psn_insu_d;
mod rx_d;
mod setl_d;
mod setl_diag_list_d;
mod x_ident;
mod x_ltc_eval;
mod x_ltc_serv;
mod x_matn_alwn_d;

use super::column::Column;
use super::scene::{Fault, Scene};
use crate::model::{Batch, Identifier, IdentifierRole, Party, Row, Table, hash_words};

/// A table that is understood.
pub(super) trait Record: Sized + Send + 'static {
    /// What a row says, without its origin.
    fn row(scene: &Scene<'_>) -> Result<Row<Self>, Fault>;

    /// Where the rows of a batch go.
    fn rows(batch: &mut Batch) -> &mut Vec<Row<Self>>;

    /// Links between identifiers and their holders that the row implies.
    fn links(_row: &Row<Self>, _scene: &Scene<'_>, _links: &mut Vec<Row<Identifier>>) {}

    /// Whether a party whose text stands in the row is really part of what it says.
    fn names(_row: &Row<Self>, _party: Party) -> bool {
        true
    }
}

/// The order of reading: what others refer to comes first.
pub(super) const ORDER: [Table; 17] = [
    Table::AdmdvsB,
    Table::FixmedinsB,
    Table::DrB,
    Table::PsnInfoB,
    Table::XIdent,
    Table::OutAppyD,
    Table::SetlD,
    Table::MdtrtD,
    Table::SetlDiagListD,
    Table::FeeListD,
    Table::DrugTracD,
    Table::RxD,
    Table::PsnInsuD,
    Table::OpspRegD,
    Table::XMatnAlwnD,
    Table::XLtcEval,
    Table::XLtcServ,
];

/// The columns of a table.
pub(super) fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::SetlD => setl_d::COLUMNS,
        Table::MdtrtD => mdtrt_d::COLUMNS,
        Table::SetlDiagListD => setl_diag_list_d::COLUMNS,
        Table::FeeListD => fee_list_d::COLUMNS,
        Table::DrugTracD => drug_trac_d::COLUMNS,
        Table::PsnInfoB => psn_info_b::COLUMNS,
        Table::FixmedinsB => fixmedins_b::COLUMNS,
        Table::DrB => dr_b::COLUMNS,
        Table::XIdent => x_ident::COLUMNS,
        Table::OutAppyD => out_appy_d::COLUMNS,
        Table::AdmdvsB => admdvs_b::COLUMNS,
        Table::RxD => rx_d::COLUMNS,
        Table::PsnInsuD => psn_insu_d::COLUMNS,
        Table::OpspRegD => opsp_reg_d::COLUMNS,
        Table::XMatnAlwnD => x_matn_alwn_d::COLUMNS,
        Table::XLtcEval => x_ltc_eval::COLUMNS,
        Table::XLtcServ => x_ltc_serv::COLUMNS,
    }
}

/// The columns whose texts, joined by `|`, are what an investigator would search for.
pub(super) fn evidence(table: Table) -> &'static [&'static str] {
    match table {
        Table::SetlD => &["setl_id"],
        Table::MdtrtD | Table::SetlDiagListD => &["mdtrt_id"],
        Table::FeeListD => &["mdtrt_id", "feedetl_sn"],
        Table::DrugTracD => &["drug_trac_codg"],
        Table::PsnInfoB => &["psn_no"],
        Table::FixmedinsB => &["fixmedins_code"],
        Table::DrB => &["dr_code"],
        Table::XIdent => &["ident_type", "ident_value", "holder_id"],
        Table::OutAppyD => &["trt_dcla_detl_sn"],
        Table::AdmdvsB => &["admdvs"],
        Table::RxD => &["hi_rxno"],
        Table::PsnInsuD => &["psn_no", "insutype", "psn_insu_date"],
        Table::OpspRegD => &["trt_dcla_detl_sn"],
        Table::XMatnAlwnD => &["psn_no", "pay_date"],
        Table::XLtcEval => &["eval_id"],
        Table::XLtcServ => &["serv_id"],
    }
}

/// A link that a row implies; it comes and goes with the row.
fn link<F>(
    row: &Row<F>,
    column: u64,
    identifier: Party,
    holder: Party,
    role: IdentifierRole,
    links: &mut Vec<Row<Identifier>>,
) {
    if identifier.is_some() && holder.is_some() {
        let fact = Identifier { identifier, holder, begin: crate::model::Day(i32::MIN), role };
        let content = hash_words(&[identifier.0, holder.0, role as u64]);
        links.push(Row {
            key: hash_words(&[row.key, column]),
            version: row.version,
            content,
            origin: row.origin,
            live: row.live,
            fact,
        });
    }
}
