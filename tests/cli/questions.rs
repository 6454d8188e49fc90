//! `demo`, `expand`, `path`, `calibrate`.

use super::{done, made, medring, program, text};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// The persons of the ring with most of them, by its line.
fn persons(line: &serde_json::Value) -> Vec<String> {
    let members = line["members"].as_array().unwrap().iter().filter(|member| member["kind"] == "person");
    members.map(|member| member["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn demo_prints_rings_and_writes_a_page() {
    let page = std::fs::read_to_string(made().rings.join("report.html")).unwrap();
    assert!(page.contains("<html"), "a page");
    let folder = tempfile::tempdir().unwrap();
    let shown = done(&["demo", "--no-serve", "--dir", &text(folder.path()), "--lang", "en"]);
    assert!(shown.out.contains("suspected leads") && shown.out.contains("report.html"), "{}", shown.out);
    let first = std::fs::read(made().rings.join("rings.jsonl")).unwrap();
    assert_eq!(std::fs::read(folder.path().join("rings/rings.jsonl")).unwrap(), first, "the same demo every time");
}

/// What `GET path` answers at an address, head and body.
#[cfg(unix)]
fn fetched(address: &str, path: &str) -> String {
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(unix)]
#[test]
fn demo_opens_the_page_and_ends_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["demo", "--dir", &text(folder.path()), "--listen", "127.0.0.1:0", "--lang", "en"];
    let mut demo = program().args(words).stdout(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(demo.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = said.find(|line| line.contains("http://")).expect("the demo says where the page is");
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let page = fetched(&address, "/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("/page.js"), "{page}");
    let rings = std::fs::read_to_string(folder.path().join("rings/rings.jsonl")).unwrap();
    let answer = fetched(&address, "/v1/rings");
    assert!(answer.contains(&format!("\"all\":{}", rings.lines().count())), "{answer}");
    assert!(Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap().success());
    assert_eq!(demo.wait().unwrap().code(), Some(0), "{}", said.collect::<Vec<_>>().join("\n"));
}

#[test]
fn two_members_lead_to_the_ring_and_its_facts() {
    let rings = done(&["ring", "ls", "--workspace", &text(&made().workspace)]).lines();
    for ring in &rings {
        let people = persons(ring);
        let seeds = [&people[0], &people[people.len() - 1]].map(|id| format!("person:{id}"));
        let input = text(&made().world);
        let grown = done(&["expand", &seeds[0], &seeds[1], "--input", &input]).lines();
        let found: BTreeSet<&str> = grown.iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert!(people.iter().all(|id| found.contains(id.as_str())), "{}: {people:?} in {found:?}", ring["ring_id"]);
        assert_eq!(grown.iter().filter(|line| line["seed"] == true).count(), 2);
        for line in &grown {
            assert!(
                !line["why_zh"].as_str().unwrap().is_empty() && !line["why_en"].as_str().unwrap().is_empty(),
                "{line}"
            );
            let cites = line["facts"].as_array().unwrap();
            assert!(line["kind"] != "person" || !cites.is_empty(), "{line}");
        }
    }
    let ring = persons(&rings[0]);
    let seed = format!("person:{}", ring[0]);
    let from_workspace = done(&["expand", &seed, "--workspace", &text(&made().workspace)]).lines();
    assert!(from_workspace.len() >= ring.len());
    let nobody = medring(&["expand", "person:nobody", "--input", &text(&made().world)]);
    assert_eq!(nobody.code, Some(1), "{}", nobody.err);
    let odd = medring(&["expand", "nobody", "--input", &text(&made().world)]);
    assert_eq!(odd.code, Some(2), "{}", odd.err);
}

#[test]
fn paths_name_the_facts_of_every_hop() {
    let workspace = text(&made().workspace);
    let ring = &done(&["ring", "ls", "--workspace", &workspace]).lines()[0];
    let people = persons(ring);
    let (from, to) = (format!("person:{}", people[0]), format!("person:{}", people[1]));
    let ask = |more: &[&str]| {
        let mut words = vec!["path", &from, &to, "--workspace", &workspace];
        words.extend(more);
        medring(&words)
    };
    let paths = ask(&["-k", "3"]).lines();
    assert!((1..=3).contains(&paths.len()));
    for path in &paths {
        let hops = path["hops"].as_array().unwrap();
        assert_eq!(hops[0]["from"]["id"], people[0].as_str());
        assert_eq!(hops[hops.len() - 1]["to"]["id"], people[1].as_str());
        for hop in hops {
            let facts = hop["facts"].as_array().unwrap();
            assert!(!facts.is_empty() && facts.iter().all(|fact| fact["id"].as_str().unwrap().contains(':')), "{hop}");
            assert!(!hop["zh"].as_str().unwrap().is_empty() && !hop["en"].as_str().unwrap().is_empty());
        }
    }
    let through = &paths[0]["hops"][0]["to"];
    let through = format!("{}:{}", through["kind"].as_str().unwrap(), through["id"].as_str().unwrap());
    for path in ask(&["--avoid", &through]).lines().iter().filter(|path| path["hops"].is_array()) {
        assert!(path["hops"].as_array().unwrap().iter().all(|hop| hop["to"] != paths[0]["hops"][0]["to"]));
    }
    let via = ask(&["--via", &through, "-k", "1"]).lines();
    assert!(via[0]["hops"].as_array().unwrap().iter().any(|hop| hop["to"] == paths[0]["hops"][0]["to"]));
    let mut last = String::new();
    for hop in ask(&["--order", "time", "-k", "1"]).lines()[0]["hops"].as_array().unwrap() {
        let day = hop["day"].as_str().unwrap_or_default().to_owned();
        assert!(day.is_empty() || day >= last, "days go back");
        last = last.max(day);
    }
    let none = ask(&["--within", "1999-01-01..1999-01-02", "--max-hops", "1"]);
    assert_eq!(none.code, Some(1), "no path is no success: {}", none.err);
    assert_eq!(none.lines()[0]["none"]["why"], "excluded", "{}", none.out);
    let unknown = medring(&["path", "person:nobody", &to, "--workspace", &workspace]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.err);
}

#[test]
fn a_calibration_is_the_same_twice_and_detect_reports_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let world = text(&made().world);
    let file = |name: &str| text(&folder.path().join(name));
    let measure = |name: &str, seed: &str| {
        let told = done(&["calibrate", &world, "--out", &file(name), "--rounds", "2", "--seed", seed, "-o", "jsonl"]);
        (std::fs::read(file(name)).unwrap(), told.lines())
    };
    let ((first, lines), (again, _), (other, _)) = (measure("a", "7"), measure("b", "7"), measure("c", "8"));
    assert_eq!(first, again, "the same seed");
    assert_ne!(first, other, "another seed");
    let figures: Vec<f64> = lines.iter().map(|line| line["per_100000_persons"].as_f64().unwrap()).collect();
    assert!(figures.windows(2).all(|pair| pair[0] >= pair[1]), "fewer by chance at higher scores: {figures:?}");
    done(&["detect", &world, "--out", &file("run"), "--calibration", &file("a")]);
    let run = std::fs::read_to_string(folder.path().join("run/run.json")).unwrap();
    assert!(run.contains("2 rounds from seed 7 over the data themselves"), "{run}");
    let odd = medring(&["detect", &world, "--out", &file("odd"), "--calibration", &file("nothing")]);
    assert_eq!(odd.code, Some(6), "{}", odd.err);
    assert!(odd.err.contains("medring calibrate"), "{}", odd.err);
}
