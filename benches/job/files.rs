//! How do the contenders outside this process get the visits? As Parquet, `setl_d` and, for increments, `updates`.

use super::text::REQUIRED;
use super::world::{Dice, FIRST_DAY, Visit, World, doctor_name};
use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows that are written at a time.
const ROWS_AT_ONCE: usize = 200_000;

/// Writes `setl_d.parquet` to a folder of its own, and `updates.parquet` beside it.
pub(crate) fn write(size: u64, batches: u32, folder: &Path) -> Result<(), Box<dyn Error>> {
    let world = World::new(size);
    bulk(&world, &folder.join("tables"))?;
    let (mut out, mut dice, mut row) = (None, Dice(size), size);
    for number in 0..batches {
        let visits = world.more(1_000, world.day_of(row), &mut dice);
        let number = i32::try_from(number)?;
        append(&mut out, &folder.join("updates.parquet"), &columns(&world, &visits, row + 1, number)?)?;
        row += 1_000;
    }
    close(out)
}

/// Writes all visits as `setl_d.parquet` to a folder.
pub(crate) fn bulk(world: &World, folder: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    each_part(world, &folder.join("setl_d.parquet"), Ok)
}

/// Writes all visits to a file, the required columns only.
pub(crate) fn required(world: &World, path: &Path) -> Result<(), Box<dyn Error>> {
    each_part(world, path, |rows| {
        let flag: ArrayRef = Arc::new(StringArray::from_iter_values(std::iter::repeat_n("0", rows.num_rows())));
        let column = |name: &'static str| match name {
            "refd_setl_flag" => Ok((name, Arc::clone(&flag))),
            "mdtrt_id" => Ok((name, Arc::clone(rows.column(0)))),
            _ => rows.column_by_name(name).map(|column| (name, Arc::clone(column))).ok_or(name),
        };
        Ok(RecordBatch::try_from_iter(REQUIRED.into_iter().map(column).collect::<Result<Vec<_>, _>>()?)?)
    })
}

fn each_part(
    world: &World,
    path: &Path,
    shape: impl Fn(RecordBatch) -> Result<RecordBatch, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut out = None;
    for (part, visits) in (0_u64..).zip(world.visits.chunks(ROWS_AT_ONCE)) {
        append(&mut out, path, &shape(columns(world, visits, part * ROWS_AT_ONCE as u64 + 1, 0)?)?)?;
    }
    close(out)
}

fn append(out: &mut Option<ArrowWriter<File>>, path: &Path, rows: &RecordBatch) -> Result<(), Box<dyn Error>> {
    if out.is_none() {
        *out = Some(ArrowWriter::try_new(File::create(path)?, rows.schema(), None)?);
    }
    out.as_mut().map_or(Ok(()), |writer| writer.write(rows)).map_err(Into::into)
}

fn close(out: Option<ArrowWriter<File>>) -> Result<(), Box<dyn Error>> {
    out.map_or(Ok(()), |writer| writer.close().map(|_| ())).map_err(Into::into)
}

/// What a settlement must say, the doctor, and the number of the batch, which medring does not know and leaves out.
fn columns(world: &World, visits: &[Visit], first: u64, batch: i32) -> Result<RecordBatch, Box<dyn Error>> {
    let text = |word: &dyn Fn(&Visit) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(visits.iter().map(word)))
    };
    let day = |extra: &dyn Fn(&Visit) -> u32| -> ArrayRef {
        let days = visits.iter().map(|visit| FIRST_DAY + (visit.day + extra(visit)).cast_signed());
        Arc::new(Date32Array::from_iter_values(days))
    };
    let money = |share: f64| -> ArrayRef {
        let amounts = visits.iter().map(|visit| (f64::from(visit.fen) * share).floor() / 100.0);
        Arc::new(Float64Array::from_iter_values(amounts))
    };
    let second =
        |visit: &Visit| (i64::from(FIRST_DAY) + i64::from(visit.day) + i64::from(visit.nights)) * 86_400 + 36_000;
    let numbers = (first..).zip(visits).map(|(row, _)| format!("S{row}"));
    Ok(RecordBatch::try_from_iter([
        ("setl_id", Arc::new(StringArray::from_iter_values(numbers)) as ArrayRef),
        ("psn_no", text(&|visit| format!("P{}", visit.person))),
        ("insu_admdvs", text(&|visit| world.areas(visit).0.to_string())),
        ("fixmedins_code", text(&|visit| format!("H{}", visit.place))),
        ("fix_blng_admdvs", text(&|visit| world.areas(visit).1.to_string())),
        ("atddr_no", text(&|visit| doctor_name(visit.place, visit.doctor))),
        ("begndate", day(&|_| 0)),
        ("enddate", day(&|visit| visit.nights)),
        ("setl_time", Arc::new(TimestampMicrosecondArray::from_iter_values(visits.iter().map(second)))),
        ("med_type", text(&|_| "21".to_owned())),
        ("medfee_sumamt", money(1.0)),
        ("fund_pay_sumamt", money(0.5)),
        ("batch", Arc::new(Int32Array::from_iter_values(visits.iter().map(|_| batch)))),
    ])?)
}
