//! How do visits look as CSV? The thirteen columns that a settlement must have, and what else a row is asked to say.

use super::world::{FIRST_DAY, Visit, World, doctor_name};
use medring::model::Day;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

/// The columns that `setl_d` must have.
pub(crate) const REQUIRED: [&str; 13] = [
    "setl_id",
    "mdtrt_id",
    "psn_no",
    "insu_admdvs",
    "fixmedins_code",
    "fix_blng_admdvs",
    "begndate",
    "enddate",
    "setl_time",
    "med_type",
    "medfee_sumamt",
    "fund_pay_sumamt",
    "refd_setl_flag",
];

/// All visits, the required columns only.
pub(crate) fn bulk(world: &World, path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{}", REQUIRED.join(","))?;
    for (row, visit) in (1..).zip(&world.visits) {
        required(&mut out, world, row, visit)?;
        writeln!(out)?;
    }
    out.flush()
}

/// A batch: visits that come, with their doctors, and visits that go, which are sent again as no longer valid.
pub(crate) fn batch(world: &World, come: &[(u64, Visit)], go: &[(u64, Visit)], path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{},atddr_no,vali_flag", REQUIRED.join(","))?;
    for (visits, valid) in [(come, 1), (go, 0)] {
        for (row, visit) in visits {
            required(&mut out, world, *row, visit)?;
            writeln!(out, ",{},{valid}", doctor_name(visit.place, visit.doctor))?;
        }
    }
    out.flush()
}

fn required(out: &mut impl Write, world: &World, row: u64, visit: &Visit) -> Result<()> {
    let begin = Day(FIRST_DAY + visit.day.cast_signed());
    let end = Day(begin.0 + visit.nights.cast_signed());
    let (home, area) = world.areas(visit);
    let Visit { person, place, fen, .. } = visit;
    let half = fen / 2;
    write!(out, "S{row},S{row},P{person},{home},H{place},{area},{begin},{end},{end} 10:00:00,21,")?;
    write!(out, "{}.{:02},{}.{:02},0", fen / 100, fen % 100, half / 100, half % 100)
}
