//! How is a world made in which the rings are known? Ordinary life, honest look-alikes and planted rings, from a seed.
//!
//! ```text
//! world (regions, places, doctors, people)
//!   ├─ ring/        plants rings        ┐
//!   ├─ lookalike/   plants honest groups├─► care/ ordinary lives around them ─► reversals ─► write/
//!   └───────────────────────────────────┘
//! ```
//! Nothing here reads what the detection does, and nothing there reads this. Everything is synthetic: no person, doctor
//! or institution exists. Cost: about a hundred bytes of memory for each settlement, all in memory once, sorted by time.

mod benefit;
mod calendar;
mod care;
mod catalogue;
mod claim;
mod draw;
mod lookalike;
mod names;
mod parameters;
mod ring;
mod scene;
mod surround;
mod world;
mod write;

pub use parameters::{Format, PERSONS_MIN, Parameters};
pub use write::make_room;

use claim::Claim;
use draw::{Draw, small};
use rayon::prelude::*;
use scene::Planted;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use world::World;

/// Why no world was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A preset, table or typology that does not exist.
    #[error("{what} «{word}» does not exist; choose one of: {choices} / «{word}» 不存在, 请从以上所列中选择")]
    Unknown {
        /// What was named.
        what: &'static str,
        /// The word.
        word: String,
        /// What exists.
        choices: String,
    },
    /// A file could not be written.
    #[error(
        "cannot write {path}: {source}; free some space or choose another folder; nothing of the world was kept / 无法写入, 未保留任何虚构数据; 请腾出空间或另选文件夹"
    )]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A Parquet file could not be written.
    #[error(
        "cannot write {path}: {source}; free some space or choose another folder; nothing of the world was kept / 无法写入, 未保留任何虚构数据; 请腾出空间或另选文件夹"
    )]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet writer said.
        source: parquet::errors::ParquetError,
    },
    /// The folder holds tables already.
    #[error(
        "{path} holds tables already ({first}; {tables} in all), which would be read together with the new ones; {remedy} / 该文件夹已有 {tables} 个数据表, 会与新表一并读取; {zh}"
    )]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// One of the tables.
        first: String,
        /// How many there are.
        tables: usize,
        /// What to do.
        remedy: &'static str,
        /// The same in Chinese.
        zh: &'static str,
    },
    /// A number is out of its range.
    #[error("{flag} {given}: takes {range} / {flag} 的值 {given} 超出上述范围, 请更改")]
    Range {
        /// What was set.
        flag: &'static str,
        /// To what.
        given: String,
        /// What it may be.
        range: String,
    },
    /// The caller asked to stop.
    #[error("interrupted; nothing of the world was kept / 已中断, 未保留任何虚构数据")]
    Interrupted,
    /// A table could not be encoded.
    #[error("cannot encode a table: {0} / 数据表无法编码")]
    Encoding(String),
}

impl SynthError {
    fn at(path: &Path, source: std::io::Error) -> SynthError {
        SynthError::File { path: path.to_owned(), source }
    }
}

/// What was made.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Insured persons.
    pub persons: usize,
    /// Institutions and pharmacies.
    pub places: usize,
    /// Rows of `setl_d`, reversals and repeats included.
    pub settlements: usize,
    /// Rings planted.
    pub rings: usize,
    /// Honest look-alike groups planted.
    pub lookalikes: usize,
    /// Tables written, with their bytes.
    pub tables: Vec<(String, u64)>,
}

/// People whose lives are drawn from one stream of chance.
const HOUSEHOLDS: u32 = 2_048;

/// Makes the world of these parameters and writes it to the folder `out`.
///
/// # Errors
/// When the parameters name what does not exist or are out of range, or a file cannot be written; then nothing is left.
pub fn generate(parameters: &Parameters, out: &Path) -> Result<Summary, SynthError> {
    generate_until(&AtomicBool::new(false), parameters, out)
}

