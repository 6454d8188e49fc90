//! How does a world become files? Every table is encoded in parallel pieces and written in order.
//!
//! Nothing has its final name before everything is written. Text goes to one file a table; Parquet to one file, or to a folder of part files above half a million rows. The pieces
//! depend on the world and not on the number of threads, so that a seed always gives the same bytes.

mod benefits;
mod earlier;
pub(crate) mod entities;
mod facts;
mod fees;
pub(crate) mod ids;
mod links;
mod rows;
mod staged;
mod truth;

pub use earlier::make_room;

use super::benefit::Benefits;
use super::claim::Claim;
use super::scene::{Filing, Label, Link, Pack};
use super::world::World;
use super::{Format, Parameters, SynthError};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use rows::Rows;
use serde_json::Value;
use staged::Staged;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Items of one piece of text.
const PIECE: usize = 16_384;
/// Items of one Parquet part file.
const PART: usize = 500_000;
/// Rows of one Arrow batch.
const BATCH: usize = 8_192;

/// Columns whose values seldom repeat, so that a dictionary of them only costs time.
const DISTINCT: [&str; 20] = [
    "setl_id",
    "init_setl_id",
    "mdtrt_id",
    "medins_setl_id",
    "rid",
    "certno",
    "drug_trac_codg",
    "psn_no",
    "setl_time",
    "crte_time",
    "updt_time",
    "medfee_sumamt",
    "fund_pay_sumamt",
    "hifp_pay",
    "psn_part_amt",
    "cash_payamt",
    "inscp_amt",
    "begntime",
    "endtime",
    "addr",
];

/// A finished world, ready to be written.
pub(crate) struct Finished<'a> {
    /// The world.
    pub world: &'a World,
    /// Settled visits in order of settlement.
    pub claims: Vec<Claim>,
    /// Traced boxes in order of time.
    pub packs: Vec<Pack>,
    /// Filings in order of time.
    pub filings: Vec<Filing>,
    /// What stands in the tables beside care itself.
    pub benefits: Benefits,
    /// Links.
    pub links: Vec<Link>,
    /// The truth.
    pub labels: Vec<Label>,
    /// Parameters of every group.
    pub stories: Vec<Value>,
}

/// A table to be written: its name, columns, how many items it is made of, and how some of them are laid down.
struct Table<'a> {
    name: &'a str,
    columns: &'a [&'a str],
    items: usize,
    fill: &'a (dyn Fn(Range<usize>, &mut Rows) + Sync),
}

/// Writes the tables asked for, the labels and the manifest. Answers the tables with their sizes. When it fails or `stop`
/// becomes true, nothing of it is left.
pub(crate) fn write(
    done: &Finished<'_>,
    how: &Parameters,
    out: &Path,
    stop: &AtomicBool,
) -> Result<Vec<(String, u64)>, SynthError> {
    let mut staged = Staged::new(out, stop)?;
    let world = done.world;
    let dirty = how.dirty;
    let claims = |fill: fn(&World, &Claim, &mut Rows)| {
        move |range: Range<usize>, rows: &mut Rows| {
            for claim in &done.claims[range] {
                fill(world, claim, rows);
            }
        }
    };
    let each = |fill: fn(&World, usize, &mut Rows)| {
        move |range: Range<usize>, rows: &mut Rows| range.for_each(|at| fill(world, at, rows))
    };
    let settlements = |range: Range<usize>, rows: &mut Rows| {
        for claim in &done.claims[range] {
            facts::settlement(world, claim, done.benefits.papers.get(&claim.visit), dirty, rows);
        }
    };
    let (visits, diagnoses, fees) = (claims(facts::visit), claims(facts::diagnoses), claims(fees::lines));
    let packs =
        |range: Range<usize>, rows: &mut Rows| done.packs[range].iter().for_each(|p| links::pack(world, p, rows));
    let filed =
        |range: Range<usize>, rows: &mut Rows| done.filings[range].iter().for_each(|f| links::filing(world, f, rows));
    let linked =
        |range: Range<usize>, rows: &mut Rows| done.links[range].iter().for_each(|l| links::identifier(world, l, rows));
    let persons = |range: Range<usize>, rows: &mut Rows| {
        range.for_each(|at| entities::person(world, &done.benefits, at, rows));
    };
    let (places, doctors) = (each(entities::place), each(entities::doctor));
    macro_rules! benefits {
        ($($name:ident: $list:ident by $fill:ident;)*) => {
            $(let $name = |range: Range<usize>, rows: &mut Rows| {
                done.benefits.$list[range].iter().for_each(|draft| benefits::$fill(world, draft, rows));
            };)*
        };
    }
    benefits! {
        scripts: scripts by script;
        rights: rights by right;
        spells: spells by spell;
        allowances: paid by paid;
        assessments: assessed by assessed;
        visited: cared by cared;
    }
    let regions = |_: Range<usize>, rows: &mut Rows| entities::regions(world, rows);
    let count = done.claims.len();
    let people = world.people.persons.len();
    let tables = [
        Table { name: "admdvs_b", columns: &entities::REGION, items: 1, fill: &regions },
        Table { name: "fixmedins_b", columns: &entities::PLACE, items: world.places.len(), fill: &places },
        Table { name: "dr_b", columns: &entities::DOCTOR, items: world.doctors.len(), fill: &doctors },
        Table { name: "psn_info_b", columns: &entities::PERSON, items: people, fill: &persons },
        Table { name: "x_ident", columns: &links::IDENTIFIER, items: done.links.len(), fill: &linked },
        Table { name: "out_appy_d", columns: &links::FILING, items: done.filings.len(), fill: &filed },
        Table { name: "setl_d", columns: &facts::SETTLEMENT, items: count, fill: &settlements },
        Table { name: "mdtrt_d", columns: &facts::VISIT, items: count, fill: &visits },
        Table { name: "setl_diag_list_d", columns: &facts::DIAGNOSIS, items: count, fill: &diagnoses },
        Table { name: "fee_list_d", columns: &fees::LINE, items: count, fill: &fees },
        Table { name: "drug_trac_d", columns: &links::TRACE, items: done.packs.len(), fill: &packs },
        Table { name: "rx_d", columns: &benefits::SCRIPT, items: done.benefits.scripts.len(), fill: &scripts },
        Table { name: "psn_insu_d", columns: &benefits::SPELL, items: done.benefits.spells.len(), fill: &spells },
        Table { name: "opsp_reg_d", columns: &benefits::RIGHT, items: done.benefits.rights.len(), fill: &rights },
        Table { name: "x_matn_alwn_d", columns: &benefits::PAID, items: done.benefits.paid.len(), fill: &allowances },
        Table {
            name: "x_ltc_eval",
            columns: &benefits::ASSESSED,
            items: done.benefits.assessed.len(),
            fill: &assessments,
        },
        Table { name: "x_ltc_serv", columns: &benefits::CARED, items: done.benefits.cared.len(), fill: &visited },
    ];
    let there = |table: &&Table<'_>| how.wants(table.name) && (how.benefits || !BENEFITS.contains(&table.name));
    let mut written = Vec::new();
    for table in tables.iter().filter(there) {
        let bytes = match how.format {
            Format::Csv => text(table, dirty, &mut staged)?,
            Format::Parquet => parquet(table, &mut staged)?,
        };
        written.push((table.name.to_owned(), bytes));
    }
    truth::write(done, how, &mut staged)?;
    staged.publish()?;
    Ok(written)
}

