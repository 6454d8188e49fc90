//! What does a row of `psn_info_b` say? The register's entry for a person, with telephone, address and employer.

use super::{Record, link};
use crate::ingest::cell::{Kind, WORDLESS};
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, Identifier, IdentifierRole, Party, PartyKind, Person, Reason, Row, hash_words};

const HARDSHIP: Kind = Kind::Contains(&[
    ("五保", 1),
    ("低保", 1),
    ("特困", 1),
    ("贫困", 1),
    ("困难", 1),
    ("边缘", 1),
    ("孤儿", 1),
    ("残疾", 1),
    ("优抚", 1),
]);
const PERSON_TYPES: Kind = Kind::OneOf(&[("11", 11), ("12", 12), ("13", 13), ("14", 14), ("15", 15)]);
/// Nobody insured was born before this year.
const OLDEST_BIRTH_YEAR: i32 = 1900;

columns! {
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Home: Kind::Region, Required, ["insu_admdvs"];
    Phone: Kind::Phone, Loose, ["tel", "mob"];
    Address: Kind::Address, Loose, ["addr", "resd_addr"];
    EmployerNumber: Kind::Party(PartyKind::Employer), Loose, ["emp_no"];
    EmployerName: Kind::Party(PartyKind::Employer), Loose, ["emp_name"];
    Surname: Kind::Surname, Loose, ["psn_name"];
    Gender: Kind::Number, Loose, ["gend"];
    Birth: Kind::Time, Loose, ["brdy"];
    Death: Kind::Time, Loose, ["die_date"];
    PersonType: PERSON_TYPES, Loose, ["psn_type"];
    Hardship: HARDSHIP, Loose, ["sp_psn_type"];
    Insurance: Kind::Code, Loose, ["insutype"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Person {
    fn row(scene: &Scene<'_>) -> Result<Row<Person>, Fault> {
        let cells = scene.cells;
        let home = cells.region(At::Home);
        if !cells.has(At::Surname) && scene.texts.text(At::Surname as usize).len() >= WORDLESS {
            scene.note(Reason::E15);
        }
        let person = cells.party(At::Person);
        let employer = if cells.has(At::EmployerNumber) { At::EmployerNumber } else { At::EmployerName };
        let fact = Person {
            person,
            phone: cells.party(At::Phone),
            address: cells.party(At::Address),
            employer: cells.party(employer),
            surname: cells.hash(At::Surname),
            home,
            birth: cells.day(At::Birth).filter(|day| day.date().0 >= OLDEST_BIRTH_YEAR).unwrap_or(Day(i32::MIN)),
            death: cells.day(At::Death).filter(|day| day.date().0 < 2100).unwrap_or(Day(i32::MIN)),
            gender: cells.small(At::Gender, 2),
            person_type: cells.small(At::PersonType, u8::MAX),
            hardship: cells.has(At::Hardship),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        Ok(Row {
            key: hash_words(&[person.0]),
            version,
            content: cells.content,
            origin: Default::default(),
            live,
            fact,
        })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Person>> {
        &mut batch.persons
    }

    fn links(row: &Row<Person>, _: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        link(row, 1, row.fact.phone, row.fact.person, IdentifierRole::Own, links);
        link(row, 2, row.fact.address, row.fact.person, IdentifierRole::Own, links);
    }

    fn names(row: &Row<Person>, party: Party) -> bool {
        party.kind() != PartyKind::Employer || party == row.fact.employer
    }
}
