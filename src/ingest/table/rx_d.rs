//! What does a row of `rx_d` say? A medicine prescribed at one place and dispensed at another.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, PartyKind, Prescription, Reason, Row, Stamp, hash_words};

columns! {
    Serial: Kind::Text, Required, ["hi_rxno", "rxno"];
    Visit: Kind::Text, Strict, ["mdtrt_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Place: Kind::Party(PartyKind::Institution), Strict, ["rx_fixmedins_code"];
    Counter: Kind::Party(PartyKind::Institution), Strict, ["dspn_fixmedins_code"];
    Doctor: Kind::Party(PartyKind::Doctor), Strict, ["dr_code"];
    Pharmacist: Kind::Text, Loose, ["phac_code"];
    Issued: Kind::Time, Strict, ["prsc_time"];
    Dispensed: Kind::Time, Strict, ["dspn_time"];
    Item: Kind::Text, Strict, ["med_list_codg"];
    Count: Kind::Rounded(4), Strict, ["cnt"];
    Days: Kind::Number, Loose, ["days"];
    State: Kind::Code, Loose, ["rx_stas"];
    Online: Kind::Number, Loose, ["intn_hosp_flag"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Prescription {
    fn row(scene: &Scene<'_>) -> Result<Row<Prescription>, Fault> {
        let cells = scene.cells;
        let dispensed = cells.stamp(At::Dispensed);
        let issued = cells.stamp(At::Issued).or(dispensed).ok_or(Fault::new(Reason::E01, At::Issued))?;
        scene.within_window(issued.day());
        if dispensed.is_some_and(|dispensed| dispensed.day() < issued.day()) {
            return Err(Fault::new(Reason::E03, At::Dispensed));
        }
        let fact = Prescription {
            person: cells.party(At::Person),
            place: cells.party(At::Place),
            counter: cells.party(At::Counter),
            doctor: cells.party(At::Doctor),
            id: cells.hash(At::Serial),
            visit: cells.hash(At::Visit),
            issued,
            dispensed: dispensed.unwrap_or(Stamp(i64::MIN)),
            item: cells.hash(At::Item),
            count: cells.decimal(At::Count).unwrap_or(0),
            days: cells.number(At::Days).and_then(|days| u16::try_from(days).ok()).unwrap_or(0),
            online: cells.number(At::Online) == Some(1),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[fact.id, fact.item]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Prescription>> {
        &mut batch.prescriptions
    }
}
