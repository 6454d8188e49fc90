//! Do files that somebody puts into a watched folder become batches, once each, and are bad ones put aside with a reason?

use super::batches::{SETTLEMENTS, settlement};
use super::{session, told};
use medring::serve::{ServeOptions, Server};
use medring::store::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn started(quiet: Duration) -> (TempDir, PathBuf, Server) {
    let folder = tempfile::tempdir().unwrap();
    let (path, watched) = (folder.path().join("ws"), folder.path().join("in"));
    Workspace::create(&path).unwrap();
    let options = ServeOptions { watch: vec![watched.clone()], watch_quiet: quiet, ..ServeOptions::default() };
    let server = Server::start(session(&path), options).unwrap();
    (folder, watched, server)
}

/// Puts a file there as a careful sender does: under a hidden name, then renamed.
fn put(watched: &Path, name: &str, text: &str) {
    let hidden = watched.join(format!(".{name}"));
    fs::write(&hidden, text).unwrap();
    fs::rename(hidden, watched.join(name)).unwrap();
}

fn wait_for(path: &Path) {
    let started = Instant::now();
    while !path.exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "{} does not come", path.display());
        std::thread::yield_now();
    }
}

#[test]
fn finished_files_become_batches_and_the_same_contents_count_once() {
    let (_folder, watched, server) = started(Duration::ZERO);
    let text = format!("{SETTLEMENTS}{}{}", settlement(1), settlement(2));
    put(&watched, "setl_d_20260301.csv", &text);
    wait_for(&watched.join("processed/setl_d_20260301.csv"));
    put(&watched, "setl_d_20260302.csv", &text);
    wait_for(&watched.join("processed/setl_d_20260302.csv"));
    put(&watched, "setl_d_20260301.csv", &format!("{SETTLEMENTS}{}", settlement(3)));
    wait_for(&watched.join("processed/setl_d_20260301-2.csv"));
    server.wait_ready();
    let data = told(&server, "/v1/data");
    assert_eq!((data["batches_all"].as_u64(), data["tables"][0]["read"].as_i64()), (Some(2), Some(3)));
    let source = &told(&server, "/v1/status")["sources"][0];
    assert_eq!((source["kind"].as_str(), source["refused"].as_u64()), (Some("watch"), Some(0)));
    server.stop();
}

#[test]
fn a_folder_of_tables_is_one_batch() {
    let (_folder, watched, server) = started(Duration::ZERO);
    let hidden = watched.join(".coming");
    fs::create_dir(&hidden).unwrap();
    fs::write(hidden.join("setl_d.csv"), format!("{SETTLEMENTS}{}", settlement(1))).unwrap();
    fs::write(hidden.join("psn_info_b.csv"), "psn_no,insu_admdvs\nP1,320124\n").unwrap();
    fs::rename(&hidden, watched.join("monday")).unwrap();
    wait_for(&watched.join("processed/monday"));
    server.wait_ready();
    let data = told(&server, "/v1/data");
    assert_eq!((data["batches_all"].as_u64(), data["tables"].as_array().unwrap().len()), (Some(1), 2));
    server.stop();
}

#[test]
fn what_cannot_be_taken_is_put_aside_with_a_reason_and_holds_up_nothing() {
    let (_folder, watched, server) = started(Duration::ZERO);
    put(&watched, "a_notes.txt", "not a table");
    put(&watched, "setl_d_1.csv", &format!("{SETTLEMENTS}S9,P9,H1,11,never,never,,320124,320124,1,1\n"));
    put(&watched, "setl_d_2.csv", &format!("{SETTLEMENTS}{}", settlement(1)));
    wait_for(&watched.join("processed/setl_d_2.csv"));
    for (name, code) in [("a_notes.txt", "MR-WEB-008"), ("setl_d_1.csv", "MR-WEB-009")] {
        wait_for(&watched.join("failed").join(name));
        let reason = fs::read_to_string(watched.join(format!("failed/{name}.reason.txt"))).unwrap();
        assert!(reason.starts_with(code) && reason.contains("处理") && reason.contains("Remedy"), "{reason}");
    }
    assert_eq!(told(&server, "/v1/status")["epoch"].as_u64(), Some(1));
    server.stop();
}

#[test]
fn what_is_being_written_is_left_alone() {
    let (_folder, watched, server) = started(Duration::from_secs(3_600));
    let text = format!("{SETTLEMENTS}{}", settlement(1));
    put(&watched, "setl_d_new.part", &text);
    put(&watched, "setl_d_1.csv", &text);
    let old = std::time::SystemTime::now() - Duration::from_secs(7_200);
    put(&watched, "setl_d_2.csv", &format!("{SETTLEMENTS}{}", settlement(2)));
    fs::File::options().write(true).open(watched.join("setl_d_2.csv")).unwrap().set_modified(old).unwrap();
    wait_for(&watched.join("processed/setl_d_2.csv"));
    assert!(watched.join("setl_d_1.csv").exists() && watched.join("setl_d_new.part").exists());
    server.stop();
}
