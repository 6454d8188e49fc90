//! `report build`: a function of the workspace, checked against what the other verbs say.

use super::casework::Desk;
use super::{done, made, medring, text};
use medring::report::periodic::{Period, Rhythm};
use serde_json::Value;
use std::path::Path;

fn build(workspace: &str, out: &Path, more: &[&str]) -> Vec<Value> {
    let out = text(out);
    let words = ["report", "build", "weekly", "--workspace", workspace, "--out", &out];
    done(&[&words[..], more].concat()).lines()
}

fn json(folder: &Path, period: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(format!("rings-{period}.json"))).unwrap()).unwrap()
}

/// When the batches of a workspace were committed; moves them where asked to.
fn committed(workspace: &str, moved: Option<(u64, i64)>) -> Vec<i64> {
    let database = rusqlite::Connection::open(Path::new(workspace).join("medring.db")).unwrap();
    if let Some((epoch, at)) = moved {
        let update = "UPDATE epoch SET committed_at = ?2 WHERE epoch = ?1";
        database.execute(update, rusqlite::params![epoch.cast_signed(), at]).unwrap();
    }
    let mut rows = database.prepare("SELECT committed_at FROM epoch ORDER BY epoch").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn the_same_workspace_gives_the_same_bytes_and_what_ring_ls_says() {
    let workspace = text(&made().workspace);
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    let (first, second) = (build(&workspace, &one, &[]), build(&workspace, &other, &[]));
    assert_eq!(first.len(), 3);
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(a["sha256"], b["sha256"], "{}", a["file"]);
    }
    let period = first[0]["period"].as_str().unwrap();
    let at = *committed(&workspace, None).last().unwrap();
    assert_eq!(period, Period::at(Rhythm::Weekly, at).to_string());
    let report = json(&one, period);
    let rings = done(&["ring", "ls", "--workspace", &workspace]).lines();
    assert_eq!(report["rings"].as_u64(), Some(rings.len() as u64));
    let fund: i64 = rings.iter().map(|ring| ring["amount"]["fund_fen"].as_i64().unwrap()).sum();
    let figure = |code: &str| {
        let figures = report["totals"].as_array().unwrap();
        figures.iter().find(|figure| figure["code"] == code).unwrap()["now"].as_i64().unwrap()
    };
    assert_eq!((figure("rings"), figure("fund_fen")), (i64::try_from(rings.len()).unwrap(), fund));
    assert_eq!(report["top"][0]["ring"], rings[0]["ring_id"]);
    assert!(!report["top"][0]["sentence"]["zh"].as_str().unwrap().is_empty());
    // One batch: every ring is new, and the conservation table closes.
    let born = report["changes"].as_array().unwrap().iter().find(|change| change["event"] == "born").unwrap();
    assert_eq!(born["count"].as_u64(), Some(rings.len() as u64));
    for line in report["quality"].as_array().unwrap() {
        let sum: u64 = ["accepted", "corrected", "stale", "duplicate", "retracted", "quarantined"]
            .iter()
            .map(|word| line[word].as_u64().unwrap())
            .sum();
        assert_eq!(line["read"].as_u64(), Some(sum), "{line}");
    }
    // Masked: no identifier of a person stands in any of the files; the page holds both languages.
    let page = std::fs::read_to_string(one.join(format!("rings-{period}.html"))).unwrap();
    let everything = format!("{page}{report}");
    for ring in &rings {
        for member in ring["members"].as_array().unwrap().iter().filter(|member| member["kind"] == "person") {
            assert!(!everything.contains(member["id"].as_str().unwrap()), "{member}");
        }
    }
    assert!(page.contains("本期变化") && page.contains("What changed") && !page.contains("http://"));
    let book = std::fs::read(one.join(format!("rings-{period}.xlsx"))).unwrap();
    assert!(book.starts_with(b"PK"));
}

