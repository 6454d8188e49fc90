//! Is the answer the same on any number of workers, and on two processes that talk over the loopback?

use super::{done, made, medring, program, text};
use std::net::TcpListener;
use std::path::Path;

fn rings(out: &Path) -> String {
    std::fs::read_to_string(out.join("rings.jsonl")).unwrap()
}

/// What became of the rows, as the first process says it.
fn conservation(out: &Path) -> serde_json::Value {
    let run: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap();
    let table = run["conservation"].clone();
    assert!(table.as_array().is_some_and(|rows| rows.iter().any(|row| row["table"] == "setl_d")), "{table}");
    table
}

/// Two ports that nobody uses now.
fn ports() -> [u16; 2] {
    let free = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    free.map(|listener| listener.local_addr().unwrap().port())
}

#[test]
fn workers_and_processes_give_one_answer() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("processes");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let world = text(&made().world);
    let out = |name: &str| text(&folder.join(name));
    done(&["detect", &world, "--out", &out("one"), "--workers", "1"]);
    let one = rings(&folder.join("one"));
    assert!(one.lines().count() >= 3, "the demo world has rings");
    done(&["detect", &world, "--out", &out("three"), "--workers", "3"]);
    assert_eq!(one, rings(&folder.join("three")), "three workers");

    let hosts = folder.join("hosts");
    std::fs::write(&hosts, ports().map(|port| format!("127.0.0.1:{port}\n")).concat()).unwrap();
    let words = |process: &str| {
        ["detect", &world, "--out", &out("two"), "--processes", "2", "--process", process, "--hosts", &text(&hosts)]
            .map(str::to_owned)
    };
    let second = program().args(words("1")).spawn().unwrap();
    let first = medring(&words("0"));
    let second = second.wait_with_output().unwrap();
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(one, rings(&folder.join("two")), "two processes");
    assert_eq!(conservation(&folder.join("one")), conservation(&folder.join("two")), "rows of both processes");
}
