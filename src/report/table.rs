//! What stands in `members.parquet`, `ties.parquet` and `evidence.parquet`? One row group per few rings, plain columns.

use super::grouped::{activity_by_ring, ties_by_ring};
use super::naming::{occasion_word, shown_id, shown_kind, shown_row};
use super::staged::Staged;
use super::{Edition, ReportError, RingActivity};
use crate::model::{CareClass, Day, Names, Occasion, Party, Ring, RowRef, Tie};
use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::Arc;

/// `members.parquet`: one row per ring and member.
pub(super) fn members(edition: &Edition, staged: &mut Staged) -> Result<(), ReportError> {
    let columns = [
        ("ring_id", DataType::Utf8),
        ("rank", DataType::UInt32),
        ("typology", DataType::Utf8),
        ("kind", DataType::Utf8),
        ("id", DataType::Utf8),
        ("role", DataType::Utf8),
        ("strength", DataType::Float64),
        ("why_zh", DataType::Utf8),
        ("why_en", DataType::Utf8),
    ];
    write_rings(edition, staged, "members.parquet", &columns, |_, ring| {
        let all = || ring.finding.members.iter().filter(|member| !member.party.kind().is_context());
        vec![
            texts(all().map(|_| ring.id.clone())),
            Arc::new(UInt32Array::from_iter_values(all().map(|_| ring.rank))),
            texts(all().map(|_| ring.finding.typology.clone())),
            texts(all().map(|member| shown_kind(member.party, edition.references).word())),
            texts(all().map(|member| shown_id(member.party, edition.names))),
            texts(all().map(|member| member.role.word())),
            Arc::new(Float64Array::from_iter_values(all().map(|member| f64::from(member.strength) / 100.0))),
            texts(all().map(|member| member.why.zh.as_str())),
            texts(all().map(|member| member.why.en.as_str())),
        ]
    })
}

/// `ties.parquet`: one row per ring and tie between its members, or between a member and a context.
pub(super) fn ties(edition: &Edition, staged: &mut Staged) -> Result<(), ReportError> {
    let columns = [
        ("ring_id", DataType::Utf8),
        ("a_kind", DataType::Utf8),
        ("a_id", DataType::Utf8),
        ("b_kind", DataType::Utf8),
        ("b_id", DataType::Utf8),
        ("weight", DataType::Float64),
        ("occasions", DataType::Int64),
        ("occasion_kinds", DataType::Utf8),
        ("first_day", DataType::Date32),
        ("last_day", DataType::Date32),
    ];
    let by_ring = ties_by_ring(edition);
    let kind = |party| shown_kind(party, edition.references).word();
    let id = |party| shown_id(party, edition.names);
    write_rings(edition, staged, "ties.parquet", &columns, |index, ring| {
        let ties = &by_ring[index];
        let count = |tie: &&Tie| i64::try_from(tie.occasions.len()).unwrap_or(i64::MAX);
        let days = |tie: &Tie| -> Vec<Day> { tie.occasions.iter().filter_map(Occasion::date).collect() };
        vec![
            texts(ties.iter().map(|_| ring.id.clone())),
            texts(ties.iter().map(|tie| kind(tie.a))),
            texts(ties.iter().map(|tie| id(tie.a))),
            texts(ties.iter().map(|tie| kind(tie.b))),
            texts(ties.iter().map(|tie| id(tie.b))),
            Arc::new(Float64Array::from_iter_values(ties.iter().map(|tie| f64::from(tie.weight) / 100.0))),
            Arc::new(Int64Array::from_iter_values(ties.iter().map(count))),
            texts(ties.iter().map(|tie| occasion_words(tie))),
            dates(ties.iter().map(|tie| days(tie).into_iter().min())),
            dates(ties.iter().map(|tie| days(tie).into_iter().max())),
        ]
    })
}

