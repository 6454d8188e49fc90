//! Do answers agree with the workspace, with one another, and with the description?

use super::{ask, first_ring, look, served, tokens, told};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::model::RowRef;
use medring::serve::document;
use medring::store::Workspace;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_description_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/openapi.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, document()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(
        committed == document(),
        "src/serve/openapi.json is old: run this test with UPDATE_EXPECT=1 and read the diff"
    );
    assert_eq!(look(&served().server, "/openapi.json").text, committed);
}

#[test]
fn rings_are_those_of_the_workspace() {
    let served = served();
    let kept = Workspace::open_reader(&served.workspace).unwrap().rings(None).unwrap();
    assert!(kept.len() >= 3, "the world is too tame to test anything");
    let answer = told(&served.server, "/v1/rings?limit=500");
    assert_eq!((answer["epoch"].as_u64(), answer["total"].as_u64()), (Some(1), Some(kept.len() as u64)));
    for (ring, shown) in kept.iter().zip(answer["rings"].as_array().unwrap()) {
        assert_eq!(shown["id"], ring.id.as_str());
        assert_eq!(shown["fund_fen"].as_i64(), Some(ring.finding.amount.fund_fen));
        assert_eq!(shown["score"].as_f64(), Some(f64::from(ring.finding.score) / 100.0));
        assert_eq!(shown["event"], "born");
    }
    let by_money = told(&served.server, "/v1/rings?sort=fund&limit=500");
    let money: Vec<i64> =
        by_money["rings"].as_array().unwrap().iter().map(|one| one["fund_fen"].as_i64().unwrap()).collect();
    assert!(money.is_sorted_by(|a, b| a >= b), "{money:?}");
    let least = money[1] / 100;
    let rich = told(&served.server, &format!("/v1/rings?fund_min={least}"));
    assert_eq!(rich["total"].as_u64(), Some(money.iter().filter(|fen| **fen >= least * 100).count() as u64));
    let typology = kept[0].finding.typology.as_str();
    for one in told(&served.server, &format!("/v1/rings?typology={typology}"))["rings"].as_array().unwrap() {
        assert_eq!(one["typology"], typology);
    }
    let paged = told(&served.server, "/v1/rings?offset=1&limit=1");
    assert_eq!(paged["rings"][0]["id"], kept[1].id.as_str());
    assert_eq!(told(&served.server, "/v1/rings?as_of=0")["all"], 0);
    // By day: until the end of it, in Beijing.
    let day = |day: &str| told(&served.server, &format!("/v1/rings?as_of={day}"));
    assert_eq!((&day("2020-01-01")["all"], &day("2020-01-01")["epoch"]), (&0.into(), &0.into()));
    assert_eq!(day("2999-12-31")["all"], answer["all"]);
    let committed = told(&served.server, "/v1/data")["batches"][0]["committed_at"].as_i64().unwrap() + 8 * 3_600;
    let at = medring::model::Day(i32::try_from(committed.div_euclid(86_400)).unwrap()).to_string();
    assert_eq!(
        (&day(&at)["epoch"], look(&served.server, "/v1/rings?as_of=soon").status),
        (&1.into(), StatusCode::BAD_REQUEST)
    );
    assert_eq!(told(&served.server, "/v1/rings?event=dissolved")["total"], 0);
}

#[test]
fn a_ring_adds_up_and_leads_to_its_rows() {
    let server = &served().server;
    let ring = first_ring();
    let id = ring["ring"]["id"].as_str().unwrap();
    let sum = |list: &str| ring[list].as_array().unwrap().iter().map(|one| one["score"].as_f64().unwrap()).sum::<f64>();
    let score = ring["base"].as_f64().unwrap() + sum("factors") + sum("counter_evidence");
    assert!((score - ring["ring"]["score"].as_f64().unwrap()).abs() < 1e-6);
    let kept = Workspace::open_reader(&served().workspace).unwrap().ring(id, None).unwrap().unwrap();
    let cited: BTreeSet<RowRef> = kept.finding.factors.iter().flat_map(|one| one.facts.iter().copied()).collect();
    let facts = told(server, &format!("/v1/rings/{id}/facts?limit=1000"));
    assert_eq!(facts["total"].as_u64(), Some(cited.len() as u64));
    for fact in facts["facts"].as_array().unwrap() {
        assert!(fact["file_row"].as_u64().is_some_and(|row| row > 0) && fact["file"].is_string(), "{fact}");
        assert!(
            !fact["factors"].as_array().unwrap().is_empty() && !fact["parties"].as_array().unwrap().is_empty(),
            "{fact}"
        );
    }
    for factor in &kept.finding.factors {
        let of = told(server, &format!("/v1/rings/{id}/facts?factor={}&limit=1", factor.code));
        let all: BTreeSet<_> =
            kept.finding.factors.iter().filter(|one| one.code == factor.code).flat_map(|one| &one.facts).collect();
        assert_eq!(of["total"].as_u64(), Some(all.len() as u64), "{}", factor.code);
    }
    let timeline = told(server, &format!("/v1/rings/{id}/timeline"));
    assert!(!timeline["lanes"][0]["bars"].as_array().unwrap().is_empty());
}

