//! Can public data be read as they come, through a shipped `dataset.toml`, and are they left in peace?

use super::{done, text};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn adaptor(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/adaptors").join(name)
}

/// Detects, and answers what run.json says.
fn detect(input: &Path, config: &Path, out: &Path) -> Value {
    done(&["detect", &text(input), "--config", &text(config), "--out", &text(out)]);
    serde_json::from_str(&fs::read_to_string(out.join("run.json")).unwrap()).unwrap()
}

/// Rows of a table that were read and accepted, and why others were set aside.
fn counted(run: &Value, table: &str) -> (u64, u64, Value) {
    let row = run["conservation"].as_array().unwrap().iter().find(|row| row["table"] == table).unwrap();
    let count = |name: &str| row[name].as_u64().unwrap();
    let kept = ["accepted", "corrected", "stale", "duplicate", "retracted", "quarantined"].map(count);
    assert_eq!(count("read"), kept.iter().sum::<u64>(), "{row}");
    (count("read"), count("accepted"), row["reasons"].clone())
}

/// Lines of a sample's file without its header.
fn rows(file: &Path) -> u64 {
    u64::try_from(fs::read_to_string(file).unwrap().lines().count()).unwrap() - 1
}

#[test]
fn synthea_is_read_whole_and_has_no_rings() {
    let (folder, adaptor) = (tempfile::tempdir().unwrap(), adaptor("synthea"));
    let run = detect(&adaptor.join("sample"), &adaptor.join("dataset.toml"), &folder.path().join("out"));
    for (file, table) in [
        ("encounters", "setl_d"),
        ("patients", "psn_info_b"),
        ("organizations", "fixmedins_b"),
        ("providers", "dr_b"),
        ("conditions", "setl_diag_list_d"),
    ] {
        let rows = rows(&adaptor.join(format!("sample/{file}.csv")));
        assert_eq!(counted(&run, table), (rows, rows, json!({})), "{file}");
    }
    assert_eq!((&run["rings"], &run["persons"], &run["settlements"]), (&json!(0), &json!(14), &json!(206)));
}

#[test]
fn claims_of_cms_are_read_but_for_what_has_no_date_or_no_original() {
    let (folder, adaptor) = (tempfile::tempdir().unwrap(), adaptor("cms"));
    let run = detect(&adaptor.join("sample"), &adaptor.join("dataset.toml"), &folder.path().join("out"));
    assert_eq!(counted(&run, "setl_d"), (459, 457, json!({"E01": 1, "E08": 1})));
    assert_eq!(counted(&run, "psn_info_b"), (120, 60, json!({})), "the later summary counts");
    assert_eq!(run["rings"], 0);
    // A workspace reads them by the file beside them.
    let (world, workspace) = (folder.path().join("world"), text(&folder.path().join("ws")));
    fs::create_dir(&world).unwrap();
    for file in fs::read_dir(adaptor.join("sample")).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), world.join(file.file_name())).unwrap();
    }
    fs::copy(adaptor.join("dataset.toml"), world.join("dataset.toml")).unwrap();
    done(&["init", &workspace]);
    let taken = done(&["ingest", "run", "--workspace", &workspace, &text(&world), "-o", "json"]);
    assert!(taken.out.contains("setl_d"), "{}", taken.out);
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace, "-o", "jsonl"]).out, "");
}

/// Claims of two thousand beneficiaries: most go to one of three providers again and again, some are dialysed every week.
struct Claims {
    random: ChaCha8Rng,
    inpatient: String,
    outpatient: String,
    number: u64,
}

const HEAD: &str =
    "DESYNPUF_ID,CLM_ID,SEGMENT,CLM_FROM_DT,CLM_THRU_DT,PRVDR_NUM,CLM_PMT_AMT,AT_PHYSN_NPI,ICD9_DGNS_CD_1\n";

