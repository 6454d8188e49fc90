//! What does a row of `x_ltc_eval` say? How much long-term care somebody needs, and who says so.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Assessment, Batch, PartyKind, Reason, Row, hash_words};

/// Anything but a visit at home is remote.
const MODES: Kind = Kind::OneOf(&[("home", 0), ("上门", 0), ("现场", 0), ("", 1)]);

columns! {
    Serial: Kind::Text, Required, ["eval_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Place: Kind::Party(PartyKind::Institution), Required, ["eval_org"];
    Assessor: Kind::Party(PartyKind::Agent), Required, ["assessor_code"];
    Second: Kind::Party(PartyKind::Agent), Strict, ["second_assessor"];
    Time: Kind::Time, Required, ["eval_time"];
    Mode: MODES, Loose, ["eval_mode"];
    Level: Kind::Number, Loose, ["level"];
    Score: Kind::Number, Loose, ["adl_score"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Assessment {
    fn row(scene: &Scene<'_>) -> Result<Row<Assessment>, Fault> {
        let cells = scene.cells;
        let at = cells.stamp(At::Time).ok_or(Fault::new(Reason::E02, At::Time))?;
        let fact = Assessment {
            person: cells.party(At::Person),
            place: scene.place(cells.party(At::Place)),
            assessor: cells.party(At::Assessor),
            second: cells.party(At::Second),
            at,
            level: cells.small(At::Level, u8::MAX),
            score: cells.small(At::Score, u8::MAX),
            remote: cells.number(At::Mode) == Some(1),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[cells.hash(At::Serial)]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Assessment>> {
        &mut batch.assessments
    }
}
