//! What does a row of `psn_insu_d` say? From when to when somebody was insured, and through which employer.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, Enrolment, PartyKind, Reason, Row, hash_words};

columns! {
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Home: Kind::Region, Required, ["insu_admdvs"];
    Insurance: Kind::Number, Required, ["insutype"];
    Employer: Kind::Party(PartyKind::Employer), Strict, ["emp_no"];
    Base: Kind::Rounded(2), Strict, ["clct_base"];
    Begin: Kind::Time, Required, ["psn_insu_date"];
    End: Kind::Time, Strict, ["paus_insu_date"];
    State: Kind::Number, Loose, ["psn_insu_stas"];
    Retired: Kind::Number, Loose, ["insutype_retr_flag"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Enrolment {
    fn row(scene: &Scene<'_>) -> Result<Row<Enrolment>, Fault> {
        let cells = scene.cells;
        let begin = cells.day(At::Begin).ok_or(Fault::new(Reason::E02, At::Begin))?;
        let end = cells.day(At::End).unwrap_or(Day(i32::MAX));
        if end < begin {
            return Err(Fault::new(Reason::E03, At::End));
        }
        let insurance = cells.number(At::Insurance).unwrap_or(0);
        let fact = Enrolment {
            person: cells.party(At::Person),
            employer: cells.party(At::Employer),
            home: cells.region(At::Home),
            base_fen: cells.decimal(At::Base).unwrap_or(0),
            begin,
            end,
            kind: u16::try_from(insurance).unwrap_or(0),
            state: cells.small(At::State, u8::MAX),
            retired: cells.number(At::Retired).is_some_and(|flag| flag != 0),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[fact.person.0, insurance, u64::from(begin.0.cast_unsigned())]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Enrolment>> {
        &mut batch.enrolments
    }
}
