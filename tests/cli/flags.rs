//! Are wrong words refused before anything is read, and are the figures of a run what they say they are?

use super::{done, made, medring, text};
use serde_json::json;
use std::fs;

const HEAD: &str = "setl_id,psn_no,insu_admdvs,fixmedins_code,fix_blng_admdvs,begndate,enddate,setl_time,med_type,medfee_sumamt,fund_pay_sumamt";

#[test]
fn flags_out_of_range_are_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (here, world) = (text(folder.path()), text(&made().world));
    let file = folder.path().join("file");
    fs::write(&file, "{}").unwrap();
    let (file, workspace) = (text(&file), text(&made().workspace));
    let out = text(&folder.path().join("out"));
    let detect =
        |more: &[&str]| [&["detect", &world, "--out", &out], more].concat().into_iter().map(str::to_owned).collect();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let cases: Vec<(Vec<String>, i32, &str)> = vec![
        (detect(&["--max-reject", "nan"]), 2, "0 to 100"),
        (detect(&["--max-reject", "101"]), 2, "0 to 100"),
        (detect(&["--processes", "0"]), 2, "from 1"),
        (detect(&["--processes", "2", "--process", "2"]), 2, "0 to 1"),
        (detect(&["--processes", "2"]), 2, "--hosts"),
        (detect(&["--hosts", &file]), 2, "--processes"),
        (detect(&["--process", "0"]), 2, "--processes"),
        (detect(&["--workers", "0"]), 2, "1 to 256"),
        (detect(&["--workers", "257"]), 2, "1 to 256"),
        (detect(&["--calibration", &file]), 3, "medring calibrate"),
        (detect(&["--max-reject", "-3"]), 2, "--max-reject -3: takes a percentage"),
        (detect(&["--config", &text(&folder.path().join("none.toml"))]), 3, "none.toml"),
        (detect(&["--config", &file]), 3, "file"),
        (words(&["check", &world, "--threads", "0"]), 2, "--threads 0"),
        (words(&["synth", &here, "--persons", "99999999999"]), 2, "99999999999"),
        (words(&["synth", &here, "--settlements", "999999999999"]), 2, "--settlements"),
        (words(&["detect", &world, "--out", &file]), 6, "is a file: name a folder"),
        (words(&["synth", &here, "--persons", "499"]), 2, "500"),
        (words(&["synth", &here, "--persons", "600", "--rings", "7"]), 2, "at most 6"),
        (words(&["synth", &here, "--camouflage", "nan"]), 2, "0 to 2"),
        (words(&["synth", &here, "--rotate", "0.6"]), 2, "0 to 0.5"),
        (words(&["path", "person:A", "person:A", "--input", &world, "--lang", "en"]), 2, "same party"),
        (words(&["path", "person:A", "person:B", "--input", &world, "--hub-penalty", "-1"]), 2, "--hub-penalty -1"),
        (words(&["path", "person:A", "person:B", "--input", &world, "-k", "0", "--lang", "en"]), 2, "1 to 20"),
        (words(&["path", "person:A", "person:B", "--input", &world, "--via", "person:B"]), 2, "--via"),
        (words(&["path", "person:A", "person:B", "--input", &world, "--avoid", "person:A"]), 2, "--avoid"),
        (
            words(&["path", "person:A", "person:B", "--input", &world, "--within", "2024-02-01..2024-01-01"]),
            2,
            "FIRST..LAST",
        ),
        (words(&["ring", "ls", "--workspace", &workspace, "--typology", "moon"]), 2, "card_pool"),
    ];
    for (words, code, says) in cases {
        let ended = medring(&words);
        assert_eq!(ended.code, Some(code), "{words:?}: {}", ended.err);
        assert!(ended.err.contains(says) && ended.out.is_empty(), "{words:?}: {}", ended.err);
    }
    let id = done(&["ring", "ls", "--workspace", &workspace]).lines()[0]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(medring(&["ring", "diff", &id, "1..9", "--workspace", &workspace]).code, Some(2));
}

