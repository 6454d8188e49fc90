//! What does a row of `setl_diag_list_d` say? One diagnosis of a visit.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Diagnosis, PartyKind, Row, hash_words};

columns! {
    Visit: Kind::Text, Required, ["mdtrt_id"];
    Code: Kind::Icd, Required, ["diag_code"];
    Person: Kind::Party(PartyKind::Person), Strict, ["psn_no"];
    InOut: Kind::Code, Loose, ["inout_diag_type"];
    Type: Kind::Code, Loose, ["diag_type"];
    Main: Kind::Number, Loose, ["maindiag_flag"];
    Order: Kind::Number, Loose, ["diag_srt_no"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Diagnosis {
    fn row(scene: &Scene<'_>) -> Result<Row<Diagnosis>, Fault> {
        let cells = scene.cells;
        let visit = cells.hash(At::Visit);
        let order = cells.number(At::Order);
        let within = if order.is_some() { cells.word(At::Order) } else { cells.word(At::Code) };
        let fact = Diagnosis {
            person: cells.party(At::Person),
            visit,
            code: cells.icd(At::Code),
            main: cells.number(At::Main).map_or(order == Some(1), |flag| flag == 1),
            order: order.and_then(|order| u16::try_from(order).ok()).unwrap_or(0),
        };
        let key = hash_words(&[visit, cells.hash(At::InOut), within]);
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

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Diagnosis>> {
        &mut batch.diagnoses
    }
}
