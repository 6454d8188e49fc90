//! How are a person's rows held? One settlement list, and the rest only for persons who have it.

use super::Epoch;
use super::ledger::Arrived;
use super::packed::{Interner, Packed};
use crate::model::{
    Diagnosis, FeeLine, Filing, Identifier, Outcome, Party, Person, Reason, Row, RowRef, Settlement, Visit, hash_words,
};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

/// A row that belongs to a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum PersonRow {
    Settlement(Row<Settlement>),
    Visit(Row<Visit>),
    Diagnosis(Row<Diagnosis>),
    FeeLine(Row<FeeLine>),
    Identifier(Row<Identifier>),
    Filing(Row<Filing>),
    Record(Row<Person>),
}

impl PersonRow {
    /// Whose row it is.
    pub(crate) fn person(&self) -> Party {
        match self {
            PersonRow::Settlement(row) => row.fact.person,
            PersonRow::Visit(row) => row.fact.person,
            PersonRow::Diagnosis(row) => row.fact.person,
            PersonRow::FeeLine(row) => row.fact.person,
            PersonRow::Identifier(row) => row.fact.holder,
            PersonRow::Filing(row) => row.fact.person,
            PersonRow::Record(row) => row.fact.person,
        }
    }
}

/// All rows of one person.
#[derive(Default)]
pub(crate) struct Rows {
    settlements: Packed,
    more: Option<Box<More>>,
}

/// What most persons of a one-table export do not have.
#[derive(Default)]
pub(crate) struct More {
    pub(crate) visits: Vec<Arrived<Visit>>,
    pub(crate) diagnoses: Vec<Arrived<Diagnosis>>,
    pub(crate) identifiers: Vec<Arrived<Identifier>>,
    pub(crate) filings: Vec<Arrived<Filing>>,
    pub(crate) records: Vec<Arrived<Person>>,
    fees: Vec<Arrived<FeeMark>>,
}

/// What is kept of a fee line: 98 million of them must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FeeMark {
    visit: u64,
    signature: u64,
}

impl Rows {
    /// Adds or removes a row.
    pub(crate) fn update(&mut self, row: PersonRow, epoch: Epoch, difference: i32, table: &mut Interner) {
        match row {
            PersonRow::Settlement(row) if difference > 0 => self.settlements.push(&row, epoch, table),
            PersonRow::Settlement(row) => {
                let is = |held: &Row<Settlement>| {
                    (held.key, held.origin, held.version, held.live) == (row.key, row.origin, row.version, row.live)
                };
                let removed = self.settlements.remove(table, row.fact.person, is);
                debug_assert!(removed, "a row was taken back that was not there: {:?}", row.origin);
            }
            PersonRow::Visit(row) => change(&mut self.more_mut().visits, row, epoch, difference),
            PersonRow::Diagnosis(row) => change(&mut self.more_mut().diagnoses, row, epoch, difference),
            PersonRow::Identifier(row) => change(&mut self.more_mut().identifiers, row, epoch, difference),
            PersonRow::Filing(row) => change(&mut self.more_mut().filings, row, epoch, difference),
            PersonRow::Record(row) => change(&mut self.more_mut().records, row, epoch, difference),
            PersonRow::FeeLine(row) => change(&mut self.more_mut().fees, mark(&row), epoch, difference),
        }
        if self.more.as_ref().is_some_and(|more| more.is_empty()) {
            self.more = None;
        }
    }

    /// The settlement rows, unpacked into `rows`.
    pub(crate) fn settlements(&self, table: &Interner, rows: &mut Vec<Arrived<Settlement>>, person: Party) {
        rows.clear();
        self.settlements.unpack(table, rows, person);
    }

    /// Where settlement rows are held.
    pub(crate) fn packed(&mut self) -> &mut Packed {
        &mut self.settlements
    }

    /// The other rows, when there are any.
    pub(crate) fn more(&self) -> Option<&More> {
        self.more.as_deref()
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.settlements.is_empty() && self.more.is_none()
    }

    fn more_mut(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }
}

impl More {
    fn is_empty(&self) -> bool {
        self.visits.is_empty()
            && self.diagnoses.is_empty()
            && self.identifiers.is_empty()
            && self.filings.is_empty()
            && self.records.is_empty()
            && self.fees.is_empty()
    }

    /// The signature of each visit's fee lines: a sum of hashes, so that order does not matter and a refunded line takes
    /// its original back (reversal form E). Rows set aside and accepted are told to `fate`.
    pub(crate) fn baskets(&self, mut fate: impl FnMut(RowRef, Result<Outcome, Reason>)) -> HashMap<u64, u64> {
        let mut fates = Vec::new();
        let mut baskets: HashMap<u64, u64> = HashMap::new();
        for (row, _) in super::ledger::newest(&self.fees, &mut fates) {
            let sum = baskets.entry(row.fact.visit).or_default();
            *sum = sum.wrapping_add(row.fact.signature);
        }
        for one in fates {
            fate(one.origin, one.reason.map_or(Ok(one.outcome), Err));
        }
        baskets
    }
}

fn mark(row: &Row<FeeLine>) -> Row<FeeMark> {
    let count = row.fact.count;
    let line = hash_words(&[row.fact.item, count.unsigned_abs()]);
    let signature = if count < 0 { line.wrapping_neg() } else { line };
    Row {
        key: row.key,
        version: row.version,
        content: row.content,
        origin: row.origin,
        live: row.live,
        fact: FeeMark { visit: row.fact.visit, signature },
    }
}

fn change<F: Copy>(rows: &mut Vec<Arrived<F>>, row: Row<F>, epoch: Epoch, difference: i32) {
    if difference > 0 {
        if rows.len() == rows.capacity() {
            rows.reserve_exact(1 + rows.len() / 2);
        }
        rows.push((row, epoch));
        return;
    }
    let same = |(held, _): &Arrived<F>| {
        (held.key, held.origin, held.content, held.version, held.live)
            == (row.key, row.origin, row.content, row.version, row.live)
    };
    match rows.iter().position(same) {
        Some(at) => {
            rows.swap_remove(at);
        }
        None => debug_assert!(false, "a row was taken back that was not there: {:?}", row.origin),
    }
}