#[test]
fn changes_and_corrections_are_those_between_two_periods() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = text(&folder.path().join("ws"));
    done(&["init", &workspace]);
    let world = &made().world;
    for (part, wanted) in [("early", true), ("late", false)] {
        let batch = folder.path().join(part);
        std::fs::create_dir(&batch).unwrap();
        let all = std::fs::read_to_string(world.join("setl_d.csv")).unwrap();
        let (head, rows) = all.split_once('\n').unwrap();
        let at = head.split(',').position(|column| column == "setl_time").unwrap();
        let rows = rows.lines().filter(|row| (row.split(',').nth(at).unwrap() < "2023-07") == wanted);
        std::fs::write(batch.join("setl_d.csv"), format!("{head}\n{}\n", rows.collect::<Vec<_>>().join("\n"))).unwrap();
        done(&["ingest", "run", "--workspace", &workspace, &text(&batch)]);
    }
    // The batches came in two weeks: 2026-W46 and 2026-W47, both on a Monday at noon in Beijing.
    let weeks = ["2026-W46", "2026-W47"].map(|name| Period::named(name).unwrap().bounds().0 + 12 * 3_600);
    committed(&workspace, Some((1, weeks[0])));
    committed(&workspace, Some((2, weeks[1])));
    let out = folder.path().join("out");
    for week in ["2026-W46", "2026-W47"] {
        build(&workspace, &out, &["--week", week, "--format", "json"]);
    }
    let (before, now) = (json(&out, "2026-W46"), json(&out, "2026-W47"));
    assert_eq!((&before["epoch"], &now["epoch_before"], &now["epoch"]), (&1.into(), &1.into(), &2.into()));
    let new = done(&["ring", "ls", "--workspace", &workspace, "--new"]).lines();
    let top = now["top"].as_array().unwrap().iter().chain(before["top"].as_array().unwrap());
    assert!(top.clone().count() > 0 && !new.is_empty());
    let count = |report: &Value, event: &str| {
        let changes = report["changes"].as_array().unwrap();
        changes.iter().find(|change| change["event"] == event).unwrap()["count"].as_u64().unwrap()
    };
    let came = new.iter().filter(|ring| {
        let history = done(&["ring", "history", ring["ring_id"].as_str().unwrap(), "--workspace", &workspace]).lines();
        history.iter().any(|line| line["event"] == "born" && line["epoch"] == 2)
    });
    assert_eq!(count(&now, "born"), came.count() as u64);
    // What the last report said otherwise: every ring of it whose score is another one now, and no other.
    let scores = |epoch: &str| {
        let rings = done(&["ring", "ls", "--workspace", &workspace, "--as-of", epoch]).lines();
        let score = |ring: &Value| (ring["ring_id"].as_str().unwrap().to_owned(), ring["score"].to_string());
        rings.iter().map(score).collect::<std::collections::BTreeMap<String, String>>()
    };
    let (old, new) = (scores("1"), scores("2"));
    let other: Vec<&String> =
        old.iter().filter(|(id, score)| new.get(*id).is_some_and(|now| now != *score)).map(|one| one.0).collect();
    let said = now["corrections"].as_array().unwrap();
    let told: Vec<&str> =
        said.iter().filter(|one| one["what"] == "score").map(|one| one["ring"].as_str().unwrap()).collect();
    assert_eq!(told, other);
    // As of the first epoch the second week says what it would have said then, and later batches change nothing.
    build(&workspace, &folder.path().join("then"), &["--week", "2026-W47", "--as-of", "1", "--format", "json"]);
    let then = json(&folder.path().join("then"), "2026-W47");
    assert_eq!((&then["epoch"], &then["totals"][0]["now"]), (&1.into(), &before["totals"][0]["now"]));
}

#[test]
fn verdicts_and_clocks_of_cases_stand_in_the_report() {
    let desk = Desk::new();
    let case = desk.before_handover();
    desk.told("lin", &["case", "move", &case, "--to", "receipt"]);
    desk.told("luo", &["case", "approve", &case]);
    let out = desk.path("out");
    let of = || {
        let made = build(&desk.workspace, &out, &["--format", "json"]);
        json(&out, made[0]["period"].as_str().unwrap())
    };
    let stage = |report: &Value, id: &str| {
        let stages = report["stages"].as_array().unwrap();
        stages.iter().find(|stage| stage["stage"] == id).unwrap()["cases"].as_u64().unwrap()
    };
    assert_eq!((stage(&of(), "receipt"), stage(&of(), "lead")), (1, 0));
    desk.told("lin", &["case", "move", &case, "--to", "declined"]);
    let closing = ["case", "move", &case, "--to", "closed", "--verdict", "refuted", "--reason", "family"];
    desk.told("lin", &closing);
    desk.told("luo", &["case", "approve", &case]);
    let report = of();
    let refuted: Vec<&Value> =
        report["typologies"].as_array().unwrap().iter().filter(|line| line["refuted"] != 0).collect();
    assert_eq!(refuted.len(), 1);
    assert_eq!((&refuted[0]["refuted"], &refuted[0]["false_positive_rate"]), (&1.into(), &1.0.into()));
    assert_eq!(stage(&report, "closed"), 1);

    // A clock that ran out: the case was opened twenty days before the last thing recorded, and never moved.
    let opened = desk.told("lin", &["case", "new", "alt"])["case"]["id"].as_str().unwrap().to_owned();
    let database = rusqlite::Connection::open(Path::new(&desk.workspace).join("office.db")).unwrap();
    let back =
        "UPDATE case_file SET opened_at = opened_at - 20 * 86400, stage_since = stage_since - 20 * 86400 WHERE id = ?1";
    database.execute(back, [&opened]).unwrap();
    let report = of();
    assert_eq!(report["overdue"][0]["case"], opened.as_str(), "{}", report["overdue"]);
    assert!(report["overdue"][0]["hours_over"].as_i64() > Some(14 * 24));
}

#[test]
fn a_period_that_is_none_is_refused() {
    let workspace = text(&made().workspace);
    let folder = tempfile::tempdir().unwrap();
    let out = text(folder.path());
    let words = ["report", "build", "weekly", "--workspace", &workspace, "--out", &out, "--lang", "en"];
    let try_with = |more: &[&str]| medring(&[&words[..], more].concat());
    for wrong in [["--week", "2026-W54"], ["--week", "2026-11"], ["--month", "2026-11"], ["--as-of", "99"]] {
        let ended = try_with(&wrong);
        assert_eq!(ended.code, Some(2), "{wrong:?}: {}", ended.err);
    }
    let monthly = ["report", "build", "monthly", "--month", "1999-01", "--workspace", &workspace, "--out", &out];
    assert_eq!(done(&monthly).lines().len(), 3, "a month without batches has a report that says so");
    assert!(done(&["report", "build", "--help"]).out.contains("--week 2026-W47"));
}
