//! What does a row of `fee_list_d` say? One line of a bill.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, FeeLine, PartyKind, Reason, Row, hash_words};

/// The class that an item's code begins with; services are numbered.
const ITEM_CLASS: Kind = Kind::OneOf(&[
    ("X", b'X' as u64),
    ("Z", b'Z' as u64),
    ("T", b'T' as u64),
    ("C", b'C' as u64),
    ("0", b'S' as u64),
    ("1", b'S' as u64),
    ("2", b'S' as u64),
    ("3", b'S' as u64),
    ("4", b'S' as u64),
]);
/// The same from `list_type`.
const LIST_CLASS: Kind = Kind::OneOf(&[
    ("101", b'X' as u64),
    ("102", b'Z' as u64),
    ("103", b'T' as u64),
    ("2", b'S' as u64),
    ("3", b'C' as u64),
]);

columns! {
    Visit: Kind::Text, Required, ["mdtrt_id"];
    Serial: Kind::Text, Required, ["feedetl_sn", "bkkp_sn"];
    Original: Kind::Text, Strict, ["init_feedetl_sn"];
    Person: Kind::Party(PartyKind::Person), Strict, ["psn_no"];
    Item: Kind::Text, Required, ["med_list_codg", "hilist_code", "medins_list_codg"];
    ItemClass: ITEM_CLASS, Loose, ["med_list_codg", "hilist_code"];
    ListClass: LIST_CLASS, Loose, ["list_type"];
    Doctor: Kind::Party(PartyKind::Doctor), Strict, ["bilg_dr_codg", "bilg_dr_code", "orders_dr_code"];
    Count: Kind::Decimal(4), Required, ["cnt"];
    Price: Kind::Decimal(6), Strict, ["pric"];
    Amount: Kind::Decimal(2), Required, ["det_item_fee_sumamt"];
    At: Kind::Time, Required, ["fee_ocur_time"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for FeeLine {
    fn row(scene: &Scene<'_>) -> Result<Row<FeeLine>, Fault> {
        let cells = scene.cells;
        let visit = cells.hash(At::Visit);
        let at = cells.stamp(At::At).ok_or(Fault::new(Reason::E02, At::At))?;
        scene.within_window(at.day());
        let count = cells.decimal(At::Count).unwrap_or(0);
        let amount_fen = cells.decimal(At::Amount).unwrap_or(0);
        if cells.decimal(At::Price).is_some_and(|price| !product_matches(count, price, amount_fen)) {
            scene.note(Reason::E12);
        }
        let class = if cells.has(At::ItemClass) { At::ItemClass } else { At::ListClass };
        let fact = FeeLine {
            person: cells.party(At::Person),
            visit,
            original: if cells.has(At::Original) { hash_words(&[visit, cells.hash(At::Original)]) } else { 0 },
            item: cells.hash(At::Item),
            doctor: cells.party(At::Doctor),
            count,
            amount_fen,
            at,
            kind: cells.small(class, u8::MAX),
        };
        let key = hash_words(&[visit, cells.hash(At::Serial)]);
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

    fn rows(batch: &mut Batch) -> &mut Vec<Row<FeeLine>> {
        &mut batch.fee_lines
    }
}

/// Whether count (10⁻⁴) times price (10⁻⁶) is the amount (10⁻²) up to five fen.
fn product_matches(count: i64, price: i64, amount_fen: i64) -> bool {
    let product = i128::from(count) * i128::from(price);
    product.abs_diff(i128::from(amount_fen) * 100_000_000) <= 5 * 100_000_000
}
