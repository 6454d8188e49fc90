//! How does one value of a fact become a cell of a column, and back?
//!
//! Every value is stored as the plain number that the model holds, without nulls: hashes as unsigned 64-bit, days as days
//! and seconds as seconds since 1970-01-01, money as fen, code lists as the small numbers below (which never change).
//! In DuckDB: `date '1970-01-01' + begin`.

use crate::model::{CareClass, Day, IdentifierRole, Party, PlaceKind, RowRef, Stamp, TraceKind};
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, StringArray};
use arrow::buffer::{BooleanBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use std::sync::Arc;

/// A type whose values fill a column.
pub(super) trait Cell: Sized {
    /// The values of a column, ready to be indexed.
    type Values;
    /// The column's type.
    const KIND: DataType;
    /// Values to column.
    fn pack<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a;
    /// Column to values; `None` when the column has another type.
    fn unpack(array: &dyn Array) -> Option<Self::Values>;
    /// One value; `None` when there is none, or its code is unknown.
    fn at(values: &Self::Values, row: usize) -> Option<Self>;
}

/// A column of a record batch, read as values of one type.
pub(super) struct Column<C: Cell> {
    values: C::Values,
}

impl<C: Cell> Column<C> {
    pub(super) fn open(batch: &RecordBatch, name: &str) -> Option<Column<C>> {
        Some(Column { values: C::unpack(batch.column_by_name(name)?)? })
    }

    pub(super) fn at(&self, row: usize) -> Option<C> {
        C::at(&self.values, row)
    }
}

macro_rules! number_cells {
    ($($cell:ty as $native:ty, $arrow:ident: $pack:expr, $unpack:expr;)*) => {$(
        impl Cell for $cell {
            type Values = ScalarBuffer<$native>;
            const KIND: DataType = <$arrow as ArrowPrimitiveType>::DATA_TYPE;

            fn pack<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef
            where
                Self: 'a,
            {
                let pack: fn(&$cell) -> $native = $pack;
                Arc::new(PrimitiveArray::<$arrow>::from_iter_values(values.map(pack)))
            }

            fn unpack(array: &dyn Array) -> Option<Self::Values> {
                Some(array.as_primitive_opt::<$arrow>()?.values().clone())
            }

            fn at(values: &Self::Values, row: usize) -> Option<Self> {
                let unpack: fn($native) -> Option<$cell> = $unpack;
                unpack(*values.get(row)?)
            }
        }
    )*};
}

macro_rules! code_cells {
    ($($cell:ident { $($variant:ident = $code:literal)* })*) => {
        number_cells! {$(
            $cell as u8, UInt8Type:
                |value| match value { $($cell::$variant => $code,)* },
                |code| match code { $($code => Some($cell::$variant),)* _ => None };
        )*}
    };
}

number_cells! {
    u8 as u8, UInt8Type: |value| *value, Some;
    u16 as u16, UInt16Type: |value| *value, Some;
    u32 as u32, UInt32Type: |value| *value, Some;
    u64 as u64, UInt64Type: |value| *value, Some;
    i64 as i64, Int64Type: |value| *value, Some;
    Party as u64, UInt64Type: |party| party.0, |number| Some(Party(number));
    RowRef as u64, UInt64Type: |row| row.0, |number| Some(RowRef(number));
    Day as i32, Int32Type: |day| day.0, |number| Some(Day(number));
    Stamp as i64, Int64Type: |stamp| stamp.0, |number| Some(Stamp(number));
}

code_cells! {
    CareClass {
        Outpatient = 0 Chronic = 1 Inpatient = 2 DayCase = 3 Drugstore = 4 Maternity = 5 LongTermCare = 6 Other = 7
    }
    TraceKind { Sold = 0 Returned = 1 Purchased = 2 PurchaseReturned = 3 Stock = 4 }
    IdentifierRole { Own = 0 Contact = 1 Agent = 2 Payee = 3 Submitter = 4 }
    PlaceKind { Unknown = 0 Hospital = 1 Community = 2 Pharmacy = 3 LongStay = 4 Dialysis = 5 }
}

impl Cell for bool {
    type Values = BooleanBuffer;
    const KIND: DataType = DataType::Boolean;

    fn pack<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a,
    {
        Arc::new(BooleanArray::from(BooleanBuffer::from_iter(values.copied())))
    }

    fn unpack(array: &dyn Array) -> Option<Self::Values> {
        Some(array.as_boolean_opt()?.values().clone())
    }

    fn at(values: &Self::Values, row: usize) -> Option<Self> {
        (row < values.len()).then(|| values.value(row))
    }
}

impl Cell for String {
    type Values = StringArray;
    const KIND: DataType = DataType::Utf8;

    fn pack<'a>(values: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a,
    {
        Arc::new(StringArray::from_iter_values(values))
    }

    fn unpack(array: &dyn Array) -> Option<Self::Values> {
        array.as_string_opt::<i32>().cloned()
    }

    fn at(values: &Self::Values, row: usize) -> Option<Self> {
        (row < values.len()).then(|| values.value(row).to_owned())
    }
}
