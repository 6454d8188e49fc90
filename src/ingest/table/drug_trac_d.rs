//! What does a row of `drug_trac_d` say? What happened to one traced box.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, PartyKind, Reason, Row, Trace, TraceKind, hash_words};

/// Numbers of [`KINDS`]; returns stand before sales because they begin with the same letters.
const EVENTS: Kind = Kind::OneOf(&[
    ("sel_retn", 1),
    ("3506", 1),
    ("sel", 0),
    ("3505", 0),
    ("purc_retn", 3),
    ("3504", 3),
    ("purc", 2),
    ("3503", 2),
    ("inv", 4),
    ("chg", 4),
    ("3501", 4),
    ("3502", 4),
]);
const KINDS: [TraceKind; 5] =
    [TraceKind::Sold, TraceKind::Returned, TraceKind::Purchased, TraceKind::PurchaseReturned, TraceKind::Stock];

columns! {
    Code: Kind::AtLeast(7), Required, ["drug_trac_codg"];
    Event: EVENTS, Required, ["evt_type"];
    Place: Kind::Party(PartyKind::Institution), Required, ["fixmedins_code"];
    Time: Kind::Time, Required, ["sel_retn_time"];
    Person: Kind::Party(PartyKind::Person), Strict, ["psn_no"];
    Item: Kind::Text, Strict, ["med_list_codg", "fixmedins_hilist_id"];
    Lot: Kind::Text, Loose, ["manu_lotnum"];
    Visit: Kind::Text, Strict, ["mdtrt_id", "mdtrt_sn"];
    Price: Kind::Rounded(2), Strict, ["finl_trns_pric"];
    Split: Kind::Number, Loose, ["trdn_flag"];
    Payer: Kind::Number, Loose, ["mdtrt_setl_type"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Trace {
    fn row(scene: &Scene<'_>) -> Result<Row<Trace>, Fault> {
        let cells = scene.cells;
        let at = cells.stamp(At::Time).ok_or(Fault::new(Reason::E02, At::Time))?;
        scene.within_window(at.day());
        let kind = cells.number(At::Event).and_then(|number| KINDS.get(usize::try_from(number).ok()?)).copied();
        let kind = kind.ok_or(Fault::new(Reason::E01, At::Event))?;
        let place = scene.place(cells.party(At::Place));
        let code = cells.hash(At::Code);
        let visit = cells.hash(At::Visit);
        let fact = Trace {
            code,
            place,
            person: cells.party(At::Person),
            item: cells.hash(At::Item),
            visit,
            at,
            price_fen: cells.decimal(At::Price).unwrap_or(0),
            kind,
            split: cells.number(At::Split) == Some(1),
            self_paid: cells.number(At::Payer) == Some(2),
        };
        let key = hash_words(&[code, kind as u64, place.0, at.0.cast_unsigned(), visit]);
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

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Trace>> {
        &mut batch.traces
    }
}
