//! `init`, `ingest run`, `ring ls|show|diff|history`.

use super::{done, made, medring, text};
use std::collections::BTreeSet;

#[test]
fn init_makes_a_workspace_in_an_empty_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = text(&folder.path().join("ws"));
    let made = done(&["init", &workspace]).lines();
    assert!(made.iter().any(|line| line["made"].as_str().unwrap().ends_with("medring.db")), "{made:?}");
    let again = medring(&["init", &workspace]);
    assert_eq!((again.code, again.out.as_str()), (Some(2), ""));
    assert!(again.err.contains("not empty"), "{}", again.err);
    let nowhere = medring(&["ring", "ls", "--workspace", &text(folder.path())]);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (Some(2), ""), "{}", nowhere.err);
}

#[test]
fn ring_ls_prints_what_detect_writes() {
    let workspace = text(&made().workspace);
    let expected = std::fs::read_to_string(made().rings.join("rings.jsonl")).unwrap();
    assert!(expected.lines().count() >= 5);
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace]).out, expected);
    let array = done(&["ring", "ls", "--workspace", &workspace, "-o", "json"]).out;
    let array: Vec<serde_json::Value> = serde_json::from_str(&array).unwrap();
    assert_eq!(array.len(), expected.lines().count());
    let csv = done(&["ring", "ls", "--workspace", &workspace, "-o", "csv"]).out;
    assert_eq!(csv.lines().count(), 1 + expected.lines().count());
    let table = done(&["ring", "ls", "--workspace", &workspace, "-o", "table"]).out;
    assert!(table.starts_with("rank"), "{table}");
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace, "--new"]).out, expected);
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace, "--as-of", "0"]).out, "");
    let typology = array[0]["typology"].as_str().unwrap();
    for line in done(&["ring", "ls", "--workspace", &workspace, "--typology", typology]).lines() {
        assert_eq!(line["typology"], typology);
    }
}

#[test]
fn ring_show_says_why_and_whence() {
    let workspace = text(&made().workspace);
    let rings = done(&["ring", "ls", "--workspace", &workspace]);
    let (line, ring) = (rings.out.lines().next().unwrap(), &rings.lines()[0]);
    let id = ring["ring_id"].as_str().unwrap();
    assert_eq!(done(&["ring", "show", id, "--workspace", &workspace]).out.trim_end(), line);

    let explained = &done(&["ring", "show", id, "--workspace", &workspace, "--explain"]).lines()[0];
    let sources = explained["sources"].as_object().unwrap();
    for factor in ring["factors"].as_array().unwrap() {
        for fact in factor["facts"].as_array().unwrap() {
            let source = &sources[fact.as_str().unwrap()];
            assert!(source["row"].as_u64().unwrap() > 0 && source["epoch"] == 1, "{fact}: {source}");
        }
    }
    let table = done(&["ring", "show", id, "--workspace", &workspace, "-o", "table", "--lang", "en"]).out;
    let person = ring["members"].as_array().unwrap().iter().find(|member| member["kind"] == "person").unwrap();
    assert!(table.contains(id) && !table.contains(person["id"].as_str().unwrap()), "the table masks persons:\n{table}");
    let revealed = done(&["ring", "show", id, "--workspace", &workspace, "-o", "table", "--reveal"]).out;
    assert!(revealed.contains(person["id"].as_str().unwrap()));

    let unknown = medring(&["ring", "show", "R-none", "--workspace", &workspace]);
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(unknown.err.contains("ring ls"), "{}", unknown.err);
}

#[test]
fn rings_have_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = text(&folder.path().join("ws"));
    done(&["init", &workspace]);
    // The settlements of the demo world in two batches: half a year, then the rest.
    let parts = ["early", "late"].map(|part| {
        let batch = folder.path().join(part);
        std::fs::create_dir(&batch).unwrap();
        let all = std::fs::read_to_string(made().world.join("setl_d.csv")).unwrap();
        let (head, rows) = all.split_once('\n').unwrap();
        let at = head.split(',').position(|column| column == "setl_time").unwrap();
        let of = |row: &&str| row.split(',').nth(at).is_some_and(|day| (day < "2023-07") == (part == "early"));
        let rows: Vec<&str> = rows.lines().filter(of).collect();
        assert!(rows.len() > 1_000);
        std::fs::write(batch.join("setl_d.csv"), format!("{head}\n{}\n", rows.join("\n"))).unwrap();
        text(&batch)
    });
    let taken = done(&["ingest", "run", "--workspace", &workspace, "--each", &parts[0], &parts[1]]).lines();
    for (epoch, taken) in (1..).zip(&taken) {
        assert_eq!((taken["epoch"].as_u64(), taken["committed"].as_bool()), (Some(epoch), Some(true)));
        assert!(!taken["events"].as_array().unwrap().is_empty());
    }
    let again = done(&["ingest", "run", "--workspace", &workspace, &parts[1]]);
    assert!(again.lines()[0]["already"].as_bool().unwrap() && again.err.contains('2'), "{}", again.err);

    let list = |as_of: &str| done(&["ring", "ls", "--workspace", &workspace, "--as-of", as_of]).lines();
    let ids = |lines: &[serde_json::Value]| -> BTreeSet<String> {
        lines.iter().map(|line| line["ring_id"].as_str().unwrap().to_owned()).collect()
    };
    let (before, after) = (list("1"), list("2"));
    let stays: Vec<String> = ids(&before).intersection(&ids(&after)).cloned().collect();
    assert!(!stays.is_empty(), "no ring lived through both batches");
    let new: BTreeSet<String> = ids(&done(&["ring", "ls", "--workspace", &workspace, "--new"]).lines());
    assert!(new.is_disjoint(&ids(&before)) && !new.is_empty(), "{new:?}");
    for id in &stays {
        let of = |lines: &[serde_json::Value]| {
            let ring = lines.iter().find(|line| line["ring_id"] == id.as_str()).unwrap();
            let members = ring["members"].as_array().unwrap().iter();
            members.map(|member| member["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
        };
        let changes = done(&["ring", "diff", id, "1..2", "--workspace", &workspace]).lines();
        let came = changes.iter().filter(|line| line["what"] == "member" && line["change"] == "came");
        let came: BTreeSet<String> = came.map(|line| line["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(came, of(&after).difference(&of(&before)).cloned().collect());
        let history = done(&["ring", "history", id, "--workspace", &workspace]).lines();
        assert_eq!((&history[0]["event"], &history[0]["epoch"]), (&"born".into(), &1.into()));
    }
    let newborn = new.iter().next().unwrap();
    let early = medring(&["ring", "diff", newborn, "1..2", "--workspace", &workspace]);
    assert_eq!(early.code, Some(1), "{}", early.err);
    assert!(early.err.contains("epoch 2"), "{}", early.err);
}
