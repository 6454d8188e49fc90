//! What is known of some or all people, corrections and reversals taken into account, without ties and rings?
//!
//! The rows are held as the river holds them and read by the same rules, so that a file here says what it says there.
//! Cost: memory of the rows; a file is linear in its person's rows.

use super::Epoch;
use super::people::People;
use super::rows::PersonRow;
use super::stage::Stage;
use crate::model::{Batch, Party, PersonFile, Regions};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Files of people.
pub struct Files {
    people: People,
    wanted: Option<BTreeSet<Party>>,
}

impl Files {
    /// Files of the wanted people, or of all, as far as their regions are listed.
    #[must_use]
    pub fn of(wanted: Option<BTreeSet<Party>>, regions: Arc<Regions>) -> Files {
        Files { people: People::new(regions, Arc::default(), Stage::load()), wanted }
    }

    /// Takes the rows of a batch that arrived in an epoch. Chains of boxes are left out.
    pub fn take(&mut self, batch: &Batch, epoch: Epoch) {
        let (people, wanted) = (&mut self.people, &self.wanted);
        let mut hold = |row: PersonRow| {
            let person = row.person();
            if person.is_some() && wanted.as_ref().is_none_or(|wanted| wanted.contains(&person)) {
                people.hold(row, epoch);
            }
        };
        batch.settlements.iter().for_each(|row| hold(PersonRow::Settlement(*row)));
        batch.visits.iter().for_each(|row| hold(PersonRow::Visit(*row)));
        batch.identifiers.iter().for_each(|row| hold(PersonRow::Identifier(*row)));
        batch.filings.iter().for_each(|row| hold(PersonRow::Filing(*row)));
        batch.prescriptions.iter().for_each(|row| hold(PersonRow::Prescription(*row)));
        batch.enrolments.iter().for_each(|row| hold(PersonRow::Enrolment(*row)));
        batch.entitlements.iter().for_each(|row| hold(PersonRow::Entitlement(*row)));
        batch.allowances.iter().for_each(|row| hold(PersonRow::Allowance(*row)));
        batch.assessments.iter().for_each(|row| hold(PersonRow::Assessment(*row)));
        batch.care_visits.iter().for_each(|row| hold(PersonRow::CareVisit(*row)));
    }

    /// The people, sorted.
    #[must_use]
    pub fn people(&self) -> Vec<Party> {
        let mut people: Vec<Party> = self.people.everybody().collect();
        people.sort_unstable();
        people
    }

    /// The file of one of them.
    #[must_use]
    pub fn file(&self, person: Party) -> PersonFile {
        self.people.file(person)
    }
}