impl Claims {
    fn ordinary(seed: u64) -> Claims {
        let random = ChaCha8Rng::seed_from_u64(seed);
        let mut claims = Claims { random, inpatient: HEAD.to_owned(), outpatient: HEAD.to_owned(), number: 0 };
        for person in 0..2_000 {
            let places: [u32; 3] = std::array::from_fn(|_| claims.random.random_range(0..40));
            for _ in 0..claims.random.random_range(0..16) {
                let place = *places.choose(&mut claims.random).unwrap();
                let (day, physician) = (claims.day(), claims.random.random_range(0..12));
                claims.visit(person, place, physician, day, 0);
            }
            if claims.random.random_ratio(1, 4) {
                let (day, physician) = (claims.day(), claims.random.random_range(0..12));
                let nights = claims.random.random_range(1..12);
                claims.visit(person, places[0], physician, day, nights);
            }
            if claims.random.random_ratio(1, 150) {
                (claims.random.random_range(0..200)..1_000)
                    .step_by(7)
                    .for_each(|day| claims.visit(person, places[1], 1, day, 0));
            }
        }
        claims
    }

    fn day(&mut self) -> u32 {
        self.random.random_range(0..1_000)
    }

    /// A claim of any amount for any illness.
    fn visit(&mut self, person: u32, place: u32, physician: u32, day: u32, nights: u32) {
        let paid = self.random.random_range(1..60) * if nights > 0 { 500 } else { 10 };
        let illness = self.random.random_range(1_000..1_400);
        self.claim(person, (place, physician), (day, nights), (paid, illness));
    }

    /// One claim; `day` counts from 2008-01-01.
    fn claim(&mut self, person: u32, (place, physician): (u32, u32), (day, nights): (u32, u32), what: (u32, u32)) {
        self.number += 1;
        let date = |day: u32| medring::model::Day(13_879 + i32::try_from(day).unwrap()).to_string().replace('-', "");
        let (from, thru, number, (paid, illness)) = (date(day), date(day + nights), self.number, what);
        let line = format!(
            "{person:016X},5421{number:011},1,{from},{thru},{place:02}00AB,{paid}.00,10{place:04}{physician:04},{illness}\n"
        );
        if nights > 0 { self.inpatient += &line } else { self.outpatient += &line }
    }

    fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for (name, rows) in [("Inpatient", &self.inpatient), ("Outpatient", &self.outpatient)] {
            fs::write(folder.join(format!("DE1_0_2008_to_2010_{name}_Claims_Sample_7.csv")), rows).unwrap();
        }
    }
}

#[test]
fn ordinary_providers_are_left_in_peace_and_a_ring_among_them_is_not() {
    let (folder, config) = (tempfile::tempdir().unwrap(), adaptor("cms").join("dataset.toml"));
    for seed in [3, 4] {
        let (world, out) = (folder.path().join(format!("world{seed}")), folder.path().join(format!("out{seed}")));
        let mut claims = Claims::ordinary(seed);
        claims.write(&world);
        let run = detect(&world, &config, &out);
        assert!(run["settlements"].as_u64().unwrap() > 15_000 && run["rings"] == 0, "seed {seed}: {run}");
        // Thirty people are brought to one provider on one day, seven times, each of them most times, for one illness and one fee.
        for day in (60..).step_by(90).take(7) {
            for person in (0..2_000).step_by(67) {
                if claims.random.random_ratio(4, 5) {
                    claims.claim(person, (7, 3), (day, 3), (4_000, 7_242));
                }
            }
        }
        claims.write(&world);
        let run = detect(&world, &config, &out);
        assert_eq!(run["rings"], 1, "seed {seed}: {run}");
        let ring: Value = serde_json::from_str(&fs::read_to_string(out.join("rings.jsonl")).unwrap()).unwrap();
        let members = ring["members"].as_array().unwrap();
        assert!(members.iter().any(|member| member["id"] == "0700AB"), "seed {seed}: {ring}");
        assert!(members.iter().filter(|member| member["kind"] == "person").count() >= 27, "seed {seed}: {ring}");
    }
}
