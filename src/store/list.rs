//! Which columns does each list of a batch have on disk?
//!
//! The table below is the whole answer: one line per fact, one column per field, the column named like the field. The
//! struct literal that reads a fact back makes the compiler refuse a field that is not listed. Columns that all lists
//! share: [`ROW_COLUMNS`] and [`SOURCE_COLUMNS`].

use super::cell::{Cell, Column};
use crate::model::{
    Allowance, Assessment, Batch, CareVisit, Diagnosis, DoctorEntry, Enrolment, Entitlement, FeeLine, Filing,
    Identifier, Person, PlaceEntry, Prescription, Region, Row, RowRef, Settlement, Stamp, Table, Trace, Visit,
};
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use arrow::record_batch::RecordBatch;
use std::marker::PhantomData;
use std::ops::Range;

/// Columns that every row has before those of its fact: see [`Row`].
pub(super) const ROW_COLUMNS: [&str; 5] = ["origin", "key", "version", "content", "live"];

/// Columns that every row has after those of its fact: where it was read, and the id that evidence shows. They are read
/// only when somebody asks.
pub(super) const SOURCE_COLUMNS: [&str; 4] = ["source_dataset", "source_file", "source_row", "evidence"];

/// The column of files that hold the rows of several epochs: the epoch that brought the row.
pub(super) const EPOCH: &str = "epoch";

/// One list of a [`Batch`], whatever its facts are.
pub(super) trait List: Sync {
    /// The table whose name the folder bears.
    fn table(&self) -> Table;
    /// Columns of the row and its fact.
    fn fields(&self) -> Vec<Field>;
    /// The names of those columns.
    fn names(&self) -> Vec<&'static str>;
    /// The origins of all rows.
    fn origins(&self, batch: &Batch) -> Vec<RowRef>;
    /// Gives the rows other origins.
    fn renumber(&self, batch: &mut Batch, origins: &[RowRef]);
    /// Some rows as columns.
    fn arrays(&self, batch: &Batch, rows: Range<usize>) -> Vec<ArrayRef>;
    /// Appends columns as rows; `None` when the columns are not those of this list.
    fn read(&self, columns: &RecordBatch, batch: &mut Batch) -> Option<()>;
}

/// A fact with a list in [`Batch`].
trait Stored: Sized + Send + 'static {
    const TABLE: Table;
    const NAMES: &'static [&'static str];
    fn list(batch: &Batch) -> &Vec<Row<Self>>;
    fn list_mut(batch: &mut Batch) -> &mut Vec<Row<Self>>;
    fn fields() -> Vec<Field>;
    fn arrays(rows: &[Row<Self>]) -> Vec<ArrayRef>;
    fn facts(columns: &RecordBatch) -> Option<Vec<Self>>;
}

macro_rules! lists {
    ($($fact:ident in $list:ident, $table:ident: $($field:ident)*;)*) => {
        $(impl Stored for $fact {
            const TABLE: Table = Table::$table;
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn list(batch: &Batch) -> &Vec<Row<Self>> {
                &batch.$list
            }

            fn list_mut(batch: &mut Batch) -> &mut Vec<Row<Self>> {
                &mut batch.$list
            }

            fn fields() -> Vec<Field> {
                vec![$(Field::new(stringify!($field), kind_of(|fact: &$fact| &fact.$field), false)),*]
            }

            fn arrays(rows: &[Row<Self>]) -> Vec<ArrayRef> {
                vec![$(Cell::pack(rows.iter().map(|row| &row.fact.$field))),*]
            }

            fn facts(columns: &RecordBatch) -> Option<Vec<Self>> {
                $(let $field = Column::open(columns, stringify!($field))?;)*
                (0..columns.num_rows()).map(|at| Some($fact { $($field: $field.at(at)?),* })).collect()
            }
        })*

        /// All lists of a batch, references first.
        pub(super) static LISTS: [&dyn List; 17] = [$(&ListOf::<$fact>(PhantomData)),*];
    };
}

