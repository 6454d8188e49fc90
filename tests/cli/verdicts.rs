//! Do verdicts come back: what was confirmed or refuted moves the scores of what is found next, as far as is said and no further?

use super::{done, made, medring, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Rings by their people: typology and score, both in hundredths where numbers, and what chance would give.
type Rings = BTreeMap<Vec<String>, (String, i64, Value)>;

fn hundredths(number: &Value) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores are small")]
    let hundredths = (number.as_f64().unwrap() * 100.0).round() as i64;
    hundredths
}

fn rings(run: &Path) -> Rings {
    let lines = fs::read_to_string(run.join("rings.jsonl")).unwrap();
    let people = |ring: &Value| {
        let members = ring["members"].as_array().unwrap().iter().filter(|member| member["kind"] == "person");
        members.map(|member| member["id"].as_str().unwrap().to_owned()).collect()
    };
    let ring = |line| {
        let ring: Value = serde_json::from_str(line).unwrap();
        let said = (ring["typology"].as_str().unwrap().to_owned(), hundredths(&ring["score"]));
        (people(&ring), (said.0, said.1, ring["expected_by_chance"].clone()))
    };
    lines.lines().map(ring).collect()
}

/// A file of verdicts on so many leads of a typology.
fn decided(file: &Path, typology: &str, leads: usize, score: f64, verdict: &str) -> String {
    let line = |at| {
        let ring = format!("R-{verdict}-{at}");
        json!({"schema_version": 1, "case": "C-1", "ring_id": ring, "typology": typology, "score": score,
            "verdict": verdict, "reason": "family", "decided_at": 1_790_000_000})
    };
    fs::write(file, (0..leads).map(|at| format!("{}\n", line(at))).collect::<String>()).unwrap();
    text(file)
}

/// Runs of the demo world, every candidate, with and without a calibration.
fn run(out: &Path, calibration: Option<&str>) -> Rings {
    let (world, out_text) = (text(&made().world), text(out));
    let mut words = vec!["detect", &world, "--out", &out_text, "--all"];
    words.extend(calibration.into_iter().flat_map(|file| ["--calibration", file]));
    done(&words);
    rings(out)
}

#[test]
fn refuted_leads_lower_the_scores_of_their_typology_and_confirmed_ones_raise_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let before = run(&path("before"), None);
    let typology = &before.values().max_by_key(|(_, score, _)| *score).unwrap().0;
    for (verdict, score, leads, sign) in [("refuted", 3.0, 4, -1), ("confirmed", 1.0, 9, 1), ("refuted", 3.0, 500, -1)]
    {
        let file = decided(&path("verdicts.jsonl"), typology, leads, score, verdict);
        let learn = |out: &str| {
            let told = done(&["calibrate", "--verdicts", &file, "--out", &text(&path(out)), "-o", "jsonl"]).lines();
            (fs::read_to_string(path(out)).unwrap(), told)
        };
        let ((first, told), (again, _)) = (learn("a"), learn("b"));
        assert_eq!(first, again, "the same verdicts");
        let [told] = told.as_slice() else { panic!("{told:?}") };
        let shift = hundredths(&told["prior_after"]) - hundredths(&told["prior_before"]);
        assert_eq!((told["typology"].as_str(), shift), (Some(typology.as_str()), hundredths(&told["shift"])));
        assert_eq!(told[verdict].as_u64(), u64::try_from(leads).ok());
        assert!(shift * sign > 0 && shift.abs() <= 150, "{told}");
        assert_eq!(told["at_bound"], leads == 500, "{told}");
        let after = run(&path("after"), Some(&text(&path("a"))));
        let mut moved = 0;
        for (people, (kind, score, chance)) in &after {
            let Some((kind_before, score_before, chance_before)) = before.get(people) else { continue };
            if kind == kind_before {
                let by = if kind == typology { shift } else { 0 };
                assert_eq!((*score, chance), (score_before + by, chance_before), "{verdict}: {kind}");
                moved += i64::from(by != 0);
            }
        }
        assert!(moved > 0, "{verdict}: no ring of {typology} is there again");
        let run = fs::read_to_string(path("after/run.json")).unwrap();
        assert!(run.contains("priors moved by verdicts") && run.contains(typology.as_str()), "{run}");
    }
}

#[test]
fn a_workspace_keeps_what_verdicts_taught_and_judges_its_next_batch_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let world = text(&made().world);
    let typology = rings(&made().rings).into_values().next().unwrap().0;
    let file = decided(&path("verdicts.jsonl"), &typology, 3, 2.0, "confirmed");
    let (workspace, out, kept) = (text(&path("ws")), text(&path("out")), text(&path("kept")));
    done(&["init", &workspace]);
    done(&["calibrate", "--verdicts", &file, "--workspace", &workspace, "--out", &kept]);
    done(&["ingest", "run", "--workspace", &workspace, &world]);
    done(&["detect", &world, "--out", &out, "--calibration", &kept]);
    let lines = done(&["ring", "ls", "--workspace", &workspace, "-o", "jsonl"]).lines();
    let at_once = fs::read_to_string(path("out/rings.jsonl")).unwrap();
    let at_once: Vec<Value> = at_once.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = |lines: &[Value]| -> Vec<(String, String)> {
        lines.iter().map(|line| (line["typology"].to_string(), line["score"].to_string())).collect()
    };
    assert_eq!(said(&lines), said(&at_once));
    let factors = |line: &Value| line["factors"].as_array().unwrap().iter().any(|factor| factor["code"] == "verdicts");
    assert!(at_once.iter().all(|line| factors(line) == (line["typology"] == typology.as_str())));
    let again = done(&["calibrate", "--verdicts", &file, "--workspace", &workspace, "--out", &text(&path("again"))]);
    assert_eq!(fs::read(path("again")).unwrap(), fs::read(&kept).unwrap(), "{}", again.err);
}

#[test]
fn a_file_of_verdicts_that_is_none_names_file_row_column_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("verdicts.jsonl"), text(&folder.path().join("out")));
    let good =
        json!({"ring_id": "R-1", "typology": "card_pool", "score": 2.0, "verdict": "refuted", "reason": "family"});
    let with = |column: &str, value: Value| {
        let mut line = good.clone();
        line[column] = value;
        line.to_string()
    };
    for (line, column) in [
        (with("typology", json!("moon")), "typology"),
        (with("verdict", json!("perhaps")), "verdict"),
        (with("score", json!("high")), "score"),
        (with("score", json!(1e9)), "score"),
        (with("reason", Value::Null), "reason"),
        (with("ring_id", json!("")), "ring_id"),
        (with("schema_version", json!(2)), "schema_version"),
        ("ring_id,verdict".to_owned(), "1"),
    ] {
        fs::write(&file, format!("{good}\n\n{line}\n")).unwrap();
        let ended = medring(&["calibrate", "--verdicts", &text(&file), "--out", &out]);
        assert_eq!(ended.code, Some(3), "{line}: {}", ended.err);
        let named = ["verdicts.jsonl", "row 3", &format!("column {column}:"), "Remedy"].map(str::to_owned);
        assert!(named.iter().all(|word| ended.err.contains(word)), "{line}: {}", ended.err);
        assert!(!folder.path().join("out").exists());
    }
    let nothing = medring(&["calibrate", "--out", &out]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.err);
}
