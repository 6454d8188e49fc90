//! Which batches are tried? Any numbers in any field, drawn from one seed, so that a failure names its batch.

use medring::model::{
    Allowance, Assessment, Batch, CareClass, CareVisit, Day, Diagnosis, DoctorEntry, Enrolment, Entitlement, FeeLine,
    Filing, Identifier, IdentifierRole, Party, PartyKind, Person, PlaceEntry, PlaceKind, Prescription, Region, Row,
    RowRef, Settlement, Stamp, Table, Trace, TraceKind, Visit,
};
use proptest::prelude::*;

/// A generator of numbers (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }
}

/// A type of which any value can be drawn.
trait Rolled {
    fn roll(dice: &mut Dice) -> Self;
}

macro_rules! rolled_numbers {
    ($($number:ty)*) => {$(
        impl Rolled for $number {
            fn roll(dice: &mut Dice) -> Self {
                let bytes = dice.next().to_le_bytes();
                let number = <$number>::from_le_bytes(bytes[..size_of::<$number>()].try_into().expect("enough bytes"));
                // Ends of the range carry meaning («unknown», «open»), so they must be common.
                [number, <$number>::MIN, <$number>::MAX, 0][dice.below(4) * usize::from(dice.below(3) == 0)]
            }
        }
    )*};
}
rolled_numbers! { u8 u16 u32 u64 i32 i64 }

macro_rules! rolled_choices {
    ($($choice:ident: $($variant:ident)*;)*) => {$(
        impl Rolled for $choice {
            fn roll(dice: &mut Dice) -> Self {
                let all = [$($choice::$variant),*];
                all[dice.below(all.len())]
            }
        }
    )*};
}
rolled_choices! {
    CareClass: Outpatient Chronic Inpatient DayCase Drugstore Maternity LongTermCare Other;
    TraceKind: Sold Returned Purchased PurchaseReturned Stock;
    IdentifierRole: Own Contact Agent Payee Submitter;
    PlaceKind: Unknown Hospital Community Pharmacy LongStay Dialysis;
}

macro_rules! rolled_facts {
    ($($fact:ident: $($field:ident)*;)*) => {$(
        impl Rolled for $fact {
            fn roll(dice: &mut Dice) -> Self {
                $fact { $($field: Rolled::roll(dice)),* }
            }
        }
    )*};
}
rolled_facts! {
    Region: code name parent level;
    PlaceEntry: place kind area beds opened closed controller private;
    DoctorEntry: doctor place begin end;
    Person: person phone address employer surname home birth death gender person_type hardship;
    Identifier: identifier holder begin role;
    Filing: person agent agent_phone account clerk home area reason begin end filed;
    Settlement: person place id original message visit doctor basket settled total_fen fund_fen cash_fen account_fen
        begin end home area till diagnosis class card settled_by invoice refund time_only;
    Visit: person place id doctor contact referred_from bed begin end diagnosis class discharge;
    Diagnosis: person visit code main order;
    FeeLine: person visit original item doctor count amount_fen at kind;
    Trace: code place person item visit at price_fen kind split self_paid;
    Prescription:
        person place counter doctor id visit issued dispensed item count days online;
    Enrolment: person employer home base_fen begin end kind state retired;
    Entitlement: person disease place doctor contact begin end limit_fen;
    Allowance:
        person employer agent agent_phone account home birth base_fen days amount_fen paid;
    Assessment: person place assessor second at level score remote;
    CareVisit:
        person place carer device begin end longitude latitude amount_fen;
}

impl Rolled for bool {
    fn roll(dice: &mut Dice) -> Self {
        dice.below(2) == 0
    }
}

impl Rolled for String {
    fn roll(dice: &mut Dice) -> Self {
        ["", "合肥市", "x", "a\u{0}b"][dice.below(4)].to_owned()
    }
}

impl Rolled for Day {
    fn roll(dice: &mut Dice) -> Self {
        Day(Rolled::roll(dice))
    }
}

impl Rolled for Stamp {
    fn roll(dice: &mut Dice) -> Self {
        Stamp(Rolled::roll(dice))
    }
}

impl Rolled for Party {
    fn roll(dice: &mut Dice) -> Self {
        Party(Rolled::roll(dice))
    }
}

fn row<F: Rolled>(dice: &mut Dice, origin: RowRef) -> Row<F> {
    Row {
        key: Rolled::roll(dice),
        version: Rolled::roll(dice),
        content: Rolled::roll(dice),
        live: Rolled::roll(dice),
        origin,
        fact: Rolled::roll(dice),
    }
}

