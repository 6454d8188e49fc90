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
        (words(&["detect", &world, "--out", &file]), 6, "choose another output folder"),
        (words(&["synth", &here, "--persons", "499"]), 2, "500"),
        (words(&["synth", &here, "--persons", "600", "--rings", "7"]), 2, "at most 6"),
        (words(&["synth", &here, "--camouflage", "nan"]), 2, "0 to 2"),
        (words(&["synth", &here, "--rotate", "0.6"]), 2, "0 to 0.5"),
        (words(&["path", "person:A", "person:A", "--input", &world]), 2, "same party"),
        (words(&["path", "person:A", "person:B", "--input", &world, "-k", "0"]), 2, "1 to 20"),
        (words(&["path", "person:A", "person:B", "--input", &world, "--via", "person:B"]), 2, "--via"),
        (words(&["path", "person:A", "person:B", "--input", &world, "--avoid", "person:A"]), 2, "--avoid"),
        (
            words(&["path", "person:A", "person:B", "--input", &world, "--within", "2024-02-01..2024-01-01"]),
            2,
            "earlier",
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
