//! How are a person's rows held? One settlement list, and the rest only for persons who have it.

use super::Epoch;
use super::ledger::Arrived;
use super::packed::{Interner, Packed};
use crate::model::{
    Allowance, Assessment, CareVisit, Diagnosis, Enrolment, Entitlement, FeeLine, Filing, Goods, Identifier, Outcome,
    Party, Person, Prescription, Reason, Row, RowRef, Settlement, Visit, hash_words,
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
    Prescription(Row<Prescription>),
    Enrolment(Row<Enrolment>),
    Entitlement(Row<Entitlement>),
    Allowance(Row<Allowance>),
    Assessment(Row<Assessment>),
    CareVisit(Row<CareVisit>),
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
            PersonRow::Prescription(row) => row.fact.person,
            PersonRow::Enrolment(row) => row.fact.person,
            PersonRow::Entitlement(row) => row.fact.person,
            PersonRow::Allowance(row) => row.fact.person,
            PersonRow::Assessment(row) => row.fact.person,
            PersonRow::CareVisit(row) => row.fact.person,
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
    pub(crate) rare: Option<Box<Rare>>,
}

/// What few people have, so that the others do not pay for empty lists.
#[derive(Default)]
pub(crate) struct Rare {
    pub(crate) prescriptions: Vec<Arrived<Prescription>>,
    pub(crate) enrolments: Vec<Arrived<Enrolment>>,
    pub(crate) entitlements: Vec<Arrived<Entitlement>>,
    pub(crate) allowances: Vec<Arrived<Allowance>>,
    pub(crate) assessments: Vec<Arrived<Assessment>>,
    pub(crate) care_visits: Vec<Arrived<CareVisit>>,
}

/// What is kept of a fee line: 98 million of them must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FeeMark {
    visit: u64,
    signature: u32,
    billed: Billed,
}

/// How many of a service or a consumable a line bills, and for how much: a letter's worth of bits for what it is, ten for the count, twenty
/// for the yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Billed(u32);

impl Billed {
    const COUNT_BITS: u32 = 10;
    const YUAN_BITS: u32 = 20;
    const SERVICE: u32 = 1;
    const CONSUMABLE: u32 = 2;

    fn of(line: &FeeLine) -> Billed {
        let what = match line.kind {
            b'S' => Billed::SERVICE,
            b'C' => Billed::CONSUMABLE,
            _ => return Billed(0),
        };
        let kept = |value: i64, bits: u32| u32::try_from(value).unwrap_or(0).min((1 << bits) - 1);
        let count = kept((line.count + 9_999) / 10_000, Billed::COUNT_BITS);
        let yuan = kept(line.amount_fen / 100, Billed::YUAN_BITS);
        Billed(what << (Billed::COUNT_BITS + Billed::YUAN_BITS) | count << Billed::YUAN_BITS | yuan)
    }

    /// Adds so many such lines to what a visit's lines bill.
    fn add_to(self, lines: usize, goods: &mut Goods) {
        let count = u16::try_from(self.0 >> Billed::YUAN_BITS & ((1 << Billed::COUNT_BITS) - 1)).unwrap_or(0);
        let count = count.saturating_mul(u16::try_from(lines).unwrap_or(u16::MAX));
        let yuan = self.0 & ((1 << Billed::YUAN_BITS) - 1);
        match self.0 >> (Billed::COUNT_BITS + Billed::YUAN_BITS) {
            Billed::SERVICE => goods.services = goods.services.max(count),
            Billed::CONSUMABLE => {
                goods.consumables = goods.consumables.max(count);
                goods.dearest_yuan = goods.dearest_yuan.max(yuan);
            }
            _ => (),
        }
    }
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
            PersonRow::Prescription(row) => change(&mut self.rare_mut().prescriptions, row, epoch, difference),
            PersonRow::Enrolment(row) => change(&mut self.rare_mut().enrolments, row, epoch, difference),
            PersonRow::Entitlement(row) => change(&mut self.rare_mut().entitlements, row, epoch, difference),
            PersonRow::Allowance(row) => change(&mut self.rare_mut().allowances, row, epoch, difference),
            PersonRow::Assessment(row) => change(&mut self.rare_mut().assessments, row, epoch, difference),
            PersonRow::CareVisit(row) => change(&mut self.rare_mut().care_visits, row, epoch, difference),
            PersonRow::FeeLine(row) => change(&mut self.more_mut().fees, mark(&row), epoch, difference),
        }
        if let Some(more) = &mut self.more
            && more.rare.as_ref().is_some_and(|rare| rare.is_empty())
        {
            more.rare = None;
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

    fn rare_mut(&mut self) -> &mut Rare {
        self.more_mut().rare.get_or_insert_default()
    }
}

impl Rare {
    fn is_empty(&self) -> bool {
        self.prescriptions.is_empty()
            && self.enrolments.is_empty()
            && self.entitlements.is_empty()
            && self.allowances.is_empty()
            && self.assessments.is_empty()
            && self.care_visits.is_empty()
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
            && self.rare.is_none()
    }

    /// The signature of each visit's fee lines, and what they bill: a sum of hashes, so that order does not matter and a refunded line
    /// takes its original back (reversal form E). Rows set aside and accepted are told to `fate`.
    pub(crate) fn baskets(&self, mut fate: impl FnMut(RowRef, Result<Outcome, Reason>)) -> HashMap<u64, (u32, Goods)> {
        let mut fates = Vec::new();
        let mut baskets: HashMap<u64, (u32, Goods)> = HashMap::new();
        let standing = super::ledger::newest(&self.fees, &mut fates).into_iter();
        let mut lines: Vec<FeeMark> = standing.map(|(row, _)| row.fact).collect();
        lines.sort_unstable();
        // A bill for a month may have a line for each day.
        for same in lines.chunk_by(|one, next| one == next) {
            let (sum, goods) = baskets.entry(same[0].visit).or_default();
            same.iter().for_each(|line| *sum = sum.wrapping_add(line.signature));
            same[0].billed.add_to(same.len(), goods);
        }
        for one in fates {
            fate(one.origin, one.reason.map_or(Ok(one.outcome), Err));
        }
        baskets
    }

    /// The standing fee lines of some visits, by visit.
    pub(crate) fn lines(&self, wanted: impl Fn(u64) -> bool) -> Vec<(u64, RowRef)> {
        let standing = super::ledger::newest(&self.fees, &mut Vec::new());
        let lines = standing.into_iter().map(|(row, _)| (row.fact.visit, row.origin));
        let mut lines: Vec<(u64, RowRef)> = lines.filter(|(visit, _)| wanted(*visit)).collect();
        lines.sort_unstable();
        lines
    }
}

fn mark(row: &Row<FeeLine>) -> Row<FeeMark> {
    let count = row.fact.count;
    let line = u32::try_from(hash_words(&[row.fact.item, count.unsigned_abs()]) >> 32).unwrap_or(0);
    let signature = if count < 0 { line.wrapping_neg() } else { line };
    Row {
        key: row.key,
        version: row.version,
        content: row.content,
        origin: row.origin,
        live: row.live,
        fact: FeeMark { visit: row.fact.visit, signature, billed: Billed::of(&row.fact) },
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
