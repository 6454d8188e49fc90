//! How many rows a second does one thread read into facts? The thirteen required columns, batches thrown away.
//!
//! Beside it stands what a library does with the same file: the csv crate takes every record apart, the parquet crate decodes
//! the columns, and neither hashes, parses or checks anything. Estimate: 110 bytes a row take 0.1 µs to split; 13 values
//! of 10 ns each are another 0.13 µs.

use super::measure::processor;
use super::world::World;
use super::{files, text};
use csv::{ByteRecord, Reader};
use medring::ingest::{ReadOptions, Source};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::error::Error;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// As `detect` reads.
const ROWS_PER_BATCH: usize = 100_000;
/// Every file is read so often; the cheapest counts.
const ROUNDS: usize = 3;

/// Measures million rows a second of this thread.
pub(crate) fn run(size: u64, say: &mut dyn FnMut(&str, f64)) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (csv, parquet) = (folder.path().join("setl_d.csv"), folder.path().join("setl_d.parquet"));
    let world = World::new(size);
    text::bulk(&world, &csv)?;
    files::required(&world, &parquet)?;
    drop(world);
    say("csv_bytes", csv.metadata()?.len() as f64 / size as f64);
    say("parquet_bytes", parquet.metadata()?.len() as f64 / size as f64);
    say("csv", rate(size, || facts(&csv))?);
    say("parquet", rate(size, || facts(&parquet))?);
    say("csv_split", rate(size, || split(&csv))?);
    say("parquet_decoded", rate(size, || decoded(&parquet))?);
    Ok(())
}

fn rate(size: u64, read: impl Fn() -> Result<u64, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut cheapest = Duration::MAX;
    for _ in 0..ROUNDS {
        let before = processor().0;
        assert_eq!(read()?, size, "every row is read");
        cheapest = cheapest.min(processor().0.saturating_sub(before));
    }
    Ok(size as f64 / cheapest.as_secs_f64() / 1e6)
}

fn facts(path: &Path) -> Result<u64, Box<dyn Error>> {
    let mut rows = 0;
    let options = ReadOptions { rows_per_batch: ROWS_PER_BATCH, ..ReadOptions::default() };
    Source::open(&[path.to_owned()])?.read(&options, &mut |batch| {
        rows += batch.settlements.len() as u64;
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

fn split(path: &Path) -> Result<u64, Box<dyn Error>> {
    let (mut reader, mut record, mut rows, mut bytes) = (Reader::from_path(path)?, ByteRecord::new(), 0, 0);
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        bytes += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    std::hint::black_box(bytes);
    Ok(rows)
}

fn decoded(path: &Path) -> Result<u64, Box<dyn Error>> {
    let mut rows = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(4_096).build()? {
        rows += std::hint::black_box(batch?).num_rows() as u64;
    }
    Ok(rows)
}
