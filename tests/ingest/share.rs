//! Threads, batch sizes and shares change nothing but the speed.

use super::formats::{settlements_as_csv, settlements_as_parquet};
use super::{Folder, add};
use medring::ingest::{IngestError, ReadOptions, Tally};
use medring::model::{Batch, RowRef, Table};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Four files of several chunks or row groups each, dirty rows included.
fn world() -> Folder {
    let text = settlements_as_csv(30_000);
    let folder = Folder::new();
    folder.add("setl_d/a.csv", text.replace("S00017,", "S00017,x,"));
    folder.add("setl_d/b.parquet", settlements_as_parquet(5_000, 700));
    folder.add("setl_d/c.csv", text.replace("S00018,", "\"S0\n0018\","));
    folder.add("fixmedins_b.csv", "fixmedins_code,fix_blng_admdvs\nH34010400001,340104\n");
    let mut rx = "hi_rxno,psn_no,prsc_time\n".to_owned();
    (0..500).for_each(|number| rx.push_str(&format!("R{number},P1,2024-01-01\n")));
    folder.add("rx_d.csv", rx);
    folder
}

#[test]
fn threads_and_batch_sizes_do_not_matter() {
    let folder = world();
    let expected = folder.read();
    assert_eq!(expected.0.settlements.len(), 64_999);
    assert_eq!(expected.1.tables[&Table::RxD].read, 500);
    for (threads, rows_per_batch) in [(1, 1), (2, 10_000), (3, 1_000_000), (5, 1)] {
        assert_eq!(folder.read_with(&ReadOptions { threads, rows_per_batch, ..ReadOptions::default() }), expected);
    }
}

#[test]
fn references_come_first_and_rows_in_file_order() {
    let (folder, mut tables, mut last) = (world(), Vec::new(), RowRef::default());
    let source = folder.open().expect("tables");
    let options = ReadOptions { threads: 3, rows_per_batch: 1, ..ReadOptions::default() };
    source
        .read(&options, &mut |batch| {
            tables.extend(batch.places.iter().map(|_| Table::FixmedinsB));
            for row in &batch.settlements {
                assert!(row.origin > last);
                last = row.origin;
            }
            tables.extend(batch.settlements.first().map(|_| Table::SetlD));
            ControlFlow::Continue(())
        })
        .expect("readable");
    assert_eq!((tables[0], tables[1]), (Table::FixmedinsB, Table::SetlD));
}

#[test]
fn shares_add_up_to_the_whole() {
    let folder = world();
    let (expected, tally) = folder.read();
    for of in [2, 3] {
        let (mut all, mut sum) = (Batch::default(), Tally { complete: true, ..Tally::default() });
        let mut seen = BTreeSet::new();
        for index in 0..of {
            let (batch, tally) = folder.read_with(&ReadOptions { share: (index, of), ..ReadOptions::default() });
            assert!(batch.settlements.len() < expected.settlements.len(), "a share is not the whole");
            assert!(batch.settlements.iter().all(|row| seen.insert(row.origin)));
            add(&mut all, batch);
            sum.add(&tally);
        }
        all.settlements.sort_by_key(|row| row.origin);
        assert_eq!(all, expected);
        assert_eq!(sum, tally);
    }
}

#[test]
fn the_caller_can_stop() {
    let source = world();
    let source = source.open().expect("tables");
    let mut batches = 0;
    let options = ReadOptions { rows_per_batch: 1, threads: 2, ..ReadOptions::default() };
    let tally = source.read(&options, &mut |_| {
        batches += 1;
        if batches == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!tally.expect("a stop by the caller is no error").complete);
    assert_eq!(batches, 2);
    let stop = Some(Arc::new(AtomicBool::new(true)));
    let read = source.read(&ReadOptions { stop, ..options }, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(read, Err(IngestError::Interrupted { .. })));
}
