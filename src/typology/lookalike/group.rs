//! How far does a look-alike hold for a made-up group? For the tests of this room.

use super::LookAlike;
use crate::model::{
    CareClass, Day, Dossier, Party, PartyKind, Person, PersonFile, References, RowRef, Settlement, icd_category,
};
use crate::typology::bench::Bench;
use crate::typology::suspicion::Suspicion;
use std::collections::BTreeMap;

/// One stay of one person.
#[derive(Clone, Copy)]
pub(super) struct Stay {
    /// Number of the person.
    pub(super) person: u32,
    /// Year, month, day.
    pub(super) day: (i32, u32, u32),
    /// Diagnosis.
    pub(super) code: &'static str,
    /// Total.
    pub(super) yuan: i64,
    /// Number of the employer.
    pub(super) employer: u32,
    /// Number of the surname; 0 for none.
    pub(super) surname: u64,
}

impl Default for Stay {
    fn default() -> Stay {
        Stay { person: 1, day: (2024, 5, 6), code: "M51.202", yuan: 3_000, employer: 0, surname: 0 }
    }
}

/// How far the look-alike holds for these stays, percent.
pub(super) fn held(one: &dyn LookAlike, stays: impl Iterator<Item = Stay>) -> i32 {
    let mut files: BTreeMap<Party, PersonFile> = BTreeMap::new();
    for (row, stay) in (1..).zip(stays) {
        let person = Party::of(PartyKind::Person, &stay.person.to_string());
        let begin = Day::of(stay.day.0, stay.day.1, stay.day.2).unwrap_or_default();
        let fact = Settlement {
            person,
            place: Party::of(PartyKind::Institution, "H"),
            begin,
            end: begin,
            total_fen: stay.yuan * 100,
            diagnosis: icd_category(stay.code),
            class: CareClass::Inpatient,
            ..Settlement::default()
        };
        let employer = Party::of(PartyKind::Employer, &stay.employer.to_string());
        let record = Person { person, employer, surname: stay.surname, ..Person::default() };
        let file = files.entry(person).or_default();
        (file.person, file.record) = (person, Some((record, RowRef::default())));
        file.settlements.push((fact, RowRef(row)));
    }
    let dossier = Dossier { persons: files.into_values().collect(), ..Dossier::default() };
    let references = References::default();
    let bench = Bench::new(&dossier, &references);
    let mut suspicion = Suspicion { typology: "unclassified", ..Suspicion::default() };
    for file in &dossier.persons {
        suspicion.people.insert(file.person, (100, bench.settlements(file.person).collect()));
    }
    one.holds(&bench, &suspicion)
}