/// `evidence.parquet`: one row per ring, factor and cited row; settlements of the ring that no factor cites come with an
/// empty factor. Rows that are not settlements have no person, place, day or money.
pub(super) fn evidence(edition: &Edition, staged: &mut Staged) -> Result<(), ReportError> {
    let columns = [
        ("ring_id", DataType::Utf8),
        ("factor", DataType::Utf8),
        ("table", DataType::Utf8),
        ("row_id", DataType::Utf8),
        ("person_id", DataType::Utf8),
        ("place_kind", DataType::Utf8),
        ("place_id", DataType::Utf8),
        ("day", DataType::Date32),
        ("end_day", DataType::Date32),
        ("class", DataType::Utf8),
        ("total_fen", DataType::Int64),
        ("fund_fen", DataType::Int64),
    ];
    let activity = activity_by_ring(edition);
    write_rings(edition, staged, "evidence.parquet", &columns, |index, ring| {
        let rows = cited(ring, &activity[index], edition.names);
        let seen = |pick: fn(&RingActivity) -> i64| {
            Arc::new(rows.iter().map(|row| row.2.map(pick)).collect::<Int64Array>()) as ArrayRef
        };
        let party = |pick: fn(&RingActivity) -> Party| {
            maybe(rows.iter().map(|row| row.2.map(|one| shown_id(pick(one), edition.names))))
        };
        vec![
            texts(rows.iter().map(|_| ring.id.clone())),
            texts(rows.iter().map(|row| row.0)),
            texts(rows.iter().map(|row| row.1.table().name())),
            texts(rows.iter().map(|row| bare_id(row.1, edition.names))),
            party(|one| one.person),
            maybe(rows.iter().map(|row| row.2.map(|one| shown_kind(one.place, edition.references).word().to_owned()))),
            party(|one| one.place),
            dates(rows.iter().map(|row| row.2.and_then(|one| known(one.day)))),
            dates(rows.iter().map(|row| row.2.and_then(|one| known(one.end)))),
            maybe(rows.iter().map(|row| row.2.map(|one| class_word(one.class).to_owned()))),
            seen(|one| one.total_fen),
            seen(|one| one.fund_fen),
        ]
    })
}

/// The word for a class of care in files.
#[must_use]
pub fn class_word(class: CareClass) -> &'static str {
    match class {
        CareClass::Outpatient => "outpatient",
        CareClass::Chronic => "chronic",
        CareClass::Inpatient => "inpatient",
        CareClass::DayCase => "day_case",
        CareClass::Drugstore => "drugstore",
        CareClass::Maternity => "maternity",
        CareClass::LongTermCare => "long_term_care",
        CareClass::Other => "other",
    }
}

type Cited<'a> = (&'a str, RowRef, Option<&'a RingActivity>);

fn cited<'a>(ring: &'a Ring, activity: &[&'a RingActivity], names: &Names) -> Vec<Cited<'a>> {
    let by_row: BTreeMap<RowRef, &RingActivity> = activity.iter().map(|one| (one.fact, *one)).collect();
    let mut uncited: BTreeSet<RowRef> = by_row.keys().copied().collect();
    let mut rows: Vec<Cited> = Vec::new();
    for factor in &ring.finding.factors {
        for row in &factor.facts {
            uncited.remove(row);
            rows.push((&factor.code, *row, by_row.get(row).copied()));
        }
    }
    rows.extend(uncited.iter().map(|row| ("", *row, by_row.get(row).copied())));
    rows.sort_by_cached_key(|row| (row.0, shown_row(row.1, names)));
    rows
}

fn bare_id(row: RowRef, names: &Names) -> String {
    let text = shown_row(row, names);
    match text.split_once(':') {
        Some((table, id)) if table == row.table().name() => id.to_owned(),
        _ => text,
    }
}

fn occasion_words(tie: &Tie) -> String {
    let kinds: BTreeSet<_> = tie.occasions.iter().map(|occasion| occasion.kind).collect();
    kinds.into_iter().map(occasion_word).collect::<Vec<_>>().join(" ")
}

/// A day, unless it is one of the two that say «open» or «unknown».
pub(super) fn known(day: Day) -> Option<Day> {
    (day.0 != i32::MIN && day.0 != i32::MAX).then_some(day)
}

fn texts<T: AsRef<str>>(values: impl Iterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn maybe(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn dates(values: impl Iterator<Item = Option<Day>>) -> ArrayRef {
    Arc::new(values.map(|day| day.map(|day| day.0)).collect::<Date32Array>())
}

fn write_rings(
    edition: &Edition,
    staged: &mut Staged,
    name: &'static str,
    columns: &[(&str, DataType)],
    rows: impl Fn(usize, &Ring) -> Vec<ArrayRef>,
) -> Result<(), ReportError> {
    let schema = Arc::new(Schema::new(
        columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true)).collect::<Vec<_>>(),
    ));
    let path = staged.part(name);
    let failed = |source| ReportError::Parquet { path: path.clone(), source };
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file: File = staged.file(name)?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(failed)?;
    for (index, ring) in edition.rings.iter().enumerate() {
        writer.write(&RecordBatch::try_new(schema.clone(), rows(index, ring))?).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(())
}
