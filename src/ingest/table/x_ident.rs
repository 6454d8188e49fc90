//! What does a row of `x_ident` say? That a phone, address, account, agent or device belongs to somebody.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, Identifier, IdentifierRole, Party, PartyKind, Reason, Row, hash_words};

const TYPES: Kind = Kind::OneOf(&[
    ("phone", 1),
    ("tel", 1),
    ("addr", 2),
    ("bankacct", 3),
    ("wechat", 3),
    ("alipay", 3),
    ("account", 3),
    ("agent", 4),
    ("agnter", 4),
    ("device", 5),
    ("vehicle", 5),
    ("ip", 5),
    ("ec_token", 5),
]);
const HOLDERS: Kind = Kind::OneOf(&[("psn", 1), ("dr", 2), ("fixmedins", 3), ("ext", 4)]);
const ROLES: Kind = Kind::OneOf(&[
    ("self", 0),
    ("own", 0),
    ("contact", 1),
    ("coner", 1),
    ("agent", 2),
    ("agnter", 2),
    ("payee", 3),
    ("bankacct", 3),
    ("acctname", 3),
    ("submitter", 4),
    ("opter", 4),
]);
const ROLE_OF_NUMBER: [IdentifierRole; 5] = [
    IdentifierRole::Own,
    IdentifierRole::Contact,
    IdentifierRole::Agent,
    IdentifierRole::Payee,
    IdentifierRole::Submitter,
];

columns! {
    Type: TYPES, Required, ["ident_type"];
    Value: Kind::Text, Required, ["ident_value"];
    Phone: Kind::Phone, Loose, ["ident_value"];
    Address: Kind::Address, Loose, ["ident_value"];
    Account: Kind::Party(PartyKind::Account), Strict, ["ident_value"];
    Agent: Kind::Party(PartyKind::Agent), Strict, ["ident_value"];
    Device: Kind::Party(PartyKind::Device), Strict, ["ident_value"];
    HolderType: HOLDERS, Required, ["holder_type"];
    Holder: Kind::Text, Required, ["holder_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["holder_id"];
    Doctor: Kind::Party(PartyKind::Doctor), Required, ["holder_id"];
    Place: Kind::Party(PartyKind::Institution), Required, ["holder_id"];
    Outsider: Kind::Party(PartyKind::Agent), Required, ["holder_id"];
    Role: ROLES, Required, ["role"];
    Begin: Kind::Time, Loose, ["begn", "begndate", "begntime"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Identifier {
    fn row(scene: &Scene<'_>) -> Result<Row<Identifier>, Fault> {
        let cells = scene.cells;
        let identifier = match cells.number(At::Type) {
            Some(1) => cells.party(At::Phone),
            Some(2) => cells.party(At::Address),
            Some(3) => cells.party(At::Account),
            Some(4) => cells.party(At::Agent),
            _ => cells.party(At::Device),
        };
        let holder = match cells.number(At::HolderType) {
            Some(1) => cells.party(At::Person),
            Some(2) => cells.party(At::Doctor),
            Some(3) => cells.party(At::Place),
            _ => cells.party(At::Outsider),
        };
        if !identifier.is_some() {
            return Err(Fault::new(Reason::E01, At::Value));
        }
        let role = cells.number(At::Role).and_then(|role| ROLE_OF_NUMBER.get(usize::try_from(role).ok()?)).copied();
        let fact = Identifier {
            identifier,
            holder,
            begin: cells.day(At::Begin).unwrap_or(Day(i32::MIN)),
            role: role.unwrap_or_default(),
        };
        let key = hash_words(&[identifier.0, holder.0, fact.role as u64, cells.hash(At::Begin)]);
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

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Identifier>> {
        &mut batch.identifiers
    }

    fn names(row: &Row<Identifier>, party: Party) -> bool {
        party == row.fact.identifier || party == row.fact.holder
    }
}
