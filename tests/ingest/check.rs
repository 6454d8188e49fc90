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
fn bytes_that_are_no_letters_are_told_with_their_file_and_row() {
    let folder = Folder::new();
    let mut bytes = format!("{HEADER},psn_name\n{ROW},张三\n{ROW},李").into_bytes();
    bytes.extend([0xff, 0xfe, b'\n']);
    folder.add("setl_d.csv", bytes);
    let (_, table, _) = check(&folder, &["--lang", "en"]);
    assert!(table.contains("neither UTF-8 nor GB18030 in 1 row, from row 2 on") && table.contains("UTF-8"), "{table}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let (code, _, message) = check(&Folder::new(), &[]);
    assert_eq!(code, 4);
    assert!(message.contains("no table found"), "{message}");
}

#[test]
fn versions_and_reversals_are_decided_as_in_a_whole_run() {
    let newer = |time: &str, money: &str| ROW.replace("1234.50", money).replace("10:11:12", time);
    let back = ROW.replace("S1,", "S2,").replace("1234.50,1000.00,0", "-9999.00,-1000.00,1");
    // The same row twice, an older version after a newer one, and a reversal of more than there is.
    let rows = [newer("10:11:12", "1234.50"), newer("10:11:12", "1234.50"), back];
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    let (_, table, _) = check(&folder, &["--lang", "en", "--max-reject", "100"]);
    let out = folder.path().join("out");
    let whole = Command::new(program())
        .args(["detect", "--lang", "en", "--max-reject", "100", "--out"])
        .args([out.as_os_str(), folder.path().join("setl_d.csv").as_os_str()])
        .output()
        .expect("the program runs");
    let whole = String::from_utf8(whole.stdout).expect("UTF-8");
    let line = |text: &str| text.lines().find(|line| line.starts_with("setl_d")).map(str::to_owned);
    let heads = |text: &str| text.lines().next().map(str::to_owned);
    assert_eq!((heads(&table), line(&table)), (heads(&whole), line(&whole)), "{table}\n{whole}");
    assert!(heads(&table).is_some_and(|heads| heads.contains("duplicate")), "{table}");
    assert!(table.contains("E08") || table.contains("E09"), "{table}");
    assert!(table.contains("not netted: ¥9,999"), "{table}");
    let run: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("run.json")).expect("it is there")).expect("JSON");
    let settlements = run["conservation"].as_array().expect("a list").iter().find(|table| table["table"] == "setl_d");
    assert_eq!(settlements.and_then(|table| table["orphan_reversal_fen"].as_i64()), Some(999_900), "{run}");
}

#[test]
fn a_cut_file_is_told_in_plain_words() {
    let good = format!("{HEADER}\n{ROW}\n{ROW}\n");
    let said = |rest: &str| {
        let folder = Folder::with("setl_d.csv", format!("{good}{rest}"));
        let rejects = folder.path().join("rejects");
        let (_, table, _) = check(&folder, &["--lang", "en", "--reject-dir", &rejects.to_string_lossy()]);
        (table, std::fs::read_to_string(rejects.join("setl_d.csv")).unwrap_or_default())
    };
    let (table, rejects) = said("S3,P1,340123");
    assert!(table.contains("the last row is cut off: 3 of 13 columns; export the file again"), "{table}");
    assert!(rejects.contains("E17") && rejects.contains("the last row is cut off"), "{rejects}");
    let (table, rejects) = said("S3,P1,340123\n");
    assert!(table.contains("too few columns in the row: 1") && !table.contains("cut off"), "{table}");
    assert!(rejects.contains("fewer columns than the header"), "{rejects}");
    let (table, _) = said(&format!("S3,\"P1,340123\n{ROW}\n"));
    assert!(table.contains("a quote that is not closed: 1"), "{table}");
    let (table, rejects) = said(&ROW.replace("S1", "S3"));
    assert!(table.contains("ends without a line end") && rejects.is_empty(), "{table} {rejects}");
    let (table, _) = said("");
    assert!(!table.contains("line end") && !table.contains("E17"), "{table}");
}

#[test]
fn a_configuration_holds_where_there_is_no_manifest() {
    let folder = Folder::with("setl_d.csv", format!("{}\n{ROW}\n", HEADER.replace("psn_no", "person")));
    assert_eq!(check(&folder, &[]).0, 4);
    let config = Folder::with("site.toml", "[columns.setl_d]\nperson = \"psn_no\"\n");
    let file = config.path().join("site.toml");
    assert_eq!(check(&folder, &["--config", &file.to_string_lossy()]).0, 0);
    folder.add("dataset.toml", "");
    assert_eq!(check(&folder, &["--config", &file.to_string_lossy()]).0, 4, "the folder's own manifest goes first");
}
