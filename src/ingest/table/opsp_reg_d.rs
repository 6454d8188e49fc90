//! What does a row of `opsp_reg_d` say? Somebody may have a chronic or special disease treated on better terms, approved by a doctor.

use super::{Record, link};
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, Entitlement, Identifier, IdentifierRole, PartyKind, Reason, Row, hash_words};

columns! {
    Serial: Kind::Text, Required, ["trt_dcla_detl_sn"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Disease: Kind::Text, Required, ["dise", "dise_no", "dise_codg", "opsp_dise_code"];
    Category: Kind::Icd, Loose, ["dise", "dise_no", "dise_codg", "opsp_dise_code"];
    Place: Kind::Party(PartyKind::Institution), Strict, ["diag_fixmedins_code", "ide_fixmedins_no"];
    Doctor: Kind::Party(PartyKind::Doctor), Strict, ["appr_dr_code", "diag_dr_codg"];
    Contact: Kind::Phone, Loose, ["tel"];
    Begin: Kind::Time, Required, ["begndate"];
    End: Kind::Time, Loose, ["enddate"];
    Limit: Kind::Rounded(2), Strict, ["lmt_amt"];
    Checked: Kind::Number, Loose, ["chk_flag"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Entitlement {
    fn row(scene: &Scene<'_>) -> Result<Row<Entitlement>, Fault> {
        let cells = scene.cells;
        let begin = cells.day(At::Begin).ok_or(Fault::new(Reason::E02, At::Begin))?;
        let end = cells.day(At::End).unwrap_or(Day(i32::MAX));
        if end < begin {
            return Err(Fault::new(Reason::E03, At::End));
        }
        let fact = Entitlement {
            person: cells.party(At::Person),
            disease: u64::from(cells.icd(At::Category)) << 32 | cells.hash(At::Disease) >> 32,
            place: cells.party(At::Place),
            doctor: cells.party(At::Doctor),
            contact: cells.party(At::Contact),
            begin,
            end,
            limit_fen: cells.decimal(At::Limit).unwrap_or(0),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[cells.hash(At::Serial)]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Entitlement>> {
        &mut batch.entitlements
    }

    fn links(row: &Row<Entitlement>, _: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        link(row, 1, row.fact.contact, row.fact.person, IdentifierRole::Contact, links);
    }
}
