//! What is fuzzed: each function takes any bytes, gives them to a reader as a user would, and checks what must hold whatever
//! they are. The fuzz targets and the tests call the same functions.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use medring::engine::Session;
use medring::ingest::{ReadOptions, Source};
use medring::model::{Batch, Table};
use medring::serve::{ServeOptions, Server};
use medring::store::{Begin, Outcomes, Pending, StoreError, Workspace};
use medring::typology::{REPORT_SCORE_MIN, judge};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use tempfile::TempDir;
use tower::ServiceExt;

/// A target: its name, which is also that of the folder of its seeds, and what it does.
pub(crate) type Entry = (&'static str, fn(&[u8]));

/// All targets.
pub(crate) const ENTRIES: [Entry; 9] = [
    ("delimited", delimited),
    ("json_lines", json_lines),
    ("parquet", parquet),
    ("packed", packed),
    ("archive", archive),
    ("gb18030", gb18030),
    ("manifest", manifest),
    ("segment", segment),
    ("http", http),
];

/// Where files of one input lie: in memory, where the system has such a place.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// Reads tables; every row must be accounted for, with one thread and with two.
fn read(files: &[(&str, &[u8])]) {
    let folder = folder();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    // What cannot be opened is refused in words: nothing else is to be checked.
    let Ok(source) = Source::open(&[folder.path().to_owned()]) else { return };
    let mut told = Vec::new();
    for threads in [1, 2] {
        let options = ReadOptions { threads, keep_names: true, rows_per_batch: 100, ..ReadOptions::default() };
        let mut rows = 0;
        let tally = source.read(&options, &mut |batch| {
            rows += batch.rows();
            ControlFlow::Continue(())
        });
        let Ok(tally) = tally else { return };
        for (table, count) in &tally.tables {
            let kept = count.passed + count.quarantined_rows();
            assert_eq!(count.read, kept, "{}: rows are lost or counted twice", table.name());
        }
        told.push((rows, tally.tables));
    }
    assert_eq!(told[0], told[1], "threads change what is read");
}

/// CSV and TSV, of the table that the first byte names.
fn delimited(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let table = Table::ALL[usize::from(*first) % Table::ALL.len()];
    let ending = if *first >= 128 { "tsv" } else { "csv" };
    read(&[(&format!("{}.{ending}", table.name()), text)]);
}

/// JSON Lines, of the table that the first byte names.
fn json_lines(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let table = Table::ALL[usize::from(*first) % Table::ALL.len()];
    read(&[(&format!("{}.jsonl", table.name()), text)]);
}

/// Parquet, of the table that the first byte names.
fn parquet(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let table = Table::ALL[usize::from(*first) % Table::ALL.len()];
    read(&[(&format!("{}.parquet", table.name()), bytes)]);
}

/// gzip and Zstandard.
fn packed(data: &[u8]) {
    let gzip = data.first() == Some(&0x1f);
    read(&[(if gzip { "setl_d.csv.gz" } else { "setl_d.csv.zst" }, data)]);
}

/// A ZIP archive, with and without a table's name.
fn archive(data: &[u8]) {
    read(&[("all.zip", data)]);
    read(&[("setl_d.zip", data)]);
}

/// GB18030, said and guessed.
fn gb18030(data: &[u8]) {
    read(&[("fixmedins_b.csv", data)]);
    read(&[("fixmedins_b.csv", data), ("dataset.toml", b"encoding = \"gb18030\"\n")]);
}

const ROWS: &[u8] = b"setl_id,psn_no,insu_admdvs,fixmedins_code,fix_blng_admdvs,begndate,enddate,setl_time,med_type,medfee_sumamt,fund_pay_sumamt,refd_setl_flag,mdtrt_id
S1,34010000000000000000000001,340123,H34010400001,340104,2024-03-01,2024-03-05,2024-03-05 10:11:12,2101,1234.50,1000.00,0,M1
S2,34010000000000000000000002,340123,H34010400001,340104,2024-03-02,2024-03-02,2024-03-02 10:11:12,11,12.50,10.00,0,M2
";

/// `dataset.toml` beside two settlements.
fn manifest(data: &[u8]) {
    read(&[("setl_d.csv", ROWS), ("dataset.toml", data)]);
}

fn begin(store: &mut Workspace) -> Pending {
    match store.begin(None).expect("begins") {
        Begin::New(pending) => *pending,
        Begin::AlreadyCommitted(_) => unreachable!("it has no name"),
    }
}

thread_local! {
    static KEPT: RefCell<Option<(TempDir, Workspace)>> = const { RefCell::new(None) };
}

/// A workspace with one committed row, made once.
fn kept(work: impl FnOnce(&mut Workspace)) {
    KEPT.with_borrow_mut(|kept| {
        let (_, store) = kept.get_or_insert_with(|| {
            let folder = folder();
            let root = folder.path().join("ws");
            Workspace::create(&root).expect("creates");
            let mut store = Workspace::open(&root).expect("opens");
            let mut pending = begin(&mut store);
            let origin = medring::model::RowRef::new(Table::SetlD, 0, 1);
            let fact = medring::model::Settlement::default();
            let version = medring::model::Stamp(i64::MIN);
            let row = medring::model::Row { key: 1, version, content: 1, origin, live: true, fact };
            let source = medring::store::Source {
                dataset: "fuzz".to_owned(),
                files: std::collections::BTreeMap::from([(0, "fuzz.csv".to_owned())]),
            };
            let batch = Batch { settlements: vec![row], ..Batch::default() };
            pending.append(batch, &source).expect("appends");
            store.commit(pending, &Outcomes::default()).expect("commits");
            (folder, store)
        });
        work(store);
    });
}

/// A segment whose checksums are right and whose bytes are anything: what a bug of a writer would leave.
fn segment(data: &[u8]) {
    kept(|store| {
        let path = store.segments(0).expect("segments").remove(0).path;
        fs::write(&path, data).expect("written");
        let sums: Vec<u8> =
            data.chunks(64 * 1024).flat_map(|block| xxhash_rust::xxh3::xxh3_64(block).to_le_bytes()).collect();
        let database = rusqlite::Connection::open(store.path().join("medring.db")).expect("opens");
        let length = i64::try_from(data.len()).expect("short");
        let update = "UPDATE segment SET bytes = ?1, sums = ?2, rows = 1";
        database.execute(update, rusqlite::params![length, sums]).expect("updates");
        drop(database);
        let named = |error: StoreError| {
            assert!(matches!(error, StoreError::Damaged { .. }), "damage is called something else: {error}");
        };
        let mut rows = BTreeSet::from([medring::model::RowRef::new(Table::SetlD, 0, 1)]);
        let read = store.replay(0, 1_000, &mut |_, batch| {
            rows.extend(batch.settlements.iter().map(|row| row.origin));
            ControlFlow::Continue(())
        });
        read.err().map(named);
        store.facts(&rows).err().map(named);
        store.sources_of(&rows).err().map(named);
        store.verify().expect("damage is no failure of the check");
    });
}

/// Servers take so many inputs and are then made anew, so that what was taken does not pile up.
const INPUTS: usize = 300;

struct Served {
    _folder: TempDir,
    server: Server,
    runtime: tokio::runtime::Runtime,
    inputs: usize,
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

fn served() -> Served {
    let folder = folder();
    let root = folder.path().join("ws");
    Workspace::create(&root).expect("creates");
    let session = Session::open(&root, 1, judge, REPORT_SCORE_MIN).expect("opens");
    let options =
        ServeOptions { body_max: 1 << 20, rows_max: 1_000, reject_percent_max: 100.0, ..ServeOptions::default() };
    let server = Server::start(session, options).expect("starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    Served { _folder: folder, server, runtime, inputs: 0 }
}

/// The first byte says which request; what follows is its body, up to a NUL its address or content type as well.
fn http(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let (words, body) = match rest.iter().position(|byte| *byte == 0) {
        Some(at) => (String::from_utf8_lossy(&rest[..at]).into_owned(), &rest[at + 1..]),
        None => (String::new(), rest),
    };
    let kind = |kind: &str| (format!("/v1/batches?table=setl_d{words}"), kind.to_owned());
    let (address, content) = match first % 8 {
        0 => kind("text/csv"),
        1 => kind("application/x-ndjson"),
        2 => kind("application/vnd.apache.parquet"),
        3 => ("/v1/batches".to_owned(), "multipart/form-data; boundary=x".to_owned()),
        4 => ("/v1/search".to_owned(), "application/json".to_owned()),
        5 => ("/v1/cases".to_owned(), "application/json".to_owned()),
        6 => ("/v1/login".to_owned(), "application/json".to_owned()),
        _ => (format!("/v1/{words}"), String::new()),
    };
    let method = if content.is_empty() { "GET" } else { "POST" };
    let request = Request::builder().method(method).uri(&address).header("content-type", content);
    let request = request.header("x-medring", "1");
    let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
    SERVED.with_borrow_mut(|kept| {
        let one = kept.get_or_insert_with(served);
        let router: Router = one.server.router();
        let answer = one.runtime.block_on(router.oneshot(request)).expect("a router always answers");
        assert!(answer.status().as_u16() != 500, "{address}: {}", answer.status());
        one.inputs += 1;
        if one.inputs >= INPUTS
            && let Some(old) = kept.take()
        {
            old.server.stop();
        }
    });
}
