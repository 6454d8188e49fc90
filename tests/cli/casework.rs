//! `case new|show|move|assign|approve`: the rules of the page, by named accounts, with the same log.

use super::{Ended, done, made, medring, text};
use medring::store::{AccountRole, Office};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A copy of the made workspace with accounts: lin and luo investigate, ren reviews, shen audits.
pub(super) struct Desk {
    pub(super) folder: TempDir,
    pub(super) workspace: String,
    secret: String,
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

impl Desk {
    pub(super) fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, secret) = (folder.path().join("ws"), folder.path().join("password"));
        copy(&made().workspace, &workspace);
        std::fs::write(&secret, "correct horse battery\n").unwrap();
        let mut office = Office::open(&workspace).unwrap();
        let roles = [
            ("lin", AccountRole::Investigator),
            ("luo", AccountRole::Investigator),
            ("ren", AccountRole::Reviewer),
            ("shen", AccountRole::Auditor),
        ];
        for (name, role) in roles {
            office.add_account(name, role, &[], "correct horse battery", 0).unwrap();
        }
        Desk { folder, workspace: text(&workspace), secret: text(&secret) }
    }

    /// What an account does.
    pub(super) fn by(&self, name: &str, words: &[&str]) -> Ended {
        let at = ["--workspace", &self.workspace, "--as", name, "--password-file", &self.secret, "--lang", "en"];
        medring(&[words, &at].concat())
    }

    pub(super) fn told(&self, name: &str, words: &[&str]) -> Value {
        let ended = self.by(name, words);
        assert_eq!(ended.code, Some(0), "{words:?}: {}", ended.err);
        ended.lines().remove(0)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn ring(&self) -> String {
        let rings = done(&["ring", "ls", "--workspace", &self.workspace]).lines();
        rings[0]["ring_id"].as_str().unwrap().to_owned()
    }

    /// A case of lin and luo that stands before the hand-over.
    pub(super) fn before_handover(&self) -> String {
        let opened = self.told("lin", &["case", "new", "一案", "--ring", &self.ring()]);
        let case = opened["case"]["id"].as_str().unwrap().to_owned();
        self.told("lin", &["case", "assign", &case, "--second", "luo"]);
        for stage in ["check", "administrative", "investigation", "handover"] {
            self.told("lin", &["case", "move", &case, "--to", stage]);
        }
        case
    }
}

#[test]
fn a_case_goes_its_way_from_the_command_line() {
    let desk = Desk::new();
    let case = desk.before_handover();
    let shown = desk.told("luo", &["case", "show", &case]);
    assert_eq!((&shown["case"]["stage"], &shown["case"]["second"]), (&"handover".into(), &"luo".into()));
    assert!(shown["evidence_all"].as_u64() > Some(0) && shown["schema_version"] == 1);
    let claims = shown["rings"][0]["claims"].as_array().unwrap();
    assert!(!claims.is_empty() && claims.iter().all(|claim| claim["proven"] == true), "{shown}");

    // Whoever asked cannot agree; a step that waits blocks others; a refusal needs a reason.
    desk.told("lin", &["case", "move", &case, "--to", "receipt", "--why", "ready"]);
    let own = desk.by("lin", &["case", "approve", &case]);
    assert!(own.code == Some(1) && own.err.contains("MR-WEB-020"), "{}", own.err);
    assert_eq!(desk.by("luo", &["case", "move", &case, "--to", "investigation"]).code, Some(1));
    assert_eq!(desk.by("luo", &["case", "approve", &case, "--refuse"]).code, Some(2));
    let refused = desk.told("luo", &["case", "approve", &case, "--refuse", "--why", "not yet"]);
    assert_eq!((&refused["case"]["stage"], &refused["case"]["asked"]), (&"handover".into(), &Value::Null));
    desk.told("lin", &["case", "move", &case, "--to", "receipt"]);
    assert_eq!(desk.told("luo", &["case", "approve", &case])["case"]["stage"], "receipt");

    // A verdict goes with its reason, and the store says so afterwards.
    desk.told("lin", &["case", "move", &case, "--to", "criminal"]);
    assert_eq!(desk.by("lin", &["case", "move", &case, "--to", "closed"]).code, Some(1));
    let wrong = ["case", "move", &case, "--to", "closed", "--verdict", "confirmed", "--reason", "family"];
    assert_eq!(desk.by("lin", &wrong).code, Some(1));
    let right = ["case", "move", &case, "--to", "closed", "--verdict", "confirmed", "--reason", "organised_fraud"];
    desk.told("lin", &right);
    desk.told("ren", &["case", "approve", &case]);
    let verdicts = done(&["case", "verdicts", "--workspace", &desk.workspace]);
    let lines = verdicts.lines();
    assert_eq!((&lines[0]["verdict"], &lines[0]["case"]), (&"confirmed".into(), &case.as_str().into()));
    // What was decided comes back as it was told.
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| text(&folder.path().join(name));
    std::fs::write(file("verdicts"), &verdicts.out).unwrap();
    let learned = done(&["calibrate", "--verdicts", &file("verdicts"), "--out", &file("out"), "-o", "jsonl"]).lines();
    assert_eq!((&learned[0]["typology"], &learned[0]["confirmed"]), (&lines[0]["typology"], &1.into()));
    let table = desk.by("lin", &["case", "show", &case, "-o", "table"]);
    assert!(table.out.contains("receipt → criminal") && table.out.contains("second officer luo"), "{}", table.out);
}

