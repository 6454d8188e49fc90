//! What does the program do when the disk fails in the middle of a batch? It says so, keeps the last epoch, and a server whose
//! sync failed writes nothing more until it is started again.

use super::child::{self, Server};
use super::{BATCHES, SEED, batches, done, program, text};
use medring::store::Workspace;
use std::path::{Path, PathBuf};

struct Made {
    _folder: tempfile::TempDir,
    workspace: String,
    batches: Vec<PathBuf>,
}

fn made() -> Made {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = text(&folder.path().join("ws"));
    done(&["init", &workspace]);
    let batches = batches::write(&folder.path().join("sent"), BATCHES, SEED);
    Made { _folder: folder, workspace, batches }
}

fn ingest(made: &Made, batch: usize, fail_point: Option<&str>) -> (Option<i32>, String) {
    let folder = text(&made.batches[batch]);
    let words = ["ingest", "run", "--workspace", &made.workspace, &folder, "--workers", "1", "--max-reject", "100"];
    child::end(child::start(&words, fail_point), None)
}

fn epoch(workspace: &str) -> u64 {
    let store = Workspace::open_reader(Path::new(workspace)).expect("opens");
    assert_eq!(store.verify().expect("verifies"), []);
    store.epoch()
}

#[test]
fn every_place_where_the_disk_can_fail_ends_in_a_clear_word_and_the_last_epoch() {
    let made = made();
    assert_eq!(ingest(&made, 0, None).0, Some(0));
    let places = [
        ("segment-create:1:readonly", "cannot create"),
        ("segment-create:1:full", "disk is full"),
        ("segment-write:2:full", "disk is full"),
        ("segment-sync:1:io", "cannot sync"),
        ("segment-rename:1:readonly", "cannot rename"),
        ("folder-sync:2:io", "cannot sync"),
        ("vault-commit:1:io", "cannot sync"),
        ("database-write:1:full", "disk is full"),
        ("database-commit:1:io", "database refused"),
    ];
    for (at, (place, says)) in places.into_iter().enumerate() {
        let (code, said) = ingest(&made, at + 1, Some(place));
        assert_eq!(code, Some(6), "{place}: {said}");
        assert!(said.contains(says), "{place}: {said}");
        assert_eq!(epoch(&made.workspace), at as u64 + 1, "{place}");
        let (code, said) = ingest(&made, at + 1, None);
        assert_eq!(code, Some(0), "after {place}: {said}");
    }
}

#[test]
fn a_sync_that_fails_stops_the_writer_until_the_server_is_started_again() {
    let made = made();
    let server = Server::start(&made.workspace, &[], Some("segment-sync:1:io"));
    let address = server.address.clone().expect("listens");
    assert_eq!(server.push(&made.batches[0], "first"), Some(500));
    // The disk answers again; what it may have dropped before is not known, so nothing is written.
    for _ in 0..2 {
        assert_eq!(server.push(&made.batches[0], "first"), Some(503));
    }
    assert!(child::look(&address, "/readyz").starts_with("HTTP/1.1 503"));
    assert!(child::look(&address, "/v1/status").contains("cannot sync"));
    assert!(child::look(&address, "/v1/rings").starts_with("HTTP/1.1 200"), "readers go on");
    server.kill();
    assert_eq!(epoch(&made.workspace), 0);
    let server = Server::start(&made.workspace, &[], None);
    assert_eq!(server.push(&made.batches[0], "first"), Some(201));
    server.kill();
    assert_eq!(epoch(&made.workspace), 1);
}

#[test]
fn a_full_disk_refuses_one_batch_and_the_next_is_taken() {
    let made = made();
    let server = Server::start(&made.workspace, &[], Some("segment-write:1:full"));
    assert_eq!(server.push(&made.batches[0], "first"), Some(500));
    assert_eq!(server.push(&made.batches[0], "first"), Some(201), "room again, and nothing had been renamed yet");
    server.kill();
    assert_eq!(epoch(&made.workspace), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let made = made();
    assert_eq!(ingest(&made, 0, None).0, Some(0));
    let folder = Path::new(&made.workspace);
    let allow = |mode| std::fs::set_permissions(folder, PermissionsExt::from_mode(mode)).expect("sets");
    // The superuser may write everywhere: then somebody else runs the program, who must be able to reach it.
    let everybody = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(everybody.path(), PermissionsExt::from_mode(0o755)).expect("sets");
    std::fs::set_permissions(folder.parent().expect("above"), PermissionsExt::from_mode(0o755)).expect("sets");
    let copy = everybody.path().join("medring");
    std::fs::copy(env!("CARGO_BIN_EXE_medring"), &copy).expect("copies");
    allow(0o555);
    let mut command = std::process::Command::new(&copy);
    command.args(["ingest", "run", "--workspace", &made.workspace, &text(&made.batches[1]), "--workers", "1"]);
    let superuser = std::process::Command::new("id").arg("-u").output().expect("id runs").stdout == b"0\n";
    if superuser {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    allow(0o755);
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!((said.contains("ws/") || said.contains("readonly")) && !said.contains("panicked"), "{said}");
    assert_eq!(epoch(&made.workspace), 1);
}

#[test]
fn a_torn_segment_is_named_and_nothing_is_found_from_it() {
    let made = made();
    assert_eq!(ingest(&made, 0, None).0, Some(0));
    let segments = Workspace::open_reader(Path::new(&made.workspace)).expect("opens").segments(0).expect("segments");
    let segment = &segments[segments.len() / 2].path;
    let whole = std::fs::read(segment).expect("reads");
    let name = segment.file_name().expect("a name").to_string_lossy().into_owned();
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(segment, &whole[..length]).expect("tears");
        let (code, out, err) = program(&["db", "check", &made.workspace, "-o", "jsonl", "--lang", "en"]);
        assert_eq!(code, Some(7), "{err}");
        assert!(out.contains(&name) && err.contains("restore"), "{out} {err}");
        let (code, said) = ingest(&made, 1, None);
        assert_eq!(code, Some(7), "{said}");
        assert!(said.contains(&name) && said.contains("db check"), "{said}");
    }
    std::fs::write(segment, &whole).expect("mends");
    assert_eq!(ingest(&made, 1, None).0, Some(0));
}

#[test]
fn a_terminated_server_finishes_what_it_was_given() {
    let made = made();
    let server = Server::start(&made.workspace, &[], None);
    let address = server.address.clone().expect("listens");
    let (folder, id) = (made.batches[0].clone(), server.id().to_string());
    let pushing = std::thread::spawn(move || child::send(&address, &folder, "first"));
    let waiting = || std::fs::read_dir(Path::new(&made.workspace).join("incoming")).map_or(0, Iterator::count);
    while waiting() == 0 {
        std::thread::yield_now();
    }
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    assert_eq!(pushing.join().expect("pushes"), Some(201));
    let (code, said) = server.wait();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(epoch(&made.workspace), 1);
}
