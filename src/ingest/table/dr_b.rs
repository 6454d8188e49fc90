//! What does a row of `dr_b` say? That a practitioner works at a place, from when to when.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, DoctorEntry, PartyKind, Row, hash_words};

columns! {
    Doctor: Kind::Party(PartyKind::Doctor), Required, ["dr_code", "dr_codg"];
    Place: Kind::Party(PartyKind::Institution), Strict, ["prac_fixmedins_code", "fixmedins_code"];
    Begin: Kind::Time, Loose, ["begndate", "begntime"];
    End: Kind::Time, Loose, ["enddate", "endtime"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for DoctorEntry {
    fn row(scene: &Scene<'_>) -> Result<Row<DoctorEntry>, Fault> {
        let cells = scene.cells;
        let fact = DoctorEntry {
            doctor: cells.party(At::Doctor),
            place: cells.party(At::Place),
            begin: cells.day(At::Begin).unwrap_or(Day(i32::MIN)),
            end: cells.day(At::End).unwrap_or(Day(i32::MAX)),
        };
        let key = hash_words(&[fact.doctor.0, fact.place.0]);
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        Ok(Row {
            key,
            version: cells.version(At::Version),
            content: cells.content,
            origin: Default::default(),
            live,
            fact,
        })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<DoctorEntry>> {
        &mut batch.doctors
    }
}
