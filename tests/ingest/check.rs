//! `medring check` prints a table that adds up, and ends with the code that scripts rely on.

use super::{Folder, HEADER, ROW, names, program, row_with};
use std::process::{Command, Output};

fn check(folder: &Folder, more: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(program()).arg("check").arg(folder.path()).args(more).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

#[test]
fn exit_codes_and_tables() {
    let good = format!("{ROW}\n").repeat(99);
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{good}"));
    let (code, table, _) = check(&folder, &["--lang", "en"]);
    assert_eq!(code, 0);
    assert!(table.contains("setl_d") && table.contains("99"), "{table}");

    folder.add("setl_d.csv", format!("{HEADER}\n{good}{}\n", row_with("med_type", "77")));
    let rejects = folder.path().join("rejects");
    let reject_dir = rejects.to_string_lossy();
    let (code, table, message) = check(&folder, &["--lang", "en", "--reject-dir", &reject_dir]);
    assert_eq!(code, 1, "{message}");
    assert!(table.contains("E06 unknown med_type: 1"), "{table}");
    assert_eq!(names(&rejects), ["setl_d.csv"]);
    assert_eq!(check(&folder, &["--max-reject", "0.5"]).0, 4);
    assert!(check(&folder, &["--lang", "zh"]).1.contains("医疗类别未知"));
    assert_eq!(check(&folder, &["--max-reject", "200"]).0, 2);
    folder.add("dataset.toml", "encoding = \"latin-1\"\n");
    assert_eq!(check(&folder, &[]).0, 3);
}

#[test]
fn what_cannot_be_read_is_said() {
    let (code, _, message) = check(&Folder::new(), &[]);
    assert_eq!(code, 1);
    assert!(message.contains("no table found"), "{message}");
}