#[test]
fn run_json_tells_of_files_that_are_cut_and_columns_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).unwrap();
    let row = "S1,P1,340100,H1,340100,2024-01-03,2024-01-05,2024-01-05,2101,10,5,red";
    fs::write(input.join("setl_d.csv"), format!("{HEAD},colour\n{row}\n{row}\nS2,P2,3401")).unwrap();
    let ended = done(&["detect", &text(&input), "--out", &text(&out), "--lang", "en", "--max-reject", "50"]);
    assert!(ended.out.contains("0 suspected leads"), "{}", ended.out);
    let run: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let remarks = run["conservation"][0]["remarks"].as_array().unwrap();
    let told = |lang: &str, word: &str| remarks.iter().any(|one| one[lang].as_str().unwrap().contains(word));
    assert!(told("en", "columns not used: colour") && told("en", "cut off") && told("zh", "截断"), "{remarks:?}");
    assert!(told("en", "E17: first in") && told("en", "row 3") && told("zh", "第 3 行"), "{remarks:?}");
}

/// What a workspace takes in, it trusts for good: half a file is refused.
#[test]
fn a_file_that_ends_in_the_middle_of_a_row_is_not_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let (input, workspace) = (folder.path().join("setl_d.csv"), text(&folder.path().join("ws")));
    let row = "S1,P1,340100,H1,340100,2024-01-03,2024-01-05,2024-01-05,2101,10,5";
    let rows = vec![row; 40].join("\n");
    done(&["init", &workspace]);
    fs::write(&input, format!("{HEAD}\n{rows}\nS2,P2,3401")).unwrap();
    let refused = medring(&["ingest", "run", "--workspace", &workspace, &text(&input)]);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert!(refused.err.contains("setl_d.csv: the last row is cut off: 3 of 11 columns"), "{}", refused.err);
    fs::write(&input, format!("{HEAD}\n{rows}\n")).unwrap();
    done(&["ingest", "run", "--workspace", &workspace, &text(&input)]);
}

/// A limit on the size of files is a full disk to whoever writes: words, an exit code, and nothing left behind.
#[cfg(unix)]
#[test]
fn a_limit_on_files_ends_with_words() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = "ulimit -f 20; exec \"$0\" detect \"$1\" --out \"$2\"";
    let mut shell = std::process::Command::new("sh");
    let ended =
        shell.args(["-c", run, env!("CARGO_BIN_EXE_medring"), &text(&made().world), &text(&out)]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(6), "{told}");
    assert!(told.contains("out/"), "{told}");
    let left: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_run_without_settlements_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(&folder.path().join("out"));
    let table = folder.path().join("setl_d.csv");
    fs::write(&table, format!("{HEAD}\n")).unwrap();
    let empty = done(&["detect", &text(&table), "--out", &out, "--lang", "en"]);
    assert!(empty.err.contains("setl_d has no rows"), "{}", empty.err);
    let persons = folder.path().join("psn_info_b.csv");
    fs::write(&persons, "psn_no,insu_admdvs\nP1,340100\n").unwrap();
    let none = medring(&["detect", &text(&persons), "--out", &out, "--lang", "en"]);
    assert_eq!(none.code, Some(4), "{}", none.err);
    assert!(none.err.contains("setl_d"), "{}", none.err);
}

#[test]
fn figures_of_a_run_count_persons_and_what_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).unwrap();
    let rows = [
        "S1,P1,340100,H1,340100,2024-01-03,2024-01-05,2024-01-05,2101,10,5,",
        "S2,P2,340100,H1,340100,2024-01-01,2024-01-02,2024-01-02,2101,10,5,",
        "S3,P2,340100,H1,340100,2024-01-01,2024-01-02,2024-01-02,2101,-10,-5,S2",
        "S4,P3,340100,H1,340100,2024-02-01,2024-02-09,2024-02-09,2101,10,5,",
    ];
    fs::write(input.join("setl_d.csv"), format!("{HEAD},init_setl_id\n{}\n", rows.join("\n"))).unwrap();
    let held = "ident_type,ident_value,holder_type,holder_id,role\nphone,13900000000,fixmedins,H9,contact\nphone,13900000000,psn,P1,contact\n";
    fs::write(input.join("x_ident.csv"), held).unwrap();
    let figures = |workers: &str| {
        done(&["detect", &text(&input), "--out", &text(&out), "--workers", workers]);
        let run: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
        ["persons", "settlements", "first_day", "last_day"].map(|name| run[name].clone())
    };
    let expected = json!([3, 2, "2024-01-03", "2024-02-09"]);
    assert_eq!(json!(figures("1")), expected);
    assert_eq!(json!(figures("3")), expected);
}
