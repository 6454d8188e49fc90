//! What does a row of `x_ltc_serv` say? One visit of a caregiver, with check-in and check-out.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, CareVisit, PartyKind, Reason, Row, hash_words};

columns! {
    Serial: Kind::Text, Required, ["serv_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Place: Kind::Party(PartyKind::Institution), Required, ["org"];
    Carer: Kind::Party(PartyKind::Agent), Required, ["caregiver_code"];
    Device: Kind::Party(PartyKind::Device), Strict, ["device_id"];
    CheckIn: Kind::Time, Required, ["checkin_time"];
    CheckOut: Kind::Time, Required, ["checkout_time"];
    Longitude: Kind::Rounded(5), Loose, ["checkin_lon"];
    Latitude: Kind::Rounded(5), Loose, ["checkin_lat"];
    Items: Kind::Text, Loose, ["serv_items"];
    Price: Kind::Rounded(2), Strict, ["unit_price"];
    Amount: Kind::Rounded(2), Required, ["fund_amt"];
    Signature: Kind::Code, Loose, ["sign_type"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for CareVisit {
    fn row(scene: &Scene<'_>) -> Result<Row<CareVisit>, Fault> {
        let cells = scene.cells;
        let begin = cells.stamp(At::CheckIn).ok_or(Fault::new(Reason::E02, At::CheckIn))?;
        let end = cells.stamp(At::CheckOut).ok_or(Fault::new(Reason::E02, At::CheckOut))?;
        if end < begin {
            return Err(Fault::new(Reason::E03, At::CheckOut));
        }
        scene.within_window(begin.day());
        let degrees = |at| cells.decimal(at).and_then(|degrees| u32::try_from(degrees).ok()).unwrap_or(0);
        let fact = CareVisit {
            person: cells.party(At::Person),
            place: scene.place(cells.party(At::Place)),
            carer: cells.party(At::Carer),
            device: cells.party(At::Device),
            begin,
            end,
            longitude: degrees(At::Longitude),
            latitude: degrees(At::Latitude),
            amount_fen: cells.decimal(At::Amount).unwrap_or(0),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[cells.hash(At::Serial)]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<CareVisit>> {
        &mut batch.care_visits
    }
}
