//! What does a row of `mdtrt_d` say? A visit, perhaps still open: bed, doctor, contact, where the patient came from.

use super::{Record, link};
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::moment::Moment;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Identifier, IdentifierRole, PartyKind, Reason, Row, Stamp, Visit, hash_words};

columns! {
    Id: Kind::Text, Required, ["mdtrt_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Place: Kind::Party(PartyKind::Institution), Required, ["fixmedins_code"];
    MedType: Kind::MedType, Required, ["med_type"];
    Begin: Kind::Time, Required, ["begntime", "begndate"];
    End: Kind::Time, Strict, ["endtime", "enddate"];
    Home: Kind::Region, Strict, ["insu_admdvs"];
    Area: Kind::Region, Strict, ["fix_blng_admdvs", "mdtrtarea_admdvs", "medins_admdvs"];
    Doctor: Kind::Party(PartyKind::Doctor), Strict, ["atddr_no", "chfpdr_code"];
    Contact: Kind::Phone, Loose, ["tel", "coner_tel"];
    ReferredFrom: Kind::Text, Strict, ["refl_old_mdtrt_id"];
    Ward: Kind::Text, Loose, ["adm_dept_codg", "adm_dept_name"];
    Bed: Kind::Text, Loose, ["adm_bed", "wardarea_bed"];
    Diagnosis: Kind::Icd, Loose, ["dscg_maindiag_code", "dise_no"];
    Discharge: Kind::Number, Loose, ["dscg_way"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Void: Kind::Contains(&[("作废", 1), ("撤销", 1), ("void", 1), ("cancel", 1)]), Loose, ["mdtrt_stas", "stas", "status"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Visit {
    fn row(scene: &Scene<'_>) -> Result<Row<Visit>, Fault> {
        let cells = scene.cells;
        scene.listed(At::Home);
        scene.listed(At::Area);
        let class = cells.class(At::MedType).ok_or(Fault::new(Reason::E06, At::MedType))?;
        let begin = match (cells.moment(At::Begin), cells.day(At::End)) {
            (Some(Moment::At(seconds)), _) => Stamp(seconds),
            (Some(Moment::TimeOnly(seconds)), Some(day)) => Stamp(Stamp::midnight(day).0 + seconds),
            _ => return Err(Fault::new(Reason::E02, At::Begin)),
        };
        let end = match cells.moment(At::End) {
            Some(Moment::At(seconds)) => Stamp(seconds),
            Some(Moment::TimeOnly(seconds)) => Stamp(Stamp::midnight(begin.day()).0 + seconds),
            None => Stamp(i64::MIN),
        };
        if end != Stamp(i64::MIN) && end.day() < begin.day() {
            return Err(Fault::new(Reason::E03, At::End));
        }
        scene.within_window(begin.day());
        let id = cells.hash(At::Id);
        let place = scene.place(cells.party(At::Place));
        let bed =
            if cells.has(At::Bed) { hash_words(&[place.0, cells.hash(At::Ward), cells.hash(At::Bed)]) } else { 0 };
        let fact = Visit {
            person: cells.party(At::Person),
            place,
            id,
            doctor: cells.party(At::Doctor),
            contact: cells.party(At::Contact),
            referred_from: if scene.lacks(At::ReferredFrom) { Visit::UNTOLD } else { cells.hash(At::ReferredFrom) },
            bed,
            begin,
            end,
            diagnosis: cells.icd(At::Diagnosis),
            class,
            discharge: cells.small(At::Discharge, 9),
        };
        let live = cells.live(At::Valid, At::Deleted, At::Void);
        let version = cells.version(At::Version);
        Ok(Row { key: hash_words(&[id]), version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Visit>> {
        &mut batch.visits
    }

    fn links(row: &Row<Visit>, _: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        link(row, 1, row.fact.contact, row.fact.person, IdentifierRole::Contact, links);
    }
}