#[test]
fn a_graph_has_its_members_inside_the_box_and_ties_between_them() {
    let server = &served().server;
    let ring = first_ring();
    let id = ring["ring"]["id"].as_str().unwrap();
    let graph = told(server, &format!("/v1/rings/{id}/graph"));
    let nodes = graph["nodes"].as_array().unwrap();
    let (width, height) = (graph["width"].as_f64().unwrap(), graph["height"].as_f64().unwrap());
    for node in nodes {
        let (x, y) = (node["x"].as_f64().unwrap(), node["y"].as_f64().unwrap());
        assert!((0.0..=width).contains(&x) && (0.0..=height + 1.0).contains(&y), "{node}");
    }
    let ties = graph["ties"].as_array().unwrap();
    assert!(!ties.is_empty());
    for tie in ties {
        assert!(tie["a"].as_u64().unwrap() < nodes.len() as u64 && tie["b"].as_u64().unwrap() < nodes.len() as u64);
        assert!(tie["weight"].as_f64().unwrap() > 0.0 && !tie["kinds"].as_array().unwrap().is_empty(), "{tie}");
    }
    let drawn: BTreeSet<&str> = nodes.iter().map(|node| node["party"]["token"].as_str().unwrap()).collect();
    for person in tokens(&ring, "person") {
        assert!(drawn.contains(person.as_str()));
    }
    assert_eq!(told(server, &format!("/v1/rings/{id}/graph")), graph);
    // A tie has days of this century, or none: what equal bills have in place of a day is no day.
    for ring in told(server, "/v1/rings")["rings"].as_array().unwrap() {
        let graph = told(server, &format!("/v1/rings/{}/graph", ring["id"].as_str().unwrap()));
        for tie in graph["ties"].as_array().unwrap() {
            let days = [&tie["first"], &tie["last"]];
            assert!(days.iter().all(|day| day.is_null() || day.as_str().unwrap().starts_with("20")), "{tie}");
        }
    }
}

#[test]
fn entities_count_before_they_list() {
    let server = &served().server;
    let ring = first_ring();
    let place = &tokens(&ring, "institution")[0];
    let entity = told(server, &format!("/v1/entities/{place}"));
    let all = entity["neighbours"].as_u64().unwrap();
    let kinds: u64 = entity["kinds"].as_array().unwrap().iter().map(|kind| kind["count"].as_u64().unwrap()).sum();
    assert!(all > 1 && all == kinds);
    assert_eq!(entity["rings"][0]["ring"]["id"], ring["ring"]["id"]);
    let months: u64 = entity["months"].as_array().unwrap().iter().map(|month| month["facts"].as_u64().unwrap()).sum();
    assert!(months > 0 && months <= entity["facts"].as_u64().unwrap());
    let listed = told(server, &format!("/v1/entities/{place}/neighbours?kind=person&limit=2"));
    assert_eq!(listed["neighbours"].as_array().unwrap().len(), 2);
    let person = entity["kinds"].as_array().unwrap().iter().find(|kind| kind["name"] == "person").unwrap();
    assert_eq!(listed["total"], person["count"]);
    let inside = told(server, &format!("/v1/entities/{place}/neighbours?kind=person&in_ring=true&limit=500"));
    assert!(inside["neighbours"].as_array().unwrap().iter().all(|one| !one["rings"].as_array().unwrap().is_empty()));
}

#[test]
fn paths_lead_from_one_member_to_another_and_go_round_what_is_avoided() {
    let server = &served().server;
    let people = tokens(&first_ring(), "person");
    let (from, to) = (&people[0], &people[1]);
    let found = told(server, &format!("/v1/paths?from={from}&to={to}&k=3"));
    let paths = found["paths"].as_array().unwrap();
    assert!(!paths.is_empty());
    for path in paths {
        let hops = path["hops"].as_array().unwrap();
        assert_eq!(
            (&hops[0]["from"]["token"], &hops[hops.len() - 1]["to"]["token"]),
            (&(from.as_str().into()), &(to.as_str().into()))
        );
        assert!(hops.windows(2).all(|pair| pair[0]["to"]["token"] == pair[1]["from"]["token"]));
        assert!(hops.iter().all(|hop| !hop["shown"].as_array().unwrap().is_empty()));
    }
    let middle = paths[0]["hops"][0]["to"]["token"].as_str().unwrap();
    let round = told(server, &format!("/v1/paths?from={from}&to={to}&k=5&avoid={middle}"));
    let passed =
        |path: &serde_json::Value| path["hops"].as_array().unwrap().iter().any(|hop| hop["to"]["token"] == middle);
    assert!(!round["paths"].as_array().unwrap().iter().any(passed));
    let over = told(server, &format!("/v1/paths?from={from}&to={to}&k=2&via={middle}"));
    assert!(over["paths"].as_array().unwrap().iter().all(passed));
    let timed = told(server, &format!("/v1/paths?from={from}&to={to}&order=time&k=5"));
    for path in timed["paths"].as_array().unwrap() {
        let days: Vec<&str> = path["hops"].as_array().unwrap().iter().filter_map(|hop| hop["day"].as_str()).collect();
        assert!(days.is_sorted(), "{days:?}");
    }
    let alone =
        told(server, &format!("/v1/paths?from={from}&to={to}&within=1900-01-01..1900-01-02&order=time&max_hops=2"));
    assert!(alone["paths"].as_array().unwrap().is_empty() == alone["none"]["zh"].is_string());
    // Neither depth nor number is without a bound, and the answer says so.
    assert_eq!(found["limits"].as_array().unwrap().len(), 0);
    let deep = told(server, &format!("/v1/paths?from={from}&to={to}&k=1000&max_hops=1000000"));
    assert_eq!(deep["limits"].as_array().unwrap().len(), 2, "{}", deep["limits"]);
    assert!(deep["paths"].as_array().unwrap().iter().all(|path| path["hops"].as_array().unwrap().len() <= 8));
}