#[test]
fn who_may_not_cannot_and_the_log_says_so() {
    let desk = Desk::new();
    let nobody = medring(&["case", "show", "C-2026-0001", "--workspace", &text(&made().workspace), "--as", "lin"]);
    assert_eq!(nobody.code, Some(2), "no terminal: {}", nobody.err);
    let auditor = desk.by("shen", &["case", "new", "x"]);
    assert!(auditor.code == Some(5) && auditor.err.contains("MR-WEB-017"), "{}", auditor.err);
    assert_eq!(desk.by("stranger", &["case", "new", "x"]).code, Some(5));
    let opened = desk.told("lin", &["case", "new", "一案"]);
    let case = opened["case"]["id"].as_str().unwrap();
    // Somebody who is not of the case does not learn that it is there.
    let foreign = desk.by("luo", &["case", "show", case]);
    assert!(foreign.code == Some(1) && foreign.err.contains("MR-WEB-019"), "{}", foreign.err);
    assert_eq!(desk.by("lin", &["case", "assign", case, "--second", "lin"]).code, Some(2));
    assert_eq!(desk.by("lin", &["case", "assign", case, "--second", "stranger"]).code, Some(2));
    assert_eq!(desk.by("lin", &["case", "new", "x", "--ring", "R-none"]).code, Some(1));
    let staffed = desk.told("lin", &["case", "assign", case, "--second", "luo", "--member", "ren"]);
    let again = desk.told("lin", &["case", "assign", case]);
    assert_eq!((&again["case"]["second"], &again["case"]["members"]), (&"luo".into(), &staffed["case"]["members"]));

    let log = done(&["audit", "export", "--workspace", &desk.workspace]).lines();
    let of = |actor: &str, action: &str, outcome: &str| {
        let fits = |line: &&Value| line["actor"] == actor && line["action"] == action && line["outcome"] == outcome;
        log.iter().filter(fits).count()
    };
    assert_eq!((of("shen", "open_case", "refused"), of("lin", "open_case", "done")), (1, 1));
    assert_eq!((of("luo", "read_case", "refused"), of("lin", "staff_case", "done")), (1, 2));
    assert_eq!(of("(unknown)", "sign_in", "refused"), 1);
    done(&["audit", "verify", "--workspace", &desk.workspace]);
    let log = std::fs::read_to_string(&desk.secret).unwrap();
    let audit = done(&["audit", "export", "--workspace", &desk.workspace]).out;
    assert!(!audit.contains(log.trim()) && !audit.contains("stranger"), "what was typed stands in no log");
}

#[test]
fn a_name_that_was_tried_too_often_is_locked_here_as_well() {
    let desk = Desk::new();
    std::fs::write(desk.path("wrong"), "wrong password\n").unwrap();
    let wrong = text(&desk.path("wrong"));
    let words = ["case", "new", "x", "--workspace", &desk.workspace, "--as", "lin", "--password-file", &wrong];
    for _ in 0..medring::store::FAILURES_MAX {
        let ended = medring(&words);
        assert!(ended.code == Some(5) && ended.err.contains("MR-WEB-014"), "{}", ended.err);
    }
    let locked = desk.by("lin", &["case", "new", "x"]);
    assert!(locked.code == Some(5) && locked.err.contains("MR-WEB-015"), "{}", locked.err);
}