/// As [`generate`], until `stop` becomes true.
///
/// # Errors
/// As [`generate`], and when the caller asked to stop.
pub fn generate_until(stop: &AtomicBool, parameters: &Parameters, out: &Path) -> Result<Summary, SynthError> {
    parameters.check()?;
    let mut world = World::build(parameters);
    let mut planted = Planted::default();
    ring::plant(&world, parameters, &mut planted);
    let rings = planted.stories.len();
    lookalike::plant(&world, parameters, &mut planted);
    let lookalikes = planted.stories.len() - rings;
    for (place, opened, closed) in std::mem::take(&mut planted.contracts) {
        let place = &mut world.places[place as usize];
        place.opened = opened.unwrap_or(place.opened);
        place.closed = closed.or(place.closed);
    }
    let alive = if parameters.benefits {
        benefit::ordinary::leavers(&mut world, &planted.gone);
        benefit::ordinary::deaths(&world, &mut planted.benefits)
    } else {
        std::collections::BTreeSet::new()
    };
    let mut claims = lives(&world, &mut planted, &alive);
    if stop.load(Ordering::Relaxed) {
        return Err(SynthError::Interrupted);
    }
    if parameters.benefits {
        benefit::ordinary::fill(&world, &mut claims, &mut planted.benefits);
        claims.par_sort_unstable_by_key(|claim| (claim.settled, claim.key, claim.form));
    }
    let (links, filings, packs) = surround::surround(&world, parameters, &claims, &mut planted);
    let done = write::Finished {
        world: &world,
        claims,
        packs,
        filings,
        links,
        benefits: std::mem::take(&mut planted.benefits),
        labels: std::mem::take(&mut planted.labels),
        stories: std::mem::take(&mut planted.stories),
    };
    let tables = write::write(&done, parameters, out, stop)?;
    Ok(Summary {
        persons: world.people.persons.len(),
        places: world.places.len(),
        settlements: done.claims.len(),
        rings,
        lookalikes,
        tables,
    })
}

/// Everybody's ordinary life, with what was planted, reversals included, in order of settlement. It ends with death, but for
/// those who are `alive` and dead in the register only.
fn lives(world: &World, planted: &mut Planted, alive: &std::collections::BTreeSet<u32>) -> Vec<Claim> {
    let busy: care::Busy = std::mem::take(&mut planted.beds).into_iter().collect();
    let mut lying = std::mem::take(&mut planted.lying);
    lying.sort_unstable();
    let households = small(world.people.households.len() - 1);
    let chunks: Vec<u32> = (0..households).step_by(HOUSEHOLDS as usize).collect();
    let last = world.window.last;
    let live = |first: &u32| {
        let mut draw = Draw::new(world.seed, 1_000 + u64::from(*first));
        let mut claims = care::life(world, &mut draw, *first..households.min(first + HOUSEHOLDS), (&busy, &lying));
        care::reversal::churn(&mut draw, &care::reversal::USUAL, last, &mut claims);
        claims
    };
    let mut claims: Vec<Claim> = chunks.par_iter().flat_map_iter(live).collect();
    let succeed = |claim: &mut Claim| {
        if claim.doctor != claim::NONE {
            claim.doctor = world.successor(claim.doctor, claim.begin);
        }
    };
    claims.iter_mut().for_each(succeed);
    let deaths = &planted.benefits.deaths;
    if !deaths.is_empty() {
        let before = |claim: &Claim| deaths.get(&claim.person).is_none_or(|day| claim.begin <= *day);
        claims.retain(|claim| alive.contains(&claim.person) || before(claim));
    }
    let mut draw = Draw::new(world.seed, 2);
    let mut extra = std::mem::take(&mut planted.claims);
    extra.iter_mut().filter(|claim| !planted.sealed.contains(&claim.visit)).for_each(succeed);
    care::reversal::churn(&mut draw, &care::reversal::USUAL, last, &mut extra);
    claims.append(&mut extra);
    claims.par_sort_unstable_by_key(|claim| (claim.settled, claim.key, claim.form));
    claims
}