/// Every raw identifier of a person, and every telephone, of the world's register.
fn raw() -> BTreeSet<String> {
    let mut reader = csv::Reader::from_path(served().world.join("psn_info_b.csv")).unwrap();
    let heads = reader.headers().unwrap().clone();
    let columns: Vec<usize> = ["psn_no", "certno", "tel", "psn_name"]
        .iter()
        .filter_map(|name| heads.iter().position(|head| head == *name))
        .collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let texts = rows.iter().flat_map(|row| columns.iter().map(|at| row[*at].to_owned()).collect::<Vec<_>>());
    texts.filter(|text| text.len() >= 6).collect()
}

#[test]
fn no_answer_names_anybody() {
    let server = &served().server;
    let ring = first_ring();
    let id = ring["ring"]["id"].as_str().unwrap();
    let people = tokens(&ring, "person");
    let mut pages: Vec<String> =
        ["/v1/rings?limit=500", "/v1/status", "/v1/data", "/v1/words", "/metrics"].map(str::to_owned).to_vec();
    pages
        .extend(["", "/graph", "/facts?limit=1000", "/timeline?by=person"].map(|rest| format!("/v1/rings/{id}{rest}")));
    pages.extend([format!("/v1/entities/{}", people[0]), format!("/v1/entities/{}/neighbours?limit=500", people[0])]);
    pages.push(format!("/v1/paths?from={}&to={}&k=20", people[0], people[1]));
    let raw = raw();
    assert!(raw.len() > 4_000);
    let mut texts: Vec<String> = pages.iter().map(|page| look(server, page).text).collect();
    let known = raw.iter().next().unwrap();
    let body = serde_json::json!({"text": known}).to_string();
    let search = Request::post("/v1/search").header("content-type", "application/json").body(Body::from(body)).unwrap();
    let found = ask(server, search);
    assert_eq!(found.status, StatusCode::OK);
    texts.push(found.text);
    for (page, text) in pages.iter().map(String::as_str).chain(["search"]).zip(&texts) {
        // Digits and letters in a row, so that one pass over a page finds every identifier.
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            assert!(!raw.contains(word), "{page} names somebody");
        }
    }
}

#[test]
fn an_identifier_is_found_only_as_a_whole() {
    let server = &served().server;
    let raw = raw();
    let find = |text: &str| {
        let body = serde_json::json!({"text": text}).to_string();
        let asked =
            Request::post("/v1/search").header("content-type", "application/json").body(Body::from(body)).unwrap();
        ask(server, asked).json()["parties"].as_array().unwrap().len()
    };
    assert!(raw.iter().take(50).any(|one| find(one) > 0));
    let whole = raw.iter().find(|one| find(one) > 0).unwrap();
    assert_eq!(find(&whole[..whole.len() - 1]), 0);
}

#[test]
fn figures_for_prometheus_and_the_state_of_the_data() {
    let server = &served().server;
    assert_eq!((look(server, "/healthz").status, look(server, "/readyz").status), (StatusCode::OK, StatusCode::OK));
    let metrics = look(server, "/metrics").text;
    for line in ["medring_epoch 1", "medring_ready 1", "medring_graph_lag_epochs 0", "medring_queue_batches 0"] {
        assert!(metrics.lines().any(|one| one == line), "{line} is missing in\n{metrics}");
    }
    let data = told(server, "/v1/data");
    for table in data["tables"].as_array().unwrap() {
        let parts = ["accepted", "corrected", "stale", "duplicate", "retracted", "quarantined"];
        assert_eq!(
            table["read"].as_i64().unwrap(),
            parts.iter().map(|part| table[*part].as_i64().unwrap()).sum::<i64>()
        );
    }
    assert!(
        data["tables"]
            .as_array()
            .unwrap()
            .iter()
            .any(|table| table["table"] == "setl_d" && table["read"].as_i64() > Some(1_000))
    );
}
