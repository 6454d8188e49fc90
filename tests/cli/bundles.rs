//! `bundle build|verify`: sealed only with the second officer's agreement, whole, and every forgery named.

use super::casework::Desk;
use super::{done, medring, text};
use medring::store::{Canvas, Office};
use serde_json::Value;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Names and contents of an archive.
type Entries = Vec<(String, Vec<u8>)>;

fn entries(archive: &Path) -> Entries {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(archive).unwrap())).unwrap();
    let count = archive.len();
    let entry = |at| {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(entry).collect()
}

fn packed(path: &Path, entries: &[(String, Vec<u8>)]) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in entries {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

fn problems(archive: &Path) -> Vec<String> {
    let ended = medring(&["bundle", "verify", &text(archive), "--lang", "en"]);
    assert_eq!(ended.code, Some(7), "{}", ended.err);
    assert!(ended.err.contains("Remedy"), "{}", ended.err);
    ended.lines().iter().map(|line| format!("{} {}", line["problem"], line["file"]).replace('"', "")).collect()
}

#[test]
fn a_bundle_is_sealed_with_agreement_and_every_forgery_is_named() {
    let desk = Desk::new();
    let case = desk.before_handover();
    let out = desk.path("f.zip");
    let build = ["bundle", "build", &case, "-o", &text(&out)];
    let early = desk.by("lin", &build);
    assert!(early.code == Some(1) && early.err.contains("second officer") && !out.exists(), "{}", early.err);
    let dry = desk.by("lin", &["bundle", "build", &case, "--dry-run"]);
    assert!(dry.code == Some(1) && dry.err.contains("person ") && dry.err.contains("no file"), "{}", dry.err);
    assert!(dry.lines().iter().any(|line| line["file"] == "letter.html"));
    desk.told("lin", &["case", "move", &case, "--to", "receipt"]);
    // A reviewer is somebody else, but not the second officer.
    desk.told("ren", &["case", "approve", &case]);
    assert_eq!(desk.by("lin", &build).code, Some(1));
    desk.told("lin", &["case", "move", &case, "--to", "declined"]);
    for stage in ["investigation", "handover", "receipt"] {
        desk.told("lin", &["case", "move", &case, "--to", stage]);
    }
    desk.told("luo", &["case", "approve", &case]);
    assert_eq!(desk.by("shen", &build).code, Some(1), "an auditor does not see the case");
    let mut office = Office::open(Path::new(&desk.workspace)).unwrap();
    let pdf: &[u8] = b"%PDF-1.7 a report";
    for (at, name) in [(1, "笔录/=1.pdf"), (i64::from(u32::MAX), "回执.pdf")] {
        office.add_document(&case, ("lin", at), (name, "application/pdf"), pdf).unwrap();
    }
    let canvas = Canvas {
        title: "谁带谁来".to_owned(),
        note: String::new(),
        ring: Some(desk.ring()),
        party: None,
        epoch: 1,
        steps: "e:x".to_owned(),
    };
    office.add_canvas(&case, ("lin", 1), &canvas).unwrap();
    let built = desk.by("lin", &build);
    assert_eq!(built.code, Some(0), "{}", built.err);
    let last = built.lines().pop().unwrap();
    let key = last["public_key"].as_str().unwrap();
    let again = desk.path("again.zip");
    desk.told("lin", &["bundle", "build", &case, "-o", &text(&again)]);
    assert!(std::fs::read(&out).unwrap() == std::fs::read(&again).unwrap(), "the same case gives the same bytes");

    // Whole, offline, and whose it is.
    let whole = &done(&["bundle", "verify", &text(&out), "--key", key]).lines()[0];
    assert_eq!((&whole["whole"], &whole["case"]), (&true.into(), &case.as_str().into()));
    assert_eq!(medring(&["bundle", "verify", &text(&out), "--key", &"0".repeat(64)]).code, Some(7));
    let all = entries(&out);
    let of = |name: &str| &all.iter().find(|entry| entry.0 == name).unwrap_or_else(|| panic!("{name}")).1;
    let said = |name: &str| String::from_utf8(of(name).clone()).unwrap();
    let ring = desk.ring();
    assert!(said("letter.html").contains(&ring) && said("letter.html").contains("疑似线索"));
    assert!(said(&format!("{ring}/graph.graphml")).contains("<edge source="));
    assert!(said(&format!("{ring}/drawing.svg")).starts_with("<svg xmlns="));
    // What was attached when the second officer agreed, under a number and not under a name that somebody chose.
    assert!(of("documents/0001.pdf") == pdf && !all.iter().any(|(name, _)| name.starts_with("documents/0002")));
    assert!(said("documents.csv").contains("笔录/=1.pdf") && !said("documents.csv").contains("回执"));
    assert!(said("canvas-1.json").contains("谁带谁来"));
    assert!(said("counter-evidence.csv").lines().count() > 20, "the whole checklist");
    let evidence: Vec<Value> = said("evidence.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = desk.told("lin", &["case", "show", &case]);
    assert_eq!(shown["evidence_all"].as_u64(), Some(evidence.len() as u64));
    for row in &evidence {
        assert_eq!(medring::store::sha256(row["said"].as_str().unwrap().as_bytes()), row["sha256"].as_str().unwrap());
    }
    // Masked: no identifier of a person, in any file.
    let lines = done(&["ring", "show", &ring, "--workspace", &desk.workspace]).lines();
    let people = lines[0]["members"].as_array().unwrap().iter().filter(|member| member["kind"] == "person");
    let people: Vec<&str> = people.map(|member| member["id"].as_str().unwrap()).collect();
    let holds = |all: &[(String, Vec<u8>)], id: &str| {
        all.iter().any(|(_, bytes)| bytes.windows(id.len()).any(|piece| piece == id.as_bytes()))
    };
    assert!(people.iter().all(|id| !holds(&all, id)));
    let open = desk.path("open.zip");
    let reveal = ["bundle", "build", &case, "-o", &text(&open), "--reveal"];
    assert_eq!(desk.by("lin", &reveal).code, Some(2), "it needs a reason");
    desk.told("lin", &[&reveal[..], &["--reason", "hand-over"]].concat());
    assert!(people.iter().all(|id| holds(&entries(&open), id)));

    // Each file changed, missing or added is named.
    let forged = desk.path("forged.zip");
    let forge = |change: &dyn Fn(&mut Entries)| {
        let mut entries = all.clone();
        change(&mut entries);
        packed(&forged, &entries);
        problems(&forged)
    };
    let turned = forge(&|all| all.iter_mut().find(|one| one.0 == "members.csv").unwrap().1[5] ^= 1);
    assert_eq!(turned, ["changed members.csv"]);
    assert_eq!(forge(&|all| all.retain(|one| one.0 != "rows.csv")), ["missing rows.csv"]);
    assert_eq!(forge(&|all| all.push(("extra.csv".to_owned(), b"x".to_vec()))), ["added extra.csv"]);
    let manifest = forge(&|all| all.iter_mut().find(|one| one.0 == "manifest.json").unwrap().1.push(b' '));
    assert_eq!(manifest, ["changed manifest.json"]);
    std::fs::write(&forged, "no archive").unwrap();
    assert!(problems(&forged)[0].starts_with("unreadable"));
    assert_eq!(medring(&["bundle", "verify", &text(&desk.path("nowhere.zip"))]).code, Some(6));

    // The log names who built it, and with which bytes.
    let log = done(&["audit", "export", "--workspace", &desk.workspace]).lines();
    let built: Vec<&Value> = log.iter().filter(|line| line["action"] == "build_bundle").collect();
    let sum = medring::store::sha256(&std::fs::read(&out).unwrap());
    assert!(built.iter().any(|line| line["outcome"] == "done" && line["detail"].as_str().unwrap().contains(&sum)));
    assert!(built.iter().any(|line| line["actor"] == "lin" && line["outcome"] == "refused"));
    assert!(
        log.iter().any(|line| line["action"] == "reveal" && line["detail"].as_str().unwrap().contains("hand-over"))
    );
}

#[test]
fn a_site_has_its_own_letter() {
    let desk = Desk::new();
    let case = desk.before_handover();
    let own = Path::new(&desk.workspace).join("letter.html");
    std::fs::write(&own, "本局自有函件 {{ case.id }} {{ rings|length }}").unwrap();
    let dry = |code| {
        let ended = desk.by("lin", &["bundle", "build", &case, "--dry-run"]);
        assert_eq!(ended.code, Some(code), "{}", ended.err);
        let letter = ended.out.lines().find(|line| line.contains("letter.html")).map(str::to_owned);
        (letter, ended.err)
    };
    let expected = medring::store::sha256(format!("本局自有函件 {case} 1").as_bytes());
    assert!(dry(1).0.unwrap().contains(&expected));
    std::fs::write(&own, "{{ case.nothing }}").unwrap();
    let wrong = dry(3).1;
    assert!(wrong.contains("letter.html"), "{wrong}");
}