fn rows<F: Rolled>(dice: &mut Dice, table: Table, file: u32, first: u64, most: usize) -> Vec<Row<F>> {
    let count = dice.below(most + 1) as u64;
    (first..first + count).map(|number| row(dice, RowRef::new(table, file, number))).collect()
}

/// A batch with up to `most` rows in each list, read from file `file` on from row `first`, with all its names.
pub(crate) fn batch(seed: u64, file: u32, first: u64, most: usize) -> Batch {
    let dice = &mut Dice(seed);
    let mut batch = Batch {
        regions: rows(dice, Table::AdmdvsB, file, first, most),
        places: rows(dice, Table::FixmedinsB, file, first, most),
        doctors: rows(dice, Table::DrB, file, first, most),
        persons: rows(dice, Table::PsnInfoB, file, first, most),
        identifiers: rows(dice, Table::XIdent, file, first, most),
        filings: rows(dice, Table::OutAppyD, file, first, most),
        settlements: rows(dice, Table::SetlD, file, first, most),
        visits: rows(dice, Table::MdtrtD, file, first, most),
        diagnoses: rows(dice, Table::SetlDiagListD, file, first, most),
        fee_lines: rows(dice, Table::FeeListD, file, first, most),
        traces: rows(dice, Table::DrugTracD, file, first, most),
        prescriptions: rows(dice, Table::RxD, file, first, most),
        enrolments: rows(dice, Table::PsnInsuD, file, first, most),
        entitlements: rows(dice, Table::OpspRegD, file, first, most),
        allowances: rows(dice, Table::XMatnAlwnD, file, first, most),
        assessments: rows(dice, Table::XLtcEval, file, first, most),
        care_visits: rows(dice, Table::XLtcServ, file, first, most),
        ..Batch::default()
    };
    // A telephone that a visit or a person names: another list, the same input row.
    let visits: Vec<RowRef> = batch.visits.iter().map(|row| row.origin).collect();
    let persons: Vec<RowRef> = batch.persons.iter().map(|row| row.origin).collect();
    for origin in visits.into_iter().chain(persons).chain([RowRef::new(Table::OpspRegD, file, first)]) {
        batch.identifiers.push(row(dice, origin));
    }
    for origin in origins(&batch) {
        let text = format!("{}:{seed:x}-{}-{}", origin.table().name(), origin.file(), origin.row());
        batch.names.rows.insert(origin, text);
    }
    for number in 0..dice.below(5) {
        let text = format!("34011119700101{:04}", dice.below(10_000) + number);
        batch.names.parties.insert(Party::of(PartyKind::Person, &text), text);
    }
    batch
}

/// The origins of all rows, list by list.
pub(crate) fn origins(batch: &Batch) -> Vec<RowRef> {
    fn of<F>(rows: &[Row<F>]) -> impl Iterator<Item = RowRef> {
        rows.iter().map(|row| row.origin)
    }
    of(&batch.regions)
        .chain(of(&batch.places))
        .chain(of(&batch.doctors))
        .chain(of(&batch.persons))
        .chain(of(&batch.identifiers))
        .chain(of(&batch.filings))
        .chain(of(&batch.settlements))
        .chain(of(&batch.visits))
        .chain(of(&batch.diagnoses))
        .chain(of(&batch.fee_lines))
        .chain(of(&batch.traces))
        .chain(of(&batch.prescriptions))
        .chain(of(&batch.enrolments))
        .chain(of(&batch.entitlements))
        .chain(of(&batch.allowances))
        .chain(of(&batch.assessments))
        .chain(of(&batch.care_visits))
        .collect()
}

/// Adds the rows of one batch to another.
pub(crate) fn join(into: &mut Batch, batch: Batch) {
    into.regions.extend(batch.regions);
    into.places.extend(batch.places);
    into.doctors.extend(batch.doctors);
    into.persons.extend(batch.persons);
    into.identifiers.extend(batch.identifiers);
    into.filings.extend(batch.filings);
    into.settlements.extend(batch.settlements);
    into.visits.extend(batch.visits);
    into.diagnoses.extend(batch.diagnoses);
    into.fee_lines.extend(batch.fee_lines);
    into.traces.extend(batch.traces);
    into.prescriptions.extend(batch.prescriptions);
    into.enrolments.extend(batch.enrolments);
    into.entitlements.extend(batch.entitlements);
    into.allowances.extend(batch.allowances);
    into.assessments.extend(batch.assessments);
    into.care_visits.extend(batch.care_visits);
    into.names.rows.extend(batch.names.rows);
    into.names.parties.extend(batch.names.parties);
}

/// Batches to append: seeds and sizes.
pub(crate) fn some_batches() -> impl Strategy<Value = Vec<(u64, usize)>> {
    proptest::collection::vec((any::<u64>(), 0_usize..40), 1..5)
}