lists! {
    Region in regions, AdmdvsB: code name parent level;
    PlaceEntry in places, FixmedinsB: place kind area beds opened closed controller private;
    DoctorEntry in doctors, DrB: doctor place begin end;
    Person in persons, PsnInfoB:
        person phone address employer surname home birth death gender person_type hardship;
    Identifier in identifiers, XIdent: identifier holder begin role;
    Filing in filings, OutAppyD: person agent agent_phone account clerk home area reason begin end filed;
    Settlement in settlements, SetlD:
        person place id original message visit doctor basket settled total_fen fund_fen cash_fen account_fen begin end
        home area till diagnosis class card settled_by invoice refund time_only;
    Visit in visits, MdtrtD:
        person place id doctor contact referred_from bed begin end diagnosis class discharge;
    Diagnosis in diagnoses, SetlDiagListD: person visit code main order;
    FeeLine in fee_lines, FeeListD: person visit original item doctor count amount_fen at kind;
    Trace in traces, DrugTracD: code place person item visit at price_fen kind split self_paid;
    Prescription in prescriptions, RxD:
        person place counter doctor id visit issued dispensed item count days online;
    Enrolment in enrolments, PsnInsuD: person employer home base_fen begin end kind state retired;
    Entitlement in entitlements, OpspRegD: person disease place doctor contact begin end limit_fen;
    Allowance in allowances, XMatnAlwnD:
        person employer agent agent_phone account home birth base_fen days amount_fen paid;
    Assessment in assessments, XLtcEval: person place assessor second at level score remote;
    CareVisit in care_visits, XLtcServ:
        person place carer device begin end longitude latitude amount_fen;
}

fn kind_of<F, C: Cell>(_field: fn(&F) -> &C) -> DataType {
    C::KIND
}

struct ListOf<F>(PhantomData<fn() -> F>);

impl<F: Stored> List for ListOf<F> {
    fn table(&self) -> Table {
        F::TABLE
    }

    fn fields(&self) -> Vec<Field> {
        let kinds = [RowRef::KIND, u64::KIND, Stamp::KIND, u64::KIND, bool::KIND];
        let row = ROW_COLUMNS.into_iter().zip(kinds).map(|(name, kind)| Field::new(name, kind, false));
        row.chain(F::fields()).collect()
    }

    fn names(&self) -> Vec<&'static str> {
        ROW_COLUMNS.iter().chain(F::NAMES).copied().collect()
    }

    fn origins(&self, batch: &Batch) -> Vec<RowRef> {
        F::list(batch).iter().map(|row| row.origin).collect()
    }

    fn renumber(&self, batch: &mut Batch, origins: &[RowRef]) {
        for (row, &origin) in F::list_mut(batch).iter_mut().zip(origins) {
            row.origin = origin;
        }
    }

    fn arrays(&self, batch: &Batch, rows: Range<usize>) -> Vec<ArrayRef> {
        let rows = &F::list(batch)[rows];
        let mut arrays = vec![
            Cell::pack(rows.iter().map(|row| &row.origin)),
            Cell::pack(rows.iter().map(|row| &row.key)),
            Cell::pack(rows.iter().map(|row| &row.version)),
            Cell::pack(rows.iter().map(|row| &row.content)),
            Cell::pack(rows.iter().map(|row| &row.live)),
        ];
        arrays.extend(F::arrays(rows));
        arrays
    }

    fn read(&self, columns: &RecordBatch, batch: &mut Batch) -> Option<()> {
        let [origin_name, key_name, version_name, content_name, live_name] = ROW_COLUMNS;
        let origin = Column::open(columns, origin_name)?;
        let key = Column::open(columns, key_name)?;
        let version = Column::open(columns, version_name)?;
        let content = Column::open(columns, content_name)?;
        let live = Column::open(columns, live_name)?;
        let rows = F::list_mut(batch);
        rows.reserve(columns.num_rows());
        for (at, fact) in F::facts(columns)?.into_iter().enumerate() {
            rows.push(Row {
                key: key.at(at)?,
                version: version.at(at)?,
                content: content.at(at)?,
                origin: origin.at(at)?,
                live: live.at(at)?,
                fact,
            });
        }
        Some(())
    }
}
