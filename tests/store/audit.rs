//! Does the log show each entry that somebody edited, deleted, reordered or cut off by hand?

use medring::store::{Deed, Flaw, Head, Office, Workspace};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn logged(entries: usize) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    let mut office = Office::open(&path).unwrap();
    for number in 0..entries {
        let (actor, action) = (format!("a{}", number % 3), "read_ring".to_owned());
        let object = format!("R-{number}");
        let deed = Deed { at_ms: 1_000, actor, action, object, outcome: "done".to_owned(), ..Deed::default() };
        office.record(&deed).unwrap();
    }
    (folder, path)
}

fn flaws(path: &Path) -> Vec<Flaw> {
    Office::open(path).unwrap().verify_audit(None).unwrap().flaws
}

/// Somebody with the file in hand, who takes the guards away first.
fn by_hand(path: &Path, statements: &str) {
    let database = Connection::open(path.join("office.db")).unwrap();
    assert!(database.execute("UPDATE audit SET actor = 'x' WHERE seq = 1", []).is_err(), "the log can be edited");
    assert!(database.execute("DELETE FROM audit WHERE seq = 1", []).is_err(), "the log can be emptied");
    database.execute_batch("DROP TRIGGER audit_is_never_edited; DROP TRIGGER audit_is_never_deleted;").unwrap();
    database.execute_batch(statements).unwrap();
}

#[test]
fn what_was_done_by_hand_is_named() {
    let swap = "UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 99;";
    let moved = |seq, was| Flaw::Moved { seq, was };
    let cases: [(&str, Vec<Flaw>); 8] = [
        ("", vec![]),
        ("UPDATE audit SET object = 'R-other' WHERE seq = 5", vec![Flaw::Edited(5)]),
        ("UPDATE audit SET at_ms = 999 WHERE seq IN (1, 9)", vec![Flaw::Edited(1), Flaw::Edited(9)]),
        ("DELETE FROM audit WHERE seq BETWEEN 3 AND 4", vec![Flaw::Deleted(3, 4)]),
        ("DELETE FROM audit WHERE seq = 1", vec![Flaw::Deleted(1, 1)]),
        (swap, vec![moved(4, 6), moved(6, 4)]),
        ("DELETE FROM audit WHERE seq > 7", vec![Flaw::CutOff { left: 7, were: 9 }]),
        ("DELETE FROM audit", vec![Flaw::CutOff { left: 0, were: 9 }]),
    ];
    for (statements, expected) in cases {
        let (_folder, path) = logged(9);
        by_hand(&path, statements);
        assert_eq!(flaws(&path), expected, "{statements}");
    }
}

#[test]
fn an_entry_whose_hash_was_worked_out_anew_is_missed_by_the_next() {
    let (_folder, path) = logged(9);
    // The hash of another log whose fifth entry says something else: what a forger who knows the rule would write.
    let (_other, forged) = logged(4);
    let mut office = Office::open(&forged).unwrap();
    let deed = Deed {
        at_ms: 1_000,
        actor: "a1".into(),
        action: "read_ring".into(),
        object: "R-x".into(),
        outcome: "done".into(),
        ..Deed::default()
    };
    let head = office.record(&deed).unwrap();
    by_hand(&path, &format!("UPDATE audit SET object = 'R-x', hash = x'{}' WHERE seq = 5", head.hash));
    assert_eq!(flaws(&path), [Flaw::Replaced(5)]);
}

#[test]
fn a_log_that_was_worked_out_whole_is_shown_by_a_head_noted_elsewhere() {
    let (_folder, path) = logged(5);
    let noted: Head = {
        let office = Office::open(&path).unwrap();
        let head = office.verify_audit(None).unwrap().head;
        format!("{}:{}", head.count, head.hash).parse().unwrap()
    };
    let (_other, anew) = logged(4);
    for name in ["office.db", "audit.head"] {
        let _ = fs::remove_file(path.join(format!("{name}-wal")));
        let _ = fs::remove_file(path.join(format!("{name}-shm")));
        fs::copy(anew.join(name), path.join(name)).unwrap();
    }
    let office = Office::open(&path).unwrap();
    assert_eq!(office.verify_audit(None).unwrap().flaws, []);
    assert_eq!(office.verify_audit(Some(&noted)).unwrap().flaws, [Flaw::CutOff { left: 4, were: 5 }]);
    drop(office);
    fs::remove_file(path.join("audit.head")).unwrap();
    assert_eq!(flaws(&path), [Flaw::NoHead]);
    assert!("5:xyz".parse::<Head>().is_err() && "nonsense".parse::<Head>().is_err());
}

#[test]
fn writers_of_several_processes_make_one_chain() {
    let (_folder, path) = logged(1);
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut office = Office::open(&path).unwrap();
                for _ in 0..10 {
                    office.record(&Deed { actor: format!("w{writer}"), ..Deed::default() }).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    let found = Office::open(&path).unwrap().verify_audit(None).unwrap();
    assert_eq!((found.head.count, found.flaws), (41, vec![]));
}