/// The tables that can be written.
pub(crate) const TABLES: [&str; 17] = [
    "admdvs_b",
    "fixmedins_b",
    "dr_b",
    "psn_info_b",
    "x_ident",
    "out_appy_d",
    "setl_d",
    "mdtrt_d",
    "setl_diag_list_d",
    "fee_list_d",
    "drug_trac_d",
    "rx_d",
    "psn_insu_d",
    "opsp_reg_d",
    "x_matn_alwn_d",
    "x_ltc_eval",
    "x_ltc_serv",
];

/// Those beside care itself, written only where they are asked for.
const BENEFITS: [&str; 6] = ["rx_d", "psn_insu_d", "opsp_reg_d", "x_matn_alwn_d", "x_ltc_eval", "x_ltc_serv"];

fn pieces(items: usize, size: usize) -> Vec<Range<usize>> {
    (0..items.div_ceil(size).max(1)).map(|at| at * size..items.min((at + 1) * size)).collect()
}

fn text(table: &Table<'_>, dirty: bool, staged: &mut Staged<'_>) -> Result<u64, SynthError> {
    let path = staged.part(&format!("{}.csv", table.name));
    let mut file = File::create(&path).map_err(|error| SynthError::at(&path, error))?;
    let mut header = table.columns.join(",");
    if dirty {
        header = format!("\u{feff}{}", header.to_uppercase().replace(',', "\t,"));
    }
    header.push('\n');
    file.write_all(header.as_bytes()).map_err(|error| SynthError::at(&path, error))?;
    let mut size = header.len() as u64;
    for wave in pieces(table.items, PIECE).chunks(16) {
        staged.wanted()?;
        let encode = |range: &Range<usize>| {
            let mut rows = Rows::lines(table.columns.len(), dirty);
            (table.fill)(range.clone(), &mut rows);
            rows.into_bytes()
        };
        for piece in wave.par_iter().map(encode).collect::<Vec<_>>() {
            file.write_all(&piece).map_err(|error| SynthError::at(&path, error))?;
            size += piece.len() as u64;
        }
    }
    Ok(size)
}

fn parquet(table: &Table<'_>, staged: &mut Staged<'_>) -> Result<u64, SynthError> {
    let parts = pieces(table.items, PART);
    let paths: Vec<PathBuf> = if let [_] = parts.as_slice() {
        vec![staged.part(&format!("{}.parquet", table.name))]
    } else {
        staged.folder(table.name)?;
        (0..parts.len()).map(|number| staged.part(&format!("{}/part-{number:04}.parquet", table.name))).collect()
    };
    let schema = rows::schema(table.columns);
    let staged = &*staged;
    let sizes: Result<Vec<u64>, SynthError> =
        parts.par_iter().zip(&paths).map(|(range, path)| part(table, &schema, range.clone(), path, staged)).collect();
    Ok(sizes?.iter().sum())
}

fn part(
    table: &Table<'_>,
    schema: &SchemaRef,
    range: Range<usize>,
    path: &Path,
    staged: &Staged<'_>,
) -> Result<u64, SynthError> {
    let file = File::create(path).map_err(|error| SynthError::at(path, error))?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::None);
    for unique in DISTINCT {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(unique), false);
    }
    let failed = |source| SynthError::Parquet { path: path.to_owned(), source };
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties.build())).map_err(failed)?;
    let mut rows = Rows::columns(table.columns.len());
    for piece in pieces(range.len(), BATCH) {
        staged.wanted()?;
        (table.fill)(range.start + piece.start..range.start + piece.end, &mut rows);
        let batch = rows.take_batch(schema).map_err(|error| SynthError::Encoding(error.to_string()))?;
        writer.write(&batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    std::fs::metadata(path).map(|facts| facts.len()).map_err(|error| SynthError::at(path, error))
}
